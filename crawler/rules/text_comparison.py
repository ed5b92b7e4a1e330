"""Whether two texts are the same to a reader: how titles and excerpts are compared (rule F3)."""

from __future__ import annotations

import html
import re
import unicodedata

_SUFFIX = re.compile(r"\s+[|\-–—·:•»]\s+[^|\-–—·:•»]{1,60}$")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "`": "'", "´": "'"})
_CUT_AT = re.compile(r"(\s*(\.\.\.|…|\[…\]|Read))+\s*$")


def plain(text: str) -> str:
    """Text for comparison: NFKC, entities, quotes, case and white space folded (rule F3)."""
    folded = unicodedata.normalize("NFKC", html.unescape(text)).translate(_QUOTES)
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return " ".join(visible.split()).casefold()


def same_title(stored: str, found: str) -> bool:
    """Whether two titles, both `plain`, are one: a site's name behind it or a cut end is no news."""
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
