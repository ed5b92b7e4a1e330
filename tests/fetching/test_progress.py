from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from scrapy.exceptions import NotConfigured
from scrapy.utils.test import get_crawler

from crawler.crawl.crawl_progress import CrawlProgress
from crawler.fetching import progress as module
from crawler.fetching.progress import Progress
from crawler.reporting.status_line import ELSEWHERE

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Loop:
    """The looping call, called by hand."""

    def __init__(self, call: Callable[[], None]) -> None:
        self.call = call
        self.interval: float | None = None

    @property
    def running(self) -> bool:
        return self.interval is not None

    def start(self, interval: float, *, now: bool) -> None:
        assert not now, "a short run stays quiet"
        self.interval = interval

    def stop(self) -> None:
        assert self.running
        self.interval = None


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    moment = [1_000.0]
    monkeypatch.setattr(module, "monotonic", lambda: moment[0])
    monkeypatch.setattr(module, "create_looping_call", Loop)
    monkeypatch.delenv("CI", raising=False)
    return moment


def crawler_of(spider: Any) -> Crawler:
    crawler = get_crawler()
    crawler.spider = spider
    crawler.stats.set_value("linkhealth/verdict/broken", 5)
    crawler.stats.set_value("linkhealth/verdict/dead", 2)
    return crawler


@dataclass
class Crawling:
    """A crawl that has come so far."""

    progress: CrawlProgress

    def progress_line(self, gone: int) -> str:
        return self.progress.sentence(gone)


def spider_of(progress: CrawlProgress) -> SimpleNamespace:
    return SimpleNamespace(crawl=Crawling(progress))


MIDWAY = CrawlProgress(
    has_begun=True, visited=1_234, planned=9_182, in_flight=16, waiting_hosts=1_001
)
CRAWLING = spider_of(MIDWAY)


def test_a_terminal_shows_one_line_that_is_written_over(now: list[float]) -> None:
    stream = Terminal()
    progress = Progress(crawler_of(CRAWLING), stream)
    progress.begin()
    now[0] += 61.5
    progress.show()
    line = "linkhealth: 1,234 of 9,182 links visited, 7 broken, 16 under way, 1,001 hosts waiting"
    assert stream.getvalue().startswith("\r\x1b[2K" + line[:60])
    assert "\n" not in stream.getvalue()
    progress.end()
    assert stream.getvalue().endswith("\r\x1b[2K"), "the line is clean again"


def test_a_terminals_line_never_wraps(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    stream = Terminal()
    Progress(crawler_of(CRAWLING), stream).show()
    assert len(stream.getvalue().removeprefix("\r\x1b[2K")) == 19


def test_elsewhere_whole_lines_are_written_and_rarely(now: list[float]) -> None:
    stream = io.StringIO()
    progress = Progress(crawler_of(CRAWLING), stream)
    progress.begin()
    assert progress._loop.interval == ELSEWHERE
    now[0] += 61.5
    progress.show()
    assert stream.getvalue() == (
        "linkhealth: 1,234 of 9,182 links visited, 7 broken, 16 under way, "
        "1,001 hosts waiting, 1:01\n"
    )
    progress.end()
    assert "\x1b" not in stream.getvalue()


def test_a_pseudo_terminal_of_ci_is_none(now: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    stream = Terminal()
    Progress(crawler_of(CRAWLING), stream).show()
    assert stream.getvalue().endswith("\n")


@pytest.mark.parametrize(
    ("spider", "seen"),
    [(spider_of(CrawlProgress(files_read=4_958)), "4,958"), (None, "0")],
)
def test_while_files_are_read_it_counts_them(now: list[float], spider: Any, seen: str) -> None:
    stream = io.StringIO()
    Progress(crawler_of(spider), stream).show()
    assert stream.getvalue() == f"linkhealth: {seen} files read, 0:00\n"


def test_a_run_that_waits_for_the_network_says_so(now: list[float]) -> None:
    stream = io.StringIO()
    Progress(crawler_of(spider_of(replace(MIDWAY, next_look=300.0))), stream).show()
    said = "linkhealth: the network seems to be down, next look in 300 s, 0:00\n"
    assert stream.getvalue() == said
    Progress(crawler_of(CRAWLING), stream).show()
    assert "1,234 of 9,182 links visited" in stream.getvalue()


def test_files_written_are_shown_when_it_is_time(now: list[float]) -> None:
    stream = io.StringIO()
    progress = Progress(crawler_of(CRAWLING), stream)
    progress.writing(1, 4_958)
    assert stream.getvalue() == ""
    now[0] += ELSEWHERE
    progress.writing(2_000, 4_958)
    progress.writing(2_001, 4_958)
    assert stream.getvalue() == "linkhealth: 2,000 of 4,958 files written, 0:30\n"


def test_ending_before_it_began_is_fine(now: list[float]) -> None:
    stream = io.StringIO()
    Progress(crawler_of(CRAWLING), stream).end()
    assert stream.getvalue() == ""


def test_a_setting_turns_it_off(now: list[float]) -> None:
    with pytest.raises(NotConfigured):
        Progress.from_crawler(get_crawler(settings_dict={"LINKHEALTH_PROGRESS": False}))
    crawler = get_crawler(settings_dict={"LINKHEALTH_PROGRESS": True})
    assert isinstance(Progress.from_crawler(crawler), Progress)
