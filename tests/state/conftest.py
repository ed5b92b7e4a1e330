"""A state on each engine; PostgreSQL is a real server of the test session's own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from crawler.state import State, open_state

_SERVER_OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
    "-c max_connections=50"
)


@dataclass(frozen=True)
class PostgresServer:
    """A private server behind a Unix socket; trusts everybody who can reach the folder."""

    folder: Path
    user: str

    def url(self, schema: str) -> str:
        search_path = quote(f"-csearch_path={schema}")
        return f"postgresql://{self.user}@/postgres?host={quote(str(self.folder))}&options={search_path}"

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.folder), user=self.user, dbname="postgres", autocommit=True
        )


def _programs() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them out of PATH."""
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(versions, key=lambda p: float(p.parent.parent.name), default=None)
    found = shutil.which("initdb")
    return Path(found).parent if found else newest.parent if newest else None


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Start a server; as root it runs as the user postgres, because it refuses root."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL here; install Debian's `postgresql` or put initdb on PATH")
    account = pwd.getpwuid(os.geteuid())
    if account.pw_uid == 0:
        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL refuses root; add a user `postgres`")
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        data = folder / "data"
        os.chown(folder, account.pw_uid, account.pw_gid)

        def run(program: str, *arguments: str) -> None:
            log = folder / f"{program}.log"
            with log.open("ab") as output:
                result = subprocess.run(
                    [str(programs / program), "-D", str(data), *arguments],
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    user=account.pw_uid if os.geteuid() == 0 else None,
                    group=account.pw_gid if os.geteuid() == 0 else None,
                    extra_groups=[] if os.geteuid() == 0 else None,
                    check=False,
                    timeout=120,
                )
            assert result.returncode == 0, log.read_text(errors="replace")

        run("initdb", "-A", "trust", "-U", "tester", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        run("pg_ctl", "-w", "-o", f"-k {folder} {_SERVER_OPTIONS}", "start")
        try:
            yield PostgresServer(folder, "tester")
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")


_numbers = count()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """The URL of an empty schema."""
    schema = f"test_{next(_numbers)}"
    with postgres_server.connect() as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return postgres_server.url(schema)


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Every test that uses a state runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> str | None:
    """What `open_state` takes: None is SQLite under the content root."""
    return request.getfixturevalue("postgres_url") if engine == "postgresql" else None


@pytest.fixture
def state(database_url: str | None, tmp_path: Path) -> Iterator[State]:
    """An open, empty state."""
    with open_state(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
def new_state(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], State]]:
    """As many empty states as a property test wants."""
    numbers = count()
    server = request.getfixturevalue("postgres_server") if engine == "postgresql" else None
    with ExitStack() as opened:

        def make() -> State:
            url = None
            if server is not None:
                schema = f"property_{next(_numbers)}"
                with server.connect() as connection:
                    connection.execute(f"CREATE SCHEMA {schema}".encode())
                url = server.url(schema)
            root = tmp_path / str(next(numbers))
            root.mkdir()
            return opened.enter_context(open_state(root, url))

        yield make
