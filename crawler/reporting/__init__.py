"""Reports: verdicts and checks as files that a program or an editor reads (docs/reports.md).

What writes them loads when it is needed: commands ask here for names alone, at each start.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from crawler.model.thumbnail import NO_THUMBNAILS, Thumbnail

if TYPE_CHECKING:
    from crawler.model.report import Report
    from crawler.reporting.findings import Findings

from crawler.reporting.formats.missing_extra import MissingExtraError

__all__ = ["Format", "MissingExtraError", "write"]


class Format(StrEnum):
    """The formats of a report; the values are what `--format` takes."""

    JSON = "json"
    CSV = "csv"
    HTML = "html"
    XLSX = "xlsx"

    @property
    def by_default(self) -> bool:
        """Whether it is written where no format is asked for: a workbook needs an extra."""
        return self is not Format.XLSX

    @property
    def needs_findings(self) -> bool:
        """Whether it shows rows to decide; the others stream what the state knows."""
        return self is not Format.JSON

    def check(self) -> None:
        """Raises MissingExtraError where a library that it needs is not installed."""
        if self is Format.XLSX:
            from crawler.reporting.formats.xlsx_report import openpyxl_or_error

            openpyxl_or_error()

    @property
    def file_name(self) -> str:
        """The name of the file in the folder of reports."""
        return f"report.{self.value}"


def write(
    report: Report,
    formats: Iterable[Format],
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
        findings: Findings | None = None
        if any(chosen.needs_findings for chosen in wanted):
            findings = stack.enter_context(gathered(report))
        for chosen, path in zip(wanted, paths, strict=True):
            if chosen is Format.HTML:
                _write_html(report, findings, path, thumbnails)
            else:
                _WRITERS[chosen](report, findings, path)
    return paths


def _write_json(report: Report, _findings: Findings | None, path: Path) -> None:
    from crawler.reporting.formats import json_report

    with _replaced(path, "utf-8") as stream:
        json_report.write_json(report, stream)


def _write_csv(_report: Report, findings: Findings | None, path: Path) -> None:
    from crawler.reporting.formats import csv_report

    assert findings is not None
    with _replaced(path, csv_report.ENCODING) as stream:
        csv_report.write_csv(findings, stream)


def _write_xlsx(_report: Report, findings: Findings | None, path: Path) -> None:
    from crawler.reporting.formats import xlsx_report

    assert findings is not None
    with _replaced_file(path) as temporary:
        xlsx_report.write_xlsx(findings, temporary)


def _write_html(
    report: Report,
    findings: Findings | None,
    path: Path,
    thumbnails: Mapping[tuple[str, str], Thumbnail],
) -> None:
    from crawler.reporting.formats import html_report

    assert findings is not None
    with _replaced(path, "utf-8") as stream:
        html_report.write_html(report, findings, stream, thumbnails)


_WRITERS: dict[Format, Callable[[Report, Findings | None, Path], None]] = {
    Format.JSON: _write_json,
    Format.CSV: _write_csv,
    Format.XLSX: _write_xlsx,
}


@contextmanager
def _replaced(path: Path, encoding: str) -> Iterator[TextIO]:
    """A stream whose text replaces `path` at the end, or leaves no trace where that fails."""
    with (
        _replaced_file(path) as temporary,
        temporary.open("x", encoding=encoding, newline="") as stream,
    ):
        yield stream


@contextmanager
def _replaced_file(path: Path) -> Iterator[Path]:
    """A file to make that replaces `path` at the end, or leaves no trace where that fails."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
