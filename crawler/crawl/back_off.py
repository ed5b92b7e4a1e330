"""Back-off: a host is asked more slowly, again, or in a later run, by what it answers (rules P5, P6, P7)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import monotonic

from crawler.configuration import Manners
from crawler.crawl.frontier import Frontier
from crawler.fetching.answer import Answer
from crawler.fetching.observing import retry_after
from crawler.fetching.visit import Visit, host_of
from crawler.model.observation import FailureKind

_SLOW_DOWN = frozenset({429, 503})
_RETRIED_STATUSES = frozenset({502, 503, 504})
_RETRIED_FAILURES = frozenset(
    {
        FailureKind.CONNECT_TIMEOUT,
        FailureKind.RESPONSE_TIMEOUT,
        FailureKind.CONNECTION_RESET,
        FailureKind.DNS_TIMEOUT,
    }
)
"""Rule P7: timeouts, resets and 502/503/504 only."""


class BackOff:
    """The back-off of every host of a run. `retried` counts the visits that were put back.

    `manners` says how a host is treated otherwise; `longest_wait` is the longest Retry-After, in seconds,
    that a run waits for; `monotonic` gives the time, in seconds.
    """

    def __init__(
        self,
        frontier: Frontier,
        manners: Callable[[str], Manners],
        longest_wait: float,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._frontier = frontier
        self._manners = manners
        self._longest_wait = longest_wait
        self.retried = 0

    def answered(self, visit: Visit, answer: Answer, now: datetime) -> bool:
        """Slow the host down or speed it up; returns whether the visit was put back."""
        host, at = host_of(visit.url), self._monotonic()
        if answer.status not in _SLOW_DOWN and answer.status not in _RETRIED_STATUSES:
            self._frontier.speed_up(host)
            return False
        wait = retry_after(answer, now)
        if answer.status in _SLOW_DOWN:
            self._frontier.slow_down(host, wait or 0.0)
        if wait is not None:
            if wait > self._longest_wait:
                self._frontier.drop(host, wait)
                return False
            self._frontier.hold_until(host, at + wait)
            return self._again(visit, wait)
        return answer.status in _RETRIED_STATUSES and self._again(visit)

    def failed(self, visit: Visit, kind: FailureKind) -> bool:
        """Put a visit that got no answer back where its failure may pass; returns whether it was."""
        return visit.transfer.status is None and kind in _RETRIED_FAILURES and self._again(visit)

    def _again(self, visit: Visit, wait: float | None = None) -> bool:
        manners = self._manners(host_of(visit.url))
        if visit.retries >= manners.retries:
            return False
        if wait is None:
            wait = manners.delay * 2**visit.retries
        visit.retries += 1
        visit.not_before = self._monotonic() + wait
        visit.again()
        self._frontier.put(visit)
        self.retried += 1
        return True
