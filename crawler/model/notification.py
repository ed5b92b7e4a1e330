"""Messages after a run: what a channel is told, how often, and what it was told last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from crawler.model.change import Change

DEFAULT_CHANNEL: Final = "default"
"""The channel that needs no name."""


class About(StrEnum):
    """What a message may tell; the values of `about`."""

    NEWLY_BROKEN = "newly-broken"
    NEWLY_DEAD = "newly-dead"
    RECOVERED = "recovered"
    ALARMS = "alarms"
    """What a run noticed of itself."""
    HELD = "held"
    """What the guard on mass change holds back until an editor accepts it."""

    @property
    def change(self) -> Change | None:
        """The change of links that it is about; None for what is no change."""
        return _CHANGES.get(self)


_CHANGES: Final = {
    About.NEWLY_BROKEN: Change.NEW_BROKEN,
    About.NEWLY_DEAD: Change.CONFIRMED_DEAD,
    About.RECOVERED: Change.RECOVERED,
}
CHANGES: Final = tuple(_CHANGES)
"""The three changes of links."""
USUAL: Final = (*CHANGES, About.ALARMS)
"""What a channel is told that says nothing else."""


class Rhythm(StrEnum):
    """How often a channel is told at most; the values of `digest`."""

    RUN = "run"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def apart(self) -> timedelta:
        """The time between two messages. A night that begins a little earlier than the one before counts all the same."""
        days = {Rhythm.RUN: 0, Rhythm.DAILY: 1, Rhythm.WEEKLY: 7}[self]
        return timedelta(days=days) - _EARLIER if days else timedelta(0)


_EARLIER: Final = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Channel:
    """Whom to tell what. `owners` are globs of names, none for all links; `most` is the number of links of each kind that
    a message names. Where it goes is no part of it: that is the operator's."""

    name: str
    about: tuple[About, ...] = USUAL
    owners: tuple[str, ...] = ()
    digest: Rhythm = Rhythm.RUN
    most: int = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What a target of a channel has been told: the changes of all runs up to `run`, and the `held` groups (host and
    cause). `at` is when it was sent a message last (aware), None for never."""

    run: int
    at: datetime | None = None
    held: frozenset[tuple[str, str]] = frozenset()

    def is_time(self, digest: Rhythm, now: datetime) -> bool:
        """Whether it may be sent another message. A last one in the future says that the clock was wrong then."""
        return self.at is None or not self.at <= now < self.at + digest.apart
