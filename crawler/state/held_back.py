"""What the guard on mass change holds back, and what an editor has accepted of it (rule O14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
)

from crawler.model.held import Held, HeldLink, HeldReason
from crawler.state.columns import digest
from crawler.state.part import GONE, Part, among, chunks, is_file, transaction
from crawler.state.schema import accepted_links, files, held_links, links, references

_IS_ACCEPTED = and_(
    accepted_links.c.key == links.c.key,
    links.c.kind.in_(GONE),
    or_(
        accepted_links.c.failing_since == links.c.failing_since,
        and_(accepted_links.c.failing_since.is_(None), links.c.failing_since.is_(None)),
    ),
)
"""An acceptance holds while the link goes on failing; what recovers and fails again is news."""


class HeldBack(Part):
    """Links that are gone and not written into the files, and those that an editor has accepted as gone."""

    @transaction
    def hold(self, held: Sequence[HeldLink], path: str | None = None) -> None:
        """Note what the last write-back held back, in place of what an earlier one did; with `path` for this file alone.

        Acceptances of links that are no longer gone are forgotten.
        """
        before = delete(held_links)
        if path is not None:
            before = before.where(held_links.c.file_id.in_(select(files.c.id).where(is_file(path))))
        is_gone = select(links.c.key).where(links.c.kind.in_(GONE))
        with self._database.write() as connection:
            connection.execute(before)
            connection.execute(delete(accepted_links).where(accepted_links.c.key.not_in(is_gone)))
            for chunk in chunks(held):
                ids = _file_ids(connection, [one.path for one in chunk])
                rows = [
                    {"file_id": ids[key], "link_id": one.link_id, "is_first": one.is_first}
                    for one in chunk
                    if (key := digest(one.path)) in ids
                ]
                if rows:
                    connection.execute(insert(held_links), rows)

    @transaction
    def held(self, path: str | None = None) -> list[Held]:
        """What is held back now, by host and cause, the most articles first; with `path` in this file alone."""
        articles = func.count(held_links.c.file_id.distinct())
        # PostgreSQL has no least of truths.
        all_first = func.min(case((held_links.c.is_first, 1), else_=0))
        statement = (
            select(
                links.c.reason,
                links.c.host,
                func.count(held_links.c.link_id.distinct()),
                articles,
                all_first,
            )
            .select_from(held_links.join(links).join(files))
            .where(links.c.kind.in_(GONE))
            .group_by(links.c.reason, links.c.host)
            .order_by(articles.desc(), links.c.host, links.c.reason)
        )
        if path is not None:
            statement = statement.where(is_file(path))
        with self._database.read() as connection:
            return [
                Held(HeldReason.MASS_CHANGE, cause, host, count, in_articles, bool(first))
                for cause, host, count, in_articles, first in connection.execute(statement)
            ]

    @transaction
    def accept(self, groups: Sequence[Held], now: datetime) -> int:
        """Accept that the links of these groups are gone: they are no longer held back; returns how many there are."""
        accepted = 0
        with self._database.write() as connection:
            for group in groups:
                of_group = select(held_links.c.link_id).join(links).where(_is_of(group))
                chosen = and_(links.c.id.in_(of_group))
                keys = select(links.c.key).where(chosen)
                connection.execute(delete(accepted_links).where(accepted_links.c.key.in_(keys)))
                moment = literal(now, accepted_links.c.accepted_at.type)
                added = insert(accepted_links).from_select(
                    ("key", "failing_since", "accepted_at"),
                    select(links.c.key, links.c.failing_since, moment).where(chosen),
                )
                accepted += connection.execute(added).rowcount
                ids = list(connection.execute(of_group.distinct()).scalars())
                for chunk in chunks(ids):
                    gone = among(connection, held_links.c.link_id, chunk)
                    connection.execute(delete(held_links).where(gone))
        return accepted

    @transaction
    def accepted_links(self) -> frozenset[int]:
        """The ids of the links that are gone and accepted as such."""
        statement = select(links.c.id).join(accepted_links, _IS_ACCEPTED)
        with self._database.read() as connection:
            return frozenset(connection.execute(statement).scalars())

    @transaction
    def accepted_urls(self) -> frozenset[str]:
        """The URLs of these links, as the files spell them."""
        statement = (
            select(func.coalesce(references.c.raw, links.c.url))
            .select_from(references.join(links).join(accepted_links, _IS_ACCEPTED))
            .distinct()
        )
        with self._database.read() as connection:
            return frozenset(connection.execute(statement).scalars())


def _is_of(group: Held) -> ColumnElement[bool]:
    return and_(links.c.kind.in_(GONE), links.c.reason == group.cause, links.c.host == group.host)


def _file_ids(connection: Connection, paths: Sequence[str]) -> dict[str, int]:
    """The ids of files by key."""
    wanted = among(connection, files.c.key, {digest(path) for path in paths})
    return dict(connection.execute(select(files.c.key, files.c.id).where(wanted)).all())
