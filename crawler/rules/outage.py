"""Whether a stretch of a run may be judged at all, before any strike is committed (RULES 1, "Own outage").

A run is cut into windows, each from one look at the canaries to the next. `judge_window` says whether a
window's answers came from the web or from our own side of it; crawler/rules/staging.py then decides what
is committed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from crawler.model.observation import FailureKind, Observation
from crawler.rules.policy import OutagePolicy


class WindowVerdict(StrEnum):
    """What a window's answers are worth."""

    TRUSTED = "trusted"
    OWN_NETWORK_DOWN = "own-network-down"
    PORTAL = "portal"
    BLOCKED_BY_PROXY = "blocked-by-proxy"
    BREAKER_TRIPPED = "breaker-tripped"
    CLOCK_JUMPED = "clock-jumped"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one visit, or one canary, tells of the way to its site.

    `site` is the registrable domain (or the host where there is none), `host` the host that was asked.
    `fingerprint` is a hash of the body, or the title, or None where there was no body. `was_alive`: see
    `was_alive`.
    """

    site: str
    host: str
    status: int | None = None
    failure: FailureKind | None = None
    final_url: str | None = None
    fingerprint: str | None = None
    was_alive: bool = False
    telling: bool = True
    """Whether it would mean anything if other sites answered alike: not where this site always did."""


@dataclass(frozen=True, slots=True)
class HostRecord:
    """What earlier runs knew of a host: how many runs ago it last answered as itself (1: the last
    run; 0: earlier in this one; None: never), and whether that was its latest visit."""

    host: str
    site: str
    runs_since_alive: int | None
    alive_at_latest: bool


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
    visits: Sequence[Sighting] = ()
    canaries: Sequence[Sighting] = ()
    canaries_before: Sequence[Sighting] = ()
    earlier: Sequence[Sighting] = ()


@dataclass(frozen=True, slots=True)
class WindowFinding:
    """The opinion on one window; `sentence` is for the user, empty where the window is trusted."""

    verdict: WindowVerdict
    sentence: str = ""

    @property
    def trusted(self) -> bool:
        """Whether strikes may be committed."""
        return self.verdict is WindowVerdict.TRUSTED


_SAYS_NOTHING_OF_THE_NETWORK = frozenset(
    {
        FailureKind.DNS_BAD_NAME,
        FailureKind.ADDRESS_BLOCKED,
        FailureKind.CANCELLED,
        FailureKind.UNEXPECTED,
    }
)
_NEVER_REACHED = frozenset(
    {
        FailureKind.DNS_NXDOMAIN,
        FailureKind.DNS_NODATA,
        FailureKind.DNS_SERVFAIL,
        FailureKind.DNS_TIMEOUT,
        FailureKind.DNS_UNAVAILABLE,
        FailureKind.CONNECT_REFUSED,
        FailureKind.CONNECT_TIMEOUT,
        FailureKind.CONNECT_NO_ROUTE,
        FailureKind.CONNECT_FAILED,
        FailureKind.CONNECTION_RESET,
        FailureKind.RESPONSE_TIMEOUT,
        FailureKind.ROBOTS_UNREACHABLE,
    }
)
"""Every other failure began with an answer from somewhere."""

_ONLY_A_PROXY = frozenset({407, 511})
"""Statuses that no site gives of itself (RFC 9110 15.5.8, RFC 6585 6)."""
_MAYBE_A_PROXY = _ONLY_A_PROXY | {403, 502, 503, 504}
"""What proxies and filters say in a site's place; a gateway's own faults too (RFC 9110 15.6)."""


def sighting(
    seen: Observation, site: str, *, was_alive: bool, fingerprint: str | None = None
) -> Sighting:
    """What a visit tells of the network."""
    host = urlsplit(seen.url).netloc
    return Sighting(
        site, host, seen.status, seen.failure, seen.final_url, fingerprint, was_alive=was_alive
    )


def was_alive(record: HostRecord, policy: OutagePolicy) -> bool:
    """Whether a host was alive before: at its latest visit, or within the last runs (RULES 1).

    Runs count that were not trusted too. So a host that is truly gone drops out after three of them,
    and an outage cannot be suspected for ever.
    """
    if record.runs_since_alive is None:
        return False
    return record.alive_at_latest or record.runs_since_alive <= policy.canary_runs


def is_maybe_a_proxy(status: int) -> bool:
    """Whether a proxy may have given a status in a site's place."""
    return status in _MAYBE_A_PROXY


