"""Articles that another process checks are those that this one would check, whatever becomes of the other."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.model.verdict import VerdictKind
from crawler.operations import articles_apart
from crawler.operations.articles_apart import WORTH_IT, ArticlesApart
from crawler.operations.checked_articles import checked_articles
from crawler.operations.checking import CheckScope
from crawler.session import Session
from crawler.state import open_state
from tests.commands.test_ignore import NOW, take_everything_in
from tests.end_to_end.collection import article
from tests.state.samples import DAY, visit

pytestmark = pytest.mark.process
CLOCK = {"LINKHEALTH_CLOCK": NOW.isoformat()}
ARTICLES = 120
"""Three batches, the last of them shorter."""
TITLE = "name \u202e\u2028 and 'quotes'"

_BEGINS = """
import os, pickle, sys, time
sys.stdin.buffer.readline()
pipe = int(sys.argv[1])
"""
ENDS_EARLY = _BEGINS + "sys.exit(1)"
HALF_A_BATCH = _BEGINS + "os.write(1, (1000).to_bytes(8)); sys.exit(1)"
"""The batch is only told of once it is whole."""
HANGS = _BEGINS + "time.sleep(600)"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("apart") / "content"
    made.mkdir()
    (made / ".git").mkdir()
    for number in range(ARTICLES):
        url = f"https://host-{number % 7}.example/story-{number}"
        (made / f"{number:03}.md").write_text(article(web=url, title=f"{number} {TITLE}"))
    take_everything_in(made)
    with open_state(made, None) as state:
        state.finish_run(state.start_run(NOW).id, NOW, "finished", 0)
        gone = "https://host-0.example/story-0"
        visit(state, 1, gone, VerdictKind.DEAD, "http-404", at=NOW - DAY)
    return made


@pytest.fixture
def session(root: Path) -> Iterator[Session]:
    two = CLOCK | {"LINKHEALTH_PROCESSES": "2"}
    with Session.open({"content": str(root)}, two, exclusive=False) as opened:
        yield opened


def program(folder: Path, text: str) -> Path:
    made = folder / "program.py"
    made.write_text(text)
    return made


def expected(session: Session) -> list[object]:
    found = list(checked_articles(session.state, CheckScope.of(session)))
    assert len(found) == ARTICLES
    assert found[0].checks.dead_links
    return list(found)


def test_the_other_process_gives_what_this_one_would(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = expected(session)
    with ArticlesApart(session) as apart:
        apart.begin(WORTH_IT)
        with monkeypatch.context() as here:
            here.setattr(articles_apart, "checked_articles", None)  # this process checks nothing
            assert list(apart()) == wanted
        # The second reading is this process's.
        apart.begin(WORTH_IT)
        assert list(apart()) == wanted


@pytest.mark.parametrize("text", [ENDS_EARLY, HALF_A_BATCH, "this is no program"])
def test_where_the_other_ends_early_this_one_goes_on(
    session: Session, tmp_path: Path, text: str
) -> None:
    with ArticlesApart(session, program(tmp_path, text)) as apart:
        apart.begin(WORTH_IT)
        assert list(apart()) == expected(session)


def test_where_the_other_is_killed_half_way_each_article_comes_once(session: Session) -> None:
    with ArticlesApart(session) as apart:
        apart.begin(WORTH_IT)
        articles = apart()
        first = next(articles)
        other = apart.process
        assert other is not None
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert [first, *articles] == expected(session)


def test_the_other_ends_with_the_context(session: Session, tmp_path: Path) -> None:
    with ArticlesApart(session, program(tmp_path, HANGS)) as apart:
        apart.begin(WORTH_IT)
        other = apart.process
        assert other is not None
        assert other.poll() is None
    assert other.returncode == -signal.SIGKILL


@pytest.mark.parametrize("case", ["few", "one process", "none wanted", "read before"])
def test_no_other_process_where_it_is_not_worth_it(session: Session, case: str) -> None:
    if case == "one process":
        session.configuration = replace(session.configuration, processes=1)
    with ArticlesApart(session, None) if case == "none wanted" else ArticlesApart(session) as apart:
        if case == "read before":
            next(apart())
        apart.begin(WORTH_IT - 1 if case == "few" else WORTH_IT)
        assert apart.process is None
        assert list(apart()) == expected(session)


def test_no_other_process_for_one_article(root: Path) -> None:
    with (
        Session.open({"content": str(root / "005.md")}, CLOCK, exclusive=False) as session,
        ArticlesApart(session) as apart,
    ):
        apart.begin(WORTH_IT)
        assert apart.process is None
        assert [one.path for one in apart()] == ["005.md"]


def test_a_system_that_starts_no_process_is_no_error(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    with ArticlesApart(session) as apart:
        apart.begin(WORTH_IT)
        assert list(apart()) == expected(session)
