"""`images:` of `.linkhealth.yml`: thresholds for images, and the level of each finding."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from crawler.configuration.errors import quoted
from crawler.configuration.kinds import Kind, Schema, duration, one_of, whole_number
from crawler.configuration.shapes import Fields, One, Shape
from crawler.model.check import ImageCode, Level, Size
from crawler.rules.policy import ImagePolicy

IMAGES = "images"
LEVELS = "levels"
_OFF = "off"
_SIZE = re.compile(r"([0-9]{1,6})x([0-9]{1,6})", re.ASCII)
_WEIGHT = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?(kb|mb)", re.ASCII)
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,3})?) ?%?", re.ASCII)
_UNITS = {"kb": 1_000, "mb": 1_000_000}


def _size(text: str) -> Size:
    found = _SIZE.fullmatch(text.lower())
    if not found:
        raise ValueError(f"{quoted(text)} is not a size in pixels such as 600x315")
    return Size(int(found[1]), int(found[2]))


def _weight(text: str) -> int:
    found = _WEIGHT.fullmatch(text.lower())
    if not found:
        raise ValueError(f"{quoted(text)} is not a weight such as 800 KB or 1.5 MB")
    return round(float(found[1]) * _UNITS[found[2]])


def _percent(text: str) -> float:
    found = _PERCENT.fullmatch(text)
    if not found or float(found[1]) > 100:
        raise ValueError(f"{quoted(text)} is not a number of percent from 0 to 100")
    return float(found[1]) / 100


def _spelt(pattern: re.Pattern[str]) -> Schema:
    return {
        "type": "string",
        "pattern": f"^ *{pattern.pattern.replace('kb|mb', '[kK][bB]|[mM][bB]')} *$",
    }


SIZE = Kind(_size, {"type": "string", "pattern": "^ *[0-9]{1,6}[xX][0-9]{1,6} *$"})
WEIGHT = Kind(_weight, _spelt(_WEIGHT))
PERCENT = Kind(
    _percent, {"anyOf": [{"type": "number", "minimum": 0, "maximum": 100}, _spelt(_PERCENT)]}
)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of `images`: its field of `ImagePolicy`, and how its text is read."""

    field: str
    kind: Kind[Any]


THRESHOLDS: Mapping[str, Threshold] = {
    "resized_within": Threshold("resized_within", PERCENT),
    "aspect_off_by": Threshold("aspect_off_by", PERCENT),
    "too_small_error": Threshold("too_small_error", SIZE),
    "too_small_warning": Threshold("too_small_warning", SIZE),
    "too_small_info": Threshold("too_small_info", SIZE),
    "discover_width": Threshold("discover_width", whole_number(0, 100_000)),
    "weight_warning": Threshold("weight_warning", WEIGHT),
    "weight_error": Threshold("weight_error", WEIGHT),
    "placeholder_from": Threshold("placeholder_from", whole_number(2, 100_000)),
    "expiring_within_days": Threshold(
        "expiring_within", duration(whole_number(0, 36_500), timedelta(days=1))
    ),
}
"""In the order of docs/configuration.md."""


def _level(text: str) -> Level | None:
    # Editors write `false` for "off", as in YAML.
    word = text.lower()
    if word in (_OFF, "no", "false"):
        return None
    try:
        return Level(word)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not one of {', '.join(Level)}, {_OFF}") from None


_LEVEL = Kind(_level, {"anyOf": [one_of([*Level, _OFF, "no", "false"]), {"const": False}]})
_LEVELS_SHAPE = Fields(
    {code.value: One(_LEVEL) for code in ImageCode},
    of="of images",
    wanted="codes with their levels below",
    noun="code",
)
_ROWS: dict[str, Shape[Any]] = {name: One(row.kind) for name, row in THRESHOLDS.items()}
IMAGES_SHAPE = Fields({**_ROWS, LEVELS: _LEVELS_SHAPE}, of="of images", wanted="options of images")


def image_policy(read: Mapping[str, Any], policy: ImagePolicy) -> ImagePolicy:
    """The policy with what `images` says in place of its own."""
    levels = {ImageCode(code): level for code, level in read.get(LEVELS, {}).items()}
    fields = {THRESHOLDS[name].field: value for name, value in read.items() if name != LEVELS}
    return replace(policy, **fields, levels={**policy.levels, **levels})
