"""The breaker: too many hosts that were alive before fail at once (rule O9)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import accumulate

from crawler.rules.outage.network_evidence import (
    NetworkEvidence,
    by_site,
    is_confirmed_gone,
    never_reached,
)
from crawler.rules.outage.window import Window, WindowFinding, WindowVerdict
from crawler.rules.policy import OutagePolicy


def breaker(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """Too many hosts that were alive before cannot be reached, or have lost their pages at once (rule O9)."""
    visits = (*window.earlier, *window.visits)
    now = frozenset(seen.host for seen in window.visits)
    failed, hosts, are_last = new_failures(visits, policy, now)
    if failed >= policy.breaker_least and failed > policy.breaker_share * hosts:
        which = "the last" if are_last else "a row of"
        return WindowFinding(
            WindowVerdict.BREAKER_TRIPPED,
            f"{failed} of {which} {hosts} hosts that were alive before cannot be reached: too many at "
            "once to be true. Nothing is counted as broken.",
        )
    gone, sites = newly_gone(visits)
    if gone >= policy.strangers_enough and gone > policy.breaker_gone_share * sites:
        return WindowFinding(
            WindowVerdict.BREAKER_TRIPPED,
            f"{gone} of {sites} sites that were alive before say at once that their pages are gone: too many to "
            "be true. Nothing is counted as broken.",
        )
    return None


def new_failures(
    visits: Iterable[NetworkEvidence], policy: OutagePolicy, now: frozenset[str]
) -> tuple[int, int, bool]:
    """(failed, hosts, are the last): the most failures at the last visits of 200 previously alive hosts in a row
    (rule O9), of which the last was visited just `now`.

    Only a visit that never reached its site counts as failed: a 403 is the site's own answer. What waits for a second
    look counts neither way.
    """
    latest: dict[str, NetworkEvidence] = {}
    for seen in visits:
        if seen.was_alive:
            latest.pop(seen.host, None)
            if not seen.in_doubt:
                latest[seen.host] = seen
    hosts = list(latest.values())
    most = min(len(hosts), policy.breaker_hosts)
    failures = [0, *accumulate(map(never_reached, hosts))]
    found = [
        (failures[end] - failures[end - most], end == len(hosts))
        for end in range(most, len(hosts) + 1)
        if end and (hosts[end - 1].host in now or end == len(hosts))
    ]
    failed, are_last = max(found, default=(0, True))
    return failed, most, are_last


def newly_gone(visits: Iterable[NetworkEvidence]) -> tuple[int, int]:
    """(gone, sites): how many previously alive sites said twice that a page is gone, and nothing else (rule O9)."""
    known = by_site(seen for seen in visits if seen.was_alive and not seen.in_doubt)
    return sum(all(map(is_confirmed_gone, seens)) for seens in known.values()), len(known)
