"""Pipeline 900: when the crawl has ended, bring the articles' blocks up to date."""

from __future__ import annotations

import logging
from contextlib import nullcontext, suppress
from typing import TYPE_CHECKING

from crawler.fetching.progress import Progress
from crawler.fetching.stop_signals import STOP_SIGNALS
from crawler.operations.write_back import Outcome, write_back
from pipelines.base import Pipeline

logger = logging.getLogger(__name__)

if TYPE_CHECKING:
    from crawler.fetching.link_item import LinkItem


class WriteBackPipeline(Pipeline):
    """Writes from committed state. A crawl that was interrupted writes nothing; the next run does."""

    def process_item(self, item: LinkItem) -> LinkItem:
        """The item as it is: an article's block shows all of its links together, so no single URL is written."""
        return item

    def close_spider(self) -> None:
        """Write what has changed, unless the crawl was stopped or its network was down."""
        crawl = getattr(self._crawler.spider, "crawl", None)
        is_outage = crawl is not None and not crawl.finding.trusted
        is_cut_off = self.session.fault is not None or not self._crawler.engine.running
        if self.session.run is None or is_cut_off or is_outage:
            return
        at_end = crawl.unrecorded.at_end() if crawl is not None else nullcontext()
        with at_end, suppress(_StoppedError), self.session.keeping_fault():
            self._note(write_back(self.session, self._tick))

    def _note(self, outcome: Outcome) -> None:
        self.stats.set_value("linkhealth/files_written", len(outcome.written))
        self.stats.set_value("linkhealth/files_refused", len(outcome.refused))
        self.stats.set_value("linkhealth/files_held", outcome.held)
        if outcome.note is not None:
            self.stats.set_value("linkhealth/note", outcome.note)
            logger.info("%s", outcome.note)
        if outcome.warning is not None:
            self.stats.set_value("linkhealth/warning", outcome.warning)
            logger.info("%s", outcome.warning)

    def _tick(self, done: int, of: int) -> None:
        """After each file: show it, and leave the others to the next run where a signal has come."""
        progress = self._crawler.get_extension(Progress)
        if progress is not None:
            progress.writing(done, of)
        if STOP_SIGNALS.asked and done < of:
            raise _StoppedError


class _StoppedError(Exception):
    """A signal has come while files are written; what is planned stays so."""
