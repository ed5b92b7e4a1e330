"""The state goes away under a run: a restart is waited out, what stays away ends the run with one message."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from crawler.model.exit_code import ExitCode
from tests.end_to_end.collection import Collection, article
from tests.end_to_end.test_interruptions import audit_command, wait_until
from tests.services.postgres import OwnServer
from tests.time_limits import HANG
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

LINKS = [f"https://host-{host}.example/story-{number}" for host in range(6) for number in range(8)]


@pytest.fixture
def collection(module_web: LoopbackWeb, tmp_path: Path) -> Collection:
    made = Collection(tmp_path / "content")
    for number, url in enumerate(LINKS):
        made.add(f"{number}.md", article(web=url))
    module_web.set_rules({"*": Answer(delay=0.1)})
    module_web.forget()
    return made


def audited(
    web: LoopbackWeb,
    collection: Collection,
    happens: Callable[[], object],
    *options: str,
    **env: str,
) -> tuple[int, str]:
    """The exit code and stderr of an audit during which something happens."""
    with web.start(
        audit_command(collection, *options), cwd=collection.root.parent, env=web.environment(**env)
    ) as process:
        wait_until(lambda: len(web.requests()) >= 12 or process.poll() is not None)
        happens()
        code = process.wait(timeout=HANG)
        assert process.stderr is not None
        return code, process.stderr.read()


@pytest.mark.postgres
@pytest.mark.parametrize("mode", ["fast", "immediate", "sessions", "kill"])
def test_a_restart_of_the_server_is_waited_out(
    own_postgres: OwnServer, module_web: LoopbackWeb, collection: Collection, mode: str
) -> None:
    url = own_postgres.new_url()

    def happens() -> None:
        match mode:
            case "sessions":
                own_postgres.end_sessions()
            case "kill":
                os.kill(own_postgres.sessions()[-1], signal.SIGKILL)
            case _:
                own_postgres.restart(mode)

    code, said = audited(module_web, collection, happens, LINKHEALTH_DATABASE_URL=url)
    assert code == ExitCode.FINE, said
    assert "Traceback" not in said
    assert said.count("went away; waiting for it") <= 1, said
    assert collection.report().summary["by_verdict"]["alive"] == len(LINKS)
    assert all(b"linkHealth:" in data for data in collection.contents().values())
    asked = [request.url for request in module_web.requests()]
    assert sorted(asked) == sorted(LINKS), "each was asked once"


@pytest.mark.postgres
def test_answers_that_came_in_while_the_run_stood_still_are_no_failures(
    own_postgres: OwnServer, module_web: LoopbackWeb, collection: Collection
) -> None:
    """Their time runs out before they are read; the host is not to blame. A busy machine gets an answer within 5 s."""
    url = own_postgres.new_url()
    collection.add(".linkhealth.yml", "retries: 0\n")
    module_web.set_rules(
        {"*": Answer(body="<title>A title</title>" + "<p>word " * 60_000, delay=0.3)}
    )

    def happens() -> None:
        own_postgres.stop()
        time.sleep(9)
        own_postgres.start()

    code, said = audited(
        module_web,
        collection,
        happens,
        "-s",
        "DOWNLOAD_TIMEOUT=5",
        LINKHEALTH_DATABASE_URL=url,
    )
    assert code == ExitCode.FINE, said
    assert said.count("went away; waiting for it") == 1, said
    assert collection.report().summary["by_verdict"]["alive"] == len(LINKS)


@pytest.mark.postgres
def test_a_server_that_another_run_took_ends_the_run(
    own_postgres: OwnServer, module_web: LoopbackWeb, collection: Collection
) -> None:
    url = own_postgres.new_url()
    before = collection.contents()

    with ExitStack() as rivals:
        code, said = audited(
            module_web,
            collection,
            lambda: rivals.enter_context(own_postgres.rival()),
            LINKHEALTH_DATABASE_URL=url,
        )
    assert code == ExitCode.STATE_LOST, said
    assert said.count("linkhealth: postgresql://") == 1, said
    assert "another run took this state" in said
    assert collection.contents() == before, "nothing was written"
    module_web.set_rules({})
    ended = collection.audit(module_web, LINKHEALTH_DATABASE_URL=url)
    assert ended.code == ExitCode.FINE, ended.stderr
    assert collection.report().summary["by_verdict"]["alive"] == len(LINKS)


@pytest.mark.postgres
def test_a_missing_table_ends_the_run_with_one_message(
    own_postgres: OwnServer, module_web: LoopbackWeb, collection: Collection
) -> None:
    url = own_postgres.new_url()
    drop = "DROP TABLE staged_observations"
    code, said = audited(
        module_web, collection, lambda: own_postgres.execute(url, drop), LINKHEALTH_DATABASE_URL=url
    )
    assert code == ExitCode.ERROR, said
    assert said.count("linkhealth: postgresql://") == 1, said
    assert "Traceback" not in said
    assert "staged_observations" in said
    assert "is damaged: move it away" in said
    ended = collection.audit(module_web, LINKHEALTH_DATABASE_URL=url)
    assert (ended.code, ended.stderr.count("\n")) == (ExitCode.ERROR, 1)
    assert "its table staged_observations is missing" in ended.stderr


# ------------------------------------------------------------------------------------ a file


def state_file(collection: Collection) -> Path:
    return collection.root / ".linkhealth" / "state.sqlite3"


def lose_a_table(path: Path) -> None:
    with sqlite3.connect(path, timeout=60) as connection:
        connection.execute("DROP TABLE staged_observations")
    connection.close()


def zero_pages(path: Path) -> None:
    """As a broken disk or a sparse copy would: all pages but the first are empty."""
    with sqlite3.connect(path, timeout=60) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with path.open("r+b") as file:
        file.seek(4_096)
        file.write(bytes(path.stat().st_size - 4_096))


@pytest.mark.parametrize(
    ("happens", "expected_code", "expected"),
    [
        (lambda path: path.unlink(), ExitCode.STATE_LOST, "removed or replaced"),
        (lambda path: path.rename(path.with_name("old")), ExitCode.STATE_LOST, "removed or"),
        (lambda path: Path(f"{path}.lock").unlink(), ExitCode.STATE_LOST, "removed or replaced"),
        (lose_a_table, ExitCode.ERROR, "is damaged: move it away"),
        (zero_pages, ExitCode.ERROR, "is damaged: move it away"),
    ],
    ids=["removed", "renamed", "lock-removed", "table-lost", "zeroed"],
)
def test_what_happens_to_a_file_ends_the_run_with_one_message(
    module_web: LoopbackWeb,
    collection: Collection,
    happens: Callable[[Path], None],
    expected_code: ExitCode,
    expected: str,
) -> None:
    before = collection.contents()
    path = state_file(collection)
    code, said = audited(module_web, collection, lambda: happens(path))
    assert code == expected_code, said
    assert said.count("state.sqlite3") == 1, said
    assert "Traceback" not in said
    assert expected in said
    assert collection.contents() == before, "nothing was written"


def test_a_damaged_file_is_told_by_every_command(
    module_web: LoopbackWeb, collection: Collection
) -> None:
    assert collection.audit(module_web).code == ExitCode.FINE
    whole = state_file(collection).read_bytes()
    root = str(collection.root)
    commands = (
        ("audit", root),
        ("report", root),
        ("explain", LINKS[0], root),
        ("ignore", "--list", root),
        ("strip", root),
        ("apply", "--content", root, "--suggested", "moves"),
    )
    for damage in (lose_a_table, zero_pages):
        state_file(collection).write_bytes(whole)
        damage(state_file(collection))
        for command in commands:
            ended = module_web.run_crawler(*command)
            assert ended.code == ExitCode.ERROR, (command, ended.stderr)
            assert "is damaged: move it away" in ended.stderr, command
            assert "Traceback" not in ended.stderr
            assert ended.stderr.count("\n") == 1, (command, ended.stderr)
