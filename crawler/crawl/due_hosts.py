"""What is due, host by host: what the frontier is filled with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from crawler.crawl.frontier import Frontier, HostPlan
from crawler.model.link import DueLink
from crawler.session import Session


class DueHosts:
    """The due links of a session's run. `count` is how many of them the run will visit."""

    def __init__(self, session: Session) -> None:
        assert session.run is not None
        self._session = session
        self._run = session.run.id
        self._due = session.state.due_hosts(session.selection, self._now(), self._run)
        due = sum(host.count for host in self._due)
        self.count = min(due, session.selection.limit) if session.selection.limit else due

    @property
    def least_seconds(self) -> float:
        """How long politeness alone makes the run last: as long as the longest queue of a host."""
        manners = self._session.configuration.manners
        of_hosts = (
            min(one.count, self.count) * manners(one.host, images_only=one.images_only).delay
            for one in self._due
        )
        return max(of_hosts, default=0.0)

    def frontier(self) -> Frontier:
        """A queue of them all."""
        return Frontier(
            (self._plan(host.host, host.count, host.images_only) for host in self._due),
            self._page,
            newcomer=self._plan,
        )

    def _plan(self, host: str, left: int = 0, images_only: bool = False) -> HostPlan:
        manners = self._session.configuration.manners(host, images_only=images_only)
        return HostPlan(host, left, manners.delay, manners.connections)

    def _page(self, host: str, after_id: int, limit: int) -> Sequence[DueLink]:
        session = self._session
        return session.state.due_links(
            host, session.selection, self._now(), self._run, after_id, limit
        )

    def _now(self) -> datetime:
        return self._session.configuration.clock.now()
