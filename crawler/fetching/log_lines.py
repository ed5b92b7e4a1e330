"""What Scrapy logs of items: an item that a pipeline failed at is told by the crawl, once and with its number."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


class LogLines(LogFormatter):
    """Scrapy's, with each item's traceback at the level of what is looked for by hand."""

    def item_error(
        self,
        item: Any,
        exception: BaseException,
        response: Response | Failure | None,
        spider: Spider,
    ) -> LogFormatterResult:
        """The line of one item."""
        line = super().item_error(item, exception, response, spider)
        line["level"] = logging.DEBUG
        return line
