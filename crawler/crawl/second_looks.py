"""Second looks: first failures that are asked again, past our own caches, before they count (rule O16).

What waits stays pending. Of the links of a host that failed alike some are asked again, for all of them. A failure that
no second look repeats is `unconfirmed`: it counts for nothing, and the next run visits the link again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from crawler.extractors.registered_domain import site_of
from crawler.fetching.visit import LinkVisit, host_of
from crawler.model.link import DueLink
from crawler.model.observation import Inconclusive, Observation
from crawler.model.verdict import Verdict
from crawler.rules.outage.one_page import same_page
from crawler.rules.outage.release import as_inconclusive
from crawler.rules.outage.second_look import (
    FirstFailure,
    Look,
    Rest,
    sort_of,
    sort_of_reason,
    to_ask_again,
)
from crawler.rules.policy import OutagePolicy

MOST_SECOND_LOOKS = 5_000
"""Second looks of a run (rule O16); what failed beyond them is left to the next run."""

_IN_SIGHT = 50
"""Looks before a window that are looked at for bursts which go on in it."""

Kept = list[tuple[DueLink, Observation]]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a link stood before this visit: whether it was visited and not broken, whether it has been failing in a way
    that may pass, and how it is broken, None where it is not."""

    was_well: bool = False
    is_failing: bool = False
    broken_by: FirstFailure | None = None

    def knows(self, sort: FirstFailure) -> bool:
        """Whether a failure is no first one of its sort."""
        return self.broken_by is sort or (self.is_failing and not sort.is_definite)


def standing(verdict: Verdict, *, was_visited: bool) -> Standing:
    """How a link with this verdict stands."""
    is_broken = verdict.kind.is_gone
    broken_by = sort_of_reason(verdict.reason) if is_broken else None
    return Standing(was_visited and not is_broken, bool(verdict.strikes), broken_by)


@dataclass(frozen=True, slots=True)
class Heard:
    """A second look: the observation that stands for the link, those of other links that count no more, and whether it
    said the same as the first."""

    seen: Observation
    others: Kept = field(default_factory=list)
    is_same: bool = False


@dataclass(slots=True, eq=False)
class _Group:
    """The links of a host that failed alike, and what the second looks at some of them have said so far."""

    host: str
    sort: FirstFailure
    first: dict[int, tuple[DueLink, Observation]] = field(default_factory=dict)
    asked: int = 0
    heard: int = 0
    is_contradicted: bool = False


