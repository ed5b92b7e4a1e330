"""The end of a crawl that Scrapy begins by itself: CLOSESPIDER_TIMEOUT and its like, or an extension of a user's own.

It ends when nothing is under way, and looks for that at the answers that go through its scraper. Ours do not (ADR 46).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.crawler import Crawler


def is_ending(crawler: Crawler) -> bool:
    """Whether Scrapy ends the crawl: no further request may go out, and no item be made."""
    slot = getattr(crawler.engine, "_slot", None)
    return slot is None or slot.closing is not None


def look_for_end(crawler: Crawler) -> None:
    """Have Scrapy look whether its items have come to their end, where it waits for that."""
    assert crawler.engine is not None
    scraper = crawler.engine.scraper
    closing = scraper.slot.closing if scraper.slot is not None else None
    if closing is not None and not closing.called:
        scraper._check_if_closing()  # noqa: SLF001 - Scrapy itself does so after each answer
