"""Makes the observations of a run: each bears its time and its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from crawler.configuration import Manners
from crawler.fetching.answer import Answer
from crawler.fetching.observing import Reading, answered, failed
from crawler.fetching.visit import Visit, host_of
from crawler.model.observation import FailureKind, Observation


class Observer:
    """One per run. `clock` gives the run's time, aware, UTC; `manners` how a host is treated."""

    def __init__(
        self, clock: Callable[[], datetime], run: int, manners: Callable[[str], Manners]
    ) -> None:
        self._clock = clock
        self._run = run
        self._manners = manners

    def now(self) -> datetime:
        """The run's time."""
        return self._clock()

    def answered(self, visit: Visit, answer: Answer) -> Reading:
        """What was seen where an answer came in, with its page as it was parsed."""
        reading = answered(visit, answer, now=self._clock(), run=self._run)
        if answer.status not in self._manners(host_of(visit.url)).accept_statuses:
            return reading
        seen = reading.seen
        return replace(reading, seen=replace(seen, further=replace(seen.further, is_accepted=True)))

    def failed(self, visit: Visit, kind: FailureKind, detail: str | None) -> Observation:
        """What was seen where none came in, or none that is whole."""
        hidden = detail and visit.transfer.sent.hide(detail.encode()).decode()
        return failed(visit, kind, hidden, now=self._clock(), run=self._run)

    def status_alone(self, visit: Visit, status: int, final_url: str) -> Observation:
        """What was seen where nobody looks at the body."""
        return Observation(visit.url, self._clock(), self._run, status, final_url=final_url)
