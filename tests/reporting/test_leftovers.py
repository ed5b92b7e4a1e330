"""What a killed run left of its reports is removed, and nothing else is."""

from __future__ import annotations

import fcntl
import os
import tempfile
from pathlib import Path

import pytest

from crawler.files import Folder
from crawler.reporting import FORMATS, ReportFormat, write
from crawler.reporting.leftovers import scratch, sweep, sweep_scratch
from tests.strategies.model import report_of

LEFT = ".report.csv.0123456789abcdef.tmp"
OTHERS = (
    "report.csv",
    ".report.csv",
    ".report.csv.tmp",
    ".report.csv.0123456789ABCDEF.tmp",
    ".report.csv.0123456789abcdef0.tmp",
    ".report.csv.0123456789abcdef.tmp.bak",
    "report.csv.0123456789abcdef.tmp",
    ".notes.csv.0123456789abcdef.tmp",
    ".linkhealth-x.tmp",
    ".report..0123456789abcdef.tmp",
)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_only_temporary_reports_are_removed(tmp_path: Path) -> None:
    for name in (LEFT, ".report.json.ffffffffffffffff.tmp", *OTHERS):
        (tmp_path / name).touch()
    with Folder.opened(tmp_path) as ours:
        sweep(ours)
        assert names(tmp_path) == set(OTHERS)
        (tmp_path / LEFT).touch()
        with Folder.opened(tmp_path) as theirs:
            sweep(theirs)
            assert LEFT in names(tmp_path), "another run is writing it"
    with Folder.opened(tmp_path) as later:
        sweep(later)
        assert names(tmp_path) == set(OTHERS)


@pytest.mark.parametrize("chosen", FORMATS.values(), ids=FORMATS)
def test_the_temporary_files_of_every_format_are_known(
    tmp_path: Path, chosen: ReportFormat
) -> None:
    (tmp_path / f".{chosen.file_name}.0123456789abcdef.tmp").touch()
    with Folder.opened(tmp_path) as folder:
        sweep(folder)
    assert names(tmp_path) == set()


def test_a_folder_in_the_name_of_a_temporary_report_stays(tmp_path: Path) -> None:
    (tmp_path / LEFT).mkdir()
    with Folder.opened(tmp_path) as folder:
        sweep(folder)
        assert names(tmp_path) == {LEFT}


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_temporary_files_of_libraries_are_gone_at_the_end(system: Path) -> None:
    with scratch(), tempfile.NamedTemporaryFile(prefix="openpyxl.", delete=False) as made:
        assert Path(made.name).parent.parent == system
    with pytest.raises(ValueError, match="a library fails"), scratch():
        raise ValueError("a library fails")
    assert names(system) == set()
    assert tempfile.gettempdir() == str(system)


def test_folders_of_killed_runs_are_removed(system: Path) -> None:
    left, used, other = (
        system / f"linkhealth-scratch-{name}" for name in ("left", "used", "other")
    )
    for folder in (left, used):
        folder.mkdir()
        (folder / "openpyxl.x").touch()
    elsewhere = system / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").touch()
    other.symlink_to(elsewhere)
    descriptor = os.open(used, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    sweep_scratch()
    assert (elsewhere / "file").exists()
    os.close(descriptor)
    assert names(system) == {used.name, other.name, "elsewhere"}
    sweep_scratch()
    assert names(system) == {other.name, "elsewhere"}


def test_they_are_removed_though_no_report_has_to_be_written(system: Path, tmp_path: Path) -> None:
    """A run may be killed when the last report is written, and before it has cleaned up."""
    out = tmp_path / "reports"
    for _ in range(2):
        (system / "linkhealth-scratch-left").mkdir()
        write(report_of(), [FORMATS["csv"]], out, basis="as it was")
        assert names(system) == {"reports"}
