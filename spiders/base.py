"""The base of all spiders: it asks the state for what is due and visits it, politely.

`start()` hands out one request at a time, each host when it is that host's turn (see
`crawler.fetching.frontier`); redirects, retries and robots.txt go through the same queue, so that
`DOWNLOAD_DELAY` is 0 and a waiting host holds no slot.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

from scrapy import Request, Spider, signals

from crawler.configuration import ConfigurationError
from crawler.exclusions import apply_exclusions
from crawler.fetching.answers import (
    RedirectRefusedError,
    answered,
    failed,
    follow,
    redirect_target,
    retry_after,
)
from crawler.fetching.failures import classify
from crawler.fetching.frontier import Frontier, HostPlan
from crawler.fetching.item import LinkItem
from crawler.fetching.requests import build_request
from crawler.fetching.resolver import Resolver
from crawler.fetching.robots import Permission, Robots
from crawler.fetching.visit import Purpose, Visit, host_of
from crawler.intake import IntakeCount, take_in
from crawler.model.exit_code import ExitCode
from crawler.model.link import DueLink
from crawler.model.observation import FailureKind, Observation
from crawler.model.reference import Role
from crawler.reporting.console import printable
from crawler.session import CRAWLED_ROLES, Session
from crawler.state import StateError, StateLocked

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure

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
"""RULES 2: timeouts, resets and 502/503/504 only."""


class LinkSpider(Spider):
    """Visits the due links of one collection. Subclasses say which roles."""

    roles: ClassVar[frozenset[Role]] = CRAWLED_ROLES

    frontier: Frontier
    robots: Robots

    def __init__(self, session: Session, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.session = session
        self.owns_session = False
        self.max_in_flight = 16
        self.longest_chain = 10
        self.intake = IntakeCount()
        self.in_flight = 0
        self.handed_out = 0
        self.planned = 0
        self._changed = asyncio.Event()
        self._resolver: Resolver | None = None

    @classmethod
    def from_crawler(
        cls, crawler: Crawler, *_args: Any, session: Session | None = None, **options: Any
    ) -> Self:
        """Open the collection that `-a content=PATH` and the other arguments name.

        A bad argument or a locked state ends the process with its exit code, because Scrapy would
        answer 0; a command that opens the session itself passes it on and handles that.
        """
        spider = cls(session or _open_or_exit(options, cls.roles))
        spider.owns_session = session is None
        spider._set_crawler(crawler)
        workers = spider.session.configuration.workers
        # To Scrapy, 0 means no bound.
        bound = crawler.settings.getint("CONCURRENT_REQUESTS") or workers
        spider.max_in_flight = min(workers, bound)
        spider.longest_chain = crawler.settings.getint("REDIRECT_MAX_TIMES")
        crawler.signals.connect(spider.opened, signal=signals.spider_opened)
        crawler.signals.connect(spider.closed_down, signal=signals.spider_closed)
        return spider

    def opened(self) -> None:
        """Begin the run."""
        from twisted.internet import reactor

        configuration = self.session.configuration
        state = self.session.state
        self.session.run = state.start_run(configuration.clock.now())
        obey = self.settings.getbool("ROBOTSTXT_OBEY")
        self.robots = Robots(
            obey=lambda host: obey and configuration.manners(host).respect_robots,
            longest_crawl_delay=configuration.policy.politeness.longest_crawl_delay,
        )
        self._resolver = Resolver(
            reactor,
            connect_to=configuration.connect_to,
            allow_private=configuration.allow_private,
            timeout=self.settings.getfloat("DNS_TIMEOUT"),
        )
        self._resolver.install()
        if configuration.hint is not None:
            self.logger.info("%s", configuration.hint)

    def closed_down(self, reason: str) -> None:
        """End the run; the session is closed by who opened it."""
        if self._resolver is not None:
            self._resolver.uninstall()
        run = self.session.run
        if run is not None:
            sent = int(self.crawler.stats.get_value("downloader/request_count", 0))
            now = self.session.configuration.clock.now()
            self.session.state.finish_run(run.id, now, reason, sent)
            self.session.state.prune(now, self.session.configuration.policy.history_kept)
        if self.owns_session:
            self.session.close()

    async def start(self) -> AsyncIterator[Any]:
        """Take the files in, then yield requests until nothing is due and nothing on its way."""
        for progress in take_in(self.session):
            self.intake = progress
            await asyncio.sleep(0)
        apply_exclusions(self.session)
        self.frontier = self._plan()
        while True:
            async for product in self._hand_out():
                yield product
            if self.in_flight == 0 and self.frontier.exhausted:
                return
            await self._turn()

    def on_response(self, response: Response, visit: Visit) -> Iterator[Any]:
        """An answer came in: follow, retry, or observe."""
        self._landed(visit)
        if visit.purpose is Purpose.ROBOTS:
            self._robots_answered(visit, response)
            return
        try:
            target = redirect_target(visit, response, self.longest_chain)
        except RedirectRefusedError as refused:
            yield self._observed(visit, self._failed(visit, refused.kind, str(refused)))
            return
        if target is not None:
            follow(visit, response, target)
            self.frontier.put(visit)
            return
        if self._is_retried(visit, response):
            return
        yield self._observed(visit, answered(visit, response, now=self._now(), run=self._run))

    def on_failure(self, failure: Failure) -> Iterator[Any]:
        """No answer: classify, retry what may pass, observe the rest."""
        request = failure.request  # type: ignore[attr-defined]
        visit: Visit = request.cb_kwargs["visit"]
        self._landed(visit)
        host = host_of(visit.url)
        assert self._resolver is not None
        assert failure.value is not None
        kind, detail = classify(failure.value, name_failure=self._resolver.failure_of(host))
        if kind is FailureKind.UNEXPECTED:
            self.logger.error("unexpected failure at %s: %s", visit.url, detail)
        if visit.status is None and kind in _RETRIED_FAILURES and self._retry(visit):
            return
        if visit.purpose is Purpose.ROBOTS:
            self._robots_done(visit, None)
            return
        yield self._observed(visit, self._failed(visit, kind, detail))

    def _plan(self) -> Frontier:
        session = self.session
        due = session.state.due_hosts(session.selection, self._now(), self._run)
        self.planned = sum(host.count for host in due)
        if session.selection.limit:
            self.planned = min(self.planned, session.selection.limit)
        return Frontier(
            (self._host_plan(host.host, host.count, host.images_only) for host in due),
            self._page,
            newcomer=self._host_plan,
        )

    def _host_plan(self, host: str, left: int = 0, images_only: bool = False) -> HostPlan:
        manners = self.session.configuration.manners(host, images_only=images_only)
        return HostPlan(host, left, manners.delay, manners.connections)

    def _page(self, host: str, after_id: int, limit: int) -> list[DueLink]:
        session = self.session
        return session.state.due_links(
            host, session.selection, self._now(), self._run, after_id, limit
        )

    async def _hand_out(self) -> AsyncIterator[Any]:
        while self.in_flight < self.max_in_flight:
            visit = self.frontier.take(monotonic())
            if visit is None:
                return
            self.in_flight += 1
            if self._is_new(visit) and not self._counts(visit):
                self._landed(visit, asked=False)
                self.frontier.close_all()
                continue
            permission = (
                Permission.ALLOWED
                if visit.purpose is Purpose.ROBOTS
                else self.robots.permission(visit.url)
            )
            match permission:
                case Permission.ALLOWED:
                    yield self._request(visit)
                case Permission.UNKNOWN:
                    self.frontier.park(visit)
                    self.frontier.put(Visit.of_robots(visit))
                    self._landed(visit, asked=False)
                case Permission.DENIED:
                    yield self._not_asked(visit, FailureKind.ROBOTS_DENIED)
                case Permission.UNREACHABLE:
                    yield self._not_asked(visit, FailureKind.ROBOTS_UNREACHABLE)

    def _is_new(self, visit: Visit) -> bool:
        return visit.purpose is Purpose.LINK and not visit.admitted

    def _counts(self, visit: Visit) -> bool:
        """Count a link against `limit`; False where the limit is reached."""
        limit = self.session.selection.limit
        if limit and self.handed_out >= limit:
            return False
        self.handed_out += 1
        visit.admitted = True
        return True

    def _not_asked(self, visit: Visit, kind: FailureKind) -> LinkItem:
        self._landed(visit, asked=False)
        return self._observed(visit, self._failed(visit, kind, None))

    async def _turn(self) -> None:
        """Wait for an answer or for the next host's turn."""
        full = self.in_flight >= self.max_in_flight
        wait = None if full else self.frontier.wait(monotonic())
        try:
            async with asyncio.timeout(wait):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()

    def _request(self, visit: Visit) -> Request:
        return build_request(
            visit,
            user_agent=self.session.configuration.agent,
            callback=self.on_response,
            errback=self.on_failure,
        )

    def _landed(self, visit: Visit, *, asked: bool = True) -> None:
        self.in_flight -= 1
        self.frontier.done(host_of(visit.url), asked=asked)
        self._changed.set()

    def _failed(self, visit: Visit, kind: FailureKind, detail: str | None) -> Observation:
        return failed(visit, kind, detail, now=self._now(), run=self._run)

    def _observed(self, visit: Visit, observation: Observation) -> LinkItem:
        return LinkItem(due=visit.link, observation=observation)

    def _is_retried(self, visit: Visit, response: Response) -> bool:
        """Slow a host down or speed it up by its answer, and retry what may pass (RULES 2)."""
        host, now = host_of(visit.url), monotonic()
        if response.status not in _SLOW_DOWN and response.status not in _RETRIED_STATUSES:
            self.frontier.speed_up(host)
            return False
        politeness = self.session.configuration.policy.politeness
        wait = retry_after(response, self._now())
        if response.status in _SLOW_DOWN:
            self.frontier.slow_down(host, wait or 0.0)
        if wait is not None:
            if wait > politeness.longest_wait:
                self.frontier.drop(host)
                return False
            self.frontier.hold_until(host, now + wait)
            return self._retry(visit, wait)
        return response.status in _RETRIED_STATUSES and self._retry(visit)

    def _retry(self, visit: Visit, wait: float | None = None) -> bool:
        manners = self.session.configuration.manners(host_of(visit.url))
        if visit.retries >= manners.retries:
            return False
        if wait is None:
            wait = manners.delay * 2**visit.retries
        visit.retries += 1
        visit.not_before = monotonic() + wait
        visit.again()
        self.frontier.put(visit)
        self.crawler.stats.inc_value("linkhealth/retries")
        return True

    def _robots_answered(self, visit: Visit, response: Response) -> None:
        try:
            target = redirect_target(visit, response, self.longest_chain)
        except RedirectRefusedError:
            self._robots_done(visit, None)
            return
        if target is None:
            self._robots_done(visit, response)
            return
        follow(visit, response, target)
        self.frontier.put(visit)

    def _robots_done(self, visit: Visit, response: Response | None) -> None:
        host = host_of(visit.origin)
        if response is None:
            self.robots.give_up(visit.origin)
        else:
            self.robots.learn(visit.origin, response.status, response.body)
        delay = self.robots.crawl_delay(visit.origin)
        if delay and self.session.configuration.fixed_delay is None:
            self.frontier.set_minimum_delay(host, delay)
        self.frontier.release(host)
        self._changed.set()

    def _now(self) -> Any:
        return self.session.configuration.clock.now()

    @property
    def _run(self) -> int:
        assert self.session.run is not None
        return self.session.run.id


def _open_or_exit(options: dict[str, Any], roles: frozenset[Role]) -> Session:
    try:
        return Session.open({name: str(text) for name, text in options.items()}, os.environ, roles)
    except ConfigurationError as error:
        _exit(ExitCode.CONFIGURATION, error)
    except StateLocked as error:
        _exit(ExitCode.LOCKED, error)
    except StateError as error:
        _exit(ExitCode.ERROR, error)


def _exit(code: ExitCode, error: Exception) -> NoReturn:
    sys.stderr.write(f"linkhealth: {printable(str(error))}\n")
    raise SystemExit(code) from None
