"""Pages that several articles claim: the claims of all articles, grouped in flat memory.

The claims are kept in SQLite's private temporary database; only shared pages are returned.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from itertools import groupby
from operator import attrgetter

from crawler.rules.article.identity import OTHERS_SHOWN, Claim, Place, SharedPages, is_general

_TABLE = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
CREATE TABLE claim (path TEXT, place TEXT, ended TEXT);
"""
_AT_ONCE = 500
_SHARED = """
SELECT path, place, ended FROM claim
WHERE place IN (SELECT place FROM claim GROUP BY place HAVING count(*) > 1)
ORDER BY place
"""


class PageClaims:
    """Claims of pages, added one after the other; `close` lets go of them."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_TABLE)
        self._waiting: list[tuple[str, str, str]] = []

    def add(self, one: Claim) -> None:
        """Add an article's claim."""
        self._waiting.append((_dump(one.path), _dump(one.place), _dump(one.ended)))
        if len(self._waiting) == _AT_ONCE:
            self._put()

    def _put(self) -> None:
        self._database.executemany("INSERT INTO claim VALUES (?, ?, ?)", self._waiting)
        self._waiting.clear()

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def shared(self) -> SharedPages:
        """The pages that several of the claims share."""
        self._put()
        others: dict[str, tuple[str, ...]] = {}
        general: set[Place] = set()
        rows = (_claim(*row) for row in self._database.execute(_SHARED))
        for place, group in groupby(rows, key=attrgetter("place")):
            together = sorted(group, key=attrgetter("path"))
            if is_general(together):
                general.add(place)
                continue
            for one in together:
                # One more than are shown, because the article itself is among them.
                first = [other.path for other in together[: OTHERS_SHOWN + 1]]
                others[one.path] = tuple(path for path in first if path != one.path)[:OTHERS_SHOWN]
        return SharedPages(others, frozenset(general))


def shared_pages(claims: Iterable[Claim]) -> SharedPages:
    """The pages that several of these claims share."""
    with closing(PageClaims()) as gathered:
        for one in claims:
            gathered.add(one)
        return gathered.shared()


def _dump(value: object) -> str:
    """JSON in ASCII, because UTF-8 cannot hold a lone surrogate."""
    return json.dumps(value)


def _claim(path: str, place: str, ended: str) -> Claim:
    return Claim(json.loads(path), _place(place), _place(ended))


def _place(text: str) -> Place:
    host, path, query = json.loads(text)
    return host, path, query
