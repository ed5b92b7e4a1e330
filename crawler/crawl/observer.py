"""Makes the observations of a run: each bears its time and its number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crawler.fetching.answer import Answer
from crawler.fetching.observing import Reading, answered, failed
from crawler.fetching.visit import Visit
from crawler.model.observation import FailureKind, Observation


class Observer:
    """One per run. `clock` gives the run's time, aware, UTC."""

    def __init__(self, clock: Callable[[], datetime], run: int) -> None:
        self._clock = clock
        self._run = run

    def now(self) -> datetime:
        """The run's time."""
        return self._clock()

    def answered(self, visit: Visit, answer: Answer) -> Reading:
        """What was seen where an answer came in, with its page as it was parsed."""
        return answered(visit, answer, now=self._clock(), run=self._run)

    def failed(self, visit: Visit, kind: FailureKind, detail: str | None) -> Observation:
        """What was seen where none came in, or none that is whole."""
        return failed(visit, kind, detail, now=self._clock(), run=self._run)

    def status_alone(self, visit: Visit, status: int, final_url: str) -> Observation:
        """What was seen where nobody looks at the body."""
        return Observation(visit.url, self._clock(), self._run, status, final_url=final_url)
