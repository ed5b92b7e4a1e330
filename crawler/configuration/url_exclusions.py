"""`exclude_urls:` of `.linkhealth.yml`: addresses that are left out, by pattern, each for a reason, some until a day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from crawler.configuration.errors import quoted
from crawler.configuration.file import Section, Text, place
from crawler.configuration.kinds import LONGEST_TEXT, Kind, Schema
from crawler.configuration.shapes import At, ByName, Fields, One
from crawler.model.url_exclusion import UrlExclusion
from crawler.rules.owners import LONGEST_OWNER
from crawler.rules.urls import examine

EXCLUDE_URLS: Final = "exclude_urls"
LONGEST_PATTERN: Final = 2_000
MOST: Final = 200
"""Patterns, with each of which every URL of the collection is compared."""
_BEGINNING = re.compile(r"(?:https?://|\*)", re.IGNORECASE)
_SCHEME_AND_HOST = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _pattern(name: str) -> str:
    """A pattern as URLs are known: scheme and host in lower case, without a fragment."""
    pattern = name.strip()
    if len(pattern) > LONGEST_PATTERN or not pattern.isprintable() or " " in pattern:
        raise ValueError(f"{quoted(name)} is not an address, or a pattern of some with *")
    if not _BEGINNING.match(pattern):
        raise ValueError(f"{quoted(name)} matches no address: begin it with https://, http:// or *")
    if not re.search(r"[a-z0-9]", _BEGINNING.sub("", pattern), re.IGNORECASE):
        raise ValueError(f"{quoted(name)} would leave everything out")
    if "*" not in pattern:
        return examine(pattern).url or pattern
    return _SCHEME_AND_HOST.sub(lambda found: found[0].lower(), pattern)


def _reason(text: str) -> str:
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        raise ValueError(f"{quoted(text)} is not a reason of at most {LONGEST_TEXT} letters")
    return text


def _owner(text: str) -> str | None:
    if len(text) > LONGEST_OWNER or not text.isprintable():
        raise ValueError(f"{quoted(text)} is not a name of at most {LONGEST_OWNER} characters")
    return text or None


def _until(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f"{quoted(text)} is not a date like 2026-12-31")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


_TEXT: Final = ["string", "number", "boolean"]
_ENTRY: Final = Fields(
    {
        "reason": One(Kind(_reason, {"type": _TEXT, "minLength": 1, "maxLength": LONGEST_TEXT})),
        "owner": One(Kind(_owner, {"type": [*_TEXT, "null"], "maxLength": LONGEST_OWNER})),
        "until": One(
            Kind(
                _until,
                {
                    "anyOf": [
                        {"type": "string", "pattern": f"^ *{_DAY.pattern} *$"},
                        {"enum": [None, ""]},
                    ]
                },
            )
        ),
    },
    of="of an exclusion",
    wanted="a reason",
    required=("reason",),
)


@dataclass(frozen=True, slots=True)
class _WithPlace:
    """An entry, and where it stands."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return _ENTRY.schema

    def read(self, found: Text | Section, at: At) -> Mapping[str, Any]:
        """See `Shape`."""
        return {**_ENTRY.read(found, at), "line": at.line}


URLS_SHAPE: Final = ByName(
    _pattern,
    _WithPlace(),
    "addresses, or patterns of some, with a reason below each",
    {
        "pattern": r"^ *(?:[Hh][Tt][Tt][Pp][Ss]?://|\*)\S*[A-Za-z0-9]\S* *$",
        "maxLength": LONGEST_PATTERN,
    },
    most=MOST,
)
ENTRY_ROWS: Final = tuple(_ENTRY.rows)


def url_exclusions(
    read: tuple[tuple[str, Mapping[str, Any]], ...],
) -> tuple[UrlExclusion, ...]:
    """The exclusions, in file order."""
    return tuple(
        UrlExclusion(
            pattern,
            each["reason"],
            each["line"],
            place(each["line"]),
            each.get("owner"),
            each.get("until"),
        )
        for pattern, each in read
    )
