r"""A report format: what a newcomer adds to write the report in another form.

A format is a module in this folder with a function `write`, an entry in `FORMATS` (`registry.py`), and a
row in docs/reports.md. The shortest one, `text_report.py`:

>>> def write(content: ReportContent, path: Path) -> None:
...     with path.open("x", encoding="utf-8") as stream:
...         for finding in content.findings.in_file_order():
...             stream.write(f"{finding.path}:{finding.line}: {finding.reason}\n")

and its entry, by which `--format txt` writes `report.txt`:

>>> ReportFormat("txt", module="text_report").file_name
'report.txt'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from crawler.model.thumbnail import NO_THUMBNAILS, Thumbnail
from crawler.reporting.formats.extra import Extra

if TYPE_CHECKING:
    from crawler.model.report import Report
    from crawler.reporting.findings import Findings


@dataclass(frozen=True, slots=True)
class ReportContent:
    """What a format writes: the report as two streams, the findings gathered from it, the thumbnails.

    `thumbnails` are by the article's path and the URL as it stands there. `gathered` is None where no
    chosen format needs findings.
    """

    report: Report
    gathered: Findings | None = None
    thumbnails: Mapping[tuple[str, str], Thumbnail] = field(default_factory=lambda: NO_THUMBNAILS)

    @property
    def findings(self) -> Findings:
        """The findings in order. Raises LookupError where no chosen format says that it needs them."""
        if self.gathered is None:
            raise LookupError("no findings were gathered: the format says that it needs none")
        return self.gathered


class Writer(Protocol):
    """The function `write` of a format's module."""

    def __call__(self, content: ReportContent, path: Path) -> None:
        """Write the new file `path`, in flat memory: what is read is gone when it is written.

        The caller puts the file in its place, or removes it where this raises.
        """


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """One format. `name` is what `--format` takes, and the file's extension.

    `module` in this folder holds the writer. It is loaded when a report is written, not before: every
    command asks for the names alone, at each start. `extra` is what has to be installed for it.
    `is_default` says that it is written where no format is asked for, `needs_findings` that it shows
    `content.findings` (else only the report's streams), `shows_thumbnails` that it shows those.
    """

    name: str
    module: str
    extra: Extra | None = None
    is_default: bool = False
    needs_findings: bool = True
    shows_thumbnails: bool = False

    @property
    def file_name(self) -> str:
        """The name of the file in the folder of reports."""
        return f"report.{self.name}"

    def check(self) -> None:
        """Raises MissingExtraError where a library that it needs is not installed."""
        if self.extra is not None:
            self.extra.load()

    def write(self, content: ReportContent, path: Path) -> None:
        """Write the new file `path`. Raises OSError, MissingExtraError, and whatever reading raises."""
        module = import_module(f"crawler.reporting.formats.{self.module}")
        cast("Writer", module.write)(content, path)
