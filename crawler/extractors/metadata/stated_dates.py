"""Dates as pages write them, turned into ISO 8601 text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from crawler.extractors.metadata.clock_times import clock_of, moment
from crawler.extractors.metadata.days_in_words import Language, as_date, month_of, written_day

_PATH_DAY = re.compile(
    r"/(?:[^/]*?[^/\d])??((?:199|20[0-3])\d)([/_-])(\d{1,2}|[a-z]{3,9})\2(\d{1,2})(?!\d)"
)
_PATH_MONTH = re.compile(r"/((?:199|20[0-3])\d)(?:[/-]?(\d\d)|/(\d|[a-z]{3,9}))(?=/|$)")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_ZONE_WITHOUT_COLON = re.compile(r"([+-]\d\d) ?(\d\d)$")
_SPACED_ZONE = re.compile(r"\s+(?=(?:[+-]\d\d:?\d\d|Z)$)")
_ZONE_TWICE = re.compile(r"([+-]\d\d:?\d\d) [A-Z]{3,4}$|\[[\w/+-]+\]$")
"""As Go writes it (`+0000 UTC`), and Java (`+01:00[Europe/Paris]`)."""
_BASIC = re.compile(r"\d{8}T\d{4}")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACE = re.compile(r"\s+")
_PERIOD = re.compile(r"\b([apπμقب])\.? ?([mμظ])(?:\b\.?|\.)")
"""`a. m.` and its like in Greek and Persian, with or without dots."""
_EARLIEST = 1990
"""The earliest year of a date: years before the web are template values (`0001-01-01`; `1970-01-01` is the
epoch of a zero)."""


@lru_cache(maxsize=256)
def iso_date(text: str, language: Language = "") -> str:
    """The date in ISO 8601, with time and zone where the text has them; empty where it is no date.

    A date without a time stays a date; a time without a zone stays without. `1970-01-01` and other
    years before the web are no dates. `language` is that of the page: it decides what may be two days.
    """
    text = text.strip()[:100]
    parsed = _iso(text) or _epoch(text) or _written(text, language)
    if parsed is None or parsed.year < _EARLIEST:
        return ""
    return parsed.isoformat()


def address_day(url: str) -> str:
    """The day in the path of an address (`/2020/03/04/a-pier`, `/2020/mar/04/`); never of its query."""
    match = _PATH_DAY.search(_path(url))
    if match is None:
        return ""
    found = as_date(match[1], _month(match[3]), match[4])
    return found.isoformat() if found else ""


def address_month(url: str) -> str:
    """The month in the path of an address as `YYYY-MM`: of its day, or alone (`/2020/03/a-pier`); empty for none."""
    if day := address_day(url):
        return day[:7]
    match = _PATH_MONTH.search(_path(url))
    month = _month(match[2] or match[3]) if match else 0
    return f"{match[1]}-{month:02}" if match and 1 <= month <= 12 else ""


def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path).lower()
    except ValueError:
        return ""


def _month(text: str) -> int:
    return int(text) if text.isdigit() else month_of(text, "en")


def is_before(first: str, second: str) -> bool:
    """Whether one ISO date lies before another; by day where one of them lacks a time or a zone."""
    a, b = datetime.fromisoformat(first), datetime.fromisoformat(second)
    if "T" in first and "T" in second and (a.tzinfo is None) == (b.tzinfo is None):
        return a < b
    return a.date() < b.date()


def _iso(text: str) -> date | datetime | None:
    mended = _SPACED_ZONE.sub("", _ZONE_WITHOUT_COLON.sub(r"\1:\2", _ZONE_TWICE.sub(r"\1", text)))
    try:
        if len(mended) == 10:
            return date.fromisoformat(mended)
        if len(mended) > 10 and (mended[4:5] == "-" or _BASIC.match(mended)):
            return datetime.fromisoformat(mended)
    except ValueError:
        pass
    return None


def _epoch(text: str) -> datetime | None:
    if not _EPOCH.fullmatch(text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _written(text: str, language: Language) -> date | datetime | None:
    """A day in words or figures, with its time of day where one stands beside it."""
    shown = _SPACE.sub(" ", _INVISIBLE.sub("", text))
    clock = clock_of(_PERIOD.sub(r"\1\2", shown.lower()))
    if clock is not None and (day := written_day(clock.rest, language)):
        return moment(day, clock, language)
    return written_day(shown, language)
