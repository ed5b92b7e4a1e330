"""A small file of decisions costs neither minutes nor gigabytes: it is refused, and says what it is beyond."""

from __future__ import annotations

import os
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from crawler.configuration import ConfigurationError
from crawler.operations.repair import decision_bounds, workbook
from crawler.operations.repair.decision_file import read_decisions
from tests.operations.hostile_decisions import CASES, SHEET, changed, plain, replaced

HEAVY = {"rows.xlsx", "strings.xlsx", "empty-strings.xlsx", "cells.xlsx", "rows.csv"}
"""Cases that take seconds to make or to read; benchmarks/hostile_decisions.py has them at full size."""


@pytest.mark.parametrize("name", sorted(CASES.keys() - HEAVY))
def test_a_hostile_file_is_refused(tmp_path: Path, name: str) -> None:
    make, message = CASES[name]
    make(tmp_path / name)
    with pytest.raises(ConfigurationError) as caught:
        list(read_decisions(tmp_path / name))
    assert message in caught.value.message
    assert name in caught.value.place


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("rows.xlsx", {"LARGEST_SHEET": 100_000}),
        ("strings.xlsx", {"LARGEST_SHEET": 100_000}),
        ("empty-strings.xlsx", {"MOST_CELLS": 10}),
        ("cells.xlsx", {"MOST_CELLS": 1_000}),
    ],
)
def test_the_bounds_hold_while_unpacking(
    tmp_path: Path, name: str, bounds: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound, value in bounds.items():
        monkeypatch.setattr(decision_bounds, bound, value)
    monkeypatch.setattr(workbook, "_MOST_ELEMENTS", 10_000)
    times = {"rows.xlsx": b"<row/>" * 20_000, "cells.xlsx": b"<row>" + b"<c/>" * 1_001 + b"</row>"}
    unit = times.get(name)
    if unit is not None:
        changed(tmp_path / name, {SHEET: replaced(b"</sheetData>", unit + b"</sheetData>")})
    else:
        fill = b"<si><t>" + b"x" * 986 + b"</t></si>" if name == "strings.xlsx" else b"<si/>"
        strings = b"<sst>" + fill * 11_000 + b"</sst>"
        changed(tmp_path / name, {}, {"xl/sharedStrings.xml": lambda _: [strings]})
    with pytest.raises(ConfigurationError, match=r"more than [0-9,]+ (bytes|elements|cells)"):
        list(read_decisions(tmp_path / name))


def lying(data: bytes, size: int) -> bytes:
    """A workbook whose directory and local headers state another size for each part."""
    for mark, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = data.find(mark)
        while start >= 0:
            field = struct.pack("<I", size)
            data = data[: start + at] + field + data[start + at + 4 :]
            start = data.find(mark, start + 4)
    return data


@pytest.mark.parametrize("size", [0, 1, 0xFFFF_FFF0])
def test_a_directory_that_lies_is_refused(tmp_path: Path, size: int) -> None:
    (tmp_path / "d.xlsx").write_bytes(lying(plain(), size))
    with pytest.raises(ConfigurationError, match=r"not a workbook|unpacks to more"):
        list(read_decisions(tmp_path / "d.xlsx"))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_packing_is_refused(tmp_path: Path, method: int) -> None:
    with zipfile.ZipFile(tmp_path / "d.xlsx", "w", method) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
    with pytest.raises(ConfigurationError, match="packed in an unusual way"):
        list(read_decisions(tmp_path / "d.xlsx"))


def test_a_sheet_may_be_slow_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "d.xlsx").write_bytes(plain())
    monkeypatch.setattr(decision_bounds, "MOST_SECONDS", -1.0)
    with pytest.raises(ConfigurationError, match="takes longer than"):
        list(read_decisions(tmp_path / "d.xlsx"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'ref="A1:D2"', b'ref="A1:D2000000000"'),
        (b'<row r="2"', b'<row r="1048576"'),
        (b"</sheetData>", b'<row r="9" hidden="1"/></sheetData>'),
        (b"</sheetData>", b"<row/>" * 1_000 + b"</sheetData>"),
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    ],
)
def test_what_real_spreadsheets_leave_behind_is_read(
    tmp_path: Path, old: bytes, new: bytes
) -> None:
    changed(tmp_path / "d.xlsx", {SHEET: replaced(old, new)})
    (read,) = read_decisions(tmp_path / "d.xlsx")
    assert "d.xlsx:" in read.place


