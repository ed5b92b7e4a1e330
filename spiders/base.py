"""The base of all spiders: it asks the state for what is due and visits it, politely.

`start()` hands out one request at a time, each host when it is that host's turn (see
`crawler.crawl.frontier`); redirects, retries and robots.txt go through the same queue, so that
`DOWNLOAD_DELAY` is 0 and a waiting host holds no slot.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.exceptions import CloseSpider

from crawler.crawl.back_off import Courtesy
from crawler.crawl.frontier import Frontier, HostPlan
from crawler.crawl.outage_watch import Turn
from crawler.crawl.results import Ledger
from crawler.crawl.robots import Permission, Robots
from crawler.crawl.soft_404_probes import Sketching, sketching
from crawler.fetching.certificate_probes import Certificates
from crawler.fetching.image_ranges import Ranges
from crawler.fetching.link_item import LinkItem
from crawler.fetching.observing import (
    RedirectRefusedError,
    answered,
    failed,
    fingerprint,
    follow,
    origin_answer,
    redirect_target,
)
from crawler.fetching.requests import build_request
from crawler.fetching.visit import Purpose, Visit, host_of
from crawler.model.link import DueLink
from crawler.model.observation import FailureKind, Observation
from crawler.model.reference import Role
from crawler.operations.exclusions import apply_exclusions
from crawler.operations.intake import IntakeCount, take_in
from crawler.operations.local_image_visits import look_at_images
from crawler.reporting.console import printable
from crawler.rules.outage.windows import WindowVerdict
from crawler.session import CRAWLED_ROLES, Session
from crawler.transport.failures import classify
from crawler.transport.resolver import Resolver
from spiders.opening import open_or_exit

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.python.failure import Failure


class LinkSpider(Spider):
    """Visits the due links of one collection. Subclasses say which roles."""

    roles: ClassVar[frozenset[Role]] = CRAWLED_ROLES

    frontier: Frontier
    robots: Robots
    ranges: Ranges
    certificates: Certificates

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
        self.ledger: Ledger | None = None
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
        spider = cls(session or open_or_exit(options, cls.roles))
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
        clock = state.last_trusted_clock()
        # Two runs at the same made-up time follow each other, whatever the first one took.
        made_up = configuration.clock.start is not None
        self.session.run = state.start_run(configuration.clock.now())
        self.ledger = Ledger(self.session, clock and clock[0 if made_up else 1])
        obey = self.settings.getbool("ROBOTSTXT_OBEY")
        self.robots = Robots(
            obey=lambda host: obey and configuration.manners(host).respect_robots,
            longest_crawl_delay=configuration.policy.politeness.longest_crawl_delay,
        )
        self.ranges = Ranges(wanted=self.settings.getbool("LINKHEALTH_IMAGE_RANGES"))
        self._resolver = Resolver(
            reactor,
            connect_to=configuration.connect_to,
            allow_private=configuration.allow_private,
            timeout=self.settings.getfloat("DNS_TIMEOUT"),
        )
        self._resolver.install()
        self.certificates = Certificates(self._resolver, configuration.ca_file)
        if configuration.hint is not None:
            self.logger.info("%s", configuration.hint)

    def closed_down(self, reason: str) -> None:
        """End the run; the session is closed by who opened it."""
        if self._resolver is not None:
            self._resolver.uninstall()
            self.certificates.close()
        run = self.session.run
        if run is not None and self.ledger is not None:
            self.ledger.cut_off(self._is_finished)
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
        ledger = self._ledger
        ledger.recover()
        apply_exclusions(self.session)
        for due, seen in look_at_images(self.session):
            await self._commit(due, seen)
        self.frontier = self._plan()
        configuration = self.session.configuration
        longest_wait = configuration.policy.politeness.longest_wait
        self.courtesy = Courtesy(self.frontier, configuration.manners, longest_wait)
        if self.frontier.exhausted:
            return
        ledger.begin(self.planned)
        turn = ledger.watch.begin(monotonic())
        while not turn.ended:
            await self._carry_out(turn)
            async for product in self._hand_out():
                yield product
            turn = ledger.watch.turn(monotonic(), idle=self._is_idle())
            if turn.is_quiet and turn.links is not self.frontier.is_paused:
                await self._turn()
                turn = ledger.watch.turn(monotonic(), idle=False)
        await self._carry_out(turn)
        if turn.stop is not None:
            raise CloseSpider(turn.stop.verdict.value)

    def on_response(self, response: Response, visit: Visit) -> None:
        """An answer came in: follow, retry, or observe."""
        self._landed(visit)
        if visit.purpose is Purpose.ROBOTS:
            self._robots_answered(visit, response)
            return
        if visit.purpose is Purpose.CANARY:
            self._canary_answered(visit, response)
            return
        try:
            target = redirect_target(visit, response, self.longest_chain)
        except RedirectRefusedError as refused:
            self._observed(visit, self._failed(visit, refused.kind, str(refused)))
            return
        if target is not None:
            follow(visit, response, target)
            self.frontier.put(visit)
            return
        if self.courtesy.answered(visit, response, self._now()):
            return
        if self.ranges.goes_on(visit, response):
            self.frontier.put(visit)
            return
        seen = answered(visit, response, now=self._now(), run=self._run)
        sketch = sketching(visit, response.body, seen.content_type)
        self._observed(visit, seen, fingerprint(seen, response), sketch)

    async def on_failure(self, failure: Failure) -> None:
        """No answer: classify, retry what may pass, read on past a bad certificate, observe the rest."""
        request = failure.request  # type: ignore[attr-defined]
        visit: Visit = request.cb_kwargs["visit"]
        host = host_of(visit.url)
        assert self._resolver is not None
        assert failure.value is not None
        kind, detail = classify(failure.value, name_failure=self._resolver.failure_of(host))
        if kind is FailureKind.UNEXPECTED:
            said = printable(visit.url), printable(detail)
            self.logger.error("unexpected failure at %s: %s", *said)
        if visit.purpose is Purpose.CANARY:
            self._landed(visit)
            self._ledger.watch.canary_answered(visit, None, self._failed(visit, kind, detail))
            return
        if self.courtesy.failed(visit, kind):
            self._landed(visit)
            return
        # A probe is a connection to the host: its slot is given back when it has ended.
        explained = await self.certificates.explain(visit, kind)
        self._landed(visit)
        if explained is None:
            visit.again()
            self.frontier.put(visit)
            return
        kind = explained
        if visit.purpose is Purpose.ROBOTS:
            self._robots_done(visit, None)
            return
        self._observed(visit, self._failed(visit, kind, detail))

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
                Permission.ALLOWED if visit.is_urgent else self.robots.permission(visit.url)
            )
            match permission:
                case Permission.ALLOWED:
                    yield self._request(visit)
                case Permission.UNKNOWN:
                    self.frontier.park(visit)
                    self.frontier.put(Visit.of_robots(visit))
                    self._landed(visit, asked=False)
                case Permission.DENIED:
                    self._not_asked(visit, FailureKind.ROBOTS_DENIED)
                case Permission.UNREACHABLE:
                    self._not_asked(visit, FailureKind.ROBOTS_UNREACHABLE)

    def _is_new(self, visit: Visit) -> bool:
        return visit.purpose is Purpose.LINK and not visit.admitted

    def _counts(self, visit: Visit) -> bool:
        """Count a link against `limit`; False where the limit is reached."""
        limit = self.session.selection.limit
        if limit and self.handed_out >= limit:
            return False
        self.handed_out += 1
        visit.admitted = True
        self._ledger.suspects.begun(visit)
        return True

    def _not_asked(self, visit: Visit, kind: FailureKind) -> None:
        self._landed(visit, asked=False)
        self._observed(visit, self._failed(visit, kind, None))

    async def _turn(self) -> None:
        """Wait for an answer, for the next host's turn or for the watch's."""
        now = monotonic()
        full = self.in_flight >= self.max_in_flight
        waits = [None if full else self.frontier.wait(now), self._ledger.watch.wait(now)]
        wait = min((seconds for seconds in waits if seconds is not None), default=None)
        try:
            async with asyncio.timeout(wait):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()

    def _request(self, visit: Visit) -> Request:
        if visit.purpose is not Purpose.CANARY:
            # What a canary says in doubt is no sign that the network is well.
            self.certificates.prepare(visit)
        self.ranges.prepare(visit)
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

    def _observed(
        self,
        visit: Visit,
        seen: Observation,
        mark: str | None = None,
        sketch: Sketching | None = None,
    ) -> None:
        """A visit has come to its end; it counts when its window has been judged."""
        self._put(self._ledger.note(visit, seen, mark, sketch))

    def _put(self, visits: Iterable[Visit]) -> None:
        for visit in visits:
            self.frontier.put(visit)

    def _is_idle(self) -> bool:
        """Whether nothing is left to visit and nothing under way, siblings of suspects included."""
        at_end = self.in_flight == 0 and self.frontier.exhausted
        self._put(self._ledger.end_hosts(lambda host: at_end or self._is_finished(host)))
        if not at_end or not self.frontier.exhausted:
            return False
        self._ledger.flush()
        further = self._ledger.candidates()
        self.planned += len(further)
        self._put(further)
        return not further

    def _is_finished(self, host: str) -> bool:
        frontier = getattr(self, "frontier", None)
        return frontier is None or frontier.is_finished(host)

    # the network (docs/outage.md) ------------------------------------------------------------

    async def _carry_out(self, turn: Turn) -> None:
        self._put(turn.canaries)
        if turn.release is not None:
            await self._release(turn.release)
        if turn.links:
            self.frontier.resume()
        else:
            self.frontier.pause()

    async def _release(self, verdict: WindowVerdict) -> None:
        """Commit a window through the pipelines, each visit at its end."""
        watch = self._ledger.watch
        if verdict is WindowVerdict.TRUSTED:
            self.session.state.note_origin_answers(watch.trusted_answers())
        else:
            self.logger.info("%s", watch.finding.sentence)
            self.robots.forget()
        for due, seen in self._ledger.released(verdict, self._is_finished):
            await self._commit(due, seen)

    async def _commit(self, due: DueLink, seen: Observation) -> None:
        engine = self.crawler.engine
        assert engine is not None
        item = LinkItem(due=due, observation=seen)
        await engine.scraper.start_itemproc_async(item, response=None)

    def _canary_answered(self, visit: Visit, response: Response) -> None:
        answer = origin_answer(visit, response)
        end = answer.final_url or visit.url
        seen = Observation(visit.url, self._now(), self._run, answer.status, final_url=end)
        self._ledger.watch.canary_answered(visit, answer, seen)
        if answer.final_url is None:
            self._learn(visit.origin, response)

    # robots.txt ------------------------------------------------------------------------------

    def _robots_answered(self, visit: Visit, response: Response) -> None:
        if not visit.hops:
            self._ledger.watch.origin_answered(visit.origin, origin_answer(visit, response))
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
        if response is None:
            self.robots.give_up(visit.origin)
        else:
            self._learn(visit.origin, response)
        self.frontier.release(host_of(visit.origin))
        self._changed.set()

    def _learn(self, origin: str, response: Response) -> None:
        self.robots.learn(origin, response.status, response.body)
        delay = self.robots.crawl_delay(origin)
        if delay and self.session.configuration.fixed_delay is None:
            self.frontier.set_minimum_delay(host_of(origin), delay)

    def _now(self) -> Any:
        return self.session.configuration.clock.now()

    @property
    def _ledger(self) -> Ledger:
        assert self.ledger is not None
        return self.ledger

    @property
    def _run(self) -> int:
        assert self.session.run is not None
        return self.session.run.id
