"""A server that goes away in the middle, and files that are taken away from under a run."""

from __future__ import annotations

import gc
import os
import re
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from crawler.model.article import Problem, ProblemCode
from crawler.model.decision import Decision
from crawler.model.host_certificate import Validity
from crawler.model.observation import Observation
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state import (
    OriginAnswer,
    PendingWrite,
    State,
    StateError,
    StateLocked,
    StateLost,
    open_state,
)
from crawler.state.schema import schema
from tests.services.postgres import OwnServer
from tests.state.faults import Ending, contents
from tests.state.samples import (
    DAY,
    HOUR,
    NOW,
    article,
    link,
    reference,
    related,
    save,
    save_urls,
    stamp,
    visit,
)

A, B = "https://a.example/1", "https://b.example/2"
LOST = Verdict(VerdictKind.BROKEN, "http-404", "V3", strikes=1, since=NOW, failing_since=NOW)


def all_writes(state: State) -> None:
    """Each write that a state knows, as a run would make them."""
    run = state.start_run(NOW).id
    problem = Problem("a.md", 9, ProblemCode.ALIAS, "an alias")
    lines = [reference("a.md", A, line=4), related("a.md", B, line=9)]
    save(state, article("a.md", lines, problems=[problem]), article("b.md", [reference("b.md", B)]))
    save(state, article("gone.md", [reference("gone.md", "https://c.example/")]))
    state.save_unreadable("c.md", None, [Problem("c.md", 1, ProblemCode.UNREADABLE, "no YAML")])
    state.restamp({"b.md": stamp("touched")})
    state.note_reading("site -")
    state.forget(["gone.md"])
    for url, status in ((A, 404), (B, 200)):
        state.keep_pending(link(state, url).id, Observation(url, NOW, run, status=status))
    state.note_certificates({"a.example": Validity(NOW, NOW + DAY)}, NOW)
    state.note_origin_answers({"https://a.example": OriginAnswer(200, None, None)})
    state.record(link(state, A).id, Observation(A, NOW, run, status=404), LOST, NOW + DAY)
    state.decide(Decision(A, "moving house", NOW, until=NOW + DAY))
    state.revise(link(state, A).id, Verdict(VerdictKind.EXCLUDED, "editor-ignored", "V1"), NOW, NOW)
    state.decide(Decision(B, "a mistake", NOW, until=NOW + DAY))
    state.take_back(B)
    state.skip_host("c.example", NOW)
    assert state.due_candidate("https://d.example/picture.png", NOW, run) is not None
    state.plan_writes([PendingWrite(name, "1" * 64, "x", NOW) for name in ("a.md", "b.md")])
    state.complete_write("a.md", stamp("written"), "x", 5, 3)
    state.save_write_problems([Problem("b.md", 0, ProblemCode.WRITE_REFUSED, "it is read-only")])
    state.drop_write("b.md")
    state.finish_run(run, NOW + HOUR, "finished", 3)
    state.prune(NOW, 400 * DAY)


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server is waited for for half a second."""
    monkeypatch.setattr("crawler.state.server_session.LONGEST_WAIT", 0.5)


def with_name(url: str, name: str) -> str:
    return f"{url}&application_name={name}"


@pytest.mark.postgres
@pytest.mark.parametrize("after", [False, True])
def test_every_write_is_made_once_whenever_the_server_goes(
    postgres_server: OwnServer, tmp_path: Path, after: bool
) -> None:
    name = f"endings-{os.getpid()}-{after:d}"
    with open_state(tmp_path, with_name(postgres_server.new_url(), name)) as state:
        counted = Ending(state, 0, after=after)
        with state.lock(), counted.armed():
            all_writes(state)
        expected = contents(state)
    assert counted.exchanges > 60
    for at in range(1 + after, counted.exchanges + 1, 4):
        with open_state(tmp_path, with_name(postgres_server.new_url(), name)) as state:
            ending = Ending(state, at, after=after)
            with state.lock(), ending.armed():
                all_writes(state)
            assert ending.ended, at
            assert contents(state) == expected, (at, after)


@pytest.mark.parametrize("times", [2, 3])
def test_each_write_may_be_made_again(state: State, times: int) -> None:
    """What the retries rest on: the same call again changes nothing."""
    for _ in range(times):
        save_urls(state, A, B)
    run = state.start_run(NOW).id
    save(state, article("a.md", [reference("a.md", A, line=9)]))
    for _ in range(times):
        state.plan_writes([PendingWrite("a.md", "1" * 64, "x", NOW)])
        state.keep_pending(link(state, A).id, Observation(A, NOW, run, status=404))
        state.record(link(state, A).id, Observation(A, NOW, run, status=404), LOST, NOW + DAY)
        state.complete_write("a.md", stamp("written"), "x", 5, 3)
        state.finish_run(run, NOW, "finished", 1)
    assert len(state.history(link(state, A).id)) == 1
    (known,) = state.known_articles()
    assert known.own[0].reference.line == 12
    assert state.summary(run).newly_broken == 1
    assert (state.pending_visits(), state.pending_writes()) == ([], [])


def run_while(work: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=work)
    thread.start()
    return thread


@pytest.mark.postgres
@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_restart_is_waited_out_and_nothing_is_lost(
    own_postgres: OwnServer, tmp_path: Path, mode: str
) -> None:
    urls = [f"https://a.example/{number}" for number in range(150)]
    url = own_postgres.new_url()
    with open_state(tmp_path, url) as state, state.lock():
        save_urls(state, *urls)
        run = state.start_run(NOW).id
        restarting = run_while(lambda: own_postgres.restart(mode))
        for each in urls[:-1]:
            state.keep_pending(link(state, each).id, Observation(each, NOW, run, status=200))
            visit(state, run, each)
            time.sleep(0.01)
        restarting.join()
        visit(state, run, urls[-1])
        assert state.came_back_at > 0
        assert [len(state.history(link(state, each).id)) for each in urls] == [1] * len(urls)
        assert state.pending_visits() == []
        with open_state(tmp_path, url) as other, pytest.raises(StateLocked), other.lock():
            pass


@pytest.mark.postgres
def test_what_a_crash_undid_is_done_again(own_postgres: OwnServer, tmp_path: Path) -> None:
    """A visit waits for no disk: the server had confirmed it, and has forgotten it."""
    urls = [f"https://a.example/{number}" for number in range(60)]
    with open_state(tmp_path, own_postgres.new_url()) as state, state.lock():
        save_urls(state, *urls)
        run = state.start_run(NOW).id
        for url in urls:
            visit(state, run, url)
        victim = own_postgres.sessions()[0]
        os.kill(victim, signal.SIGKILL)
        time.sleep(0.2)
        assert [len(state.history(link(state, url).id)) for url in urls] == [1] * len(urls)
        assert state.came_back_at > 0


@pytest.mark.postgres
def test_a_run_stops_where_another_took_its_state(own_postgres: OwnServer, tmp_path: Path) -> None:
    url = own_postgres.new_url()
    with open_state(tmp_path, url) as first, open_state(tmp_path, url) as second:
        save_urls(first, A)
        run = first.start_run(NOW).id
        with first.lock():
            visit(first, run, A)
            own_postgres.end_sessions()
            with second.lock():
                for again in range(3):
                    with pytest.raises(StateLost, match="another run took this state"):
                        visit(first, run, A, at=NOW + again * HOUR)
                visit(second, second.start_run(NOW).id, A, at=NOW + DAY)
            with pytest.raises(StateLost, match="another run took this state"):
                first.runs(1)
        # A run that came and went meanwhile counts as well.
        with second.lock():
            own_postgres.end_sessions()
            with open_state(tmp_path, url) as third, third.lock():
                pass
            with pytest.raises(StateLost, match="another run took this state"):
                second.watch()
    with open_state(tmp_path, url) as state:
        assert len(state.history(link(state, A).id)) == 2


@pytest.mark.postgres
def test_a_server_that_stays_away_is_told_once(
    own_postgres: OwnServer, tmp_path: Path, hasty: None, caplog: pytest.LogCaptureFixture
) -> None:
    with open_state(tmp_path, own_postgres.new_url()) as state, state.lock():
        save_urls(state, A)
        own_postgres.stop()
        began = time.monotonic()
        for _ in range(50):
            with pytest.raises(StateLost, match=r"check that the server runs.*waited for"):
                visit(state, 1, A)
        assert time.monotonic() - began < 20, "it is waited for once"
        told = [each.getMessage() for each in caplog.records]
        assert len(told) <= 1
        own_postgres.start()


@pytest.mark.postgres
def test_a_watch_takes_the_lock_again(own_postgres: OwnServer, tmp_path: Path) -> None:
    """A run that waits for slow hosts asks nothing of its state."""
    url = own_postgres.new_url()
    with open_state(tmp_path, url) as state, open_state(tmp_path, url) as other, state.lock():
        state.watch()
        own_postgres.end_sessions()
        state.watch()
        came_back_at = state.came_back_at
        assert came_back_at > 0
        with pytest.raises(StateLocked), other.lock():
            pass
        state.watch()
        assert state.came_back_at > 0


@pytest.mark.postgres
# The driver's cursor warns when it is collected: its session has gone, and nobody could close it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_who_reads_an_iterator_can_begin_again(own_postgres: OwnServer, tmp_path: Path) -> None:
    with open_state(tmp_path, own_postgres.new_url()) as state:
        names = [f"{number:04}.md" for number in range(1_200)]
        save(state, *(article(name, [reference(name, A)]) for name in names))
        begun = 0

        def read() -> list[str]:
            nonlocal begun
            begun += 1
            found = []
            for known in state.known_articles():
                found.append(known.path)
                if len(found) == 300 and begun == 1:
                    own_postgres.end_sessions()
            return found

        assert state.again(read) == names
        assert begun == 2
    gc.collect()


@pytest.mark.postgres
def test_an_opening_waits_for_a_server_that_ends_its_sessions(
    own_postgres: OwnServer, tmp_path: Path
) -> None:
    url = own_postgres.new_url()

    def end_all() -> None:
        for _ in range(5):
            own_postgres.end_sessions()

    ending = run_while(end_all)
    for _ in range(5):
        with open_state(tmp_path, url) as state:
            state.runs(1)
    ending.join()


# ------------------------------------------------------------------------------------ a file


def removed(root: Path, name: str) -> None:
    (root / ".linkhealth" / name).unlink()


def replaced(root: Path, name: str) -> None:
    path = root / ".linkhealth" / name
    copy = path.with_name("copy")
    shutil.copyfile(path, copy)
    copy.replace(path)


def moved_away(root: Path, name: str) -> None:
    (root / ".linkhealth").rename(root / "old")


@pytest.fixture
def file_state(tmp_path: Path) -> Iterator[State]:
    with open_state(tmp_path, None) as state:
        save_urls(state, A)
        yield state


@pytest.mark.parametrize("name", ["state.sqlite3", "state.sqlite3.lock"])
@pytest.mark.parametrize("happens", [removed, replaced, moved_away])
def test_a_file_that_is_taken_away_ends_the_run(
    file_state: State, tmp_path: Path, name: str, happens: Callable[[Path, str], None]
) -> None:
    run = file_state.start_run(NOW).id
    lock = file_state.lock()
    lock.__enter__()
    visit(file_state, run, A)
    happens(tmp_path, name)
    for again in range(2):
        with pytest.raises(StateLost, match=r"state\.sqlite3.*removed or replaced"):
            visit(file_state, run, A, at=NOW + again * HOUR)
    with pytest.raises(StateLost, match="removed or replaced"):
        lock.__exit__(None, None, None)


def test_a_run_that_wrote_nothing_since_is_told_at_its_end(
    file_state: State, tmp_path: Path
) -> None:
    with pytest.raises(StateLost, match="removed or replaced"), file_state.lock():
        removed(tmp_path, "state.sqlite3")


def test_without_the_lock_nothing_is_watched(file_state: State, tmp_path: Path) -> None:
    with file_state.lock():
        pass
    removed(tmp_path, "state.sqlite3.lock")
    file_state.watch()
    file_state.start_run(NOW)


# ------------------------------------------------------------------------------------ damage


def renamed(root: Path, url: str | None, table: str, name: str) -> None:
    place = f"sqlite:///{root}/.linkhealth/state.sqlite3"
    if url is not None:
        place = url.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(place)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
    engine.dispose()


def test_a_missing_table_is_told_at_opening(database_url: str | None, tmp_path: Path) -> None:
    for table in schema.tables:
        with open_state(tmp_path, database_url) as state:
            assert state.runs(1) == []
        renamed(tmp_path, database_url, table, "away")
        expected = rf"its table {table} is missing; the state is damaged: move it away"
        with pytest.raises(StateError, match=expected):
            open_state(tmp_path, database_url)
        renamed(tmp_path, database_url, "away", table)


def test_a_missing_column_is_told_at_opening(database_url: str | None, tmp_path: Path) -> None:
    with open_state(tmp_path, database_url) as state, state._database.write() as connection:
        connection.execute(text("ALTER TABLE links RENAME COLUMN strikes TO other"))
    with pytest.raises(StateError, match="column strikes of its table links is missing"):
        open_state(tmp_path, database_url)


def test_a_view_in_the_place_of_a_table_is_refused(tmp_path: Path) -> None:
    with open_state(tmp_path, None) as state, state._database.write() as connection:
        connection.execute(text("DROP TABLE decisions"))
        connection.execute(text("CREATE VIEW decisions AS SELECT * FROM meta"))
    with pytest.raises(StateError, match="its table decisions is missing"):
        open_state(tmp_path, None)


_DAMAGE = re.compile(r"state\.sqlite3: .*the (state|file) is damaged: move it away")


def damaged_pages(path: Path) -> Iterator[int]:
    """Zero one page of a database after the other, as a broken disk or a sparse copy would."""
    whole = path.read_bytes()
    for page in range(len(whole) // 4_096):
        for ending in ("-wal", "-shm"):
            Path(f"{path}{ending}").unlink(missing_ok=True)
        path.write_bytes(whole[: page * 4_096] + bytes(4_096) + whole[(page + 1) * 4_096 :])
        yield page


def test_a_zeroed_page_is_told_as_damage(tmp_path: Path) -> None:
    with open_state(tmp_path, None) as state:
        all_writes(state)
        state.plan_writes([PendingWrite("a.md", "1" * 64, "x" * 20_000, NOW)])
    told: list[str] = []
    for _ in damaged_pages(tmp_path / ".linkhealth" / "state.sqlite3"):
        try:
            with open_state(tmp_path, None) as state, state.lock():
                all_writes(state)
                contents(state)
        except StateError as error:
            told.append(str(error))
    assert len(told) > 20
    assert [one for one in told if not _DAMAGE.search(one)] == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE links SET checked_at = 9223372036854775807",
        "UPDATE links SET checked_at = 'yesterday'",
        "UPDATE links SET final_url = x'ff'",
        "UPDATE files SET size = 'large', sha256 = 'x'",
        "UPDATE files SET published_at = -9223372036854775807",
    ],
)
def test_a_value_that_nobody_wrote_is_told_as_damage(tmp_path: Path, statement: str) -> None:
    with open_state(tmp_path, None) as state:
        save_urls(state, A)
        visit(state, state.start_run(NOW).id, A)
        with state._database.write() as connection:
            connection.execute(text(statement))
        with pytest.raises(StateError, match=_DAMAGE):
            raise AssertionError(
                [state.stamps(), list(state.known_articles()), *state.link_entries()]
            )
