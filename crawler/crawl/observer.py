"""Makes the observations of a run: each bears its time and its number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import TypeVar, cast

from crawler.configuration import Manners
from crawler.fetching.answer import Answer
from crawler.fetching.observing import Kept, Reading, answered, failed
from crawler.fetching.visit import Visit, host_of
from crawler.model.observation import FailureKind, Observation

T = TypeVar("T")


class Observer:
    """One per run. `clock` gives the run's time, aware, UTC; `manners` how a host is treated; `kept` what is known of a
    page that did not change."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        run: int,
        manners: Callable[[str], Manners],
        kept: Kept | None = None,
    ) -> None:
        self._clock = clock
        self._kept = kept
        self._run = run
        self._manners = manners

    def now(self) -> datetime:
        """The run's time."""
        return self._clock()

    def answered(self, visit: Visit, answer: Answer) -> Reading:
        """What was seen where an answer came in, with its page as it was parsed."""
        reading = answered(visit, answer, now=self._clock(), run=self._run, kept=self._kept)
        sent = visit.transfer.sent
        if sent.hidden:
            # The link's own address is whose visit it was, whatever an article wrote into it.
            seen = replace(_without(reading.seen, sent.hide_in), url=visit.begun_at)
            reading = replace(reading, seen=seen)
        if answer.status not in self._manners(host_of(visit.url)).accept_statuses:
            return reading
        seen = reading.seen
        return replace(reading, seen=replace(seen, further=replace(seen.further, is_accepted=True)))

    def failed(self, visit: Visit, kind: FailureKind, detail: str | None) -> Observation:
        """What was seen where none came in, or none that is whole."""
        hidden = detail and visit.transfer.sent.hide_in(detail)
        return failed(visit, kind, hidden, now=self._clock(), run=self._run)

    def status_alone(self, visit: Visit, status: int, final_url: str) -> Observation:
        """What was seen where nobody looks at the body."""
        return Observation(visit.url, self._clock(), self._run, status, final_url=final_url)


def _without(value: T, hide: Callable[[str], str]) -> T:
    """A frozen value with no secret in any of its texts, at any depth (rule P11)."""
    if isinstance(value, str) and type(value) is str:
        return cast("T", hide(value))
    if isinstance(value, tuple):
        return cast("T", tuple(_without(one, hide) for one in value))
    if is_dataclass(value) and not isinstance(value, type):
        parts = {one.name: _without(getattr(value, one.name), hide) for one in fields(value)}
        return cast("T", replace(value, **parts))
    return value
