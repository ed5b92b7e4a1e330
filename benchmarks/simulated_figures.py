"""What `simulate_verdicts.py` counts, and the figures that come of it."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from benchmarks.simulated_web import DAY, World

WITHIN = 12 * DAY
"""How soon after its first failed visit a true death must be called dead (done-when of the issue)."""


@dataclass(slots=True)
class Death:
    """How a true death was found."""

    way: str
    died: datetime
    back: datetime
    first_failed: datetime | None = None
    called_dead: datetime | None = None


@dataclass(slots=True)
class Record:
    """What the simulation is for."""

    requests: list[int] = field(default_factory=list)
    canaries: int = 0
    windows: Counter[str] = field(default_factory=Counter)
    stopped: int = 0
    unseen: Counter[str] = field(default_factory=Counter)
    false_dead: list[str] = field(default_factory=list)
    false_broken: list[str] = field(default_factory=list)
    undecidable: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    disturbed: list[datetime] = field(default_factory=list)
    recoveries: list[timedelta] = field(default_factory=list)
    deaths: dict[str, Death] = field(default_factory=dict)


def figures(record: Record, world: World, runs: int, end: datetime) -> dict[str, Any]:
    """What is printed and tested."""
    due = [
        death
        for death in record.deaths.values()
        if death.first_failed is not None and death.first_failed + WITHIN <= min(end, death.back)
    ]
    over = [death for death in due if not _within(death, [])]
    late = [death for death in over if not _within(death, record.disturbed)]
    died = [url for url in world.urls if (when := url.death()) is not None and when <= end]
    ways = sorted({death.way for death in due})
    return {
        "urls": len(world.urls),
        "hosts": len(world.hosts),
        "runs": runs,
        "runs_stopped": record.stopped,
        "windows": dict(sorted(record.windows.items())),
        "windows_trusted_in_own_outage": dict(sorted(record.unseen.items())),
        "false_dead": sorted(record.false_dead),
        "false_broken": sorted(record.false_broken),
        "deaths": {
            "true": len(died),
            "visited_since": len(record.deaths),
            "visited_twelve_days_before_the_end": len(due),
            "over_twelve_days": len(over),
            "late": [f"{death.way} {death.first_failed} {death.called_dead}" for death in late],
            "days_from_first_failed_visit": {
                way: _days([d for d in due if d.way == way], from_death=False) for way in ways
            },
            "days_from_death": {
                way: _days([d for d in due if d.way == way], from_death=True) for way in ways
            },
        },
        "called_dead_and_came_back": {
            "refused_for_8_to_14_days": {
                "hosts": sum(host.kind == "long-refusal" for host in world.hosts),
                "called_dead": len(record.undecidable["long-refusal"]),
            },
            "blocked_us_by_resets_alone": {
                "hosts": sum(host.kind == "blocks" for host in world.hosts),
                "called_dead": len(record.undecidable["blocks"]),
            },
        },
        "recovered": len(record.recoveries),
        "recovered_after_days": _spread([d / DAY for d in record.recoveries]),
        "requests_a_day": _spread([float(count) for count in record.requests]),
        "canary_requests_a_day": round(record.canaries / max(1, runs), 1),
    }


def _within(death: Death, disturbed: Sequence[datetime]) -> bool:
    """Whether it took twelve days at most, but for the runs in which nothing could be judged."""
    if death.called_dead is None or death.first_failed is None:
        return False
    lost = sum(death.first_failed < run < death.called_dead for run in disturbed)
    return death.called_dead - death.first_failed <= WITHIN + lost * DAY


def _days(deaths: Sequence[Death], *, from_death: bool) -> dict[str, float]:
    return _spread(
        [
            (death.called_dead - (death.died if from_death else death.first_failed)) / DAY
            for death in deaths
            if death.called_dead is not None and death.first_failed is not None
        ]
    )


def _spread(numbers: Sequence[float]) -> dict[str, float]:
    if not numbers:
        return {}
    found = {
        "count": float(len(numbers)),
        "least": min(numbers),
        "median": statistics.median(numbers),
        "most": max(numbers),
    }
    return {name: round(number, 2) for name, number in found.items()}
