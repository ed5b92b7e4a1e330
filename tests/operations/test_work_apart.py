"""Files that other processes read are what this one would make of them, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crawler.content import (
    Candidate,
    Repository,
    Scan,
    ScanResult,
    Touched,
    Unchanged,
    Unreadable,
    read_site,
)
from crawler.model.article import FileStamp
from crawler.operations.file_reading import FileReading, Looked
from crawler.operations.intake import take_in
from crawler.operations.work_apart import WORTH_IT, WorkApart
from crawler.session import Session
from crawler.state import StoredArticle
from tests.commands.test_ignore import NOW
from tests.end_to_end.collection import Image, article

pytestmark = pytest.mark.process
ONE = {"LINKHEALTH_CLOCK": NOW.isoformat(), "LINKHEALTH_PROCESSES": "1"}
THREE = ONE | {"LINKHEALTH_PROCESSES": "3"}

_BEGINS = """
import pickle, sys
sys.stdin.buffer.readline()
"""
ENDS_AT_ONCE = _BEGINS + "sys.exit(1)"
HALF_A_RESULT = _BEGINS + "sys.stdout.buffer.write((1000).to_bytes(8) + b'x')"
READS_AND_ENDS = _BEGINS + "sys.stdin.buffer.read(4000)"


def _fill(root: Path) -> None:
    """All that a file can be, and so many of them that other processes are worth it."""
    root.mkdir()
    (root / ".git").mkdir()
    for number in range(WORTH_IT + 60):
        own = f"https://host-{number % 7}.example/story-{number % 50}"
        text = article(
            f"{number} name \u202e\u2028 and 'quotes'",
            web=own,
            images=[Image(f"/pictures/{number % 3}.png", (10, 20)), Image("https://a.example/x")],
            related=[f"https://host-{other}.example/story-{number}" for other in range(number % 9)],
        )
        (root / f"{number:03}.md").write_text(
            f"{text}\nSee [this](https://text.example/{number}#a).\n"
        )
    (root / "pictures").mkdir()
    (root / "pictures/1.png").write_bytes(b"no picture")
    (root / "007-broken.md").write_text("---\ntitle: [x\n---\n")
    (root / "008-not-utf8.md").write_bytes(b"---\ntitle: \xff\n---\n")
    (root / "009-plain.md").write_text("# No front matter\n")
    (root / "010-data.yml").write_text("---\na: 1\n")
    (root / "011-odd.md").write_text("---\ntitle: 1\nwebUrl: [a]\nimages: 3\nwebUrl: htp:/x\n---\n")
    (root / "012-large.md").write_text(
        article(web=own, related=[f"https://many.example/{at}/{'x' * 90}" for at in range(9_000)])
    )
    (root / "013-link.md").symlink_to(root / "014-target.md")
    (root / "014-target.md").write_text(article(web=own))
    (root / "015-out.md").symlink_to("/etc/passwd")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("apart") / "content"
    _fill(made)
    return made


STAMPS = {"mtime_ns", "ctime_ns", "inode", "due_at", "since"}
"""What depends on when a file is read; of one that was just written its own times too."""


def rows(root: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the state holds, but for the times of files."""
    with closing(sqlite3.connect(root / ".linkhealth/state.sqlite3")) as state:
        named = state.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        found = {}
        for (name,) in named:
            columns = {row[1] for row in state.execute(f"PRAGMA table_info({name})")} - STAMPS
            wanted = ", ".join(sorted(columns))
            found[name] = state.execute(f"SELECT {wanted} FROM {name}").fetchall()
        return found | {"meta": []}


def taken_in(root: Path, environ: dict[str, str]) -> list[tuple[int, ...]]:
    with Session.open({"content": str(root)}, environ) as session:
        return [
            (count.seen, count.read, count.unreadable, count.without_front_matter, count.gone)
            for count in take_in(session)
        ]


def _afresh(root: Path) -> None:
    for file in (root / ".linkhealth").glob("*"):
        if file.is_file():
            file.unlink()


def test_the_state_is_the_same_with_one_process_and_with_three(root: Path) -> None:
    def changed() -> None:
        (root / "003.md").unlink(missing_ok=True)
        (root / "004.md").write_text(article(web="https://new.example/"))
        os.utime(root / "005.md", (1, 1))

    def as_before() -> None:
        for number in (3, 4):
            (root / f"{number:03}.md").write_text(article(web=f"https://old.example/{number}"))

    found = []
    for environ in (ONE, THREE):
        _afresh(root)
        as_before()
        first = taken_in(root, environ), rows(root)
        changed()
        found.append((first, taken_in(root, environ), rows(root)))
    one, three = found
    assert one == three
    (progress, state), *_ = one
    assert progress[-1][1:4] == (WORTH_IT + 63, 3, 1)
    assert len(state["article_references"]) > 9_000
    assert state["problems"]


def shown(looked: Looked) -> object:
    """What was found out, but for the times of the file."""
    if isinstance(looked, StoredArticle):
        row = {name: value for name, value in looked.row.items() if name not in STAMPS}
        return replace(looked, row=row)
    if isinstance(looked, Touched | Unreadable) and looked.stamp is not None:
        return replace(looked, stamp=FileStamp(looked.stamp.size, 0, 0, 0, looked.stamp.sha256))
    return looked


