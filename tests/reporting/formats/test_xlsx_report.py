from __future__ import annotations

import csv
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings

from crawler.model.repair import Verb
from crawler.model.report import Report
from crawler.reporting import FORMATS, write
from crawler.reporting.formats.csv_report import COLUMNS
from crawler.reporting.formats.xlsx_report import workbook_text
from crawler.reporting.words.escaping import plain_cell
from tests.reporting.formats.test_csv_report import dead_report
from tests.strategies.examples import examples
from tests.strategies.model import reports
from tests.time_limits import HANG

MISSING = """
import sys
import zipfile
sys.modules["openpyxl"] = None
from crawler.reporting import FORMATS, MissingExtraError
try:
    FORMATS["xlsx"].check()
except MissingExtraError as error:
    print(error)
FORMATS["csv"].check()
"""


def written(report: Report, folder: Path) -> list[tuple[object, ...]]:
    (path,) = write(report, [FORMATS["xlsx"]], folder)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return list(sheet.iter_rows(values_only=True))


def test_a_row_and_its_columns(tmp_path: Path) -> None:
    head, row = written(dead_report("https://a.test/?x=1", "T"), tmp_path)
    assert head == COLUMNS
    filled = {name: cell for name, cell in zip(COLUMNS, row, strict=True) if cell is not None}
    assert filled["url"] == "https://a.test/?x=1"
    assert filled["line"] == "5"
    assert "decision" not in filled


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    (path,) = write(dead_report("=1+1", "=HYPERLINK(1)\x00\ud800"), [FORMATS["xlsx"]], tmp_path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert "=1+1" in {cell.value for cell in cells}
    assert "=HYPERLINK(1)\\x00\\ud800" in {cell.value for cell in cells}


def test_decisions_are_chosen_from_a_list(tmp_path: Path) -> None:
    (path,) = write(dead_report("https://a.test/", "T"), [FORMATS["xlsx"]], tmp_path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    (choice,) = sheet.data_validations.dataValidation
    assert choice.formula1 == f'"{",".join(Verb)}"'


@settings(max_examples=examples(15))
@given(reports())
def test_it_holds_the_rows_of_the_csv_report(report: Report) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        rows = written(report, Path(folder))
        (path,) = write(report, [FORMATS["csv"]], Path(folder))
        with path.open(encoding="utf-8-sig", newline="") as stream:
            assert len(rows) == len(list(csv.reader(stream)))


@pytest.mark.process
def test_a_missing_library_is_an_error_that_says_what_to_install() -> None:
    told = subprocess.run(
        [sys.executable, "-c", MISSING], capture_output=True, text=True, timeout=HANG, check=True
    )
    assert "pip install 'linkhealth[xlsx]'" in told.stdout


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("_x001B_[31m", "_x005F_x001B_[31m"),
        ("a\x1b\u202eb\nc", r"a\x1b\u202eb\nc"),
        ("_x005F_x001b_", "_x005F_x005F_x005F_x001b_"),
        (r"C:\new", r"C:\x5cnew"),
    ],
)
def test_what_a_program_would_obey_is_an_escape(tmp_path: Path, text: str, shown: str) -> None:
    (path,) = write(dead_report(text, "T"), [FORMATS["xlsx"]], tmp_path)
    with zipfile.ZipFile(path) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert f"<t>{shown}</t>" in sheet
    (cell,) = re.findall(r'<c r="H2"[^>]*><is><t>([^<]*)</t>', sheet)
    assert plain_cell(workbook_text(cell)) == text
