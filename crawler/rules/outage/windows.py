"""Whether the visits of a window may be judged at all, before any strike is committed (rule O1).

A run is cut into windows, each from one look at the canaries to the next. `judge_window` says whether a
window's answers came from the sites or from our own side of the network; `release` then decides what is
committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate

from crawler.model.observation import CertificateFault
from crawler.rules.outage.network_evidence import (
    NAME_FAILURES,
    NetworkEvidence,
    answering,
    answering_as_themselves,
    by_site,
    canaries_up,
    has_answered,
    is_confirmed_gone,
    is_error_page,
    is_refusal,
    network_evidence,
    never_reached,
    shared_answers,
)
from crawler.rules.policy import OutagePolicy

__all__ = (
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


class WindowVerdict(StrEnum):
    """Whether a window's answers count, or why they do not."""

    TRUSTED = "trusted"
    OWN_NETWORK_DOWN = "own-network-down"
    PORTAL = "portal"
    BLOCKED_BY_PROXY = "blocked-by-proxy"
    BREAKER_TRIPPED = "breaker-tripped"
    CLOCK_JUMPED = "clock-jumped"
    RESOLVER_LIES = "resolver-lies"


@dataclass(frozen=True, slots=True)
class HostRecord:
    """What earlier runs knew of a host: how many runs ago it last answered as itself (1: the last
    run; 0: earlier in this one; None: never), and whether that was its latest visit. `verified` is False where
    its certificate had a fault then: such a host is no canary, since a portal's certificate would be no change."""

    host: str
    site: str
    runs_since_alive: int | None
    alive_at_latest: bool
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Clock:
    """Readings of both clocks at the start of the run and now; monotonic times are seconds.

    `last_run_ended` is of the last run whose clock had not jumped: one run with a clock in the future must not
    silence all later runs.
    """

    wall_start: datetime
    monotonic_start: float
    wall: datetime
    monotonic: float
    last_run_ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What the resolver made of names that it was asked for trial (rule O17).

    `misled` are the hosts that it leads to an address which it gives to a name that cannot exist, too. `finds_any` says
    whether it found a name that surely exists, None where nobody asked.
    """

    misled: frozenset[str] = frozenset()
    finds_any: bool | None = None


NOBODY_ASKED = Names()


@dataclass(frozen=True, slots=True)
class Window:
    """What is known at the end of a window.

    `canaries_before` and `canaries` are the looks at its start and at its end, empty where there was none. `visits`
    are the window's own; `earlier` are those of earlier trusted windows of this run, for the breaker: the last
    visit to each previously alive host is enough. Both are oldest first.
    """

    clock: Clock
    visits: Sequence[NetworkEvidence] = ()
    canaries: Sequence[NetworkEvidence] = ()
    canaries_before: Sequence[NetworkEvidence] = ()
    earlier: Sequence[NetworkEvidence] = ()
    names: Names = NOBODY_ASKED


@dataclass(frozen=True, slots=True)
class WindowFinding:
    """The opinion on one window; `sentence` is for the user, empty where the window is trusted."""

    verdict: WindowVerdict
    sentence: str = ""

    @property
    def trusted(self) -> bool:
        """Whether strikes may be committed."""
        return self.verdict is WindowVerdict.TRUSTED


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


def _proxy(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A proxy that answers every request with 403, 407, 511 or a gateway's faults (rule O4)."""
    sites = by_site(_suspects(window, policy))
    refused = sum(all(map(is_refusal, seens)) for seens in sites.values())
    answered = answering(sites)
    if refused < policy.sites_enough or refused < policy.alike * answered:
        return None
    return WindowFinding(
        WindowVerdict.BLOCKED_BY_PROXY,
        f"{refused} of {answered} different sites were refused in the same way: a proxy or a filter "
        "seems to answer in their place. Nothing is judged.",
    )


