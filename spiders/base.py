"""The base of all spiders: glue between Scrapy's engine and `crawler.crawl`.

It opens the collection, hands out what the crawl asks for, passes on what comes in, and closes.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider

from crawler.crawl.crawl import Crawl
from crawler.crawl.steps import Ask, Commit, LookUp, Stop, Wait
from crawler.fetching.answer import Answer
from crawler.fetching.link_item import LinkItem
from crawler.fetching.network import Network
from crawler.fetching.requests import build_request
from crawler.fetching.visit import Visit
from crawler.model.observation import FailureKind
from crawler.model.role import CRAWLED, Role
from crawler.reporting.words.escaping import printable
from crawler.session import Session
from spiders.opening import crawl_options, open_or_exit

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
        self._came_in = asyncio.Event()
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
        return spider

    def opened(self) -> None:
        """Begin the run."""
        configuration = self.session.configuration
        self._network = Network(configuration, self.settings.getfloat("DNS_TIMEOUT"))
        self.crawl = Crawl(
            self.session,
            crawl_options(self.settings, configuration.workers),
            self._network.certificates,
            addresses=self._network.addresses,
        )
        if configuration.hint is not None:
            self.logger.info("%s", configuration.hint)

    def closed_down(self, reason: str) -> None:
        """End the run; the session is closed by who opened it."""
        if self._network is not None:
            self._network.close()
        if self.crawl is not None:
            sent = int(self.crawler.stats.get_value("downloader/request_count", 0))
            self.crawl.close(reason, sent)
        if self._owns_session:
            self.session.close()

    async def start(self) -> AsyncIterator[Any]:
        """Carry out the crawl's steps until it has ended."""
        assert self.crawl is not None
        assert self._network is not None
        for _ in self.crawl.take_in():
            await asyncio.sleep(0)
        for step in self.crawl.steps():
            match step:
                case Ask(visit):
                    yield self._request(visit)
                case Commit(due, observation):
                    await self._commit(LinkItem(due=due, observation=observation))
                case Wait(seconds):
                    await self._wait(seconds)
                case LookUp(names, elsewhere):
                    found = await self._network.look_up(names, elsewhere=elsewhere)
                    self.crawl.looked_up(step, found)
                case Stop(finding):
                    raise CloseSpider(finding.verdict.value)

    def on_response(self, response: Response, visit: Visit) -> None:
        """Pass an answer on."""
        assert self.crawl is not None
        self._came_in.set()
        self.crawl.answered(visit, Answer.of(response))

    async def on_failure(self, failure: Failure) -> None:
        """Pass a failure on, with its name."""
        assert self.crawl is not None
        assert self._network is not None
        assert failure.value is not None
        visit: Visit = failure.request.cb_kwargs["visit"]  # type: ignore[attr-defined]
        kind, detail = self._network.failure(visit, failure.value)
        if kind is FailureKind.UNEXPECTED:
            said = printable(visit.url), printable(detail)
            self.logger.error("unexpected failure at %s: %s", *said)
        try:
            await self.crawl.failed(visit, kind, detail)
        finally:
            self._came_in.set()

    def _request(self, visit: Visit) -> Request:
        assert self._network is not None
        agent = self.session.configuration.agent
        self._network.prepare(visit)
        return build_request(
            visit, user_agent=agent, callback=self.on_response, errback=self.on_failure
        )

    async def _commit(self, item: LinkItem) -> None:
        """Pass an item through all pipelines to the end: a committed item survives a kill."""
        assert self.crawler.engine is not None
        await self.crawler.engine.scraper.start_itemproc_async(item, response=None)

    async def _wait(self, seconds: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._came_in.wait()
        self._came_in.clear()
