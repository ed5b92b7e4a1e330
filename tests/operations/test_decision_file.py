from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.configuration import ConfigurationError
from crawler.model.repair import Instruction, Verb
from crawler.operations.repair import decision_bounds, decision_tables
from crawler.operations.repair.decision_file import Misread, read_decisions
from crawler.reporting import FORMATS, write
from crawler.reporting.formats.csv_report import COLUMNS
from crawler.reporting.words.escaping import csv_cell
from tests.reporting.formats.test_csv_report import dead_report

Cells = dict[str, str]


def as_csv(path: Path, *rows: Cells, delimiter: str = ",") -> Path:
    head = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter)
    writer.writerow(head)
    writer.writerows([csv_cell(row.get(name, "")) for name in head] for row in rows)
    path.write_text(stream.getvalue(), "utf-8-sig", newline="")
    return path


def as_xlsx(path: Path, *rows: Cells) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    head = list(dict.fromkeys(name for row in rows for name in row))
    sheet.append(head)
    for row in rows:
        sheet.append([row.get(name) for name in head])
    book.save(path)
    return path


def as_yaml(path: Path, *rows: Cells) -> Path:
    lines = []
    for row in rows:
        pairs = [f"{name}: '" + text.replace("'", "''") + "'" for name, text in row.items()]
        lines.append("- " + "\n  ".join(pairs))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


WRITERS = {"csv": as_csv, "xlsx": as_xlsx, "yml": as_yaml}

MOVED = {
    "path": "a.md",
    "line": "4",
    "at": "webUrl",
    "kind": "moved",
    "reason": "redirect-permanent",
    "url": "http://a.test/",
    "suggestion": "https://a.test/",
    "decision": "accept",
    "note": "",
}
IGNORED = {
    "url": "https://b.test/",
    "decision": " Ignore ",
    "reason": "flaky",
    "until": "2027-01-31",
}


@pytest.mark.parametrize("suffix", WRITERS)
def test_rows_are_read_alike_from_every_format(tmp_path: Path, suffix: str) -> None:
    path = WRITERS[suffix](tmp_path / f"d.{suffix}", MOVED, {"url": "x", "decision": ""})
    (read,) = read_decisions(path)
    assert read == Instruction(
        place=read.place,
        verb=Verb.ACCEPT,
        url="http://a.test/",
        path="a.md",
        at="webUrl",
        line=4,
        kind="moved",
        reason="redirect-permanent",
        suggestion="https://a.test/",
    )
    path = WRITERS[suffix](tmp_path / f"e.{suffix}", IGNORED)
    (read,) = read_decisions(path)
    assert read == Instruction(
        read.place, Verb.IGNORE, "https://b.test/", note="flaky", until=date(2027, 1, 31)
    )


@pytest.mark.parametrize(
    ("suffix", "place"), [("csv", "d.csv:3"), ("xlsx", "d.xlsx:3"), ("yml", "d.yml:5")]
)
def test_a_row_is_named_by_its_place(tmp_path: Path, suffix: str, place: str) -> None:
    path = WRITERS[suffix](tmp_path / f"d.{suffix}", IGNORED, IGNORED | {"decision": "drob"})
    _, wrong = read_decisions(path)
    assert wrong == Misread(place, "decision 'drob' is unknown; did you mean 'drop'?")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"decision": "replace", "url": "u"}, "new_value"),
        ({"decision": "replace", "new_value": "u"}, "name the URL"),
        ({"decision": "replace-everywhere", "new_value": "u"}, "column url"),
        ({"decision": "accept", "path": "a.md"}, "path and at"),
        ({"decision": "drop", "at": "ampWebUrl"}, "path and at"),
        ({"decision": "ignore", "reason": "r", "until": "2027-01-01"}, "column url"),
        ({"decision": "ignore", "url": "u", "until": "2027-01-01"}, "say why"),
        ({"decision": "ignore", "url": "u", "reason": "r"}, "column until"),
        ({"decision": "not-broken", "url": "u"}, "say why"),
        ({"decision": "seen", "path": "a.md"}, "the column url"),
        ({"decision": "not-broken", "url": "u", "reason": "r", "until": "2027-01-01"}, "ignore"),
        (
            {"decision": "ignore", "url": "u", "reason": "r", "until": "soon"},
            "'soon' is not a date",
        ),
        ({"decision": "ignore", "url": "u", "reason": "r" * 501, "until": "2027-01-01"}, "500"),
        # In a report, `reason` is the finding's code and says nothing of the editor's own.
        (
            {"decision": "not-broken", "url": "u", "kind": "dead-link", "reason": "http-404"},
            "say why",
        ),
    ],
)
def test_what_a_decision_lacks_is_reported(tmp_path: Path, row: Cells, message: str) -> None:
    (wrong,) = read_decisions(as_csv(tmp_path / "d.csv", row))
    assert isinstance(wrong, Misread)
    assert message in wrong.message


