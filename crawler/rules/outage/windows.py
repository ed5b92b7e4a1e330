"""Whether a stretch of a run may be judged at all, before any strike is committed (rule O1).

A run is cut into windows, each from one look at the canaries to the next. `judge_window` says whether a
window's answers came from the web or from our own side of it; crawler/rules/outage/release.py then decides what
is committed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crawler.model.observation import CertificateFault
from crawler.rules.outage.network_evidence import (
    NetworkEvidence,
    answering,
    answering_as_themselves,
    by_site,
    canaries_up,
    has_answered,
    is_refusal,
    network_evidence,
    never_reached,
    shared_marks,
)
from crawler.rules.policy import OutagePolicy

__all__ = (
    "Clock",
    "HostRecord",
    "NetworkEvidence",
    "Window",
    "WindowFinding",
    "WindowVerdict",
    "enough_to_judge",
    "judge_window",
    "network_evidence",
    "new_failures",
    "pick_canaries",
    "was_alive",
)


class WindowVerdict(StrEnum):
    """What a window's answers are worth."""

    TRUSTED = "trusted"
    OWN_NETWORK_DOWN = "own-network-down"
    PORTAL = "portal"
    BLOCKED_BY_PROXY = "blocked-by-proxy"
    BREAKER_TRIPPED = "breaker-tripped"
    CLOCK_JUMPED = "clock-jumped"


@dataclass(frozen=True, slots=True)
class HostRecord:
    """What earlier runs knew of a host: how many runs ago it last answered as itself (1: the last
    run; 0: earlier in this one; None: never), and whether that was its latest visit. `verified` is False
    where its certificate had a fault then: no canary, since it cannot show a portal's."""

    host: str
    site: str
    runs_since_alive: int | None
    alive_at_latest: bool
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Clock:
    """Readings of both clocks at the start of the run and now; monotonic times are seconds.

    `last_run_ended` is of the last run whose clock was not found to have jumped: a run that believed
    itself in the future must not silence all that follow.
    """

    wall_start: datetime
    monotonic_start: float
    wall: datetime
    monotonic: float
    last_run_ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """What is known at the end of a window.

    `canaries_before` and `canaries` are the looks at its start and at its end, empty where there was
    none. `visits` are the window's own; `earlier` those of earlier trusted windows of this run, for the
    breaker: the last of each previously alive host is enough. Both are oldest first.
    """

    clock: Clock
    visits: Sequence[NetworkEvidence] = ()
    canaries: Sequence[NetworkEvidence] = ()
    canaries_before: Sequence[NetworkEvidence] = ()
    earlier: Sequence[NetworkEvidence] = ()


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

    Runs count that were not trusted too. So a host that is truly gone drops out after three of them,
    and an outage cannot be suspected for ever.
    """
    if record.runs_since_alive is None:
        return False
    return record.alive_at_latest or record.runs_since_alive <= policy.canary_runs


def pick_canaries(records: Iterable[HostRecord], policy: OutagePolicy) -> tuple[HostRecord, ...]:
    """The hosts to ask beside the configured ones, most recently alive first, one of each site.

    Ask them the URL that was alive. At most 20 (rule O2).
    """
    alive = [(record.runs_since_alive or 0, record) for record in records]
    of_site: dict[str, HostRecord] = {}
    for _, record in sorted(alive, key=lambda pair: (pair[0], pair[1].host)):
        if record.verified and was_alive(record, policy):
            of_site.setdefault(record.site, record)
    return tuple(of_site.values())[: policy.canary_hosts]


def enough_to_judge(window: Window, policy: OutagePolicy) -> bool:
    """Whether a window may be closed before the end of the run.

    A first run has no canaries; its window stays open until enough sites were asked to tell our outage
    from theirs (rule O1).
    """
    sites = {seen.site for seen in window.visits}
    return len(window.canaries) >= policy.canaries_least or len(sites) >= policy.sites_enough


def judge_window(window: Window, policy: OutagePolicy) -> WindowFinding:
    """The opinion on one window; the first of the rules that matches wins (rules O3 to O9)."""
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
    """A proxy that answers 403 to everything, 407, or a gateway's faults (rule O4)."""
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
    """A portal that answers 200 or a redirect to everything: different sites, one answer.

    Five sites are enough. So are two where the canaries say that something is wrong, if nothing proves
    that the answers came from the sites.
    """
    sites = by_site(_suspects(window, policy))
    finding = _alike(sites, policy.sites_enough, policy, forgeable=False)
    if finding is None and _bad_looks(window, policy):
        finding = _alike(sites, policy.canaries_least, policy, forgeable=True)
    return finding


