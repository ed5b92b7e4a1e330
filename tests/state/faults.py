"""A server that ends every session at a chosen moment, and all that a state holds, without ids."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import text

from crawler.state import State


class Ending:
    """Ends the sessions of a state at the `at`th exchange with the server, before it or (`after`) after it took effect."""

    def __init__(self, state: State, at: int, *, after: bool) -> None:
        self._engine = state._database.engine
        self._at = at
        self._after = after
        self.exchanges = 0
        self.ended = False

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Count the exchanges within the block, and end the sessions at the chosen one."""
        dialect = self._engine.dialect
        execute, commit = dialect.do_execute, dialect.do_commit

        def do_execute(cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
            self._exchange(
                cursor.connection, lambda: execute(cursor, statement, parameters, context)
            )

        def do_commit(connection: Any) -> None:
            self._exchange(connection, lambda: commit(connection))

        dialect.do_execute, dialect.do_commit = do_execute, do_commit  # type: ignore[method-assign,assignment]
        try:
            yield
        finally:
            dialect.do_execute, dialect.do_commit = execute, commit  # type: ignore[method-assign]

    def _exchange(self, connection: Any, really: Callable[[], None]) -> None:
        self.exchanges += 1
        if self.exchanges != self._at:
            really()
            return
        if self._after:
            really()
        self.ended = True
        self._end_sessions()
        # The driver notices at its next exchange.
        connection.execute("SELECT 1")

    def _end_sessions(self) -> None:
        arguments = self._engine.dialect.create_connect_args(self._engine.url)[1]
        with psycopg.connect(**arguments, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity, current_schema() AS mine"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
                " AND application_name = %s",
                [arguments.get("application_name", "")],
            )


_ALL = (
    "SELECT key, value FROM meta WHERE key <> 'run_lock'",
    "SELECT finish_reason, requests FROM runs",
    "SELECT path, sha256, block, readable FROM files",
    "SELECT path, line, code, at_write FROM problems JOIN files ON files.id = file_id",
    "SELECT pointer, ordinal, line, url FROM article_references JOIN links ON links.id = link_id",
    "SELECT url, host, due_at, kind, reason, strikes, status, checked_at FROM links",
    "SELECT url, at, o.status FROM observations AS o JOIN links ON links.id = link_id",
    "SELECT url, at, s.status FROM staged_observations AS s JOIN links ON links.id = link_id",
    "SELECT url, old_kind, new_kind, new_reason FROM verdict_changes JOIN links ON links.id = link_id",
    "SELECT path, sha256, block FROM pending_writes",
    "SELECT url, note, decided_at, until FROM decisions",
    "SELECT origin, status FROM origin_answers",
)


def contents(state: State) -> list[list[tuple[Any, ...]]]:
    """Everything that a state holds, in order, without ids and without the mark of the run lock."""
    with state._database.single.connect() as connection:
        return [
            sorted((tuple(row) for row in connection.execute(text(query))), key=repr)
            for query in _ALL
        ]
