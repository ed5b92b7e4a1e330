"""Reports of many broken links, for limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from crawler.model.change import Change
from crawler.model.held import Held, HeldReason
from crawler.model.link import Link
from crawler.model.priority import Priority
from crawler.model.reference import Reference, Scope
from crawler.model.report import Report, UrlEntry
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind
from tests.reporting.attacked_report import NOON, RUN
from tests.strategies.model import report_of


def link_entry(
    number: int,
    kind: VerdictKind = VerdictKind.DEAD,
    change: Change | None = None,
    *,
    url: str | None = None,
    places: int = 1,
    related: int = 0,
    reason: str = "http-404",
    priority: int = 0,
    owners: tuple[str, ...] = (),
) -> UrlEntry:
    """A link with its places, each in another article."""
    url = url or f"https://host-{number % 100}.test/{number:06}"
    references = tuple(
        Reference(f"{number}-{place}.md", 5, "webUrl", Role.WEB, Scope.OWN, url, url)
        for place in range(places)
    )
    verdict = Verdict(kind, reason, "rule", since=NOON)
    return UrlEntry(
        Link(number, url, verdict, 404),
        references,
        related,
        change=change,
        priority=Priority(priority),
        owners=owners,
    )


def report_of_links(*entries: UrlEntry) -> Report:
    """A report of these links."""
    changes = [one.change for one in entries]
    return report_of(
        entries,
        run=RUN,
        newly_broken=changes.count(Change.NEW_BROKEN),
        newly_dead=changes.count(Change.CONFIRMED_DEAD),
        recovered=changes.count(Change.RECOVERED),
    )


def held_group(number: int = 1, *, links: int = 12, first_run: bool = False) -> Held:
    """A group that the guard on mass change holds back."""
    return Held(
        HeldReason.MASS_CHANGE, "http-404", f"held-{number}.test", links, links - 1, first_run
    )


def many(amount: int, change: Change | None = None) -> Report:
    """A report of so many dead links, made as it is read."""

    def entries() -> Iterator[UrlEntry]:
        return (link_entry(number, change=change) for number in range(amount))

    return replace(report_of_links(), urls=entries)