def pick_canaries(records: Iterable[HostRecord], policy: OutagePolicy) -> tuple[HostRecord, ...]:
    """The hosts to ask beside the configured ones, most recently alive first, one of each site.

    Ask them the URL that was alive. At most 20 (RULES 1).
    """
    alive = [(record.runs_since_alive or 0, record) for record in records]
    by_site: dict[str, HostRecord] = {}
    for _, record in sorted(alive, key=lambda pair: (pair[0], pair[1].host)):
        if was_alive(record, policy):
            by_site.setdefault(record.site, record)
    return tuple(by_site.values())[: policy.canary_hosts]


def enough_to_judge(window: Window, policy: OutagePolicy) -> bool:
    """Whether a window may be closed before the end of the run.

    A first run has no canaries; its window stays open until enough sites were asked to tell our outage
    from theirs (RULES 1: "before any strike is committed").
    """
    sites = {seen.site for seen in window.visits}
    return len(window.canaries) >= policy.canaries_least or len(sites) >= policy.sites_enough


def judge_window(window: Window, policy: OutagePolicy) -> WindowFinding:
    """The opinion on one window; the first of the rules that matches wins (RULES 1)."""
    for rule in (_clock, _proxy, _portal, _canaries, _silence, _breaker):
        finding = rule(window, policy)
        if finding is not None:
            return finding
    return WindowFinding(WindowVerdict.TRUSTED)


