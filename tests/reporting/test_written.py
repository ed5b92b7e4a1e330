"""Reports that were written from the same things, and that nobody has changed, are left as they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.model.thumbnail import Thumbnail
from crawler.reporting import FORMATS, write
from crawler.reporting.written import NOTE
from tests.reporting.large_report import generated
from tests.strategies.model import report_of

DEFAULT = [one for one in FORMATS.values() if one.is_default]
NAMES = [one.file_name for one in DEFAULT]
LATER = report_of(generated_at=datetime(2027, 1, 1, tzinfo=UTC))


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    """Inode and time of every file: a file that is written again has others."""
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir()}


def test_the_same_basis_writes_nothing(tmp_path: Path) -> None:
    first = write(report_of(), DEFAULT, tmp_path, basis="one")
    before = marks(tmp_path)
    assert sorted(before) == sorted([*NAMES, NOTE])
    assert write(LATER, DEFAULT, tmp_path, basis="one") == first
    assert marks(tmp_path) == before


def test_another_basis_or_none_writes_everything(tmp_path: Path) -> None:
    write(report_of(), DEFAULT, tmp_path, basis="one")
    for basis in ("two", None):
        before = marks(tmp_path)
        write(LATER, DEFAULT, tmp_path, basis=basis)
        after = marks(tmp_path)
        assert all(after[name] != before[name] for name in NAMES)
    # What was written without a basis is not what the note tells of.
    assert "2027-01-01" in (tmp_path / "report.json").read_text("utf-8")
    write(report_of(), DEFAULT, tmp_path, basis="one")
    assert "2026-11-22" in (tmp_path / "report.json").read_text("utf-8")


def _edit(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def _link(path: Path) -> None:
    other = path.with_name("other")
    path.rename(other)
    path.symlink_to(other)


@pytest.mark.parametrize("change", [_edit, Path.unlink, _link])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_was_changed_by_hand_is_written_again_alone(
    name: str, change: Callable[[Path], None], tmp_path: Path
) -> None:
    write(report_of(), DEFAULT, tmp_path, basis="one")
    whole = (tmp_path / name).read_bytes()
    before = marks(tmp_path)
    change(tmp_path / name)
    write(report_of(), DEFAULT, tmp_path, basis="one")
    assert (tmp_path / name).read_bytes() == whole
    assert not (tmp_path / name).is_symlink()
    after = marks(tmp_path)
    assert {one for one in NAMES if after[one] == before[one]} == {*NAMES} - {name}


def test_each_format_is_remembered_by_itself(tmp_path: Path) -> None:
    write(report_of(), [FORMATS["json"]], tmp_path, basis="one")
    write(report_of(), [FORMATS["csv"]], tmp_path, basis="one")
    before = marks(tmp_path)
    write(LATER, [FORMATS["csv"], FORMATS["json"]], tmp_path, basis="one")
    assert marks(tmp_path) == before


def test_thumbnails_concern_only_what_shows_them(tmp_path: Path) -> None:
    write(report_of(), DEFAULT, tmp_path, basis="one")
    before = marks(tmp_path)
    pictures = {("a.md", "https://a.test/a.png"): Thumbnail(1, 1, b"\xff\xd8")}
    write(report_of(), DEFAULT, tmp_path, pictures, basis="one")
    after = marks(tmp_path)
    assert {name for name in NAMES if after[name] != before[name]} == {"report.html"}


@pytest.mark.parametrize(
    "note", [b"", b"[]", b"{", b'{"report.json": 1}', b'{"report.json": {}}', b"[" * 100_000]
)
def test_a_note_that_makes_no_sense_is_none(note: bytes, tmp_path: Path) -> None:
    write(report_of(), DEFAULT, tmp_path, basis="one")
    (tmp_path / NOTE).write_bytes(note)
    write(LATER, DEFAULT, tmp_path, basis="one")
    assert "2027-01-01" in (tmp_path / "report.json").read_text("utf-8")
    assert set(json.loads((tmp_path / NOTE).read_bytes())) == {*NAMES}


def test_it_is_told_how_far_the_writing_has_come(tmp_path: Path) -> None:
    told: list[str] = []
    write(generated(600), DEFAULT, tmp_path, basis="one", tell=told.append)
    assert [text for text in told if ":" not in text] == [f"writing {name}" for name in NAMES]
    counted = [text for text in told if text.startswith("writing report.json: ")]
    assert counted[0].startswith("writing report.json: 20 of ")
    assert any(text.endswith("URLs") for text in counted)
    assert any(text.endswith("articles") for text in counted)
    told.clear()
    write(generated(600), DEFAULT, tmp_path, basis="one", tell=told.append)
    assert told == []
