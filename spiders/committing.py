"""Committing visits: they are judged and recorded together, then each goes through the pipelines by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import TYPE_CHECKING

from pydispatch.dispatcher import (  # type: ignore[import-untyped]
    getAllReceivers,
    liveReceivers,
)
from scrapy import signals
from scrapy.extensions.corestats import CoreStats
from scrapy.utils.misc import load_object

from crawler.crawl.pending_results import Seen
from crawler.crawl.unrecorded import Unrecorded
from crawler.fetching.link_item import LinkItem
from crawler.model.observation import Observation
from crawler.operations.judging import Judged, judge_visits
from crawler.session import Session
from crawler.settings import ITEM_PIPELINES as PIPELINES
from crawler.state import StateError
from spiders.ending import is_ending, look_for_end

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_LONGEST_TURN = 0.02
"""Seconds of pipelines after which answers are read: each turn of the loop asks the kernel for every socket."""


def are_items_read(crawler: Crawler) -> bool:
    """Whether anybody gets to see the items of a crawl: a feed, a pipeline that is not ours, or who listens for them."""
    pipelines = crawler.settings.get_component_priority_dict_with_base("ITEM_PIPELINES")
    ours = {load_object(path) for path in PIPELINES}
    listening = liveReceivers(getAllReceivers(crawler, signals.item_scraped))
    others = [one for one in listening if not isinstance(getattr(one, "__self__", None), CoreStats)]
    return bool(
        crawler.settings.getdict("FEEDS") or others or {*map(load_object, pipelines)} - ours
    )


class Committing:
    """Commits the visits of one crawl. `unrecorded` gets those that our own code fails at.

    Where nobody reads the items, none are made: the pipelines before write-back are for feeds.
    """

    def __init__(self, crawler: Crawler, session: Session, unrecorded: Unrecorded) -> None:
        self._crawler = crawler
        self._session = session
        self._unrecorded = unrecorded
        self._gave_way_at = 0.0
        self._makes_items = are_items_read(crawler)

    async def commit(self, visits: Sequence[Seen]) -> None:
        """Commit visits, each of another link: a committed one survives a kill. Raises `StateError`."""
        stats = self._crawler.stats
        for judged, seen in self._judged(visits):
            stats.inc_value(f"linkhealth/verdict/{judged.link.verdict.kind.value}")
            if not self._makes_items:
                stats.inc_value("item_scraped_count")
            elif not is_ending(self._crawler):
                await self._send(judged, seen)
        look_for_end(self._crawler)
        await self._give_way()

    async def _send(self, judged: Judged, seen: Observation) -> None:
        """Send an item through all pipelines to the end."""
        change = judged.change.value if judged.change else None
        item = LinkItem(observation=seen, link=judged.link, own=judged.own, change=change)
        assert self._crawler.engine is not None
        await self._crawler.engine.scraper.start_itemproc_async(item, response=None)
        await self._give_way()

    def _judged(self, visits: Sequence[Seen]) -> Iterator[tuple[Judged, Observation]]:
        """What was made of each; where our own code fails at one, each is judged by itself (rule B12)."""
        try:
            judged = judge_visits(self._session, [(due.id, seen) for due, seen in visits])
        except StateError:
            raise
        except Exception as error:  # noqa: BLE001 - counted, told at the end, and it decides the exit code
            if len(visits) == 1:
                self._unrecorded.note(visits[0][1].url, error)
                return
            for one in visits:
                yield from self._judged([one])
            return
        yield from zip(judged, (seen for _, seen in visits), strict=True)

    async def _give_way(self) -> None:
        # Pipelines wait for nothing: a window of commits would run into the time-outs of requests.
        if monotonic() - self._gave_way_at > _LONGEST_TURN:
            await asyncio.sleep(0)
            self._gave_way_at = monotonic()
