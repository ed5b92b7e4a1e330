"""Widths and heights as people type them (rule U11)."""

from __future__ import annotations

import re

_LARGEST = 999_999_999
_LONGEST = 40
_NUMBER = re.compile(
    r"\+?(?P<whole>[0-9]{1,3}(?P<mark>[,.'’_\s])[0-9]{3}(?:(?P=mark)[0-9]{3})*|[0-9]{1,9})"
    r"(?:[.,]0{1,6})?\s*(?:px|pixels?)?",
    re.IGNORECASE,
)
_FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")
_ZEROS_BEHIND_A_POINT = re.compile(r"[0-9]{3}\.000")


def pixels_of(text: str) -> int | None:
    """The whole number of pixels that a width or height states; None for a percentage, another unit, part of a pixel, or no
    number.

    `1,024`, `1.024`, `1 024`, `1'024`, `1_024`, `1024.0` and `1024px` are 1024. Three digits behind a single mark are
    thousands, as nobody measures thousandths of a pixel; only zeros behind a point and three digits (`640.000`) are none.
    """
    found = _NUMBER.fullmatch(text[:_LONGEST].strip().translate(_FULL_WIDTH))
    if found is None or len(text) > _LONGEST:
        return None
    whole, mark = found["whole"], found["mark"]
    if _ZEROS_BEHIND_A_POINT.fullmatch(whole):
        return int(whole[:3])
    pixels = int(whole if mark is None else whole.replace(mark, ""))
    return pixels if pixels <= _LARGEST else None
