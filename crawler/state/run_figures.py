"""By what runs are measured, and which alarms they have raised (docs/alarms.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, or_, select

from crawler.model.alarm import Alarm, AlarmCode, DownHost, RunFigures
from crawler.model.verdict import HOST_ASKS_TO_WAIT, VerdictKind
from crawler.state.noted import note, noted
from crawler.state.part import Part, transaction
from crawler.state.schema import files, links, verdict_changes

_FIGURES: Final = "run-figures"
_ALARMS: Final = "alarms"
_KEPT: Final = 20
"""Runs whose figures are kept."""
_WELL: Final = (VerdictKind.ALIVE.value, VerdictKind.MOVED.value)
_NOT_ASKED: Final = ("robots-denied", "robots-unreachable")
_TOO_MANY: Final = 429
_COMPARED: Final = tuple(
    one.name for one in fields(RunFigures) if one.name not in ("down", "free", "stored", "marked")
)
"""The figures that later runs are compared by; the others say something of their own run alone."""
_CODES: Final = {code.value: code for code in AlarmCode}


class Amounts(NamedTuple):
    """How many links have been visited, how many of them cannot be verified and how many were asked to wait; and how many articles."""

    urls: int
    unverifiable: int
    waits: int
    articles: int


class RunsMeasured(Part):
    """The figures of the last runs, and the alarms of the last one. What cannot be read counts as never noted: a run must
    not fail by what it is measured by."""

    @transaction
    def run_figures(self) -> tuple[RunFigures, ...]:
        """The figures of the last runs, the oldest first."""
        with self._database.read() as connection:
            rows = _list(noted(connection, _FIGURES))
        return tuple(one for one in map(_figures, rows) if one is not None)

    @transaction
    def alarms(self) -> tuple[Alarm, ...]:
        """The alarms of the last run that was measured."""
        with self._database.read() as connection:
            rows = _list(noted(connection, _ALARMS))
        return tuple(one for one in map(_alarm, rows) if one is not None)

    @transaction
    def note_alarms(self, raised: Sequence[Alarm], figures: Sequence[RunFigures] = ()) -> None:
        """Note the alarms of a run in place of those before, and its figures, the newest last, with those that are kept."""
        kept = {_ALARMS: json.dumps([asdict(one) for one in raised])}
        if figures:
            rows = [{name: getattr(one, name) for name in _COMPARED} for one in figures[-_KEPT:]]
            kept[_FIGURES] = json.dumps(rows)
        with self._database.write() as connection:
            note(connection, kept)

    @transaction
    def amounts(self) -> Amounts:
        """How much there is now of what runs are compared by."""
        asked = or_(links.c.reason == HOST_ASKS_TO_WAIT, links.c.status == _TOO_MANY)
        unsure = links.c.kind == VerdictKind.UNVERIFIABLE.value
        of_links = select(func.count(), _sum_of(unsure), _sum_of(and_(unsure, asked))).where(
            links.c.host != "", links.c.kind != VerdictKind.UNCHECKED.value
        )
        of_files = select(_sum_of(files.c.listed))
        with self._database.read() as connection:
            found = (*connection.execute(of_links).one(), *connection.execute(of_files).one())
        return Amounts(*(int(one or 0) for one in found))

    @transaction
    def marked_files(self) -> int:
        """How many files have a block of ours."""
        statement = select(func.count()).where(files.c.block.is_not(None))
        with self._database.read() as connection:
            return connection.execute(statement).scalar_one()

    @transaction
    def hosts_gone_down(self, run_id: int) -> tuple[DownHost, ...]:
        """The hosts none of whose visited links answered in a run, and most of which were well until then, by name."""
        failed = and_(
            or_(
                links.c.status >= 500,
                and_(links.c.status.is_(None), ~links.c.reason.in_(_NOT_ASKED)),
            ),
            ~links.c.kind.in_(_WELL),
        )
        changed = (
            select(verdict_changes.c.link_id)
            .where(verdict_changes.c.run_id == run_id, verdict_changes.c.old_kind.in_(_WELL))
            .distinct()
            .subquery()
        )
        hosts = select(links.c.host).join_from(links, changed, changed.c.link_id == links.c.id)
        is_visited = links.c.last_run == run_id
        visited = _sum_of(is_visited)
        statement = (
            select(links.c.host, func.count(), visited)
            .select_from(links.outerjoin(changed, changed.c.link_id == links.c.id))
            .where(links.c.host.in_(hosts), links.c.host != "")
            .group_by(links.c.host)
            .having(
                _sum_of(and_(is_visited, failed)) == visited,
                2 * func.count(changed.c.link_id) >= visited,
            )
            .order_by(links.c.host)
        )
        with self._database.read() as connection:
            return tuple(
                DownHost(host, int(all_links), int(asked))
                for host, all_links, asked in connection.execute(statement)
            )


def _sum_of(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _list(stored: str | None) -> list[Any]:
    try:
        found = json.loads(stored or "[]")
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def _figures(row: Any) -> RunFigures | None:
    if not isinstance(row, dict):
        return None
    values = {name: row.get(name, 0) for name in _COMPARED}
    if not all(isinstance(value, int) for value in values.values()):
        return None
    return RunFigures(**values)


def _alarm(row: Any) -> Alarm | None:
    if not isinstance(row, dict):
        return None
    code, host = _CODES.get(str(row.get("code"))), row.get("host", "")
    since, seen, usual = row.get("since"), row.get("seen"), row.get("usual")
    if code is None or not isinstance(host, str):
        return None
    if not (isinstance(since, int) and isinstance(seen, int) and isinstance(usual, int)):
        return None
    return Alarm(code, since, seen, usual, host)
