"""Times of day and zones as people write them: `3:04 PM EST`, `15 h 30`, `下午3:04`, `10:30 Uhr MEZ`."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

_BEFORE_NOON = "am|a m|上午|凌晨|早上|午前|오전|ص|πμ|sa|дп|قظ"
_AFTER_NOON = "pm|p m|下午|晚上|午後|오후|م|μμ|ch|пп|بظ"
"""CLDR's words of the periods of day, without dots."""
_HALF = rf"(?P<half{{0}}>(?:{_BEFORE_NOON}|{_AFTER_NOON})(?![^\W\d_]))"
_CLOCK = re.compile(
    rf"(?:(?<![^\W\d_]){_HALF.format(1)} ?)?(?<![\d:/-])(?P<hour>\d{{1,2}})"
    r"(?:(?P<mark>:|\.| ?h ?|時|时|시 ?|點|点)(?P<minute>\d\d)(?:(?::|\.|分|분 ?)(?P<second>\d\d)(?:[.,]\d{1,9})?)?[分秒분초]?)?"
    rf"(?: ?{_HALF.format(2)})?(?P<word> ?uhr\b| ?h\b)?(?![\d:/-])"
)
_ZONE = re.compile(
    r"^\W{0,3}(?:(?:utc|gmt)? ?(?P<sign>[+-]) ?(?P<hours>\d{1,2})(?:[:.]?(?P<minutes>\d\d))?(?!\d)|(?P<name>[a-z]{1,5})\b)"
)
_HOURS: dict[str, float] = {
    "z": 0, "utc": 0, "gmt": 0, "ut": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1, "cest": 2, "mesz": 2, "eet": 2,
    "eest": 3, "msk": 3, "sast": 2, "cat": 2, "wat": 1, "eat": 3, "trt": 3, "gst": 4, "pkt": 5, "ist": 5.5, "npt": 5.75,
    "ict": 7, "wib": 7, "wita": 8, "wit": 9, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "jst": 9, "kst": 9,
    "acst": 9.5, "acdt": 10.5, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13, "est": -5, "edt": -4, "cst": -6, "cdt": -5,
    "mst": -7, "mdt": -6, "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "nst": -3.5,
    "ndt": -2.5, "brt": -3, "art": -3, "clt": -4, "clst": -3, "cot": -5, "pet": -5,
}  # fmt: skip
"""Hours from UTC: RFC 5322 for the United States, CLDR's and the IANA time zone database's abbreviations elsewhere."""
_AMERICAN = {"et": -5, "ct": -6, "mt": -7, "pt": -8}
"""Zones of the United States without a word about summer time: it holds from the second Sunday of March to the first of
November (15 U.S.C. 260a)."""
_BY_LANGUAGE: dict[tuple[str, str], float] = {
    ("cst", "zh"): 8,
    ("ist", "he"): 2,
    ("ist", "ga"): 1,
    ("bst", "bn"): 6,
}
"""Abbreviations that mean another zone where the language is spoken."""


class Clock(NamedTuple):
    """A time of day with its zone as written, and the text without them."""

    time: time
    zone: str
    rest: str


def clock_of(text: str) -> Clock | None:
    """The time of day in a text in lower case; None where there is none."""
    for match in _CLOCK.finditer(text):
        half = (match["half1"] or match["half2"] or "").replace(" ", "")
        has_minute = match["minute"] is not None
        is_clear = has_minute and match["mark"].strip() != "."
        word = (match["word"] or "").strip()
        if not (is_clear or half or word == "uhr" or (has_minute and word)):
            continue
        hour = _hour(int(match["hour"]), half)
        try:
            found = time(hour, int(match["minute"] or 0), int(match["second"] or 0))
        except ValueError:
            continue
        behind = text[match.end() :]
        zone = _ZONE.match(behind)
        is_zone = zone is not None and (
            zone["sign"] or zone["name"] in _HOURS or zone["name"] in _AMERICAN
        )
        end = match.end() + (zone.end() if zone and is_zone else 0)
        return Clock(
            found, zone[0] if zone and is_zone else "", f"{text[: match.start()]} {text[end:]}"
        )
    return None


def moment(day: date, clock: Clock, language: str = "") -> datetime:
    """The day at a time, with a zone where one is written."""
    return datetime.combine(day, clock.time, _zone(clock.zone, day, language))


def _hour(hour: int, half: str) -> int:
    if half in _BEFORE_NOON.replace(" ", "").split("|"):
        return 0 if hour == 12 else hour
    return hour + 12 if half and hour < 12 else hour


def _zone(text: str, day: date, language: str) -> tzinfo | None:
    match = _ZONE.match(text) if text else None
    if match is None:
        return None
    if match["sign"]:
        offset = timedelta(hours=int(match["hours"]), minutes=int(match["minutes"] or 0))
        return (
            timezone(-offset if match["sign"] == "-" else offset)
            if offset < timedelta(days=1)
            else None
        )
    name, spoken = match["name"], language.partition("-")[0].lower()
    if name in _AMERICAN:
        hours: float = _AMERICAN[name] + _is_american_summer(day)
    else:
        hours = _BY_LANGUAGE.get((name, spoken), _HOURS[name])
    return timezone(timedelta(hours=hours)) if hours else UTC


def _is_american_summer(day: date) -> bool:
    march, november = date(day.year, 3, 8), date(day.year, 11, 1)
    begin = march + timedelta(days=6 - march.weekday())
    end = november + timedelta(days=6 - november.weekday())
    return begin <= day < end
