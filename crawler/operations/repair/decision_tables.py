"""The rows of a file of decisions: CSV, the first sheet of XLSX, or a YAML list, each within its bounds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Final

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import did_you_mean, quoted
from crawler.content import nodes
from crawler.content.nodes import Node, Scalar, Sequence, TreeError
from crawler.operations.repair import decision_bounds
from crawler.operations.repair.decision_bounds import refuse
from crawler.operations.repair.workbook import MOST_COLUMNS, sheet_rows
from crawler.reporting.formats.csv_report import COLUMNS, DECISION_COLUMNS
from crawler.reporting.formats.xlsx_report import workbook_text
from crawler.reporting.words.escaping import plain_cell, typed_cell

KNOWN: Final = frozenset(COLUMNS)
"""The columns that a report exports; editors may add their own, which are ignored."""

_UTF_8: Final = "utf-8-sig"
_SEPARATORS: Final = ",;\t"
"""The first of them that a head has most of."""
_SEPARATOR: Final = re.compile(r'"?sep=([,;\t|])"?([,;\t]?)[,;\t]*+')
"""A spreadsheet that does not know the line takes it for a row, and writes it back as one, with its own separators."""

Row = tuple[str, Mapping[str, str]]
"""Where a row stands (`decisions.csv:12`), and its cells by column, without empty ones."""


def _cells(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The known columns that are not empty."""
    cells = ((name.strip().lower(), text) for name, text in pairs)
    return {name: text for name, text in cells if name in KNOWN and text.strip()}


def _of_table(columns: Iterable[str], row: Iterable[str]) -> dict[str, str]:
    """The cells of a table's row: escapes are read where a report writes them, not where an editor types."""
    cells = _cells(zip(columns, row, strict=False))
    read = (
        (name, typed_cell(text) if name in DECISION_COLUMNS else plain_cell(text))
        for name, text in cells.items()
    )
    return {name: text for name, text in read if text.strip()}


def _named(name: str, head: Iterable[str]) -> tuple[str, ...]:
    """The columns of a table. Raises ConfigurationError for a table without decisions."""
    columns = tuple(head)[:MOST_COLUMNS]
    if "decision" not in {column.strip().lower() for column in columns}:
        raise ConfigurationError(
            quoted(name),
            "its first row has no column `decision`; take the one that a report exports",
        )
    return columns


# -------------------------------------------------------------------------------------------- CSV


def csv_rows(name: str, data: bytes) -> Iterator[Row]:
    """A table separated by commas, semicolons or tabs: some spreadsheets write semicolons where a comma marks decimals, and
    tabs into UTF-16. A first line `sep=;`, by which Excel is told the separator, is no row.

    Raises ConfigurationError, for a table beyond a bound before the first row is given.
    """
    encoding = _encoding(data)
    _check_lines(name, data, encoding)
    for is_check in (True, False):
        # Read as a stream: as one text, a single emoji would make every character four bytes large.
        with io.TextIOWrapper(io.BytesIO(data), encoding, newline="") as stream:
            rows = _csv(name, stream)
            if is_check:
                _check_rows(name, rows)
            else:
                columns = _named(name, next(rows, ("", ()))[1])
                for place, row in rows:
                    yield place, _of_table(columns, row)


def _csv(name: str, stream: io.TextIOWrapper) -> Iterator[tuple[str, Iterable[str]]]:
    """Each row with its place."""
    number = 0
    try:
        first = stream.readline()
        told = _SEPARATOR.fullmatch(first.strip("\r\n"))
        before = 1 if told else 0
        if not told:
            stream.seek(0)
        delimiter = (told[2] or told[1]) if told else max(_SEPARATORS, key=first.count)
        reader = csv.reader(stream, delimiter=delimiter)
        for row in reader:
            number = before + reader.line_num
            yield f"{name}:{number}", row
    except csv.Error as error:
        raise ConfigurationError(quoted(f"{name}:{number + 1}"), f"not CSV ({error})") from None
    except UnicodeDecodeError as error:
        raise _not_utf8(f"{name}:{number + 1}") from error


def _check_lines(name: str, data: bytes, encoding: str) -> None:
    """Raises ConfigurationError for more lines than rows and their texts have, one without end, or no text."""
    most, longest = 4 * decision_bounds.MOST_ROWS, decision_bounds.LONGEST_LINE
    if data.count(b"\n") > most:
        refuse(name, f"has more than {most:,} lines")
    for number, line in enumerate(io.BytesIO(data), start=1):
        if len(line) > longest:
            refuse(name, f"has a line of more than {longest:,} bytes")
        if encoding == _UTF_8:
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                raise _not_utf8(f"{name}:{number}") from None


def _check_rows(name: str, rows: Iterator[tuple[str, Iterable[str]]]) -> None:
    cells = 0
    for number, (_, row) in enumerate(rows):
        cells += len(tuple(row))
        if number > decision_bounds.MOST_ROWS:
            refuse(name, f"has more than {decision_bounds.MOST_ROWS:,} rows")
        if cells > decision_bounds.MOST_CELLS:
            refuse(name, f"has more than {decision_bounds.MOST_CELLS:,} cells")


def _encoding(data: bytes) -> str:
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else _UTF_8


def _not_utf8(place: str) -> ConfigurationError:
    return ConfigurationError(quoted(place), "is not UTF-8; save it as UTF-8")


# ------------------------------------------------------------------------------------------- YAML


def yaml_rows(name: str, data: bytes) -> Iterator[Row]:
    """A list of mappings with the same keys as the columns. Raises ConfigurationError."""
    if len(data) > decision_bounds.LARGEST_LIST:
        refuse(name, f"is larger than {decision_bounds.LARGEST_LIST:,} bytes")
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _not_utf8(f"{name}:{line}") from None
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
    line, seen = 1, 0
    for item in root.items:
        start = nodes.start_of(item)
        line, seen = line + text.count("\n", seen, start), start
        place = f"{name}:{line}"
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


def xlsx_rows(name: str, data: bytes) -> Iterator[Row]:
    """The first sheet, read row by row. Raises ConfigurationError."""
    rows = sheet_rows(name, data)
    columns = _named(name, map(_shown, next(rows, ())))
    for number, row in enumerate(rows, start=2):
        if not any(row):
            # A sheet may have a million of them before its last row.
            continue
        yield f"{name}:{number}", _of_table(columns, map(_shown, row))


def _shown(cell: object) -> str:
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return "" if cell is None else workbook_text(str(cell))