@pytest.mark.parametrize("verb", ["keep", "KEEP"])
def test_keep_wants_nothing(tmp_path: Path, verb: str) -> None:
    (read,) = read_decisions(as_csv(tmp_path / "d.csv", {"decision": verb}))
    assert isinstance(read, Instruction)
    assert not read.verb.changes_files


def test_semicolons_and_own_columns_are_read(tmp_path: Path) -> None:
    row = IGNORED | {"my own": "x;y"}
    (read,) = read_decisions(as_csv(tmp_path / "d.csv", row, delimiter=";"))
    assert isinstance(read, Instruction)
    assert read.url == "https://b.test/"


def test_utf_16_of_a_spreadsheet_is_read(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_bytes("url,decision\r\nhttps://ü.test/,keep\r\n".encode("utf-16"))
    (read,) = read_decisions(path)
    assert isinstance(read, Instruction)
    assert read.url == "https://ü.test/"


def test_dates_of_a_workbook_are_days(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["url", "decision", "reason", "until"])
    sheet.append(["u", "ignore", "r", datetime(2027, 1, 31)])  # noqa: DTZ001 - a sheet has no zones
    book.save(tmp_path / "d.xlsx")
    (read,) = read_decisions(tmp_path / "d.xlsx")
    assert isinstance(read, Instruction)
    assert read.until == date(2027, 1, 31)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        # A ZipInfo has a fixed day: these bytes name a test, and all workers must name it alike.
        one = zipfile.ZipInfo("xl/workbook.xml")
        packed.writestr(one, b" " * 2_000, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("d.pdf", b"", "none of .csv"),
        ("d.csv", b"", "no column `decision`"),
        ("d.csv", b"url,verdict\nx,y\n", "no column `decision`"),
        ("d.csv", b"url,decision\n\xff,keep\n", "d.csv:2"),
        ("d.csv", b'decision\n"' + b"x" * 200_000 + b'"\n', "not CSV"),
        ("d.yml", b"url: x\n", "is not a list"),
        ("d.yml", b"- x\n", "d.yml:1"),
        ("d.yml", b"- decision: keep\n- decison: x\n", "did you mean 'decision'?"),
        ("d.yml", b"- decision: keep\n- [a]: x\n", "unknown key"),
        ("d.yml", b"- decision: [keep]\n", "decision is not a plain value"),
        ("d.yml", b"\n- &a decision: keep\n- *a\n", "d.yml:3"),
        ("d.yml", b"[" * 1_000, "nested deeper"),
        ("d.yml", b"- {decision: keep\n", "d.yml:"),
        ("d.xlsx", b"no zip", "not a workbook"),
        ("d.xlsx", bomb(), "unpacks to more than"),
        ("d.xlsx", bomb()[:-30], "not a workbook"),
    ],
)
def test_an_unreadable_file_is_refused(
    tmp_path: Path, name: str, data: bytes, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_bounds, "LARGEST_SHEET", 1_000)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigurationError, match=message):
        list(read_decisions(tmp_path / name))


def test_a_missing_and_a_large_file_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        list(read_decisions(tmp_path / "d.csv"))
    monkeypatch.setattr(decision_bounds, "LARGEST_FILE", 9)
    (tmp_path / "d.csv").write_bytes(b"x" * 10)
    with pytest.raises(ConfigurationError, match="larger than"):
        list(read_decisions(tmp_path / "d.csv"))


