from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, inspect, text

from crawler.model.article import FileStamp, Problem, ProblemCode
from crawler.model.article_labels import NO_LABELS, ArticleLabels
from crawler.model.decision import Decision, NotBroken
from crawler.model.host_certificate import HostCertificate, Validity
from crawler.model.link import Access, Baseline
from crawler.model.notification import Told
from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Further,
    Inconclusive,
    Observation,
    PageFacts,
    Probe,
)
from crawler.model.page_depth import Depth
from crawler.model.provider import Provider
from crawler.model.review_decision import Proposal
from crawler.model.selection import Selection
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state import State, StateError, StateLocked, StateTooNew, open_state, state_folder
from crawler.state.bulk import insert_stored
from crawler.state.connecting import open_database
from crawler.state.schema import schema
from crawler.state.upgrades import SCHEMA_VERSION, STEPS, upgrade
from tests.state.samples import (
    DAY,
    NOW,
    article,
    link,
    reference,
    save_urls,
    stamp,
    visit,
)

PROVIDER = Provider("A name\ud800", "a.example", 4, 5)


def test_the_database_is_made_under_the_content_root(tmp_path: Path) -> None:
    with open_state(tmp_path, None) as state:
        save_urls(state, "https://a.example/")
        assert state.name == str(tmp_path / ".linkhealth" / "state.sqlite3")
    assert (tmp_path / ".linkhealth" / ".gitignore").read_text() == "*\n"
    with open_state(tmp_path, f"sqlite:///{tmp_path}/.linkhealth/state.sqlite3") as state:
        assert link(state, "https://a.example/").id == 1


def test_what_was_committed_is_there_after_opening_again(
    database_url: str | None, tmp_path: Path
) -> None:
    with open_state(tmp_path, database_url) as state:
        save_urls(state, "https://a.example/")
    with open_state(tmp_path, database_url) as state:
        assert link(state, "https://a.example/").due_at == NOW


def test_the_gitignore_of_an_editor_is_kept(tmp_path: Path) -> None:
    state_folder(tmp_path)
    (tmp_path / ".linkhealth" / ".gitignore").write_text("mine\n")
    assert state_folder(tmp_path) == tmp_path / ".linkhealth"
    assert (tmp_path / ".linkhealth" / ".gitignore").read_text() == "mine\n"


def test_sqlite_is_opened_as_documented(tmp_path: Path) -> None:
    database = open_database(tmp_path, None)
    with database.read() as connection:
        found = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema")
        }
    database.close()
    assert found == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "trusted_schema": 0,
    }


@pytest.mark.postgres
def test_postgresql_is_opened_as_documented(postgres_url: str, tmp_path: Path) -> None:
    database = open_database(tmp_path, postgres_url)
    ways_in = ((database.read, "off"), (database.at_once, "off"), (database.write, "on"))
    for way_in, expected in ways_in:
        with way_in() as connection:
            found = connection.execute(text("SHOW synchronous_commit")).scalar_one()
            assert found == expected
    database.close()


@pytest.mark.postgres
def test_a_visit_is_one_statement_to_a_server(postgres_url: str, tmp_path: Path) -> None:
    with open_state(tmp_path, postgres_url) as state:
        save_urls(state, "https://a.example/")
        run, link_id = state.start_run(NOW), link(state, "https://a.example/").id
        sent: list[bool] = []

        def note(connection: Connection, cursor: Any, *_rest: object) -> None:
            sent.append(cursor.connection.autocommit)

        event.listen(state._database.engine, "after_cursor_execute", note)
        state.history(link_id)
        state.own_references(link_id)
        verdict = Verdict(VerdictKind.ALIVE, "ok", "r", since=NOW)
        seen = Observation("https://a.example/", NOW, run.id, status=200)
        state.record(link_id, seen, verdict, None)
        event.remove(state._database.engine, "after_cursor_execute", note)
    # Without autocommit each would be three round trips: BEGIN, itself, COMMIT.
    assert sent == [True, True, True]


