"""Pending results, and what an outage is judged by: hosts that were alive, and the usual answers of canaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import and_, bindparam, case, delete, func, insert, or_, select
from sqlalchemy.dialects import sqlite

from crawler.model.observation import CertificateFault, Observation
from crawler.model.verdict import VerdictKind
from crawler.state.columns import digest
from crawler.state.known import HostSeen, OriginAnswer, PendingVisit
from crawler.state.part import NEVER_VISITED, Part, among, chunks, transaction
from crawler.state.recording import positional, stored
from crawler.state.rows import (
    OBSERVATION_COLUMNS,
    STAGED_COLUMNS,
    observation_columns,
    observation_from,
)
from crawler.state.schema import links, observations, origin_answers, runs, staged_observations

_CLOCK_JUMPED = "clock-jumped"
_GOOD = links.c.kind.in_((VerdictKind.ALIVE.value, VerdictKind.MOVED.value))
_VERIFIED = or_(
    links.c.warnings.is_(None),
    and_(*(links.c.warnings.not_like(f'%"{fault.value}"%') for fault in CertificateFault)),
)
"""Links without a fault of their certificate: another one cannot show whether a portal answers in its place."""


if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

_Insert = TypeVar("_Insert", "postgresql.Insert", "sqlite.Insert")


def _keeping(made: _Insert) -> _Insert:
    """Insert a row, or replace the one of the same link: one statement, which may be made twice."""
    names = staged_observations.columns.keys()
    row = made.values({name: bindparam(name) for name in names})
    replaced = {name: row.excluded[name] for name in names if name != "link_id"}
    return row.on_conflict_do_update(index_elements=["link_id"], set_=replaced)


@cache
def _keeping_on_server() -> postgresql.Insert:
    # Loaded where it is used, as in `crawler.state.part`.
    from sqlalchemy.dialects import postgresql

    return _keeping(postgresql.insert(staged_observations))


@cache
def _keeping_in_file() -> tuple[str, tuple[str, ...]]:
    """The statement as SQL of SQLite, with the names of its parameters in order."""
    statement = _keeping(sqlite.insert(staged_observations))
    return positional(statement)


_PENDING = (
    select(staged_observations.c.link_id, *STAGED_COLUMNS)
    .select_from(staged_observations.join(links))
    .order_by(staged_observations.c.at, staged_observations.c.link_id)
)
# Which they are is told by indexes alone: of a large host many more would be sorted, with their pages, than are wanted.
_NEWEST_OF_HOST = (
    select(observations.c.id)
    .select_from(observations.join(links))
    .where(links.c.host == bindparam("host"), observations.c.at >= bindparam("since"))
    .order_by(observations.c.at.desc(), observations.c.id.desc())
    .limit(bindparam("most"))
)
_OF_HOST = (
    select(*OBSERVATION_COLUMNS)
    .select_from(observations.join(links))
    .where(observations.c.id.in_(_NEWEST_OF_HOST))
    .order_by(observations.c.at.desc(), observations.c.id.desc())
)
MOST_OF_HOST = 5_000
"""Observations of one host that are looked at, the newest: a host may have hundreds of thousands of links."""
_BY_HTTPS_ALONE = and_(
    links.c.url.like("http:%"),
    or_(
        links.c.hops.like('[["https:%'),
        and_(links.c.hops.is_(None), links.c.final_url.like("https:%")),
    ),
)
"""Whether https was asked in place of an http address that nobody could connect to (rule V17)."""
_ANSWERING = case(
    (_BY_HTTPS_ALONE, func.replace(links.c.url, "http:", "https:")), else_=links.c.url
)
_HOSTS = (
    select(
        links.c.host,
        func.min(case((and_(_GOOD, _VERIFIED), _ANSWERING))),
        func.max(case((_GOOD, links.c.last_run))),
        func.max(links.c.checked_at),
        func.max(case((_GOOD, links.c.checked_at))),
    )
    .where(links.c.host != "", links.c.checked_at.is_not(None), links.c.kind.not_in(NEVER_VISITED))
    .group_by(links.c.host)
    .order_by(links.c.host)
)


class PendingVisits(Part):
    """The results of a run that wait for their window, and the history that judges it."""

    def keep_pending(self, link_id: int, observation: Observation) -> None:
        """Keep an observation until its window has been judged; `record` deletes it here."""
        self.keep_all_pending([(link_id, observation)])

    @transaction
    def keep_all_pending(self, seen: Sequence[tuple[int, Observation]]) -> None:
        """The same of several links, in one transaction, all or nothing."""
        rows = [{"link_id": link_id, **observation_columns(each)} for link_id, each in seen]
        if self._database.file is not None:
            keep, names = _keeping_in_file()
            values = [tuple(stored(row[name]) for name in names) for row in rows]
            with self._database.write() as connection:
                connection.exec_driver_sql(keep, values)
        elif len(rows) == 1:
            statement = _keeping_on_server().returning(staged_observations.c.link_id)
            self._database.put(statement, rows[0])
        else:
            with self._database.write() as connection:
                connection.execute(_keeping_on_server(), rows)

    @transaction
    def pending_visits(self, most: int | None = None) -> list[PendingVisit]:
        """The pending results, oldest first, `most` at most. At the start of a run they are those of a killed one."""
        with self._database.read() as connection:
            return [
                PendingVisit(row[0], observation_from(row[1:]))
                for row in connection.execute(_PENDING.limit(most))
            ]

    @transaction
    def host_history(self, host: str, since: datetime) -> list[Observation]:
        """The newest observations of a host's links (`MOST_OF_HOST`), oldest first, without pending ones."""
        values = {"host": host, "since": since, "most": MOST_OF_HOST}
        with self._database.at_once() as connection:
            rows = connection.execute(_OF_HOST, values).all()
        return [observation_from(row) for row in reversed(rows)]

    @transaction
    def hosts_seen(self) -> list[HostSeen]:
        """Every host that has been visited, by name."""
        with self._database.read() as connection:
            return [
                HostSeen(host, url, run, alive_at_latest=good is not None and good == latest)
                for host, url, run, latest, good in connection.execute(_HOSTS)
            ]

    @transaction
    def last_trusted_clock(self) -> tuple[datetime, datetime] | None:
        """Start and end of the last run whose clock was not found wrong; for a killed run its start twice."""
        statement = (
            select(runs.c.started_at, func.coalesce(runs.c.finished_at, runs.c.started_at))
            .where(func.coalesce(runs.c.finish_reason, "") != _CLOCK_JUMPED)
            .order_by(runs.c.id.desc())
            .limit(1)
        )
        with self._database.at_once() as connection:
            row = connection.execute(statement).one_or_none()
        return None if row is None else (row[0], row[1])

    @transaction
    def origin_answers(self) -> dict[str, OriginAnswer]:
        """How the robots.txt of each origin answered while the network was up."""
        columns = origin_answers.c
        statement = select(columns.origin, columns.status, columns.fingerprint, columns.final_url)
        with self._database.read() as connection:
            return {row[0]: OriginAnswer(*row[1:]) for row in connection.execute(statement)}

    @transaction
    def note_origin_answers(self, answers: Mapping[str, OriginAnswer]) -> None:
        """Replace what is known of these origins."""
        with self._database.write() as connection:
            for chunk in chunks(answers.items()):
                rows = {
                    digest(origin): {
                        "key": digest(origin),
                        "origin": origin,
                        "status": answer.status,
                        "fingerprint": answer.fingerprint,
                        "final_url": answer.final_url,
                    }
                    for origin, answer in chunk
                }
                connection.execute(
                    delete(origin_answers).where(among(connection, origin_answers.c.key, rows))
                )
                connection.execute(insert(origin_answers), list(rows.values()))
