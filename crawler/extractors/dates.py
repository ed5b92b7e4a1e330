"""Dates as pages write them, turned into ISO 8601 text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_ZONE_WITHOUT_COLON = re.compile(r"([+-]\d\d) ?(\d\d)$")
_SPACED_ZONE = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|Z)$)")
_EARLIEST = 1990
"""Years before the web are template values (`0001-01-01`, `1970-01-01` is the epoch of a zero)."""


def iso_date(text: str) -> str:
    """The date in ISO 8601, with time and zone where the text has them; empty where it is no date.

    A date without a time stays a date; a time without a zone stays without. `1970-01-01` and other
    years before the web are no dates.
    """
    text = text.strip()[:100]
    parsed = _iso(text) or _epoch(text) or _mail(text) or _day(text)
    if parsed is None or parsed.year < _EARLIEST:
        return ""
    return parsed.isoformat()


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
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
