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
_SHARED = "SELECT value, count(*) FROM use GROUP BY value HAVING count(*) >= ?"


def on_many_pages(uses: Iterable[tuple[str, str]], pages: int) -> dict[str, int]:
    """The values that are on at least so many different pages, with their number; `uses` are pairs of value and page."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        database.executescript(_TABLE)
        # JSON is ASCII here, because UTF-8 cannot hold a lone surrogate.
        database.executemany(
            "INSERT OR IGNORE INTO use VALUES (?, ?)",
            ((json.dumps(value), json.dumps(page)) for value, page in uses),
        )
        rows = database.execute(_SHARED, (pages,))
        return {json.loads(value): count for value, count in rows}
