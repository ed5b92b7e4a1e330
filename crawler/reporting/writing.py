"""Writes a report into a folder: one file per format, each replaced as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.files import Folder, Place
from crawler.model.thumbnail import NO_THUMBNAILS, Thumbnail
from crawler.reporting.formats.report_format import ReportContent, ReportFormat
from crawler.reporting.leftovers import scratch, sweep
from crawler.reporting.one_pass import OnePass

if TYPE_CHECKING:
    from crawler.model.report import Report
    from crawler.reporting.findings import Findings

_MODE = 0o666
"""Rights of a report before the umask: others may read it."""


def write(
    report: Report,
    formats: Iterable[ReportFormat],
    out: Path | Place,
    thumbnails: Mapping[tuple[str, str], Thumbnail] = NO_THUMBNAILS,
    review: str | None = None,
) -> tuple[Path, ...]:
    """Write `report` into the folder `out` (made where missing), one file per format.

    `thumbnails`, by the article's path and the URL as it stands there, are shown by HTML; for a page that is served,
    `review` is the address of the server that keeps its decisions, relative to the page's own.

    Each file is replaced as a whole or not at all. The paths are in the order of `formats`, each
    once. Memory stays flat however large the report is. Raises OSError where `out` cannot be
    written, LinkedPathError where it is a link below the base of a `Place`, and whatever reading the
    report raises.
    """
    from crawler.reporting.findings import nothing_gathered

    wanted = tuple(dict.fromkeys(formats))
    place = out if isinstance(out, Place) else Place(out)
    with ExitStack() as stack:
        folder = stack.enter_context(made(place))
        sweep(folder)
        stack.enter_context(scratch())
        findings: Findings | None = None
        if any(chosen.needs_findings for chosen in wanted):
            findings = stack.enter_context(nothing_gathered())
        page = None
        if any(chosen.needs_page for chosen in wanted):
            from crawler.reporting.formats.page_data import PageData

            page = PageData()
        reading = OnePass(report, findings, () if page is None else (page,))
        content = ReportContent(reading.report, findings, thumbnails, page, review)
        # What the formats that list every row read is gathered for the others.
        for chosen in sorted(wanted, key=lambda chosen: chosen.needs_findings):
            if chosen.needs_findings:
                reading.finish()
            _replace(folder, chosen, content)
    return tuple(place.path / chosen.file_name for chosen in wanted)


def made(place: Place) -> AbstractContextManager[Folder]:
    """The folder for reports, made where it is missing. Raises OSError, LinkedPathError among them."""
    place.base.mkdir(parents=True, exist_ok=True)
    return Folder.opened(place.base, place.below, make=True)


def _replace(folder: Folder, chosen: ReportFormat, content: ReportContent) -> None:
    """Write one file under a temporary name, which it loses at the end, or which is removed if writing fails."""
    name = chosen.file_name
    with folder.temporary(f".{name}.", ".tmp", _MODE) as (descriptor, temporary):
        with os.fdopen(descriptor, "w+b", closefd=False) as stream:
            chosen.write(content, stream)
        os.fsync(descriptor)
        folder.replace(name, temporary)
