"""The links that need an editor, and the sites behind them, gathered while a report is read.

Findings are places in articles; these are links, each once, as counts and messages need them. The rows are kept in the
database of the findings (`crawler.reporting.findings`), so that memory stays flat.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from crawler.model.change import Change
from crawler.model.reference import Scope
from crawler.model.report import UrlEntry
from crawler.model.verdict import VerdictKind
from crawler.reporting.words.written_dates import iso_date

_NEWS_RANK = {Change.NEW_BROKEN: 0, Change.CONFIRMED_DEAD: 1, Change.REASON_CHANGED: 2}
_VERDICT_RANK = {VerdictKind.DEAD: 0, VerdictKind.BROKEN: 1, VerdictKind.INVALID: 2}
_LONGEST = 1 << 62
"""The highest number that is stored; a line of a file may claim more."""

LINK_TABLES = """
CREATE TABLE link (change TEXT, is_listed INTEGER, host BLOB, path BLOB, news INTEGER, priority INTEGER, rank INTEGER,
                   places INTEGER, url BLOB, facts TEXT);
CREATE TABLE cause (verdict TEXT, reason TEXT, host BLOB, urls INTEGER, places INTEGER, related INTEGER,
                    PRIMARY KEY (verdict, reason, host)) WITHOUT ROWID;
CREATE TABLE cause_article (verdict TEXT, reason TEXT, host BLOB, path BLOB,
                            PRIMARY KEY (verdict, reason, host, path)) WITHOUT ROWID;
"""
_INDEXES = "CREATE INDEX link_host ON link (host);"
_UPSERT_CAUSE = """
INSERT INTO cause VALUES (?, ?, ?, 1, ?, ?) ON CONFLICT DO UPDATE
SET urls = urls + 1, places = places + excluded.places, related = related + excluded.related
"""
_LINKS = "SELECT link.facts, title.text FROM link LEFT JOIN title USING (path)"
_BY_URGENCY = "ORDER BY news, priority DESC, rank, places DESC, url"
_CAUSES = """
SELECT verdict, reason, host, urls, places, related,
       (SELECT count(*) FROM cause_article AS one WHERE one.verdict = cause.verdict
        AND one.reason = cause.reason AND one.host = cause.host)
FROM cause WHERE verdict IN (SELECT value FROM json_each(?))
ORDER BY urls DESC, places DESC, host, reason LIMIT ?
"""
_HOSTS = """
SELECT name, urls, (SELECT count(*) FROM link WHERE is_listed AND host = name) FROM host ORDER BY name
"""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link that is broken, dead or invalid, or that a run changed. Texts come from outside: escape them before
    showing them.

    `path`, `line` and `at` are its first place in an article of your own, None, 0 and empty where only related articles
    hold it; `title` is that article's. `places` and `articles` count your own, `related` the references of related
    articles. `priority` is its score and `owners` are those of its articles (rules Q1, Q6).
    """

    url: str
    host: str
    verdict: VerdictKind
    reason: str
    rule: str
    change: Change | None = None
    since: date | None = None
    status: int | None = None
    suggestion: str | None = None
    explanation: str | None = None
    path: str | None = None
    line: int = 0
    at: str = ""
    places: int = 0
    articles: int = 0
    related: int = 0
    title: str | None = None
    priority: int = 0
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CauseCount:
    """The links of one host that have one verdict for one reason, their places and articles (your own), and the
    references of related articles."""

    verdict: VerdictKind
    reason: str
    host: str
    urls: int
    places: int
    related: int
    articles: int


@dataclass(frozen=True, slots=True)
class HostRows:
    """A host with the number of all its links and of the `failing` ones (broken, dead or invalid), and the most urgent of
    these."""

    host: str
    urls: int
    failing: int
    rows: tuple[LinkRow, ...]


