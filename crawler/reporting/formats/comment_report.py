"""`report.comment.md`: the page of `report.md` as short as a comment on an issue or a pull request has to be."""

from __future__ import annotations

from typing import BinaryIO

from crawler.reporting.formats.markdown_report import page
from crawler.reporting.formats.report_format import ReportContent

MOST_CHARACTERS = 65_536
"""GitHub refuses a longer comment; counted in UTF-16, in which no way of counting comes to more."""
MARK = "<!-- linkhealth -->\n"
"""An HTML comment, by which a job finds the comment that it wrote before."""


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the report into a new file."""
    stream.write((MARK + page(content, MOST_CHARACTERS - len(MARK), _units)).encode())


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
