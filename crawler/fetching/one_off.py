"""Single URLs fetched by hand, as a browser would: no state, no schedule, no robots.txt.

A person asks for this very page, and robots.txt is for crawlers (RFC 9309, 1). All else is the crawl's: names, private addresses, certificates, limits of time and
size, the table of failures. One request is under way at a time, and a host has its delay.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import StopDownload

from crawler.configuration import Configuration
from crawler.fetching.answer import Answer, BodyEnd
from crawler.fetching.fetched import Fetched, NotFetchedError
from crawler.fetching.network import Network
from crawler.fetching.observing import failed
from crawler.fetching.redirects import RedirectRefusedError, follow, redirect_target
from crawler.fetching.requests import borne, build_request
from crawler.fetching.stop_signals import STOP_SIGNALS
from crawler.fetching.stopping import AFTER_TIMEOUT, stop_crawl
from crawler.fetching.time_limits import set_time_limits
from crawler.fetching.visit import LinkVisit, Visit
from crawler.model.link import DueLink
from crawler.model.observation import FailureKind
from crawler.rules.urls import examine
from crawler.rules.verdict.certificate_faults import gravest_fault
from crawler.transport.body_budget import BodyBudget
from crawler.transport.http_status import REDIRECTS
from crawler.transport.machine_limits import check_limits
from crawler.transport.transfer import Wanted, transfer_of

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Headers
    from scrapy.settings import BaseSettings

LARGEST_WHOLE = 8_000_000
"""Bytes of an image that is fetched to be seen."""
_TEXT = (b"html", b"xml", b"text/")
_SETTINGS: dict[str, Any] = {
    "EXTENSIONS": {"crawler.fetching.one_off.AnyBudget": 100},
    "ITEM_PIPELINES": {},
    "LOG_ENABLED": True,
    "LOG_LEVEL": "WARNING",
}


Fetch = Callable[[str], Awaitable[Fetched]]


def run_fetching(
    settings: BaseSettings,
    configuration: Configuration,
    job: Callable[[Fetch], Awaitable[None]],
    *,
    whole_images: bool = False,
) -> bool:
    """Run `job` in a process of Scrapy's, with a function that fetches a URL: see `run_with_web`."""

    async def fetching(web: OneOffSpider) -> None:
        await job(web.fetch)

    return run_with_web(settings, configuration, fetching, whole_images=whole_images)


def run_with_web(
    settings: BaseSettings,
    configuration: Configuration,
    job: Callable[[OneOffSpider], Awaitable[None]],
    *,
    whole_images: bool = False,
) -> bool:
    """Run `job` in a process of Scrapy's, with what fetches a URL and looks names up.

    Returns whether the job ended by itself (Ctrl-C stops it). What it raises is raised here, MachineLimitError
    where a limit of this process is too small, and ConfigurationError where a credential is missing. Scrapy's settings of the
    command line stand. A process runs this once: a reactor cannot start again. With `whole_images` an image is not cut where its size is known, but at 8 MB.
    """
    check_limits()
    configuration.check_secrets()
    own = settings.copy()
    own.setdict(_SETTINGS, priority="spider")
    set_time_limits(own, configuration)
    if whole_images:
        own.set("EXTENSIONS", {"crawler.fetching.one_off.WholeBudget": 100}, priority="spider")
    STOP_SIGNALS.begin()
    grace = own.getfloat("DOWNLOAD_TIMEOUT") + AFTER_TIMEOUT
    STOP_SIGNALS.cooperate(stop_crawl, grace, is_told=False)
    process = AsyncCrawlerProcess(own)  # type: ignore[arg-type] # a copy of Settings is one
    crawler = process.create_crawler(OneOffSpider)
    process.crawl(crawler, configuration=configuration, job=job)
    process.start()
    spider = crawler.spider
    if not isinstance(spider, OneOffSpider):
        return False
    if spider.trouble is not None:
        raise spider.trouble
    return spider.done


@dataclass(frozen=True, slots=True)
class _Opened:
    """What the download handler asks a spider's session for; there is no collection here."""

    configuration: Configuration


