"""`report.xlsx`: the rows of `report.csv` as a workbook, with a list to choose decisions from.

XlsxWriter writes it, row by row; openpyxl reads what editors made of it (docs/adr/0032). Both are an extra: only workbooks
need them.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any, BinaryIO

from crawler.model.repair import Verb
from crawler.reporting.decision_rows import decision_rows
from crawler.reporting.formats.csv_report import COLUMNS, DECISION_COLUMNS, cells
from crawler.reporting.formats.extra import WORKBOOK_WRITER
from crawler.reporting.formats.report_format import ReportContent
from crawler.reporting.words.escaping import CELL_CUT, cell_text, web_href
from crawler.reporting.words.written_dates import as_utc

_UNDERSCORE = "_x005F_"
_ESCAPED_UNDERSCORE = re.compile(rf"{_UNDERSCORE}(?=x[0-9A-Fa-f]{{4}}_)")
"""Spreadsheets read `_x001B_` as the character (ECMA-376, 22.4.2.4); XlsxWriter writes the underscore so that it stays text."""
_MOST_ROWS = 1_048_576
"""Rows that a sheet can have."""
_MOST_UNITS = 32_767
"""UTF-16 code units that a cell holds."""
_MOST_LINKS = 65_000
"""Excel refuses a sheet with more than 65,530 links."""
_LONGEST_LINK = 1_000
"""Characters of a link; Excel holds 2,079."""
_FIRST_DAY = date(1900, 3, 1)
"""Before it spreadsheets count days differently."""
_WIDTHS = {"path": 32, "url": 48, "final_url": 32, "suggestion": 40, "new_value": 40, "title": 40}
_WIDTH = 14
_EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001 - in UTC, as XlsxWriter takes it
"""The first time that a ZIP file, and so a workbook, can tell."""
_LINKED = COLUMNS.index("url")
_NUMBERS = frozenset(COLUMNS.index(name) for name in ("line", "status"))
_DAYS = frozenset((COLUMNS.index("since"),))


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write every row into a new file; row by row, so that memory stays flat.

    Raises MissingExtraError, and OSError where the file cannot be written.
    """
    library = WORKBOOK_WRITER.load()
    book = library.Workbook(stream, {"constant_memory": True})
    # Not the time of writing: the same report is the same file.
    created = as_utc(content.report.generated_at).replace(tzinfo=None)
    book.set_properties({"created": max(created, _EARLIEST)})
    sheet = _Sheet(book)
    for number, row in enumerate(decision_rows(content.findings.by_priority()), start=1):
        if number == _MOST_ROWS:
            break
        sheet.write_row(number, cells(row))
    book.close()


class _Sheet:
    """The one sheet of a workbook, with its head."""

    def __init__(self, book: Any) -> None:
        self._sheet = book.add_worksheet("findings")
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._link = book.add_format({"font_color": "#0B57D0", "underline": 1})
        self._links = 0
        head = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F3A5F", "valign": "top"}
        styles = {
            True: book.add_format({**head, "bg_color": "#7A4B00"}),
            False: book.add_format(head),
        }
        for column, name in enumerate(COLUMNS):
            self._sheet.set_column(column, column, _WIDTHS.get(name, _WIDTH))
            self._sheet.write_string(0, column, name, styles[name in DECISION_COLUMNS])
        self._sheet.freeze_panes(1, 0)
        self._sheet.autofilter(0, 0, _MOST_ROWS - 1, len(COLUMNS) - 1)
        decided = COLUMNS.index("decision")
        self._sheet.data_validation(
            1,
            decided,
            _MOST_ROWS - 1,
            decided,
            {"validate": "list", "source": [verb.value for verb in Verb]},
        )
        # A title of digits is no number that somebody forgot to convert.
        self._sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{_MOST_ROWS}"})

    def write_row(self, number: int, texts: tuple[str, ...]) -> None:
        """Write the cells of one row; its number counts from 0, which is the head."""
        for column, text in enumerate(texts):
            if not text:
                continue
            if column in _NUMBERS:
                self._sheet.write_number(number, column, int(text))
            elif column in _DAYS and (day := date.fromisoformat(text)) >= _FIRST_DAY:
                self._sheet.write_datetime(number, column, day, self._day)
            else:
                self._write_text(number, column, text)

    def _write_text(self, number: int, column: int, text: str) -> None:
        """A cell of text, whatever it looks like: XlsxWriter is never asked to guess."""
        shown = _fitting(cell_text(text))
        if shown.startswith("<r>") and shown.endswith("</r>"):
            # XlsxWriter takes such a text for markup of its own and writes it as it is; a text in pieces it escapes.
            self._sheet.write_rich_string(number, column, shown[:1], shown[1:2], shown[2:])
            return
        target = web_href(text) if column == _LINKED else None
        if target and len(target) <= _LONGEST_LINK and self._links < _MOST_LINKS:
            self._links += 1
            self._sheet.write_url(number, column, target, self._link, shown)
        else:
            self._sheet.write_string(number, column, shown)


def _fitting(text: str) -> str:
    """A cell's text cut to what a sheet holds, which counts in UTF-16; XlsxWriter leaves a longer one out."""
    if len(text) <= _MOST_UNITS // 2:
        return text
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _MOST_UNITS:
        return text
    return units[: 2 * (_MOST_UNITS - len(CELL_CUT))].decode("utf-16-le", "ignore") + CELL_CUT


def workbook_text(cell: str) -> str:
    """The text of a cell as openpyxl reads it, from which this module made it."""
    return _ESCAPED_UNDERSCORE.sub("_", cell)
