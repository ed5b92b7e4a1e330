r"""A report format: the module and entry to add so that the report is written in another form.

A format is a module in this folder with a function `write`, an entry in `FORMATS` (`registry.py`), and a
row in docs/reports.md. The shortest one, `text_report.py`:

>>> def write(content: ReportContent, stream: BinaryIO) -> None:
...     for finding in content.findings.in_file_order():
...         stream.write(f"{finding.path}:{finding.line}: {finding.reason}\n".encode())

and its entry, by which `--format txt` writes `report.txt`:

>>> ReportFormat("txt", module="text_report").file_name
'report.txt'
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING, BinaryIO, Protocol, TextIO, cast

from crawler.model.format_name import DEFAULT_FORMATS
from crawler.model.thumbnail import NO_THUMBNAILS, Thumbnail
from crawler.reporting.formats.extra import Extra

if TYPE_CHECKING:
    from crawler.model.report import Report
    from crawler.reporting.findings import Findings
    from crawler.reporting.formats.page_data import PageData


@dataclass(frozen=True, slots=True)
class ReportContent:
    """The input of a format: the report as two streams, the findings gathered from it, the thumbnails.

    `thumbnails` are by the article's path and the URL as it stands there. `gathered` is None where no
    chosen format needs findings, `page` where none needs the data of the page. `review` is the address of the server
    that keeps the decisions of the page, relative to the page's own; None for a report that stands alone.
    """

    report: Report
    gathered: Findings | None = None
    thumbnails: Mapping[tuple[str, str], Thumbnail] = field(default_factory=lambda: NO_THUMBNAILS)
    page: PageData | None = None
    review: str | None = None

    @property
    def findings(self) -> Findings:
        """The gathered findings. Raises LookupError where no chosen format needs them."""
        if self.gathered is None:
            raise LookupError("no findings were gathered: the format says that it needs none")
        return self.gathered

    @property
    def page_data(self) -> PageData:
        """The data of the page. Raises LookupError where no chosen format needs it."""
        if self.page is None:
            raise LookupError(
                "no data were gathered for the page: the format says that it needs none"
            )
        return self.page


class Writer(Protocol):
    """The function `write` of a format's module."""

    def __call__(self, content: ReportContent, stream: BinaryIO) -> None:
        """Write the report into a new file in flat memory: keep no row after it is written.

        The caller opens the file, and moves it to its place or removes it if this raises.
        """


@dataclass(frozen=True, slots=True)
class ReportFormat:
    """One format. `name` is the value that `--format` takes, and the file's extension unless `extension` says another.

    `module` in this folder holds the writer. It is loaded only when a report is written, since every command
    needs the names at each start. `extra` has to be installed for it. `needs_findings`: it reads `content.findings`, not only the report's streams;
    `needs_page`: it reads `content.page_data`; `shows_thumbnails`: it shows the thumbnails. `lists_findings`: it lists every
    finding, which takes so long that another process may do it, and reads none of the report's streams.
    """

    name: str
    module: str
    extra: Extra | None = None
    needs_findings: bool = True
    needs_page: bool = False
    shows_thumbnails: bool = False
    lists_findings: bool = False
    extension: str | None = None

    @property
    def is_default(self) -> bool:
        """Whether it is written where nobody asks for others."""
        return self.name in DEFAULT_FORMATS

    @property
    def file_name(self) -> str:
        """The name of the file in the folder of reports."""
        return f"report.{self.extension or self.name}"

    def check(self) -> None:
        """Raises MissingExtraError if the library that the format needs is not installed."""
        if self.extra is not None:
            self.extra.load()

    def write(self, content: ReportContent, stream: BinaryIO) -> None:
        """Write the report into a new file. Raises OSError, MissingExtraError, and whatever reading raises."""
        module = import_module(f"crawler.reporting.formats.{self.module}")
        cast("Writer", module.write)(content, stream)


@contextmanager
def text_of(stream: BinaryIO, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A file's text, written as it is given: no line end is changed. The file stays open."""
    text = TextIOWrapper(stream, encoding, newline="")
    try:
        yield text
        text.flush()
    finally:
        text.detach()
