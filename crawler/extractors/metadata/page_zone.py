"""A moment in the zone of its page: an article published in the evening has another day in UTC.

The moment stays the same; only how it is written changes, so that its day is the one that readers see
(rule M9).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

from crawler.extractors.html.document import Document
from crawler.extractors.metadata.stated_dates import address_day, iso_date

_MOST_PLACES = 50
_ZONED = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})? ?[+-]\d\d:?\d\d")
_BEFORE, _AFTER = 16, 22
"""Bytes around `:MM:SS` that a whole moment fits into."""

_FARTHEST = 14
"""Hours between UTC and the farthest zone."""


def in_page_zone(moment: str, others: Iterable[str], document: Document) -> str:
    """The moment with the offset that the page gives it in another place (`others` are ISO texts).

    Else with an offset that puts it on the day in the page's address; unchanged where it is not in UTC or
    neither offset is known.
    """
    if not moment.endswith("+00:00"):
        return moment
    instant = datetime.fromisoformat(moment)
    return (
        next((one for one in others if _is_same(one, instant)), "")
        or _written(instant, document)
        or _addressed(instant, document)
        or moment
    )


def _is_same(text: str, instant: datetime) -> bool:
    """Whether an ISO text is the same moment, with an offset."""
    zoned = datetime.fromisoformat(text)
    return bool(zoned.utcoffset()) and abs(zoned - instant) < timedelta(seconds=1)


def _written(instant: datetime, document: Document) -> str:
    """The same moment as another place of the page writes it, with an offset."""
    for minute in (instant.minute, (instant.minute + 30) % 60):
        needle = b":%02d:%02d" % (minute, instant.second)
        at = -1
        for _ in range(_MOST_PLACES):
            at = document.source.find(needle, at + 1)
            if at < 0:
                break
            match = _ZONED.search(document.source, max(0, at - _BEFORE), at + _AFTER)
            if match is None:
                continue
            found = iso_date(match[0].decode("ascii"))
            if found and _is_same(found, instant):
                return found
    return ""


def _addressed(instant: datetime, document: Document) -> str:
    """The moment in the nearest zone in which it falls on the day that the page's address names."""
    day = address_day(document.url)
    if not day or day == instant.date().isoformat():
        return ""
    for hours in range(1, _FARTHEST + 1):
        for offset in (-hours, hours):
            zoned = instant.astimezone(timezone(timedelta(hours=offset)))
            if zoned.date().isoformat() == day:
                return zoned.isoformat()
    return ""
