"""What Scrapy logs of answers and items: an item that a pipeline failed at is told by the crawl, once and with its number."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from scrapy.logformatter import LogFormatter

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.http import Response
    from scrapy.logformatter import LogFormatterResult
    from twisted.python.failure import Failure


_logger = logging.getLogger("scrapy.core.engine")
"""Who writes the line of an answer."""


class LogLines(LogFormatter):
    """Scrapy's, with each item's traceback at the level of what is looked for by hand."""

    def crawled(  # type: ignore[override]  # None: no line
        self, request: Request, response: Response, spider: Spider
    ) -> LogFormatterResult | None:
        """The line of one answer, where it is asked for: most would be made for nothing."""
        return (
            super().crawled(request, response, spider)
            if _logger.isEnabledFor(logging.DEBUG)
            else None
        )

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
