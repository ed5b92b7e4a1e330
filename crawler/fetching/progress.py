"""Shows the progress of a long crawl (see `crawler.reporting.status_line`)."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, Protocol, TextIO, runtime_checkable

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

from crawler.reporting.status_line import StatusLine

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler


@runtime_checkable
class Crawling(Protocol):
    """A crawl that says how far it has come."""

    def progress_line(self, gone: int) -> str:
        """The line; `gone` links are broken or dead."""


class Progress:
    """A Scrapy extension; `LINKHEALTH_PROGRESS = False` turns it off."""

    def __init__(self, crawler: Crawler, stream: TextIO) -> None:
        self._crawler = crawler
        self._line = StatusLine(stream, monotonic)
        self._loop = create_looping_call(self.show)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Start with the spider, end with it."""
        if not crawler.settings.getbool("LINKHEALTH_PROGRESS"):
            raise NotConfigured
        progress = cls(crawler, sys.stderr)
        crawler.signals.connect(progress.begin, signal=signals.spider_opened)
        crawler.signals.connect(progress.end, signal=signals.spider_closed)
        return progress

    def begin(self) -> None:
        """Show the first line after one interval: a short run stays quiet."""
        self._line.start()
        self._loop.start(self._line.interval, now=False)

    def end(self) -> None:
        """Leave the terminal's line clean."""
        if self._loop.running:
            self._loop.stop()
        self._line.end()

    def show(self) -> None:
        """Write one line about the crawl."""
        self._line.write(self._text())

    def writing(self, done: int, of: int) -> None:
        """Write one line about files, if it is time: writing leaves no room for the loop."""
        self._line.write_if_due(f"{done:,} of {of:,} files written")

    def _text(self) -> str:
        crawl = getattr(self._crawler.spider, "crawl", None)
        if not isinstance(crawl, Crawling):
            return "0 files read"
        stats = self._crawler.stats
        gone = stats.get_value("linkhealth/verdict/broken", 0) + stats.get_value(
            "linkhealth/verdict/dead", 0
        )
        return crawl.progress_line(gone)
