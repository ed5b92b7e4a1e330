"""Characters that nobody sees and that pasted text brings along (rule U10)."""

from __future__ import annotations

import re

_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
"""Soft hyphen, joiners, marks of direction, byte order mark (Unicode, Default_Ignorable_Code_Point). Variation selectors
and tags are not among them: an emoji ends with them."""
_ENDS = re.compile(
    rf"\A[\s{_UNSEEN}\x00-\x1f]+|(?<![\s{_UNSEEN}\x00-\x1f])[\s{_UNSEEN}\x00-\x1f]+\Z"
)
_ENCODED = "%C2%AD|%E2%80%(?:8[B-F]|A[A-E])|%E2%81%(?:A[0-46-9A-F])|%EF%BB%BF"
_UNSEEN_END = re.compile(
    rf"\A\s*[{_UNSEEN}]|[{_UNSEEN}]\s*\Z|(?:{_ENCODED})\s*\Z|[\u200b\u2060\ufeff]", re.IGNORECASE
)


def without_invisible_ends(text: str) -> str:
    """The text without white space of any kind and unseen characters at its ends."""
    return _ENDS.sub("", text)


def has_invisible_characters(text: str) -> bool:
    """Whether unseen characters, encoded or not, stand at an end, or one that only parts words stands anywhere."""
    return _UNSEEN_END.search(text) is not None
