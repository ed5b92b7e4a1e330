"""A reference: one URL at one place of one article."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from crawler.model.role import Role


class Scope(StrEnum):
    """Whether a reference is the article's own or one of its `related` articles'."""

    OWN = "own"
    RELATED = "related"


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file declares about the target of a reference. Sizes are CSS pixels."""

    width: int | None = None
    height: int | None = None
    is_cached: bool | None = None
    title: str | None = None
    excerpt: str | None = None
    published: datetime | None = None
    """Always aware; a date without a zone is read as UTC."""


NOTHING_DECLARED = Declared()


@dataclass(frozen=True, slots=True)
class Reference:
    """One URL at one place.

    `path` is POSIX, relative to the content root. `line` counts from 1, as editors do: only LF and
    CRLF end a line. `pointer` is the YAML pointer without a leading slash (`related/3/ampWebUrl`).
    `raw` is the text in the file; `url` is the identity by which it is visited and stored: the
    normalised URL, or `raw` itself where `invalid` says why no crawler can visit it.
    """

    path: str
    line: int
    pointer: str
    role: Role
    scope: Scope
    raw: str
    url: str
    invalid: str | None = None
    declared: Declared = field(default=NOTHING_DECLARED)
