"""The policy: every number that a rule uses, in one place, with its source."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


class WriteBack(StrEnum):
    """Whose findings go into the files (DESIGN 4)."""

    NO = "no"
    OWN = "own"
    ALL = "all"
    PROBLEMS = "problems"


@dataclass(frozen=True, slots=True)
class StrikePolicy:
    """When `broken` becomes `dead`: InternetArchiveBot's three strikes, tightened (RULES 1)."""

    strikes: int = 3
    strikes_definite: int = 2
    """Enough for 410 and NXDOMAIN."""
    apart: timedelta = timedelta(hours=72)
    span: timedelta = timedelta(days=7)
    runs: int = 2


@dataclass(frozen=True, slots=True)
class SchedulePolicy:
    """When a link is visited again: Nutch's AdaptiveFetchSchedule (RULES 3)."""

    first: tuple[tuple[timedelta, timedelta], ...] = (
        (timedelta(hours=24), timedelta(hours=3)),
        (timedelta(days=7), timedelta(days=1)),
        (timedelta(days=30), timedelta(days=7)),
        (timedelta(days=365), timedelta(days=30)),
    )
    """(younger than, first interval), youngest first."""
    first_oldest: timedelta = timedelta(days=90)
    shortest: timedelta = timedelta(hours=3)
    longest: timedelta = timedelta(days=180)
    changed_factor: float = 0.8
    unchanged_factor: float = 1.2
    jitter: float = 0.1
    after_strike: timedelta = timedelta(hours=72)
    after_unverifiable: timedelta = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FreshnessPolicy:
    """Editorial limits; old is not wrong, so staleness is off by default (RULES 4)."""

    stale_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class ImagePolicy:
    """Tolerances for declared image sizes, as fractions of the ratio (RULES 6)."""

    resized_within: float = 0.02
    aspect_off_by: float = 0.05
    heavy_bytes: int = 1_000_000
    too_heavy_bytes: int = 8_000_000
    bomb_pixels: int = 50_000_000


@dataclass(frozen=True, slots=True)
class PolitenessPolicy:
    """How a host is treated (RULES 2). Delays and waits are seconds."""

    delay: float = 1.0
    connections: int = 2
    image_host_delay: float = 0.25
    image_host_connections: int = 4
    retries: int = 2
    longest_wait: float = 60.0
    """A longer Retry-After defers the host to a later run."""
    longest_crawl_delay: float = 30.0


@dataclass(frozen=True, slots=True)
class Policy:
    """All of them together; what a configuration file may change."""

    strikes: StrikePolicy = field(default_factory=StrikePolicy)
    schedule: SchedulePolicy = field(default_factory=SchedulePolicy)
    freshness: FreshnessPolicy = field(default_factory=FreshnessPolicy)
    images: ImagePolicy = field(default_factory=ImagePolicy)
    politeness: PolitenessPolicy = field(default_factory=PolitenessPolicy)
    write_back: WriteBack = WriteBack.OWN
