"""How far the writing of reports has come, in words for a status line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from crawler.model.report import Report

_Entry = TypeVar("_Entry")
_EVERY = 20
"""Entries between two words: asking for the time at each would take longer than some of them."""

Tell = Callable[[str], None]


@dataclass(slots=True)
class ReportProgress:
    """Tells which file is being written, and how many URLs and articles have been read for it."""

    tell: Tell
    file: str = ""

    def begin(self, file: str) -> None:
        """A file is begun."""
        self.file = file
        self.tell(f"writing {file}")

    def watched(self, report: Report) -> Report:
        """The report, which tells how far its streams have been read."""
        urls, articles = report.summary.urls, report.summary.articles
        return replace(
            report,
            urls=lambda: self._each(report.urls(), f"of {urls:,} URLs"),
            articles=lambda: self._each(report.articles(), f"of {articles:,} articles"),
        )

    def _each(self, entries: Iterator[_Entry], of: str) -> Iterator[_Entry]:
        for number, entry in enumerate(entries, start=1):
            if number % _EVERY == 0:
                self.tell(f"writing {self.file}: {number:,} {of}")
            yield entry
