"""Which observations of a finished window are committed, and which as inconclusive (rules O1, O10, O17)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.model.observation import FailureKind, Inconclusive, Observation
from crawler.rules.outage.network_evidence import is_surely_its_own
from crawler.rules.outage.windows import WindowVerdict
from crawler.rules.places import is_deep
from crawler.rules.policy import OutagePolicy
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find, is_good
from crawler.rules.verdict.redirect_ends import SOFT_404_HOME
from crawler.rules.verdict.statuses import PERMANENT

_SEVERAL = 2
_BLOCKS = frozenset({403, 429})
_BEFORE_ANY_REQUEST = frozenset({FailureKind.CONNECT_REFUSED, FailureKind.CONNECT_TIMEOUT})
_WORTH_NOTHING = (WindowVerdict.PORTAL, WindowVerdict.CLOCK_JUMPED, WindowVerdict.RESOLVER_LIES)
"""With these even a good answer may not be the site's, or its time may be wrong."""


@dataclass(frozen=True, slots=True)
class HostInRun:
    """One host: its observations within `blocking_memory`, oldest first, those of earlier runs and those that are
    committed and pending in this one; `finished` when none of its links is left to visit in this run. `links` is how many
    deep links of it are known, however long ago they were visited; it is counted only where a link leads to a home
    page. `is_misled` says that the resolver leads it to where it leads names that do not exist."""

    outcomes: tuple[Observation, ...]
    finished: bool
    links: int = 0
    is_misled: bool = False


@dataclass(frozen=True, slots=True)
class Release:
    """`committed` in the order of the visits, inconclusive ones as such; `held` stays pending."""

    committed: tuple[Observation, ...]
    held: tuple[Observation, ...]


def release(
    pending: Sequence[Observation],
    verdict: WindowVerdict,
    hosts: Mapping[str, HostInRun],
    policy: OutagePolicy,
) -> Release:
    """Release the observations that were pending since the last window.

    `hosts` is by host and port (`netloc`) and has every host of `pending`. An untrusted window gives no
    strike, and keeps only successes that are surely the site's own; with a portal or a wrong clock it keeps
    none. In a trusted window a transient failure stays pending until its host is finished, and so does a link that
    leads to a home page: only then is it known whether the host blocks us, or answered other requests.
    """
    committed, held = [], []
    for seen in pending:
        host = hosts[_host(seen.url)]
        good, at_home = is_good(seen), leads_home(seen)
        if verdict is not WindowVerdict.TRUSTED:
            keep = good and verdict not in _WORTH_NOTHING and is_surely_its_own(seen)
            committed.append(seen if keep else as_inconclusive(seen, Inconclusive(verdict.value)))
        elif host.is_misled and not is_surely_its_own(seen):
            committed.append(as_inconclusive(seen, Inconclusive.RESOLVER_LIES))
        elif good:
            committed.append(seen)
        elif is_blocking_us(host.outcomes, policy):
            committed.append(as_inconclusive(seen, Inconclusive.HOST_BLOCKS_US))
        elif find(seen).outcome is not Outcome.FAILING and not at_home:
            committed.append(seen)
        elif not host.finished:
            held.append(seen)
        elif at_home:
            event = is_event_of_host(seen, host, policy)
            committed.append(as_inconclusive(seen, Inconclusive.HOST_LEADS_HOME) if event else seen)
        elif _refused_before(seen, host.outcomes):
            committed.append(as_inconclusive(seen, Inconclusive.HOST_BLOCKS_US))
        elif _answers_elsewhere(seen, host.outcomes):
            committed.append(as_inconclusive(seen, Inconclusive.PASSING_FAULT))
        else:
            committed.append(seen)
    return Release(tuple(committed), tuple(held))


def needs_host(seen: Observation) -> bool:
    """Whether the release of an observation depends on other observations of its host."""
    return not is_good(seen)


def as_inconclusive(seen: Observation, reason: Inconclusive) -> Observation:
    """The observation as one that counts for nothing.

    Page, image and validators are left out: they may be a portal's.
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


def is_event_of_host(seen: Observation, host: HostInRun, policy: OutagePolicy) -> bool:
    """Whether a host leads all of its deep links to its home page at present, as in maintenance (rule O15).

    It is no event where the host answered another deep
    link of this run as such, nor once it has lasted a week. A single link says it only where it was well before, and is
    led away for the time being.
    """
    deep = [one for one in host.outcomes if is_deep(urlsplit(one.url))]
    if any(one.run == seen.run and _is_answered_apart(one) for one in deep):
        return False
    is_alone = host.links < _SEVERAL and {one.url for one in deep} <= {seen.url}
    if is_alone and not (any(map(is_good, deep)) and _is_for_now(seen)):
        return False
    begun: datetime | None = None
    for one in deep:
        if is_good(one):
            begun = None
        elif leads_home(one):
            begun = begun or one.at
    return seen.at - (begun or seen.at) < policy.home_event


def mass_change(flipped: int, articles: int, policy: OutagePolicy) -> bool:
    """Whether write-back must refuse: more than 2 % of the articles, and at least 10, carry a broken link, or a dead
    one, that they did not carry before this run (rule O14)."""
    return flipped >= policy.mass_least and flipped > policy.mass_share * articles


def _refused_before(seen: Observation, outcomes: Iterable[Observation]) -> bool:
    """Whether a reset comes from a host that lately answered 403 or 429: it is up and refuses us (rule O12)."""
    return seen.failure is FailureKind.CONNECTION_RESET and any(
        other.status in _BLOCKS for other in outcomes
    )


def _answers_elsewhere(seen: Observation, outcomes: Iterable[Observation]) -> bool:
    """Whether the same origin answered another request of this run (rule O13).

    A connection that fails before the request is sent says nothing of one URL, so an answer to any other URL
    of the same scheme, host and port contradicts it. After a redirect another host may have failed.
    """
    if seen.failure not in _BEFORE_ANY_REQUEST or seen.hops:
        return False
    origin = urlsplit(seen.url)[:2]
    return any(
        other.run == seen.run and other.status is not None and urlsplit(other.url)[:2] == origin
        for other in outcomes
    )


def leads_home(seen: Observation) -> bool:
    """Whether a visit was led to a home page, whether that counts or not (rules N1, O15)."""
    return seen.inconclusive is Inconclusive.HOST_LEADS_HOME or find(seen).reason == SOFT_404_HOME


def _is_answered_apart(seen: Observation) -> bool:
    """Whether an answer is about its own page: there, or gone by itself."""
    outcome = find(seen).outcome
    return is_good(seen) or (outcome is Outcome.GONE and not leads_home(seen))


def _is_for_now(seen: Observation) -> bool:
    return any(hop.status not in PERMANENT for hop in seen.hops)


def _host(url: str) -> str:
    return urlsplit(url).netloc
