"""Every key of `.linkhealth.yml`: options, rules, and profiles of both."""

from __future__ import annotations

from typing import Any, Final

from crawler.configuration.options import OPTIONS
from crawler.configuration.rule_keys import RULE_KEYS
from crawler.configuration.shapes import ByName, Fields, Shape

PROFILES: Final = "profiles"

_REFUSED: Final = {
    option.name: "{} is for the one who runs linkhealth to choose, not for the collection; take it out "
    f"here and set {option.variable}"
    for option in OPTIONS.values()
    if option.is_operators
}
_SHAPES: Final[dict[str, Shape[Any]]] = {
    **{option.name: option.shape for option in OPTIONS.values() if not option.is_operators},
    **{key.name: key.shape for key in RULE_KEYS.values()},
}
PROFILE_SHAPE: Final = Fields(_SHAPES, of="", refused=_REFUSED)
PROFILES_SHAPE: Final = ByName(str, PROFILE_SHAPE, "names with options below", label="profile {}")
FILE_SHAPE: Final = Fields({**_SHAPES, PROFILES: PROFILES_SHAPE}, of="", refused=_REFUSED)
