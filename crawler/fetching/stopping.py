"""Ends a crawl at a signal (see `stop_signals`): what is under way may end, within the time of one request."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from scrapy import signals

from crawler.fetching.stop_signals import STOP_SIGNALS

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

AFTER_TIMEOUT = 4.0
"""Seconds beyond the time-out of a request that an ordered end may take."""


class Stopping:
    """A Scrapy extension."""

    def __init__(self, grace: float) -> None:
        self._grace = grace

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Start with the spider, and stay: the end of the process can hang too."""
        stopping = cls(crawler.settings.getfloat("DOWNLOAD_TIMEOUT") + AFTER_TIMEOUT)
        crawler.signals.connect(stopping.begin, signal=signals.spider_opened)
        return stopping

    def begin(self) -> None:
        """From now on a signal ends the crawl in order."""
        STOP_SIGNALS.begin()
        STOP_SIGNALS.cooperate(stop_crawl, self._grace)


def stop_crawl(number: int) -> None:
    """Ask Scrapy to end its crawl, from any thread."""
    from twisted.internet import reactor

    reactor.callFromThread(_hand_on, number)


def _hand_on(number: int) -> None:
    """In the main thread: Scrapy's own handler, which it has set for itself."""
    handler = signal.getsignal(number)
    if callable(handler):
        handler(number, None)
