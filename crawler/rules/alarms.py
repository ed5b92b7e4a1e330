"""When a run tells that it did not do its job as it should (rules G1 to G8): pure, from its figures and those of the runs before.

Every number is ours. Each has a least amount beside its share, so that a small collection, in which one host is a third of
everything, gives no alarm on an ordinary day.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from crawler.model.alarm import Alarm, AlarmCode, RunFigures

LOOKED_BACK: Final = 10
"""Runs that a new one is compared with."""
FEWEST: Final = 20
"""Links, articles or due links below which nothing is said of their number."""
LEAST_VISITED: Final = 0.5
"""Share of the links that were due."""
KNEW_AS_MUCH: Final = 0.5
"""Share of the links that a run knew which an earlier one has to have known, to be compared with it."""
FEWEST_RUNS: Final = 2
"""Such runs."""
UNVERIFIABLE_RISE: Final = 0.1
"""Share of all links by which those that cannot be verified may rise."""
WAITS_RISE: Final = 0.05
"""Likewise of links that were asked to wait."""
LEAST_OF_HOST: Final = 10
"""Links that a host has to have."""
SHARE_OF_HOST: Final = 0.05
"""Share of all links that a host has to have."""
LOOKS_AT_HOST: Final = 3
"""Visits of a host: after some that fail the others are left to the next run."""
LEAST_ARTICLES: Final = 0.5
"""Share of the articles of the run before."""
LEAST_FREE: Final = 100_000_000
"""Bytes; more where the state is larger: an upgrade makes a second one beside it."""
SLOWER: Final = 3
"""Times what was to be expected, and `SLACK` seconds more."""
SLACK: Final = 1800


def alarms(
    now: RunFigures, before: Sequence[RunFigures], standing: Sequence[Alarm]
) -> tuple[Alarm, ...]:
    """What is wrong with a run, by those `before` it, the oldest first. What is wrong as it was (`standing`) began then."""
    begun = {(one.code, one.host): one.since for one in standing}
    whole = [one for one in before if one.finished][-LOOKED_BACK:]
    return tuple(
        Alarm(one.code, begun.get((one.code, one.host), now.run), one.seen, one.usual, one.host)
        for one in (*_of_any(now, whole), *(_of_whole(now, whole) if now.finished else ()))
    )


def _of_any(now: RunFigures, whole: Sequence[RunFigures]) -> Iterator[Alarm]:
    """What is wrong with a run, also with one that was stopped."""
    read = whole[-1].articles if whole else 0
    if (read and not now.articles) or (
        read >= FEWEST and now.articles < LEAST_ARTICLES * read
    ):  # rule G5
        yield Alarm(AlarmCode.ARTICLES_MISSING, now.run, now.articles, read)
    if now.run == 1 and now.marked:  # rule G6
        yield Alarm(AlarmCode.STATE_LOST, now.run, now.marked, 0)
    if now.free is not None and now.free < max(LEAST_FREE, now.stored):  # rule G7
        yield Alarm(AlarmCode.DISK_LOW, now.run, now.free, max(LEAST_FREE, now.stored))
    expected = max(now.least_seconds, _usual_seconds(now, whole))
    if now.seconds > SLOWER * expected + SLACK:  # rule G8
        yield Alarm(AlarmCode.SLOW_RUN, now.run, now.seconds, expected)


def _of_whole(now: RunFigures, whole: Sequence[RunFigures]) -> Iterator[Alarm]:
    """What is wrong with a run that came to its end: of another one nobody knows how it would have gone on."""
    if now.planned >= FEWEST and now.visited < LEAST_VISITED * now.planned:  # rule G1
        yield Alarm(AlarmCode.FEW_CHECKED, now.run, now.visited, now.planned)
    # A first look at fifty links says little of a thousand.
    alike = [one for one in whole if one.urls and KNEW_AS_MUCH * now.urls <= one.urls]
    if len(alike) >= FEWEST_RUNS:
        usual = round(median(one.unverifiable / one.urls for one in alike) * now.urls)
        if _has_risen(now.unverifiable, usual, UNVERIFIABLE_RISE * now.urls):  # rule G2
            yield Alarm(AlarmCode.UNVERIFIABLE_RISES, now.run, now.unverifiable, usual)
        usual = round(median(one.waits / one.urls for one in alike) * now.urls)
        if _has_risen(now.waits, usual, WAITS_RISE * now.urls):  # rule G3
            yield Alarm(AlarmCode.WAITS_RISE, now.run, now.waits, usual)
    for one in now.down:  # rule G4
        is_large = one.links >= max(LEAST_OF_HOST, SHARE_OF_HOST * now.urls)
        if is_large and one.visited >= LOOKS_AT_HOST:
            yield Alarm(AlarmCode.HOST_DOWN, now.run, one.visited, one.links, one.host)


def _has_risen(seen: int, usual: int, share: float) -> bool:
    return seen >= 2 * usual and seen - usual >= max(FEWEST, share)


def _usual_seconds(now: RunFigures, whole: Sequence[RunFigures]) -> int:
    """How long so many visits took in the runs before; 0 where nobody knows."""
    paces = [one.seconds / one.visited for one in whole if one.visited >= FEWEST]
    return round(median(paces) * now.planned) if paces else 0