class OneOffSpider(Spider):
    """Runs one job that fetches URLs, and yields nothing. Made by `run_fetching` only."""

    name = "one-off"

    def __init__(
        self, configuration: Configuration, job: Callable[[OneOffSpider], Awaitable[None]]
    ) -> None:
        super().__init__()
        self.session = _Opened(configuration)
        self.done = False
        self.trouble: Exception | None = None
        self._job = job
        self._network: Network | None = None
        self._next_turn: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Make the spider of `run_fetching`."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.opened, signal=signals.spider_opened)
        crawler.signals.connect(spider.closed_down, signal=signals.spider_closed)
        return spider

    def opened(self) -> None:
        """Look names up by our own resolver, which refuses private addresses."""
        configuration = self.session.configuration
        self._network = Network(configuration, self.settings.getfloat("DNS_TIMEOUT"))

    def closed_down(self) -> None:
        """Give the reactor its own resolver back."""
        if self._network is not None:
            self._network.close()

    async def start(self) -> AsyncIterator[Request]:
        """Do the job; what it raises waits for `run_fetching`, because Scrapy would only log it."""
        try:
            await self._job(self)
            self.done = True
        except Exception as error:  # noqa: BLE001 - raised again by run_fetching
            self.trouble = error
        no_requests: tuple[Request, ...] = ()
        for request in no_requests:
            yield request

    async def fetch(self, url: str) -> Fetched:
        """Fetch a URL with its redirects. Raises NotFetchedError."""
        examined = examine(url)
        if examined.invalid is not None:
            raise NotFetchedError(examined.invalid.value)
        await self._turn(examined.host)
        longest = self.settings.getint("REDIRECT_MAX_TIMES")
        visit = LinkVisit.of(DueLink(0, examined.url, examined.host, wants_image=False))
        while True:
            answer = await self._answer(visit)
            try:
                target = redirect_target(visit, answer, longest)
            except RedirectRefusedError as refused:
                raise NotFetchedError(refused.kind.value, str(refused)) from None
            if target is None:
                return _fetched(url, visit, answer)
            follow(visit, answer, target)

    async def look_up(self, names: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
        """The addresses of names; empty for one that has none."""
        assert self._network is not None
        return await self._network.look_up(names, elsewhere=False)

    async def _turn(self, host: str) -> None:
        """Wait until the host may be asked for the next page (rule P1)."""
        wait = self._next_turn.get(host, 0.0) - monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        self._next_turn[host] = monotonic() + self.session.configuration.manners(host).delay

    async def _answer(self, visit: Visit) -> Answer:
        """The answer to the visit's next request, without verification where only the certificate is bad."""
        engine, network = self.crawler.engine, self._network
        assert engine is not None
        assert network is not None
        network.certificates.prepare(visit)
        configuration = self.session.configuration
        request = build_request(
            visit,
            user_agent=configuration.agent,
            sent=borne(visit, configuration),
        )
        try:
            return Answer.of(await engine.download_async(request), visit.transfer.sent)
        except Exception as error:  # noqa: BLE001 - the table leaves nothing unclassified
            found, detail = network.failure(visit, error)
            try:
                kind = await network.certificates.explain(visit, found)
            except (OSError, MemoryError, RuntimeError) as ours:
                raise NotFetchedError(FailureKind.OWN_MACHINE.value, str(ours)) from None
            if kind is None:
                visit.again()
                return await self._answer(visit)
            now = self.session.configuration.clock.now()
            seen = failed(visit, kind, detail, now=now, run=0)
            code = seen.failure or FailureKind.UNEXPECTED
            raise NotFetchedError(code.value, detail) from None


class AnyBudget(BodyBudget):
    """The crawl's budget for a URL of unknown kind: a body that is no text by its headers is measured as an
    image."""

    def headers_received(self, headers: Headers, body_length: object, request: Request) -> None:
        """See `BodyBudget`."""
        transfer = transfer_of(request)
        content_type = (headers.get(b"Content-Type") or b"").lower()
        if (
            transfer is not None
            and transfer.status not in REDIRECTS
            and content_type
            and not any(word in content_type for word in _TEXT)
        ):
            transfer.wanted = Wanted.IMAGE
        super().headers_received(headers, body_length, request)
        if transfer is not None and headers.get(b"Content-Encoding"):
            transfer.total_bytes = None  # it is the length of what was packed


class WholeBudget(BodyBudget):
    """The budget for images that are to be seen, not only measured."""

    def headers_received(self, headers: Headers, body_length: object, request: Request) -> None:
        """See `BodyBudget`."""
        super().headers_received(headers, body_length, request)
        transfer = transfer_of(request)
        if transfer is None or transfer.status in REDIRECTS:
            return
        transfer.limit = LARGEST_WHOLE
        if (transfer.total_bytes or 0) > LARGEST_WHOLE:
            raise StopDownload(fail=False)
        if headers.get(b"Content-Encoding"):
            transfer.total_bytes = None


def _fetched(url: str, visit: Visit, answer: Answer) -> Fetched:
    transfer, content_type = visit.transfer, answer.header(b"Content-Type")
    is_whole = answer.end not in (BodyEnd.STOPPED, BodyEnd.BROKEN_OFF)
    total = len(answer.body) if transfer.total_bytes is None and is_whole else transfer.total_bytes
    return Fetched(
        url=url,
        final_url=visit.url,
        status=answer.status,
        redirects=tuple(visit.hops),
        content_type=None if content_type is None else content_type.decode("latin-1"),
        body=answer.body,
        total_bytes=total,
        bytes_read=transfer.body_bytes,
        certificate=gravest_fault(visit.certificate, transfer.fault),
    )
