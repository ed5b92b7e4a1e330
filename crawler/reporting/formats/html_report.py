"""`report.html`: a tool for editors in one file, opened from anywhere, with no request to anywhere.

The page is a frame, a style, compressed data (`page_data`) and one script of ours (`report.js`). A content security
policy lets nothing run but that script and style, by their hashes. The script puts every text into the document as text
(docs/adr/0031).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, BinaryIO, TextIO

from markupsafe import Markup

from crawler.model.report import Report
from crawler.model.thumbnail import NO_THUMBNAILS, Thumbnail
from crawler.reporting.digest import headline, needing_attention
from crawler.reporting.findings import Findings
from crawler.reporting.formats.page_data import PageData
from crawler.reporting.formats.page_templates import templates
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.written_dates import iso_time, time_in_words

if TYPE_CHECKING:
    from jinja2 import Environment

TEXT_LIMIT = 300
"""Characters of one outside text that the frame shows."""


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the report into a new file."""
    with text_of(stream, "utf-8") as text:
        write_html(
            content.report,
            content.findings,
            content.page_data,
            text,
            content.thumbnails,
            content.review,
        )


def write_html(
    report: Report,
    findings: Findings,
    data: PageData,
    stream: TextIO,
    thumbnails: Mapping[tuple[str, str], Thumbnail] = NO_THUMBNAILS,
    review: str | None = None,
) -> None:
    """Write the page to `stream`.

    `data` has been given every URL and article of the report. `thumbnails` are by the article's path and the URL as it
    stands there. `review` is the address below which a server keeps the decisions, relative to the page's own
    (`linkhealth review`); None for a page that stands alone.
    """
    frame = {
        "report": report,
        "style": _part("report.css"),
        "style_hash": _hash(_part("report.css")),
        "script_hash": _hash(_part("report.js")),
        "headline": headline(report.summary),
        "attention": needing_attention(report.summary),
        "review": review,
    }
    stream.write(_environment().get_template("report.html.j2").render(frame))
    for name, packed in data.blocks(report, findings, thumbnails):
        stream.write(f'<script type="application/octet-stream" id="data-{name}">')
        stream.write(packed)
        stream.write("</script>\n")
    script = {"script": _part("report.js")}
    stream.write(_environment().get_template("report_end.html.j2").render(script))


def outside(text: str, limit: int = TEXT_LIMIT) -> Markup:
    """Text from outside as safe markup, its writing direction isolated from the text around it."""
    return Markup("<bdi>{}</bdi>").format(printable(text, limit))


@cache
def _environment() -> Environment:
    return templates(
        outside=outside, counted=counted, iso_time=iso_time, time_in_words=time_in_words
    )


@cache
def _part(name: str) -> Markup:
    """The style sheet or the script: constant files of this package, so they need no escaping."""
    folder = resources.files("crawler.reporting.formats") / "templates"
    return Markup((folder / name).read_text("utf-8"))  # noqa: S704 - nothing is put into it


@cache
def _hash(source: Markup) -> str:
    """The hash by which the content security policy allows a style or a script."""
    digest = hashlib.sha256(str(source).encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