class LinkRows:
    """The links of one report that need an editor. `database` has the tables of `LINK_TABLES`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def add(self, entry: UrlEntry) -> None:
        """Add one URL, where there is something to say of it."""
        verdict = entry.link.verdict
        is_listed = verdict.kind.is_written_back
        if is_listed or verdict.kind is VerdictKind.UNVERIFIABLE:
            self._add_cause(entry)
        if is_listed or entry.change is not None:
            self._add_link(entry, is_listed=is_listed)

    def build_indexes(self) -> None:
        """Build the indexes for reading, after everything has been added."""
        self._database.executescript(_INDEXES)

    def listed(self) -> Iterator[LinkRow]:
        """Every link that is broken, dead or invalid: news first, then by priority (rule Q5), then dead before broken."""
        return map(_row, self._database.execute(f"{_LINKS} WHERE is_listed {_BY_URGENCY}"))

    def changed(self, change: Change) -> Iterator[LinkRow]:
        """Every link that the run changed so, by priority (rule Q5)."""
        query = f"{_LINKS} WHERE change = ? {_BY_URGENCY}"
        return map(_row, self._database.execute(query, (change,)))

    def count(self, change: Change | None = None) -> int:
        """The number of links that the run changed so; without `change` of those that are broken, dead or invalid."""
        query, values = "SELECT count(*) FROM link WHERE is_listed", tuple[str, ...]()
        if change is not None:
            query, values = "SELECT count(*) FROM link WHERE change = ?", (change,)
        return int(self._database.execute(query, values).fetchone()[0])

    def causes(self, *kinds: VerdictKind, limit: int = -1) -> Iterator[CauseCount]:
        """The links with these verdicts by reason and host, most links first; all of them without a limit."""
        rows = self._database.execute(_CAUSES, (json.dumps(kinds), limit))
        for verdict, reason, host, *counts in rows:
            yield CauseCount(VerdictKind(verdict), reason, key_text(host), *counts)

    def count_causes(self, *kinds: VerdictKind) -> int:
        """The number of rows of `causes`."""
        query = "SELECT count(*) FROM cause WHERE verdict IN (SELECT value FROM json_each(?))"
        return int(self._database.execute(query, (json.dumps(kinds),)).fetchone()[0])

    def hosts(self, most: int) -> Iterator[HostRows]:
        """Every host of the report, by name, with at most so many of its links."""
        query = f"{_LINKS} WHERE is_listed AND host = ? {_BY_URGENCY} LIMIT ?"
        for name, urls, failing in self._database.execute(_HOSTS):
            rows = map(_row, self._database.execute(query, (name, most))) if failing else ()
            yield HostRows(key_text(name), urls, failing, tuple(rows))

    def failing_hosts(self) -> tuple[int, int]:
        """The number of all hosts, and of those with a link that is broken, dead or invalid."""
        query = "SELECT (SELECT count(*) FROM host), (SELECT count(DISTINCT host) FROM link WHERE is_listed)"
        every, failing = self._database.execute(query).fetchone()
        return every, failing

    def _add_cause(self, entry: UrlEntry) -> None:
        verdict, host = entry.link.verdict, text_key(host_in(entry.link.url))
        own = [one for one in entry.references if one.scope is Scope.OWN]
        cause = (verdict.kind, verdict.reason, host)
        self._database.execute(_UPSERT_CAUSE, (*cause, len(own), entry.related_references))
        self._database.executemany(
            "INSERT OR IGNORE INTO cause_article VALUES (?, ?, ?, ?)",
            ((*cause, text_key(one.path)) for one in own),
        )

    def _add_link(self, entry: UrlEntry, *, is_listed: bool) -> None:
        link, verdict = entry.link, entry.link.verdict
        own = [one for one in entry.references if one.scope is Scope.OWN]
        facts: dict[str, Any] = {
            "url": link.url,
            "host": host_in(link.url),
            "verdict": verdict.kind,
            "reason": verdict.reason,
            "rule": verdict.rule,
            "change": entry.change,
            "since": iso_date(verdict.since),
            "status": link.status,
            "suggestion": verdict.suggestion.value if verdict.suggestion else None,
            "explanation": entry.explanation,
            "related": entry.related_references,
            "priority": entry.priority.score,
            "owners": entry.owners or None,
        }
        if own:
            first = own[0]
            facts |= {"path": first.path, "line": min(first.line, _LONGEST), "at": first.pointer}
            facts |= {"places": len(own), "articles": len({one.path for one in own})}
        self._database.execute(
            "INSERT INTO link VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.change,
                is_listed,
                text_key(facts["host"]),
                text_key(own[0].path) if own else None,
                _NEWS_RANK.get(entry.change, 9) if entry.change else 9,
                entry.priority.score,
                _VERDICT_RANK.get(verdict.kind, 9),
                len(own),
                text_key(link.url),
                json.dumps({name: value for name, value in facts.items() if value is not None}),
            ),
        )


def _row(stored: tuple[str, str | None]) -> LinkRow:
    """The row that `LinkRows._add_link` stored."""
    facts = json.loads(stored[0])
    since, change = facts.pop("since", None), facts.pop("change", None)
    return LinkRow(
        verdict=VerdictKind(facts.pop("verdict")),
        since=date.fromisoformat(since) if since else None,
        change=Change(change) if change else None,
        title=json.loads(stored[1]) if stored[1] is not None else None,
        owners=tuple(facts.pop("owners", ())),
        **facts,
    )


def host_in(url: str) -> str:
    """The host of a URL in lower case; empty where it names none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def text_key(text: str) -> bytes:
    """Text as a key; different texts have different keys, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def key_text(key: bytes) -> str:
    """The text of a key."""
    return key.decode("utf-8", "surrogatepass")