def candidates(root: Path) -> tuple[Repository, list[Candidate | ScanResult]]:
    repository = Repository(root, site=read_site(root))
    known = FileStamp(0, 0, 0, 0, "")
    found: list[Candidate | ScanResult] = list(Scan(repository, {"006.md": known}).files())
    found[3] = Unchanged("003.md")
    assert sum(isinstance(one, Candidate) for one in found) > WORTH_IT
    return repository, found


Apart = WorkApart[Candidate, Looked]


def apart_for(repository: Repository, processes: int, **options: Any) -> Apart:
    return WorkApart(FileReading(repository), Candidate, processes, **options)


def read(apart: Apart, found: list[Candidate | ScanResult]) -> list[object]:
    with apart:
        return list(map(shown, apart.results(found)))


def expected(repository: Repository, found: list[Candidate | ScanResult]) -> list[object]:
    with apart_for(repository, 1) as apart:
        alone = list(map(shown, apart.results(found)))
        assert apart.processes == []
    assert len(alone) == len(found)
    return alone


def test_others_read_what_this_one_would(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository, found = candidates(root)
    wanted = expected(repository, found)
    monkeypatch.setattr(Repository, "look_at", None)  # this process reads nothing
    assert read(apart_for(repository, 3), found) == wanted
    assert read(apart_for(repository, 3, worth=1), found) == wanted


@pytest.mark.parametrize(
    "text", [ENDS_AT_ONCE, HALF_A_RESULT, READS_AND_ENDS, "this is no program"]
)
def test_where_the_others_end_early_this_one_goes_on(root: Path, tmp_path: Path, text: str) -> None:
    repository, found = candidates(root)
    program = tmp_path / "program.py"
    program.write_text(text)
    apart = apart_for(repository, 3, program=program)
    assert read(apart, found) == expected(repository, found)


@pytest.mark.parametrize("all_of_them", [False, True])
def test_where_others_are_killed_half_way_each_file_comes_once(
    root: Path, all_of_them: bool
) -> None:
    repository, found = candidates(root)
    with apart_for(repository, 3) as apart:
        results = map(shown, apart.results(found))
        begun = [next(results) for _ in range(40)]
        others = apart.processes
        assert len(others) == 3
        for other in others if all_of_them else others[:1]:
            os.kill(other.pid, signal.SIGKILL)
            other.wait()
        assert [*begun, *results] == expected(repository, found)


def test_nobody_waits_for_a_full_pipe(tmp_path: Path) -> None:
    """Each result is larger than a pipe, and so are all files that are handed out: both would wait for each other."""
    folder = tmp_path.joinpath(*("d" * 200 for _ in range(10)))
    folder.mkdir(parents=True)
    related = [f"https://many.example/{at}/{'x' * 90}" for at in range(1_000)]
    for number in range(150):
        (folder / f"{'n' * 200}-{number}.md").write_text(article(related=related))
    repository = Repository(tmp_path, site=read_site(tmp_path))
    found = read(apart_for(repository, 2, worth=10), list(Scan(repository, {}).files()))
    assert [len(one.references) for one in found if isinstance(one, StoredArticle)] == [1_000] * 150


def test_the_others_end_with_the_context(root: Path) -> None:
    repository, found = candidates(root)
    with apart_for(repository, 2) as apart:
        next(apart.results(found))
        others = apart.processes
        assert [other.poll() for other in others] == [None, None]
    assert [other.returncode for other in others] == [-signal.SIGKILL] * 2


def test_no_others_where_it_is_not_worth_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository, found = candidates(root)
    few = found[: WORTH_IT - 10]
    with apart_for(repository, 3) as apart:
        assert len(list(apart.results(few))) == len(few)
        assert apart.processes == []
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert read(apart_for(repository, 3), found) == expected(repository, found)


def test_files_that_need_no_reading_do_not_wait_for_ever(root: Path) -> None:
    """One changed file before a million others must not keep them all in memory."""
    repository, found = candidates(root)
    ahead = 0

    def endless() -> Iterator[Candidate | ScanResult]:
        nonlocal ahead
        yield found[0]
        while True:
            ahead += 1
            yield Unchanged("x.md")

    with apart_for(repository, 3) as apart:
        first = next(apart.results(endless()))
    assert isinstance(first, StoredArticle)
    assert ahead < 10_000


def connects(_number: int) -> str:
    """What comes of a connection to this machine."""
    try:
        socket.create_connection(("127.0.0.1", 9), timeout=1).close()
    except OSError as error:
        return type(error).__name__
    return "connected"


@pytest.mark.server
def test_another_process_opens_no_socket() -> None:
    with WorkApart(connects, int, 2, worth=1) as apart:
        assert list(apart.results(range(4))) == ["PermissionError"] * 4
    with WorkApart(connects, int, 1) as apart:
        assert list(apart.results([1])) == ["ConnectionRefusedError"]
