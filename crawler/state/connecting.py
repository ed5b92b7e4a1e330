"""Opening a database: where it is, the settings of its connections, and whether it is whole."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from crawler.files import Folder, LinkedPathError
from crawler.state.database import Database
from crawler.state.errors import StateError
from crawler.state.run_lock import FileLock
from crawler.state.server_session import ServerSession
from crawler.state.upgrades import upgrade
from crawler.state.wholeness import check_whole

FOLDER = ".linkhealth"
FILE = "state.sqlite3"
_BESIDE = ("-wal", "-shm", "-journal", ".lock")
"""Endings of the files beside the database, which is named without them."""

_BUSY_TIMEOUT_MS = 15_000
_CONNECTION: Final = {
    "connect_timeout": 10,  # seconds, as the others of keepalives
    # A server that a cable or a firewall has cut off is noticed.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
"""What libpq is told where the URL says nothing else
(https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS)."""

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


def open_database(root: Path, database_url: str | None) -> Database:
    """Connect and bring the schema up to date.

    Without a URL the database is `.linkhealth/state.sqlite3` under `root`. Raises `StateError`.
    """
    database = from_url(database_url) if database_url else from_file(state_folder(root) / FILE)
    try:
        database.again(lambda: _prepare(database))
    except BaseException:
        database.engine.dispose()
        raise
    return database


def _prepare(database: Database) -> None:
    with database.write() as connection:
        upgrade(connection, database.name)
        check_whole(connection, database.name)


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


def from_url(database_url: str) -> Database:
    """The database of a URL, not looked at yet. Raises StateError for what names none."""
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
        return from_file(Path(url.database).absolute())
    raise StateError(
        f"LINKHEALTH_DATABASE_URL: {backend!r} here is no database that keeps a state; write "
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE or sqlite:///FILE"
    )


def from_file(path: Path) -> Database:
    """The database in a file, made at the first connection. Raises StateError where it is no plain file."""
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
    lock = FileLock(str(path), path, writer)
    return Database(str(path), engine, engine, single, lock, path)


def _from_server(url: URL) -> Database:
    host = url.host or str(url.query.get("host", ""))
    port = f":{url.port}" if url.port else ""
    user = f"{url.username}@" if url.username else ""
    name = f"postgresql://{user}{host}{port}/{url.database or ''}"
    arguments = {key: value for key, value in _CONNECTION.items() if key not in url.query}
    try:
        engine = create_engine(url, connect_args=arguments, hide_parameters=True)
    except ImportError:
        raise StateError(
            f"{name}: the PostgreSQL driver is missing; install linkhealth[postgres]"
        ) from None
    event.listen(engine, "connect", _set_durability)
    reader = engine.execution_options(isolation_level="REPEATABLE READ")
    single = engine.execution_options(isolation_level="AUTOCOMMIT")
    lock = ServerSession(name, engine, single, url.password)
    return Database(name, engine, reader, single, lock, None)


def _set_pragmas(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    # It holds for a file that is being made; in one that is there it would write each time.
    if cursor.execute("PRAGMA page_count").fetchone() == (0,):
        cursor.execute("PRAGMA auto_vacuum = INCREMENTAL")
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _set_durability(connection: Any, _record: object) -> None:
    # A visit waits for no disk, as with SQLite; other writes do (`ServerSession.writing`).
    connection.autocommit = True
    connection.execute("SET synchronous_commit = off")
    connection.autocommit = False


def _begin(connection: Connection) -> None:
    # A transaction that begins to write after reading fails at once while another writes; IMMEDIATE waits.
    begin = connection.get_execution_options().get("linkhealth_begin", "BEGIN")
    if begin is not None:
        connection.exec_driver_sql(begin)
