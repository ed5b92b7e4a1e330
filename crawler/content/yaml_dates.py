"""Dates as front matter writes them: ISO 8601 and YAML 1.1 timestamps, with or without a zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

_TIMESTAMP = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:[Tt]|[ \t]+)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,18}))?)?"
    r"(?:[ \t]*(?:Z|z|UTC|GMT|"
    r"(?P<sign>[-+])(?P<zone_hours>[0-9]{1,2}):?(?P<zone_minutes>[0-9]{2})?))?)?"
)

_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_IN_WORDS = re.compile(
    r"(?:[A-Za-z]{3,9},?[ \t]+)?(?:(?P<month>[A-Za-z]{3,9})\.?[ \t]+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?"
    r"|(?P<number>[0-9]{1,2})(?:st|nd|rd|th)?\.?[ \t]+(?P<of>[A-Za-z]{3,9})\.?,?)[ \t]+(?P<year>[0-9]{4})"
)
"""A day as people write it in English, with or without the day of the week."""


@lru_cache(maxsize=16_384)
def instant_of(text: str) -> datetime | None:
    """The instant that a text names, aware; UTC where it names no zone. None if it names none.

    Dates that do not exist (`2026-02-30`) and those that UTC cannot hold name none either.
    """
    found = _TIMESTAMP.fullmatch(text.strip(" \t"))
    if found is None:
        return None
    try:
        instant = datetime(
            int(found["year"]),
            int(found["month"]),
            int(found["day"]),
            int(found["hour"] or 0),
            int(found["minute"] or 0),
            int(found["second"] or 0),
            int((found["fraction"] or "0")[:6].ljust(6, "0")),
            tzinfo=_zone(found),
        )
        instant.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant


@lru_cache(maxsize=16_384)
def moment_of(text: str) -> datetime | None:
    """The instant of a text as `instant_of`, or of a day with an English month: `Jul 08 2024`, `8 July 2024`."""
    instant = instant_of(text)
    found = None if instant is not None else _IN_WORDS.fullmatch(text.strip())
    if found is None:
        return instant
    month = _MONTHS.find((found["month"] or found["of"]).lower()[:3])
    day = int(found["day"] or found["number"])
    try:
        return (
            datetime(int(found["year"]), month // 3 + 1, day, tzinfo=UTC)
            if month % 3 == 0
            else None
        )
    except ValueError:
        return None


def _zone(found: re.Match[str]) -> timezone:
    """The zone of an offset such as `+5`, `+0530` or `+05:30`. Raises ValueError from 24 hours on."""
    if found["sign"] is None:
        return UTC
    offset = timedelta(hours=int(found["zone_hours"]), minutes=int(found["zone_minutes"] or 0))
    return timezone(-offset if found["sign"] == "-" else offset)
