"""`policy:` of `.linkhealth.yml`: how many failures make a link dead, and how often links are visited.

No number of strikes can be lower than its default (rule S9): with fewer, or closer together, living pages are called dead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from crawler.configuration.kinds import Kind, decimal, duration, whole_number
from crawler.configuration.shapes import Fields, One
from crawler.rules.policy import Policy, SchedulePolicy, StrikePolicy

POLICY: Final = "policy"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_STRIKES, _SCHEDULE = StrikePolicy(), SchedulePolicy()


@dataclass(frozen=True, slots=True)
class Number:
    """A number of `policy`: its part of the policy, its field there, how its text is read, and its default as a text."""

    part: str
    field: str
    kind: Kind[Any]
    default: str


def _count(field: str, most: int) -> Number:
    """A number of failures: no fewer than by default."""
    least = getattr(_STRIKES, field)
    return Number("strikes", field, whole_number(least, most), str(least))


def _time(field: str, unit: timedelta, most: int) -> Number:
    """A time between failures, or over which they must go on: no less than by default."""
    least = getattr(_STRIKES, field) / unit
    return Number("strikes", field, duration(decimal(least, most), unit), f"{least:g}")


def _interval(field: str, unit: timedelta, least: int, most: int) -> Number:
    default = getattr(_SCHEDULE, field) / unit
    return Number("schedule", field, duration(decimal(least, most), unit), f"{default:g}")


NUMBERS: Final[Mapping[str, Number]] = {
    "strikes": _count("strikes", 10),
    "strikes_definite": _count("strikes_definite", 10),
    "apart_hours": _time("apart", _HOUR, 336),
    "span_days": _time("span", _DAY, 90),
    "looks": _count("looks", 60),
    "passing_span_days": _time("passing_span", _DAY, 90),
    "server_errors_days": _time("server_errors", _DAY, 180),
    "shortest_interval_hours": _interval("shortest", _HOUR, 1, 72),
    "longest_interval_days": _interval("longest", _DAY, 7, 180),
}
"""In the order of docs/configuration.md. The highest are such that what counts is still kept (rule R10)."""

POLICY_SHAPE: Final = Fields(
    {name: One(number.kind, "one number") for name, number in NUMBERS.items()},
    of="of the policy",
    wanted="numbers",
    noun="number",
)


def with_numbers(read: Mapping[str, Any], policy: Policy) -> Policy:
    """The policy with what `policy` says in place of its own."""
    for name, value in read.items():
        number = NUMBERS[name]
        part = replace(getattr(policy, number.part), **{number.field: value})
        policy = replace(policy, **{number.part: part})
    return policy
