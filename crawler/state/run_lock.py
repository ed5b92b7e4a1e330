"""The run lock: at most one run works on a state, and each of its commits shows that it still holds it.

`FileLock` is a lock of the kernel on a file beside the database; each commit checks that both files are still those
that were opened. `crawler.state.server_session` has the lock of a server.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from crawler.state.errors import StateError, StateInterrupted, StateLocked, StateLost

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Executable, Row


class RunLock(Protocol):
    """The lock of one opened database, and the transactions that it covers.

    `came_back_at` is when the database was last waited for with success (see `State`).
    """

    came_back_at: float

    def hold(self) -> AbstractContextManager[None]:
        """Hold the lock, in a `with` statement; raises `StateLocked` at once where it is taken."""

    def writing(self) -> AbstractContextManager[Connection]:
        """A write transaction, in a `with` statement; it is committed only while the lock is held, if it was taken."""

    def put(self, statement: Executable, values: Mapping[str, Any]) -> Row[Any] | None:
        """Commit one statement that may be made twice; its row, None for none."""

    def watch(self) -> None:
        """Look, without a transaction, whether the lock is still held. Raises `StateInterrupted`, `StateLost`."""

    def come_back(self, error: StateInterrupted) -> None:
        """Wait until the database is there again, and take the lock again. Raises `StateLost`."""


def locked(name: str) -> StateLocked:
    """The error where another run holds the state `name`."""
    return StateLocked(
        f"{name}: another run is at work on this state; wait for its end, or stop it"
    )


class FileLock:
    """The lock of an SQLite file: `flock` on a file of its own beside it."""

    def __init__(self, name: str, file: Path, writer: Engine) -> None:
        self.came_back_at = -inf
        self._name = name
        self._file = file
        self._path = Path(f"{file}.lock")
        self._writer = writer
        self._mine: dict[str, os.stat_result] = {}
        """The files as they were when the lock was taken, by path; empty while it is not held."""

    @contextmanager
    def hold(self) -> Iterator[None]:
        """See `RunLock`. The kernel releases the lock of a process that was killed."""
        descriptor = self._open()
        try:
            self._take(descriptor)
            try:
                # What was locked may have been removed since it was opened: another run would lock a new file.
                self._mine = {
                    str(self._path): os.fstat(descriptor),
                    str(self._file): self._file.lstat(),
                }
                self.watch()
                yield
                self.watch()
            finally:
                self._mine = {}
        finally:
            os.close(descriptor)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """See `RunLock`."""
        try:
            with self._writer.begin() as connection:
                yield connection
                self.watch()
        except SQLAlchemyError:
            # A file that has gone is "read-only" to SQLite, or its log cannot be opened.
            self.watch()
            raise

    def put(self, statement: Executable, values: Mapping[str, Any]) -> Row[Any] | None:
        """See `RunLock`."""
        with self.writing() as connection:
            return connection.execute(statement, values).one_or_none()

    def watch(self) -> None:
        """See `RunLock`. SQLite writes on into a file that has been removed or replaced, and all of it is lost."""
        for path, mine in self._mine.items():
            try:
                is_there = os.path.samestat(os.lstat(path), mine)
            except FileNotFoundError:
                is_there = False
            except OSError as error:
                raise StateLost(
                    f"{path}: {error.strerror}; check the disk, then start again"
                ) from error
            if not is_there:
                raise StateLost(
                    f"{path}: was removed or replaced while this run was at work on it, and what the run found "
                    "since may be lost; put it back if you can, and start again"
                )

    def come_back(self, error: StateInterrupted) -> None:
        """See `RunLock`. A file does not go away for a while."""
        raise error

    def _take(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise locked(self._name) from None
        except OSError as error:
            raise StateError(
                f"{self._path}: {error.strerror}; this file system knows no locks: keep the state on "
                "another one with LINKHEALTH_DATABASE_URL"
            ) from error

    def _open(self) -> int:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            return os.open(self._path, flags, 0o644)
        except OSError as error:
            raise StateError(
                f"{self._path}: {error.strerror}; check that the folder may be written by this user"
            ) from error
