"""One opened database: its place, the settings of its connections, the texts of its errors."""

from __future__ import annotations

import fcntl
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from crawler.files import Folder, LinkedPathError
from crawler.state.errors import StateError, StateLocked, state_error
from crawler.state.upgrades import upgrade

FOLDER = ".linkhealth"
FILE = "state.sqlite3"
_BESIDE = ("-wal", "-shm", "-journal", ".lock")
"""Endings of the files beside the database, which is named without them."""

_BUSY_TIMEOUT_MS = 15_000
_CONNECT_TIMEOUT_S = 10
_LOCK_KEY = 0x6C68

_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    # With WAL a killed process loses nothing; a power cut may lose the last visits, never the file.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
    f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}",
    # The file may come from somebody else's repository: its views and triggers may call no unsafe functions.
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cache_size = -16000",
    "PRAGMA journal_size_limit = 67108864",
)


@dataclass(frozen=True, slots=True)
class Database:
    """An engine with three kinds of transaction: `read` sees one unchanging state, `write` commits all or nothing,
    `at_once` is for one statement.

    `name` is its name in errors, without password. `file` is None on a server.
    """

    name: str
    engine: Engine
    reader: Engine
    writer: Engine
    single: Engine
    file: Path | None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: it does not see what others commit meanwhile."""
        with self._errors(), self.reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction, rolled back on any exception."""
        with self._errors(), self.writer.begin() as connection:
            yield connection

    @contextmanager
    def at_once(self) -> Iterator[Connection]:
        """A connection for a single statement without BEGIN and COMMIT: two round trips less."""
        with self._errors(), self.single.connect() as connection:
            yield connection

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """The run lock: raises `StateLocked` at once where another process (or this) holds it.

        The kernel, or the server, releases the lock of a process that was killed.
        """
        with self._errors(), self._file_lock() if self.file else self._server_lock():
            yield

    def close(self) -> None:
        """Close every connection."""
        if self.file:
            with suppress(SQLAlchemyError), self.engine.connect() as connection:
                connection.execute(text("PRAGMA optimize"))
        self.engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise state_error(self.name, error, self.engine.url.password) from error

    def _locked(self) -> StateLocked:
        return StateLocked(
            f"{self.name}: another run is at work on this state; wait for its end, or stop it"
        )

    @contextmanager
    def _file_lock(self) -> Iterator[None]:
        path = f"{self.file}.lock"
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            descriptor = os.open(path, flags, 0o644)
        except OSError as error:
            raise StateError(
                f"{path}: {error.strerror}; check that the folder may be written by this user"
            ) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise self._locked() from None
            except OSError as error:
                raise StateError(
                    f"{path}: {error.strerror}; this file system knows no locks: keep the state on "
                    "another one with LINKHEALTH_DATABASE_URL"
                ) from error
            yield
        finally:
            os.close(descriptor)

    @contextmanager
    def _server_lock(self) -> Iterator[None]:
        with self.single.connect() as connection:
            schema = connection.execute(text("SELECT current_schema()")).scalar_one() or ""
            keys = {"one": _LOCK_KEY, "two": zlib.crc32(schema.encode()) & 0x7FFF_FFFF}
            take = text("SELECT pg_try_advisory_lock(:one, :two)")
            if not connection.execute(take, keys).scalar_one():
                raise self._locked()
            try:
                yield
            finally:
                # A lost connection has lost the lock too.
                with suppress(SQLAlchemyError):
                    connection.execute(text("SELECT pg_advisory_unlock(:one, :two)"), keys)


def open_database(root: Path, database_url: str | None) -> Database:
    """Connect and bring the schema up to date.

    Without a URL the database is `.linkhealth/state.sqlite3` under `root`. Raises `StateError`.
    """
    database = _from_url(database_url) if database_url else _from_file(state_folder(root) / FILE)
    try:
        with database.write() as connection:
            upgrade(connection, database.name)
    except BaseException:
        database.engine.dispose()
        raise
    return database


def state_folder(root: Path) -> Path:
    """The folder `.linkhealth` under `root`, made where it is missing, with a `.gitignore` of `*`.

    Raises `StateError` where it cannot be made, or is a symbolic link: a collection must not choose
    where linkhealth writes.
    """
    folder = root / FOLDER
    try:
        with Folder.opened(root, FOLDER, make=True) as opened, suppress(FileExistsError):
            ignore = opened.new_file(".gitignore", 0o666)
            os.write(ignore, b"*\n")
            os.close(ignore)
    except LinkedPathError as error:
        raise StateError(f"{folder}: {error.strerror}") from error
    except OSError as error:
        raise StateError(
            f"{folder}: {error.strerror}; make it writable, or keep the state elsewhere with "
            "LINKHEALTH_DATABASE_URL"
        ) from error
    return folder


def _from_url(database_url: str) -> Database:
    try:
        url = make_url(database_url)
    except (SQLAlchemyError, ValueError):
        raise StateError(
            "LINKHEALTH_DATABASE_URL: not a database URL; write it as "
            "postgresql://USER:PASSWORD@HOST:PORT/DATABASE or sqlite:///FILE"
        ) from None
    backend = url.drivername.partition("+")[0]
    if backend in ("postgresql", "postgres"):
        return _from_server(url.set(drivername="postgresql+psycopg"))
    if backend == "sqlite" and url.database and url.database != ":memory:" and not url.query:
        return _from_file(Path(url.database).absolute())
    raise StateError(
        f"LINKHEALTH_DATABASE_URL: {backend!r} here is no database that keeps a state; write "
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE or sqlite:///FILE"
    )


def _from_file(path: Path) -> Database:
    for name in (path, *(path.with_name(path.name + ending) for ending in _BESIDE)):
        # SQLite itself follows no link to its log either, and names neither the file nor the reason.
        if name.is_symlink() or (name.exists() and not name.is_file()):
            raise StateError(f"{name}: is not a plain file; move it away")
    engine = create_engine(
        URL.create("sqlite+pysqlite", database=str(path)),
        # The driver starts no transactions of its own: `_begin` does, and says which kind.
        connect_args={"isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
    )
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    writer = engine.execution_options(linkhealth_begin="BEGIN IMMEDIATE")
    single = engine.execution_options(linkhealth_begin=None)
    return Database(str(path), engine, engine, writer, single, path)


def _from_server(url: URL) -> Database:
    host = url.host or str(url.query.get("host", ""))
    port = f":{url.port}" if url.port else ""
    user = f"{url.username}@" if url.username else ""
    name = f"postgresql://{user}{host}{port}/{url.database or ''}"
    arguments = {} if "connect_timeout" in url.query else {"connect_timeout": _CONNECT_TIMEOUT_S}
    try:
        engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    except ImportError:
        raise StateError(
            f"{name}: the PostgreSQL driver is missing; install linkhealth[postgres]"
        ) from None
    event.listen(engine, "connect", _set_durability)
    reader = engine.execution_options(isolation_level="REPEATABLE READ")
    single = engine.execution_options(isolation_level="AUTOCOMMIT")
    return Database(name, engine, reader, engine, single, None)


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _set_durability(connection: Any, _record: object) -> None:
    # As with SQLite: a power cut may lose the last visits, never the database; a visit waits for no disk.
    connection.autocommit = True
    connection.execute("SET synchronous_commit = off")
    connection.autocommit = False


def _begin(connection: Connection) -> None:
    # A transaction that begins to write after reading fails at once while another writes; IMMEDIATE waits.
    begin = connection.get_execution_options().get("linkhealth_begin", "BEGIN")
    if begin is not None:
        connection.exec_driver_sql(begin)
