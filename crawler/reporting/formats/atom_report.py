"""`report.atom`: a feed (RFC 4287) of the links that the last run found newly broken, newly dead or recovered.

An entry's id follows from the link, the change and the run: a reader shows it once, however often the report is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import XMLGenerator

from crawler.model.report import Report
from crawler.reporting.changes_told import HEADINGS
from crawler.reporting.digest import TOLD, headline, told
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.link_rows import LinkRow
from crawler.reporting.words.escaping import printable, web_href
from crawler.reporting.words.written_dates import iso_time

MOST_ENTRIES = 1_000
"""Entries of each of the three kinds."""
_TEXT_LIMIT = 1_000


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the feed into a new file, entry by entry."""
    report, links = content.report, content.findings.links
    updated = iso_time(_moment(report)) or ""
    with text_of(stream, "utf-8") as text:
        xml = XMLGenerator(text, "utf-8", short_empty_elements=True)
        xml.startDocument()
        xml.startElement("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
        _element(xml, "id", _id("feed", report.content))
        _element(xml, "title", f"Links of {printable(report.content, _TEXT_LIMIT)}")
        _element(xml, "subtitle", headline(report.summary))
        _element(xml, "updated", updated)
        xml.startElement("author", {})
        _element(xml, "name", "linkhealth")
        xml.endElement("author")
        for change in TOLD if report.run else ():
            for row in islice(links.changed(change), MOST_ENTRIES):
                _write_entry(xml, row, report, updated)
            more = links.count(change) - MOST_ENTRIES
            if more > 0:
                title = f"… and {more:,} more {HEADINGS[change]}"
                _write_basics(xml, title, _id("more", change, _run(report)), updated)
                xml.endElement("entry")
        xml.endElement("feed")
        xml.endDocument()


def _write_entry(xml: XMLGenerator, row: LinkRow, report: Report, updated: str) -> None:
    assert row.change is not None
    title = f"{HEADINGS[row.change].capitalize()}: {printable(row.url, _TEXT_LIMIT)}"
    _write_basics(xml, title, _id("link", row.change, _run(report), row.url), updated)
    target = web_href(row.url)
    if target is not None:
        xml.startElement("link", {"rel": "alternate", "href": target})
        xml.endElement("link")
    xml.startElement("category", {"term": row.change.value})
    xml.endElement("category")
    xml.startElement("content", {"type": "text"})
    xml.characters("\n".join(_lines(row)))
    xml.endElement("content")
    xml.endElement("entry")


def _write_basics(xml: XMLGenerator, title: str, identity: str, updated: str) -> None:
    xml.characters("\n")
    xml.startElement("entry", {})
    _element(xml, "id", identity)
    _element(xml, "title", title)
    _element(xml, "updated", updated)


def _lines(row: LinkRow) -> Iterator[str]:
    yield told(row)
    if row.path is not None:
        title = f" ({printable(row.title, _TEXT_LIMIT)})" if row.title else ""
        yield f"{printable(row.path, _TEXT_LIMIT)}:{row.line}{title}"
    if row.suggestion is not None:
        yield f"Suggested: {printable(row.suggestion, _TEXT_LIMIT)}"


def _element(xml: XMLGenerator, name: str, text: str) -> None:
    xml.startElement(name, {})
    xml.characters(text)
    xml.endElement(name)


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
