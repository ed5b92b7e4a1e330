"""A report in short, as several formats need it: one sentence, counts that say of what, what is new, the largest causes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from crawler.model.change import Change
from crawler.model.check import FreshnessState
from crawler.model.held import Held
from crawler.model.report import Report, Summary
from crawler.model.verdict import VerdictKind
from crawler.reporting.changes_told import HEADINGS
from crawler.reporting.finding import FindingKind
from crawler.reporting.findings import Findings
from crawler.reporting.link_rows import CauseCount, LinkRow
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.held_words import accept_command, held_history, held_in_words
from crawler.reporting.words.wording import explain
from crawler.reporting.words.written_dates import date_in_words

NEEDS_ATTENTION = (VerdictKind.DEAD, VerdictKind.BROKEN, VerdictKind.INVALID)
"""The verdicts of links that an editor has to repair."""
TOLD = (Change.NEW_BROKEN, Change.CONFIRMED_DEAD, Change.RECOVERED)
"""The changes that messages tell, most urgent first."""
HELD_HEADING = "Held back until an editor accepts it"
_MOST_OWNERS = 5
"""Owners of one link that are named."""
_OWNER_LIMIT = 100
"""Characters of one of them."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A count, and what it counts: `1 link newly broken`, `2 links newly broken`."""

    amount: int
    noun: str
    what: str

    @property
    def name(self) -> str:
        """What is counted, as it stands behind the number."""
        return f"{self.noun}{'' if self.amount == 1 else 's'} {self.what}"


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
    """A report in short. `causes` are the largest of `all_causes` groups by reason and host that need an editor,
    `held` the first of `all_held` groups that the guard on mass change holds back.

    Texts of rows and causes, and `content`, come from outside: escape them before showing them.
    """

    content: str
    headline: str
    tiles: tuple[Tile, ...]
    news: tuple[News, ...]
    causes: tuple[CauseCount, ...]
    all_causes: int
    held: tuple[Held, ...]
    all_held: int

    @property
    def more_causes(self) -> int:
        """The number of groups that are not among `causes`."""
        return self.all_causes - len(self.causes)

    @property
    def more_held(self) -> int:
        """The number of groups that are not among `held`."""
        return self.all_held - len(self.held)


def digest(report: Report, findings: Findings, *, most: int) -> Digest:
    """The digest of a report with at most so many rows of each list."""
    links = findings.links
    return Digest(
        content=report.content,
        headline=headline(report.summary),
        tiles=tiles(report, findings),
        news=tuple(
            News(change, tuple(islice(links.changed(change), most)), links.count(change))
            for change in TOLD
        ),
        causes=tuple(links.causes(*NEEDS_ATTENTION, limit=most)),
        all_causes=links.count_causes(*NEEDS_ATTENTION),
        held=report.held[:most],
        all_held=len(report.held),
    )


def headline(summary: Summary) -> str:
    """What is new, then what is wrong, in one sentence of our own words; the same in every report."""
    scope = f"{counted(summary.urls, 'link')} in {counted(summary.articles, 'article')}"
    if summary.urls and summary.by_verdict.get(VerdictKind.UNCHECKED, 0) == summary.urls:
        return f"None of {scope} was checked yet."
    found = {kind: summary.by_verdict.get(kind, 0) for kind in NEEDS_ATTENTION}
    wrong = _joined([f"{amount:,} {kind}" for kind, amount in found.items() if amount])
    new = [
        f"{amount:,} {HEADINGS[change]}"
        for change, amount in zip(
            TOLD, (summary.newly_broken, summary.newly_dead, summary.recovered), strict=True
        )
        if amount
    ]
    return f"{', '.join(new) or 'Nothing new'}; of {scope}, {wrong or 'none is broken'}."


def needing_attention(summary: Summary) -> int:
    """How many links an editor has to repair."""
    return sum(summary.by_verdict.get(kind, 0) for kind in NEEDS_ATTENTION)


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def tiles(report: Report, findings: Findings) -> tuple[Tile, ...]:
    """The counts of a report. Those of links are of distinct URLs, related articles included."""
    summary, fresh = report.summary, findings.freshness()
    of = summary.by_verdict
    return (
        Tile(summary.newly_broken, "link", "newly broken"),
        Tile(summary.newly_dead, "link", "newly dead"),
        Tile(summary.recovered, "link", "recovered"),
        Tile(of.get(VerdictKind.DEAD, 0), "link", "dead in all"),
        Tile(of.get(VerdictKind.BROKEN, 0), "link", "broken, not confirmed yet"),
        Tile(of.get(VerdictKind.INVALID, 0), "link", "that no browser could open as written"),
        Tile(of.get(VerdictKind.MOVED, 0), "link", "moved for good"),
        Tile(of.get(VerdictKind.UNVERIFIABLE, 0), "link", "that could not be verified"),
        Tile(of.get(VerdictKind.UNCHECKED, 0), "link", "not visited yet"),
        Tile(sum(one.links for one in report.held), "link", "held back until accepted"),
        Tile(findings.count(FindingKind.IMAGE), "finding", "on images"),
        Tile(fresh[FreshnessState.DRIFTED], "article", "at variance with the page"),
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


def owners_told(owners: Sequence[str], show: Callable[[str], str] = str) -> str:
    """Whose a link is: `Owned by @web and @blog.`; empty where nobody is named.

    The names come from outside; they are printable here, and `show` makes them safe for where they go.
    """
    if not owners:
        return ""
    names = [show(printable(name, _OWNER_LIMIT)) for name in owners[:_MOST_OWNERS]]
    if len(owners) > len(names):
        names.append(f"{len(owners) - len(names):,} more")
    return f"Owned by {_joined(names)}."


def held_told(held: Held, show: Callable[[str], str] = str) -> str:
    """What is held back, why, and by which command it is accepted. The texts in it are printable; `show` makes each of
    the two that come from outside safe for where they go."""
    return f"{show(held_in_words(held))} are not written into the files. {held_history(held)} {show(accept_command(held))} accepts them."
