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

from crawler.model.held import Accepted, Held, HeldLink, HeldReason
from crawler.model.portion import Within
from crawler.state.columns import digest
from crawler.state.part import GONE, Part, among, chunks, is_part, transaction
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

_HELD = held_links.join(links).join(files).outerjoin(accepted_links, _IS_ACCEPTED)
_IS_HELD = and_(links.c.kind.in_(GONE), accepted_links.c.key.is_(None))
"""What is accepted stays noted until the next write-back, so that it is held back again where the acceptance is taken back."""


class HeldBack(Part):
    """Links that are gone and not written into the files, and those that an editor has accepted as gone."""

    @transaction
    def hold(self, held: Sequence[HeldLink], asked: Within = None) -> None:
        """Note what the last write-back held back, in place of what an earlier one did; with `asked` for this file alone.

        Acceptances of links that are no longer gone are forgotten.
        """
        before = delete(held_links)
        if asked is not None:
            before = before.where(
                held_links.c.file_id.in_(select(files.c.id).where(is_part(asked)))
            )
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
    def held(self, asked: Within = None) -> list[Held]:
        """What is held back now, by host and cause, the most articles first; with `asked` in this file alone."""
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
            .select_from(_HELD)
            .where(_IS_HELD, _is_in(asked))
            .group_by(links.c.reason, links.c.host)
            .order_by(articles.desc(), links.c.host, links.c.reason)
        )
        with self._database.read() as connection:
            return [
                Held(HeldReason.MASS_CHANGE, cause, host, count, in_articles, bool(first))
                for cause, host, count, in_articles, first in connection.execute(statement)
            ]

    @transaction
    def held_links(self, asked: Within = None) -> dict[int, tuple[str, str]]:
        """The links that are held back by id, each with the cause and host of its group; with `asked` in this file alone."""
        statement = (
            select(links.c.id, links.c.reason, links.c.host)
            .select_from(_HELD)
            .where(_IS_HELD, _is_in(asked))
            .distinct()
        )
        with self._database.read() as connection:
            found = connection.execute(statement)
            return {link_id: (cause, host) for link_id, cause, host in found}

    @transaction
    def accept(self, groups: Sequence[Held], now: datetime, asked: Within = None) -> int:
        """Accept that the links of these groups are gone: they are no longer held back; returns how many there are.

        With `asked` those of this file alone.
        """
        accepted = 0
        with self._database.write() as connection:
            for group in groups:
                of_group = select(links.c.id).select_from(_HELD)
                of_group = of_group.where(_IS_HELD, _is_in(asked), _is_of(group))
                ids = list(connection.execute(of_group.distinct()).scalars())
                moment = literal(now, accepted_links.c.accepted_at.type)
                for chunk in chunks(ids):
                    chosen = among(connection, links.c.id, chunk)
                    keys = select(links.c.key).where(chosen)
                    # An acceptance of earlier failures.
                    connection.execute(delete(accepted_links).where(accepted_links.c.key.in_(keys)))
                    added = insert(accepted_links).from_select(
                        ("key", "failing_since", "accepted_at"),
                        select(links.c.key, links.c.failing_since, moment).where(chosen),
                    )
                    connection.execute(added)
                accepted += len(ids)
        return accepted

    @transaction
    def accepted(self) -> list[Accepted]:
        """What is accepted, by host and cause, the most URLs first."""
        count = func.count()
        is_waiting = links.c.id.in_(select(held_links.c.link_id))
        statement = (
            select(
                links.c.reason,
                links.c.host,
                count,
                func.sum(case((is_waiting, 1), else_=0)),
            )
            .select_from(links.join(accepted_links, _IS_ACCEPTED))
            .group_by(links.c.reason, links.c.host)
            .order_by(count.desc(), links.c.host, links.c.reason)
        )
        with self._database.read() as connection:
            return [
                Accepted(cause, host, number, int(waiting))
                for cause, host, number, waiting in connection.execute(statement)
            ]

    @transaction
    def take_acceptances_back(self, groups: Sequence[Accepted]) -> int:
        """Take back that the links of these groups were accepted; returns how many there are.

        Those that the files do not show as gone yet are held back again at once.
        """
        taken = 0
        with self._database.write() as connection:
            for group in groups:
                keys = (
                    select(links.c.key)
                    .select_from(links.join(accepted_links, _IS_ACCEPTED))
                    .where(_is_of(group))
                )
                gone = delete(accepted_links).where(accepted_links.c.key.in_(keys))
                taken += connection.execute(gone).rowcount
        return taken

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


def _is_in(asked: Within) -> ColumnElement[bool]:
    """Whether a row that is held back is in this file; without a path every row is."""
    return files.c.id.is_not(None) if asked is None else is_part(asked)


def _is_of(group: Held | Accepted) -> ColumnElement[bool]:
    return and_(links.c.kind.in_(GONE), links.c.reason == group.cause, links.c.host == group.host)


def _file_ids(connection: Connection, paths: Sequence[str]) -> dict[str, int]:
    """The ids of files by key."""
    wanted = among(connection, files.c.key, {digest(path) for path in paths})
    return dict(connection.execute(select(files.c.key, files.c.id).where(wanted)).all())
