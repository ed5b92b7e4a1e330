"""The run lock of a server: a session that holds an advisory lock, and makes every write of the run itself.

A transaction of the session that holds the lock can only be committed while the lock is held: there is no moment in
which another run may have begun. Where the session is lost, the server is waited for, and the run goes on only if
nobody else took the lock meanwhile: each taker leaves a mark in `meta`.

A visit waits for no disk, so a server that crashes forgets the last ones, although it had confirmed them. They are kept
here until a later commit has waited for the disk, and made once more after a crash. Every write of the state can
be made twice with the effect of one (docs/adr/0026), so nobody has to know which of them the server kept.
"""

from __future__ import annotations

import logging
import secrets
import select as polling
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from math import inf
from time import monotonic, sleep
from typing import Any, Final

from sqlalchemy import Connection, Engine, Executable, Row, select, text
from sqlalchemy.exc import SQLAlchemyError

from crawler.state.errors import StateError, StateInterrupted, StateLost, state_error
from crawler.state.run_lock import locked
from crawler.state.schema import meta

logger = logging.getLogger(__name__)

LONGEST_WAIT: Final = 30.0
"""Seconds that a server is waited for. The reactor stands still meanwhile, so a signal waits too."""
MOST_UNSAFE: Final = 100
"""Visits after which one waits for the disk, and with it all before it."""
_PAUSES: Final = (0.05, 0.1, 0.25, 0.5, 1.0)
"""Seconds between attempts; the last one again and again."""
_TOLD_AFTER: Final = 0.5
_LOCK_KEY: Final = 0x6C68
_MARK: Final = "run_lock"

_TAKE = text("SELECT pg_try_advisory_lock(:one, :two)")
_GIVE_BACK = text("SELECT pg_advisory_unlock(:one, :two)")
_WHO_AM_I = text(
    "SELECT pid, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()"
)
_END_MY_FORMER_SELF = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE pid = :pid AND backend_start::text = :began AND usename = current_user"
)
_SAFE = text("SET LOCAL synchronous_commit = on")
_MY_MARK = select(meta.c.value).where(meta.c.key == _MARK)


