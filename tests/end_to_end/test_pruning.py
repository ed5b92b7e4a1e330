"""The history is pruned by age at the end of a run, and a link never loses what its verdict needs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.end_to_end.collection import Collection, article
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb


def observations(collection: Collection) -> int:
    with sqlite3.connect(collection.root / ".linkhealth" / "state.sqlite3") as database:
        (count,) = database.execute("SELECT count(*) FROM observations").fetchone()
    return int(count)


def test_old_observations_go_and_the_newest_stay(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    collection.add("one.md", article("One", web="https://one.example/a-story"))
    module_web.set_rules({"//one.example/a-story": Answer(status=404)})
    database = collection.root / ".linkhealth" / "state.sqlite3"
    collection.audit(module_web, LINKHEALTH_CLOCK="2020-01-01T00:00:00Z")
    with sqlite3.connect(database) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(observations)")]
        named = ", ".join(name for name in columns if name != "id")
        for _ in range(30):
            connection.execute(
                f"INSERT INTO observations ({named}) SELECT {named} FROM observations LIMIT 1"
            )
    assert observations(collection) == 31
    ended = collection.audit(module_web, LINKHEALTH_CLOCK="2026-01-01T00:00:00Z")
    assert ended.code in (0, 2), ended.stderr
    assert observations(collection) == 20
