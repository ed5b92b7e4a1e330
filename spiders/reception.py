"""What comes in is passed on to the crawl: answers, failures, and items that a pipeline failed at.

A fault of our own code gives the visit back and is counted (rule B12); an error of the state ends the run.
"""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

from crawler.crawl.crawl import Crawl
from crawler.fetching.answer import Answer
from crawler.fetching.arrivals import Arrivals
from crawler.fetching.network import Network
from crawler.fetching.observing import page_to_read
from crawler.fetching.robots_reading import hand_on
from crawler.fetching.visit import Visit
from crawler.session import Session
from crawler.transport.certificate_validity import note_validity
from spiders.pages_apart import PagesApart

if TYPE_CHECKING:
    from scrapy.http import Response
    from twisted.python.failure import Failure

    from crawler.fetching.link_item import LinkItem


class Reception:
    """Takes what comes in for one crawl. `arrivals` tells that something has."""

    def __init__(self, crawl: Crawl, session: Session, network: Network) -> None:
        self._crawl = crawl
        self._session = session
        self._network = network
        self._pages = PagesApart(session.configuration.processes)
        self.arrivals = Arrivals(session.state.watch)

    def close(self) -> None:
        """End what reads pages: the crawl has ended."""
        self._pages.close()

    async def on_response(self, visit: Visit, response: Response) -> None:
        """Pass an answer on; a page, and a large robots.txt, when it has been read."""
        reading: Coroutine[Any, Any, None] | None = None
        visit.transfer.ended = monotonic()
        with self._crawl.accounted(visit):
            note_validity(visit.transfer, response)
            answer = Answer.of(response, visit.transfer.sent)
            if self._pages.takes_more() and (asked := page_to_read(visit, answer)) is not None:
                answer = replace(answer, page=await self._pages.read(asked))
            reading = hand_on(visit, answer, self._answered)
        if reading is not None:
            await self._read(visit, reading)

    async def on_failure(self, visit: Visit, error: Exception) -> None:
        """Pass a failure on, with its name."""
        visit.excuse(self._session.state.came_back_at)
        try:
            with self._crawl.accounted(visit), self._session.keeping_fault():
                kind, detail = self._network.failure(visit, error)
                await self._crawl.failed(visit, kind, detail)
        finally:
            self.arrivals.note()

    def not_recorded(self, item: LinkItem, failure: Failure) -> None:
        """Note that a pipeline failed at an item: its visit has been committed, but who reads items did not get it."""
        assert failure.value is not None
        self._crawl.unrecorded.note(item.observation.url, failure.value)

    async def _read(self, visit: Visit, reading: Coroutine[Any, Any, None]) -> None:
        try:
            with self._crawl.accounted(visit):
                await reading
        finally:
            self.arrivals.note()

    def _answered(self, visit: Visit, answer: Answer) -> None:
        self.arrivals.note()
        with self._crawl.accounted(visit), self._session.keeping_fault():
            self._crawl.answered(visit, answer)
