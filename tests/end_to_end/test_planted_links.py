"""A collection that a stranger made: links and pipes in the place of whatever a run reads or writes (docs/adr/0027)."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, article, run_command
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-planted")

PRIVATE = "the content of another person's file"
SITE = "https://site.example"


class Planted:
    """A collection, and a folder outside of it that must stay as it is."""

    def __init__(self, web: LoopbackWeb, folder: Path) -> None:
        self.web = web
        self.collection = Collection(folder / "collection")
        self.root = self.collection.root
        self.collection.add("a.md", article(web=f"{SITE}/a"))
        self.outside = folder / "outside"
        (self.outside / "folder").mkdir(parents=True)
        for name in ("file", "folder/file", "state.sqlite3", "report.json"):
            (self.outside / name).write_text(f"{PRIVATE}: [\n- x")
        self._before = self._state()

    def _state(self) -> dict[str, str]:
        return {
            path.relative_to(self.outside).as_posix(): path.read_text() if path.is_file() else ""
            for path in self.outside.rglob("*")
        }

    def link(self, name: str, target: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(self.outside / target)

    def run(self, *arguments: str) -> Completed:
        """A command, and that nothing outside was changed or shown by it."""
        command, *more = arguments
        done = run_command(self.web, command, str(self.root), *more, timeout=60)
        assert self._state() == self._before
        assert PRIVATE not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        for path in self.root.rglob("*"):
            if path.is_file() and not path.is_symlink():
                assert PRIVATE.encode() not in path.read_bytes(), path
        return done


@pytest.fixture
def planted(module_web: LoopbackWeb, tmp_path: Path) -> Planted:
    return Planted(module_web, tmp_path)


@pytest.mark.parametrize(
    ("name", "target", "told"),
    [
        (".linkhealth", "folder", ".linkhealth: is a symbolic link"),
        (".linkhealth", "nothing-there", ".linkhealth: is a symbolic link"),
        (".linkhealth/reports", "folder", "reports: is a symbolic link"),
        (".linkhealth/reports", "nothing-there", "reports: is a symbolic link"),
        (".linkhealth/reports", "../collection", "reports: is a symbolic link"),
        (".linkhealth/state.sqlite3", "state.sqlite3", "state.sqlite3: is not a plain file"),
        (".linkhealth/state.sqlite3", "new", "state.sqlite3: is not a plain file"),
        (".linkhealth/state.sqlite3-wal", "new", "state.sqlite3-wal: is not a plain file"),
        (".linkhealth/state.sqlite3-shm", "file", "state.sqlite3-shm: is not a plain file"),
        (".linkhealth/state.sqlite3-journal", "file", "-journal: is not a plain file"),
        (".linkhealth/state.sqlite3.lock", "file", "state.sqlite3.lock: is not a plain file"),
        (".linkhealth.yml", "file", ".linkhealth.yml: is a link out of the collection"),
        (".linkhealth.yml", "../outside/file", ".linkhealth.yml: is a link out of the collection"),
    ],
)
@pytest.mark.parametrize("command", ["audit", "report"])
def test_a_link_out_of_the_collection_is_refused(
    planted: Planted, name: str, target: str, told: str, command: str
) -> None:
    planted.link(name, target)
    done = planted.run(command)
    assert done.code in (1, 3)
    assert told in done.stderr
    # Refused before the crawl, which may take hours, and not at its end.
    assert "http" not in done.stdout


@pytest.mark.parametrize("run", [1, 2])
def test_links_in_the_place_of_files_that_are_replaced_or_left_alone(
    planted: Planted, run: int
) -> None:
    if run == 2:
        assert planted.run("audit").code in (0, 2)
        for path in (planted.root / ".linkhealth" / "reports").iterdir():
            path.unlink()
    for name in ("report.json", "report.csv", "report.html", "report.xlsx"):
        planted.link(f".linkhealth/reports/{name}", "report.json")
    if run == 1:
        planted.link(".linkhealth/.gitignore", "new")
    planted.link("_config.yml", "file")
    planted.link("b.md", "file")
    planted.link("news", "folder")
    done = planted.run("audit", "--format", "json,csv,html,xlsx", "--due", "all")
    assert done.code in (0, 2)
    for name in ("report.json", "report.csv", "report.html", "report.xlsx"):
        assert not (planted.root / ".linkhealth" / "reports" / name).is_symlink()
    assert not (planted.outside / "new").exists()


def test_a_sidecar_is_not_written_through_a_link(planted: Planted) -> None:
    planted.collection.add(".linkhealth.yml", "write_back: sidecar\n")
    planted.collection.add("b.md", article(web="nothing://x"))
    planted.link("_data", "folder")
    done = planted.run("audit")
    assert done.code in (0, 2)
    assert "a.md" in planted.collection.contents()
    (planted.root / "_data").unlink()
    planted.link("_data/link-health", "folder")
    assert planted.run("audit", "--due", "all").code in (0, 2)


def test_a_configuration_that_is_a_link_within_the_collection_is_read(planted: Planted) -> None:
    planted.collection.add("settings/links.yml", "write_back: maybe\n")
    (planted.root / ".linkhealth.yml").symlink_to("settings/links.yml")
    assert "'maybe' is not one of" in planted.run("report").stderr


@pytest.mark.parametrize(
    "name",
    [
        ".linkhealth",
        ".linkhealth/reports",
        ".linkhealth/state.sqlite3",
        ".linkhealth/state.sqlite3-wal",
        ".linkhealth/state.sqlite3.lock",
        ".linkhealth.yml",
    ],
)
def test_a_pipe_is_refused_and_never_waited_for(planted: Planted, name: str) -> None:
    path = planted.root / name
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)
    done = planted.run("audit")
    assert done.code in (1, 3)
    assert path.name in done.stderr
    assert done.seconds < 30


def test_pipes_beside_the_articles_are_passed_over(planted: Planted) -> None:
    (planted.root / ".linkhealth" / "reports").mkdir(parents=True)
    for name in (
        "_config.yml",
        "pipe.md",
        ".linkhealth/reports/report.csv",
        ".linkhealth/.gitignore",
    ):
        os.mkfifo(planted.root / name)
    assert planted.run("audit", "--format", "csv").code in (0, 2)
    assert (planted.root / ".linkhealth" / "reports" / "report.csv").is_file()


def test_where_the_operator_says_reports_go_links_are_followed(planted: Planted) -> None:
    """`--out` is the word of the one who runs it; the names below it are not."""
    out = planted.root.parent / "out"
    (planted.root.parent / "real").mkdir()
    out.symlink_to("real")
    (out / "report.json").symlink_to(planted.outside / "report.json")
    planted.run("audit", "--out", str(out), "--format", "json")
    assert (planted.root.parent / "real" / "report.json").is_file()
    assert not (out / "report.json").is_symlink()


def test_a_database_with_links_beside_it_stays_whole(planted: Planted) -> None:
    assert planted.run("audit").code in (0, 2)
    state = planted.root / ".linkhealth" / "state.sqlite3"
    before = state.read_bytes()
    planted.link(".linkhealth/state.sqlite3-journal", "file")
    assert planted.run("audit").code == 1
    assert state.read_bytes() == before
    (planted.root / ".linkhealth" / "state.sqlite3-journal").unlink()
    with sqlite3.connect(state) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