def test_the_log_is_small_after_much_was_written(tmp_path: Path) -> None:
    log = tmp_path / ".linkhealth" / "state.sqlite3-wal"
    with open_state(tmp_path, None) as state:
        for number in range(60):
            urls = [f"https://a.example/{'x' * 900}/{number}/{n}" for n in range(200)]
            save_urls(state, *urls, path=f"{number}.md")
        database = log.with_name("state.sqlite3")
        assert 3 * log.stat().st_size < database.stat().st_size
    assert not log.exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / ".linkhealth").write_text("a file")
    with pytest.raises(StateError, match=r"\.linkhealth: .*LINKHEALTH_DATABASE_URL"):
        open_state(tmp_path, None)


@pytest.mark.parametrize("planted", [".linkhealth", ".linkhealth/state.sqlite3"])
def test_a_planted_symbolic_link_is_refused(tmp_path: Path, planted: str) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / planted).parent.mkdir(parents=True)
    outside.mkdir()
    (root / planted).symlink_to(outside)
    with pytest.raises(StateError, match=r"symbolic link|plain file"):
        open_state(root, None)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"this is not a database, " * 100, b"SQLite format 3\x00" + b"\xff" * 8000]
)
def test_a_damaged_file_is_named_with_the_next_step(tmp_path: Path, content: bytes) -> None:
    file = state_folder(tmp_path) / "state.sqlite3"
    file.write_bytes(content)
    with pytest.raises(StateError, match=r"state\.sqlite3: .*damaged: move it away"):
        open_state(tmp_path, None)
    assert file.read_bytes() == content


def test_a_database_in_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="check that the folder exists"):
        open_state(tmp_path, f"sqlite:///{tmp_path}/none/state.sqlite3")


@pytest.mark.parametrize(
    "url",
    [
        "mysql://me:s3cret@db/x",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///x?mode=memory",
        "s3cret",
        "postgresql://me:s3cret@db:port/x",
    ],
)
def test_a_url_that_is_no_state_is_refused_without_its_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(StateError, match="LINKHEALTH_DATABASE_URL") as caught:
        open_state(tmp_path, url)
    assert "s3cret" not in str(caught.value)
    assert not (tmp_path / ".linkhealth").exists()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_server_that_is_not_there_is_named_without_its_password(
    tmp_path: Path, scheme: str
) -> None:
    url = f"{scheme}://me:s3cret@/news?host={tmp_path}"
    with pytest.raises(StateError) as caught:
        open_state(tmp_path, url)
    shown = str(caught.value)
    assert shown.startswith(f"postgresql://me@{tmp_path}/news: ")
    assert "check that the server runs" in shown
    assert "s3cret" not in shown


def test_a_missing_driver_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StateError, match=r"db:5433/news: .*linkhealth\[postgres\]"):
        open_state(tmp_path, "postgresql://db:5433/news")


@pytest.mark.postgres
def test_a_missing_database_is_named(postgres_url: str, tmp_path: Path) -> None:
    with pytest.raises(StateError, match="check the name of the database"):
        open_state(tmp_path, postgres_url.replace("/postgres?", "/none?"))


# ------------------------------------------------------------------------------------- versions


@contextmanager
def connected(root: Path, url: str | None) -> Iterator[Connection]:
    database = open_database(root, url)
    with database.write() as connection:
        yield connection
    database.close()


def set_version(connection: Connection, value: str) -> None:
    connection.execute(text("UPDATE meta SET value = :value"), {"value": value})


def get_version(connection: Connection) -> str:
    return str(connection.execute(text("SELECT value FROM meta")).scalar_one())


def test_every_step_has_its_version() -> None:
    assert len(STEPS) + 1 == SCHEMA_VERSION


def test_a_newer_database_is_refused(database_url: str | None, tmp_path: Path) -> None:
    with connected(tmp_path, database_url) as connection:
        set_version(connection, str(SCHEMA_VERSION + 1))
    with pytest.raises(StateTooNew, match=r"newer version of linkhealth.*update linkhealth"):
        open_state(tmp_path, database_url)


