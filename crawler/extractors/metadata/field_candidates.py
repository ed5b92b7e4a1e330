"""Candidates: every value that a page offers for a field, with the place it was read from."""

from __future__ import annotations

from typing import NamedTuple

from crawler.rules.credentials import url_without_credentials
from crawler.rules.urls import InvalidReason, examine

MAX_CANDIDATES = 30
"""Most candidates kept for one field; the chain puts the best first."""
_ADDRESSES = frozenset(("image", "canonical", "amphtml"))


class Candidate(NamedTuple):
    """One value for a field. `source` names the place: `json-ld`, `og`, `og-body`, `meta`,
    `twitter`, `h1`, `title`, `link`, `microdata`, `html`, …"""

    value: str
    source: str
    width: int | None = None
    height: int | None = None
    alt: str | None = None
    """For an image, where the page states them: its size in pixels and its alternative text."""


class Collector:
    """The candidates of one page, by field, in the order of the chains (rule M1)."""

    def __init__(self) -> None:
        self._found: dict[str, list[Candidate]] = {}

    def keep(self, field: str, candidate: Candidate) -> None:
        """Keep a value unless it is empty, known from the same place, or beyond the limit; an address without
        credentials (rule U8)."""
        if not candidate.value:
            return
        if field in _ADDRESSES and _has_credentials(candidate.value):
            candidate = candidate._replace(value=url_without_credentials(candidate.value))
        kept = self._found.setdefault(field, [])
        if len(kept) >= MAX_CANDIDATES:
            return
        for one in kept:
            if one.value == candidate.value and one.source == candidate.source:
                return
        kept.append(candidate)

    def first(self, field: str) -> str | None:
        """The chain's choice for a field."""
        kept = self._found.get(field)
        return kept[0].value if kept else None

    def source(self, field: str) -> str | None:
        """Where the chain's choice for a field was read."""
        kept = self._found.get(field)
        return kept[0].source if kept else None

    def of_first_source(self, field: str) -> tuple[str, ...]:
        """Every value from the place of the first candidate, for a field that holds several (authors)."""
        kept = self._found.get(field, [])
        return tuple(one.value for one in kept if one.source == kept[0].source)

    def values(self, field: str) -> tuple[str, ...]:
        """Every distinct value of a field, best first."""
        return tuple(dict.fromkeys(one.value for one in self._found.get(field, ())))

    def all(self) -> dict[str, tuple[Candidate, ...]]:
        """Every field that has a candidate."""
        return {field: tuple(kept) for field, kept in self._found.items() if kept}


def _has_credentials(address: str) -> bool:
    # Most addresses have no `@`, and to take one apart costs as much as to find it.
    return "@" in address and examine(address).invalid is InvalidReason.CREDENTIALS