@pytest.mark.parametrize("data", [b"", b"# nothing\n", b"~\n"])
def test_an_empty_yaml_file_has_no_decisions(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "d.yml").write_bytes(data)
    assert list(read_decisions(tmp_path / "d.yml")) == []


@given(st.sampled_from(["d.csv", "d.yml", "d.xlsx"]), st.binary(max_size=300))
def test_any_bytes_give_rows_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("any") / name
    path.write_bytes(data)
    try:
        read = list(read_decisions(path))
    except ConfigurationError:
        return
    assert all(isinstance(one, Instruction | Misread) for one in read)


@given(st.fixed_dictionaries(dict.fromkeys(("url", "declared", "new_value"), st.text(max_size=40))))
def test_what_the_csv_report_writes_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, cells: Cells
) -> None:
    wanted = {
        name: text.replace("\0", "").encode("utf-8", "ignore").decode()
        for name, text in cells.items()
    }
    path = as_csv(tmp_path_factory.mktemp("back") / "d.csv", wanted | {"decision": "keep"})
    (read,) = read_decisions(path)
    assert isinstance(read, Instruction)
    for name in ("url", "declared"):
        text = wanted[name]
        assert getattr(read, name) == (text if text.strip() else "")


def test_every_column_of_a_report_is_known() -> None:
    assert set(COLUMNS) == decision_tables.KNOWN


def test_a_workbook_of_a_report_is_filled_in_and_read_back(tmp_path: Path) -> None:
    (path,) = write(dead_report("=https://a.test/?x=1", "T"), [FORMATS["xlsx"]], tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(2, COLUMNS.index("decision") + 1, "replace")
    sheet.cell(2, COLUMNS.index("new_value") + 1, "https://b.test/")
    book.save(path)
    (read,) = read_decisions(path)
    assert isinstance(read, Instruction)
    assert (read.place, read.verb) == ("report.xlsx:2", Verb.REPLACE)
    assert (read.path, read.at, read.line) == ("a.md", "webUrl", 5)
    assert (read.url, read.new_value) == ("=https://a.test/?x=1", "https://b.test/")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["", "sep={}", '"sep={}"'])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_report_is_read_as_spreadsheets_save_it(
    tmp_path: Path, encoding: str, delimiter: str, first: str, end: str
) -> None:
    decided = {**MOVED, "url": "https://ü.test/,;\t", "new_value": ""}
    text = as_csv(tmp_path / "d.csv", decided, delimiter=delimiter).read_text("utf-8-sig")
    told = first.format(delimiter) + end if first else ""
    path = tmp_path / "saved.csv"
    mark = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    path.write_bytes((mark + told + text.replace("\r\n", end)).encode(encoding))
    (read,) = read_decisions(path)
    assert isinstance(read, Instruction)
    assert (read.verb, read.path, read.line) == (Verb.ACCEPT, "a.md", 4)
    assert read.url == "https://ü.test/,;\t"
    assert read.place == ("saved.csv:3" if first else "saved.csv:2")


def test_a_separator_that_was_saved_as_a_row_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("sep=;,,\r\nurl,decision,\r\nhttps://a.test/,keep,\r\n", "utf-8", newline="")
    (read,) = read_decisions(path)
    assert read == Instruction("d.csv:3", Verb.KEEP, "https://a.test/")


@pytest.mark.parametrize("name", ["d.tsv", "d.txt", "D.TXT"])
def test_tables_have_other_names_too(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("url\tdecision\nhttps://a.test/\tkeep\n", "utf-16")
    (read,) = read_decisions(path)
    assert read == Instruction(f"{name}:2", Verb.KEEP, "https://a.test/")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_report_is_read_back(tmp_path: Path, suffix: str) -> None:
    """As a person would leave it: nothing is decided."""
    (path,) = write(dead_report("https://a.test/", "T"), [FORMATS[suffix]], tmp_path)
    assert list(read_decisions(path)) == []
