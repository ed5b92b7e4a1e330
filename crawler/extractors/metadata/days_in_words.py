"""Days as people write them: with the name of a month in any language of CLDR, in Chinese, Japanese and Korean, in figures.

What may be two days is none, unless the page's language says which (`3/4/2020`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache

Language = str
"""A tag of the page's language (`pt-BR`), empty where it is not known."""

_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d) ?([-/.]) ?(\d{1,2}) ?\2 ?(\d{1,2})(?!\d)")
_COMPACT = re.compile(r"(?<![\d.])((?:199|20[0-3])\d)(\d\d)(\d\d)(?![\d.])")
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2}) ?([-/.]) ?(\d{1,2}) ?\2 ?((?:19|20)\d\d)(?!\d)")
_EAST_ASIAN = re.compile(
    r"(?P<era>令和|平成|民國|民国)?(?P<year>\d{1,4}|元) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日号號일]?"
)
_ERAS = {"令和": 2018, "平成": 1988, "民國": 1911, "民国": 1911}
"""The year before the first of an era."""
_VIETNAMESE = re.compile(r"(?<!\d)(\d{1,2}) tháng (\d{1,2})(?:,| năm)? ?((?:19|20)\d\d)(?!\d)")
_CHINESE_FIGURES = str.maketrans("〇零一二三四五六七八九", "00123456789")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)")
_TOKEN = re.compile(r"\d+|[^\s\d.,/()\[\]:;|·•–—\-]+")
_INNER_DOT = re.compile(r"(?<=[^\x00-\x7f])\.(?=[^\x00-\x7f])")
_MOST_BETWEEN = 2
"""Words between a day, a month and a year: `5 de marzo del año 2024`."""
_BUDDHIST = 543
_HEBREW_IN = "ב"


def written_day(text: str, language: Language = "") -> date | None:
    """The day that a text names; None where it names none, or one that is not certain."""
    plain = unicodedata.normalize("NFKC", text)
    figures = plain if plain.isascii() else "".join(map(_figure, plain))
    return next(filter(None, (read(figures, language) for read in _READERS)), None)


def _figure(character: str) -> str:
    """The figures of all scripts as those of ASCII."""
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)


def _year_first(text: str, _: Language) -> date | None:
    match = _YEAR_FIRST.search(text) or _COMPACT.search(text)
    if match is None:
        return None
    return as_date(match[1], match[match.lastindex - 1 if match.lastindex else 0], match[match.lastindex or 0])  # fmt: skip


def _east_asian(text: str, _: Language) -> date | None:
    if "月" not in text and "월" not in text:
        return None
    figures = _TENS.sub(_ten, text).translate(_CHINESE_FIGURES)
    match = _EAST_ASIAN.search(figures)
    if match is None:
        return None
    year = 1 if match["year"] == "元" else int(match["year"])
    return as_date(year + _ERAS.get(match["era"], 0), match["month"], match["day"])


def _ten(match: re.Match[str]) -> str:
    """`十二` as `一二`: in a day or a month ten stands for its place."""
    return (match[1] or "一") + (match[2] or "〇")


def _day_first(text: str, language: Language) -> date | None:
    match = _DAY_FIRST.search(text)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if match[2] == "." or first > 12 or first == second:
        return as_date(match[4], second, first)
    if second > 12 or _puts_first("MONTH_FIRST", language):
        return as_date(match[4], first, second)
    return as_date(match[4], second, first) if _puts_first("DAY_FIRST", language) else None


def _puts_first(order: str, language: Language) -> bool:
    """Whether a language puts the day, or the month, first: as its region does, where that is told apart."""
    from crawler.extractors.metadata import month_names

    tags = language.replace("_", "-").split("-")
    region = next((tag for tag in tags[1:] if len(tag) == 2 or (len(tag) == 3 and tag.isdigit())), "")  # fmt: skip
    whole, bare = f"{tags[0].lower()}-{region.upper()}", tags[0].lower()
    known = month_names.DAY_FIRST | month_names.MONTH_FIRST
    return (whole if whole in known else bare) in getattr(month_names, order)


def _vietnamese(text: str, _: Language) -> date | None:
    match = _VIETNAMESE.search(text.casefold())
    return as_date(match[3], match[2], match[1]) if match else None


def _month_named(text: str, language: Language) -> date | None:
    tokens = _TOKEN.findall(_INNER_DOT.sub("", text.casefold()))
    for at, token in enumerate(tokens):
        if token.isdigit() or not (month := month_of(token, language)):
            continue
        before = list(_numbers(reversed(tokens[:at])))
        behind = list(_numbers(iter(tokens[at + 1 :])))
        for year, day in _orders(before, behind):
            found = as_date(_gregorian(year), month, day)
            if found is not None:
                return found
    return None


def _numbers(tokens: Iterator[str]) -> Iterator[str]:
    """The numbers next to a month, with few words between; at most two."""
    words = 0
    for token in tokens:
        if token.isdigit():
            yield token
            words = 0
        elif (words := words + 1) > _MOST_BETWEEN:
            return


def _orders(before: list[str], behind: list[str]) -> Iterator[tuple[str, str]]:
    """Year and day: `5 March 2024`, `March 5, 2024`, `2024. március 5.`, `2024. gada 5. marts`."""
    pairs = (
        (behind[:1], before[:1]),
        (behind[1:2], behind[:1]),
        (before[:1], behind[:1]),
        (before[1:2], before[:1]),
    )
    for year, day in pairs:
        if year and day and len(year[0]) == 4 and len(day[0]) <= 2:
            yield year[0], day[0]


def _gregorian(year: str) -> int:
    return int(year) - _BUDDHIST if 2500 <= int(year) < 2600 else int(year)


def month_of(name: str, language: Language = "") -> int:
    """The month of a name, as the page's language has it, else English, else all languages that know the name; 0 for none."""
    by_name = _months()
    options = by_name.get(name) or by_name.get(name.removeprefix(_HEBREW_IN)) or {}
    bare = language.replace("_", "-").partition("-")[0].lower()
    for one in (bare, "en"):
        if one in options:
            return options[one]
    months = set(options.values())
    return months.pop() if len(months) == 1 else 0


@cache
def _months() -> dict[str, dict[Language, int]]:
    """Each name with its month by language, also without accents; loaded with the first date that needs it."""
    from crawler.extractors.metadata.month_names import MONTHS

    found: dict[str, dict[Language, int]] = {"sept": {"en": 9}, "setiembre": {"es": 9}}
    for language, months in MONTHS.items():
        for number, names in enumerate(months.split("|"), 1):
            for name in names.split():
                for spelling in {name, _without_accents(name)}:
                    found.setdefault(spelling, {}).setdefault(language.partition("-")[0], number)
    return found


def _without_accents(name: str) -> str:
    if name[0] > "\u024f":  # marks of other scripts than Latin are letters
        return name
    parts = unicodedata.normalize("NFKD", name)
    return "".join(part for part in parts if not unicodedata.combining(part))


def as_date(year: str | int, month: str | int, day: str | int) -> date | None:
    """The date; None where there is none."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


_READERS = (_year_first, _east_asian, _day_first, _vietnamese, _month_named)
