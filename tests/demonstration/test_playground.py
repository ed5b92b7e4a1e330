"""The demonstration's folder: always fresh, never somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.demonstration.playground import (
    MARKER,
    FolderNotOursError,
    make_playground,
    snapshot,
    written_block,
)
from crawler.demonstration.sample import COLLECTION


def test_a_copy_is_exact(tmp_path: Path) -> None:
    folder = make_playground(tmp_path / "new" / "demo")
    copied = snapshot(folder)
    assert copied.pop(MARKER)
    assert copied == snapshot(COLLECTION)


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    assert snapshot(make_playground(tmp_path)).keys() >= {MARKER, "about.md"}


def test_its_own_folder_is_made_anew(tmp_path: Path) -> None:
    folder = make_playground(tmp_path / "demo")
    fresh = snapshot(folder)
    (folder / "about.md").write_text("changed", encoding="utf-8")
    (folder / "more.md").write_text("new", encoding="utf-8")
    assert snapshot(make_playground(folder)) == fresh


def other_folder(place: Path) -> None:
    place.mkdir()
    (place / "mine.md").touch()


def link_to_own(place: Path) -> None:
    place.symlink_to(make_playground(place.with_name("real")))


@pytest.mark.parametrize("occupy", [other_folder, Path.touch, link_to_own])
def test_anything_made_by_others_is_left_alone(tmp_path: Path, occupy: object) -> None:
    place = tmp_path / "demo"
    assert callable(occupy)
    occupy(place)
    before = snapshot(tmp_path)
    with pytest.raises(FolderNotOursError, match="name another folder"):
        make_playground(place)
    assert snapshot(tmp_path) == before


def test_the_state_is_no_part_of_the_snapshot(tmp_path: Path) -> None:
    folder = make_playground(tmp_path / "demo")
    before = snapshot(folder)
    (folder / ".linkhealth").mkdir()
    (folder / ".linkhealth" / "state.sqlite3").touch()
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    ("text", "block"),
    [
        ("---\ntitle: a\n---\n", None),
        ("---\nlinkHealth:\n  schema: 1\nsecured: x\n---\n", "linkHealth:\n  schema: 1"),
        (
            "\ufeff---\r\nlinkHealth:\r\n  schema: 1\r\n  a: []\r\n---\r\n",
            "linkHealth:\n  schema: 1\n  a: []",
        ),
        ("---\nlinkHealth:\n  schema: 1", "linkHealth:\n  schema: 1"),
    ],
)
def test_the_block_of_a_file(tmp_path: Path, text: str, block: str | None) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(text.encode())
    assert written_block(path) == block


def test_a_file_that_is_not_there_has_no_block(tmp_path: Path) -> None:
    assert written_block(tmp_path / "a.md") is None
