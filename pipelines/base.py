"""The base of every pipeline: access to the session and the statistics of the crawl."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from scrapy.exceptions import DropItem

from crawler.model.check import LinkedReference
from crawler.session import Session

if TYPE_CHECKING:
    from typing import Self

    from scrapy.crawler import Crawler
    from scrapy.statscollectors import StatsCollector

    from crawler.fetching.link_item import LinkItem


class Pipeline:
    """A pipeline with access to the session of the running spider."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way of making a component."""
        return cls(crawler)

    @property
    def session(self) -> Session:
        """The collection that is being crawled."""
        session = getattr(self._crawler.spider, "session", None)
        assert isinstance(session, Session)
        return session

    @contextmanager
    def using_state(self, item: LinkItem) -> Iterator[None]:
        """A block in which an error of the state ends the run, and drops the item without a line of its own."""
        with self.session.keeping_fault():
            yield
        if self.session.fault is not None:
            raise DropItem(item.observation.url, log_level="DEBUG")

    @property
    def stats(self) -> StatsCollector:
        """Scrapy's statistics; counts of ours have names under `linkhealth/`."""
        return self._crawler.stats


def linked(item: LinkItem) -> Iterator[LinkedReference]:
    """The references of an item that are articles' own (scope), with its link."""
    for known in item.own:
        yield LinkedReference(known.reference, item.link)


def exported(path: str, finding: Any) -> dict[str, Any]:
    """A finding as a feed shows it: the article's path, then its own fields."""
    return {"path": path, **asdict(finding)}