@pytest.mark.parametrize("value", ["", "x", "-1", "0", "1.5"])
def test_an_unreadable_version_is_refused(
    database_url: str | None, tmp_path: Path, value: str
) -> None:
    with connected(tmp_path, database_url) as connection:
        set_version(connection, value)
    with pytest.raises(StateError, match="version cannot be read"):
        open_state(tmp_path, database_url)


UNDOING = {
    2: ("ALTER TABLE problems DROP COLUMN at_write",),
    3: ("ALTER TABLE observations DROP COLUMN inconclusive",),
    4: (
        "ALTER TABLE observations DROP COLUMN certificate",
        "ALTER TABLE observations DROP COLUMN sibling",
    ),
    5: ("DROP TABLE staged_observations", "DROP TABLE origin_answers"),
    6: ("DROP TABLE decisions",),
    7: ("ALTER TABLE links DROP COLUMN baseline",),
    8: (
        "ALTER TABLE observations DROP COLUMN further",
        "ALTER TABLE staged_observations DROP COLUMN further",
    ),
    9: ("ALTER TABLE files DROP COLUMN provider",),
    10: ("ALTER TABLE files DROP COLUMN labels",),
    11: ("DROP TABLE held_links", "DROP TABLE accepted_links"),
    12: ("DROP TABLE review_decisions",),
    13: ("DROP TABLE host_certificates",),
    14: ("DROP TABLE told_channels",),
    15: (
        "ALTER TABLE links DROP COLUMN page_mark",
        "ALTER TABLE observations DROP COLUMN page_mark",
        "ALTER TABLE staged_observations DROP COLUMN page_mark",
    ),
}
"""What each version added, taken away again."""


def take_back(connection: Connection, version: int) -> None:
    """Make a database one of an earlier version."""
    for later in range(SCHEMA_VERSION, version, -1):
        for statement in UNDOING[later]:
            connection.execute(text(statement))
    set_version(connection, str(version))


def older(connection: Connection) -> None:
    """A database as an earlier version might have left it: runs without their requests."""
    connection.execute(text("ALTER TABLE runs DROP COLUMN requests"))
    connection.execute(text("INSERT INTO runs (id, started_at) VALUES (1, 5)"))
    set_version(connection, "1")


def add_requests(connection: Connection) -> None:
    connection.execute(text("ALTER TABLE runs ADD COLUMN requests BIGINT NOT NULL DEFAULT 7"))


def double_requests(connection: Connection) -> None:
    connection.execute(text("UPDATE runs SET requests = requests * 2"))


def fail(connection: Connection) -> None:
    connection.execute(text("SELECT no_such_function_here()"))


def test_an_older_database_is_upgraded_step_by_step(
    database_url: str | None, tmp_path: Path
) -> None:
    with connected(tmp_path, database_url) as connection:
        older(connection)
        upgrade(connection, "name", [add_requests, double_requests])
        assert get_version(connection) == "3"
        upgrade(connection, "name", [add_requests, double_requests])
        assert connection.execute(text("SELECT requests FROM runs")).scalar_one() == 14
        set_version(connection, str(SCHEMA_VERSION))
    with open_state(tmp_path, database_url) as state:
        (run,) = state.runs(5)
        assert run.requests == 14


def test_version_2_marks_write_problems(database_url: str | None, tmp_path: Path) -> None:
    read = Problem("a.md", 2, ProblemCode.ALIAS, "found when read")
    refused = Problem("a.md", 4, ProblemCode.WRITE_REFUSED, "read-only")
    with open_state(tmp_path, database_url) as state:
        state.save_unreadable("a.md", None, [read])
    with connected(tmp_path, database_url) as connection:
        take_back(connection, 1)
    with open_state(tmp_path, database_url) as state:
        state.save_write_problems([refused])
        assert state.problems() == [read, refused]
        state.complete_write("a.md", stamp(), None, 1, 0)
        assert state.problems() == [read]


