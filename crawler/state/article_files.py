"""The content of article files: stamps, references and problems, replaced file by file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, bindparam, delete, func, insert, not_, or_, select, update

from crawler.model.article import Article, FileStamp, Problem
from crawler.model.field_map import FieldMap
from crawler.model.portion import Within
from crawler.model.role import Role
from crawler.model.verdict import UNCHECKED, Suggestion, SuggestionKind, Verdict, VerdictKind
from crawler.rules.typed_urls import slip_of
from crawler.state.bulk import insert_stored
from crawler.state.columns import digest
from crawler.state.json_columns import (
    field_map_from_json,
    field_map_to_json,
)
from crawler.state.known import RelativeReference
from crawler.state.noted import note, noted
from crawler.state.part import Part, among, chunks, insert_on_conflict, is_part, transaction
from crawler.state.rows import (
    PROBLEM_COLUMNS,
    STAMP_COLUMNS,
    STORED_REFERENCE,
    problem_columns,
    problem_from,
    stamp_columns,
    verdict_columns,
)
from crawler.state.schema import files, links, pending_writes, problems, references
from crawler.state.stored_articles import (
    FILE_REASONS,
    IMAGE_FILE,
    LOOKED_AT,
    StoredArticle,
    stored_article,
)

URL_SYNTAX = "url-syntax"
"""The rule of the verdicts that a link gets at intake, before any visit."""

_NOT_ON_THE_WEB = (*FILE_REASONS, "relative-url")
_READING = "reading"
_FIELD_MAP = "field-map"
_LONGEST_HOST = 255  # RFC 1035, 2.3.4: a longer one has no address

HAS_ANCHORS = '%"anchors":%'
"""What stands in the column of a page whose parts were read."""
_FACTS = ("readable", "title", "excerpt", "published_at", "listed", "block", "provider", "labels")
_STAMP = tuple(column.name for column in STAMP_COLUMNS)


class Intake(Part):
    """The part of the state into which article files are read."""

    @transaction
    def stamps(self, asked: Within = None) -> dict[str, FileStamp]:
        """The stamps of all known files (or of one) by path; files without a stamp are left out."""
        statement = select(files.c.path, *STAMP_COLUMNS).where(files.c.sha256.is_not(None))
        if asked is not None:
            statement = statement.where(is_part(asked))
        with self._database.read() as connection:
            return {row[0]: FileStamp(*row[1:]) for row in connection.execute(statement)}

    @transaction
    def unstamped(self) -> set[str]:
        """The paths of files whose bytes could not be read."""
        statement = select(files.c.path).where(files.c.sha256.is_(None))
        with self._database.read() as connection:
            return set(connection.execute(statement).scalars())

    def save_articles(self, batch: Sequence[tuple[Article, FileStamp]], now: datetime) -> None:
        """Replace what is known of each file; a new URL is due now.

        One transaction; about 200 files make a good batch. Memory grows with the batch only.
        """
        self.save_stored([stored_article(article, stamp) for article, stamp in batch], now)

    @transaction
    def save_stored(self, batch: Sequence[StoredArticle], now: datetime) -> None:
        """`save_articles` of articles that have the state's own form already."""
        articles = list({article.path: article for article in batch}.values())
        with self._database.write() as connection:
            file_ids = _replace_files(connection, [article.row for article in articles])
            link_ids = _link_ids(connection, articles, now)
            _insert_references(connection, articles, file_ids, link_ids)
            _ask_for_parts(connection, articles, link_ids, now)
            _insert_problems(
                connection,
                ((file_ids[article.path], p) for article in articles for p in article.problems),
            )

    @transaction
    def save_unreadable(self, path: str, stamp: FileStamp | None, found: Sequence[Problem]) -> None:
        """Save the problems of a file that could not be parsed; its earlier references are deleted.

        With a stamp it is not parsed again until it changes.
        """
        row: dict[str, Any] = dict.fromkeys(_FACTS)
        row |= {"key": digest(path), "path": path, "readable": False, "listed": False}
        row |= stamp_columns(stamp)
        with self._database.write() as connection:
            file_id = _replace_files(connection, [row])[path]
            _insert_problems(connection, ((file_id, problem) for problem in found))

    @transaction
    def restamp(self, stamps: Mapping[str, FileStamp]) -> None:
        """Replace the stamps of files, by path, that were touched without a change. One transaction."""
        if not stamps:
            return
        statement = update(files).where(files.c.key == bindparam("at"))
        rows = [{"at": digest(path), **stamp_columns(stamp)} for path, stamp in stamps.items()]
        columns: dict[str, Any] = {name: bindparam(name) for name in _STAMP}
        with self._database.write() as connection:
            connection.execute(statement.values(columns), rows)

    @transaction
    def reading(self) -> str | None:
        """How the files were read at the last reading of all of them; None for never."""
        with self._database.read() as connection:
            return noted(connection, _READING)

    @transaction
    def note_reading(self, how: str) -> None:
        """Note how all files have now been read: another site address gives other references."""
        with self._database.write() as connection:
            note(connection, {_READING: how})

    @transaction
    def field_map(self) -> FieldMap | None:
        """The names of fields that were found out last; None for never."""
        with self._database.read() as connection:
            return field_map_from_json(noted(connection, _FIELD_MAP))

    @transaction
    def note_field_map(self, field_map: FieldMap) -> None:
        """Note the names of fields that were found out: commands that read no files go by them."""
        with self._database.write() as connection:
            note(connection, {_FIELD_MAP: field_map_to_json(field_map)})

    @transaction
    def relative_references(self, asked: Within = None) -> list[RelativeReference]:
        """The references of all files (or of one) to images, and those of texts, whose URL is relative, each text of a file
        once.

        Their meaning can change without a change of the article, when a file comes or goes.
        """
        raw = func.coalesce(references.c.raw, links.c.url)
        statement = (
            select(files.c.path, references.c.role, raw, links.c.url, references.c.invalid)
            .select_from(references.join(links).join(files, files.c.id == references.c.file_id))
            .where(
                references.c.role.in_([role.value for role in LOOKED_AT]),
                or_(links.c.host == "", not_(references.c.raw.like("http%"))),
            )
            .distinct()
        )
        if asked is not None:
            statement = statement.where(is_part(asked))
        with self._database.read() as connection:
            return [
                RelativeReference(row[0], Role(row[1]), *row[2:])
                for row in connection.execute(statement)
            ]

    @transaction
    def forget(self, paths: Collection[str]) -> None:
        """Delete files that are gone. Their URLs keep their history: see `prune`."""
        with self._database.write() as connection:
            for chunk in chunks(digest(path) for path in paths):
                connection.execute(
                    delete(pending_writes).where(among(connection, pending_writes.c.key, chunk))
                )
                connection.execute(delete(files).where(among(connection, files.c.key, chunk)))

    @transaction
    def problems(self, asked: Within = None) -> list[Problem]:
        """The problems of all files (or of one) by path, line, code and message, each once.

        Problems of `save_write_problems` are included.
        """
        statement = select(*PROBLEM_COLUMNS).select_from(problems.join(files))
        if asked is not None:
            statement = statement.where(is_part(asked))
        with self._database.read() as connection:
            found = {problem_from(row) for row in connection.execute(statement)}
        return sorted(found, key=lambda p: (p.path, p.line, p.code, p.message))


