"""The writing of one format from gathered findings, as any process can do it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from crawler.reporting.formats.registry import FORMATS
from crawler.reporting.formats.report_format import ReportContent

if TYPE_CHECKING:
    from crawler.model.report import Report


@dataclass(frozen=True, slots=True)
class FormatTask:
    """Which format is to be written into the new file `into`, from the findings of which file.

    `report` has no streams: it is told of in another process.
    """

    name: str
    report: Report
    findings: Path
    into: Path


class Elsewhere(Protocol):
    """Has tasks done, by other processes where there are any."""

    def __call__(
        self, tasks: Sequence[FormatTask], meanwhile: Callable[[], None]
    ) -> Iterator[FormatTask]:
        """Each task once its file is written, in their order. `meanwhile` is called once the others are at work."""


def write_apart(task: FormatTask) -> FormatTask:
    """Write the file of a task. Raises what writing raises."""
    from crawler.reporting.findings import gathered_in

    # Where the whole is cleared away, and not where a library's files would stay when this process is killed.
    tempfile.tempdir = str(task.into.parent)
    with gathered_in(task.findings) as findings, task.into.open("w+b") as stream:
        FORMATS[task.name].write(ReportContent(task.report, findings), stream)
    return task


def without_streams(report: Report) -> Report:
    """The report with its counts and what is held back, but no rows: it can be pickled."""
    return replace(report, urls=_nothing, articles=_nothing, related_places=_nothing)


def _nothing() -> Iterator[Any]:
    return iter(())
