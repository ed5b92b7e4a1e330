"""What stands on many pages: values and the pages that have them, counted in flat memory.

They are kept in SQLite's private temporary database; only values on enough pages are returned.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing

_TABLE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE use (value TEXT, page TEXT, PRIMARY KEY (value, page)) WITHOUT ROWID;
"""
_AT_ONCE = 500
_ADD = "INSERT OR IGNORE INTO use VALUES (?, ?)"
_SHARED = "SELECT value, count(*) FROM use GROUP BY value HAVING count(*) >= ?"


class PageCounts:
    """Values and their pages, added one after the other; `close` lets go of them."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLE)
        self._waiting: list[tuple[str, str]] = []

    def add(self, value: str, page: str) -> None:
        """Add a value that stands on a page."""
        # JSON is ASCII here, because UTF-8 cannot hold a lone surrogate.
        self._waiting.append((json.dumps(value), json.dumps(page)))
        if len(self._waiting) == _AT_ONCE:
            self._put()

    def on(self, pages: int) -> dict[str, int]:
        """The values that are on at least so many different pages, with their number."""
        self._put()
        rows = self._database.execute(_SHARED, (pages,))
        return {json.loads(value): count for value, count in rows}

    def _put(self) -> None:
        self._database.executemany(_ADD, self._waiting)
        self._waiting.clear()

    def close(self) -> None:
        """Forget everything."""
        self._database.close()


def on_many_pages(uses: Iterable[tuple[str, str]], pages: int) -> dict[str, int]:
    """The values that are on at least so many different pages, with their number; `uses` are pairs of value and page."""
    with closing(PageCounts()) as counts:
        for value, page in uses:
            counts.add(value, page)
        return counts.on(pages)
