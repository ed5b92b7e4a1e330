"""`report.atom`: a feed (RFC 4287) of the links that the last run found newly broken, newly dead or recovered,
and of what is held back.

An entry's id follows from the link, the change and the run: a reader shows it once, however often the report is written. That of what is
held back follows from host, cause and number: a reader shows it again when more links join.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from crawler.model.change import Change
from crawler.model.held import Held
from crawler.model.report import Report
from crawler.reporting.changes_told import HEADINGS
from crawler.reporting.digest import HELD_HEADING, TOLD, headline, held_told, owners_told, told
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.formats.xml_elements import XmlElements
from crawler.reporting.link_rows import LinkRow
from crawler.reporting.words.escaping import printable, web_href
from crawler.reporting.words.held_words import held_in_words
from crawler.reporting.words.written_dates import iso_time

MOST_ENTRIES = 1_000
"""Entries of each of the three kinds."""
_TEXT_LIMIT = 1_000


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the feed into a new file, entry by entry."""
    report, links = content.report, content.findings.links
    updated = iso_time(_moment(report)) or ""
    with text_of(stream, "utf-8") as text:
        xml = XmlElements(text)
        with xml.element("feed", {"xmlns": "http://www.w3.org/2005/Atom"}):
            xml.leaf("id", _id("feed", report.content))
            xml.leaf("title", f"Links of {printable(report.content, _TEXT_LIMIT)}")
            xml.leaf("subtitle", headline(report.summary))
            xml.leaf("updated", updated)
            with xml.element("author"):
                xml.leaf("name", "linkhealth")
            for held in report.held[:MOST_ENTRIES]:
                _write_held(xml, held, updated)
            for change in TOLD if report.run else ():
                for row in islice(links.changed(change), MOST_ENTRIES):
                    _write_entry(xml, row, change, report, updated)
                more = links.count(change) - MOST_ENTRIES
                if more > 0:
                    with xml.element("entry"):
                        xml.leaf("id", _id("more", change, _run(report)))
                        xml.leaf("title", f"… and {more:,} more {HEADINGS[change]}")
                        xml.leaf("updated", updated)
                        xml.leaf("content", "See the other reports.", {"type": "text"})
        xml.end()


def _write_entry(
    xml: XmlElements, row: LinkRow, change: Change, report: Report, updated: str
) -> None:
    with xml.element("entry"):
        xml.leaf("id", _id("link", change, _run(report), row.url))
        xml.leaf("title", f"{HEADINGS[change].capitalize()}: {printable(row.url, _TEXT_LIMIT)}")
        xml.leaf("updated", updated)
        target = web_href(row.url)
        if target is not None:
            xml.leaf("link", attributes={"rel": "alternate", "href": target})
        xml.leaf("category", attributes={"term": change.value})
        xml.leaf("content", "\n".join(_lines(row)), {"type": "text"})


def _write_held(xml: XmlElements, held: Held, updated: str) -> None:
    with xml.element("entry"):
        xml.leaf("id", _id("held", held.reason, held.cause, held.host, str(held.links)))
        xml.leaf("title", f"{HELD_HEADING}: {printable(held_in_words(held), _TEXT_LIMIT)}")
        xml.leaf("updated", updated)
        xml.leaf("category", attributes={"term": "held"})
        xml.leaf("content", held_told(held), {"type": "text"})


def _lines(row: LinkRow) -> Iterator[str]:
    yield told(row)
    if row.path is not None:
        title = f" ({printable(row.title, _TEXT_LIMIT)})" if row.title else ""
        yield f"{printable(row.path, _TEXT_LIMIT)}:{row.line}{title}"
    if row.owners:
        yield owners_told(row.owners)
    if row.suggestion is not None:
        yield f"Suggested: {printable(row.suggestion, _TEXT_LIMIT)}"


def _moment(report: Report) -> datetime:
    """When the news came: the same however often the report of a run is written, once the run has ended."""
    if report.run is None:
        return report.generated_at
    return report.run.finished_at or report.run.started_at


def _run(report: Report) -> str:
    """What names the run: its number alone begins anew with a new state."""
    assert report.run is not None
    return f"{report.run.id} {iso_time(report.run.started_at)}"


def _id(*parts: str) -> str:
    whole = "\n".join(("linkhealth", *parts)).encode("utf-8", "backslashreplace").decode()
    return uuid5(NAMESPACE_URL, whole).urn
