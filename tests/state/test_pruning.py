"""Pruning goes step by step, each a transaction of its own, and gives the file's space back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from crawler.state import State, open_state, pruning
from tests.state.samples import DAY, NOW, link, save_urls
from tests.strategies.examples import examples

URLS = [f"https://a.example/{number}" for number in range(5)]


def saw(state: State, run: int, url: str, times: Sequence[datetime], detail: str = "") -> None:
    """Visits of a link, without verdicts."""
    link_id = link(state, url).id
    with state._database.write() as connection:
        for at in times:
            connection.execute(
                text(
                    "INSERT INTO observations (link_id, run_id, at, bytes_read, failure_detail)"
                    " VALUES (:link, :run, :at, 0, :detail)"
                ),
                {"link": link_id, "run": run, "at": micros(at), "detail": detail},
            )


def micros(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def kept(state: State, url: str) -> list[datetime]:
    return [seen.at for seen in state.history(link(state, url).id)]


@contextmanager
def transactions(state: State) -> Iterator[list[int]]:
    """How many rows each transaction that wrote has deleted."""
    found: list[int] = []
    deleted = 0

    def executed(_connection: object, cursor: object, statement: str, *_: object) -> None:
        nonlocal deleted
        if statement.startswith("DELETE FROM observations"):
            deleted += cursor.rowcount  # type: ignore[attr-defined]

    def committed(_connection: object) -> None:
        nonlocal deleted
        if deleted:
            found.append(deleted)
        deleted = 0

    engine = state._database.engine
    event.listen(engine, "after_cursor_execute", executed)
    event.listen(engine, "commit", committed)
    try:
        yield found
    finally:
        event.remove(engine, "after_cursor_execute", executed)
        event.remove(engine, "commit", committed)


@given(
    ages=st.lists(
        st.lists(st.integers(0, 60), max_size=45), min_size=len(URLS), max_size=len(URLS)
    ),
    keep=st.integers(0, 60),
)
@settings(max_examples=examples(15), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_old_and_not_among_the_newest_twenty_goes(
    new_state: Callable[[], State], ages: list[list[int]], keep: int
) -> None:
    state = new_state()
    save_urls(state, *URLS)
    run = state.start_run(NOW).id
    for url, days in zip(URLS, ages, strict=True):
        saw(state, run, url, [NOW - day * DAY for day in days])
    state.prune(NOW, keep * DAY)
    for url, days in zip(URLS, ages, strict=True):
        young = sorted(NOW - day * DAY for day in days)
        wanted = [at for at in young if at >= NOW - keep * DAY]
        assert kept(state, url) == (wanted if len(wanted) > 20 else young[-20:])


def test_no_transaction_deletes_more_than_its_share(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "_ROWS_AT_ONCE", 30)
    monkeypatch.setattr(pruning, "_OLD", pruning._OLD.limit(30))
    monkeypatch.setattr(pruning, "_LINKS_AT_ONCE", 2)
    save_urls(state, *URLS)
    run = state.start_run(NOW).id
    for url in URLS:
        saw(state, run, url, [NOW - day * DAY for day in range(100)])
    with transactions(state) as deleted:
        state.prune(NOW, DAY)
    assert sum(deleted) == 80 * len(URLS)
    assert max(deleted) == 30
    assert [len(kept(state, url)) for url in URLS] == [20] * len(URLS)


def test_without_time_left_the_next_run_goes_on_from_there(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "_LINKS_AT_ONCE", 2)
    save_urls(state, *URLS)
    run = state.start_run(NOW).id
    for url in URLS:
        saw(state, run, url, [NOW - day * DAY for day in range(30)])
    left = []
    for _ in range(4):
        state.prune(NOW, DAY, seconds=0)
        left.append([len(kept(state, url)) for url in URLS])
    assert left == [
        [20, 20, 30, 30, 30],
        [20, 20, 20, 20, 30],
        [20] * 5,
        [20] * 5,
    ]
    saw(state, run, URLS[0], [NOW - 90 * DAY])
    state.prune(NOW, DAY)
    assert len(kept(state, URLS[0])) == 20, "from the beginning again"


def test_a_step_ends_where_the_time_does(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pruning, "_ROWS_AT_ONCE", 4)
    monkeypatch.setattr(pruning, "_OLD", pruning._OLD.limit(4))
    save_urls(state, *URLS)
    run = state.start_run(NOW).id
    saw(state, run, URLS[0], [NOW - day * DAY for day in range(30)])
    left = []
    for _ in range(4):
        state.prune(NOW, DAY, seconds=0)
        left.append(len(kept(state, URLS[0])))
    assert left == [26, 22, 20, 20]


@pytest.mark.parametrize("noted", ["", "-3", "two", "9" * 18, "²"])
def test_a_place_that_is_nowhere_is_no_place(state: State, noted: str) -> None:
    save_urls(state, *URLS)
    run = state.start_run(NOW).id
    saw(state, run, URLS[0], [NOW - day * DAY for day in range(30)])
    with state._database.write() as connection:
        statement = text("INSERT INTO meta (key, value) VALUES (:key, :noted)")
        for key in ("pruned", "pruned-until"):
            connection.execute(statement, {"key": key, "noted": noted})
    state.prune(NOW, DAY)
    assert len(kept(state, URLS[0])) == 20


def test_links_whose_ids_lie_far_apart_take_few_steps(tmp_path: Path) -> None:
    with open_state(tmp_path, None) as state:
        save_urls(state, *URLS)
        run = state.start_run(NOW).id
        with state._database.write() as connection:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            connection.execute(text("UPDATE article_references SET link_id = link_id * 1000000000"))
            connection.execute(text("UPDATE links SET id = id * 1000000000"))
        saw(state, run, URLS[4], [NOW - day * DAY for day in range(30)])
        state.prune(NOW, DAY, seconds=5)
        assert len(kept(state, URLS[4])) == 20


def test_reports_are_written_again_where_visits_have_gone(state: State) -> None:
    save_urls(state, *URLS)
    run = state.start_run(NOW).id
    saw(state, run, URLS[0], [NOW - day * DAY for day in range(30)])

    def mark() -> str:
        return state.fingerprint(None, 0, NOW)

    before = mark()
    state.prune(NOW, 400 * DAY)
    assert mark() == before
    state.prune(NOW, DAY)
    assert mark() != before


def test_a_file_gives_its_space_back(tmp_path: Path) -> None:
    with open_state(tmp_path, None) as state:
        save_urls(state, *URLS)
        run = state.start_run(NOW).id
        for url in URLS:
            saw(
                state, run, url, [NOW - timedelta(hours=hour) for hour in range(2_000)], "x" * 4_000
            )
        state.prune(NOW, 400 * DAY)
        before = pages(state)
        state.prune(NOW, DAY)
        after = pages(state)
        assert after < before / 2
        assert [len(kept(state, url)) for url in URLS] == [25] * len(URLS)
        with state._database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_a_file_of_an_earlier_version_is_pruned_all_the_same(tmp_path: Path) -> None:
    with open_state(tmp_path, None) as state:
        file = state._database.file
        assert file is not None
    file.unlink()
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE something (it)")
        made.execute("DROP TABLE something")
    made.close()
    with open_state(tmp_path, None) as state:
        save_urls(state, *URLS)
        run = state.start_run(NOW).id
        saw(
            state, run, URLS[0], [NOW - timedelta(hours=hour) for hour in range(2_000)], "x" * 4_000
        )
        before = pages(state)
        state.prune(NOW, DAY)
        assert pages(state) == before
        assert len(kept(state, URLS[0])) == 25


def pages(state: State) -> int:
    with state._database.read() as connection:
        return int(connection.exec_driver_sql("PRAGMA page_count").scalar_one())


def test_a_link_that_goes_takes_its_visits_along(state: State) -> None:
    save_urls(state, *URLS)
    run = state.start_run(NOW).id
    saw(state, run, URLS[0], [NOW])
    state.forget(["a.md"])
    state.prune(NOW, 400 * DAY)
    with state._database.read() as connection:
        for table in ("links", "observations"):
            statement = text(f"SELECT count(*) FROM {table}")
            assert connection.execute(statement).scalar_one() == 0


def test_opening_writes_nothing_into_a_file_that_is_there(tmp_path: Path) -> None:
    with open_state(tmp_path, None) as state:
        save_urls(state, *URLS)
        file = state._database.file
        assert file is not None
    before = file.read_bytes()
    with open_state(tmp_path, None) as state:
        assert state.stamps()
        with state._database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA auto_vacuum").scalar_one() == 2
    assert file.read_bytes() == before
