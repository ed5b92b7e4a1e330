"""A decision of a review: what a person decided in the page, and what stood there when they did (docs/review.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    """How far a decision has come."""

    OPEN = "open"
    """Kept, and not yet carried out."""
    WITHDRAWN = "withdrawn"
    """Taken back by an undo. It stays known, so that others hear of it."""
    WRITTEN = "written"
    """Carried out."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person sees of a link when they decide: its verdict with the reason, and the address that is suggested.

    These are texts, since they come from a page: a verdict that no version knows is just another one.
    """

    verdict: str
    reason: str
    suggestion: str | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A decision that a person wants kept, or an undo (`withdraws`).

    `cells` are those of a row of a file of decisions, by column, without empty ones; together `url`, `path`, `at`,
    `kind` and `reason` say what it is about. `link` is the URL of the link as references identify it, None where the
    decision is about no link that is known; `seen` is what the person saw of it, None for a row that was read from a file.
    """

    cells: Mapping[str, str]
    link: str | None = None
    seen: Standing | None = None
    withdraws: bool = False


@dataclass(frozen=True, slots=True)
class ReviewDecision:
    """A decision as it is kept.

    `key` stands for what it is about: a later decision about the same takes its place. `version` counts all changes of
    all decisions of the collection. `author` is the page (not the person) that it, or its present stage, comes from.
    """

    key: str
    version: int
    stage: Stage
    cells: Mapping[str, str]
    link: str | None
    seen: Standing | None
    author: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A proposal was kept, under this key and version."""

    key: str
    version: int


@dataclass(frozen=True, slots=True)
class Outdated:
    """A proposal was not kept, because something that the person had not seen came before it.

    `others` are decisions of other pages about the same, `now` is how the link stands; None where no link is known any
    more, or none was meant.
    """

    key: str
    now: Standing | None
    others: tuple[ReviewDecision, ...] = ()
