"""Whether two texts are the same to a reader: how titles and excerpts are compared (rule F3)."""

from __future__ import annotations

import html
import re
import unicodedata

_SUFFIX = re.compile(r"\s+[|\-–—·:•»]\s+[^|\-–—·:•»]{1,60}$")
_MARKS = str.maketrans({
    **dict.fromkeys("“”„‟″", '"'), **dict.fromkeys("’‘`´‚‛′", "'"), **dict.fromkeys("‐‒–—―−", "-"),
})  # fmt: skip
_ESCAPED = 3
"""How often a text may have been escaped: some sites and feeds escape what is escaped already."""
_CUT_AT = re.compile(r"(\s*(\.\.\.|…|\[…\]|Read))+\s*$")


def plain(text: str) -> str:
    """Text for comparison: NFKC, entities, quotes, dashes, case and white space folded (rule F3)."""
    for _ in range(_ESCAPED):
        text = html.unescape(text)
    folded = unicodedata.normalize("NFKC", text).translate(_MARKS)
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return " ".join(visible.split()).casefold()


def same_title(stored: str, found: str) -> bool:
    """Whether two titles, both `plain`, are the same; a site's name at the end or a cut end makes no difference."""
    return (
        stored == found
        or stored == _SUFFIX.sub("", found)
        or _SUFFIX.sub("", stored) == found
        or is_cut(stored, found)
    )


def is_cut(one: str, other: str) -> bool:
    """Whether one text is the other's beginning, cut with an ellipsis."""
    short, long = sorted((_CUT_AT.sub("", one), _CUT_AT.sub("", other)), key=len)
    return len(short) >= 20 and long.startswith(short) and (short != one or short != other)
