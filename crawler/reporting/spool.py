"""The rows of a report by group, kept on disk while a report is taken apart: a URL is in every group that holds it."""

from __future__ import annotations

import pickle
import sqlite3
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.model.change import Change
from crawler.model.reference import Scope
from crawler.model.report import ArticleEntry, RelatedPlace, Summary, UrlEntry
from crawler.model.verdict import VerdictKind
from crawler.reporting.link_rows import host_in

_TABLE = "CREATE TABLE row (what TEXT, name BLOB, entry BLOB)"
_INDEX = "CREATE INDEX row_of_group ON row (what, name)"
_WHOLE, _URL, _ARTICLE, _PLACES = "whole", "url", "article", "places"


@dataclass(slots=True)
class _Counts:
    links: set[int] = field(default_factory=set)
    hosts: set[str] = field(default_factory=set)
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

    def keep(self, entry: UrlEntry) -> None:
        """Keep a URL that is not taken apart yet."""
        self._add(_WHOLE, "", entry)

    def kept(self) -> Iterator[UrlEntry]:
        """What was kept, in the order in which it was."""
        return self._entries(_WHOLE, "")

    def add_url(self, group: str, entry: UrlEntry) -> None:
        """Add a URL with the references that are of this group."""
        counts = self._of(group)
        counts.links.add(entry.link.id)
        counts.hosts.add(host_in(entry.link.url))
        counts.references += sum(one.scope is Scope.OWN for one in entry.references)
        counts.workload += entry.priority.score
        counts.verdicts[entry.link.verdict.kind] += 1
        if entry.change is not None:
            counts.changes[entry.change] += 1
        self._add(_URL, group, entry)

    def add_article(self, group: str, entry: ArticleEntry) -> None:
        """Add an article."""
        self._of(group).articles += 1
        self._add(_ARTICLE, group, entry)

    def add_places(self, group: str, places: Iterable[RelatedPlace]) -> None:
        """Add places in related articles of one file, of URLs that the group holds as its own; the others are of no
        group. All URLs have been added before."""
        counts = self._of(group)
        found = [tuple(one) for one in places if one.link in counts.links]
        counts.references += len(found)
        if found:
            self._add(_PLACES, group, found)

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
        """The URLs of a group, in the order in which they were added, each with the number of its places in related
        articles of this group."""
        related = Counter(place.link for place in self.places(group))
        for entry in self._entries(_URL, group):
            yield replace(entry, related_references=related[entry.link.id])

    def places(self, group: str) -> Iterator[RelatedPlace]:
        """The places in related articles of a group, file by file."""
        for places in self._entries(_PLACES, group):
            yield from map(RelatedPlace._make, places)

    def hosts(self, group: str) -> Container[str]:
        """The hosts of a group's URLs."""
        return self._counts[group].hosts

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
