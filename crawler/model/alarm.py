"""Alarms: what a run notices of itself, when it did not do its job as it should (docs/alarms.md)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AlarmCode(StrEnum):
    """What is wrong with a run; documented in docs/alarms.md."""

    FEW_CHECKED = "few-checked"
    """Far fewer links were visited than were due."""
    UNVERIFIABLE_RISES = "unverifiable-rises"
    """Far more links than before could not be verified: a wall, or a network that changed."""
    WAITS_RISE = "waits-rise"
    """Far more links than before were asked to wait (429)."""
    HOST_DOWN = "host-down"
    """Nothing of a host answered that answered before."""
    ARTICLES_MISSING = "articles-missing"
    """No article, or less than half of those that the run before read."""
    STATE_LOST = "state-lost"
    """A first run over files that bear what earlier runs wrote."""
    DISK_LOW = "disk-low"
    """Hardly any room where the state is kept."""
    SLOW_RUN = "slow-run"
    """The run took far longer than was to be expected."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What is wrong since the run `since`. `host` comes from outside, and is empty where it is about none.

    `seen` is what was counted, `usual` what was to be expected: links, articles, bytes (`disk-low`) or seconds (`slow-run`).
    """

    code: AlarmCode
    since: int
    seen: int
    usual: int
    host: str = ""


@dataclass(frozen=True, slots=True)
class DownHost:
    """A host of `links` links, of which `visited` were visited and none answered; most of these did before."""

    host: str
    links: int
    visited: int


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a run is measured by, as of its end.

    `planned` links were due and `visited` came to an end, in `seconds`; `least_seconds` is what politeness alone needs. `waits`
    and `unverifiable` are how many are so now of the `urls` that have been visited at all. `marked` files bore what an earlier run wrote when this one began. `free` bytes are left
    where the state is kept, which takes `stored`; None where that is another machine's business.
    """

    run: int
    finished: bool
    planned: int
    visited: int
    seconds: int
    least_seconds: int
    urls: int
    unverifiable: int
    waits: int
    articles: int
    marked: int = 0
    free: int | None = None
    stored: int = 0
    down: tuple[DownHost, ...] = ()
