"""`report.junit.xml`: a test suite in which every site is a case, and fails if a link to it is broken, dead or invalid.
What is held back is a case that was skipped: its links fail at their site already.

There is no standard; this is what Jenkins, GitLab and others read in common (https://github.com/testmoapp/junitxml).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from crawler.model.held import Held
from crawler.reporting.console import counted
from crawler.reporting.digest import held_told, owners_told
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.formats.xml_elements import XmlElements
from crawler.reporting.link_rows import HostRows, LinkRow
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.written_dates import iso_time

MOST_OF_HOST = 100
"""Links that are listed of one host."""
_TEXT_LIMIT = 1_000


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the report into a new file, host by host."""
    links = content.findings.links
    every, failing = links.failing_hosts()
    held = content.report.held
    counts = {"tests": str(every + len(held)), "failures": str(failing)}
    counts |= {"errors": "0", "skipped": str(len(held))}
    timestamp = (iso_time(content.report.generated_at) or "").removesuffix("Z")
    suite = {"name": printable(content.report.content, _TEXT_LIMIT), **counts}
    with text_of(stream, "utf-8") as text:
        xml = XmlElements(text)
        with (
            xml.element("testsuites", {"name": "linkhealth", **counts}),
            xml.element("testsuite", {**suite, "time": "0", "timestamp": timestamp}),
        ):
            for host in links.hosts(MOST_OF_HOST):
                _write_case(xml, host)
            for group in held:
                _write_held(xml, group)
        xml.end()


def _write_case(xml: XmlElements, host: HostRows) -> None:
    name = printable(host.host, _TEXT_LIMIT) or "(no site)"
    with xml.element("testcase", {"classname": "links", "name": name, "time": "0"}):
        if host.failing:
            reason, _ = Counter(row.reason for row in host.rows).most_common(1)[0]
            wrong = f"{host.failing:,} of {counted(host.urls, 'link')} to repair"
            told = {"message": wrong, "type": printable(reason)}
            xml.leaf("failure", "\n".join(_lines(host)), told)


def _write_held(xml: XmlElements, held: Held) -> None:
    name = (
        f"{printable(held.host, _TEXT_LIMIT) or '(no site)'}: {printable(held.cause, _TEXT_LIMIT)}"
    )
    with xml.element("testcase", {"classname": "held", "name": name, "time": "0"}):
        xml.leaf("skipped", attributes={"message": held_told(held)})


def _lines(host: HostRows) -> Iterator[str]:
    for row in host.rows:
        yield f"{_place(row)}  {printable(row.url, _TEXT_LIMIT)}  {row.verdict}: {printable(row.reason)}{_owned(row)}"
    if host.failing > len(host.rows):
        yield f"… and {host.failing - len(host.rows):,} more."


def _owned(row: LinkRow) -> str:
    return f"  {owners_told(row.owners)}" if row.owners else ""


def _place(row: LinkRow) -> str:
    if row.path is None:
        return "only in related articles"
    return f"{printable(row.path, _TEXT_LIMIT)}:{row.line}"
