"""The base of all spiders: glue between Scrapy's engine and `crawler.crawl`.

It opens the collection, hands out what the crawl asks for, passes on what comes in, and closes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Spider, signals
from scrapy.exceptions import CloseSpider

from crawler.crawl.crawl import Crawl
from crawler.crawl.steps import Ask, Commit, Stop, Wait
from crawler.crawl.unrecorded import GIVEN_UP
from crawler.extractors.loading import load_all
from crawler.fetching.answer import Answer
from crawler.fetching.arrivals import Arrivals
from crawler.fetching.link_item import LinkItem
from crawler.fetching.network import Network
from crawler.fetching.requests import build_request
from crawler.fetching.robots_reading import hand_on
from crawler.fetching.visit import Visit
from crawler.model.role import CRAWLED, Role
from crawler.session import Session
from spiders.opening import STATE_FAILED, close_and_tell, crawl_options, open_or_exit

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure


class LinkSpider(Spider):
    """Visits the due links of one collection. Subclasses say which roles."""

    roles: ClassVar[frozenset[Role]] = CRAWLED

    crawl: Crawl | None = None
    """None until the run begins."""

    def __init__(self, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self._owns_session = False
        self._arrivals = Arrivals(session.state.watch)
        self._network: Network | None = None

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *_args: Any, session: Session | None = None, **options: Any
    ) -> Self:
        """Open the collection that `-a content=PATH` and the other arguments name.

        A bad argument or a locked state ends the process with its exit code, because Scrapy would
        answer 0; a command that opens the session itself passes it on and handles that.
        """
        spider = cls(session or open_or_exit(options, cls.roles))
        spider._owns_session = session is None
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.opened, signal=signals.spider_opened)
        crawler.signals.connect(spider.closed_down, signal=signals.spider_closed)
        crawler.signals.connect(spider.not_recorded, signal=signals.item_error)
        return spider

    def opened(self) -> None:
        """Begin the run."""
        configuration = self.session.configuration
        load_all()
        self._network = Network(configuration, self.settings.getfloat("DNS_TIMEOUT"))
        options = crawl_options(configuration, self.settings)
        with self.session.keeping_fault():
            self.crawl = Crawl(self.session, options, self._network.certificates)
        if configuration.hint is not None:
            self.logger.info("%s", configuration.hint)

    def closed_down(self, reason: str) -> None:
        """End the run; the session is closed by who opened it."""
        if self._network is not None:
            self._network.close()
        if self.crawl is not None:
            sent = int(self.crawler.stats.get_value("downloader/request_count", 0))
            with self.crawl.unrecorded.at_end(), self.session.keeping_fault():
                self.crawl.close(reason, sent)
        if self._owns_session:
            close_and_tell(self.session)

    async def start(self) -> AsyncIterator[Any]:
        """Carry out the crawl's steps until it has ended, or its state cannot be used any more."""
        ask = partial(build_request, callback=self.on_response, errback=self.on_failure)
        agent = self.session.configuration.agent
        with self.session.keeping_fault():
            if self.crawl is None:  # Scrapy has logged why the run could not begin, and would go on
                raise CloseSpider(STATE_FAILED if self.session.fault else "start_error")
            for _ in self.crawl.take_in():
                await asyncio.sleep(0)
            for step in self.crawl.steps():
                match step:
                    case Ask(visit):
                        yield ask(visit, user_agent=agent)
                    case Commit(due, observation):
                        await self._commit(LinkItem(due=due, observation=observation))
                    case Wait(seconds):
                        await self._arrivals.wait(seconds)
                    case Stop(finding):
                        raise CloseSpider(finding.verdict.value)
                if self.session.fault is not None:
                    break
                if self.crawl.unrecorded.is_hopeless:
                    raise CloseSpider(GIVEN_UP)
        if self.session.fault is not None:
            raise CloseSpider(STATE_FAILED)

    def on_response(self, response: Response, visit: Visit) -> Coroutine[Any, Any, None] | None:
        """Pass an answer on; a large robots.txt when it has been read."""
        assert self.crawl is not None
        reading: Coroutine[Any, Any, None] | None = None
        with self.crawl.accounted(visit):
            reading = hand_on(visit, Answer.of(response), self._answered)
        return self._read(visit, reading) if reading is not None else None

    async def on_failure(self, failure: Failure) -> None:
        """Pass a failure on, with its name."""
        assert self.crawl is not None
        assert self._network is not None
        assert failure.value is not None
        visit: Visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]
        visit.excuse(self.session.state.came_back_at)
        try:
            with self.crawl.accounted(visit), self.session.keeping_fault():
                kind, detail = self._network.failure(visit, failure.value)
                await self.crawl.failed(visit, kind, detail)
        finally:
            self._arrivals.note()

    async def _read(self, visit: Visit, reading: Coroutine[Any, Any, None]) -> None:
        assert self.crawl is not None
        with self.crawl.accounted(visit):
            await reading

    def _answered(self, visit: Visit, answer: Answer) -> None:
        assert self.crawl is not None
        self._arrivals.note()
        with self.crawl.accounted(visit), self.session.keeping_fault():
            self.crawl.answered(visit, answer)

    def not_recorded(self, item: LinkItem, failure: Failure) -> None:
        """Note that a pipeline failed at an item: its visit stays pending, and the next run commits it."""
        assert self.crawl is not None
        assert failure.value is not None
        self.crawl.unrecorded.note(item.observation.url, failure.value)

    async def _commit(self, item: LinkItem) -> None:
        """Pass an item through all pipelines to the end: a committed item survives a kill."""
        assert self.crawler.engine is not None
        await self.crawler.engine.scraper.start_itemproc_async(item, response=None)
        # Pipelines wait for nothing: a window of commits would run into the time-outs of requests.
        await asyncio.sleep(0)
