"""How far a page was read, and from which bytes: by that a visit knows whether it has to read the page again."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Depth(StrEnum):
    """How far a page is read: as far as its references need (rule M19), or not at all. The strings are stored."""

    STATUS = "status"
    """Not at all: the answer to the request is all that is wanted (rule M21)."""
    RELATED = "related"
    """As far as `related` references need: nobody compares the page with an article."""
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class PageMark:
    """`digest` stands for all that a page's facts depend on (rule M20); None where they have to be read again in any case."""

    depth: Depth
    digest: str | None = None

    def serves(self, depth: Depth) -> bool:
        """Whether what was read is enough for a visit that reads to this depth."""
        return ORDER.index(self.depth) >= ORDER.index(depth)


ORDER = (Depth.STATUS, Depth.RELATED, Depth.WHOLE)
"""From least to most."""
