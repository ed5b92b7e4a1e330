"""What a report says: the values behind every format (docs/reports.md)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crawler.model.alarm import Alarm
from crawler.model.article import Problem
from crawler.model.change import Change, Transition
from crawler.model.check import ArticleChecks
from crawler.model.decision import Decision
from crawler.model.held import Held
from crawler.model.host_certificate import HostCertificate
from crawler.model.link import Link
from crawler.model.observation import Observation
from crawler.model.priority import NOTHING_TO_DO, Priority
from crawler.model.reference import Reference
from crawler.model.role import Role
from crawler.model.run import Run
from crawler.model.verdict import VerdictKind


@dataclass(frozen=True, slots=True)
class Summary:
    """The counts at the top of a report.

    `newly_broken`, `newly_dead` and `recovered` are what a run changed, each link by its net effect
    (docs/commands.md, "What a run changed"). `confirmed_from` is the earliest time (aware) at which a broken link may
    become dead; None where none is broken.
    """

    articles: int
    references: int
    urls: int
    by_verdict: Mapping[VerdictKind, int]
    newly_broken: int
    newly_dead: int
    recovered: int
    confirmed_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class UrlEntry:
    """One URL of a report: its own references in full, the related ones counted.

    `references` holds the related ones too if all references were asked for. `explanation` says in plain words
    why the verdict is what it is and what would change it; None for a link that works or was not visited.
    `decision` is the editor's if the verdict follows from it. `change` is what the run of the report made of it.
    `visits` are the latest of a link that is explained, oldest first; they are kept where its history is read anyway.
    `owners` are those of the articles that hold it as their own (rule Q6).
    """

    link: Link
    references: tuple[Reference, ...]
    related_references: int
    explanation: str | None = None
    decision: Decision | None = None
    change: Change | None = None
    priority: Priority = NOTHING_TO_DO
    owners: tuple[str, ...] = ()
    visits: tuple[Observation, ...] = ()


class RelatedPlace(NamedTuple):
    """One place of a link in a related article. A collection has hundreds of thousands: a tuple is made faster than a
    dataclass, and a `Reference` has much that no report says of them."""

    link: int
    path: str
    line: int
    pointer: str
    role: Role


@dataclass(frozen=True, slots=True)
class RunCounts:
    """What one run changed, each link by its net effect, and how many links were in which state after it."""

    run: Run
    newly_broken: int
    newly_dead: int
    recovered: int
    broken: int
    dead: int
    unverifiable: int


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """One article of a report: its own findings in full, its related ones counted.

    `priority` is that of its findings about no URL that fails (rule Q5).
    """

    path: str
    title: str | None
    checks: ArticleChecks
    related_dead_links: int
    related_image_sizes: int
    priority: Priority = NOTHING_TO_DO
    owners: tuple[str, ...] = ()


def _no_places() -> Iterator[RelatedPlace]:
    return iter(())


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a format needs. `urls`, `articles` and `related_places` are read anew by each call, row by row, so that
    a report of any size is written in flat memory. `urls` come by priority, and by URL where that is the same.

    `folder` is where the content lies below the root of its Git repository (POSIX), for programs that look for its files
    from there; empty for the root itself and where there is no repository. `held` is what the guard on mass change holds
    back, by host and cause. `related_places` come file by file, in the order of each. `history` are the last runs, the
    oldest first. `link_pattern` is the operator's address of a place, with `{path}` and `{line}` in it. `certificates` are
    those of the hosts of its URLs, as far as they are known. `alarms` are what the last run noticed of itself.
    """

    generated_at: datetime
    content: str
    run: Run | None
    summary: Summary
    problems: tuple[Problem, ...]
    urls: Callable[[], Iterator[UrlEntry]]
    articles: Callable[[], Iterator[ArticleEntry]]
    folder: str = ""
    held: tuple[Held, ...] = ()
    related_places: Callable[[], Iterator[RelatedPlace]] = _no_places
    history: tuple[RunCounts, ...] = ()
    link_pattern: str | None = None
    certificates: tuple[HostCertificate, ...] = ()
    alarms: tuple[Alarm, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangedLink:
    """A link that runs changed.

    `first` is the first of its `places` among the articles' own references, None where only related articles hold it;
    `places` counts these alone, and `paths` are the articles that they are in.
    """

    url: str
    change: Change
    transition: Transition
    first: Reference | None
    places: int
    paths: tuple[str, ...] = ()
