from __future__ import annotations

import csv
import re
import subprocess
import sys
import zipfile
from datetime import datetime
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
sys.modules["xlsxwriter"] = None
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
    assert filled["line"] == 5
    assert filled["since"] == datetime(2026, 11, 1)  # noqa: DTZ001 - a sheet knows no zones
    assert "decision" not in filled


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    (path,) = write(dead_report("=1+1", "=HYPERLINK(1)\x00\ud800"), [FORMATS["xlsx"]], tmp_path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n", "d"}
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


def linked(report: Report, folder: Path) -> list[tuple[str, str]]:
    """The texts of cells that are links, and their targets."""
    (path,) = write(report, [FORMATS["xlsx"]], folder)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    return [
        (str(cell.value), f"{link.target}#{link.location or ''}".removesuffix("#"))
        for row in sheet.iter_rows()
        for cell in row
        if (link := cell.hyperlink)
    ]


@pytest.mark.parametrize(
    "url", ["https://a.test/?x=1&y=%C3%A4", "https://a.test/x#y", "HTTP://a.test/"]
)
def test_an_address_is_a_link(tmp_path: Path, url: str) -> None:
    assert linked(dead_report(url, "T"), tmp_path) == [(url, url)]


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "internal:A1", "https://a.test/" + "x" * 3_000],
)
def test_another_address_is_text(tmp_path: Path, url: str) -> None:
    assert linked(dead_report(url, "T"), tmp_path) == []


def test_the_head_is_styled_and_stays_in_sight(tmp_path: Path) -> None:
    (path,) = write(dead_report("https://a.test/", "T"), [FORMATS["xlsx"]], tmp_path)
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    assert str(sheet.auto_filter.ref).startswith("A1:")
    assert all(cell.font.b and cell.fill.fgColor.rgb for cell in sheet[1])


def test_a_text_is_cut_to_what_a_cell_holds(tmp_path: Path) -> None:
    rows = written(dead_report("https://a.test/", "🙂" * 31_000), tmp_path)
    title = str(rows[1][COLUMNS.index("title")])
    assert title.startswith("🙂" * 16_000)
    assert title.endswith("… (cut)")
    assert len(title.encode("utf-16-le")) <= 2 * 32_767


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
        ("_x005F_x001b_", "_x005F_x005F_x001b_"),
        (r"C:\new", r"C:\x5cnew"),
    ],
)
def test_what_a_program_would_obey_is_an_escape(tmp_path: Path, text: str, shown: str) -> None:
    (path,) = write(dead_report(text, "T"), [FORMATS["xlsx"]], tmp_path)
    with zipfile.ZipFile(path) as packed:
        sheet = packed.read("xl/worksheets/sheet1.xml").decode()
    assert f"<t>{shown}</t>" in sheet
    (cell,) = re.findall(r'<c r="I2"[^>]*><is><t>([^<]*)</t>', sheet)
    assert plain_cell(workbook_text(cell)) == text