def _clock(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A clock that runs backwards or jumps more than 48 h gives no strikes (RULES 1)."""
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
    """A proxy that answers 403 to everything (issue item 4), 407, or a gateway's faults."""
    sites = _sites(_suspects(window, policy))
    refused = sum(all(seen.status in _MAYBE_A_PROXY for seen in seens) for seens in sites.values())
    answered = sum(any(map(_answered, seens)) for seens in sites.values())
    if refused < policy.sites_enough or refused < policy.alike * answered:
        return None
    return WindowFinding(
        WindowVerdict.BLOCKED_BY_PROXY,
        f"{refused} of {answered} different sites were refused in the same way: a proxy or a filter "
        "seems to answer in their place. Nothing is judged.",
    )


def _portal(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """A portal that answers 200 or a redirect to everything: different sites, one answer."""
    sites = _sites(_suspects(window, policy))
    answered = sum(any(map(_answered, seens)) for seens in sites.values())
    alike: dict[tuple[str, str], set[str]] = defaultdict(set)
    for site, seens in sites.items():
        for seen in seens:
            for key in _marks(seen):
                alike[key].add(site)
    (kind, mark), found = max(
        alike.items(), key=lambda entry: (len(entry[1]), entry[0]), default=(("", ""), set())
    )
    if len(found) < policy.sites_enough or len(found) < policy.alike * answered:
        return None
    where = f"ended at {mark}" if kind == "end" else "answered with one and the same page"
    return WindowFinding(
        WindowVerdict.PORTAL,
        f"{len(found)} of {answered} different sites {where}: a login page of the network (a "
        "captive portal) seems to stand before all of them. Nothing is judged.",
    )


def _canaries(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """Under 60 % of the canaries up (RULES 1), unless the visits themselves succeed.

    Visits outvote canaries that were down all along (an intranet, a partial mapping of names), but not
    canaries that went down: then the earlier visits prove nothing of the later ones.
    """
    looks = [look for look in (window.canaries_before, window.canaries) if _usable(look, policy)]
    down = [look for look in looks if not _good(look, policy)]
    if not down:
        return None
    sites = _sites(window.visits)
    answered = sum(any(map(_answered, seens)) for seens in sites.values())
    if len(down) == len(looks) and answered and answered >= policy.canary_up * len(sites):
        return None
    up = sum(map(_up, down[-1]))
    return WindowFinding(
        WindowVerdict.OWN_NETWORK_DOWN,
        f"{up} of {len(down[-1])} hosts that should answer did so: the network of this machine seems "
        "to be down. Nothing is counted as broken.",
    )


def _silence(window: Window, policy: OutagePolicy) -> WindowFinding | None:
    """Many sites and hardly an answer: the only sign where there are no canaries."""
    if _good(window.canaries, policy):
        return None
    sites = _sites(window.visits)
    answered = sum(any(map(_answered, seens)) for seens in sites.values())
    if len(sites) < policy.sites_enough or answered >= policy.answers_least * len(sites):
        return None
    return WindowFinding(
        WindowVerdict.OWN_NETWORK_DOWN,
        f"{answered} of {len(sites)} different sites gave any answer at all: the network of this "
        "machine seems to be down. Nothing is counted as broken.",
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


def new_failures(visits: Iterable[Sighting], policy: OutagePolicy) -> tuple[int, int]:
    """(failed, hosts): the last visits to each of the last 200 previously alive hosts (RULES 1).

    Only what never reached a site counts: a 404 or a 403 is the site's own word.
    """
    latest: dict[str, Sighting] = {}
    for seen in visits:
        if seen.was_alive:
            latest.pop(seen.host, None)
            latest[seen.host] = seen
    last = list(latest.values())[-policy.breaker_hosts :]
    return sum(map(_unreached, last)), len(last)


def _suspects(window: Window, policy: OutagePolicy) -> Sequence[Sighting]:
    """Whose answers may turn out to be one: where the canaries are well, five sites that always were
    alike (a chain of newspapers, a wall's vendor) are no news, but five that changed at once are."""
    if _good(window.canaries, policy):
        return [seen for seen in window.visits if seen.was_alive]
    return (*window.visits, *window.canaries)


def _usable(look: Sequence[Sighting], policy: OutagePolicy) -> bool:
    return len(look) >= policy.canaries_least


def _good(look: Sequence[Sighting], policy: OutagePolicy) -> bool:
    if not _usable(look, policy):
        return False
    up = [seen for seen in look if _up(seen)]
    least = policy.canary_up * len(look) if len(look) >= policy.canaries_enough else 1
    if len(up) < least:
        return False
    # One page in every canary's place is a portal's.
    return len(up) == 1 or not set.intersection(*(set(_marks(seen)) for seen in up))


def _up(canary: Sighting) -> bool:
    return canary.failure is None and canary.status not in _MAYBE_A_PROXY


def _answered(seen: Sighting) -> bool:
    return seen.status is not None or seen.failure not in _NEVER_REACHED


def _unreached(seen: Sighting) -> bool:
    return seen.status in _ONLY_A_PROXY or (
        seen.status is None
        and (seen.failure in _NEVER_REACHED or seen.failure is FailureKind.ADDRESS_BLOCKED)
    )


def _marks(seen: Sighting) -> Iterable[tuple[str, str]]:
    """What different sites cannot share by chance: a foreign end of redirects, a whole body."""
    if not seen.telling:
        return
    if seen.final_url is not None:
        end = urlsplit(seen.final_url)
        if end.netloc != seen.host:
            # A portal puts the address that was asked into its own query.
            yield "end", f"{end.scheme}://{end.netloc}{end.path}"
    if seen.fingerprint is not None:
        yield "page", seen.fingerprint


def _sites(visits: Iterable[Sighting]) -> dict[str, list[Sighting]]:
    """The visits that say anything of the network, by registrable domain."""
    sites: dict[str, list[Sighting]] = defaultdict(list)
    for seen in visits:
        if seen.status is not None or seen.failure not in _SAYS_NOTHING_OF_THE_NETWORK:
            sites[seen.site].append(seen)
    return sites


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
