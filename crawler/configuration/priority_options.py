"""`priority:` of `.linkhealth.yml`: how much each factor of a priority counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from crawler.configuration.errors import ConfigurationError, did_you_mean, quoted
from crawler.configuration.file import Section, mapping_below, place
from crawler.model.role import Role
from crawler.rules.policy import PriorityPolicy
from crawler.rules.priorities import RELATED

PRIORITY: Final = "priority"
FIELDS: Final = "fields"
WEIGHTS: Final = ("age", "references", "heat", "quality", "published")
"""The factors with an exponent, in the order of docs/configuration.md."""
FIELD_NAMES: Final = (*(role.value for role in Role), RELATED)
_MOST_WEIGHT: Final = 5
_MOST_FIELD: Final = 100
_DECIMAL = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class PriorityRules:
    """The values of a mapping's `priority`: exponents by factor, and weights by field."""

    weights: Mapping[str, float] = field(default_factory=dict)
    fields: Mapping[str, float] = field(default_factory=dict)

    def applied(self, policy: PriorityPolicy) -> PriorityPolicy:
        """The policy with these values in place of its own."""
        return replace(policy, **self.weights, fields={**policy.fields, **self.fields})


def priority_rules(section: Section) -> PriorityRules:
    """The values of a mapping's `priority`. Raises ConfigurationError with the line."""
    found = mapping_below(section, PRIORITY, "must be factors with their weights below")
    fields = mapping_below(found, FIELDS, "must be fields with their weights below")
    weights = {name: value for name, value in found.entries.items() if name != FIELDS}
    return PriorityRules(
        dict(_read(replace(found, entries=weights), (*WEIGHTS, FIELDS), "factor", _MOST_WEIGHT)),
        dict(_read(fields, FIELD_NAMES, "field", _MOST_FIELD)),
    )


def _read(
    section: Section, known: tuple[str, ...], what: str, most: int
) -> Iterator[tuple[str, float]]:
    parse = _up_to(most)
    for name, found in section.entries.items():
        where = place(section.lines[name])
        if name not in known:
            hint = did_you_mean(name, known)
            raise ConfigurationError(where, f"unknown {what} {quoted(name)} of a priority; {hint}")
        if isinstance(found, Section) or found.is_list:
            raise ConfigurationError(where, f"{name} takes one number")
        try:
            yield name, parse("".join(found.items or ()).strip())
        except ValueError as error:
            raise ConfigurationError(where, f"{name}: {error}") from None


def _up_to(most: int) -> Callable[[str], float]:
    def parse(text: str) -> float:
        if _DECIMAL.fullmatch(text) and float(text) <= most:
            return float(text)
        raise ValueError(f"{quoted(text)} is not a number from 0 to {most}")

    return parse
