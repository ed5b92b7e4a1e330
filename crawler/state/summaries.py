"""The queries of the summary: a few rows each, so that a terminal need not wait for a report to be read again."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from crawler.model.highlights import AskingHost, CauseGroup, Highlights, NewestLink
from crawler.model.portion import Within
from crawler.model.reference import Scope
from crawler.model.verdict import HOST_ASKS_TO_WAIT, VerdictKind
from crawler.state.part import GONE, ONE, Part, is_reported, is_within, transaction
from crawler.state.rows import verdict_kind
from crawler.state.run_changes import places_of
from crawler.state.schema import links, references

NEWEST = 10
GROUPS = 5
ASKING = 3
"""How many of each are told."""

_TOO_MANY = 429


class Summaries(Part):
    """Read-only views for the summary of a run."""

    @transaction
    def highlights(self, asked: Within = None) -> Highlights:
        """What is told first; with `asked` of the links in this file alone."""
        within = is_within(asked)
        return Highlights(
            self._newest(within, asked), *self._groups(within), asking=self._asking(within)
        )

    def _newest(self, within: ColumnElement[bool], asked: Within) -> tuple[NewestLink, ...]:
        begun = func.coalesce(links.c.failing_since, links.c.since)
        statement = (
            select(links.c.id, links.c.url, links.c.kind, links.c.reason, links.c.failing_since)
            .where(links.c.kind.in_(GONE), _referred(within))
            .order_by(begun.is_(None), begun.desc(), links.c.url)
            .limit(NEWEST)
        )
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
            places = places_of(connection, [row[0] for row in rows], asked)
        return tuple(
            NewestLink(url, verdict_kind(kind), reason, since, next(iter(here), None), len(here))
            for link_id, url, kind, reason, since in rows
            for here in [places.get(link_id, [])]
        )

    def _groups(self, within: ColumnElement[bool]) -> tuple[tuple[CauseGroup, ...], int]:
        own = case((references.c.scope == Scope.OWN.value, references.c.file_id))
        count = func.count(links.c.id.distinct())
        grouped = (
            select(links.c.reason, links.c.host, count, func.count(own.distinct()))
            .select_from(links.join(references))
            .where(links.c.kind.in_(GONE), within, is_reported())
            .group_by(links.c.reason, links.c.host)
            .order_by(count.desc(), links.c.host, links.c.reason)
        )
        with self._database.read() as connection:
            rows = connection.execute(grouped).all()
        return tuple(CauseGroup(*row) for row in rows[:GROUPS]), len(rows)

    def _asking(self, within: ColumnElement[bool]) -> tuple[AskingHost, ...]:
        is_waiting = links.c.reason == HOST_ASKS_TO_WAIT
        is_answer = and_(links.c.status == _TOO_MANY, ~is_waiting)
        unsure = links.c.kind == VerdictKind.UNVERIFIABLE.value
        since: Any = func.min(case((is_waiting, links.c.since)))
        statement = (
            select(
                links.c.host,
                func.sum(case((is_answer, 1), else_=0)),
                func.sum(case((is_waiting, 1), else_=0)),
                since,
            )
            .where(unsure, or_(is_answer, is_waiting), _referred(within))
            .group_by(links.c.host)
            .order_by(func.count().desc(), links.c.host)
            .limit(ASKING)
        )
        with self._database.read() as connection:
            return tuple(AskingHost(*row) for row in connection.execute(statement))


def _referred(within: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(ONE).where(references.c.link_id == links.c.id, within, is_reported())
