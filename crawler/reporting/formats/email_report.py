"""`report.email.html`: the report in short, as the HTML body of an e-mail: no script, no style sheet, nothing to load.

Mail programs know tables and inline styles; Gmail cuts a message at 102 KB.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, BinaryIO

from markupsafe import Markup

from crawler.reporting.console import counted
from crawler.reporting.digest import (
    HELD_HEADING,
    cause_told,
    digest,
    held_told,
    owners_told,
    spread,
    told,
)
from crawler.reporting.formats.page_templates import templates
from crawler.reporting.formats.report_format import ReportContent
from crawler.reporting.words.escaping import printable, web_href
from crawler.reporting.words.written_dates import time_in_words

if TYPE_CHECKING:
    from jinja2 import Template

MOST_BYTES = 100_000
"""A little less than what Gmail shows of a message."""
TEXT_LIMIT = 200
"""Characters of one outside text that are shown."""
_ROWS = (20, 10, 5, 1, 0)
"""How many rows of each list are tried, until the message is short enough."""


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the message into a new file."""
    stream.write(message(content).encode())


def message(content: ReportContent) -> str:
    """The message, with as many rows as it holds."""
    made = ""
    for most in _ROWS:
        made = _template().render(
            report=content.report,
            digest=digest(content.report, content.findings, most=most),
            held_heading=HELD_HEADING,
        )
        if len(made.encode()) <= MOST_BYTES:
            break
    return made


def _outside(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(printable(text, TEXT_LIMIT))


def _link(url: str) -> Markup:
    """A URL as a link where it may be one."""
    target = web_href(url)
    if target is None:
        return _outside(url)
    return Markup('<a href="{}" style="color:#0b57d0">{}</a>').format(target, _outside(url))


@cache
def _template() -> Template:
    environment = templates(
        outside=_outside,
        link=_link,
        told=told,
        cause_told=cause_told,
        held_told=held_told,
        owners_told=owners_told,
        spread=spread,
        counted=counted,
        time_in_words=time_in_words,
        thousands=lambda amount: f"{amount:,}",
    )
    return environment.get_template("email.html.j2")
