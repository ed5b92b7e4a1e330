"""Reports are written again where anything that they show has changed, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.model.held import HeldLink
from crawler.model.verdict import VerdictKind
from crawler.operations.report_assembly import assemble
from crawler.operations.report_basis import basis_of
from crawler.reporting import FORMATS, write
from crawler.session import Session
from crawler.state import open_state
from tests.commands.test_ignore import NOW, take_everything_in
from tests.end_to_end.collection import article
from tests.state.samples import DAY, link, visit
from tests.time_limits import HANG
from tests.web.process import PROJECT

URL = "https://lost.example/story"
NAMES = ("json", "csv", "md", "sarif")
CLOCK = {"LINKHEALTH_CLOCK": NOW.isoformat()}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = tmp_path / "content"
    made.mkdir()
    (made / ".git").mkdir()
    (made / "a.md").write_text(article(web=URL, extra="heat: 10\n"))
    (made / "CODEOWNERS").write_text("* @all\n")
    (made / ".linkhealth.yml").write_text("priority: {age: 1}\n")
    take_everything_in(made)
    a_run(made)
    with open_state(made, None) as state:
        visit(state, 1, URL, VerdictKind.DEAD, "http-404", at=NOW - DAY)
    a_run(made)
    return made


def a_run(root: Path) -> None:
    """A run in which nothing changed."""
    with open_state(root, None) as state:
        state.finish_run(state.start_run(NOW).id, NOW, "finished", 0)


def marks(root: Path) -> dict[str, tuple[int, int]]:
    """Write the reports; the inode and time of each."""
    with Session.open({"content": str(root)}, CLOCK, exclusive=False) as session:
        last = session.state.last_run()
        paths = write(
            assemble(session, last),
            [FORMATS[name] for name in NAMES],
            root.parent / "out",
            basis=basis_of(session, last),
        )
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}


def _code_owners(root: Path) -> None:
    (root / "CODEOWNERS").write_text("* @others\n")


def _no_code_owners(root: Path) -> None:
    (root / "CODEOWNERS").unlink()


def _configured(text: str) -> Callable[[Path], None]:
    def change(root: Path) -> None:
        (root / ".linkhealth.yml").write_text(text)

    return change


def _labels(root: Path) -> None:
    (root / "a.md").write_text(article(web=URL, extra="heat: 11\n"))
    take_everything_in(root)


def _history(root: Path) -> None:
    with open_state(root, None) as state:
        run = state.start_run(NOW).id
        visit(state, run, URL, VerdictKind.ALIVE, "ok", at=NOW)
        visit(state, run, URL, VerdictKind.DEAD, "http-404", at=NOW)
        state.finish_run(run, NOW, "finished", 2)
    a_run(root)


def _held(root: Path) -> None:
    with open_state(root, None) as state:
        state.hold([HeldLink("a.md", link(state, URL).id, False)])


CHANGES: dict[str, Callable[[Path], None]] = {
    "another owner in CODEOWNERS": _code_owners,
    "no CODEOWNERS": _no_code_owners,
    "owners": _configured("priority: {age: 1}\nowners: {'*.md': Ada}\n"),
    "priority": _configured("priority: {age: 2}\n"),
    "link_pattern": _configured(
        "priority: {age: 1}\nlink_pattern: 'https://git.example/{path}#L{line}'\n"
    ),
    "labels": _labels,
    "what runs before the last changed": _history,
    "what is held back": _held,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_is_shown_is_written_again(change: Callable[[Path], None], root: Path) -> None:
    before = marks(root)
    assert marks(root) == before
    change(root)
    after = marks(root)
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
    assert marks(root) == after


def test_a_run_in_which_nothing_changed_writes_nothing(root: Path) -> None:
    before = marks(root)
    for _ in range(2):
        a_run(root)
        take_everything_in(root)
        assert marks(root) == before


def test_a_collection_under_another_name_is_written_again(root: Path) -> None:
    before = marks(root)
    root = root.rename(root.with_name("renamed"))
    assert not set(before.values()) & set(marks(root).values())


@pytest.mark.process
def test_every_process_finds_the_same_basis(root: Path) -> None:
    """Python orders what is in a set otherwise in each process."""
    _configured("priority: {age: 2, heat: 1}\nowners: {'a*': Ada, 'b*': [Bea, Cay]}\n")(root)
    code = (
        "import sys; from crawler.session import Session; from crawler.operations.report_basis import basis_of\n"
        f"with Session.open({{'content': sys.argv[1]}}, {CLOCK!r}, exclusive=False) as session:\n"
        "    print(basis_of(session, session.state.last_run()))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code, root],
            cwd=PROJECT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            timeout=HANG,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(found) == 1