def _portal_before_canaries(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """The same, seen by the canaries alone: two are enough, each known to have been another's."""
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
    forgeable: bool,
) -> WindowFinding | None:
    answered = answering(sites)
    (kind, mark), found = max(
        shared_marks(sites, forgeable=forgeable).items(),
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


def _strangers(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A portal answers https with its own certificate, so that hardly a site can be verified any more.

    It is the same fault everywhere; sites that are badly kept have each their own.
    """
    sites = by_site(_suspects(window, policy))
    answered = answering(sites)
    faults = Counter(
        fault for seens in sites.values() for fault in [_fault_of(seens)] if fault is not None
    )
    strange = max(faults.values(), default=0)
    if strange < policy.sites_enough or strange < policy.alike * answered:
        return None
    return WindowFinding(
        WindowVerdict.PORTAL,
        f"{strange} of {answered} different sites answered with a certificate that could not be "
        "verified: a login page of the network (a captive portal) or a filter seems to answer in "
        "their place. Nothing is judged. If it is a filter of your own, name its authority in "
        "LINKHEALTH_CA_FILE.",
    )


def _fault_of(seens: Sequence[NetworkEvidence]) -> CertificateFault | None:
    """The fault of a site that showed nothing but a stranger's certificate."""
    answers = [seen for seen in seens if has_answered(seen)]
    strangers = all(seen.is_a_strangers for seen in answers)
    return answers[0].certificate if answers and strangers else None


def _canaries(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """Under 60 % of the canaries up (rule O7), unless the visits themselves succeed.

    Visits outvote canaries that were down all along (an intranet, a partial mapping of names), but not
    canaries that went down: then the earlier visits prove nothing of the later ones. Only what the sites
    alone can have said counts, since a portal and a proxy answer every visit.
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
    """Many sites and hardly an answer: the only sign where there are no canaries."""
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


def _breaker(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    failed, hosts = new_failures((*window.earlier, *window.visits), policy)
    if failed < policy.breaker_least or failed <= policy.breaker_share * hosts:
        return None
    return WindowFinding(
        WindowVerdict.BREAKER_TRIPPED,
        f"{failed} of the last {hosts} hosts that were alive before cannot be reached: too many at "
        "once to be true. Nothing is counted as broken.",
    )


_RULES = (
    _clock,  # rule O3
    _proxy,  # rule O4
    _portal,  # rule O5
    _portal_before_canaries,  # rule O5
    _strangers,  # rule O6
    _canaries,  # rule O7
    _silence,  # rule O8
    _breaker,  # rule O9
)


def new_failures(visits: Iterable[NetworkEvidence], policy: OutagePolicy) -> tuple[int, int]:
    """(failed, hosts): the last visits to each of the last 200 previously alive hosts (rule O9).

    Only what never reached a site counts: a 404 or a 403 is the site's own word.
    """
    latest: dict[str, NetworkEvidence] = {}
    for seen in visits:
        if seen.was_alive:
            latest.pop(seen.host, None)
            latest[seen.host] = seen
    last = list(latest.values())[-policy.breaker_hosts :]
    return sum(map(never_reached, last)), len(last)


def _suspects(window: Window, policy: OutagePolicy) -> Sequence[NetworkEvidence]:
    """Whose answers may turn out to be one: where the canaries are well, five sites that always were
    alike (a chain of newspapers, a wall's vendor) are no news, but five that changed at once are."""
    if _good(window.canaries, policy):
        return [seen for seen in window.visits if seen.was_alive]
    return (*window.visits, *window.canaries)


def _usable(look: Sequence[NetworkEvidence], policy: OutagePolicy) -> bool:
    return len(look) >= policy.canaries_least


def _bad_looks(window: Window, policy: OutagePolicy) -> list[Sequence[NetworkEvidence]]:
    """The looks at the canaries that show the network out of order, oldest first."""
    looks = (window.canaries_before, window.canaries)
    return [look for look in looks if _usable(look, policy) and not _good(look, policy)]


def _good(look: Sequence[NetworkEvidence], policy: OutagePolicy) -> bool:
    if not _usable(look, policy):
        return False
    least = policy.canary_up * len(look) if len(look) >= policy.canaries_enough else 1
    return canaries_up(look) >= least


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