def test_version_3_keeps_inconclusive_observations(
    database_url: str | None, tmp_path: Path
) -> None:
    url = "https://a.example/"
    with open_state(tmp_path, database_url) as state:
        save_urls(state, url)
        run = state.start_run(NOW).id
        visit(state, run, url)
    with connected(tmp_path, database_url) as connection:
        take_back(connection, 2)
    with open_state(tmp_path, database_url) as state:
        found = link(state, url)
        for number, each in enumerate(Inconclusive, start=1):
            seen = Observation(url, NOW + number * DAY, run, status=403, inconclusive=each)
            state.record(found.id, seen, found.verdict, None)
        kept = [seen.inconclusive for seen in state.history(found.id)]
        assert kept == [None, *Inconclusive]


def test_version_4_keeps_certificate_faults_and_probes(
    database_url: str | None, tmp_path: Path
) -> None:
    url = "https://a.example/"
    probe = Probe("https://a.example/none", 200, "https://a.example/", 0.93)
    with open_state(tmp_path, database_url) as state:
        save_urls(state, url)
        run = state.start_run(NOW).id
        visit(state, run, url)
    with connected(tmp_path, database_url) as connection:
        take_back(connection, 3)
    with open_state(tmp_path, database_url) as state:
        found = link(state, url)
        for number, each in enumerate(CertificateFault, start=1):
            at = NOW + number * DAY
            seen = Observation(url, at, run, status=200, certificate=each, probe=probe)
            state.record(found.id, seen, found.verdict, None)
        first, *kept = state.history(found.id)
        assert (first.certificate, first.probe) == (None, None)
        assert [seen.certificate for seen in kept] == list(CertificateFault)
        assert {seen.probe for seen in kept} == {probe}


def test_version_6_keeps_decisions(database_url: str | None, tmp_path: Path) -> None:
    with connected(tmp_path, database_url) as connection:
        made = layout(connection, "decisions")
        take_back(connection, 5)
    with connected(tmp_path, database_url) as connection:
        assert layout(connection, "decisions") == made
    hostile = Decision("https://a.example/\x00", "\ud800", NOW, against=NotBroken("http-404", None))
    with open_state(tmp_path, database_url) as state:
        state.decide(hostile)
        assert state.decisions() == [hostile]


def test_version_7_keeps_baselines(database_url: str | None, tmp_path: Path) -> None:
    url = "https://a.example/"
    with open_state(tmp_path, database_url) as state:
        save_urls(state, url)
        run = state.start_run(NOW).id
        visit(state, run, url, page=PageFacts("First", content_hash="1:a"))
    with connected(tmp_path, database_url) as connection:
        take_back(connection, 6)
    with open_state(tmp_path, database_url) as state:
        assert link(state, url).baseline is None
        visit(state, run, url, page=PageFacts("Second", content_hash="1:b", modified="2026-01-02"))
        visit(state, run, url, page=PageFacts("Third", content_hash="1:c"))
        assert link(state, url).baseline == Baseline("1:b", "2026-01-02", Access.FREE)


def test_version_9_reads_every_file_once_more(database_url: str | None, tmp_path: Path) -> None:
    unread = Problem("none.md", 0, ProblemCode.UNREADABLE, "closed")
    with open_state(tmp_path, database_url) as state:
        save_urls(state, "https://a.example/")
        state.save_unreadable("none.md", None, [unread])
        known = state.stamps()
    with connected(tmp_path, database_url) as connection:
        take_back(connection, 8)
    with open_state(tmp_path, database_url) as state:
        assert state.stamps() == {"a.md": FileStamp(-1, -1, -1, -1, "")}
        assert state.unstamped() == {"none.md"}
        assert [one.provider for one in state.known_articles()] == [None]
        saved = replace(
            article("a.md", [reference("a.md", "https://a.example/")]), provider=PROVIDER
        )
        state.save_articles([(saved, known["a.md"])], NOW)
        assert [one.provider for one in state.known_articles()] == [PROVIDER]
    with open_state(tmp_path, database_url) as state:
        assert state.stamps() == known


