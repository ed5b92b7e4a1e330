"""Drives a crawl without Scrapy, on a clock of its own: time passes only where the crawl waits."""

from __future__ import annotations

import asyncio
import heapq
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from crawler.configuration import Clock
from crawler.crawl.crawl import Crawl, CrawlOptions
from crawler.crawl.steps import Ask, Commit, Step, Stop, Wait
from crawler.fetching.answer import Answer
from crawler.fetching.certificate_probes import Certificates
from crawler.fetching.visit import Visit
from crawler.model.link import Link
from crawler.model.observation import FailureKind
from crawler.operations.judging import judge_visits
from crawler.rules.outage.windows import WindowFinding
from crawler.session import Session
from crawler.transport.resolver import Resolver
from tests.end_to_end.collection import article

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATENCY = 0.2
"""Seconds until an answer is there."""
MOST_STEPS = 5_000
"""Of the runs here none takes a fifth of that."""
PAGE = (
    b"<html><head><title>A title</title>"
    b'<meta property="article:published_time" content="2019-03-04"></head><p>Words.'
)
NO_ROBOTS = Answer(404)

Given = Answer | FailureKind
"""What a server does: an answer, or none."""


def page(body: bytes = PAGE) -> Answer:
    """A page that answers as itself."""
    return Answer(200, {b"content-type": b"text/html; charset=utf-8"}, body)


def redirect(location: str, status: int = 301) -> Answer:
    return Answer(status, {b"location": location.encode()})


def robots(text: str) -> Answer:
    return Answer(200, {b"content-type": b"text/plain"}, text.encode())


@dataclass(frozen=True)
class Request:
    """A request that was made; `at` is seconds since the run began."""

    at: float
    url: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


@dataclass
class Web:
    """What is at each URL, in turn where there are several; the last stays. `down` overrules everything.

    Where `at_once` is not None an answer is there before the next request goes out, and each takes so many seconds of
    the crawl's own work: the hosts are always ready, and the crawl never waits.
    """

    answers: dict[str, Given | Sequence[Given]] = field(default_factory=dict)
    down: FailureKind | None = None
    latency: float = LATENCY
    at_once: float | None = None
    _asked: Counter[str] = field(default_factory=Counter)

    def answer(self, url: str) -> Given:
        if self.down is not None:
            return self.down
        given = self.answers.get(url, NO_ROBOTS if url.endswith("/robots.txt") else page())
        if isinstance(given, Answer | FailureKind):
            return given
        nth = self._asked[url]
        self._asked[url] += 1
        return given[min(nth, len(given) - 1)]


