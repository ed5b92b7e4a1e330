"""One opened database: its transactions, and the texts of its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from sqlalchemy import Connection, Engine, Executable, Row, text
from sqlalchemy.exc import SQLAlchemyError

from crawler.state.errors import DamagedValueError, StateInterrupted, damaged, state_error
from crawler.state.run_lock import RunLock

T = TypeVar("T")

_MOST_ATTEMPTS: Final = 5
"""A transaction that the server dies of again and again is not made for ever."""


@dataclass(frozen=True, slots=True)
class Database:
    """An engine with its kinds of transaction: `read` sees one unchanging state, `write` commits all or nothing,
    `at_once` is for one statement that reads, `put` for one that writes.

    `name` is its name in errors, without password. `file` is None on a server. A transaction that a server ended raises
    `StateInterrupted`; `again` waits for the server and makes it once more.
    """

    name: str
    engine: Engine
    reader: Engine
    single: Engine
    lock: RunLock
    file: Path | None

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: it does not see what others commit meanwhile."""
        self.lock.watch()
        with self._errors(), self.reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction, rolled back on any exception, and where the run lock was lost."""
        with self._errors(), self.lock.writing() as connection:
            yield connection

    @contextmanager
    def at_once(self) -> Iterator[Connection]:
        """A connection for a single statement without BEGIN and COMMIT: two round trips less."""
        self.lock.watch()
        with self._errors(), self.single.connect() as connection:
            yield connection

    def put(self, statement: Executable, values: Mapping[str, Any]) -> Row[Any] | None:
        """Commit a single statement that has the effect of one when it is made twice; its row, None for none."""
        with self._errors():
            return self.lock.put(statement, values)

    def again(self, work: Callable[[], T]) -> T:
        """The result of `work`, made again where a server ended a transaction in the middle.

        `work` must have the effect of one when it is made twice. Raises `StateLost` where the server does not come
        back, or another run has taken the lock.
        """
        for _ in range(_MOST_ATTEMPTS):
            try:
                return work()
            except StateInterrupted as error:
                self.lock.come_back(error)
        return work()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """The run lock: raises `StateLocked` at once where another process (or this) holds it.

        The kernel, or the server, releases the lock of a process that was killed.
        """
        with self.again(self._taken), self._errors():
            yield

    def close(self) -> None:
        """Close every connection."""
        if self.file:
            with suppress(SQLAlchemyError), self.engine.connect() as connection:
                connection.execute(text("PRAGMA optimize"))
        self.engine.dispose()

    def _taken(self) -> ExitStack:
        stack = ExitStack()
        with self._errors():
            stack.enter_context(self.lock.hold())
        return stack

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise state_error(self.name, error, self.engine.url.password) from error
        except DamagedValueError as error:
            raise damaged(self.name, str(error)) from error
