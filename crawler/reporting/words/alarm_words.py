"""Alarms in words: what is wrong with a run, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from crawler.model.alarm import Alarm, AlarmCode
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable

ALARMS_HEADING: Final = "Alarms"
_HOST_LIMIT: Final = 200
_SENTENCES: Final[Mapping[AlarmCode, str]] = {
    AlarmCode.FEW_CHECKED: "only {seen:,} of {links} that were due came to a visit",
    AlarmCode.UNVERIFIABLE_RISES: "{seen:,} links cannot be verified; {usual:,} were usual",
    AlarmCode.WAITS_RISE: "{seen:,} links were asked to wait (429); {usual:,} were usual",
    AlarmCode.HOST_DOWN: "{host} is down: {seen:,} of its {usual:,} links failed, and nothing answered",
    AlarmCode.ARTICLES_MISSING: "{articles} found, where {usual:,} were known",
    AlarmCode.STATE_LOST: "the state knows no earlier run, but earlier runs wrote into {files}: it was lost, or it is another machine's",
    AlarmCode.DISK_LOW: "{free} left where the state is kept, and {need} are wanted",
    AlarmCode.SLOW_RUN: "the run took {took}; {expected} were to be expected",
}
_ADVICE: Final[Mapping[AlarmCode, str]] = {
    AlarmCode.FEW_CHECKED: "`linkhealth hosts` names the hosts that asked to wait; the next run goes on",
    AlarmCode.UNVERIFIABLE_RISES: "`linkhealth hosts` shows whose; did the address that the crawl comes from change?",
    AlarmCode.WAITS_RISE: "give these hosts a longer `delay` under `hosts` in .linkhealth.yml",
    AlarmCode.HOST_DOWN: "nothing to do unless it is yours: what it fails at is confirmed over days before it counts as dead",
    AlarmCode.ARTICLES_MISSING: "is the folder mounted, and the checkout whole? What is known of the articles is kept",
    AlarmCode.STATE_LOST: "bring back .linkhealth or the database from its last copy; else links begin their history anew",
    AlarmCode.DISK_LOW: "make room: a run would end in the middle",
    AlarmCode.SLOW_RUN: "`linkhealth doctor` shows how long a run takes at best, and which host is longest",
}


def alarm_line(alarm: Alarm) -> str:
    """Its code, what is wrong and what to do, in one line without its end; a host in it is printable."""
    return f"{alarm.code.value}: {_told(alarm)}; {_ADVICE[alarm.code]}"


def _told(alarm: Alarm) -> str:
    return _SENTENCES[alarm.code].format(
        seen=alarm.seen,
        usual=alarm.usual,
        host=printable(alarm.host, _HOST_LIMIT),
        links=counted(alarm.usual, "link"),
        articles=counted(alarm.seen, "article"),
        files=counted(alarm.seen, "file"),
        free=_megabytes(alarm.seen),
        need=_megabytes(alarm.usual),
        took=_minutes(alarm.seen),
        expected=_minutes(alarm.usual),
    )


def alarm_row(alarm: Alarm) -> dict[str, Any]:
    """An alarm for programs (docs/alarms.md)."""
    return {
        "code": alarm.code.value,
        "host": alarm.host,
        "since": alarm.since,
        "seen": alarm.seen,
        "usual": alarm.usual,
    }


def _megabytes(amount: int) -> str:
    return f"{amount / 1_000_000:,.0f} MB"


def _minutes(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{seconds / 60:,.0f} min"
