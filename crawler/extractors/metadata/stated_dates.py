"""Dates as pages write them, turned into ISO 8601 text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_MONTH_NAMED = re.compile(
    r"(?<![^\W_])(?:(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?[ -](?:of )?(?P<month>[a-z]{3,9})\.?,?[ -]"
    r"(?P<year>(?:19|20)\d\d)"
    r"|(?P<month2>[a-z]{3,9})\.? (?P<day2>\d{1,2})(?:st|nd|rd|th)?,? (?P<year2>(?:19|20)\d\d))(?![^\W_])",
    re.IGNORECASE,
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_PATH_DAY = re.compile(r"/(?:[^/]*?[^/\d])??((?:199|20[0-3])\d)([/_-])(\d{1,2})\2(\d{1,2})(?!\d)")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_ZONE_WITHOUT_COLON = re.compile(r"([+-]\d\d) ?(\d\d)$")
_SPACED_ZONE = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|Z)$)")
_EARLIEST = 1990
"""The earliest year of a date: years before the web are template values (`0001-01-01`; `1970-01-01` is the
epoch of a zero)."""


def iso_date(text: str) -> str:
    """The date in ISO 8601, with time and zone where the text has them; empty where it is no date.

    A date without a time stays a date; a time without a zone stays without. `1970-01-01` and other
    years before the web are no dates.
    """
    text = text.strip()[:100]
    parsed = next(filter(None, (read(text) for read in _READERS)), None)
    if parsed is None or parsed.year < _EARLIEST:
        return ""
    return parsed.isoformat()


def address_day(url: str) -> str:
    """The day in the path of an address (`/2020/03/04/a-pier`); never of its query."""
    try:
        match = _PATH_DAY.search(urlsplit(url).path)
    except ValueError:
        return ""
    found = _date(match[1], match[3], match[4]) if match else None
    return found.isoformat() if found else ""


def is_before(first: str, second: str) -> bool:
    """Whether one ISO date lies before another; by day where one of them lacks a time or a zone."""
    a, b = datetime.fromisoformat(first), datetime.fromisoformat(second)
    if "T" in first and "T" in second and (a.tzinfo is None) == (b.tzinfo is None):
        return a < b
    return a.date() < b.date()


def _iso(text: str) -> date | datetime | None:
    mended = _SPACED_ZONE.sub("", _ZONE_WITHOUT_COLON.sub(r"\1:\2", text))
    try:
        if len(mended) == 10:
            return date.fromisoformat(mended)
        if len(mended) > 10 and mended[4:5] == "-":
            return datetime.fromisoformat(mended)
    except ValueError:
        pass
    return None


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _mail(text: str) -> datetime | None:
    if not re.search(r"[A-Za-z]{3}", text):
        return None
    try:
        return parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _day(text: str) -> date | None:
    match = _DAY.search(text)
    return _date(match[1], match[2], match[3]) if match else None


def _day_first(text: str) -> date | None:
    """`31.12.2020`, and with slashes or hyphens where only one order is possible: `3/4/2020` may be two days."""
    match = _DAY_FIRST.search(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or first > 12 or first == second:
        return _date(match[4], second, first)
    return _date(match[4], first, second) if second > 12 else None


def _month_named(text: str) -> date | None:
    """`4 March 2020`, `March 4, 2020`: English."""
    match = _MONTH_NAMED.search(text)
    if match is None:
        return None
    name = (match["month"] or match["month2"]).lower()
    month = next((n for n, full in enumerate(_MONTHS, 1) if full.startswith(name)), 0)
    return _date(match["year"] or match["year2"], month, match["day"] or match["day2"])


def _date(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_READERS = (_iso, _epoch, _mail, _day, _day_first, _month_named)
