"""Files that cannot be written, and plans that a kill left behind."""

from __future__ import annotations

import os
from pathlib import Path

from crawler.content import read_bytes, replace, splice
from crawler.operations.intake import take_in
from crawler.operations.write_back import commit_plan, make_plan, write_back
from crawler.session import Session
from tests.end_to_end.collection import Collection, article
from tests.web.web import LoopbackWeb

BY_HAND = "linkHealth: checked by hand\n"


def test_files_that_are_left_alone_are_reported(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    plain = article(web="https://one.example/a-story")
    collection.add("free.md", plain)
    edited = plain.replace("secured:", f"{BY_HAND}secured:")
    collection.add("by-hand.md", edited)
    os.link(collection.add("linked.md", plain), tmp_path / "elsewhere.md")
    module_web.set_rules({})
    ended = collection.audit(module_web)
    assert ended.code == 0
    contents = collection.contents()
    assert contents["linked.md"] == plain.encode()
    assert contents["by-hand.md"] == edited.encode()
    assert b"linkHealth:" in contents["free.md"]
    problems = [
        (problem["path"], problem["line"], problem["code"])
        for problem in collection.report().document["problems"]
    ]
    assert problems == [("by-hand.md", 6, "invalid-block"), ("linked.md", 0, "write-refused")]
    assert "2 problems in files were found" in ended.stdout


def test_a_write_that_was_done_but_not_noted_is_no_problem(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """A run is killed right after the file was renamed."""
    collection = Collection(tmp_path / "content")
    for name in ("done.md", "not-yet.md"):
        collection.add(name, article(web="https://one.example/a-story"))
    module_web.set_rules({})
    ended = collection.audit(module_web, "-a", "write_back=no")
    assert ended.code == 0
    with Session.open({"content": str(collection.root)}, {}) as session:
        commit_plan(session, make_plan(session).writes)
        write = next(w for w in session.state.pending_writes() if w.path == "done.md")
        data = read_bytes(collection.root, write.path)
        replace(collection.root, write.path, write.sha256, splice(data, write.block).data)
    with Session.open({"content": str(collection.root)}, {}) as session:
        for _ in take_in(session):
            pass
        outcome = write_back(session)
        assert (outcome.written, outcome.refused) == (("not-yet.md",), ())
        assert session.state.pending_writes() == []
    assert len(set(collection.contents().values())) == 1
