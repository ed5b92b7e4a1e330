"""A hash of a page's main text, so that a silent edit shows and a new advertisement does not.

First version: the visible text of the first `<article>`, else `<main>`, else `<body>`, without what
surrounds an article, NFKC, case and white space folded, digits collapsed (counters, relative times). Only
blocks that are sentences count: a comment counter or a button comes and goes between two saves of a page.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from crawler.extractors.html.document import Document

if TYPE_CHECKING:
    from lxml.etree import XSLT

_LEFT_OUT = frozenset({
    "script", "style", "noscript", "template", "nav", "header", "footer", "aside", "form", "svg",
    "iframe", "button", "select", "textarea", "time", "figure",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
})  # fmt: skip
_SENTENCE = 8
"""Words of the shortest block that counts, if the page has a block of that length."""
_DIGITS = re.compile(r"\d+")
_ASCII_FOLDED = bytes(
    48 if one.isdigit() else 32 if one.isspace() else ord(one.lower())
    for one in map(chr, range(128))
) + bytes(range(128, 256))
"""Lower case, a space for white space, zeros for digits: all of folding that concerns ASCII, in one pass."""
_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_LEADS_NO_DIGIT = bytes((*range(0xD9), *range(0xE2, 0xEA), *range(0xEB, 0xEF)))
"""What begins the UTF-8 of characters none of which is a decimal digit but those of ASCII (Unicode, category Nd)."""
_END_OF_BLOCK = "\ufdd0"
"""A noncharacter of Unicode, which no text of the web has any use for; a style sheet cannot write NUL."""
_TRANSFORMATION = f"""<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
<xsl:output method="text" encoding="UTF-8"/>
<xsl:template match="*">{_END_OF_BLOCK}<xsl:apply-templates/>{_END_OF_BLOCK}</xsl:template>
<xsl:template match="{"|".join(sorted(_INLINE))}"><xsl:apply-templates/><xsl:text> </xsl:text></xsl:template>
<xsl:template match="{"|".join(sorted(_LEFT_OUT))}">{_END_OF_BLOCK}</xsl:template>
</xsl:stylesheet>"""
"""The texts below an element, in order, with a mark where a block begins or ends."""
_LONGEST = 2_000_000
_METHOD = 1
"""The method's version: it grows with every change of what goes into a content hash, the choice of titles
included."""


def content_hash(text: str, title: str | None, description: str | None) -> str | None:
    """A hash of a page's content (rule F7): title, description and main text, of which `text` is the `main_text`.

    None for a page without any of them. The method's version is in front: hashes of two methods are never
    compared.
    """
    texts = [_fold(title or ""), _fold(description or ""), text]
    if not any(texts):
        return None
    digest = hashlib.sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()
    return f"{_METHOD}:{digest[:32]}"


def main_text(document: Document) -> str:
    """The folded main text of a page; two saves of one article give the same."""
    if document.root is None:
        return ""
    for name in ("article", "main", "body"):
        element = next(document.root.iter(name), None)
        if element is not None and (text := _sentences(str(_transformation()(element)))):
            return text
    return ""


@cache
def _transformation() -> XSLT:
    """The style sheet, compiled once: one walk in C, where one in Python makes an object of each element."""
    from lxml import etree

    return etree.XSLT(etree.XML(_TRANSFORMATION))


def _sentences(text: str) -> str:
    """The folded blocks of a text that are long enough for a sentence; all of them where none is."""
    # Folding never looks beyond the end of a block, and most blocks are white space.
    parts = (part for part in text[:_LONGEST].split(_END_OF_BLOCK) if part and not part.isspace())
    lines: list[bytes] = []
    long: list[bytes] = []
    for line in map(_line, parts):
        lines.append(line)
        if line.count(b" ") >= _SENTENCE - 1:
            long.append(line)
    octets = b" ".join(long or filter(None, lines))
    return _without_runs(octets, b"00", b"0").decode("utf-8", "surrogatepass")


def _line(block: str) -> bytes:
    """A block in one line, folded, with "0" for each figure; not each number."""
    if not block.isascii():
        return _fold(block).encode("utf-8", "surrogatepass")
    # To take a text apart and to join it again costs ten times as much.
    return _without_runs(block.encode().translate(_ASCII_FOLDED), b"  ", b" ").strip(b" ")


def _without_runs(octets: bytes, two: bytes, one: bytes) -> bytes:
    while two in octets:
        octets = octets.replace(two, one)
    return octets


def _fold(text: str) -> str:
    return _without_figures(" ".join(_folded(text[:_LONGEST]).split()))


def _folded(text: str) -> str:
    # In ASCII only the case changes, and the test for ASCII is far cheaper than folding.
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def _without_figures(text: str) -> str:
    """The text with "0" for each number."""
    octets = text.encode("utf-8", "surrogatepass")
    if octets.translate(None, _LEADS_NO_DIGIT):
        return _DIGITS.sub("0", text)
    # The same for texts whose only digits are those of ASCII, in a fifth of the time.
    return _without_runs(octets.translate(_ZEROS), b"00", b"0").decode("utf-8", "surrogatepass")