def test_pictures_and_other_sheets_are_no_obstacle(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["url", "decision"])
    sheet.append(["https://a.test/", "keep"])
    other = book.create_sheet("other")
    for _ in range(50):
        other.append(["x"] * 100)
    book.save(tmp_path / "e.xlsx")
    with zipfile.ZipFile(tmp_path / "e.xlsx", "a") as packed:
        packed.writestr("xl/media/image1.png", b"\x89PNG" + bytes(1_000_000))
        packed.writestr("xl/printerSettings/printerSettings1.bin", b"<" + bytes(1_000))
    assert len(list(read_decisions(tmp_path / "e.xlsx"))) == 1


def test_a_part_that_is_no_xml_is_never_read(tmp_path: Path) -> None:
    """What the examination could not read must not reach another parser, which may read it after all."""
    changed(
        tmp_path / "d.xlsx", {"xl/styles.xml": lambda data: [data.replace(b"UTF-8", b"x"), b"<"]}
    )
    assert len(list(read_decisions(tmp_path / "d.xlsx"))) == 1


@pytest.mark.parametrize("name", ["d.csv", "d.xlsx", "d.yml"])
def test_a_pipe_or_a_device_is_not_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    (tmp_path / f"link-{name}").symlink_to("/dev/zero")
    for path in (tmp_path / name, tmp_path / f"link-{name}"):
        with pytest.raises(ConfigurationError, match="not a regular file"):
            list(read_decisions(path))


def test_rows_of_many_lines_and_utf_16_are_counted_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decision_bounds, "MOST_ROWS", 10)
    cell = '"a\nb\nc"'
    rows = "url,decision,note\n" + f"u,keep,{cell}\n" * 10
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        (tmp_path / "d.csv").write_bytes(rows.encode(encoding))
        assert len(list(read_decisions(tmp_path / "d.csv"))) == 10
    (tmp_path / "d.csv").write_text(rows + "u,keep,\n")
    with pytest.raises(ConfigurationError, match="more than 10 rows"):
        list(read_decisions(tmp_path / "d.csv"))


@pytest.mark.parametrize(
    ("name", "is_read"),
    [
        ("site/own.csv", True),
        ("site/link-in.csv", True),
        ("beside.csv", True),
        ("link-beside.csv", True),
        ("site/link-out.csv", False),
        ("site/folder-out/beside.csv", False),
        ("site/folder-out/../beside.csv", False),
        ("site/../site/link-out.csv", False),
        ("alias/link-out.csv", False),
        ("alias/own.csv", True),
    ],
)
def test_a_file_of_the_collection_may_not_be_a_link_out_of_it(
    tmp_path: Path, name: str, is_read: bool
) -> None:
    root = tmp_path / "site"
    root.mkdir()
    for path in (root / "own.csv", tmp_path / "beside.csv"):
        path.write_text("url,decision\nu,keep\n")
    (root / "link-in.csv").symlink_to("own.csv")
    (root / "link-out.csv").symlink_to("../beside.csv")
    (root / "folder-out").symlink_to(tmp_path)
    (tmp_path / "link-beside.csv").symlink_to("site/own.csv")
    (tmp_path / "alias").symlink_to(root)
    if is_read:
        assert len(list(read_decisions(tmp_path / name, root))) == 1
    else:
        with pytest.raises(ConfigurationError, match=r"link out of the collection|No such file"):
            list(read_decisions(tmp_path / name, root))
