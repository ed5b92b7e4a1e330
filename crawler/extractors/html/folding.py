"""Text folded so that one phrase is found however a site spells it."""

from __future__ import annotations

import unicodedata

from crawler.rules.text_folding import folded

# Letters that do not decompose, as keyboards without them write them, and one form for the letters
# that Arabic and Persian code apart.
_LETTERS = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "đ": "d",
        "ø": "o",
        "æ": "ae",
        "ي": "ی",
        "ى": "ی",
        "ك": "ک",
        "ە": "ه",
        "ھ": "ہ",
    }
)
_DROPPED = frozenset({"Mn", "Cf"})


def fold(text: str) -> str:
    """`folded` (rule F3) without accents, vowel points and joiners, all digits ASCII. Not for showing."""
    parts = unicodedata.normalize("NFKD", folded(text))
    # `_LETTERS` holds no ASCII letter, so ASCII text is done: the lookups would cost and change nothing.
    return parts if parts.isascii() else "".join(map(_folded, parts)).translate(_LETTERS)


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return "" if category in _DROPPED else character
