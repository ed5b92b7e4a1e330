"""`report.xlsx`: the rows of `report.csv` as a workbook, with a list to choose decisions from.

openpyxl is an extra: only reading and writing workbooks needs it.
"""

from __future__ import annotations

import re
from typing import Any, BinaryIO

from crawler.model.repair import Verb
from crawler.reporting.formats.csv_report import COLUMNS, FINDING_COLUMNS, cells
from crawler.reporting.formats.extra import WORKBOOKS
from crawler.reporting.formats.report_format import ReportContent
from crawler.reporting.words.escaping import cell_text

_LIKE_AN_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""Spreadsheets read `_x001B_` as the character (ECMA-376, 22.4.2.4); an escaped underscore makes it text."""
_UNDERSCORE = "_x005F_"
_ESCAPED_UNDERSCORE = re.compile(rf"{_UNDERSCORE}(?=x[0-9A-Fa-f]{{4}}_)")
_MOST_ROWS = 1_048_576
"""Rows that a sheet can have."""
_WIDTHS = {"path": 32, "url": 48, "final_url": 32, "suggestion": 40, "new_value": 40, "title": 40}
_WIDTH = 14


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write every finding into a new file; row by row, so that memory stays flat.

    Raises MissingExtraError, and OSError where the file cannot be written.
    """
    openpyxl = WORKBOOKS.load()
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("findings")
    sheet.freeze_panes = "A2"
    for number, name in enumerate(COLUMNS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = _WIDTHS.get(name, _WIDTH)
    decided = get_column_letter(COLUMNS.index("decision") + 1)
    choice = DataValidation("list", formula1=f'"{",".join(Verb)}"', allow_blank=True)
    choice.add(f"{decided}2:{decided}{_MOST_ROWS}")
    sheet.data_validations.append(choice)
    sheet.append([_text(sheet, name) for name in COLUMNS])
    for number, finding in enumerate(content.findings.by_priority(), start=2):
        if number > _MOST_ROWS:
            break
        sheet.append([_text(sheet, text) if text else None for text in cells(finding)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(FINDING_COLUMNS))}1"
    book.save(stream)


def _text(sheet: Any, text: str) -> Any:
    """A cell of text, whatever it begins with: openpyxl would take `=…` for a formula."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, _LIKE_AN_ESCAPE.sub(_UNDERSCORE, cell_text(text)))
    cell.data_type = "s"
    return cell


def workbook_text(cell: str) -> str:
    """The text of a cell as openpyxl reads it, from which this module made it."""
    return _ESCAPED_UNDERSCORE.sub("_", cell)
