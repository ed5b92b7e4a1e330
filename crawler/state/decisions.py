"""Editors' decisions on links, and the verdicts that they change without a visit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    delete,
    insert,
    select,
    update,
)

from crawler.model.decision import HOST_SKIPPED, URL_EXCLUDED, Decision, NotBroken
from crawler.model.link import Baseline
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state.article_files import URL_SYNTAX
from crawler.state.columns import digest
from crawler.state.json_columns import baseline_to_json
from crawler.state.part import CHUNK, Part, among, stream, transaction
from crawler.state.revising import revise_links
from crawler.state.rows import verdict_columns
from crawler.state.schema import decisions, links

_COLUMNS = (
    decisions.c.url,
    decisions.c.note,
    decisions.c.decided_at,
    decisions.c.until,
    decisions.c.against_reason,
    decisions.c.against_since,
)
# Built once: it runs at every visit.
_DECISION = select(*_COLUMNS).where(decisions.c.key == bindparam("key"))


class Decisions(Part):
    """Editors' decisions, at most one on a link. They outlive a pruned link; only `take_back` deletes one."""

    @transaction
    def decisions(self) -> list[Decision]:
        """All decisions, whether they still hold or not, by URL."""
        with self._database.read() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(decisions.c.url)).all()
        return [_decision(row) for row in rows]

    @transaction
    def decision_on(self, url: str) -> Decision | None:
        """The decision on the link of `url`, as references identify it."""
        with self._database.at_once() as connection:
            row = connection.execute(_DECISION, {"key": digest(url)}).one_or_none()
        return None if row is None else _decision(row)

    @transaction
    def decisions_on(self, urls: Collection[str]) -> dict[str, Decision]:
        """The decisions on some links (a few hundred at most), by URL as references identify it; one query."""
        by_key = {digest(url): url for url in urls}
        with self._database.at_once() as connection:
            statement = select(decisions.c.key, *_COLUMNS).where(
                among(connection, decisions.c.key, by_key)
            )
            rows = connection.execute(statement).all()
        return {by_key[row[0]]: _decision(row[1:]) for row in rows}

    @transaction
    def decide(self, decision: Decision) -> None:
        """Save a decision; it replaces an earlier one on the same link."""
        key, against = digest(decision.url), decision.against
        with self._database.write() as connection:
            connection.execute(delete(decisions).where(decisions.c.key == key))
            connection.execute(
                insert(decisions).values(
                    key=key,
                    url=decision.url,
                    note=decision.note,
                    decided_at=decision.decided_at,
                    until=decision.until,
                    against_reason=against.reason if against else None,
                    against_since=against.failing_since if against else None,
                )
            )

    @transaction
    def take_back(self, url: str) -> None:
        """Delete the decision on the link of `url`."""
        with self._database.write() as connection:
            connection.execute(delete(decisions).where(decisions.c.key == digest(url)))

    @transaction
    def hosts(self) -> list[str]:
        """Every host that has a link, by name."""
        statement = select(links.c.host).where(links.c.host != "").distinct()
        with self._database.read() as connection:
            return list(connection.execute(statement.order_by(links.c.host)).scalars())

    def addresses(self) -> Iterator[tuple[int, str, str, str]]:
        """The id, host, URL and reason of every link that can be visited or left out, by id."""
        statement = (
            select(links.c.id, links.c.host, links.c.url, links.c.reason)
            .where(links.c.rule != URL_SYNTAX)
            .order_by(links.c.id)
        )
        with self._database.read() as connection:
            for rows in stream(connection, statement):
                yield from ((row[0], row[1], row[2], row[3]) for row in rows)

    @transaction
    def left_out_links(self) -> list[tuple[int, str, str, str]]:
        """The id, host, URL and reason of every link that the configuration leaves out, by id."""
        statement = (
            select(links.c.id, links.c.host, links.c.url, links.c.reason)
            .where(links.c.reason.in_((HOST_SKIPPED, URL_EXCLUDED)))
            .order_by(links.c.id)
        )
        with self._database.read() as connection:
            return [(row[0], row[1], row[2], row[3]) for row in connection.execute(statement)]

    def skip_host(self, host: str, now: datetime) -> None:
        """Leave out every link of a host, so that none is visited; `revise` says what is noted."""
        which = and_(links.c.host == host, links.c.reason != HOST_SKIPPED)
        self._revise(which, _left_out(HOST_SKIPPED, now), now)

    def exclude_links(self, link_ids: Sequence[int], now: datetime) -> None:
        """Leave links out whose addresses the configuration excludes, so that none is visited."""
        for first in range(0, len(link_ids), CHUNK):
            which = links.c.id.in_(link_ids[first : first + CHUNK])
            self._revise(which, _left_out(URL_EXCLUDED, now), now)

    @transaction
    def move_baseline(self, link_id: int, baseline: Baseline) -> None:
        """Set what later visits of a page are compared with: an editor has seen it."""
        moved = update(links).where(links.c.id == link_id)
        with self._database.write() as connection:
            connection.execute(moved.values(baseline=baseline_to_json(baseline)))

    def revise(
        self, link_id: int, verdict: Verdict, due_at: datetime | None, now: datetime
    ) -> None:
        """Give a link another verdict without a visit. A change is noted with the latest run, if any, so that
        the changes of that run stay right."""
        self._revise(links.c.id == link_id, {**verdict_columns(verdict), "due_at": due_at}, now)

    @transaction
    def _revise(
        self, which: ColumnElement[bool], columns: Mapping[str, Any], now: datetime
    ) -> None:
        with self._database.write() as connection:
            revise_links(connection, which, columns, now)


def _left_out(reason: str, now: datetime) -> dict[str, Any]:
    verdict = {"kind": VerdictKind.EXCLUDED.value, "reason": reason, "rule": reason}
    return {**verdict, "since": now, "due_at": None}


def _decision(row: Sequence[Any]) -> Decision:
    url, note, decided_at, until, reason, since = row
    against = None if reason is None else NotBroken(reason, since)
    return Decision(url, note, decided_at, until, against)