def _replace_files(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Write the rows of files and delete their references and problems; returns ids by path."""
    upsert = insert_on_conflict(connection, files)
    changed = {name: upsert.excluded[name] for name in (*_FACTS, *_STAMP)}
    returning = upsert.on_conflict_do_update(index_elements=["key"], set_=changed).returning(
        files.c.path, files.c.id
    )
    ids: dict[str, int] = {}
    for chunk in chunks(rows):
        written: dict[str, int] = dict(connection.execute(returning, chunk).all())
        stale = list(written.values())
        connection.execute(delete(references).where(among(connection, references.c.file_id, stale)))
        connection.execute(delete(problems).where(among(connection, problems.c.file_id, stale)))
        ids |= written
    return ids


def _link_ids(
    connection: Connection, articles: Sequence[StoredArticle], now: datetime
) -> dict[str, int]:
    """The id of every URL of these articles; new URLs are inserted first."""
    wanted: dict[str, str | None] = {}
    for article in articles:
        for url, invalid, _ in article.references:
            if invalid == IMAGE_FILE:
                wanted[url] = IMAGE_FILE
            else:
                wanted.setdefault(url, invalid)
    by_key = {digest(url): url for url in wanted}
    ids = _known_links(connection, by_key)
    _correct_syntax_verdicts(connection, wanted, ids, now)
    unseen = {key: url for key, url in by_key.items() if url not in ids}
    if unseen:
        rows = [link_row(key, url, wanted[url], now) for key, url in unseen.items()]
        statement = insert_on_conflict(connection, links)
        connection.execute(statement.on_conflict_do_nothing(index_elements=["key"]), rows)
        ids |= _known_links(connection, unseen)
    return ids


def _known_links(connection: Connection, by_key: Mapping[str, str]) -> dict[str, int]:
    ids: dict[str, int] = {}
    for chunk in chunks(by_key):
        statement = select(links.c.key, links.c.id).where(among(connection, links.c.key, chunk))
        ids.update((by_key[key], link_id) for key, link_id in connection.execute(statement))
    return ids


def link_row(key: str, url: str, invalid: str | None, now: datetime) -> dict[str, Any]:
    """The row of a link without a visit; `invalid` says why it cannot be visited, None where it can."""
    return {
        "key": key,
        "url": url,
        "host": "" if invalid else _host(url),
        **_first_verdict(url, invalid, now),
    }


def _first_verdict(url: str, invalid: str | None, now: datetime) -> dict[str, Any]:
    if invalid in (None, IMAGE_FILE):
        return {**verdict_columns(UNCHECKED), "due_at": now}
    assert invalid is not None
    return {**verdict_columns(_syntax_verdict(url, invalid, now)), "due_at": None}


def _syntax_verdict(url: str, invalid: str, now: datetime) -> Verdict:
    """The verdict on a text that is not visited, with the address that was meant where that is plain."""
    kind = VerdictKind.EXCLUDED if invalid in _NOT_ON_THE_WEB else VerdictKind.INVALID
    slip = slip_of(url) if kind is VerdictKind.INVALID else None
    mended = slip.mended if slip is not None and slip.reason == invalid else None
    suggestion = Suggestion(SuggestionKind.REPLACE_URL, mended) if mended else None
    return Verdict(kind, invalid, URL_SYNTAX, since=now, suggestion=suggestion)


def _correct_syntax_verdicts(
    connection: Connection,
    wanted: Mapping[str, str | None],
    ids: Mapping[str, int],
    now: datetime,
) -> None:
    """Update links whose URLs a newer version of linkhealth, or one that knows the site's address, reads in another
    way: they become, or stop being, links to visit, or addresses that are told as wrong.

    A file that an article shows as an image stays a local image, even where other references link to it.
    """
    by_syntax: dict[int, tuple[str, ...]] = {}
    local_images: set[int] = set()
    for chunk in chunks(ids.values()):
        statement = select(
            links.c.id, links.c.rule, links.c.kind, links.c.reason, links.c.suggestion
        ).where(
            among(connection, links.c.id, chunk),
            or_(links.c.rule == URL_SYNTAX, links.c.host == ""),
        )
        for link_id, rule, *said in connection.execute(statement):
            if rule == URL_SYNTAX:
                by_syntax[link_id] = _said(*said)
            else:
                local_images.add(link_id)
    for url, link_id in ids.items():
        if link_id in local_images:
            continue
        row = link_row("", url, wanted[url], now)
        told = _said(row["kind"], row["reason"], row["suggestion"])
        if by_syntax.get(link_id) != (None if row["due_at"] else told):
            del row["key"], row["url"]
            connection.execute(update(links).where(links.c.id == link_id).values(row))


def _ask_for_parts(
    connection: Connection,
    articles: Sequence[StoredArticle],
    link_ids: Mapping[str, int],
    now: datetime,
) -> None:
    """Make links due of whose page a part is named for the first time: only a visit tells whether it is there."""
    wanted = {link_ids[url] for article in articles for url in article.parts}
    for chunk in chunks(sorted(wanted)):
        statement = (
            update(links)
            .where(
                among(connection, links.c.id, chunk),
                links.c.host != "",
                links.c.page.is_not(None),
                not_(links.c.page.like(HAS_ANCHORS)),
            )
            .values(due_at=now)
        )
        connection.execute(statement)


def _said(kind: str, reason: str, suggestion: str | None) -> tuple[str, ...]:
    """What readers are told by a verdict; of a link that is left out its reason may be another at each place."""
    return (kind, reason, suggestion or "") if kind == VerdictKind.INVALID else (kind,)


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host[:_LONGEST_HOST]


def _insert_references(
    connection: Connection,
    articles: Sequence[StoredArticle],
    file_ids: Mapping[str, int],
    link_ids: Mapping[str, int],
) -> None:
    rows: list[tuple[object, ...]] = []
    for article in articles:
        file_id = file_ids[article.path]
        rows += [
            (file_id, ordinal, link_ids[url], *columns)
            for ordinal, (url, _, columns) in enumerate(article.references)
        ]
    insert_stored(connection, references.name, STORED_REFERENCE, rows)


def _insert_problems(connection: Connection, found: Iterable[tuple[int, Problem]]) -> None:
    rows = [problem_columns(file_id, problem) for file_id, problem in found]
    if rows:
        connection.execute(insert(problems), rows)
