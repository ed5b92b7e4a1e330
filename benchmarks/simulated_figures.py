"""The counts of `simulate_verdicts.py`, and its figures."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from benchmarks.simulated_web import DAY, World

WITHIN = 12 * DAY + timedelta(hours=1)
"""How soon after its first failed visit a true death must be called dead (the promise of docs/outage.md), with a
run a day: in the twelfth run after, at whatever minute of it."""


@dataclass(slots=True)
class Death:
    """A true death and the visits that found it."""

    way: str
    died: datetime
    back: datetime
    first_failed: datetime | None = None
    called_dead: datetime | None = None
    hidden: list[datetime] = field(default_factory=list)
    """Days since then on which nothing could be seen: a server's own error, a host that seemed to block us, a barrier."""


@dataclass(slots=True)
class Record:
    """All that a simulation counts."""

    requests: list[int] = field(default_factory=list)
    canaries: int = 0
    asked_again: int = 0
    """Second looks."""
    windows: Counter[str] = field(default_factory=Counter)
    stopped: int = 0
    unseen: Counter[str] = field(default_factory=Counter)
    false_dead: list[str] = field(default_factory=list)
    false_broken: list[str] = field(default_factory=list)
    errors: list[timedelta] = field(default_factory=list)
    """How long it took until links of hosts that answer only with server errors were called broken."""
    undecidable: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    disturbed: list[datetime] = field(default_factory=list)
    recoveries: list[timedelta] = field(default_factory=list)
    deaths: dict[str, Death] = field(default_factory=dict)


def figures(
    record: Record, world: World, runs: int, end: datetime, every: timedelta = DAY
) -> dict[str, Any]:
    """The figures that are printed and tested."""
    due = [
        death
        for death in record.deaths.values()
        if death.first_failed is not None
        and _deadline(death, record.disturbed, every) <= min(end, death.back)
    ]
    over = [death for death in due if _took_too_long(death, WITHIN + (death.first_failed or end))]
    late = [
        death for death in over if _took_too_long(death, _deadline(death, record.disturbed, every))
    ]
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
        "broken_by_server_errors_after_days": _spread([d / DAY for d in record.errors]),
        "runs_a_day": DAY / every,
        "deaths": {
            "true": len(died),
            "visited_since": len(record.deaths),
            "visited_twelve_days_before_the_end": len(due),
            "called_dead": sum(death.called_dead is not None for death in due),
            "over_twelve_days": len(over),
            "late": [f"{death.way} {death.first_failed} {death.called_dead}" for death in late],
            "days": sorted(
                round((death.called_dead - death.first_failed) / DAY, 2)
                for death in due
                if death.called_dead is not None and death.first_failed is not None
            ),
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
        "second_looks_a_day": round(record.asked_again / max(1, runs), 2),
        "canary_requests_a_day": round(record.canaries / max(1, runs), 1),
    }


def _deadline(death: Death, disturbed: Sequence[datetime], every: timedelta) -> datetime:
    """The latest time at which a death must be found: twelve days, and for each visit in between that could not
    see it the time to the next, because our own network spoilt the run or the host's own trouble hid the death."""
    assert death.first_failed is not None
    deadline = death.first_failed + WITHIN
    by_day = {blind.date(): blind for blind in (*disturbed, *death.hidden)}
    for blind in sorted(by_day.values()):
        if death.first_failed <= blind <= deadline:
            deadline += every
    return deadline


def _took_too_long(death: Death, deadline: datetime) -> bool:
    return death.called_dead is None or death.called_dead > deadline


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


def is_well(found: Mapping[str, Any]) -> bool:
    """Whether one world's figures keep what is promised."""
    daily = found["runs_a_day"] >= 1
    wrong = found["false_dead"] or found["false_broken"] or found["windows_trusted_in_own_outage"]
    return not wrong and not (daily and found["deaths"]["late"])


def summary_lines(worlds: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """All worlds in a few plain lines."""
    worlds = list(worlds)
    deaths = [world["deaths"] for world in worlds]
    days = [number for death in deaths for number in death["days"]]
    for name in ("false_dead", "false_broken"):
        for world in worlds:
            yield from (f"{name}: {what}" for what in world[name])
    for name in ("refused_for_8_to_14_days", "blocked_us_by_resets_alone"):
        came_back = [world["called_dead_and_came_back"][name] for world in worlds]
        called, hosts = (sum(each[key] for each in came_back) for key in ("called_dead", "hosts"))
        yield f"{name.replace('_', ' ')}: {called} of {hosts} hosts called dead"
    unseen = sum(sum(world["windows_trusted_in_own_outage"].values()) for world in worlds)
    yield f"windows trusted in an outage of our own: {unseen}"
    errors = sum(
        int(world["broken_by_server_errors_after_days"].get("count", 0)) for world in worlds
    )
    yield f"broken by weeks of server errors: {errors} links"
    yield f"requests a day: {statistics.median(w['requests_a_day']['median'] for w in worlds):g}"
    yield f"worlds: {len(worlds)}"
    yield f"false dead: {sum(len(world['false_dead']) for world in worlds)}"
    yield f"false broken: {sum(len(world['false_broken']) for world in worlds)}"
    judged = sum(death["visited_twelve_days_before_the_end"] for death in deaths)
    yield f"true deaths: {judged}, called dead: {sum(death['called_dead'] for death in deaths)}"
    if all(world["runs_a_day"] >= 1 for world in worlds):
        late = sum(len(death["late"]) for death in deaths)
        yield f"late (over 12 days, and a day for each visit that could see nothing): {late}"
    if days:
        yield f"days to dead: median {statistics.median(days):g}, latest {max(days):g}"