def test_version_10_reads_every_file_once_more_for_its_labels(
    database_url: str | None, tmp_path: Path
) -> None:
    labels = ArticleLabels(heat=3.5, topics=("AI", "\ud800"))
    with open_state(tmp_path, database_url) as state:
        save_urls(state, "https://a.example/")
        known = state.stamps()
    with connected(tmp_path, database_url) as connection:
        take_back(connection, 9)
    with open_state(tmp_path, database_url) as state:
        assert state.stamps() == {"a.md": FileStamp(-1, -1, -1, -1, "")}
        assert [one.labels for one in state.labelled_articles()] == [NO_LABELS]
        saved = replace(article("a.md", [reference("a.md", "https://a.example/")]), labels=labels)
        state.save_articles([(saved, known["a.md"])], NOW)
        assert [one.labels for one in state.labelled_articles()] == [labels]


def test_version_12_keeps_decisions_of_reviews(database_url: str | None, tmp_path: Path) -> None:
    with connected(tmp_path, database_url) as connection:
        made = layout(connection, "review_decisions")
        indexes = inspect(connection).get_indexes("review_decisions")
        take_back(connection, 11)
    with connected(tmp_path, database_url) as connection:
        assert layout(connection, "review_decisions") == made
        assert {one["name"] for one in inspect(connection).get_indexes("review_decisions")} == {
            one["name"] for one in indexes
        }
    hostile = Proposal({"url": "https://a.example/\x00", "note": "\ud800", "decision": "keep"})
    with open_state(tmp_path, database_url) as state:
        state.keep_review_decisions([hostile], 0, "page", NOW)
        (kept,) = state.review_decisions()
        assert kept.cells == hostile.cells


def test_version_13_keeps_certificates_of_hosts(database_url: str | None, tmp_path: Path) -> None:
    with open_state(tmp_path, database_url) as state:
        save_urls(state, "https://a.example/")
    with connected(tmp_path, database_url) as connection:
        made = layout(connection, "host_certificates")
        take_back(connection, 12)
    with connected(tmp_path, database_url) as connection:
        assert layout(connection, "host_certificates") == made
    with open_state(tmp_path, database_url) as state:
        assert state.host_certificates() == []
        state.note_certificates({"a.example": Validity(NOW, NOW + DAY)}, NOW)
        assert state.host_certificates() == [
            HostCertificate("a.example", Validity(NOW, NOW + DAY), NOW)
        ]


def test_version_14_keeps_what_channels_were_told(database_url: str | None, tmp_path: Path) -> None:
    with open_state(tmp_path, database_url) as state:
        save_urls(state, "https://a.example/")
    with connected(tmp_path, database_url) as connection:
        made = layout(connection, "told_channels")
        take_back(connection, 13)
    with connected(tmp_path, database_url) as connection:
        assert layout(connection, "told_channels") == made
    with open_state(tmp_path, database_url) as state:
        assert state.told("desk", "slack") is None
        told = Told(3, NOW, frozenset({("a.example", "http-404")}))
        state.note_told("desk", "slack", told)
        assert state.told("desk", "slack") == told


def test_version_15_keeps_how_far_pages_were_read(database_url: str | None, tmp_path: Path) -> None:
    tables = ("links", "observations", "staged_observations")
    with open_state(tmp_path, database_url) as state:
        save_urls(state, "https://a.example/")
    with connected(tmp_path, database_url) as connection:
        made = [layout(connection, table) for table in tables]
        take_back(connection, 14)
    with open_state(tmp_path, database_url) as state:
        (due,) = state.due_links("a.example", Selection(), NOW, 1, 0, 9)
        # What older versions kept was read whole, from bytes that nobody knows any more.
        assert (due.depth, due.page_mark) == (Depth.WHOLE, None)
    with connected(tmp_path, database_url) as connection:
        assert [layout(connection, table) for table in tables] == made


