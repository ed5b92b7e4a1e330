"""What reports ask. Every iterator reads chunk by chunk: memory does not grow with the collection.

The pattern is the same everywhere: a stream of ids in the order wanted, slim enough to be sorted by
the database, and for each chunk of them one query for the wide rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, select, text

from crawler.model.check import KnownArticle, LinkedReference
from crawler.model.link import Link
from crawler.model.reference import Reference, Scope
from crawler.model.report import Summary, UrlEntry
from crawler.model.verdict import VerdictKind
from crawler.state.part import GONE, ONE, WRITTEN_BACK, Part, is_file, stream
from crawler.state.rows import LINK_COLUMNS, REFERENCE_COLUMNS, link_from, reference_from
from crawler.state.schema import files, links, references, verdict_changes

_FILES_AT_ONCE = 100
_LINKS_AT_ONCE = 100

# Literal text, so that the planner sees that the partial index answers it.
_OWN = text("article_references.scope = 'own'")
_RELATED = references.c.scope == Scope.RELATED.value
_HEALTHY = (VerdictKind.ALIVE.value, VerdictKind.MOVED.value)
_REFERENCE_WIDTH = len(REFERENCE_COLUMNS)


class Reports(Part):
    """Read-only views over everything that is known."""

    def known_articles(self, path: str | None = None) -> Iterator[KnownArticle]:
        """Every article that has references of its own, by path, each with its links."""
        has_own = exists(ONE).where(references.c.file_id == files.c.id, _OWN)
        statement = select(
            files.c.id,
            files.c.path,
            files.c.title,
            files.c.excerpt,
            files.c.published_at,
            files.c.block,
        ).where(has_own)
        with self._database.read() as connection:
            for rows in stream(connection, _by_path(statement, path), _FILES_AT_ONCE):
                own = _linked_references(connection, [row[0] for row in rows], _OWN)
                for file_id, article_path, title, excerpt, published, block in rows:
                    day = published.date() if published else None
                    yield KnownArticle(
                        article_path, title, excerpt, day, block, tuple(own[file_id])
                    )

    def link_entries(
        self, path: str | None = None, all_references: bool = False
    ) -> Iterator[UrlEntry]:
        """Every link that something refers to, by URL, with its own references and a count of the rest.

        With `path` only references in that file count. `all_references` lists the related ones too,
        which makes hundreds of thousands of a real collection.
        """
        within = _within(path)
        statement = (
            select(links.c.id)
            .where(exists(ONE).where(references.c.link_id == links.c.id, within))
            .order_by(links.c.url)
        )
        with self._database.read() as connection:
            for rows in stream(connection, statement, _LINKS_AT_ONCE):
                ids = [row[0] for row in rows]
                yield from _url_entries(connection, ids, within, all_references)

    def related_dead_links(self) -> dict[str, int]:
        """How many `related` references of each file point at broken, dead or invalid links."""
        statement = (
            select(files.c.path, func.count())
            .select_from(references.join(files).join(links))
            .where(links.c.kind.in_(WRITTEN_BACK), _RELATED)
            .group_by(files.c.id, files.c.path)
        )
        with self._database.read() as connection:
            return dict(connection.execute(statement).all())

    def related_images(self, path: str | None = None) -> Iterator[tuple[str, Reference, Link]]:
        """Every `related` image reference whose image has been measured, by path and place."""
        measured = and_(
            _RELATED, references.c.role.in_(("image", "provider-image")), links.c.image.is_not(None)
        )
        statement = select(files.c.id).where(
            exists(ONE).where(
                references.c.file_id == files.c.id, references.c.link_id == links.c.id, measured
            )
        )
        with self._database.read() as connection:
            for rows in stream(connection, _by_path(statement, path), _FILES_AT_ONCE):
                ids = [row[0] for row in rows]
                found = _linked_references(connection, ids, measured)
                for file_id in ids:
                    for linked in found[file_id]:
                        yield linked.reference.path, linked.reference, linked.link

    def related_findings(self, path: str) -> list[LinkedReference]:
        """The `related` references of one file that are broken, dead or invalid, in file order."""
        with self._database.read() as connection:
            file_id = connection.execute(select(files.c.id).where(is_file(path))).scalar()
            if file_id is None:
                return []
            dead = and_(_RELATED, links.c.kind.in_(WRITTEN_BACK))
            return _linked_references(connection, [file_id], dead)[file_id]

    def summary(self, run_id: int | None, path: str | None = None) -> Summary:
        """The counts at the top of a report, and what `run_id` changed, each link by its net effect."""
        within = _within(path)
        referred = exists(ONE).where(references.c.link_id == links.c.id, within)
        kinds = select(links.c.kind, func.count()).where(referred).group_by(links.c.kind)
        articles = select(func.count()).select_from(files).where(files.c.readable)
        if path is not None:
            articles = articles.where(is_file(path))
        with self._database.read() as connection:
            by_kind: dict[str, int] = dict(connection.execute(kinds).all())
            newly_dead, recovered = _changes(connection, run_id, referred)
            return Summary(
                articles=connection.execute(articles).scalar_one(),
                references=connection.execute(
                    select(func.count()).select_from(references).where(within)
                ).scalar_one(),
                urls=sum(by_kind.values()),
                by_verdict={kind: by_kind.get(kind.value, 0) for kind in VerdictKind},
                newly_dead=newly_dead,
                recovered=recovered,
            )


def _by_path(statement: Select[Any], path: str | None) -> Select[Any]:
    if path is not None:
        statement = statement.where(is_file(path))
    return statement.order_by(files.c.path)


def _within(path: str | None) -> ColumnElement[bool]:
    """Whether a row of references is in the file `path`; any is where there is none."""
    if path is None:
        return references.c.file_id.is_not(None)
    return references.c.file_id == select(files.c.id).where(is_file(path)).scalar_subquery()


def _linked_references(
    connection: Connection, file_ids: Sequence[int], condition: Any
) -> dict[int, list[LinkedReference]]:
    """The references of these files that meet a condition, in file order, with their links."""
    found: dict[int, list[LinkedReference]] = {file_id: [] for file_id in file_ids}
    statement = (
        select(*REFERENCE_COLUMNS, *LINK_COLUMNS, references.c.file_id)
        .select_from(references.join(files).join(links))
        .where(references.c.file_id.in_(file_ids), condition)
        .order_by(references.c.file_id, references.c.ordinal)
    )
    for row in connection.execute(statement):
        linked = LinkedReference(
            reference_from(row[:_REFERENCE_WIDTH]), link_from(row[_REFERENCE_WIDTH:])
        )
        found[row[-1]].append(linked)
    return found


def _url_entries(
    connection: Connection, ids: Sequence[int], within: Any, all_references: bool
) -> Iterator[UrlEntry]:
    of_links = references.c.link_id.in_(ids)
    listed = (
        select(references.c.link_id, *REFERENCE_COLUMNS)
        .select_from(references.join(files).join(links))
        .where(of_links, within)
        .order_by(references.c.link_id, files.c.path, references.c.ordinal)
    )
    if not all_references:
        listed = listed.where(references.c.scope == Scope.OWN.value)
    shown = {
        link_id: tuple(reference_from(row[1:]) for row in rows)
        for link_id, rows in groupby(connection.execute(listed), key=itemgetter(0))
    }
    counted = (
        select(references.c.link_id, func.count())
        .where(of_links, _RELATED, within)
        .group_by(references.c.link_id)
    )
    related: dict[int, int] = dict(connection.execute(counted).all())
    rows = connection.execute(select(*LINK_COLUMNS).where(links.c.id.in_(ids)))
    known = {row[0]: link_from(row) for row in rows}
    for link_id in ids:
        yield UrlEntry(known[link_id], shown.get(link_id, ()), related.get(link_id, 0))


def _changes(
    connection: Connection, run_id: int | None, referred: ColumnElement[bool]
) -> tuple[int, int]:
    """How many links a run found newly dead, and how many recovered, first state against last."""
    if run_id is None:
        return 0, 0
    ends = (
        select(
            func.min(verdict_changes.c.id).label("first"),
            func.max(verdict_changes.c.id).label("last"),
        )
        .where(verdict_changes.c.run_id == run_id)
        .group_by(verdict_changes.c.link_id)
        .subquery()
    )
    first, last = verdict_changes.alias(), verdict_changes.alias()
    was_gone, is_gone = first.c.old_kind.in_(GONE), last.c.new_kind.in_(GONE)
    statement = (
        select(
            func.coalesce(func.sum(case((and_(~was_gone, is_gone), 1), else_=0)), 0),
            func.coalesce(
                func.sum(case((and_(was_gone, last.c.new_kind.in_(_HEALTHY)), 1), else_=0)), 0
            ),
        )
        .select_from(ends)
        .join(first, first.c.id == ends.c.first)
        .join(last, last.c.id == ends.c.last)
        .join(links, links.c.id == last.c.link_id)
        .where(referred)
    )
    newly_dead, recovered = connection.execute(statement).one()
    return int(newly_dead), int(recovered)
