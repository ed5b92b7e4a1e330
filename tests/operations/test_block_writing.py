"""Blocks that several processes make and several threads write: each file once, in order, and what is in place is noted."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from crawler.model.article import ProblemCode
from crawler.operations.block_writing import Written, write_blocks
from crawler.operations.intake import take_in
from crawler.operations.work_apart import WORTH_IT
from crawler.operations.write_back import commit_plan
from crawler.session import Session
from crawler.state import PendingWrite
from tests.commands.test_ignore import NOW
from tests.end_to_end.collection import article

pytestmark = pytest.mark.process
FILES = WORTH_IT + 40
BLOCK = "linkHealth:\n  schema: 1\n  since: '2026-03-01'\n  deadLinks: []\n  freshness: {state: unverified}\n  imageSizes: []\n"
REFUSED = {
    "005.md": ProblemCode.WRITE_REFUSED,
    "100.md": ProblemCode.INVALID_BLOCK,
    "101.md": ProblemCode.WRITE_REFUSED,
}


@pytest.fixture(params=["1", "3"], ids=["one process", "three processes"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """A collection with a plan for each file, three of which cannot be written."""
    root = tmp_path / "content"
    root.mkdir()
    (root / ".git").mkdir()
    for number in range(FILES):
        (root / f"{number:03}.md").write_text(article(web=f"https://a.example/{number}"))
    by_hand = article(web="https://a.example/100").replace("secured:", "linkHealth: mine\nsecured:")
    (root / "100.md").write_text(by_hand)
    environ = {"LINKHEALTH_CLOCK": NOW.isoformat(), "LINKHEALTH_PROCESSES": request.param}
    with Session.open({"content": str(root)}, environ) as opened:
        for _ in take_in(opened):
            pass
        known = opened.state.stamps()
        plan = [PendingWrite(path, one.sha256, BLOCK, NOW) for path, one in known.items()]
        commit_plan(opened, plan)
        os.link(root / "005.md", tmp_path / "elsewhere.md")
        (root / "101.md").write_text(article(web="https://edited.example/"))
        yield opened


def blocks(session: Session) -> set[str]:
    """The files that hold a block of ours."""
    return {path.name for path in session.content.root.glob("*.md") if BLOCK in path.read_text()}


def test_each_file_is_written_once_and_in_order(session: Session) -> None:
    with closing(write_blocks(session, session.state.pending_writes())) as writing:
        found = list(writing)
    assert [one.path for one in found] == [f"{number:03}.md" for number in range(FILES)]
    refused = {one.path: one.refused.code for one in found if one.refused is not None}
    assert refused == REFUSED
    assert blocks(session) == {one.path for one in found} - REFUSED.keys()
    assert session.state.pending_writes() == []
    for _ in take_in(session):
        pass
    noted = {one.path for one in session.state.known_articles() if one.block == BLOCK}
    assert noted == {f"{number:03}.md" for number in range(FILES)} - REFUSED.keys()
    assert {one.reference.line for one in session.state.own_references(1)} == {4}


@pytest.mark.parametrize("after", [1, 33, FILES])
def test_what_is_in_place_when_it_is_closed_is_noted(session: Session, after: int) -> None:
    pending = session.state.pending_writes()
    with closing(write_blocks(session, pending)) as writing:
        told: list[Written] = [next(writing) for _ in range(after)]
    left = {one.path for one in session.state.pending_writes()}
    assert not left & {one.path for one in told}
    assert left == {one.path for one in pending} - blocks(session) - (REFUSED.keys() - left)
    assert [path for path in session.content.root.iterdir() if path.name.startswith(".tmp")] == []
    with closing(write_blocks(session, session.state.pending_writes())) as writing:
        assert all(one.refused is None or one.path in REFUSED for one in writing)
    assert len(blocks(session)) == FILES - len(REFUSED)
