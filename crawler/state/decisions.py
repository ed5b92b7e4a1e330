"""What editors decided about links, and verdicts that change without a visit because of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, literal, or_, select, update

from crawler.model.decision import Decision, NotBroken
from crawler.model.verdict import Verdict
from crawler.state.columns import digest
from crawler.state.part import Part
from crawler.state.rows import verdict_columns
from crawler.state.schema import decisions, links, runs, verdict_changes

_COLUMNS = (
    decisions.c.url,
    decisions.c.note,
    decisions.c.decided_at,
    decisions.c.until,
    decisions.c.against_reason,
    decisions.c.against_since,
)


class Decisions(Part):
    """Editors' decisions, at most one on a link. They stay when the link is pruned, until taken back."""

    def decisions(self) -> list[Decision]:
        """All decisions, whether they still hold or not, by URL."""
        with self._database.read() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(decisions.c.url)).all()
        return [_decision(row) for row in rows]

    def decision_on(self, url: str) -> Decision | None:
        """The decision on the link of `url`, as references identify it."""
        with self._database.at_once() as connection:
            row = connection.execute(
                select(*_COLUMNS).where(decisions.c.key == digest(url))
            ).one_or_none()
        return None if row is None else _decision(row)

    def decide(self, decision: Decision) -> None:
        """Note a decision, in place of an earlier one on the same link."""
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

    def take_back(self, url: str) -> None:
        """Forget the decision on the link of `url`."""
        with self._database.write() as connection:
            connection.execute(delete(decisions).where(decisions.c.key == digest(url)))

    def revise(
        self, link_id: int, verdict: Verdict, due_at: datetime | None, now: datetime
    ) -> None:
        """Give a link another verdict without a visit. A change is noted with the latest run, if any:
        what that run is said to have changed is then right again."""
        columns = verdict_columns(verdict)
        differs = or_(links.c.kind != columns["kind"], links.c.reason != columns["reason"])
        latest = select(func.max(runs.c.id)).scalar_subquery()
        change = select(
            links.c.id,
            latest,
            literal(now, verdict_changes.c.at.type),
            links.c.kind,
            links.c.reason,
            literal(columns["kind"]),
            literal(columns["reason"]),
        ).where(links.c.id == link_id, differs, latest.is_not(None))
        names = ("link_id", "run_id", "at", "old_kind", "old_reason", "new_kind", "new_reason")
        with self._database.write() as connection:
            connection.execute(insert(verdict_changes).from_select(names, change))
            connection.execute(
                update(links).where(links.c.id == link_id).values(due_at=due_at, **columns)
            )


def _decision(row: Sequence[Any]) -> Decision:
    url, note, decided_at, until, reason, since = row
    against = None if reason is None else NotBroken(reason, since)
    return Decision(url, note, decided_at, until, against)
