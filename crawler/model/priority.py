"""A priority: how much it matters that a URL is repaired, and why (rules Q1 to Q5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Factor(StrEnum):
    """What a score is the product of; the strings are the report's contract."""

    TROUBLE = "trouble"
    FIELD = "field"
    AGE = "age"
    REFERENCES = "references"
    HEAT = "heat"
    QUALITY = "quality"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class PriorityPart:
    """One factor of a score: what was looked at (`dead`, `web`, a number of days or places, `yes`), and how much it counts."""

    factor: Factor
    of: str
    times: float


@dataclass(frozen=True, slots=True)
class Priority:
    """A score from 0 (nothing to do) to 1,000,000, and the factors that it is the product of; none for 0."""

    score: int
    parts: tuple[PriorityPart, ...] = ()


NOTHING_TO_DO: Final = Priority(0)
