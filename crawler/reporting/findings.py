"""The findings that an editor can act on, gathered from a report in one pass and in flat memory.

The rows are kept in a private temporary SQLite database (on disk, deleted when closed), because a report
comes in two streams, URLs and articles, that have to be joined and sorted.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from crawler.model.article import Problem
from crawler.model.change import Change
from crawler.model.check import DEAD_IMAGE, FreshnessState, Level
from crawler.model.held import Held
from crawler.model.host_certificate import HostCertificate
from crawler.model.reference import Reference, Scope
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.role import COMPARED
from crawler.model.verdict import VerdictKind
from crawler.reporting.finding import (
    Finding,
    FindingKind,
    address,
    certificate_ends,
    dead_link,
    file_problem,
    held_back,
    hijacked,
    image,
    led_elsewhere,
    new_address,
    noticed,
    offered,
    with_image,
)
from crawler.reporting.link_rows import LINK_TABLES, LinkRows, host_in, key_text, text_key
from crawler.reporting.one_pass import OnePass
from crawler.reporting.words.article_words import CACHED_COPY
from crawler.reporting.words.written_dates import iso_date
from crawler.rules.article.amp import OK
from crawler.rules.image.image_candidates import IMAGE_OFFERED
from crawler.rules.priorities import finding_score
from crawler.rules.verdict.page_state import HIJACKED


@dataclass(frozen=True, slots=True)
class HostCount:
    """A host with the number of its URLs that are broken or dead, and of all its URLs in the report."""

    host: str
    gone: int
    urls: int


_LEVEL_RANK = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}
_KINDS = {one.value: one for one in FindingKind}
_LEVELS = {one.value: one for one in Level}
_VERDICTS = {one.value: one for one in VerdictKind}
_VERDICT_RANK = {VerdictKind.DEAD: 0, VerdictKind.BROKEN: 1, VerdictKind.INVALID: 2}
_KEPT_APART = ("title", "priority", "owners")
"""Values of a finding that are not among its facts: two are the article's, one is searched by."""
_STALE_STATES = (FreshnessState.UPDATED, FreshnessState.STALE)
_COMPARED = (VerdictKind.ALIVE, VerdictKind.MOVED)
"""The verdicts of pages by which freshness is judged (crawler.rules.article.freshness)."""
_STANDS = (*_COMPARED, VerdictKind.UNVERIFIABLE)
"""The verdicts of links whose page is compared as it was last read (crawler.rules.verdict.page_evidence)."""
_PAGE_RANK = {role: rank for rank, role in enumerate(COMPARED)}

_TABLES = """
CREATE TABLE evidence (path BLOB, at BLOB, facts TEXT, PRIMARY KEY (path, at)) WITHOUT ROWID;
CREATE TABLE page (path BLOB PRIMARY KEY, rank INTEGER, facts TEXT) WITHOUT ROWID;
CREATE TABLE title (path BLOB PRIMARY KEY, text TEXT) WITHOUT ROWID;
CREATE TABLE host (name BLOB PRIMARY KEY, gone INTEGER, urls INTEGER) WITHOUT ROWID;
CREATE TABLE freshness (state TEXT PRIMARY KEY, articles INTEGER) WITHOUT ROWID;
CREATE TABLE article (path BLOB PRIMARY KEY, priority INTEGER, owners TEXT) WITHOUT ROWID;
CREATE TABLE finding (
    path BLOB, line INTEGER, kind TEXT, level INTEGER, rank INTEGER, priority INTEGER, url BLOB, facts TEXT
);
"""
_INDEXES = """
CREATE INDEX finding_path ON finding (path, line);
CREATE INDEX finding_kind ON finding (kind, level);
"""
_AT_ONCE = 500
_INSERT_FINDING = "INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_EVIDENCE = "INSERT OR REPLACE INTO evidence VALUES (?, ?, ?)"
_INSERT_ARTICLE = "INSERT OR REPLACE INTO article VALUES (?, ?, ?)"
_INSERT_TITLE = "INSERT OR REPLACE INTO title VALUES (?, ?)"
_UPSERT_PAGE = """
INSERT INTO page VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE
SET rank = excluded.rank, facts = excluded.facts WHERE excluded.rank < page.rank
"""
_UPSERT_HOST = """
INSERT INTO host VALUES (?, ?, 1) ON CONFLICT (name) DO UPDATE
SET gone = gone + excluded.gone, urls = urls + 1
"""
_ROW = """
SELECT finding.facts, finding.priority, title.text, article.owners
FROM finding LEFT JOIN title USING (path) LEFT JOIN article USING (path)
"""
_IN_FILE_ORDER = _ROW + "ORDER BY path, line, finding.rowid"
_BY_PRIORITY = (
    _ROW
    + """
ORDER BY CASE finding.kind WHEN 'image' THEN max(finding.priority) OVER (PARTITION BY finding.kind, path, line, url)
         ELSE finding.priority END DESC, url, path, line, finding.kind, finding.rowid
"""
)
"""All that is wrong with an image stands where the worst of it does: it is one row of a table."""
_MOST_URGENT = """
SELECT finding.facts, finding.priority, title.text, article.owners
FROM finding LEFT JOIN title USING (path) LEFT JOIN article USING (path)
JOIN (SELECT path, max(priority) AS highest, min(level) AS worst_level, min(rank) AS worst, count(*) AS amount
      FROM finding WHERE kind = :kind GROUP BY path) AS whole USING (path)
WHERE kind = :kind
ORDER BY highest DESC, worst_level, worst, amount DESC, path, line, finding.rowid LIMIT :limit
"""


