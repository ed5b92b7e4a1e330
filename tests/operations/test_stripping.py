"""`strip` restores what it can prove and leaves the rest alone, with a reason."""

from __future__ import annotations

import os
from pathlib import Path

from crawler.content import splice
from crawler.operations.stripping import Stripped, strip_files
from crawler.session import Session

PLAIN = b"---\ntitle: One\nwebUrl: https://one.example/a\nsecured: x\n---\nText\n"
BLOCK = "linkHealth:\n  schema: 1\n  since: '2026-11-22'\n  deadLinks: []\n"
BY_HAND = PLAIN.replace(b"secured", b"linkHealth: {mine: true}\nsecured")
IN_TEXT = PLAIN + b"A note on linkHealth.\n"


def stripped(root: Path, ticks: list[int] | None = None) -> Stripped:
    with Session.open({"content": str(root)}, {}) as session:
        return strip_files(session, ticks.append if ticks is not None else None)


def test_blocks_go_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "blocked.md").write_bytes(splice(PLAIN, BLOCK).data)
    (tmp_path / "plain.md").write_bytes(PLAIN)
    (tmp_path / "named.md").write_bytes(IN_TEXT)
    ticks: list[int] = []
    found = stripped(tmp_path, ticks)
    assert ticks == [1, 2, 3]
    assert (found.written, found.without, found.refused) == (["blocked.md"], 2, [])
    assert (tmp_path / "blocked.md").read_bytes() == PLAIN
    assert (tmp_path / "named.md").read_bytes() == IN_TEXT


def test_what_cannot_be_proven_is_left_alone_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "by-hand.md").write_bytes(BY_HAND)
    linked = splice(PLAIN, BLOCK).data
    (tmp_path / "linked.md").write_bytes(linked)
    os.link(tmp_path / "linked.md", tmp_path / "other-name.txt")
    found = stripped(tmp_path)
    assert found.written == []
    places = {(problem.path, problem.line > 0) for problem in found.refused}
    assert places == {("by-hand.md", True), ("linked.md", False), ("other-name.txt", False)}
    assert (tmp_path / "by-hand.md").read_bytes() == BY_HAND
    assert (tmp_path / "linked.md").read_bytes() == linked
