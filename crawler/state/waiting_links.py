"""Links that wait for their host, which asks visitors for patience (rule P10)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import and_, exists, or_, select

from crawler.model.selection import Selection
from crawler.model.verdict import HOST_ASKS_TO_WAIT, VerdictKind
from crawler.state.due_links import referred_to
from crawler.state.part import ONE, Part, transaction
from crawler.state.revising import revise_links
from crawler.state.schema import links, staged_observations


class WaitingLinks(Part):
    """Links that no run could visit yet because of what their host answered to others."""

    @transaction
    def leave_waiting(
        self,
        host: str,
        selection: Selection,
        now: datetime,
        due_at: Callable[[datetime], datetime],
    ) -> None:
        """Note that a run left the links of a host that it should have visited and of which nothing is known.

        Each keeps the time since which it has waited; `due_at` gives its next visit by that time.
        """
        waits = links.c.reason == HOST_ASKS_TO_WAIT
        left = and_(
            links.c.host == host,
            links.c.checked_at.is_(None),
            or_(links.c.kind == VerdictKind.UNCHECKED.value, waits),
            ~exists(ONE).where(staged_observations.c.link_id == links.c.id),
            referred_to(selection),
        )
        verdict = {
            "kind": VerdictKind.UNVERIFIABLE.value,
            "reason": HOST_ASKS_TO_WAIT,
            "rule": HOST_ASKS_TO_WAIT,
        }
        with self._database.write() as connection:
            begun = connection.execute(select(links.c.since).distinct().where(left, waits))
            for since in begun.scalars().all():
                values = {**verdict, "due_at": due_at(since or now)}
                revise_links(connection, and_(left, waits, links.c.since == since), values, now)
            values = {**verdict, "since": now, "due_at": due_at(now)}
            revise_links(connection, and_(left, ~waits), values, now)
