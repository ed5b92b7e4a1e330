"""A repair: a change of article files that an editor has decided, one place at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crawler.model.check import FieldChange


class Verb(StrEnum):
    """What an editor writes into the column `decision`. Each is explained in docs/repair.md."""

    ACCEPT = "accept"
    """Take the suggestion of the row."""
    REPLACE = "replace"
    """Put `new_value` in the place that the row names; everywhere, where it names none."""
    REPLACE_EVERYWHERE = "replace-everywhere"
    """Put `new_value` wherever the URL stands."""
    DROP = "drop"
    """Take the field out; of an AMP pair both."""
    NOT_BROKEN = "not-broken"
    """The link works: it is excluded until its evidence changes."""
    IGNORE = "ignore"
    """Leave the link out until a date."""
    KEEP = "keep"
    """Looked at, and left as it is."""

    @property
    def changes_files(self) -> bool:
        """Whether articles are edited; the others are a word on the link alone."""
        return self in (Verb.ACCEPT, Verb.REPLACE, Verb.REPLACE_EVERYWHERE, Verb.DROP)


class RepairKind(StrEnum):
    """Kinds of change, each fit for a review of its own; the values are what `--suggested` takes."""

    MOVES = "moves"
    URLS = "urls"
    IMAGE_SIZES = "image-sizes"
    IMAGES = "images"
    AMP = "amp"
    CANONICAL = "canonical"
    METADATA = "metadata"

    @property
    def is_suggested(self) -> bool:
        """Whether checks suggest such changes; the others only an editor decides."""
        return self is not RepairKind.URLS


@dataclass(frozen=True, slots=True)
class Instruction:
    """One row of a file of decisions, read and not yet understood.

    `place` is the file and its row, for messages. `url` is what the file says at `at` of `path`, None where the
    row names no place. `kind`, `reason`, `declared` and `suggestion` are those of the finding, empty where the
    row is no row of a report. `note` is why, `until` the first day on which to judge again.
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
    suggestion: str = ""
    new_value: str = ""
    note: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A change to make in the article at `path`, and where it was decided (a row, or `--suggested`)."""

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
