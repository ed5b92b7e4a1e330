"""Asking: a visit's request goes to Scrapy's downloader at once, and what comes of it to the reception (docs/adr/0046)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from crawler.fetching.network import Network
from crawler.fetching.requests import borne, build_request
from crawler.fetching.visit import Visit
from crawler.session import Session
from spiders.reception import Reception

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response


class Asking:
    """The requests under way of one crawl, each a task."""

    def __init__(
        self, crawler: Crawler, session: Session, network: Network, reception: Reception
    ) -> None:
        self._crawler = crawler
        self._configuration = session.configuration
        self._network = network
        self._reception = reception
        self._under_way: set[asyncio.Task[None]] = set()

    def ask(self, visit: Visit) -> None:
        """Make the visit's next request. What goes wrong before it is on its way is raised: nobody would hear of it later."""
        self._network.prepare(visit)
        sent = borne(visit, self._configuration)
        request = build_request(visit, user_agent=self._configuration.agent, sent=sent)
        task = asyncio.ensure_future(self._answer(visit, request))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def close(self) -> None:
        """Wait for nothing any more: the crawl has ended."""
        for task in self._under_way:
            task.cancel()

    async def _answer(self, visit: Visit, request: Request) -> None:
        engine = self._crawler.engine
        assert engine is not None
        got: Response | Exception
        try:
            got = await engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - each has a name in a table, or is counted as a fault of our own
            got = error
        # Not within the block above: a fault of our own would seem to follow from the failure.
        if isinstance(got, Exception):
            await self._reception.on_failure(visit, got)
        else:
            await self._reception.on_response(visit, got)
