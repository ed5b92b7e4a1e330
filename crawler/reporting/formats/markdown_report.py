"""`report.md`: for the summary of a job, an issue or a pull request. No longer than these hold, and it says what is left out.

Texts from outside are code (`crawler.reporting.words.markdown_text`). There is no table of them: what a forge makes of a
`|` inside of code in a table differs from forge to forge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from crawler.model.held import Held
from crawler.model.verdict import VerdictKind
from crawler.reporting.changes_told import HEADINGS
from crawler.reporting.console import counted
from crawler.reporting.digest import (
    HELD_HEADING,
    NEEDS_ATTENTION,
    TOLD,
    cause_told,
    headline,
    held_told,
    owners_told,
    spread,
    tiles,
)
from crawler.reporting.formats.report_format import ReportContent
from crawler.reporting.link_rows import CauseCount, LinkRow
from crawler.reporting.words.markdown_text import code, web_link
from crawler.reporting.words.wording import explain
from crawler.reporting.words.written_dates import time_in_words

MOST_BYTES = 1_000_000
"""GitHub cuts the summary of a step at 1 MiB, and shows none that is longer."""
TEXT_LIMIT = 300
"""Characters of one outside text that are shown."""
_FOR_MORE = 64
"""Room for the line that says how many rows are left out."""
_SHARES = {"news": 0.15, "held": 0.1, "causes": 0.2, "unsure": 0.1}
"""The parts of the page that a list may fill before the last one, which takes what is left."""


@dataclass(slots=True)
class _Page:
    """A page of limited length, measured by `measure`."""

    most: int
    measure: Callable[[str], int]
    text: str = ""
    used: int = 0

    def add(self, text: str) -> None:
        """Add a text that is known to fit."""
        self.text += text
        self.used += self.measure(text)

    def add_list(self, heading: str, lines: Iterable[str], total: int, share: float = 1.0) -> None:
        """Add a list, as many lines as fit into a share of the page, and how many do not. None where `total` is 0."""
        if not total:
            return
        until = min(self.used + int(self.most * share), self.most) - _FOR_MORE
        parts, used, shown = [f"\n## {heading}\n\n"], self.used, 0
        used += self.measure(parts[0])
        for line in lines:
            used += self.measure(line)
            if used > until:
                break
            parts.append(line)
            shown += 1
        if total > shown:
            parts.append(f"\n… and {total - shown:,} more.\n")
        self.add("".join(parts))


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the report into a new file."""
    stream.write(page(content, MOST_BYTES, _bytes).encode())


def page(content: ReportContent, most: int, measure: Callable[[str], int]) -> str:
    """The report as one page of at most `most` units of `measure`, which adds up over parts of a text."""
    links = content.findings.links
    made = _Page(most, measure)
    made.add("".join(_top(content)))
    for change in TOLD:
        made.add_list(
            f"{HEADINGS[change].capitalize()}: {counted(links.count(change), 'link')}",
            map(_link_line, links.changed(change)),
            links.count(change),
            _SHARES["news"],
        )
    held = content.report.held
    made.add_list(
        f"{HELD_HEADING}: {counted(len(held), 'group')}",
        map(_held_line, held),
        len(held),
        _SHARES["held"],
    )
    for title, kinds, share in (
        ("To repair, by cause and site", NEEDS_ATTENTION, "causes"),
        ("Could not be verified, by cause and site", (VerdictKind.UNVERIFIABLE,), "unsure"),
    ):
        total = links.count_causes(*kinds)
        made.add_list(
            f"{title}: {counted(total, 'group')}",
            map(_cause_line, links.causes(*kinds)),
            total,
            _SHARES[share],
        )
    made.add_list(
        f"To repair: {counted(links.count(), 'link')}",
        map(_link_line, links.listed()),
        links.count(),
    )
    return made.text


def _top(content: ReportContent) -> Iterator[str]:
    report = content.report
    yield f"# Links of {code(report.content, TEXT_LIMIT)}\n\n"
    yield f"{headline(report.summary)}\n\n"
    run = f"Run {report.run.id}. " if report.run else ""
    yield f"{run}Written {time_in_words(report.generated_at)}.\n\n"
    counts = [tile for tile in tiles(report, content.findings) if tile.amount]
    if counts:
        yield "| what | how many |\n|---|---:|\n"
    for tile in counts:
        yield f"| {tile.name} | {tile.amount:,} |\n"


def _link_line(row: LinkRow) -> str:
    place = "" if row.path is None else f"{code(_place(row), TEXT_LIMIT)} "
    meaning = explain(row.reason).meaning
    suggested = (
        f" Suggested: {web_link(row.suggestion, TEXT_LIMIT)}" if row.suggestion is not None else ""
    )
    owned = "".join(f" {told}" for told in [owners_told(row.owners, _code)] if told)
    since = f" since {row.since.isoformat()}" if row.since else ""
    return (
        f"- {place}{web_link(row.url, TEXT_LIMIT)} is {row.verdict}{since} "
        f"({code(row.reason, TEXT_LIMIT)}): {meaning} {spread(row)}{owned}{suggested}\n"
    )


def _place(row: LinkRow) -> str:
    return f"{row.path}:{row.line}" if row.line else row.path or ""


def _cause_line(cause: CauseCount) -> str:
    host = code(cause.host, TEXT_LIMIT) if cause.host else "(no site)"
    return (
        f"- {host}: {counted(cause.urls, 'link')} {cause.verdict} ({code(cause.reason, TEXT_LIMIT)}). "
        f"{spread(cause)} {cause_told(cause)}\n"
    )


def _held_line(held: Held) -> str:
    return f"- {held_told(held, _code)}\n"


def _code(text: str) -> str:
    return code(text, TEXT_LIMIT)


def _bytes(text: str) -> int:
    return len(text.encode())
