"""A file of decisions, as reports export it and editors fill it in: CSV, XLSX or YAML.

Rows without a decision are skipped. Everything in the file is text from outside: a row that makes no
sense is reported with its place and not carried out, the others are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from crawler import files
from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.model.repair import Instruction, Verb
from crawler.operations.repair import decision_bounds
from crawler.operations.repair.decision_tables import Row, csv_rows, xlsx_rows, yaml_rows
from crawler.reporting.finding import FindingKind

_LONGEST_NOTE: Final = 500


@dataclass(frozen=True, slots=True)
class Misread:
    """A row that cannot be carried out, and why."""

    place: str
    message: str


def read_decisions(path: Path, root: Path | None = None) -> Iterator[Instruction | Misread]:
    """Every row with a decision, in the order of the file; rows that make no sense as `Misread`.

    `root` is that of the collection, real: a file in it may not be a link that leads out of it. Raises
    ConfigurationError where the file as a whole cannot be read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ConfigurationError(
            quoted(str(path)),
            f"is none of {', '.join(_READERS)}; save the decisions as one of them",
        )
    for place, cells in reader(path.name, _bytes(path, root)):
        if cells.get("decision"):
            yield instruction_of(place, cells)


def _bytes(path: Path, root: Path | None) -> bytes:
    try:
        if root is not None and _leads_out(path, root):
            raise ConfigurationError(quoted(str(path)), "is a link out of the collection")
        return files.read_plain(path, decision_bounds.LARGEST_FILE)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "not a usable path"
        raise ConfigurationError(quoted(str(path)), f"cannot be read ({why})") from None


def _leads_out(path: Path, root: Path) -> bool:
    """Whether a path by its names is in a collection, and its file is not: messages would quote another's file."""
    named = Path(os.path.abspath(path))  # noqa: PTH100 - by its names: links are not followed
    is_in = any(os.path.realpath(folder) == str(root) for folder in named.parents)
    return is_in and not Path(os.path.realpath(named)).is_relative_to(root)


# ------------------------------------------------------------------------------------------- rows


def instruction_of(place: str, cells: Mapping[str, str]) -> Instruction | Misread:
    """The decision of a row with its place (for messages) and its cells by column; empty cells are left out."""
    name = cells["decision"].strip().lower()
    if name not in set(Verb):
        return Misread(
            place, f"decision {quoted(name)} is unknown; {did_you_mean(name, map(str, Verb))}"
        )
    until = None
    if "until" in cells:
        until = _day(cells["until"])
        if until is None:
            return Misread(place, f"until: {quoted(cells['until'])} is not a date like 2026-12-31")
    # In rows of a report `reason` is the code of the finding; the editor's text is in `note`.
    is_finding = "kind" in cells
    note = cells.get("note", "" if is_finding else cells.get("reason", ""))
    if len(note) > _LONGEST_NOTE:
        return Misread(place, f"more than {_LONGEST_NOTE} characters of reason; shorten it")
    read = Instruction(
        place=place,
        verb=Verb(name),
        url=cells.get("url", ""),
        path=cells.get("path"),
        at=cells.get("at"),
        line=int(line) if (line := cells.get("line", "")).isdecimal() and len(line) < 10 else 0,
        kind=cells.get("kind", ""),
        reason=cells.get("reason", "") if is_finding else "",
        declared=cells.get("declared", ""),
        actual=cells.get("actual", ""),
        suggestion=cells.get("suggestion", ""),
        new_value=cells.get("new_value", "").strip(),
        note=note.strip(),
        until=until,
    )
    missing = _missing(read)
    return Misread(place, missing) if missing else read


def _missing(read: Instruction) -> str | None:
    """The message about a value that the decision needs and the row does not give; None where all are there."""
    if read.kind == FindingKind.HELD:
        return _missing_of_held(read)
    match read.verb:
        case Verb.REPLACE | Verb.REPLACE_EVERYWHERE if not read.new_value:
            return f"{read.verb}: give the new value in the column new_value"
        case Verb.REPLACE_EVERYWHERE if not read.url:
            return f"{read.verb}: give the URL that is to be replaced in the column url"
        case Verb.ACCEPT | Verb.DROP | Verb.REPLACE if not (read.url or (read.path and read.at)):
            return f"{read.verb}: name the URL, or its place in the columns path and at"
        case Verb.NOT_BROKEN | Verb.IGNORE | Verb.SEEN if not read.url:
            return f"{read.verb}: give the link in the column url"
        case Verb.NOT_BROKEN | Verb.IGNORE if not read.note:
            return f"{read.verb}: say why, for those who read the reports later"
        case Verb.IGNORE if read.until is None:
            return f"{read.verb}: give the first day to judge the link again in the column until"
        case Verb.NOT_BROKEN if read.until is not None:
            return (
                f"{read.verb}: holds until the evidence changes; with a date the decision is ignore"
            )
    return None


def _missing_of_held(read: Instruction) -> str | None:
    """The same for what is held back: it is accepted as it is, or not."""
    if read.verb not in (Verb.ACCEPT, Verb.KEEP):
        return f"{read.verb}: what is held back is accepted, or left as it is with keep"
    return None if read.reason else f"{read.verb}: name the cause in the column reason"


def _day(text: str) -> date | None:
    """The day of a date or time, None for other texts: spreadsheets turn a day into a time at midnight."""
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None


_READERS: Final[Mapping[str, Callable[[str, bytes], Iterator[Row]]]] = {
    ".csv": csv_rows,
    ".tsv": csv_rows,
    ".txt": csv_rows,  # Excel's "Unicode text"
    ".xlsx": xlsx_rows,
    ".yml": yaml_rows,
    ".yaml": yaml_rows,
}
