"""The rows of a report by group, kept on disk while a report is taken apart: a URL is in every group that holds it."""

from __future__ import annotations

import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from crawler.model.change import Change
from crawler.model.report import ArticleEntry, Summary, UrlEntry
from crawler.model.verdict import VerdictKind

_TABLE = "CREATE TABLE row (what TEXT, name BLOB, entry BLOB)"
_INDEX = "CREATE INDEX row_of_group ON row (what, name)"
_URL, _ARTICLE = "url", "article"


@dataclass(slots=True)
class _Counts:
    articles: int = 0
    references: int = 0
    workload: int = 0
    verdicts: Counter[VerdictKind] = field(default_factory=Counter)
    changes: Counter[Change] = field(default_factory=Counter)


class Spool:
    """Entries by group. They are written once, then read as often as needed. Made by `spooled`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._counts: dict[str, _Counts] = {}

    def add_url(self, group: str, entry: UrlEntry) -> None:
        """Add a URL with the references that are of this group."""
        counts = self._of(group)
        counts.references += len(entry.references)
        counts.workload += entry.priority.score
        counts.verdicts[entry.link.verdict.kind] += 1
        if entry.change is not None:
            counts.changes[entry.change] += 1
        self._add(_URL, group, entry)

    def add_article(self, group: str, entry: ArticleEntry) -> None:
        """Add an article."""
        self._of(group).articles += 1
        self._add(_ARTICLE, group, entry)

    def finish(self) -> None:
        """Make reading fast, after everything has been added."""
        self._database.execute(_INDEX)

    def groups(self) -> Iterable[str]:
        """The names of all groups."""
        return self._counts.keys()

    def workload(self, group: str) -> int:
        """The sum of the priorities of a group's URLs."""
        return self._counts[group].workload

    def summary(self, group: str) -> Summary:
        """The counts at the top of a group's report."""
        counts = self._counts[group]
        return Summary(
            articles=counts.articles,
            references=counts.references,
            urls=counts.verdicts.total(),
            by_verdict={kind: counts.verdicts[kind] for kind in VerdictKind},
            newly_broken=counts.changes[Change.NEW_BROKEN],
            newly_dead=counts.changes[Change.CONFIRMED_DEAD],
            recovered=counts.changes[Change.RECOVERED],
        )

    def urls(self, group: str) -> Iterator[UrlEntry]:
        """The URLs of a group, in the order in which they were added."""
        return self._entries(_URL, group)

    def articles(self, group: str) -> Iterator[ArticleEntry]:
        """The articles of a group, in the order in which they were added."""
        return self._entries(_ARTICLE, group)

    def _of(self, group: str) -> _Counts:
        return self._counts.setdefault(group, _Counts())

    def _add(self, what: str, group: str, entry: object) -> None:
        row = (what, _key(group), pickle.dumps(entry, pickle.HIGHEST_PROTOCOL))
        self._database.execute("INSERT INTO row VALUES (?, ?, ?)", row)

    def _entries(self, what: str, group: str) -> Iterator[Any]:
        query = "SELECT entry FROM row WHERE what = ? AND name = ? ORDER BY rowid"
        for (entry,) in self._database.execute(query, (what, _key(group))):
            # The bytes are ours: the database has no name, and nobody else can open it.
            yield pickle.loads(entry)  # noqa: S301


@contextmanager
def spooled() -> Iterator[Spool]:
    """An empty spool, for as long as the context lasts. It is on disk, and removed at the end."""
    with closing(sqlite3.connect("", isolation_level=None)) as database:
        database.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {_TABLE};")
        yield Spool(database)


def _key(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
