"""Formats that list every finding, written by other processes while this one writes the page (ADR 36)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from crawler.model.report import Report
from crawler.operations.work_apart import WorkApart
from crawler.reporting.format_task import Elsewhere, FormatTask, write_apart

WORTH_IT: Final = 1000
"""Articles from which on other processes are faster: each takes a third of a second to start."""


@dataclass(frozen=True, slots=True)
class FormatsApart:
    """Has formats written by at most so many other processes; where one ends for whatever reason, this one writes its format."""

    processes: int

    def __call__(
        self, tasks: Sequence[FormatTask], meanwhile: Callable[[], None]
    ) -> Iterator[FormatTask]:
        """Each task once its file is written, in their order."""

        def items() -> Iterator[FormatTask]:
            yield from tasks
            meanwhile()

        with WorkApart(write_apart, FormatTask, self.processes, worth=len(tasks)) as apart:
            yield from apart.results(items())


def formats_apart(report: Report, processes: int) -> Elsewhere | None:
    """What has formats of a report written elsewhere; None where that is not worth it."""
    is_worth_it = processes > 1 and report.summary.articles >= WORTH_IT
    return FormatsApart(processes) if is_worth_it else None
