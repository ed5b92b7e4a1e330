"""A real PostgreSQL server of the test session's own, shared by its workers; a pytest plugin named in
tests/conftest.py. A test that asks for `postgres_url` says so with the marker `postgres`."""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from tests.time_limits import HANG

_USER = "tester"
_OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=200"
)
_numbers = count()


@dataclass(frozen=True)
class PostgresServer:
    """A server behind a Unix socket in `folder`; trusts everybody who can reach the folder."""

    folder: Path

    def new_url(self) -> str:
        """The URL of an empty schema that nothing else uses."""
        schema = f"test_{os.getpid()}_{next(_numbers)}"
        with self._connect() as connection:
            connection.execute(f"CREATE SCHEMA {schema}".encode())
        search_path = quote(f"-csearch_path={schema}")
        return (
            f"postgresql://{_USER}@/postgres?host={quote(str(self.folder))}&options={search_path}"
        )

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(self.folder), user=_USER, dbname="postgres", autocommit=True
        )


@dataclass(frozen=True)
class OwnServer(PostgresServer):
    """A server that one test, or one drill, has for itself: it may be stopped."""

    programs: Path

    def stop(self, mode: str = "fast") -> None:
        """Stop it: `fast` in order, `immediate` as a crash would."""
        _run(self.programs, self.folder, "pg_ctl", "-w", "-m", mode, "stop")

    def start(self) -> None:
        """Start it again, and wait until it takes connections."""
        _run(self.programs, self.folder, "pg_ctl", "-w", "-o", _how(self.folder), "start")

    def restart(self, mode: str = "fast") -> None:
        """Stop and start it."""
        self.stop(mode)
        self.start()

    def sessions(self) -> list[int]:
        """The process ids of the clients' sessions."""
        with self._connect() as connection:
            return [
                pid
                for (pid,) in connection.execute(
                    "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                    " AND pid <> pg_backend_pid() ORDER BY backend_start"
                )
            ]

    def end_sessions(self) -> None:
        """End every session of a client, in order, as an administrator may."""
        with self._connect() as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )

    def execute(self, url: str, statement: str) -> None:
        """Execute a statement in the schema of a URL."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement.encode())

    @contextmanager
    def rival(self) -> Iterator[None]:
        """Within the block another session holds the advisory lock that one holds now: it ends every session until then."""
        with self._connect() as connection:
            connection.execute(_SEIZE)
            yield


_SEIZE = """DO $$
DECLARE held record;
BEGIN
    SELECT classid::int AS one, objid::int AS two INTO STRICT held
        FROM pg_locks WHERE locktype = 'advisory' AND granted;
    LOOP
        PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE backend_type = 'client backend' AND pid <> pg_backend_pid();
        EXIT WHEN pg_try_advisory_lock(held.one, held.two);
        PERFORM pg_sleep(0.001);
    END LOOP;
END $$"""


@contextmanager
def own_server() -> Iterator[OwnServer]:
    """A server that nobody else uses; raises LookupError where PostgreSQL's programs are missing."""
    programs = _programs()
    if programs is None:
        raise LookupError("no PostgreSQL here")
    folder = _start(programs)
    try:
        yield OwnServer(folder, programs)
    finally:
        _stop(programs, folder)


def _programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them out of PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda p: float(p.parent.parent.name), default=None)
    found = shutil.which("initdb")
    return Path(found).parent if found else newest.parent if newest else None


def _account() -> pwd.struct_passwd:
    """Who runs the server: root may not."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        pytest.skip("PostgreSQL refuses root; add a user `postgres`")


def _run(programs: Path, folder: Path, program: str, *arguments: str) -> None:
    account, root = _account(), os.geteuid() == 0
    log = folder / f"{program}.log"
    with log.open("ab") as output:
        result = subprocess.run(
            [str(programs / program), "-D", str(folder / "data"), *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=account.pw_uid if root else None,
            group=account.pw_gid if root else None,
            extra_groups=[] if root else None,
            check=False,
            timeout=HANG,
        )
    assert result.returncode == 0, log.read_text(errors="replace")


def _start(programs: Path) -> Path:
    account = _account()
    # Not under pytest's own folder: the server's user may not enter that, and a socket's path is short.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    os.chown(folder, account.pw_uid, account.pw_gid)
    how = ("-A", "trust", "-U", _USER, "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
    _run(programs, folder, "initdb", *how)
    _run(programs, folder, "pg_ctl", "-w", "-o", _how(folder), "start")
    return folder


def _how(folder: Path) -> str:
    return f"-k {folder} {_OPTIONS}"


def _stop(programs: Path, folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        _run(programs, folder, "pg_ctl", "-w", "-m", "immediate", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _turn(meeting: Path) -> Iterator[None]:
    with (meeting / "postgres.turn").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _shared(
    meeting: Path, start: Callable[[], Path], stop: Callable[[Path], None]
) -> Iterator[Path]:
    """One server for all who meet in a folder: the first starts it, the last one stops it.

    Each holds a lock on the file that names the server, so that a killed worker does not count.
    """
    with (meeting / "postgres").open("a+") as users:
        with _turn(meeting):
            users.seek(0)
            named = users.read()
            folder = Path(named) if named else start()
            fcntl.flock(users, fcntl.LOCK_SH)
            if not named:
                users.write(str(folder))
                users.flush()
        try:
            yield folder
        finally:
            with _turn(meeting):
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still uses it
                else:
                    users.truncate(0)
                    stop(folder)


@pytest.fixture(scope="session")
def postgres_server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PostgresServer]:
    """The server; skips, visibly, where PostgreSQL's programs are missing."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL here; install Debian's `postgresql` or put initdb on PATH")
    own = tmp_path_factory.getbasetemp()
    is_worker = hasattr(request.config, "workerinput")
    with _shared(
        own.parent if is_worker else own,
        lambda: _start(programs),
        lambda folder: _stop(programs, folder),
    ) as folder:
        yield PostgresServer(folder)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """The URL of an empty schema, for LINKHEALTH_DATABASE_URL or `open_state`."""
    return postgres_server.new_url()


@pytest.fixture
def own_postgres() -> Iterator[OwnServer]:
    """A server of the test's own, which it may stop; skips, visibly, where PostgreSQL's programs are missing."""
    try:
        with own_server() as server:
            yield server
    except LookupError as error:
        pytest.skip(str(error))
