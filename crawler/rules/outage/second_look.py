"""Which first failures are asked again before they count (rule O16).

A name that does not exist, or a page that is gone, is definite only if a second look says the same: the first may have
met a fault of the network that lasted for seconds. A link that was well always gets one. One that nobody knows gets one
where it failed in a burst: among failures of the same sort, of unrelated sites, that stand out from the rest of the run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log2

from crawler.model.observation import FailureKind, Observation
from crawler.rules.outage.network_evidence import (
    NetworkEvidence,
    by_site,
    marks_of,
    shared_answers,
)
from crawler.rules.policy import OutagePolicy
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.statuses import GONE, http_reason

_LEAST_HELD = 2
"""Sites of a burst that may go on behind the end of a window."""
_LEAST_ALIKE = 2
"""Sites that show one page, and of which one is known to have shown another."""


class FirstFailure(StrEnum):
    """The sorts of failures that a fault on our side gives to all sites alike."""

    NAME = "name"
    """The name does not exist, or has no address."""
    GONE = "gone"
    """404 or 410."""
    REFUSED = "refused"
    RESET = "reset"
    ONE_PAGE = "one-page"
    """No failure by itself: a page that another site shows too, and at least one of them never did before."""

    @property
    def is_definite(self) -> bool:
        """Whether a single one makes a link broken."""
        return self in (FirstFailure.NAME, FirstFailure.GONE)


_OF_FAILURE = {
    FailureKind.DNS_NXDOMAIN: FirstFailure.NAME,
    FailureKind.DNS_NODATA: FirstFailure.NAME,
    FailureKind.CONNECT_REFUSED: FirstFailure.REFUSED,
    FailureKind.CONNECTION_RESET: FirstFailure.RESET,
}


_OF_REASON = {
    **{kind.value: sort for kind, sort in _OF_FAILURE.items()},
    **{http_reason(status): FirstFailure.GONE for status in GONE},
}


@dataclass(frozen=True, slots=True)
class Look:
    """One visit of a link in this run, `at` seconds of any clock; `failed` is None where it met none of these failures.

    `was_well`: the link was visited before and is not broken, or, where its name failed, its host was alive before
    (`windows.was_alive`). `is_known` says that the link has been failing so already: this is no first failure.
    """

    link_id: int
    at: float
    site: str
    failed: FirstFailure | None = None
    was_well: bool = False
    is_known: bool = False


@dataclass(frozen=True, slots=True)
class Rest:
    """The looks of earlier windows of this run: how many, and how many of them failed, by sort."""

    looks: int = 0
    failed: Mapping[FirstFailure, int] | None = None

    def and_these(self, looks: Sequence[Look]) -> Rest:
        """With the looks of one more window."""
        failed = Counter(self.failed or {})
        failed.update(look.failed for look in looks if look.failed and not look.is_known)
        return Rest(self.looks + len(looks), failed)


def sort_of(seen: Observation) -> FirstFailure | None:
    """The sort of a visit's failure; None for every other end of a visit."""
    if seen.failure is not None and seen.status is None:
        return _OF_FAILURE.get(seen.failure)
    is_gone = seen.status in GONE and find(seen).outcome is Outcome.GONE
    return FirstFailure.GONE if is_gone else None


def sort_of_reason(reason: str) -> FirstFailure | None:
    """The sort of failure that a verdict's reason names; None for every other one."""
    return _OF_REASON.get(reason)


def to_ask_again(
    looks: Sequence[Look], rest: Rest, policy: OutagePolicy, *, more: bool
) -> frozenset[int]:
    """The links of a window's `looks`, oldest first, whose failure does not count before a second look.

    `more` says that the run goes on: a burst at the end of the window may do so too.
    """
    found = {look.link_id for look in looks if _may_be_asked(look) and _was_well(look)}
    for sort in FirstFailure:
        if sort.is_definite:
            found.update(_near_a_well_one(looks, sort, policy))
        for begins, ends in _bursts(looks, sort, rest, policy, more=more):
            burst = (one for one in looks if one.failed is sort and begins <= one.at <= ends)
            found.update(look.link_id for look in burst)
    return frozenset(found)


def behind_one_page(visits: Sequence[tuple[int, NetworkEvidence]]) -> frozenset[int]:
    """The links of a window's visits that show a page, or end at a place, which another site newly shows too."""
    shared = shared_answers(by_site(seen for _, seen in visits))
    changed = {mark for _, seen in visits if seen.changed for mark in marks_of(seen)}
    suspect = {mark for mark in changed if len(shared.get(mark, ())) >= _LEAST_ALIKE}
    return frozenset(link_id for link_id, seen in visits if not suspect.isdisjoint(marks_of(seen)))


def _may_be_asked(look: Look) -> bool:
    return look.failed is not None and not look.is_known


def _was_well(look: Look) -> bool:
    return look.was_well and look.failed is not None and look.failed.is_definite


def _near_a_well_one(
    looks: Sequence[Look], sort: FirstFailure, policy: OutagePolicy
) -> Iterator[int]:
    """The links that failed within a minute of an unrelated one that was well; a broken one may have come back."""
    failed = [look for look in looks if look.failed is sort]
    well = [look for look in failed if look.was_well and not look.is_known]
    reach = policy.burst_reach.total_seconds()
    for look in failed:
        if any(abs(one.at - look.at) <= reach and one.site != look.site for one in well):
            yield look.link_id


def _bursts(
    every: Sequence[Look], sort: FirstFailure, rest: Rest, policy: OutagePolicy, *, more: bool
) -> Iterator[tuple[float, float]]:
    """Begin and end of the stretches of the run that stand out by first failures from what is outside of them.

    The stretches are the maximal scoring segments of the run, a failure scoring against what was well (Ruzzo and
    Tompa 1999); so many failures must be unlikely at the rate outside (`burst_bits`).
    """
    looks = [look for look in every if look.failed is not sort or _may_be_asked(look)]
    total = rest.looks + len(looks)
    all_failed = (rest.failed or {}).get(sort, 0) + sum(look.failed is sort for look in looks)
    for first, last, is_open in _stretches(
        [look.failed is sort for look in looks], all_failed / max(1, total)
    ):
        stretch = looks[first:last]
        failed = [look for look in stretch if look.failed is sort]
        sites = len({look.site for look in failed})
        outside = (all_failed - len(failed) + 1) / (total - len(stretch) + 2)
        least = policy.burst_sites if sort.is_definite else policy.sites_enough
        is_long = sites >= least and sites * -log2(outside) >= policy.burst_bits
        may_go_on = more and is_open and sort.is_definite and sites >= _LEAST_HELD
        if is_long or may_go_on:
            # At its ends what is remembered of names and connections hides some of it.
            edge = policy.control_within.total_seconds()
            yield stretch[0].at - edge, stretch[-1].at + edge


def _stretches(flags: Sequence[bool], share: float) -> Iterator[tuple[int, int, bool]]:
    """The stretches of `flags` in which more are set than halfway between their `share` and all: first, one behind the
    last, and whether the stretch may go on."""
    share = (1 + share) / 2
    against = share / max(1 - share, 1e-9)
    score = best = 0.0
    first = last = 0
    for place, flag in enumerate(flags):
        if not score:
            first = place
        score = score + 1 if flag else max(0.0, score - against)
        if score > best:
            best, last = score, place + 1
        elif not score and best:
            yield first, last, False
            best = 0.0
    if best:
        yield first, last, last == len(flags)
