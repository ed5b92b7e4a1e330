"""Departures from the crawl: a request that has been handed out leaves when its host's turn has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crawler.crawl.frontier import Frontier


@dataclass(frozen=True, slots=True)
class HostDeparture:
    """The `crawler.transport.transfer.Departure` of a request to `host`. `monotonic` gives the time, in seconds."""

    frontier: Frontier
    host: str
    monotonic: Callable[[], float]

    def wait(self) -> float:
        """Seconds after which to ask again; 0 where it leaves now."""
        return self.frontier.may_leave(self.host, self.monotonic())

    def left(self) -> None:
        """It has left by now."""
        self.frontier.has_left(self.host, self.monotonic())