def _portal(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A portal that answers every request with one page or redirect, so that different sites give one answer.

    Five sites are enough. Two are enough where the canaries show an outage, or nothing else was seen, and nothing
    proves that the answers came from the sites.
    """
    sites = by_site(_suspects(window, policy))
    finding = _alike(sites, policy.sites_enough, policy, forgeable=False)
    if finding is None and not _good(window.canaries, policy):
        finding = _alike(sites, policy.strangers_enough, policy, strange=True)
    if finding is None and (_bad_looks(window, policy) or _is_all_alike(window, policy)):
        finding = _alike(sites, policy.canaries_least, policy, forgeable=True)
    return finding


def _is_all_alike(window: Window, policy: OutagePolicy) -> bool:
    """Whether so few sites were visited that one page from all of them is all that is known of the network."""
    sites = by_site(window.visits)
    if _usable(window.canaries, policy) or len(sites) >= policy.sites_enough:
        return False
    shared = shared_answers(sites, forgeable=True)
    return any(len(found) == len(sites) for found in shared.values())


def _portal_before_canaries(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A portal seen by the canaries alone: two are enough, since each is known to have answered otherwise."""
    findings = (
        _alike(by_site(look), policy.canaries_least, policy, forgeable=True)
        for look in (window.canaries_before, window.canaries)
    )
    return next(filter(None, findings), None)


def _alike(
    sites: Mapping[str, Sequence[NetworkEvidence]],
    enough: int,
    policy: OutagePolicy,
    *,
    forgeable: bool = False,
    strange: bool = False,
) -> WindowFinding | None:
    answered = answering(sites)
    (kind, mark), found = max(
        shared_answers(sites, forgeable=forgeable, strange=strange).items(),
        key=lambda entry: (len(entry[1]), entry[0]),
        default=(("", ""), set()),
    )
    if len(found) < enough or len(found) < policy.alike * answered:
        return None
    where = f"ended at {mark}" if kind == "end" else "answered with one and the same page"
    return WindowFinding(
        WindowVerdict.PORTAL,
        f"{len(found)} of {answered} different sites {where}: a login page of the network (a "
        "captive portal) seems to stand before all of them. Nothing is judged.",
    )


def _portal_certificate(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A portal that answers https with its own certificate, so that hardly any site can be verified.

    All sites then show the same fault; badly kept sites have different faults.
    """
    sites = by_site(_suspects(window, policy))
    answered = answering(sites)
    faults = Counter(
        fault for seens in sites.values() for fault in [_fault_of(seens)] if fault is not None
    )
    unverified = max(faults.values(), default=0)
    if unverified < policy.sites_enough or unverified < policy.alike * answered:
        return None
    return WindowFinding(
        WindowVerdict.PORTAL,
        f"{unverified} of {answered} different sites answered with a certificate that could not be "
        "verified: a login page of the network (a captive portal) or a filter seems to answer in "
        "their place. Nothing is judged. If it is a filter of your own, name its authority in "
        "LINKHEALTH_CA_FILE.",
    )


def _fault_of(seens: Sequence[NetworkEvidence]) -> CertificateFault | None:
    """The certificate fault of a site whose answers all came with another party's certificate; None for others."""
    answers = [seen for seen in seens if has_answered(seen)]
    all_foreign = all(seen.has_foreign_certificate for seen in answers)
    return answers[0].certificate if answers and all_foreign else None


def _canaries(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """Under 60 % of the canaries are up (rule O7), and the visits do not prove that the network is.

    Visits outweigh canaries that were down from the start (an intranet, a partial mapping of names), but not
    canaries that went down: then the earlier visits prove nothing about the later ones. Only answers that the
    sites alone can give count, since a portal and a proxy answer every visit.
    """
    down = _bad_looks(window, policy)
    if not down:
        return None
    looks = [look for look in (window.canaries_before, window.canaries) if _usable(look, policy)]
    sites = by_site(window.visits)
    answered = answering_as_themselves(sites, policy)
    if len(down) == len(looks) and answered and answered >= policy.canary_up * len(sites):
        return None
    return WindowFinding(
        WindowVerdict.OWN_NETWORK_DOWN,
        f"{canaries_up(down[-1])} of {len(down[-1])} hosts that should answer did so: the network of this machine seems "
        "to be down. Nothing is counted as broken.",
    )


def _silence(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """Many sites and hardly an answer (rule O8): the only evidence of an outage where there are no canaries."""
    if _good(window.canaries, policy):
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


def _breaker(window: Window, policy: OutagePolicy) -> WindowFinding | None:
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


_RULES = (
    _clock,  # rule O3
    _names,  # rule O17
    _proxy,  # rule O4
    _portal,  # rule O5
    _portal_before_canaries,  # rule O5
    _portal_certificate,  # rule O6
    _canaries,  # rule O7
    _silence,  # rule O8
    _breaker,  # rule O9
)


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


def _suspects(window: Window, policy: OutagePolicy) -> Sequence[NetworkEvidence]:
    """The visits in which a portal or a proxy is looked for. Where the canaries are up, only sites that were alive
    count: five that always gave one answer (a chain of newspapers, a wall's vendor) prove nothing, five that changed
    at once do."""
    if _good(window.canaries, policy):
        known = (seen for seen in window.visits if seen.was_alive)
        # An error page may be that of the servers' make; the second look (rule O16) protects those that were well.
        return [replace(seen, fingerprint=None) if is_error_page(seen) else seen for seen in known]
    return (*window.visits, *window.canaries)


def _usable(look: Sequence[NetworkEvidence], policy: OutagePolicy) -> bool:
    return len(look) >= policy.canaries_least


def _bad_looks(window: Window, policy: OutagePolicy) -> list[Sequence[NetworkEvidence]]:
    """The looks at the canaries that show an outage, oldest first."""
    looks = (window.canaries_before, window.canaries)
    return [look for look in looks if _usable(look, policy) and not _good(look, policy)]


def _good(look: Sequence[NetworkEvidence], policy: OutagePolicy) -> bool:
    if not _usable(look, policy):
        return False
    least = policy.canary_up * len(look) if len(look) >= policy.canaries_enough else 1
    return canaries_up(look) >= least


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