def layout(connection: Connection, table: str) -> list[tuple[object, ...]]:
    """The columns of a table: name, type with its collation, may be empty, place in the key."""
    return [
        (column["name"], repr(column["type"]), column["nullable"], column.get("primary_key", 0))
        for column in inspect(connection).get_columns(table)
    ]


def test_a_failing_step_leaves_the_older_database(database_url: str | None, tmp_path: Path) -> None:
    database = open_database(tmp_path, database_url)
    with database.write() as connection:
        older(connection)
    with pytest.raises(StateError), database.write() as connection:
        upgrade(connection, "name", [add_requests, fail])
    with database.read() as connection:
        assert get_version(connection) == "1"
        columns = {column["name"] for column in inspect(connection).get_columns("runs")}
    database.close()
    assert "requests" not in columns


def test_the_tables_are_those_of_the_schema(database_url: str | None, tmp_path: Path) -> None:
    with connected(tmp_path, database_url) as connection:
        assert set(inspect(connection).get_table_names()) == set(schema.tables)


def test_a_row_that_this_version_does_not_know_is_read(
    database_url: str | None, tmp_path: Path
) -> None:
    url = "https://a.example/"
    with open_state(tmp_path, database_url) as state:
        save_urls(state, url)
        visit(state, state.start_run(NOW).id, url)
    with connected(tmp_path, database_url) as connection:
        connection.execute(
            text(
                "UPDATE links SET kind = 'zombie', warnings = '[\"new-code\", 3]', hops = '{',"
                ' suggestion = \'["other", "x"]\', page = \'{"title": 3, "more": 1,'
                ' "titles": "x"}\', image = \'{"width": true}\''
            )
        )
        connection.execute(
            text(
                "UPDATE observations SET failure = 'new', sign = 'new', page = '[]', image = '1',"
                " inconclusive = 'new', certificate = 'new', sibling = '{}',"
                ' further = \'{"over_https": "new", "front": 3, "is_titled": 1, "neighbour": [], "more": 2}\''
            )
        )
        connection.execute(text("UPDATE article_references SET role = 'new', scope = 'new'"))
    with open_state(tmp_path, database_url) as state:
        found = link(state, url)
        assert (found.verdict.kind.value, found.verdict.warnings) == ("unchecked", ())
        assert (found.hops, found.verdict.suggestion) == ((), None)
        assert found.page is not None
        assert (found.page.title, found.page.titles) == (None, ())
        assert found.image is not None
        assert (found.image.width, found.image.bytes_read) == (None, 0)
        (seen,) = state.history(found.id)
        assert seen.failure is not None
        assert (seen.failure.value, seen.sign, seen.page, seen.image) == (
            "unexpected",
            None,
            None,
            None,
        )
        # The observation was inconclusive for the version that wrote it; it must not become a strike here.
        assert seen.inconclusive is Inconclusive.OWN_NETWORK_DOWN
        assert (seen.certificate, seen.probe) == (CertificateFault.UNTRUSTED, None)
        assert seen.further == Further(over_https=FailureKind.UNEXPECTED)
        assert [each.related for each in state.known_articles(related=True)] == []
        (entry,) = state.link_entries(all_references=True)
        assert entry.references[0].role.value == "body"


# ------------------------------------------------------------------------------ other processes


