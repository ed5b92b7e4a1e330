"""Shows how a long crawl goes on: a status line on a terminal, a plain line every 30 s elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

from scrapy import signals
from scrapy.exceptions import NotConfigured
from scrapy.utils.asyncio import create_looping_call

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler

ON_TERMINAL = 0.5
ELSEWHERE = 30.0
"""Seconds between two lines."""


class Progress:
    """A Scrapy extension; `LINKHEALTH_PROGRESS = False` turns it off."""

    def __init__(self, crawler: Crawler, stream: TextIO) -> None:
        self._crawler = crawler
        self._stream = stream
        # CI systems often offer a pseudo-terminal and then keep every line of it.
        self._live = stream.isatty() and not os.environ.get("CI")
        self._started = self._written = monotonic()
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
        self._started = self._written = monotonic()
        self._loop.start(self._interval, now=False)

    def end(self) -> None:
        """Leave the terminal's line clean."""
        if self._loop.running:
            self._loop.stop()
        if self._live:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()

    def show(self) -> None:
        """Write one line about the crawl."""
        self._write(self._text())

    def writing(self, done: int, of: int) -> None:
        """Write one line about files, if it is time: writing leaves no room for the loop."""
        now = monotonic()
        if now - self._written >= self._interval:
            elapsed = _clock(now - self._started)
            self._write(f"linkhealth: {done:,} of {of:,} files written, {elapsed}")

    @property
    def _interval(self) -> float:
        return ON_TERMINAL if self._live else ELSEWHERE

    def _write(self, text: str) -> None:
        self._written = monotonic()
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            self._stream.write(f"\r\x1b[2K{text[:width]}")
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()

    def _text(self) -> str:
        spider: Any = self._crawler.spider
        elapsed = _clock(monotonic() - self._started)
        frontier = getattr(spider, "frontier", None)
        if frontier is None:
            intake = getattr(spider, "intake", None)
            seen = intake.seen if intake is not None else 0
            return f"linkhealth: {seen:,} files read, {elapsed}"
        stats = self._crawler.stats
        gone = stats.get_value("linkhealth/verdict/broken", 0) + stats.get_value(
            "linkhealth/verdict/dead", 0
        )
        visited = stats.get_value("item_scraped_count", 0)
        return (
            f"linkhealth: {visited:,} of {spider.planned:,} links visited, {gone:,} broken, "
            f"{spider.in_flight} under way, {frontier.waiting_hosts:,} hosts waiting, {elapsed}"
        )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
