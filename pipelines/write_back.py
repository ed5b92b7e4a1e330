"""Pipeline 900: when the crawl has ended, bring the articles' blocks up to date."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from crawler.fetching.progress import Progress
from crawler.operations.write_back import write_back
from pipelines.base import Pipeline

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from crawler.fetching.link_item import LinkItem


class WriteBackPipeline(Pipeline):
    """Writes from committed state, so an interrupted crawl simply leaves it to the next run."""

    def process_item(self, item: LinkItem) -> LinkItem:
        """Nothing to do for one URL: an article's block shows all of its links together."""
        return item

    def close_spider(self) -> None:
        """Write what has changed, unless the crawl was stopped or could not see the web."""
        crawl = getattr(self._crawler.spider, "crawl", None)
        in_doubt = crawl is not None and not crawl.finding.trusted
        if self.session.run is None or not self._crawler.engine.running or in_doubt:
            return
        progress = self._crawler.get_extension(Progress)
        outcome = write_back(self.session, progress.writing if progress else None)
        self.stats.set_value("linkhealth/files_written", len(outcome.written))
        self.stats.set_value("linkhealth/files_refused", len(outcome.refused))
        self.stats.set_value("linkhealth/files_held", outcome.held)
        if outcome.warning is not None:
            self.stats.set_value("linkhealth/warning", outcome.warning)
            logger.info("%s", outcome.warning)