class ServerSession:
    """The lock of one schema of a server. `name` is the database as a user knows it; `secret` its password."""

    def __init__(self, name: str, writer: Engine, single: Engine, secret: str | None) -> None:
        self.came_back_at = -inf
        self._name = name
        self._writer = writer
        self._single = single
        self._secret = secret
        self._is_held = False
        self._mark = ""
        self._keys: Mapping[str, int] = {}
        self._self: Mapping[str, object] = {}
        """Pid and beginning of the session that holds the lock, by which the server knows it."""
        self._connection: Connection | None = None
        self._unsafe: list[tuple[Executable, Mapping[str, Any]]] = []
        self._lost: StateLost | None = None

    # see `RunLock` ---------------------------------------------------------------------------

    @contextmanager
    def hold(self) -> Iterator[None]:
        """See `RunLock`. The server releases the lock of a process that was killed."""
        if self._is_held:
            raise locked(self._name)
        self._open()
        if not self._take():
            self._drop()
            raise locked(self._name)
        try:
            self._leave_mark()
            self._is_held = True
            yield
            with suppress(SQLAlchemyError, StateLost):
                self._make_safe()
        finally:
            self._is_held = False
            self._give_back()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `RunLock`. It waits for the disk."""
        if not self._is_held:
            with self._writer.begin() as connection:
                connection.execute(_SAFE)
                yield connection
            return
        connection = self._alive()
        connection.execution_options(isolation_level="READ COMMITTED")
        try:
            with connection.begin():
                connection.execute(_SAFE)
                yield connection
        finally:
            self._settle(connection)
        self._unsafe.clear()

    def put(self, statement: Executable, values: Mapping[str, Any]) -> Row[Any] | None:
        """See `RunLock`. One round trip, which waits for no disk."""
        if not self._is_held:
            with self._single.connect() as connection:
                return connection.execute(statement, values).one_or_none()
        if len(self._unsafe) >= MOST_UNSAFE:
            with self.writing() as connection:
                return connection.execute(statement, values).one_or_none()
        connection = self._alive()
        try:
            row = connection.execute(statement, values).one_or_none()
            connection.commit()  # no round trip: the statement was its own transaction
        finally:
            self._settle(connection)
        self._unsafe.append((statement, values))
        return row

    def watch(self) -> None:
        """See `RunLock`. It costs a round trip only where the server has said something unasked."""
        if self._lost is not None:
            raise self._lost
        if not self._is_held:
            return
        connection = self._alive()
        poll = polling.poll()
        poll.register(connection.connection.dbapi_connection.fileno(), polling.POLLIN)  # type: ignore[union-attr]
        if poll.poll(0):
            try:
                connection.execute(text("SELECT 1"))
                connection.commit()
            except SQLAlchemyError as error:
                raise state_error(self._name, error, self._secret) from error
            finally:
                self._settle(connection)

    def come_back(self, error: StateInterrupted) -> None:
        """See `RunLock`."""
        if self._lost is not None:
            raise self._lost
        began, told = monotonic(), False
        for pause in _pauses():
            problem = self._try_to_return()
            if problem is None:
                self.came_back_at = monotonic()
                return
            waited = monotonic() - began
            if waited > LONGEST_WAIT:
                self._lost = StateLost(
                    f"{problem} (it was waited for for {LONGEST_WAIT:.0f} s; what was committed before is kept, "
                    "and the next run goes on there)"
                )
                raise self._lost from error
            if waited > _TOLD_AFTER and not told:
                told = True
                logger.warning(
                    "%s went away; waiting for it for at most %.0f s", self._name, LONGEST_WAIT
                )
            sleep(pause)

    def _try_to_return(self) -> StateError | None:
        """Try once to be a session with the lock again; returns what stands in the way for now."""
        try:
            self._return()
        except StateInterrupted as error:
            self._drop()
            return error
        except StateLost as error:
            self._lost = error
            raise
        except SQLAlchemyError as error:
            self._drop()
            return state_error(self._name, error, self._secret)
        return None

    # the session -----------------------------------------------------------------------------

    def _return(self) -> None:
        """Be a session with the lock again, and make once more what a crash may have undone."""
        if not self._is_held:
            with self._single.connect() as connection:
                connection.execute(text("SELECT 1"))
            return
        if self._connection is not None and not self._connection.invalidated:
            # Another connection was lost; this one may be as it was.
            self._connection.execute(text("SELECT 1"))
            self._connection.commit()
            return
        before = self._self
        self._open()
        if not self._take() and not self._take_from(before):
            raise self._taken()
        connection = self._alive()
        mark = connection.execute(_MY_MARK).scalar_one_or_none()
        if mark != self._mark:
            raise self._taken()
        for statement, values in self._unsafe:
            connection.execute(statement, values)
        connection.commit()

    def _open(self) -> None:
        self._drop()
        connection = self._connection = self._single.connect()
        # Another run must not find a dead client's lock for two hours.
        connection.execute(text("SET tcp_keepalives_idle = 30"))
        connection.execute(text("SET tcp_keepalives_interval = 10"))
        connection.execute(text("SET tcp_keepalives_count = 3"))
        pid, began = connection.execute(_WHO_AM_I).one()
        self._self = {"pid": pid, "began": began}
        schema = connection.execute(text("SELECT current_schema()")).scalar_one() or ""
        self._keys = {"one": _LOCK_KEY, "two": zlib.crc32(schema.encode()) & 0x7FFF_FFFF}
        connection.commit()

    def _take(self) -> bool:
        connection = self._alive()
        taken = bool(connection.execute(_TAKE, self._keys).scalar_one())
        connection.commit()
        return taken

    def _take_from(self, before: Mapping[str, object]) -> bool:
        """Take the lock from this run's own former session, which the server may not know to be dead."""
        connection = self._alive()
        for pause in _PAUSES:
            connection.execute(_END_MY_FORMER_SELF, before)
            sleep(pause)
            if self._take():
                return True
        return False

    def _leave_mark(self) -> None:
        self._mark = secrets.token_hex(16)
        connection = self._alive()
        connection.execution_options(isolation_level="READ COMMITTED")
        try:
            with connection.begin():
                connection.execute(_SAFE)
                connection.execute(meta.delete().where(meta.c.key == _MARK))
                connection.execute(meta.insert().values(key=_MARK, value=self._mark))
        finally:
            self._settle(connection)

    def _make_safe(self) -> None:
        """Wait for the disk, for the sake of what did not."""
        if self._unsafe and self._connection is not None:
            with self.writing() as connection:
                connection.execute(
                    meta.update().where(meta.c.key == _MARK).values(value=self._mark)
                )

    def _give_back(self) -> None:
        # A lost session has lost the lock too.
        with suppress(SQLAlchemyError):
            if self._connection is not None:
                self._connection.execute(_GIVE_BACK, self._keys)
        self._drop()
        self._unsafe.clear()

    def _alive(self) -> Connection:
        """The session; SQLAlchemy would put another one, without the lock, in the place of one that was lost."""
        if self._lost is not None:
            raise self._lost
        if self._connection is None or self._connection.invalidated:
            raise StateInterrupted(f"{self._name}: the session that holds the run lock was lost")
        return self._connection

    def _settle(self, connection: Connection) -> None:
        """After a transaction: back to single statements, or away with a lost session."""
        with suppress(SQLAlchemyError):
            connection.rollback()
        if connection.invalidated:
            self._drop()
        else:
            connection.execution_options(isolation_level="AUTOCOMMIT")

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(SQLAlchemyError):
                # Not back into the pool: a session that may hold the lock must end.
                connection.invalidate()
            connection.close()

    def _taken(self) -> StateLost:
        return StateLost(
            f"{self._name}: another run took this state while the server was away: this one stops; "
            "what it committed before is kept, and the next run makes the other visits again"
        )


def _pauses() -> Iterator[float]:
    yield from _PAUSES
    while True:
        yield _PAUSES[-1]
