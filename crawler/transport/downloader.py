"""Scrapy's downloader without its queues: whose turn it is has been decided before a request is made (docs/adr/0046).

Scrapy has a slot with a queue of its own for each host.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scrapy import signals
from scrapy.core.downloader import Downloader
from scrapy.utils.defer import deferred_from_coro
from scrapy.utils.python import without_none_values

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from twisted.internet.defer import Deferred


class StraightDownloader(Downloader):
    """A request goes through the downloader middlewares to its handler at once.

    It gets the headers of `DEFAULT_REQUEST_HEADERS` that it lacks. Counts under the names of Scrapy's own statistics.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._defaults = without_none_values(crawler.settings.getdict("DEFAULT_REQUEST_HEADERS"))
        self._stats = crawler.stats

    def fetch(self, request: Request, spider: Spider | None = None) -> Deferred[Response | Request]:  # noqa: ARG002 - Scrapy's interface
        """The answer to a request, or what a middleware puts in its place."""
        self.active.add(request)
        return deferred_from_coro(self._fetched(request))

    async def _fetched(self, request: Request) -> Response | Request:
        try:
            return await self.middleware.download_async(self._download_now, request)
        finally:
            self.active.remove(request)

    async def _download_now(self, request: Request) -> Response:
        for name, value in self._defaults.items():
            request.headers.setdefault(name, value)
        self._stats.inc_value("downloader/request_count")
        self.signals.send_catch_log(
            signals.request_reached_downloader, request=request, spider=self.crawler.spider
        )
        response = await self.handlers.download_request_async(request)
        self._stats.inc_value("downloader/response_count")
        self._stats.inc_value(f"downloader/response_status_count/{response.status}")
        return response
