"""Purposes: what each kind of visit is for, and what becomes of its answer and of its failure.

A kind of visit is a class of `crawler.fetching.visit`, its purpose is a class here. To add one, add both, and a line
to `Crawl._purposes`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Generic, Protocol, TypeVar

from crawler.crawl.continuation import Continuation
from crawler.crawl.frontier import Frontier
from crawler.crawl.observer import Observer
from crawler.crawl.results import Results
from crawler.crawl.robots import Robots
from crawler.extractors.html.document import Document, UnreadPage
from crawler.fetching.answer import Answer
from crawler.fetching.image_ranges import Ranges
from crawler.fetching.observing import fingerprint, origin_answer
from crawler.fetching.redirects import RedirectRefusedError, ask_over_https
from crawler.fetching.robots_reading import is_large
from crawler.fetching.visit import (
    CanaryVisit,
    LinkVisit,
    ProbeVisit,
    RobotsVisit,
    Visit,
    host_of,
)
from crawler.model.observation import FailureKind, Observation
from crawler.rules.verdict.over_https import over_https

Asked = TypeVar("Asked", bound=Visit)
Asked_contra = TypeVar("Asked_contra", bound=Visit, contravariant=True)


class Purpose(Protocol[Asked_contra]):
    """Why a visit is made."""

    def answered(self, visit: Asked_contra, answer: Answer) -> None:
        """An answer came in: the visit goes on, or has come to its end."""

    async def failed(self, visit: Asked_contra, kind: FailureKind, detail: str | None) -> None:
        """No answer came in: the visit goes on, or has come to its end."""

    def lost(self, visit: Asked_contra) -> None:
        """The visit ends without a result, by a fault of our own: nothing may wait for it any more."""


class ObservedPurpose(Generic[Asked]):
    """The purposes whose visits end in an observation of a page or an image."""

    def __init__(
        self, frontier: Frontier, continuation: Continuation, observer: Observer, results: Results
    ) -> None:
        self._frontier = frontier
        self._continuation = continuation
        self._observer = observer
        self._results = results

    def answered(self, visit: Asked, answer: Answer) -> None:
        """Follow, come again, or observe."""
        if self._goes_on(visit, partial(self._continuation.redirected, visit, answer)):
            return
        if self._continuation.put_back(visit, answer, self._observer.now()):
            return
        if self._wants_more(visit, answer):
            self._frontier.put(visit)
            return
        reading = self._observer.answered(visit, answer)
        if self._goes_on(visit, partial(self._continuation.led_on, visit, answer, reading)):
            return
        self._ended(visit, reading.seen, fingerprint(reading.seen, answer), reading.document)

    async def failed(self, visit: Asked, kind: FailureKind, detail: str | None) -> None:
        """Try again what may pass, read on past a bad certificate, observe the rest."""
        last = await self._continuation.after_failure(visit, kind)
        if last is not None:
            self._failed(visit, self._observer.failed(visit, last, detail))

    def lost(self, visit: Asked) -> None:
        """Nothing to do: what waits for it is decided at the run's end."""

    def not_asked(self, visit: Asked, kind: FailureKind) -> None:
        """robots.txt stands in the way of the visit's next request: observe that."""
        self._ended(visit, self._observer.failed(visit, kind, None))

    def _goes_on(self, visit: Asked, follow: Callable[[], bool]) -> bool:
        """Whether a redirect takes the visit on, or has ended it as one that nobody can follow."""
        try:
            return follow()
        except RedirectRefusedError as refused:
            self._ended(visit, self._observer.failed(visit, refused.kind, str(refused)))
            return True

    def _failed(self, visit: Asked, seen: Observation) -> None:
        self._ended(visit, seen)

    def _wants_more(self, _visit: Asked, _answer: Answer) -> bool:
        return False

    def _ended(
        self,
        visit: Asked,
        seen: Observation,
        mark: str | None = None,
        document: Document | UnreadPage | None = None,
    ) -> None:
        raise NotImplementedError


