"""`report.html`: one file for a person, open from anywhere, with no script and no outside request.

Everything that comes from outside is escaped three times over: Jinja's autoescape, visible escapes
for what reorders or hides text (inside `<bdi>`), and a content security policy that lets nothing
run or load. The number of rows is bounded; `report.csv` and `report.json` hold them all.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import groupby
from pathlib import PurePosixPath
from typing import BinaryIO, TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from crawler.model.change import Change
from crawler.model.check import FreshnessState
from crawler.model.report import Report, Summary
from crawler.model.thumbnail import NO_THUMBNAILS, Thumbnail
from crawler.model.verdict import VerdictKind
from crawler.reporting.finding import Finding, FindingKind
from crawler.reporting.finding_images import pictures_of
from crawler.reporting.findings import Findings
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.words.escaping import printable, web_href
from crawler.reporting.words.wording import explain
from crawler.reporting.words.written_dates import date_in_words, iso_date, iso_time, time_in_words

ROW_LIMITS = {
    FindingKind.DEAD_LINK: 1000,
    FindingKind.IMAGE: 280,
    FindingKind.METADATA: 200,
    FindingKind.AMP: 100,
    FindingKind.IDENTITY: 100,
    FindingKind.MOVED: 200,
    FindingKind.FILE: 100,
    FindingKind.HELD: 20,
}
"""The most rows of each kind: 2,000 in all keep the file near 2 MB."""
LISTED_LIMIT = 200
HOST_LIMIT = 20
TEXT_LIMIT = 300
"""Characters of one outside text that are shown."""
EXPLANATION_LIMIT = 2_000
"""Characters of an explanation that are shown: it is text of our own with a few outside texts in it."""

_NEEDS_ATTENTION = (VerdictKind.DEAD, VerdictKind.BROKEN, VerdictKind.INVALID)
_BAR_ORDER = (
    VerdictKind.ALIVE,
    VerdictKind.MOVED,
    VerdictKind.UNVERIFIABLE,
    VerdictKind.EXCLUDED,
    VerdictKind.UNCHECKED,
    VerdictKind.BROKEN,
    VerdictKind.INVALID,
    VerdictKind.DEAD,
)
_CHUNK = 50


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one kind in one article."""

    path: str
    title: str | None
    rows: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """One piece of the bar of verdicts; `start` and `share` are percent, as SVG takes them."""

    verdict: VerdictKind
    urls: int
    start: str
    share: str


NEWS = {Change.NEW_BROKEN: "new", Change.CONFIRMED_DEAD: "newly confirmed"}
"""The badges of links that this run saw become broken or dead."""


