"""Whether the visits of a window may be judged at all, before any strike is committed (rule O1).

A run is cut into windows, each from one look at the canaries to the next. `judge_window` says whether a
window's answers came from the sites or from our own side of the network; `release` then decides what is
committed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from crawler.rules.outage.breaker import breaker, new_failures, newly_gone
from crawler.rules.outage.network_evidence import (
    NAME_FAILURES,
    NetworkEvidence,
    answering,
    answering_as_themselves,
    by_site,
    canaries_up,
    network_evidence,
)
from crawler.rules.outage.portals import (
    portal,
    portal_before_canaries,
    portal_certificate,
    proxy,
)
from crawler.rules.outage.window import (
    NOBODY_ASKED,
    Clock,
    HostRecord,
    Names,
    Window,
    WindowFinding,
    WindowVerdict,
    bad_looks,
    has_good_canaries,
    is_usable,
)
from crawler.rules.policy import OutagePolicy

__all__ = (
    "NOBODY_ASKED",
    "Clock",
    "HostRecord",
    "Names",
    "NetworkEvidence",
    "Window",
    "WindowFinding",
    "WindowVerdict",
    "enough_to_judge",
    "judge_window",
    "network_evidence",
    "new_failures",
    "newly_gone",
    "pick_canaries",
    "was_alive",
)


def was_alive(record: HostRecord, policy: OutagePolicy) -> bool:
    """Whether a host was alive before: at its latest visit, or within the last runs (rule O2).

    Runs that were not trusted count too. So a host that is really gone drops out after three runs, and cannot
    make every later run look like an outage.
    """
    if record.runs_since_alive is None:
        return False
    return record.alive_at_latest or record.runs_since_alive <= policy.canary_runs


def pick_canaries(records: Iterable[HostRecord], policy: OutagePolicy) -> tuple[HostRecord, ...]:
    """The canaries in addition to the configured ones: at most 20 (rule O2), one of each site, most recently alive
    first.

    The URL to ask for is the one that was alive.
    """
    alive = [(record.runs_since_alive or 0, record) for record in records]
    of_site: dict[str, HostRecord] = {}
    for _, record in sorted(alive, key=lambda pair: (pair[0], pair[1].host)):
        if record.verified and was_alive(record, policy):
            of_site.setdefault(record.site, record)
    return tuple(of_site.values())[: policy.canary_hosts]


def enough_to_judge(window: Window, policy: OutagePolicy) -> bool:
    """Whether a window may be closed before the end of the run.

    A first run has no canaries; its window stays open until enough sites were visited to tell an outage of ours
    from failures of sites (rule O1).
    """
    sites = {seen.site for seen in window.visits}
    return len(window.canaries) >= policy.canaries_least or len(sites) >= policy.sites_enough


def judge_window(window: Window, policy: OutagePolicy) -> WindowFinding:
    """The opinion on one window; the first of the rules that matches wins (rules O3 to O9, O17)."""
    for rule in _RULES:
        finding = rule(window, policy)
        if finding is not None:
            return finding
    return WindowFinding(WindowVerdict.TRUSTED)


def _clock(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A clock that runs backwards or jumps more than 48 h gives no strikes (rule O3)."""
    clock = window.clock
    ended = clock.last_run_ended
    if ended is not None and clock.wall_start < ended - policy.clock_slack:
        return WindowFinding(
            WindowVerdict.CLOCK_JUMPED,
            f"The clock says {_minute(clock.wall_start)}, but the last run ended at "
            f"{_minute(ended)}: nothing is counted as broken until the clock has passed that time.",
        )
    jump = clock.wall - clock.wall_start
    jump -= timedelta(seconds=clock.monotonic - clock.monotonic_start)
    if jump < -policy.clock_slack or jump > policy.clock_jump:
        way = "back" if jump < timedelta(0) else "forward"
        return WindowFinding(
            WindowVerdict.CLOCK_JUMPED,
            f"The clock was set {way} by {abs(jump).total_seconds() / 3600:.1f} hours while the run "
            "went on: nothing in it is counted as broken.",
        )
    return None


def _canaries(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """Under 60 % of the canaries are up (rule O7), and the visits do not prove that the network is.

    Visits outweigh canaries that were down from the start (an intranet, a partial mapping of names), but not
    canaries that went down: then the earlier visits prove nothing about the later ones. Only answers that the
    sites alone can give count, since a portal and a proxy answer every visit.
    """
    down = bad_looks(window, policy)
    if not down:
        return None
    looks = [look for look in (window.canaries_before, window.canaries) if is_usable(look, policy)]
    sites = by_site(window.visits)
    answered = answering_as_themselves(sites, policy)
    from_the_start = len(down) == len(looks) and not window.are_stand_ins
    if from_the_start and answered and answered >= policy.canary_up * len(sites):
        return None
    return WindowFinding(
        WindowVerdict.OWN_NETWORK_DOWN,
        f"{canaries_up(down[-1])} of {len(down[-1])} hosts that should answer did so: the network of this machine seems "
        "to be down. Nothing is counted as broken.",
    )


def _silence(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """Many sites and hardly an answer (rule O8): the only evidence of an outage where there are no canaries."""
    if has_good_canaries(window, policy):
        return None
    sites = by_site(window.visits)
    answered = answering(sites, known=True)
    if len(sites) < policy.sites_enough or answered >= policy.answers_least * len(sites):
        return None
    return WindowFinding(
        WindowVerdict.OWN_NETWORK_DOWN,
        f"{answered} of {len(sites)} different sites gave any answer that is surely theirs: the "
        "network of this machine seems to be down. Nothing is counted as broken.",
    )


def _names(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A resolver that leads sites to where it leads names that cannot exist, or that finds no name (rule O17)."""
    sites = by_site(window.visits)
    misled = sum(
        all(seen.host in window.names.misled and not seen.secure for seen in seens)
        for seens in sites.values()
    )
    if misled and misled >= policy.misled_share * len(sites):
        return WindowFinding(
            WindowVerdict.RESOLVER_LIES,
            f"{misled} of {len(sites)} different sites have the address that the name server gives to names "
            "that do not exist: it, or the network's login page, answers in their place. Nothing could be judged.",
        )
    if window.names.finds_any is False and sites and all(map(_is_nameless, sites.values())):
        return WindowFinding(
            WindowVerdict.OWN_NETWORK_DOWN,
            "No name was found, not even one that surely exists: nothing could be judged. If this network has "
            "names of its own alone, name two of its hosts in `canaries`.",
        )
    return None


def _is_nameless(seens: Sequence[NetworkEvidence]) -> bool:
    return all(seen.status is None and seen.failure in NAME_FAILURES for seen in seens)


_RULES = (
    _clock,  # rule O3
    _names,  # rule O17
    proxy,  # rule O4
    portal,  # rule O5
    portal_before_canaries,  # rule O5
    portal_certificate,  # rule O6
    _canaries,  # rule O7
    _silence,  # rule O8
    breaker,  # rule O9
)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
