"""`priority:` of `.linkhealth.yml`: how much each factor of a priority counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from crawler.configuration.kinds import decimal
from crawler.configuration.shapes import Fields, One, Shape
from crawler.model.role import Role
from crawler.rules.policy import PriorityPolicy
from crawler.rules.priorities import RELATED

PRIORITY: Final = "priority"
FIELDS: Final = "fields"
WEIGHTS: Final = ("age", "references", "heat", "quality", "published")
"""The factors with an exponent, in the order of docs/configuration.md."""
FIELD_NAMES: Final = (*(role.value for role in Role), RELATED)
_WEIGHT: Final = One(decimal(0, 5), "one number")
_FIELD_WEIGHT: Final = One(decimal(0, 100), "one number")

_FIELDS_SHAPE: Final = Fields(
    dict.fromkeys(FIELD_NAMES, _FIELD_WEIGHT),
    of="of a priority",
    wanted="fields with their weights below",
    noun="field",
)
_WEIGHT_ROWS: dict[str, Shape[Any]] = dict.fromkeys(WEIGHTS, _WEIGHT)
PRIORITY_SHAPE: Final = Fields(
    {**_WEIGHT_ROWS, FIELDS: _FIELDS_SHAPE},
    of="of a priority",
    wanted="factors with their weights below",
    noun="factor",
)


def priority_policy(read: Mapping[str, Any], policy: PriorityPolicy) -> PriorityPolicy:
    """The policy with what `priority` says in place of its own."""
    weights = {name: value for name, value in read.items() if name != FIELDS}
    return replace(policy, **weights, fields={**policy.fields, **read.get(FIELDS, {})})
