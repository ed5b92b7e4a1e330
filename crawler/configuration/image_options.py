"""`images:` of `.linkhealth.yml`: thresholds for images, and the level of each finding."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar

from crawler.configuration.errors import ConfigurationError, did_you_mean, quoted
from crawler.configuration.file import Section, Text, mapping_below, place
from crawler.configuration.options import whole_number
from crawler.model.check import ImageCode, Level, Size
from crawler.rules.policy import ImagePolicy

IMAGES = "images"
LEVELS = "levels"
T = TypeVar("T")
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


def _days(text: str) -> timedelta:
    return timedelta(days=whole_number(0, 36_500)(text))


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number of `images`: its field of `ImagePolicy`, and the parser of its text.

    `parse` raises ValueError with what is wrong and what is wanted.
    """

    field: str
    parse: Callable[[str], Any]


THRESHOLDS: Mapping[str, Threshold] = {
    "resized_within": Threshold("resized_within", _percent),
    "aspect_off_by": Threshold("aspect_off_by", _percent),
    "too_small_error": Threshold("too_small_error", _size),
    "too_small_warning": Threshold("too_small_warning", _size),
    "too_small_info": Threshold("too_small_info", _size),
    "discover_width": Threshold("discover_width", whole_number(0, 100_000)),
    "weight_warning": Threshold("weight_warning", _weight),
    "weight_error": Threshold("weight_error", _weight),
    "placeholder_from": Threshold("placeholder_from", whole_number(2, 100_000)),
    "expiring_within_days": Threshold("expiring_within", _days),
}
"""In the order of docs/configuration.md."""


@dataclass(frozen=True, slots=True)
class ImageRules:
    """The values of a mapping's `images`: fields of `ImagePolicy` by name, and levels by code."""

    fields: tuple[tuple[str, Any], ...] = ()
    levels: tuple[tuple[ImageCode, Level | None], ...] = ()

    def applied(self, policy: ImagePolicy) -> ImagePolicy:
        """The policy with these values in place of its own."""
        levels = {**policy.levels, **dict(self.levels)}
        return replace(policy, **dict(self.fields), levels=levels)


def image_rules(section: Section) -> ImageRules:
    """The values of a mapping's `images`. Raises ConfigurationError with the line."""
    found = mapping_below(section, IMAGES, "must be options of images")
    levels = mapping_below(found, LEVELS, "must be codes with their levels below")
    return ImageRules(tuple(_thresholds(found)), tuple(_levels(levels)))


def _thresholds(section: Section) -> Iterator[tuple[str, Any]]:
    for name, found in section.entries.items():
        where = place(section.lines[name])
        if name == LEVELS:
            continue
        if name not in THRESHOLDS:
            hint = did_you_mean(name, {*THRESHOLDS, LEVELS})
            raise ConfigurationError(where, f"unknown option {quoted(name)} of images; {hint}")
        threshold = THRESHOLDS[name]
        yield threshold.field, _read(name, found, where, threshold.parse)


def _levels(section: Section) -> Iterator[tuple[ImageCode, Level | None]]:
    codes = [code.value for code in ImageCode]
    for name, found in section.entries.items():
        where = place(section.lines[name])
        if name not in codes:
            hint = did_you_mean(name, codes)
            raise ConfigurationError(where, f"no code {quoted(name)} of images; {hint}")
        yield ImageCode(name), _read(name, found, where, _level)


def _level(text: str) -> Level | None:
    # Editors write `false` for "off", as in YAML.
    word = text.lower()
    if word in (_OFF, "no", "false"):
        return None
    try:
        return Level(word)
    except ValueError:
        raise ValueError(f"{quoted(text)} is not one of {', '.join(Level)}, {_OFF}") from None


def _read(name: str, found: Section | Text, where: str, parse: Callable[[str], T]) -> T:
    if isinstance(found, Section) or found.is_list:
        raise ConfigurationError(where, f"{name} takes one value")
    try:
        return parse("".join(found.items or ()).strip())
    except ValueError as error:
        raise ConfigurationError(where, f"{name}: {error}") from None
