"""A file of decisions, as reports export it and editors fill it in: CSV, XLSX or YAML.

Rows without a decision are skipped. Everything in the file is text from outside: a row that makes no
sense is reported with its place and not carried out, the others are.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.content import nodes
from crawler.content.nodes import Node, Scalar, Sequence, TreeError
from crawler.model.repair import Instruction, Verb
from crawler.reporting.formats.csv_report import COLUMNS
from crawler.reporting.formats.extra import WORKBOOKS
from crawler.reporting.words.escaping import plain_cell

LARGEST_FILE: Final = 100_000_000
"""Bytes. A report of 100,000 findings has 50 MB."""
LARGEST_SHEET: Final = 500_000_000
"""Bytes of an XLSX file when unpacked."""
_MOST_CELLS: Final = 64
"""Columns that are read of a row; a report has 20."""
_LONGEST_NOTE: Final = 500
KNOWN: Final = frozenset(COLUMNS)
"""The columns that a report exports; editors may add their own, which are ignored."""

Row = tuple[str, Mapping[str, str]]
"""Where a row stands (`decisions.csv:12`), and its cells by column, without empty ones."""


@dataclass(frozen=True, slots=True)
class Misread:
    """A row that cannot be carried out, and why."""

    place: str
    message: str


def read_decisions(path: Path) -> Iterator[Instruction | Misread]:
    """Every row with a decision, in the order of the file; rows that make no sense as `Misread`.

    Raises ConfigurationError where the file as a whole cannot be read.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise ConfigurationError(
            quoted(str(path)),
            f"is none of {', '.join(_READERS)}; save the decisions as one of them",
        )
    for place, cells in reader(path.name, _bytes(path)):
        if cells.get("decision"):
            yield _instruction(place, cells)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "not a usable path"
        raise ConfigurationError(quoted(str(path)), f"cannot be read ({why})") from None
    if len(data) > LARGEST_FILE:
        raise ConfigurationError(quoted(str(path)), f"is larger than {LARGEST_FILE:,} bytes")
    return data


# ------------------------------------------------------------------------------------------- rows


def _instruction(place: str, cells: Mapping[str, str]) -> Instruction | Misread:
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
        suggestion=cells.get("suggestion", ""),
        new_value=cells.get("new_value", "").strip(),
        note=note.strip(),
        until=until,
    )
    missing = _missing(read)
    return Misread(place, missing) if missing else read


def _missing(read: Instruction) -> str | None:
    """The message about a value that the decision needs and the row does not give; None where all are there."""
    match read.verb:
        case Verb.REPLACE | Verb.REPLACE_EVERYWHERE if not read.new_value:
            return f"{read.verb}: give the new value in the column new_value"
        case Verb.REPLACE_EVERYWHERE if not read.url:
            return f"{read.verb}: give the URL that is to be replaced in the column url"
        case Verb.ACCEPT | Verb.DROP | Verb.REPLACE if not (read.url or (read.path and read.at)):
            return f"{read.verb}: name the URL, or its place in the columns path and at"
        case Verb.NOT_BROKEN | Verb.IGNORE if not read.url:
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


def _day(text: str) -> date | None:
    """The day of a date or time, None for other texts: spreadsheets turn a day into a time at midnight."""
    try:
        return datetime.fromisoformat(text.strip()).date()
    except ValueError:
        return None