class Run(AbstractContextManager["Run"]):
    """One run of a crawl over a folder, against a web, in no time."""

    def __init__(
        self,
        folder: Path,
        web: Web,
        *,
        begins: float = 0.0,
        options: CrawlOptions | None = None,
        addresses: Callable[[str], Collection[str]] | None = None,
        **arguments: str,
    ) -> None:
        self.web = web
        self.requests: list[Request] = []
        self.committed: list[str] = []
        self.commits: list[tuple[int, int]] = []
        """For each commit the requests that were made before it, and the visits that were staged then."""
        self.waits: list[float] = []
        self.most_in_flight = 0
        self.finding: WindowFinding | None = None
        self._begins = self._now = begins
        self._under_way: list[tuple[float, int, Visit, Given]] = []
        self._order = count()
        given = {"content": str(folder), **arguments}
        self.session = Session.open(given, {"LINKHEALTH_PROCESSES": "1"})
        self.session.configuration = replace(
            self.session.configuration,
            clock=Clock(START + timedelta(seconds=begins), self._seconds),
        )
        resolver = Resolver(
            None,
            connect_to=self.session.configuration.connect_to,
            allow_private=False,
            timeout=1.0,
        )
        self._certificates = Certificates(resolver, None)
        self.crawl = Crawl(
            self.session,
            options or CrawlOptions(),
            self._certificates,
            self._seconds,
            addresses=addresses,
        )

    def __exit__(self, *_: object) -> None:
        self._certificates.close()
        self.session.close()

    @property
    def seconds(self) -> float:
        """How long the run has taken, by its own clock."""
        return self._now - self._begins

    def to_its_end(self) -> Self:
        """Carry out every step and close."""
        for _ in self.crawl.take_in():
            pass
        for number, step in enumerate(self.crawl.steps()):
            assert number < MOST_STEPS, "the crawl does not end"
            self.carry_out(step)
        self.crawl.close("finished", len(self.requests))
        return self

    def carry_out(self, step: Step) -> None:
        """Carry out one step."""
        match step:
            case Ask(visit):
                self._ask(visit)
            case Commit(visits):
                judge_visits(self.session, [(due.id, seen) for due, seen in visits])
                self.committed += [seen.url for _, seen in visits]
                self.commits += [(len(self.requests), self.crawl.waiting)] * len(visits)
            case Wait(seconds):
                self._wait(seconds)
            case Stop(finding):
                self.finding = finding

    def link(self, url: str) -> Link:
        """A link as the run leaves it."""
        link = self.session.state.link_by_url(url)
        assert link is not None, url
        return link

    def verdict(self, url: str) -> tuple[str, str]:
        verdict = self.link(url).verdict
        return verdict.kind.value, verdict.reason

    def asked(self, url: str) -> list[float]:
        """When a URL was asked."""
        return [request.at for request in self.requests if request.url == url]

    def of_host(self, host: str) -> list[float]:
        """When a host was asked for anything."""
        return [request.at for request in self.requests if request.host == host]

    def pages(self) -> list[str]:
        """What was asked for, without robots.txt."""
        return [one.url for one in self.requests if not one.url.endswith("/robots.txt")]

    def _seconds(self) -> float:
        return self._now

    def _ask(self, visit: Visit) -> None:
        leaves = self._leave(visit)
        self.requests.append(Request(round(leaves - self._begins, 6), visit.url))
        answer = self.web.answer(visit.url)
        arrives = leaves + self.web.latency
        heapq.heappush(self._under_way, (arrives, next(self._order), visit, answer))
        self.most_in_flight = max(self.most_in_flight, len(self._under_way))
        if self.web.at_once is not None:
            self._now += self.web.at_once
            self._arrive()

    def _leave(self, visit: Visit) -> float:
        """When the visit's request leaves: the crawl is told so before that, and waits all the same."""
        departure, handed_out = visit.transfer.departure, self._now
        if departure is None:
            return handed_out
        while wait := departure.wait():
            self._now += wait
        departure.left()
        leaves, self._now = self._now, handed_out
        return leaves

    def _wait(self, seconds: float | None) -> None:
        """Let time pass to the next arrival, or to the end of the wait."""
        ends = None if seconds is None else self._now + seconds
        if self._under_way and (ends is None or self._under_way[0][0] <= ends):
            self._now = max(self._now, self._under_way[0][0])
            self._arrive()
            return
        assert ends is not None, "it waits for what cannot come"
        self.waits.append(ends - self._now)
        self._now = ends

    def _arrive(self) -> None:
        _, _, visit, answer = heapq.heappop(self._under_way)
        if isinstance(answer, Answer):
            visit.transfer.status = answer.status
            self.crawl.answered(visit, answer)
        else:
            asyncio.run(self.crawl.failed(visit, answer, "by design"))


def write(folder: Path, urls: Iterable[str], options: str = "") -> Path:
    """A collection with an article for each URL."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, url in enumerate(urls):
        (folder / f"{number:04}.md").write_text(article("A title", web=url), encoding="utf-8")
    if options:
        (folder / ".linkhealth.yml").write_text(options, encoding="utf-8")
    return folder


def crawl(
    folder: Path,
    answers: Mapping[str, Given | Sequence[Given]] | None = None,
    **fields: object,
) -> Run:
    """A run to its end; `fields` as of `Run`. Close it."""
    return Run(folder, Web(dict(answers or {})), **fields).to_its_end()  # type: ignore[arg-type]