class LinkPurpose(ObservedPurpose[LinkVisit]):
    """A link of the collection: what is seen of it counts when its window has been judged."""

    def __init__(
        self,
        frontier: Frontier,
        continuation: Continuation,
        observer: Observer,
        results: Results,
        ranges: Ranges,
    ) -> None:
        super().__init__(frontier, continuation, observer, results)
        self._ranges = ranges

    def lost(self, visit: LinkVisit) -> None:
        """The link stays due."""
        self._results.link_lost(visit)

    def _wants_more(self, visit: LinkVisit, answer: Answer) -> bool:
        return self._ranges.goes_on(visit, answer)

    def _failed(self, visit: LinkVisit, seen: Observation) -> None:
        """Before a failure to connect counts, https is asked (rule V17)."""
        if ask_over_https(visit, seen):
            self._frontier.put(visit)
        else:
            self._ended(visit, seen)

    def _ended(
        self,
        visit: LinkVisit,
        seen: Observation,
        mark: str | None = None,
        document: Document | UnreadPage | None = None,
    ) -> None:
        if visit.over_http is not None:
            seen = over_https(visit.over_http, seen)
        self._frontier.put_all(self._results.link_ended(visit, seen, mark, document))


class ProbePurpose(ObservedPurpose[ProbeVisit]):
    """A probe: it decides about answers that wait."""

    def _ended(
        self,
        visit: ProbeVisit,
        seen: Observation,
        mark: str | None = None,  # noqa: ARG002 - the network is judged by links alone
        document: Document | UnreadPage | None = None,
    ) -> None:
        self._frontier.put_all(self._results.probe_ended(visit, seen, document))


class RobotsPurpose:
    """A robots.txt that links of its origin wait for; without an answer they wait no longer."""

    def __init__(
        self, frontier: Frontier, continuation: Continuation, robots: Robots, results: Results
    ) -> None:
        self._frontier = frontier
        self._continuation = continuation
        self._robots = robots
        self._results = results

    def answered(self, visit: RobotsVisit, answer: Answer) -> None:
        """Follow, or learn what is allowed. What an origin says itself tells of the network too."""
        if not visit.hops:
            self._results.watch.origin_answered(visit.origin, origin_answer(visit, answer))
        try:
            if self._continuation.redirected(visit, answer):
                return
        except RedirectRefusedError:
            self._gave_nothing(visit)
            return
        learn(self._robots, self._frontier, visit.origin, answer)
        self._frontier.release(host_of(visit.origin))

    async def failed(self, visit: RobotsVisit, kind: FailureKind, detail: str | None) -> None:  # noqa: ARG002 - the page's own visit will name it
        """Try again what may pass, else go on without it."""
        if await self._continuation.after_failure(visit, kind) is not None:
            self._gave_nothing(visit)

    def lost(self, visit: RobotsVisit) -> None:
        """As without an answer."""
        self._gave_nothing(visit)

    def _gave_nothing(self, visit: RobotsVisit) -> None:
        self._robots.give_up(visit.origin)
        self._frontier.release(host_of(visit.origin))


class CanaryPurpose:
    """A look at the network: whatever the host says, it is up; nothing is tried twice."""

    def __init__(
        self, frontier: Frontier, robots: Robots, observer: Observer, results: Results
    ) -> None:
        self._frontier = frontier
        self._robots = robots
        self._observer = observer
        self._results = results

    def answered(self, visit: CanaryVisit, answer: Answer) -> None:
        """Tell the watch. The answer is a robots.txt: what it says is not asked for again, unless it takes time to read,
        for which a look at the network does not wait."""
        origin = origin_answer(visit, answer)
        seen = self._observer.status_alone(visit, origin.status, origin.final_url or visit.url)
        self._results.watch.canary_answered(visit, origin, seen)
        if origin.final_url is None and not is_large(answer):
            learn(self._robots, self._frontier, visit.origin, answer)

    async def failed(self, visit: CanaryVisit, kind: FailureKind, detail: str | None) -> None:
        """Tell the watch."""
        seen = self._observer.failed(visit, kind, detail)
        self._results.watch.canary_answered(visit, None, seen)

    def lost(self, visit: CanaryVisit) -> None:
        """Nothing to do: a look waits for a bounded time."""


def learn(robots: Robots, frontier: Frontier, origin: str, answer: Answer) -> None:
    """Take in an origin's robots.txt, with the delay that it asks for."""
    robots.learn(origin, answer.status, answer.body, answer.robots)
    frontier.set_minimum_delay(host_of(origin), robots.crawl_delay(origin))