class Findings:
    """The findings of one report, ready to be read in any order. Made by `gathered`."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._freshness: Counter[FreshnessState] = Counter()
        self._latest = "", 0
        self._waiting: dict[str, list[tuple[object, ...]]] = defaultdict(list)
        self.links = LinkRows(database)

    def in_file_order(self) -> Iterator[Finding]:
        """Every finding, by path and line."""
        return map(_finding, self._database.execute(_IN_FILE_ORDER))

    def by_priority(self) -> Iterator[Finding]:
        """Every finding, the highest priority first, then by URL, path and line (rule Q5)."""
        return map(_finding, self._database.execute(_BY_PRIORITY))

    def most_urgent(self, kind: FindingKind, limit: int) -> Iterator[Finding]:
        """At most `limit` findings of a kind, whole articles together, the worst article first."""
        return map(_finding, self._database.execute(_MOST_URGENT, {"kind": kind, "limit": limit}))

    def count(self, kind: FindingKind) -> int:
        """The number of findings of a kind."""
        row = self._database.execute("SELECT count(*) FROM finding WHERE kind = ?", (kind,))
        return int(row.fetchone()[0])

    def freshness(self) -> Mapping[FreshnessState, int]:
        """The number of articles in each state of freshness."""
        found = dict(self._database.execute("SELECT state, articles FROM freshness"))
        return {state: found.get(state, 0) for state in FreshnessState}

    def hosts(self, limit: int) -> list[HostCount]:
        """The hosts with most URLs broken or dead, at most `limit`."""
        query = "SELECT name, gone, urls FROM host WHERE gone ORDER BY gone DESC, name LIMIT ?"
        return [
            HostCount(key_text(name), gone, urls)
            for name, gone, urls in self._database.execute(query, (limit,))
        ]

    def add_url(self, entry: UrlEntry) -> None:
        """Add one URL, for the findings of its articles and for the counts."""
        link, verdict = entry.link, entry.link.verdict
        self.links.add(entry)
        self._put(_UPSERT_HOST, text_key(host_in(link.url)), int(verdict.kind.is_gone))
        for reference in entry.references:
            if verdict.kind in _COMPARED:
                self._add_all(led_elsewhere(reference, entry))
            elif verdict.kind.is_written_back:
                self._add_evidence(reference, entry)
            if reference.scope is Scope.OWN:
                if verdict.kind is VerdictKind.UNVERIFIABLE and verdict.reason == HIJACKED:
                    self._add(hijacked(reference, entry))
                self._add_declared(reference, entry)

    def add_article(self, entry: ArticleEntry) -> None:
        """Add the findings of one article, after all URLs have been added."""
        path, checks = text_key(entry.path), entry.checks
        owners = json.dumps(entry.owners)
        score = entry.priority.score
        self._latest = entry.path, score
        self._put(_INSERT_ARTICLE, path, score, owners)
        self._freshness[checks.freshness.state] += 1
        if entry.title is not None:
            title = json.dumps(entry.title)
            self._put(_INSERT_TITLE, path, title)
        better = {(one.at, one.reason): one for one in checks.suggestions}
        dead_images = {one.at: one.reason for one in checks.image_sizes if one.reason in DEAD_IMAGE}
        for dead in checks.dead_links:
            finding = dead_link(entry.path, dead, self._evidence(entry.path, dead.at))
            self._add(with_image(finding, better, dead_images.get(dead.at)))
        for size in checks.image_sizes:
            # A dead image is reported above as a dead link, with its evidence.
            if size.reason not in DEAD_IMAGE:
                self._add(with_image(image(entry.path, size), better, size.reason))
        self._add_all((*self._metadata(entry), *self._offered(entry)))
        for kind, found in ((FindingKind.AMP, checks.amp), (FindingKind.IDENTITY, checks.identity)):
            for one in found:
                if one.reason != OK:
                    self._add(address(kind, entry.path, one))

    def add_problem(self, problem: Problem) -> None:
        """Add a problem of a file."""
        self._add(file_problem(problem))

    def add_held(self, held: Held) -> None:
        """Add what the guard on mass change holds back."""
        self._add(held_back(held))

    def add_certificate(self, certificate: HostCertificate) -> None:
        """Add that a certificate is about to end, where URLs of its host have been added."""
        query = "SELECT 1 FROM host WHERE name = ?"
        if self._one(_UPSERT_HOST, query, text_key(certificate.host)):
            self._add(certificate_ends(certificate))

    def build_indexes(self) -> None:
        """Build the indexes for reading, after everything has been added."""
        for statement in self._waiting:
            self._send(statement)
        counts = self._freshness.items()
        self._database.executemany("INSERT INTO freshness VALUES (?, ?)", counts)
        self._database.execute("COMMIT")
        self._database.executescript(_INDEXES)
        self.links.build_indexes()

    def _put(self, statement: str, *values: object) -> None:
        """Store a row with others: many at once take half of the time."""
        rows = self._waiting[statement]
        rows.append(values)
        if len(rows) == _AT_ONCE:
            self._send(statement)

    def _send(self, statement: str) -> None:
        rows = self._waiting[statement]
        if rows:
            self._database.executemany(statement, rows)
            rows.clear()

    def _one(self, statement: str, query: str, *values: object) -> Any:
        """The first row of a query about what `statement` stores; None where there is none."""
        self._send(statement)
        return self._database.execute(query, values).fetchone()

    def _add(self, finding: Finding) -> None:
        facts = {
            name: value
            for name in Finding.__slots__
            if (value := getattr(finding, name)) not in (None, "", 0) and name not in _KEPT_APART
        }
        facts["since"] = iso_date(finding.since)
        self._put(
            _INSERT_FINDING,
            text_key(finding.path),
            min(finding.line, 1 << 62),
            finding.kind,
            _LEVEL_RANK[finding.level],
            _VERDICT_RANK.get(finding.verdict, 9) if finding.verdict else 9,
            finding.priority or finding_score(self._score(finding.path), finding.level),
            text_key(finding.url),
            json.dumps(facts),
        )

    def _score(self, path: str) -> int:
        """The score of an article that has been added; 0 for another."""
        if path == self._latest[0]:
            return self._latest[1]
        query = "SELECT priority FROM article WHERE path = ?"
        row = self._one(_INSERT_ARTICLE, query, text_key(path))
        return int(row[0]) if row else 0

    def _add_all(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._add(finding)

    def _add_evidence(self, reference: Reference, entry: UrlEntry) -> None:
        facts = {
            "status": entry.link.status,
            "final_url": entry.link.final_url,
            "suggestion": new_address(reference, entry.link.verdict),
            "explanation": entry.explanation,
            "change": entry.change,
            "priority": entry.priority.score,
        }
        if reference.role.is_image and reference.declared.is_cached:
            facts["explanation"] = " ".join(filter(None, (entry.explanation, CACHED_COPY)))
        self._put(
            _INSERT_EVIDENCE,
            text_key(reference.path),
            text_key(reference.pointer),
            json.dumps(facts),
        )

    def _evidence(self, path: str, at: str) -> dict[str, Any]:
        query = "SELECT facts FROM evidence WHERE path = ? AND at = ?"
        row = self._one(_INSERT_EVIDENCE, query, text_key(path), text_key(at))
        return dict(json.loads(row[0])) if row else {}

    def _add_declared(self, reference: Reference, entry: UrlEntry) -> None:
        """Keep the values of file and page of each field that may have drifted."""
        page, rank = entry.link.page, _PAGE_RANK.get(reference.role)
        if page is None or rank is None or entry.link.verdict.kind not in _STANDS:
            return
        declared = reference.declared
        facts = {
            "url": reference.raw,
            "line": reference.line,
            "title": (declared.title, page.title),
            "excerpt": (declared.excerpt, page.description),
            "publishedDateTime": (iso_date(declared.published), page.published),
            "image": (None, page.image),
        }
        self._put(_UPSERT_PAGE, text_key(reference.path), rank, json.dumps(facts))

    def _metadata(self, entry: ArticleEntry) -> Iterator[Finding]:
        freshness, path = entry.checks.freshness, entry.path
        page = self._page(path)
        about_page = Finding(FindingKind.METADATA, path, "", Level.INFO, url=page.get("url", ""))
        if freshness.notice is not None:
            yield noticed(about_page, freshness.notice)
        if freshness.state in _STALE_STATES:
            modified = iso_date(freshness.modified)
            yield replace(about_page, reason=freshness.state.value, actual=modified)
        if freshness.walled is not None:
            yield replace(about_page, reason=f"now-{freshness.walled}")
        if freshness.state is not FreshnessState.DRIFTED:
            return
        for name in freshness.drift:
            declared, actual = page.get(name) or (None, None)
            at, line = name, 0
            if name == "image":
                changes = (one for one in entry.checks.suggestions if one.reason == name)
                # An article has several images: the row can be carried out only if it names the place.
                if (change := next(changes, None)) is not None:
                    at, line, declared = change.at, change.line, change.old
            if name == "title":
                declared = declared or entry.title
            yield Finding(
                FindingKind.METADATA,
                path,
                FreshnessState.DRIFTED.value,
                Level.WARNING,
                line=line,
                at=at,
                url=page.get("url", ""),
                declared=declared,
                actual=actual,
                suggestion=actual,
            )

    def _offered(self, entry: ArticleEntry) -> Iterator[Finding]:
        changes = [one for one in entry.checks.suggestions if one.reason == IMAGE_OFFERED]
        if changes:
            page = self._page(entry.path)
            yield from (offered(entry.path, one, page.get("url", "")) for one in changes)

    def _page(self, path: str) -> dict[str, Any]:
        """What `_add_declared` kept of an article's page."""
        query = "SELECT facts FROM page WHERE path = ?"
        row = self._one(_UPSERT_PAGE, query, text_key(path))
        return dict(json.loads(row[0])) if row else {}


