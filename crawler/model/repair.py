"""A repair: a change of an article file that an editor has decided, at one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from crawler.model.check import FieldChange

MOST_FILES: Final = 250
"""Files that are changed at once where nothing else is asked for: nobody reviews the diff of more."""


class Verb(StrEnum):
    """What an editor writes into the column `decision`. Each is explained in docs/repair.md."""

    ACCEPT = "accept"
    """Take the suggestion of the row."""
    REPLACE = "replace"
    """Put `new_value` in the place that the row names, or everywhere if it names none."""
    REPLACE_EVERYWHERE = "replace-everywhere"
    """Put `new_value` wherever the URL stands."""
    DROP = "drop"
    """Take the field out; of an AMP pair both fields."""
    NOT_BROKEN = "not-broken"
    """The link works: it is excluded until its evidence changes."""
    IGNORE = "ignore"
    """Leave the link out until a date."""
    SEEN = "seen"
    """An editor has read the page as it is now: only its next change is told."""
    KEEP = "keep"
    """Change nothing: an editor has looked at it."""

    @property
    def changes_files(self) -> bool:
        """Whether the decision edits articles; the others are about the link alone."""
        return self in (Verb.ACCEPT, Verb.REPLACE, Verb.REPLACE_EVERYWHERE, Verb.DROP)

    @property
    def is_on_link(self) -> bool:
        """Whether the decision is stored for a link, and changes no file."""
        return self in (Verb.NOT_BROKEN, Verb.IGNORE, Verb.SEEN)


class RepairKind(StrEnum):
    """Kinds of change, each to be reviewed by itself; `--suggested` takes the values."""

    MOVES = "moves"
    URLS = "urls"
    IMAGE_SIZES = "image-sizes"
    IMAGES = "images"
    AMP = "amp"
    CANONICAL = "canonical"
    METADATA = "metadata"
    PROVIDER = "provider"

    @property
    def is_suggested(self) -> bool:
        """Whether checks suggest such changes; only an editor decides the others."""
        return self is not RepairKind.URLS


@dataclass(frozen=True, slots=True)
class Instruction:
    """One row of a file of decisions as it was read, before changes are planned from it.

    `place` is the file and its row, for messages. `url` is the value of the article file at `at` of `path`; both are
    None where the row names no place. `kind`, `reason`, `declared`, `actual` and `suggestion` are those of the finding,
    empty where the row is no row of a report. Of what is held back `url` is the host and `reason` the cause. `note` is the reason of the decision, `until` the first day on which to
    judge again.
    """

    place: str
    verb: Verb
    url: str = ""
    path: str | None = None
    at: str | None = None
    line: int = 0
    kind: str = ""
    reason: str = ""
    declared: str = ""
    actual: str = ""
    suggestion: str = ""
    new_value: str = ""
    note: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A change of the article at `path`, and the source of the decision (a row, or `--suggested`)."""

    path: str
    kind: RepairKind
    change: FieldChange
    place: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A decision that is not carried out: the file says something else, or the change cannot be made."""

    place: str
    path: str
    line: int
    reason: str
