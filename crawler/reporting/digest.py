"""A report in short, as several formats need it: one sentence, counts that say of what, what is new, the largest causes."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from crawler.model.change import Change
from crawler.model.check import FreshnessState
from crawler.model.report import Report, Summary
from crawler.model.verdict import VerdictKind
from crawler.reporting.changes_told import HEADINGS
from crawler.reporting.console import counted
from crawler.reporting.finding import FindingKind
from crawler.reporting.findings import Findings
from crawler.reporting.link_rows import CauseCount, LinkRow
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.wording import explain
from crawler.reporting.words.written_dates import date_in_words

NEEDS_ATTENTION = (VerdictKind.DEAD, VerdictKind.BROKEN, VerdictKind.INVALID)
"""The verdicts of links that an editor has to repair."""
TOLD = (Change.NEW_BROKEN, Change.CONFIRMED_DEAD, Change.RECOVERED)
"""The changes that messages tell, most urgent first."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A count, and what it counts: `links newly broken`."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True)
class News:
    """The links that the run changed in one way: the first few of them, and their number."""

    change: Change
    rows: tuple[LinkRow, ...]
    total: int

    @property
    def heading(self) -> str:
        """`Newly broken`."""
        return HEADINGS[self.change].capitalize()

    @property
    def more(self) -> int:
        """The number of links that are not among the rows."""
        return self.total - len(self.rows)


@dataclass(frozen=True, slots=True)
class Digest:
    """A report in short. `causes` are the largest of `all_causes` groups by reason and host that need an editor.

    Texts of rows and causes, and `content`, come from outside: escape them before showing them.
    """

    content: str
    headline: str
    tiles: tuple[Tile, ...]
    news: tuple[News, ...]
    causes: tuple[CauseCount, ...]
    all_causes: int

    @property
    def more_causes(self) -> int:
        """The number of groups that are not among `causes`."""
        return self.all_causes - len(self.causes)


def digest(report: Report, findings: Findings, *, most: int) -> Digest:
    """The digest of a report with at most so many rows of each list."""
    links = findings.links
    return Digest(
        content=report.content,
        headline=headline(report.summary),
        tiles=tiles(report.summary, findings),
        news=tuple(
            News(change, tuple(islice(links.changed(change), most)), links.count(change))
            for change in TOLD
        ),
        causes=tuple(links.causes(*NEEDS_ATTENTION, limit=most)),
        all_causes=links.count_causes(*NEEDS_ATTENTION),
    )


def headline(summary: Summary) -> str:
    """What is new, then what is wrong, in one sentence of our own words."""
    wrong = [
        f"{amount:,} {kind}"
        for kind in NEEDS_ATTENTION
        if (amount := summary.by_verdict.get(kind, 0))
    ]
    state = f"of {counted(summary.urls, 'link')}, {' and '.join(wrong) or 'none is broken'}"
    if len(wrong) > 2:
        state = f"of {counted(summary.urls, 'link')}, {', '.join(wrong[:-1])} and {wrong[-1]}"
    new = [
        f"{amount:,} {HEADINGS[change]}"
        for change, amount in zip(
            TOLD, (summary.newly_broken, summary.newly_dead, summary.recovered), strict=True
        )
        if amount
    ]
    return f"{', '.join(new) or 'Nothing new'}; {state}."


def tiles(summary: Summary, findings: Findings) -> tuple[Tile, ...]:
    """The counts of a report. Those of links are of distinct URLs, related articles included."""
    of, fresh = summary.by_verdict, findings.freshness()
    return (
        Tile("links newly broken", summary.newly_broken),
        Tile("links newly dead", summary.newly_dead),
        Tile("links recovered", summary.recovered),
        Tile("links dead in all", of.get(VerdictKind.DEAD, 0)),
        Tile("links broken, not confirmed yet", of.get(VerdictKind.BROKEN, 0)),
        Tile("links invalid as they are written", of.get(VerdictKind.INVALID, 0)),
        Tile("links moved for good", of.get(VerdictKind.MOVED, 0)),
        Tile("links that could not be verified", of.get(VerdictKind.UNVERIFIABLE, 0)),
        Tile("links not visited yet", of.get(VerdictKind.UNCHECKED, 0)),
        Tile("findings on images", findings.count(FindingKind.IMAGE)),
        Tile("articles that differ from their page", fresh[FreshnessState.DRIFTED]),
    )


def told(row: LinkRow) -> str:
    """What an editor has to know of a link beside its URL and place, in sentences of our own words."""
    since = f" since {date_in_words(row.since)}" if row.since else ""
    return f"{row.verdict.capitalize()}{since} ({printable(row.reason)}): {explain(row.reason).meaning} {spread(row)}"


def spread(row: LinkRow | CauseCount) -> str:
    """Where a link, or the links of a cause, stand: `In 3 places of 2 articles, and in 1 reference of related articles.`"""
    related = f"in {counted(row.related, 'reference')} of related articles"
    if not row.places:
        return f"Only {related}."
    own = f"In {counted(row.places, 'place')} of {counted(row.articles, 'article')}"
    return f"{own}, and {related}." if row.related else f"{own}."


def cause_told(cause: CauseCount) -> str:
    """What is true of all links of a cause, in sentences of our own words; its host is not named."""
    words = explain(cause.reason)
    return f"{words.meaning} {words.advice}"
