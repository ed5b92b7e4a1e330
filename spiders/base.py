"""The base of all spiders: glue between Scrapy's engine and `crawler.crawl`.

It opens the collection, hands out what the crawl asks for and closes; `spiders.reception` passes on what comes in.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider

from crawler.crawl.crawl import Crawl
from crawler.crawl.steps import Ask, Commit, LookUp, Stop, Wait
from crawler.crawl.unrecorded import GIVEN_UP
from crawler.fetching.network import Network
from crawler.fetching.time_limits import set_time_limits
from crawler.model.role import CRAWLED, Role
from crawler.session import Session
from spiders.asking import Asking
from spiders.committing import Committing
from spiders.ending import is_ending
from spiders.opening import STATE_FAILED, close_and_tell, crawl_options, open_or_exit, steps_of
from spiders.reception import Reception

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

_NEW_OBJECTS = 10_000
"""New objects after which the collector looks for garbage: the default, 700, are made by one page."""
_NO_REQUESTS: tuple[Request, ...] = ()


class LinkSpider(Spider):
    """Visits the due links of one collection. Subclasses say which roles."""

    roles: ClassVar[frozenset[Role]] = CRAWLED

    crawl: Crawl | None = None
    """None until the run begins."""

    def __init__(self, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self._owns_session = False
        self._network: Network | None = None
        self._reception: Reception | None = None
        self._asking: Asking | None = None

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
        set_time_limits(crawler.settings, spider.session.configuration)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider.opened, signal=signals.spider_opened)
        crawler.signals.connect(spider.closed_down, signal=signals.spider_closed)
        return spider

    def opened(self) -> None:
        """Begin the run."""
        configuration = self.session.configuration
        gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
        self._network = Network(configuration, self.settings.getfloat("DNS_TIMEOUT"))
        options, network = crawl_options(configuration, self.settings), self._network
        with self.session.keeping_fault():
            crawl = self.crawl = Crawl(
                self.session, options, network.certificates, addresses=network.addresses
            )
            self._reception = Reception(crawl, self.session, network)
            self.crawler.signals.connect(self._reception.not_recorded, signals.item_error)
        for told in filter(
            None,
            (
                *self.session.content.told,
                self.session.reads,
                configuration.hint,
                *configuration.notices,
            ),
        ):
            self.logger.info("%s", told)

    def closed_down(self, reason: str) -> None:
        """End the run; the session is closed by who opened it."""
        for part in (self._asking, self._reception, self._network):
            if part is not None:
                part.close()
        if self.crawl is not None:
            sent = int(self.crawler.stats.get_value("downloader/request_count", 0))
            with self.crawl.unrecorded.at_end(), self.session.keeping_fault():
                self.crawl.close(reason, sent)
            for raised in self.session.alarms:
                self.crawler.stats.inc_value(f"linkhealth/alarms/{raised.code.value}")
        if self._owns_session:
            close_and_tell(self.session)

    async def start(self) -> AsyncIterator[Any]:
        """Carry out the crawl's steps until it has ended, or its state cannot be used any more.

        Requests go out by `Asking`; to Scrapy this has to be an iterator all the same.
        """
        await self._carry_out()
        for request in _NO_REQUESTS:
            yield request

    async def _carry_out(self) -> None:
        crawl, network, reception = self.crawl, self._network, self._reception
        if crawl is None or network is None or reception is None:
            # Scrapy has logged why the run could not begin, and would go on.
            raise CloseSpider(STATE_FAILED if self.session.fault else "start_error")
        self._asking = asking = Asking(self.crawler, self.session, network, reception)
        committing = Committing(self.crawler, self.session, crawl.unrecorded)
        with self.session.keeping_fault():
            for _ in crawl.take_in():
                await asyncio.sleep(0)
            for step in steps_of(crawl):
                match step:
                    case Ask(visit):
                        with crawl.accounted(visit):
                            asking.ask(visit)
                    case Commit(visits):
                        await committing.commit(visits)
                    case Wait(seconds):
                        await reception.arrivals.wait(seconds)
                    case LookUp(names, elsewhere):
                        found = await network.look_up(names, elsewhere=elsewhere)
                        crawl.looked_up(step, found)
                    case Stop(finding):
                        raise CloseSpider(finding.verdict.value)
                if self.session.fault is not None or is_ending(self.crawler):
                    break
                if crawl.unrecorded.is_hopeless:
                    raise CloseSpider(GIVEN_UP)
        if self.session.fault is not None:
            raise CloseSpider(STATE_FAILED)
