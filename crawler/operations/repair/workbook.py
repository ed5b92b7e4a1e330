"""The first sheet of an XLSX file of decisions, examined in a bounded way before openpyxl reads it.

A workbook is a ZIP file of XML. Its directory may lie, a kilobyte may unpack to gigabytes, one row may have the number two
thousand million, and styles without an effect may come in millions: openpyxl believes all of that. So each part is
unpacked piece by piece and counted; what is no XML is taken out of the directory.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final
from xml.parsers import expat

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted
from crawler.operations.repair import decision_bounds
from crawler.operations.repair.decision_bounds import refuse
from crawler.reporting.formats.extra import WORKBOOKS

MOST_COLUMNS: Final = 64
"""Columns that are read of a row; a report has 20."""
_LAST_ROW: Final = 1_048_576
"""The highest number of a row (ECMA-376, as Excel and LibreOffice have it)."""
_CELL: Final = re.compile(r"[A-Za-z]{1,3}0{0,3}([0-9]{1,7})")
_ENTRY: Final = b"PK\x01\x02"
"""The mark of each entry of a ZIP file's directory."""
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others have no limit for what one piece unpacks to, and no spreadsheet writes them."""
_PIECE: Final = 1 << 18
_DEEPEST: Final = 32
"""Levels of XML; a cell with formatted text is on the eighth."""
_LONGEST_ATTRIBUTE: Final = 65_536
_LONGEST_TEXT: Final = 4_000_000
"""Bytes without the beginning of an element. A cell has at most 32,767 characters."""
_MOST_SHEETS: Final = 256
_MOST_ELEMENTS: Final = 15_000_000
_MOST_OTHERS: Final = 100_000
"""Elements that are neither rows, cells nor their texts: styles, names, relations. Excel has at most 64,000 styles."""
_TABLES: Final = ("worksheet", "sst")
_OF_TABLES: Final = ("row", "c", "v", "f", "si", "is")


class _Beyond(Exception):  # noqa: N818 - a decision, not a fault
    """The workbook is beyond a bound, which the text names."""


def sheet_rows(name: str, data: bytes) -> Iterator[tuple[object, ...]]:
    """The rows of the first sheet. Raises ConfigurationError where it is no workbook, or beyond a bound."""
    openpyxl = WORKBOOKS.load()
    try:
        with warnings.catch_warnings():
            # openpyxl warns of parts that it leaves out; none of them is read here.
            warnings.simplefilter("ignore", UserWarning)
            yield from _rows(data, openpyxl)
    except _Beyond as beyond:
        refuse(name, str(beyond))
    except ConfigurationError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken part leads to
        why = str(error)[:200] or type(error).__name__
        raise ConfigurationError(quoted(name), f"not a workbook ({quoted(why)})") from None


def _rows(data: bytes, openpyxl: Any) -> Iterator[tuple[object, ...]]:
    until = monotonic() + decision_bounds.MOST_SECONDS
    if data.count(_ENTRY) > decision_bounds.MOST_PARTS:
        raise _Beyond(f"holds more than {decision_bounds.MOST_PARTS:,} parts")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        unread = _examined(packed, until)
    reader = openpyxl.reader.excel.ExcelReader(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    for name in unread:
        reader.archive.NameToInfo.pop(name, None)
    reader.valid_files = [name for name in reader.valid_files if name not in unread]
    reader.read()
    sheet = reader.wb.worksheets[0]
    # What a sheet says of its own size is not believed.
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        if monotonic() > until:
            raise _too_slow()
        yield row


def _too_slow() -> _Beyond:
    return _Beyond(f"takes longer than {decision_bounds.MOST_SECONDS:.0f} s to read")


def _examined(packed: zipfile.ZipFile, until: float) -> set[str]:
    """The names of the parts that are not to be read. Raises _Beyond."""
    entries = packed.infolist()
    if sum(entry.file_size for entry in entries) > decision_bounds.LARGEST_SHEET:
        raise _Beyond(_unpacks())
    counts = _Counts()
    unread = set()
    for entry in entries:
        if entry.is_dir():
            continue
        if entry.compress_type not in _METHODS:
            raise _Beyond(f"the part {quoted(entry.filename)} is packed in an unusual way")
        if not _Part(counts, entry.filename).is_xml(packed, entry, until):
            unread.add(entry.filename)
    return unread


def _unpacks() -> str:
    return f"unpacks to more than {decision_bounds.LARGEST_SHEET:,} bytes"


@dataclass(slots=True)
class _Counts:
    """The numbers over all parts."""

    unpacked: int = 0
    elements: int = 0
    others: int = 0
    sheets: int = 0


@dataclass(slots=True)
class _Part:
    """One part of a workbook, while it is examined."""

    counts: _Counts
    name: str
    size: int = 0
    rows: int = 0
    cells: int = 0
    depth: int = 0
    texts: int = 0
    """How many elements of a text are open."""
    is_table: bool = False

    def is_xml(self, packed: zipfile.ZipFile, entry: zipfile.ZipInfo, until: float) -> bool:
        """Unpack the part piece by piece and count; whether it is XML. Raises _Beyond."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        is_xml, without_end = True, 0
        with packed.open(entry) as stream:
            while piece := stream.read(_PIECE):
                self._grown(len(piece), until)
                if is_xml:
                    before = self.counts.elements
                    is_xml = self._parsed(parser, piece)
                    without_end = 0 if self.counts.elements > before else without_end + 1
                    if is_xml and without_end * _PIECE > _LONGEST_TEXT:
                        raise self._endless()
        return is_xml and self._parsed(parser, b"", last=True)

    def _grown(self, size: int, until: float) -> None:
        self.size += size
        self.counts.unpacked += size
        if self.counts.unpacked > decision_bounds.LARGEST_SHEET:
            raise _Beyond(_unpacks())
        if monotonic() > until:
            raise _too_slow()

    def _parsed(self, parser: expat.XMLParserType, piece: bytes, *, last: bool = False) -> bool:
        try:
            parser.Parse(piece, last)
        except expat.ExpatError:
            return False
        if not self.is_table and self.size > decision_bounds.LARGEST_PART:
            raise _Beyond(
                f"its part {quoted(self.name)} is larger than {decision_bounds.LARGEST_PART:,} bytes"
            )
        return True

    def _doctype(self, *_: object) -> None:
        raise _Beyond(f"its part {quoted(self.name)} defines entities, as no spreadsheet does")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        counts = self.counts
        counts.elements += 1
        self.depth += 1
        local = tag.rpartition(":")[2]
        if self.depth == 1:
            self.is_table = local in _TABLES
        elif self.depth > _DEEPEST:
            raise _Beyond(f"its part {quoted(self.name)} is nested deeper than {_DEEPEST} levels")
        if counts.elements > _MOST_ELEMENTS:
            raise _Beyond(f"holds more than {_MOST_ELEMENTS:,} elements")
        if local == "c":
            self._cell(attributes)
        elif local == "row":
            self._row(attributes)
        if self.texts or local in ("si", "is"):
            self.texts += 1
        elif local not in _OF_TABLES:
            self._other(local, attributes)

    def _end(self, _tag: str) -> None:
        self.depth -= 1
        self.texts = max(self.texts - 1, 0)

    def _row(self, attributes: dict[str, str]) -> None:
        self.rows += 1
        if self.rows > decision_bounds.MOST_ROWS:
            raise _Beyond(f"has more than {decision_bounds.MOST_ROWS:,} rows")
        number = attributes.get("r")
        if number is not None and not (
            number.isascii() and number.isdigit() and len(number) < 8 and int(number) <= _LAST_ROW
        ):
            raise _Beyond(f"has a row of the number {quoted(number)}, beyond {_LAST_ROW:,}")

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        if self.cells > decision_bounds.MOST_CELLS:
            raise _Beyond(f"has more than {decision_bounds.MOST_CELLS:,} cells")
        place = attributes.get("r")
        if place is not None and (
            (found := _CELL.fullmatch(place)) is None or int(found[1]) > _LAST_ROW
        ):
            raise _Beyond(f"has a cell at {quoted(place)}, where no sheet has one")

    def _other(self, local: str, attributes: dict[str, str]) -> None:
        self.counts.others += 1
        if self.counts.others > _MOST_OTHERS:
            raise _Beyond(f"holds more than {_MOST_OTHERS:,} styles, names and relations")
        if local == "sheet":
            self.counts.sheets += 1
            if self.counts.sheets > _MOST_SHEETS:
                raise _Beyond(f"has more than {_MOST_SHEETS} sheets")
        if any(len(value) > _LONGEST_ATTRIBUTE for value in attributes.values()):
            raise self._endless()

    def _endless(self) -> _Beyond:
        return _Beyond(f"its part {quoted(self.name)} has a value without end")