class SecondLooks:
    """The first failures of one run. `standing(link_id)` is read from the state, for what failed alone.

    `is_alive_host(host)` says whether a host was alive before. Times are monotonic seconds.
    """

    def __init__(
        self,
        policy: OutagePolicy,
        *,
        standing: Callable[[int], Standing],
        is_alive_host: Callable[[str], bool],
    ) -> None:
        self._policy = policy
        self._standing = standing
        self._is_alive_host = is_alive_host
        self._looks: list[Look] = []
        self._begins = 0
        self._rest = Rest()
        self._groups: dict[tuple[str, FirstFailure], _Group] = {}
        self._waiting: dict[int, _Group] = {}
        self._heard: set[int] = set()
        self._settled: set[int] = set()
        self._same: set[int] = set()
        self._marks: dict[int, str | None] = {}
        self._asked = 0
        self._due_at = 0.0

    @property
    def waiting(self) -> AbstractSet[int]:
        """The links whose failure waits for a second look."""
        return self._waiting.keys()

    def seconds_left(self, now: float) -> float:
        """Seconds until the last of them may be asked."""
        return max(0.0, self._due_at - now)

    def note(self, link_id: int, seen: Observation, now: float, mark: str | None = None) -> None:
        """Add the first look at a link; `mark` is that of its page."""
        host, sort = host_of(seen.url), sort_of(seen)
        self._marks[link_id] = mark
        if sort is None:
            self._looks.append(Look(link_id, now, site_of(host)))
            return
        stood = self._standing(link_id)
        was_well = stood.was_well or (sort is FirstFailure.NAME and self._is_alive_host(host))
        look = Look(link_id, now, site_of(host), sort, was_well, stood.knows(sort))
        self._looks.append(look)

    def doubted(self, *, more: bool) -> frozenset[int]:
        """The links of this window whose failure does not count yet; `more` says that the run goes on."""
        found = to_ask_again(self._looks, self._rest, self._policy, more=more)
        return (found - self._heard - self._settled) | self.waiting

    def superseded(self, *, more: bool) -> frozenset[int]:
        """Those, and the links for which a second look speaks."""
        return self.doubted(more=more) | self._heard

    def close_window(self) -> None:
        """Begin a new window."""
        self._rest = self._rest.and_these(self._looks[self._begins :])
        # A burst may have begun before: its last looks stay in sight.
        self._looks = self._looks[-_IN_SIGHT:]
        kept = {look.link_id for look in self._looks} | self.waiting
        self._marks = {link_id: self._marks.get(link_id) for link_id in kept}
        self._settled &= kept
        self._begins = len(self._looks)

    def ask(
        self,
        pending: Mapping[int, tuple[DueLink, Observation]],
        doubted: AbstractSet[int],
        behind_one_page: AbstractSet[int] = frozenset(),
    ) -> Sequence[LinkVisit]:
        """Let doubted failures wait, and what is `behind_one_page`; returns the visits to make for them."""
        times = {look.link_id: look.at for look in self._looks}
        visits: list[LinkVisit] = []
        over = self._heard | self._settled | self.waiting
        for link_id in (doubted | behind_one_page) - over:
            if link_id not in pending or link_id not in times:
                continue
            due, seen = pending[link_id]
            sort = sort_of(seen) if link_id in doubted else FirstFailure.ONE_PAGE
            if sort is None:
                continue
            host = urlsplit(seen.url).netloc
            group = self._groups.setdefault((host, sort), _Group(host, sort))
            group.first[link_id] = due, seen
            self._waiting[link_id] = group
            is_enough = group.asked >= self._policy.second_looks_of_host
            if is_enough or self._asked >= MOST_SECOND_LOOKS:
                continue
            self._asked += 1
            group.asked += 1
            at = times[link_id] + self._policy.second_look.total_seconds()
            self._due_at = max(self._due_at, at)
            visits.append(LinkVisit.second(due, at))
        return visits

    def hidden(
        self, pending: Mapping[int, tuple[DueLink, Observation]], behind_one_page: AbstractSet[int]
    ) -> Kept:
        """The second looks that did not say the same, but met a page which stands before other sites too: they count for
        nothing."""
        hidden = (behind_one_page & self._heard) - self._same
        return [_unconfirmed(pending[link_id]) for link_id in hidden if link_id in pending]

    def heard(self, link_id: int, seen: Observation, mark: str | None = None) -> Heard:
        """Take a second look; `mark` is that of its page."""
        group = self._waiting.pop(link_id, None)
        if group is None:
            return Heard(seen)
        self._heard.add(link_id)
        group.first.pop(link_id)
        group.heard += 1
        sort = sort_of(seen)
        is_same = sort is group.sort
        if group.sort is FirstFailure.ONE_PAGE:
            is_same = same_page(mark, self._marks.get(link_id))
        if is_same:
            self._same.add(link_id)
        group.is_contradicted = group.is_contradicted or not is_same
        others = [] if group.heard < group.asked else self._resolved(group)
        if is_same or sort is None or self._standing(link_id).knows(sort):
            return Heard(seen, others, is_same)
        return Heard(as_inconclusive(seen, Inconclusive.UNCONFIRMED), others)

    def drop(self) -> None:
        """Forget what waits: its window is not trusted."""
        self._waiting.clear()
        self._groups.clear()

    def flush(self) -> Kept:
        """What still waits, as unconfirmed: nobody will ask again."""
        groups = dict.fromkeys(self._waiting.values())
        kept = [_unconfirmed(one) for group in groups for one in group.first.values()]
        self.drop()
        return kept

    def _resolved(self, group: _Group) -> Kept:
        """Every second look of a group is there: the rest of it stands or falls with them."""
        self._groups.pop((group.host, group.sort), None)
        self._settled.update(group.first)
        for link_id in group.first:
            del self._waiting[link_id]
        return list(map(_unconfirmed, group.first.values())) if group.is_contradicted else []


def _unconfirmed(one: tuple[DueLink, Observation]) -> tuple[DueLink, Observation]:
    due, seen = one
    return due, as_inconclusive(seen, Inconclusive.UNCONFIRMED)
