"""A window of a run: what is known of it at its end, and the opinion on it (rule O1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crawler.rules.outage.network_evidence import NetworkEvidence, canaries_up
from crawler.rules.policy import OutagePolicy


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
    visit to each previously alive host is enough. Both are oldest first. `are_stand_ins` says that nobody knew the
    canaries before this run: they can show that it lost the network, not that it ever had one.
    """

    clock: Clock
    visits: Sequence[NetworkEvidence] = ()
    canaries: Sequence[NetworkEvidence] = ()
    canaries_before: Sequence[NetworkEvidence] = ()
    earlier: Sequence[NetworkEvidence] = ()
    names: Names = NOBODY_ASKED
    are_stand_ins: bool = False


@dataclass(frozen=True, slots=True)
class WindowFinding:
    """The opinion on one window; `sentence` is for the user, empty where the window is trusted."""

    verdict: WindowVerdict
    sentence: str = ""

    @property
    def trusted(self) -> bool:
        """Whether strikes may be committed."""
        return self.verdict is WindowVerdict.TRUSTED


def is_usable(look: Sequence[NetworkEvidence], policy: OutagePolicy) -> bool:
    """Whether enough canaries were asked for a look to say anything (rule O7)."""
    return len(look) >= policy.canaries_least


def bad_looks(window: Window, policy: OutagePolicy) -> list[Sequence[NetworkEvidence]]:
    """The looks at the canaries that show an outage, oldest first."""
    looks = (window.canaries_before, window.canaries)
    return [look for look in looks if is_usable(look, policy) and not is_good_look(look, policy)]


def has_good_canaries(window: Window, policy: OutagePolicy) -> bool:
    """Whether hosts that are known show at the end of a window that the network is well."""
    return not window.are_stand_ins and is_good_look(window.canaries, policy)


def is_good_look(look: Sequence[NetworkEvidence], policy: OutagePolicy) -> bool:
    """Whether a look shows that the network is well (rule O7)."""
    if not is_usable(look, policy):
        return False
    least = policy.canary_up * len(look) if len(look) >= policy.canaries_enough else 1
    return canaries_up(look) >= least