def _cells(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The known columns that are not empty."""
    cells = ((name.strip().lower(), text) for name, text in pairs)
    return {name: text for name, text in cells if name in KNOWN and text.strip()}


def _named(name: str, head: Iterable[str]) -> tuple[str, ...]:
    """The columns of a table. Raises ConfigurationError for a table without decisions."""
    columns = tuple(head)[:_MOST_CELLS]
    if "decision" not in {column.strip().lower() for column in columns}:
        raise ConfigurationError(
            quoted(name),
            "its first row has no column `decision`; take the one that a report exports",
        )
    return columns


# -------------------------------------------------------------------------------------------- CSV


def _csv(name: str, data: bytes) -> Iterator[Row]:
    """A table separated by commas or semicolons: some spreadsheets write semicolons where a comma marks decimals."""
    text = _decoded(name, data)
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        columns = _named(name, next(reader, ()))
        for row in reader:
            pairs = zip(columns, map(plain_cell, row), strict=False)
            yield f"{name}:{reader.line_num}", _cells(pairs)
    except csv.Error as error:
        raise ConfigurationError(
            quoted(f"{name}:{reader.line_num}"), f"not CSV ({error})"
        ) from None


def _decoded(name: str, data: bytes) -> str:
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(
            quoted(f"{name}:{line}"), "is not UTF-8; save it as UTF-8"
        ) from None


# ------------------------------------------------------------------------------------------- YAML


def _yaml(name: str, data: bytes) -> Iterator[Row]:
    """A list of mappings with the same keys as the columns."""
    text = _decoded(name, data)
    try:
        root = nodes.parse(text).root
    except TreeError as error:
        line = text.count("\n", 0, max(error.index, 0)) + 1
        raise ConfigurationError(quoted(f"{name}:{line}"), error.message) from None
    if root is None or nodes.is_nothing(root):
        return
    if not isinstance(root, Sequence):
        raise ConfigurationError(
            quoted(name), "is not a list; write one `- url: …` for each decision"
        )
    for item in root.items:
        place = f"{name}:{text.count(chr(10), 0, nodes.start_of(item)) + 1}"
        if not isinstance(item, nodes.Mapping):
            raise ConfigurationError(quoted(place), "a decision is a mapping: url, decision, …")
        yield place, _cells(_pairs(place, item))


def _pairs(place: str, item: nodes.Mapping) -> Iterator[tuple[str, str]]:
    for key, value in item.pairs():
        if not isinstance(key, Scalar) or key.value.strip().lower() not in KNOWN:
            # A misspelt key would lose half of a decision; only tables may have columns of the editor's own.
            shown = key.value if isinstance(key, Scalar) else "…"
            raise ConfigurationError(
                quoted(place), f"unknown key {quoted(shown)}; {did_you_mean(shown, KNOWN)}"
            )
        yield key.value, _scalar(place, key.value, value)


def _scalar(place: str, key: str, value: Node) -> str:
    if not isinstance(value, Scalar):
        raise ConfigurationError(quoted(place), f"{key} is not a plain value")
    return "" if nodes.is_null(value) else value.value


# ------------------------------------------------------------------------------------------- XLSX


def _xlsx(name: str, data: bytes) -> Iterator[Row]:
    """The first sheet. openpyxl reads row by row; the unpacked size is checked before."""
    openpyxl = WORKBOOKS.load()
    rows = _sheet_rows(name, data, openpyxl)
    columns = _named(name, map(_shown, next(rows, ())))
    for number, row in enumerate(rows, start=2):
        yield f"{name}:{number}", _cells(zip(columns, map(_shown, row), strict=False))


def _sheet_rows(name: str, data: bytes, openpyxl: Any) -> Iterator[tuple[object, ...]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacked = sum(entry.file_size for entry in packed.infolist())
        if unpacked <= LARGEST_SHEET:
            with warnings.catch_warnings():
                # openpyxl warns of parts that it leaves out; none of them is read here.
                warnings.simplefilter("ignore", UserWarning)
                book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
                yield from book.worksheets[0].iter_rows(values_only=True, max_col=_MOST_CELLS)
            return
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken part leads to
        why = str(error)[:200] or type(error).__name__
        raise ConfigurationError(quoted(name), f"not a workbook ({quoted(why)})") from None
    raise ConfigurationError(quoted(name), f"unpacks to more than {LARGEST_SHEET:,} bytes")


def _shown(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return "" if cell is None else plain_cell(str(cell))


_READERS = {".csv": _csv, ".xlsx": _xlsx, ".yml": _yaml, ".yaml": _yaml}