@contextmanager
def gathered(report: Report) -> Iterator[Findings]:
    """The findings of `report`, for as long as the context lasts. Reads each stream once."""
    with nothing_gathered() as findings:
        OnePass(report, findings).finish()
        yield findings


@contextmanager
def nothing_gathered(file: Path | None = None) -> Iterator[Findings]:
    """Findings to be added, and read after `build_indexes`, for as long as the context lasts.

    They are kept in a database without a name, or in the new `file`, from which another process can read them too.
    """
    with closing(sqlite3.connect(file or "", isolation_level=None)) as database:
        # A private database that is made anew each time needs neither a journal nor a sync.
        settings = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        database.executescript(settings + _TABLES + LINK_TABLES)
        # All at once: a commit for each row would be half of the time.
        database.execute("BEGIN")
        yield Findings(database)


@contextmanager
def gathered_in(file: Path) -> Iterator[Findings]:
    """The findings that were gathered in a file, maybe by another process."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        yield Findings(database)


@lru_cache(maxsize=4096)
def _read_lately(text: str) -> Any:
    """A title or owners: an article has several findings, and most articles the same owners."""
    return json.loads(text)


def _finding(row: tuple[str, int, str | None, str | None]) -> Finding:
    """The finding that `Findings._add` stored."""
    stored, priority, title, owners = row
    facts = json.loads(stored)
    since, verdict = facts.pop("since"), facts.pop("verdict", None)
    change = facts.pop("change", None)
    return Finding(
        kind=_KINDS[facts.pop("kind")],
        level=_LEVELS[facts.pop("level")],
        path=facts.pop("path", ""),
        reason=facts.pop("reason", ""),
        verdict=_VERDICTS[verdict] if verdict else None,
        since=date.fromisoformat(since) if since else None,
        change=Change(change) if change else None,
        title=_read_lately(title) if title is not None else None,
        priority=priority,
        owners=tuple(_read_lately(owners)) if owners is not None else (),
        **facts,
    )
