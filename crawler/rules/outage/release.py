"""What of a finished window is committed, and as what (rules O1, O10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.model.observation import FailureKind, Inconclusive, Observation
from crawler.rules.outage.network_evidence import is_surely_its_own
from crawler.rules.outage.windows import WindowVerdict
from crawler.rules.policy import OutagePolicy
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find

_GOOD = (Outcome.ALIVE, Outcome.MOVED)
_BLOCKS = frozenset({403, 429})
_BEFORE_ANY_REQUEST = frozenset({FailureKind.CONNECT_REFUSED, FailureKind.CONNECT_TIMEOUT})
_WORTH_NOTHING = (WindowVerdict.PORTAL, WindowVerdict.CLOCK_JUMPED)
"""Where even a good answer is not the site's, or not of the time that it bears."""


@dataclass(frozen=True, slots=True)
class HostInRun:
    """One host: what was seen of it within `blocking_memory`, oldest first, earlier runs, committed and
    pending; `finished` when nothing of it is left to visit in this run."""

    outcomes: tuple[Observation, ...]
    finished: bool


@dataclass(frozen=True, slots=True)
class Release:
    """`committed` in the order in which they came, marked where inconclusive; `held` stays pending."""

    committed: tuple[Observation, ...]
    held: tuple[Observation, ...]


def release(
    pending: Sequence[Observation],
    verdict: WindowVerdict,
    hosts: Mapping[str, HostInRun],
    policy: OutagePolicy,
) -> Release:
    """What becomes of the observations that were pending since the last window.

    `hosts` is by host and port (`netloc`) and knows every host of `pending`. An untrusted window leaves no
    strike, and of its successes only those that nobody else can have given; a portal's, or a wrong clock's,
    leaves nothing at all. In a trusted one a transient failure is held until its host
    is finished: only then is it known whether the host blocks us or answered elsewhere.
    """
    committed, held = [], []
    for seen in pending:
        host = hosts[_host(seen.url)]
        good = find(seen).outcome in _GOOD
        if verdict is not WindowVerdict.TRUSTED:
            keep = good and verdict not in _WORTH_NOTHING and is_surely_its_own(seen)
            committed.append(seen if keep else mark(seen, Inconclusive(verdict.value)))
        elif good:
            committed.append(seen)
        elif is_blocking_us(host.outcomes, policy):
            committed.append(mark(seen, Inconclusive.HOST_BLOCKS_US))
        elif find(seen).outcome is not Outcome.FAILING:
            committed.append(seen)
        elif not host.finished:
            held.append(seen)
        elif _refuses_in_words(seen, host.outcomes):
            committed.append(mark(seen, Inconclusive.HOST_BLOCKS_US))
        elif _answers_elsewhere(seen, host.outcomes):
            committed.append(mark(seen, Inconclusive.PASSING_FAULT))
        else:
            committed.append(seen)
    return Release(tuple(committed), tuple(held))


def needs_host(seen: Observation) -> bool:
    """Whether what becomes of a visit depends on what else was seen of its host."""
    return find(seen).outcome not in _GOOD


def mark(seen: Observation, reason: Inconclusive) -> Observation:
    """The observation as one that counts for nothing.

    What a portal's page says of itself is not the article's: page, image and validators go.
    """
    return replace(seen, inconclusive=reason, page=None, image=None, etag=None, last_modified=None)


def is_blocking_us(outcomes: Iterable[Observation], policy: OutagePolicy) -> bool:
    """Whether a host refuses us as a visitor: at least 80 % of at least 5 URLs give 403, 429 or a reset
    (rule O12). `outcomes` are of one host, oldest first; the last of each URL counts."""
    latest = {seen.url: seen for seen in outcomes}
    refused = sum(
        seen.status in _BLOCKS or seen.failure is FailureKind.CONNECTION_RESET
        for seen in latest.values()
    )
    return len(latest) >= policy.blocking_urls and refused >= policy.blocking_share * len(latest)


def mass_change(flipped_to_dead: int, articles: int, policy: OutagePolicy) -> bool:
    """Whether write-back must refuse: more than 2 % of the articles, and at least 10, carry a dead link
    that they did not carry before this run (rule O14)."""
    return flipped_to_dead >= policy.mass_least and flipped_to_dead > policy.mass_share * articles


def _refuses_in_words(seen: Observation, outcomes: Iterable[Observation]) -> bool:
    """Whether a reset comes from a host that lately said 403 or 429: it is up, and means us (rule O12)."""
    return seen.failure is FailureKind.CONNECTION_RESET and any(
        other.status in _BLOCKS for other in outcomes
    )


def _answers_elsewhere(seen: Observation, outcomes: Iterable[Observation]) -> bool:
    """Whether the same origin answered another request of this run (rule O13).

    A connection that fails before anything is asked says nothing of one URL, so an answer to any other
    of the same scheme, host and port contradicts it. After a redirect another host may have failed.
    """
    if seen.failure not in _BEFORE_ANY_REQUEST or seen.hops:
        return False
    origin = urlsplit(seen.url)[:2]
    return any(
        other.run == seen.run and other.status is not None and urlsplit(other.url)[:2] == origin
        for other in outcomes
    )


def _host(url: str) -> str:
    return urlsplit(url).netloc
