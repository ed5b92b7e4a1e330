"""Queries about a single URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam, case, exists, func, select

from crawler.model.reference import Reference, Scope
from crawler.model.role import PAGES
from crawler.model.verdict import VerdictKind
from crawler.state.known import StoredText
from crawler.state.part import GONE, ONE, Part, stream, transaction
from crawler.state.rows import REFERENCE_COLUMNS, reference_from
from crawler.state.schema import files, links, references, verdict_changes

_PAGE_ROLES = [role.value for role in PAGES]
"""Roles whose URLs are the article's own page, so that the article's title is the page's."""

_GOOD = [kind.value for kind in (VerdictKind.ALIVE, VerdictKind.MOVED)]
_PLACES_AT_ONCE = 500

_IS_OWN = references.c.scope == Scope.OWN.value
_TITLE = case((_IS_OWN, files.c.title), else_=references.c.title).label("title")


def _stored(*columns: ColumnElement[Any]) -> Select[Any]:
    """What articles, related ones too, store of the page that the link `visited` is, at most `limit` different ones: own
    texts are the file's."""
    visited = bindparam("visited", type_=links.c.id.type)
    return (
        select(*columns)
        .select_from(references.join(files))
        .where(references.c.link_id == visited, references.c.role.in_(_PAGE_ROLES))
        .distinct()
        .limit(bindparam("limit", type_=Integer))
    )


# Built once: building one takes longer than running it.
_STORED_TITLES = _stored(_TITLE).where(_TITLE.is_not(None))
_STORED_TEXTS = _stored(
    _TITLE,
    case((_IS_OWN, files.c.excerpt), else_=references.c.excerpt).label("excerpt"),
    case((_IS_OWN, files.c.published_at), else_=references.c.published_at).label("day"),
)


class Lookups(Part):
    """Queries about one link, each with an index of its own."""

    @transaction
    def once_well(self) -> frozenset[int]:
        """The broken and dead links that were alive once."""
        was_well = exists(ONE).where(
            verdict_changes.c.link_id == links.c.id, verdict_changes.c.old_kind.in_(_GOOD)
        )
        statement = select(links.c.id).where(links.c.kind.in_(GONE), was_well)
        with self._database.read() as connection:
            return frozenset(connection.execute(statement).scalars())

    @transaction
    def related_count(self, link_id: int) -> int:
        """How many references of `related` articles point at a link."""
        statement = select(func.count()).where(
            references.c.link_id == link_id, references.c.scope == Scope.RELATED.value
        )
        with self._database.at_once() as connection:
            return int(connection.execute(statement).scalar_one())

    def places_of(self, link_id: int, *, related: bool = False) -> Iterator[Reference]:
        """The references to a link in front matter, by path and place; `related` ones too if asked."""
        statement = (
            select(*REFERENCE_COLUMNS, files.c.path, links.c.url)
            .select_from(references.join(files).join(links))
            .where(references.c.link_id == link_id)
            .order_by(files.c.path, references.c.ordinal)
        )
        if not related:
            statement = statement.where(references.c.scope == Scope.OWN.value)
        with self._database.read() as connection:
            for rows in stream(connection, statement, _PLACES_AT_ONCE):
                yield from (reference_from(row, row[-2], row[-1]) for row in rows)

    def urls(self) -> Iterator[str]:
        """Every known URL, oldest first."""
        statement = select(links.c.url).order_by(links.c.id)
        with self._database.read() as connection:
            for rows in stream(connection, statement):
                yield from (row[0] for row in rows)

    @transaction
    def urls_of_host(self, host: str, limit: int) -> list[str]:
        """At most `limit` known URLs of a host, oldest first."""
        statement = select(links.c.url).where(links.c.host == host).order_by(links.c.id)
        with self._database.at_once() as connection:
            return list(connection.execute(statement.limit(limit)).scalars())

    @transaction
    def stored_titles(self, link_id: int, limit: int) -> list[str]:
        """At most `limit` different titles of the articles, related ones too, whose page a link is."""
        wanted = {"visited": link_id, "limit": limit}
        with self._database.at_once() as connection:
            return list(connection.execute(_STORED_TITLES, wanted).scalars())

    @transaction
    def stored_texts(self, link_id: int, limit: int) -> list[StoredText]:
        """At most `limit` different texts that articles, related ones too, store of the page that a link is."""
        wanted = {"visited": link_id, "limit": limit}
        with self._database.at_once() as connection:
            rows = connection.execute(_STORED_TEXTS, wanted).all()
        return [StoredText(*row) for row in rows]

    @transaction
    def ending_at(self, host: str, final_url: str, limit: int) -> list[str]:
        """At most `limit` URLs of a host that redirects led to `final_url` at their last visit."""
        statement = (
            select(links.c.url)
            .where(links.c.host == host, links.c.final_url == final_url, links.c.hops.is_not(None))
            .order_by(links.c.id)
        )
        with self._database.at_once() as connection:
            return list(connection.execute(statement.limit(limit)).scalars())
