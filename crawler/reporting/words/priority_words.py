"""A priority in words: each factor, and how much it counts (rules Q1 to Q4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crawler.model.priority import Factor, Priority, PriorityPart
from crawler.model.role import Role

_PLACES = {role.value: role.traits.place or "the text" for role in Role}


def _counted(number: str, unit: str) -> str:
    return f"{number} {unit}{'' if number == '1' else 's'}"


_WORDS: Mapping[Factor, Callable[[str], str]] = {
    Factor.TROUBLE: lambda of: of,
    Factor.FIELD: lambda of: f"as {_PLACES.get(of, 'a link of related articles')}",
    Factor.AGE: lambda of: f"for {_counted(of, 'day')}",
    Factor.REFERENCES: lambda of: f"at {_counted(of, 'place')}",
    Factor.HEAT: lambda of: f"heat {of}",
    Factor.QUALITY: lambda of: f"quality {of}",
    Factor.PUBLISHED: lambda of: "published" if of == "yes" else "not published",
}


def priority_told(priority: Priority) -> str | None:
    """`10 x dead (1) x as webUrl (10) x …`: the product that the score is; None for a priority of 0."""
    if not priority.parts:
        return None
    return " × ".join(("10", *map(_told, priority.parts)))


def _told(part: PriorityPart) -> str:
    return f"{_WORDS[part.factor](part.of)} ({part.times:.3g})"