@contextmanager
def process(
    project: Path, root: Path, url: str | None, body: str
) -> Iterator[subprocess.Popen[str]]:
    """Another process with the same state opened; it is killed at the end."""
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from crawler.state import open_state
        from tests.state.samples import DAY, NOW, link, save_urls, visit
        state = open_state(Path(sys.argv[1]), sys.argv[2] or None)
        """
    ) + textwrap.dedent(body)
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(root), url or ""],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield child
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()


def read_line(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_one_run_at_a_time_within_a_process(state: State) -> None:
    with state.lock(), pytest.raises(StateLocked, match="another run"), state.lock():
        pass
    with state.lock():
        pass


@pytest.mark.process
def test_a_killed_run_gives_the_lock_back(
    database_url: str | None, tmp_path: Path, project: Path
) -> None:
    body = """
        with state.lock():
            print("locked", flush=True)
            import time; time.sleep(600)
    """
    with open_state(tmp_path, database_url) as state:
        with process(project, tmp_path, database_url, body) as child:
            assert read_line(child) == "locked"
            with pytest.raises(StateLocked), state.lock():
                pass
            state.runs(1)
        take_lock_soon(state)


def take_lock_soon(state: State) -> None:
    """The kernel frees a lock at once; a server when it notices that the connection has gone."""
    import time

    deadline = time.monotonic() + 20
    while True:
        try:
            with state.lock():
                return
        except StateLocked:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


@pytest.mark.process
def test_a_killed_writer_leaves_what_it_committed(
    database_url: str | None, tmp_path: Path, project: Path
) -> None:
    body = """
        save_urls(state, *(f"https://a.example/{n}" for n in range(100_000 // 100)))
        run = state.start_run(NOW)
        n = 0
        while True:
            visit(state, run.id, f"https://a.example/{n % 1000}")
            n += 1
            print(n, flush=True)
    """
    with process(project, tmp_path, database_url, body) as child:
        told = 0
        while told < 50:
            told = int(read_line(child))
    with open_state(tmp_path, database_url) as state:
        visited = [each.link for each in state.link_entries() if each.link.checked_at]
        assert len(visited) >= told
        assert all(len(state.history(each.id)) == 1 for each in visited)
        run = state.start_run(NOW)
        visit(state, run.id, "https://a.example/0")
    if database_url is None:
        with sqlite3.connect(tmp_path / ".linkhealth" / "state.sqlite3") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()


def test_the_lock_file_may_not_lead_elsewhere(tmp_path: Path) -> None:
    with open_state(tmp_path, None) as state:
        (tmp_path / ".linkhealth" / "state.sqlite3.lock").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(StateError, match="lock: "), state.lock():
            pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_database_that_another_program_keeps_locked_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.state.connecting._PRAGMAS", ("PRAGMA busy_timeout = 20",))
    with open_state(tmp_path, None) as state:
        other = sqlite3.connect(tmp_path / ".linkhealth" / "state.sqlite3", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StateError, match="another program is writing"):
            state.start_run(NOW)
        other.close()
        state.start_run(NOW)


def test_a_refused_bulk_insert_is_a_state_error(state: State) -> None:
    refused = pytest.raises(StateError, match=r"gone.* damaged: move it away")
    with refused, state._database.write() as connection:
        insert_stored(connection, "gone", ("a",), [(1,)])


def test_a_table_that_has_gone_is_a_state_error(state: State, database_url: str | None) -> None:
    with state._database.write() as connection:
        connection.execute(text("DROP TABLE pending_writes"))
    with pytest.raises(StateError, match=r"pending_writes.* damaged: move it away"):
        state.pending_writes()


def test_the_index_of_own_references_holds_no_others(state: State) -> None:
    """With either engine: with PostgreSQL the condition is said only once tables are made there."""
    queries = {
        "sqlite": "SELECT sql FROM sqlite_master WHERE name = 'own_references'",
        "postgresql": "SELECT indexdef FROM pg_indexes WHERE indexname = 'own_references'"
        " AND schemaname = current_schema()",
    }
    with state._database.read() as connection:
        made = connection.execute(text(queries[connection.dialect.name])).scalar_one()
    assert re.search(r" WHERE \(?scope = 'own'", made)


@pytest.mark.process
def test_a_state_in_a_file_loads_no_dialect_of_a_server() -> None:
    program = "import sys, crawler.state; print('sqlalchemy.dialects.postgresql' in sys.modules)"
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ended.stdout == "False\n"
