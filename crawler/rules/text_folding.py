"""The one folding of texts that are compared: what two editors or two sites type differently is the same (rule F3).

For comparing only, never for showing. `plain` reads a text as a reader sees it, without entities and mark-up; `folded`
is the same for a text that has neither.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from crawler.rules.text_markup import without_markup

_ESCAPED = 3
"""How often a text may have been escaped: some sites and feeds escape what is escaped already."""

_QUOTES = (
    '"`´‘’‚‛“”„‟«»‹›′″‴⁗‵‶‷〝〞〟「」『』｢｣《》〈〉\u2329\u232a﹁﹂﹃﹄⹂❛❜❝❞❟❠⸂⸃⸄⸅⸉⸊⸌⸍⸜⸝⸠⸡\U0001f676\U0001f677\U0001f678'
    "\u02b9\u02ba\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\u055a\u05f3\u05f4\ua78b\ua78c\u1fbd\u1fbf"
    "\uff02\uff07\uff40"
)
"""Quotation marks, apostrophes and primes of all scripts: Unicode's property `Quotation_Mark`, and what is typed for them."""
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043\u02d7\u058a\u05be\u1400\u1806\u2e17\u2e1a\u2e3a\u2e3b\u2500\u2501\u2796\u207b\u208b\ufe31\ufe32\ufe58\ufe63\uff0d"
"""Unicode's property `Dash` and the lines that are drawn for one; no wave dashes."""
_WAVES = "\u02dc\u2053\u223c\u301c\u3030\uff5e"
_DOTS = "•∙●▪▫◦‧・･⋅‣■◆►▶◾"
_BARS = "│┃❘∣¦｜︳"
_NOT_SEEN = (
    0xAD, 0x34F, 0x61C, 0x640, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x180F), *range(0x200B, 0x2010),
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x3164, *range(0xFE00, 0xFE10), 0xFEFF, 0xFFA0, *range(0xFFF9, 0xFFFC),
    *range(0xE0000, 0xE0080), *range(0xE0100, 0xE01F0), *range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85),
    *range(0x86, 0xA0),
)  # fmt: skip
"""Characters without a glyph (Unicode's `Default_Ignorable_Code_Point` and controls), and the stroke that only stretches
an Arabic word."""
_MARKS: dict[int, str | None] = {
    **dict.fromkeys(map(ord, _QUOTES), "'"),
    **dict.fromkeys(map(ord, _DASHES), "-"),
    **dict.fromkeys(map(ord, _WAVES), "~"),
    **dict.fromkeys(map(ord, _DOTS), "·"),
    **dict.fromkeys(map(ord, _BARS), "|"),
    **dict.fromkeys(map(ord, "®™℠"), None),
    **dict.fromkeys(_NOT_SEEN, None),
    **dict.fromkeys(map(ord, "⁄∕／"), "/"),
    **dict.fromkeys(map(ord, "∶꞉ː︓"), ":"),
    **dict.fromkeys(map(ord, "×✕✖"), "x"),
    **dict.fromkeys(map(ord, "、､،﹐"), ","),
    **dict.fromkeys(map(ord, "。｡۔"), "."),
    **dict.fromkeys(map(ord, "⋯"), "..."),
    **dict.fromkeys(map(ord, "؟"), "?"),
    **dict.fromkeys(map(ord, "؛"), ";"),
}
"""Exchanged before NFKC, which would make of an acute accent that is typed for an apostrophe a space and a mark."""
_DOUBLED = re.compile(r"'{2,}|-{2,}|\.{2,}|<<|>>|(?<!\S),,(?=\S)|\((?:tm|r)\)")
"""Marks that a typewriter makes of two."""
_WRITTEN_OUT = {"'": "'", "-": "-", ".": "...", "<": "'", ">": "'", ",": "'", "(": ""}


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """A title or a description for comparison: one line, folded, without entities and mark-up."""
    for _ in range(_ESCAPED):
        if "&" not in text:
            break
        text = html.unescape(text)
    return folded(without_markup(text))


def folded(text: str) -> str:
    """Text for comparison: compatible forms (NFKC), quotes, dashes, other marks, invisible characters, case, white space."""
    if text.isascii():
        text = text.replace('"', "'").replace("`", "'").lower()
        if not text.isprintable():
            text = text.translate(_MARKS)
    else:
        text = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS).casefold()
    return " ".join(_DOUBLED.sub(_single, text).split())


def _single(match: re.Match[str]) -> str:
    return _WRITTEN_OUT[match[0][0]]
