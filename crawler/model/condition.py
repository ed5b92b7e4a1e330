"""What a check-up found: whether a collection, its machine and its network are ready for a run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fitness(StrEnum):
    """How a condition is."""

    OK = "ok"
    WARN = "warn"
    """A run is possible, but will be worse than it could be."""
    FAIL = "fail"
    """A run would fail, or could not be believed."""


class CheckedPart(StrEnum):
    """What was looked at, in the order of the check-up."""

    CONFIGURATION = "configuration"
    MACHINE = "machine"
    CLOCK = "clock"
    DISK = "disk"
    STATE = "state"
    ARTICLES = "articles"
    NETWORK = "network"
    ROBOTS = "robots.txt"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of a check-up. `text` and `advice` (what to do; empty where nothing is) may quote files and the web: escape
    them before showing them."""

    part: CheckedPart
    fitness: Fitness
    text: str
    advice: str = ""


def ok(part: CheckedPart, text: str) -> Condition:
    """Nothing is to be done."""
    return Condition(part, Fitness.OK, text)


def warn(part: CheckedPart, text: str, advice: str) -> Condition:
    """Something had better be done."""
    return Condition(part, Fitness.WARN, text, advice)


def fail(part: CheckedPart, text: str, advice: str) -> Condition:
    """Something must be done first."""
    return Condition(part, Fitness.FAIL, text, advice)
