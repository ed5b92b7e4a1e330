"""No statement of a run reads the whole of a table that grows with the history: its plan says so, on each engine.

The parts of a run are those of `benchmarks/million.py`, which shows their times at a size.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from benchmarks import million
from crawler.session import Session

pytestmark = pytest.mark.process
"""Files are read and written by other processes."""

SIZE = million.Size(urls=200, observations=4)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """A collection with a history."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgresql" else ""
    million.write_articles(tmp_path, SIZE)
    with million.opened(tmp_path, url) as session:
        million.PARTS_OF_MAKING["load"](million.Parts(session, SIZE))
        million.PARTS_OF_MAKING["history"](million.Parts(session, SIZE))
        yield session


def _rather_by_index(connection: Any, _record: object) -> None:
    # Of a table of a few pages a server reads all of them, where it has the choice.
    connection.autocommit = True
    connection.execute("SET enable_seqscan = off")
    connection.autocommit = False


@pytest.mark.parametrize("part", million.PARTS)
def test_no_plan_grows_with_the_history(session: Session, part: str) -> None:
    database: Any = session.state._database
    if database.file is None:
        event.listen(database.engine, "connect", _rather_by_index)
        database.engine.dispose()
    watched = million.Watched()
    watched.begin(database.engine)
    million.PARTS[part](million.Parts(session, SIZE))
    assert len(watched.took) > 3, "nothing was heard"
    grown = [
        (statement, plan)
        for statement in watched.planned()
        if million.reads_the_whole_history(
            plan := million.plan_of(database, statement, watched.values[statement])
        )
    ]
    assert grown == []


@pytest.mark.parametrize(
    ("line", "grows"),
    [
        ("SCAN observations", True),
        ("SCAN observations USING COVERING INDEX observations_by_link", True),
        ("SCAN verdict_changes USING INDEX ix_verdict_changes_link_id", True),
        ("  ->  Seq Scan on observations  (cost=0.00..1.05)", True),
        ("Parallel Seq Scan on verdict_changes verdict_changes_1", True),
        ("Index Only Scan using observations_by_link on observations", False),
        ("SEARCH observations USING COVERING INDEX observations_by_link (link_id=?)", False),
        ("SEARCH verdict_changes USING COVERING INDEX verdict_changes_by_run (run_id=?)", False),
        ("SCAN links", False),
        ("SCAN staged_observations", False),
    ],
)
def test_what_counts_as_the_whole_history(line: str, grows: bool) -> None:
    assert million.reads_the_whole_history([line]) is grows
