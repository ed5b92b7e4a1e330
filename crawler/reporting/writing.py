"""Writes a report into a folder: one file per format, each replaced as a whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.model.thumbnail import NO_THUMBNAILS, Thumbnail
from crawler.reporting.formats.report_format import ReportContent, ReportFormat
from crawler.reporting.leftovers import scratch, swept

if TYPE_CHECKING:
    from crawler.model.report import Report
    from crawler.reporting.findings import Findings


def write(
    report: Report,
    formats: Iterable[ReportFormat],
    out: Path,
    thumbnails: Mapping[tuple[str, str], Thumbnail] = NO_THUMBNAILS,
) -> tuple[Path, ...]:
    """Write `report` into the folder `out` (made where missing), one file per format.

    `thumbnails`, by the article's path and the URL as it stands there, are shown by HTML.

    Each file is replaced as a whole or not at all. The paths are in the order of `formats`, each
    once. Memory stays flat however large the report is. Raises OSError where `out` cannot be
    written, and whatever reading the report raises.
    """
    from crawler.reporting.findings import gathered

    wanted = tuple(dict.fromkeys(formats))
    out.mkdir(parents=True, exist_ok=True)
    paths = tuple(out / chosen.file_name for chosen in wanted)
    with ExitStack() as stack:
        stack.enter_context(swept(out))
        stack.enter_context(scratch())
        findings: Findings | None = None
        if any(chosen.needs_findings for chosen in wanted):
            findings = stack.enter_context(gathered(report))
        content = ReportContent(report, findings, thumbnails)
        for chosen, path in zip(wanted, paths, strict=True):
            with _replaced(path) as temporary:
                chosen.write(content, temporary)
    return paths


@contextmanager
def _replaced(path: Path) -> Iterator[Path]:
    """A temporary file that replaces `path` at the end, or is removed if writing fails."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