@dataclass(frozen=True, slots=True)
class Section:
    """The findings of one kind: their number, and the rows that the page shows."""

    kind: FindingKind
    total: int
    shown: int
    groups: Iterator[Group]

    @property
    def left_out(self) -> int:
        """The number of findings that only the other formats hold."""
        return self.total - self.shown


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the report into a new file."""
    with text_of(stream, "utf-8") as text:
        write_html(content.report, content.findings, text, content.thumbnails)


def write_html(
    report: Report,
    findings: Findings,
    stream: TextIO,
    thumbnails: Mapping[tuple[str, str], Thumbnail] = NO_THUMBNAILS,
) -> None:
    """Write the page to `stream` as it is rendered, in flat memory.

    `thumbnails` are by the article's path and the URL as it stands there.
    """
    template = _environment().get_template("report.html.j2")
    chunks = template.stream(
        report=report,
        style=_style(),
        style_hash=_style_hash(),
        headline=headline(report.summary),
        bar=bar(report.summary),
        attention=sum(report.summary.by_verdict.get(kind, 0) for kind in _NEEDS_ATTENTION),
        sections={kind.value: _section(findings, kind) for kind in FindingKind},
        findings=findings,
        pictures=partial(_pictures, thumbnails),
        HOST_LIMIT=HOST_LIMIT,
        LISTED_LIMIT=LISTED_LIMIT,
        EXPLANATION_LIMIT=EXPLANATION_LIMIT,
        FreshnessState=FreshnessState,
        NEWS=NEWS,
        Kind=FindingKind,
        VerdictKind=VerdictKind,
    )
    chunks.enable_buffering(_CHUNK)
    stream.writelines(chunks)


def headline(summary: Summary) -> str:
    """The whole report in one sentence."""
    found = {kind: summary.by_verdict.get(kind, 0) for kind in _NEEDS_ATTENTION}
    scope = f"{counted(summary.urls, 'link')} in {counted(summary.articles, 'article')}"
    total = sum(found.values())
    if not total:
        if summary.urls and summary.by_verdict.get(VerdictKind.UNCHECKED, 0) == summary.urls:
            return f"{scope}, none checked yet."
        return f"Of {scope}, none was found broken."
    parts = [f"{amount:,} {kind.value}" for kind, amount in found.items() if amount]
    verb = "needs" if total == 1 else "need"
    return f"Of {scope}, {total:,} {verb} attention: {_joined(parts)}."


def bar(summary: Summary) -> tuple[Segment, ...]:
    """The verdicts as segments of one bar; none where the report has no URLs."""
    amounts = [(kind, summary.by_verdict.get(kind, 0)) for kind in _BAR_ORDER]
    total = sum(amount for _, amount in amounts)
    pieces: list[Segment] = []
    before = 0
    for kind, amount in amounts:
        if amount > 0:
            start, share = (f"{100 * part / total:.3f}%" for part in (before, amount))
            pieces.append(Segment(kind, amount, start, share))
            before += amount
    return tuple(pieces)


def counted(amount: int, noun: str, plural: str | None = None) -> str:
    """`1 link`, `9,182 links`."""
    return f"{amount:,} {noun if amount == 1 else plural or noun + 's'}"


def outside(text: str, limit: int = TEXT_LIMIT) -> Markup:
    """Text from outside as safe markup, its writing direction isolated from the text around it."""
    return Markup("<bdi>{}</bdi>").format(printable(text, limit))


def link(url: str | None) -> Markup:
    """A URL as a link if it is safe as one, else as text."""
    if not url:
        return Markup('<span class="quiet">(empty)</span>')
    href = web_href(url)
    if href is None:
        return Markup('<span class="url">{}</span>').format(outside(url))
    return Markup('<a class="url" href="{}" rel="noreferrer noopener">{}</a>').format(
        href, outside(url)
    )


def _pictures(thumbnails: Mapping[tuple[str, str], Thumbnail], row: Finding) -> Markup:
    """The thumbnails of a finding, embedded in the page; empty where there are none."""
    found = ((url, thumbnails.get((row.path, url))) for url in pictures_of(row))
    return Markup("").join(_picture(url, made) for url, made in found if made is not None)


def _picture(url: str, made: Thumbnail) -> Markup:
    return Markup(
        '<img class="thumbnail" src="data:image/jpeg;base64,{}" alt="{}" width="{}" height="{}">'
    ).format(
        base64.b64encode(made.jpeg).decode(),
        f"Thumbnail of {printable(url, TEXT_LIMIT)}",
        made.width,
        made.height,
    )


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))


def _section(findings: Findings, kind: FindingKind) -> Section:
    total, limit = findings.count(kind), ROW_LIMITS[kind]
    rows = findings.most_urgent(kind, limit)
    return Section(kind, total, min(total, limit), _groups(rows))


def _groups(rows: Iterator[Finding]) -> Iterator[Group]:
    for path, found in groupby(rows, key=lambda finding: finding.path):
        together = tuple(found)
        yield Group(path, together[0].title, together)


@cache
def _environment() -> Environment:
    """The templates of the package; every value is escaped unless it is `Markup`."""
    environment = Environment(
        loader=PackageLoader("crawler.reporting.formats"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        outside=outside,
        link=link,
        counted=counted,
        explain=explain,
        thousands=lambda amount: f"{amount:,}",
        date_in_words=date_in_words,
        time_in_words=time_in_words,
        iso_date=iso_date,
        iso_time=iso_time,
        file_name=lambda path: PurePosixPath(path).name or path,
    )
    return environment


@cache
def _style() -> Markup:
    """The style sheet; it is constant and a file of the package, so it needs no escaping."""
    source = _environment().get_template("style.html.j2").render()
    return Markup(source)  # noqa: S704 - a file of this package, with nothing put into it


@cache
def _style_hash() -> str:
    """The hash by which the content security policy allows the style sheet."""
    digest = hashlib.sha256(str(_style()).encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
