"""Pipeline 900: when the crawl has ended, bring the articles' blocks up to date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crawler.fetching.progress import Progress
from crawler.write_back import write_back
from pipelines.base import Pipeline

if TYPE_CHECKING:
    from crawler.fetching.item import LinkItem


class WriteBackPipeline(Pipeline):
    """Writes from committed state, so an interrupted crawl simply leaves it to the next run."""

    def process_item(self, item: LinkItem) -> LinkItem:
        """Nothing to do for one URL: an article's block shows all of its links together."""
        return item

    def close_spider(self) -> None:
        """Write what has changed, unless the user asked the crawl to stop."""
        if self.session.run is None or not self._crawler.engine.running:
            return
        progress = self._crawler.get_extension(Progress)
        outcome = write_back(self.session, progress.writing if progress else None)
        self.stats.set_value("linkhealth/files_written", len(outcome.written))
        self.stats.set_value("linkhealth/files_refused", len(outcome.refused))
