"""Folders of groups that are gone go where they are ours, and nothing else does."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from crawler.files import Place
from crawler.reporting import FORMATS, write
from crawler.reporting.gone_groups import GoneGroups, remove_gone
from crawler.reporting.written import NOTE
from tests.strategies.model import report_of

CSV, JSON = FORMATS["csv"], FORMATS["json"]


def written(root: Path, name: str) -> Path:
    """A folder with two reports, as `--by` writes them."""
    folder = root / "by-topic" / name
    write(report_of(), [CSV, JSON], folder, basis=name)
    return folder


def gone(root: Path, *kept: str) -> GoneGroups:
    return remove_gone(Place(root, "by-topic"), kept)


def test_what_is_ours_goes_and_what_is_of_a_group_stays(tmp_path: Path) -> None:
    for name in ("ai", "cloud", "old"):
        written(tmp_path, name)
    (tmp_path / "by-topic" / "index.html").touch()
    found = gone(tmp_path, "ai")
    assert found == GoneGroups(removed=("cloud", "old"))
    assert found.told == "removed 2 folders of groups that are gone (cloud, old)"
    assert {path.name for path in (tmp_path / "by-topic").iterdir()} == {"ai", "index.html"}
    assert gone(tmp_path, "ai").told is None


def test_a_folder_that_a_killed_run_has_half_removed_goes(tmp_path: Path) -> None:
    folder = written(tmp_path, "old")
    (folder / "report.csv").unlink()
    assert gone(tmp_path).removed == ("old",)


@pytest.mark.parametrize(
    "case", ["edited", "more", "folder", "no note", "odd note", "empty", "link", "named"]
)
def test_what_is_not_ours_stays(tmp_path: Path, case: str) -> None:
    folder = written(tmp_path, "old")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    match case:
        case "edited":
            (folder / "report.csv").write_text("mine")
        case "more":
            (folder / "notes.txt").touch()
        case "folder":
            (folder / "inner").mkdir()
        case "no note":
            (folder / NOTE).unlink()
        case "odd note":
            (folder / NOTE).write_text("[" * 99)
        case "empty":
            for path in folder.iterdir():
                path.unlink()
        case "link":
            (folder / "report.csv").unlink()
            (folder / "report.csv").symlink_to(elsewhere)
        case _:
            # A note that names a file above it.
            note = (folder / NOTE).read_text().replace("report.csv", "../../elsewhere")
            (folder / NOTE).write_text(note)
    before = sorted(path.name for path in folder.iterdir())
    assert gone(tmp_path) == GoneGroups(staying=("old",))
    assert sorted(path.name for path in folder.iterdir()) == before
    assert elsewhere.read_text() == "mine"


def test_a_note_that_names_a_file_above_removes_nothing_there(tmp_path: Path) -> None:
    """All that is in the folder is ours, and the note says more than that."""
    folder = written(tmp_path, "old")
    victim = tmp_path / "by-topic" / "index.json"
    victim.write_text("mine")
    note = (folder / NOTE).read_text()
    extra = note.rstrip().removesuffix("}") + ', "../index.json": {"basis": "", "sha256": ""}}'
    (folder / NOTE).write_text(extra)
    gone(tmp_path)
    assert victim.read_text() == "mine"


def test_a_link_in_the_place_of_a_folder_is_not_followed(tmp_path: Path) -> None:
    written(tmp_path / "other", "old")
    (tmp_path / "by-topic").mkdir()
    (tmp_path / "by-topic" / "old").symlink_to(tmp_path / "other" / "by-topic" / "old")
    assert gone(tmp_path) == GoneGroups()
    assert (tmp_path / "other" / "by-topic" / "old" / "report.csv").exists()


def test_a_folder_that_is_being_written_stays(tmp_path: Path) -> None:
    folder = written(tmp_path, "old")
    descriptor = os.open(folder, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    assert gone(tmp_path).staying == ("old",)
    os.close(descriptor)
    assert gone(tmp_path).removed == ("old",)


def test_many_are_told_in_one_line_and_names_are_printable() -> None:
    names = tuple(f"{number}\x1b[31m\n" for number in range(7))
    told = GoneGroups(names, names[:1]).told
    assert told == (
        r"removed 7 folders of groups that are gone (0\x1b[31m\n, 1\x1b[31m\n, 2\x1b[31m\n, 3\x1b[31m\n, 4\x1b[31m\n "
        r"and 2 more); left alone 1 folder with more in it than our reports, or edited ones (0\x1b[31m\n)"
    )
