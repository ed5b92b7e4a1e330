"""Files of decisions that cost their reader more than they weigh: a few kilobytes that unpack to gigabytes.

`CASES` make each file in a folder; `large` is the size that was seen to take minutes or hundreds of megabytes.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

SHEET: Final = "xl/worksheets/sheet1.xml"
_END: Final = b"</sheetData>"
_PIECE: Final = 10_000
_SPREADSHEETS: Final = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Change = Callable[[bytes], Iterable[bytes]]
"""A part of a workbook, made worse piece by piece."""


def plain() -> bytes:
    """A workbook with one decision."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["url", "decision", "reason", "until"])
    sheet.append(["https://a.test/", "keep", "", ""])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def changed(
    path: Path, changes: Mapping[str, Change], added: Mapping[str, Change] | None = None
) -> None:
    """The plain workbook with some parts changed, and others added."""
    with (
        zipfile.ZipFile(io.BytesIO(plain())) as old,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w", force_zip64=True) as stream:
                data = old.read(name)
                for piece in changes[name](data) if name in changes else (data,):
                    stream.write(piece)
        for name, change in (added or {}).items():
            with new.open(name, "w", force_zip64=True) as stream:
                for piece in change(b""):
                    stream.write(piece)


def replaced(old: bytes, new: bytes) -> Change:
    """One text in the place of another."""
    return lambda data: [data.replace(old, new)]


def filled(before: bytes, unit: bytes, times: int) -> Change:
    """The same element many times before a text."""

    def change(data: bytes) -> Iterable[bytes]:
        at = data.index(before)
        yield data[:at]
        for _ in range(times // _PIECE):
            yield unit * _PIECE
        yield unit * (times % _PIECE) + data[at:]

    return change


def _strings(path: Path, unit: bytes, times: int) -> None:
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    begin, end = b'<sst xmlns="' + _SPREADSHEETS + b'">', b"</sst>"
    fill = filled(end, unit, times)
    changed(
        path,
        {"[Content_Types].xml": replaced(b"</Types>", entry)},
        {"xl/sharedStrings.xml": lambda _: fill(begin + end)},
    )


def _bytes(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _csv(path: Path, line: bytes, times: int) -> None:
    with path.open("wb") as stream:
        stream.write(b"url,decision,reason\n")
        for _ in range(times // _PIECE):
            stream.write(line * _PIECE)


_SHEETS = b'<sheet name="x" sheetId="2" state="visible" r:id="rId1"/>'
_DOCTYPE = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>'

CASES: Final[Mapping[str, tuple[Callable[[Path], None], str]]] = {
    "row-number.xlsx": (
        lambda path: changed(path, {SHEET: replaced(b'<row r="2"', b'<row r="2000000000"')}),
        "a row of the number '2000000000'",
    ),
    "cell-number.xlsx": (
        lambda path: changed(path, {SHEET: replaced(b'r="A2"', b'r="A2000000000"')}),
        "a cell at 'A2000000000'",
    ),
    "column-name.xlsx": (
        lambda path: changed(path, {SHEET: replaced(b'r="A2"', b'r="ZZZZZZZZZ2"')}),
        "a cell at 'ZZZZZZZZZ2'",
    ),
    "styles.xlsx": (
        lambda path: changed(path, {"xl/styles.xml": filled(b"</cellXfs>", b"<xf/>", 18_000_000)}),
        "100,000 styles",
    ),
    "rows.xlsx": (
        lambda path: changed(path, {SHEET: filled(_END, b"<row/>", 80_000_000)}),
        "unpacks to more than",
    ),
    "fewer-rows.xlsx": (
        lambda path: changed(path, {SHEET: filled(_END, b"<row/>", 200_000)}),
        "more than 150,000 rows",
    ),
    "cells.xlsx": (
        lambda path: changed(
            path, {SHEET: filled(_END, b"<row>" + b"<c/>" * 100 + b"</row>", 31_000)}
        ),
        "more than 3,000,000 cells",
    ),
    "strings.xlsx": (
        lambda path: _strings(path, b"<si><t>" + b"x" * 986 + b"</t></si>", 470_000),
        "unpacks to more than",
    ),
    "empty-strings.xlsx": (
        lambda path: _strings(path, b"<si/>", 16_000_000),
        "more than 15,000,000 elements",
    ),
    "long-string.xlsx": (
        lambda path: _strings(path, b"x" * 10_000, 5_000),
        "a value without end",
    ),
    "sheets.xlsx": (
        lambda path: changed(path, {"xl/workbook.xml": filled(b"</sheets>", _SHEETS, 90_000)}),
        "more than 256 sheets",
    ),
    "entities.xlsx": (
        lambda path: changed(path, {SHEET: lambda data: [_DOCTYPE, data]}),
        "defines entities",
    ),
    "depth.xlsx": (
        lambda path: changed(path, {SHEET: filled(_END, b"<row>", 100_000)}),
        "nested deeper than 32",
    ),
    "parts.xlsx": (
        lambda path: changed(
            path, {}, {f"xl/media/{number}.png": lambda _: () for number in range(1_001)}
        ),
        "more than 1,000 parts",
    ),
    "rows.csv": (
        lambda path: _csv(path, b"https://a.test/,keep,\n", 1_500_000),
        "more than 600,000 lines",
    ),
    "fewer-rows.csv": (
        lambda path: _csv(path, b"https://a.test/,keep,\n", 200_000),
        "more than 150,000 rows",
    ),
    "cells.csv": (
        lambda path: _csv(path, b"," * 99 + b"\n", 40_000),
        "more than 3,000,000 cells",
    ),
    "commas.csv": (
        lambda path: _bytes(path, b"url,decision\n" + b"," * 9_000_000),
        "a line of more than 4,000,000 bytes",
    ),
    "list.yml": (
        lambda path: _bytes(path, b"- decision: keep\n" * 700_000),
        "larger than 10,000,000 bytes",
    ),
    "values.yml": (
        lambda path: _bytes(path, b"- decision: keep\n" * 60_000),
        "more than 200,000 values",
    ),
}
"""By name: how the file is made, and what its refusal says."""
