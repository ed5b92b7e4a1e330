"""Cheap checks on the bytes of a page, made before a parser that could hang on them sees it.

libxml2 compares each attribute of a tag with all before it: 10,000 attributes on one tag cost 0.1 s,
200,000 more than 10 s, and a parse cannot be interrupted. Depth needs no check: libxml2 stops by
itself at 256 elements (`huge_tree=False`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_BODY = 5_000_000
"""Bytes of a page that are read at most (issue: bodies are capped at 5 MB)."""

MAX_TAGS = 250_000
"""Most `<` in a page. A tag costs about 120 bytes of memory; the largest of 1,231 real pages has 26,000."""

MAX_ATTRIBUTES = 1_000
"""Most attributes on one tag; the most of 1,231 real pages is 70."""

MAX_ATTRIBUTES_IN_PAGE = 200_000
"""Most attributes in a page, counted only in a page over `_LARGE_BODY`."""

MAX_TAG = 1_000_000
"""Longest tag in bytes; pictures in `data:` attributes make real ones of 200 KB."""

_LONG_TAG = 4_096
_LARGE_BODY = 500_000

# A tag ends at the first `>` outside a quoted value, and a quote opens a value only after `=`
# (WHATWG, tokenization). Comments and raw text hold no tags. Every quantifier is possessive, so the
# scan is linear in the page. The first loop of the attributes is the second for their usual form.
_ATTRIBUTES = rb"""(?:[^>=]*+="[^"]*+")*+[^>=]*+(?:=\s*+(?:"[^"]*+"|'[^']*+')?+[^>=]*+)*+>?"""
_TOKEN = re.compile(
    # First what no element with raw text begins with: that is most tags.
    rb"<(?:[a-hj-mo-ru-wyzA-HJ-MO-RU-WYZ]"
    + _ATTRIBUTES
    + rb"|!--[^-]*+(?:-(?!-!?>)[^-]*+)*+|(?=[insxtINSXT])(?:"
    + b"".join(
        rb"(?i:%b)(?=[\s/>])%b[^<]*+(?:<(?!/(?i:%b)[\s/>])[^<]*+)*+|" % (name, _ATTRIBUTES, name)
        for name in (b"script", b"style", b"textarea", b"title", b"xmp", b"iframe", b"noframes")
    )
    + rb"[a-zA-Z]"
    + _ATTRIBUTES
    + rb"))"
)
_RAW_START = re.compile(rb"<[a-zA-Z]" + _ATTRIBUTES)
_ATTRIBUTE = re.compile(rb"""[^\s/>=]++\s*+(?:=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>]*+))?+""")


class ContentError(ValueError):
    """The page cannot be read within the bounds; its text says which bound was broken."""


def check_bounds(body: bytes) -> None:
    """Raise `ContentError` for a page that a parser might hang on. Linear in the page."""
    if len(body) > MAX_BODY:
        raise ContentError(f"page of {len(body)} bytes, over {MAX_BODY}")
    if body.count(b"<") > MAX_TAGS:
        raise ContentError(f"page with more than {MAX_TAGS} tags")
    total = 0
    for token in _tokens(body):
        total += _count_attributes(_start_tag(token))
        if total > MAX_ATTRIBUTES_IN_PAGE:
            raise ContentError(f"page with more than {MAX_ATTRIBUTES_IN_PAGE} attributes")


def _tokens(body: bytes) -> Iterator[bytes]:
    """The tags whose attributes must be counted, raw text and comments among them."""
    if len(body) <= _LARGE_BODY:
        # One call for all: a match object for each tag costs more than finding it.
        tokens = _TOKEN.findall(body)
        if max(map(len, tokens), default=0) <= _LONG_TAG:
            return iter(())
        return (token for token in tokens if len(token) > _LONG_TAG)
    return (match[0] for match in _TOKEN.finditer(body))


def _start_tag(token: bytes) -> bytes:
    if token.startswith(b"<!--"):
        return b""
    start = _RAW_START.match(token)
    return start[0] if start else b""


def _count_attributes(tag: bytes) -> int:
    if len(tag) > MAX_TAG:
        raise ContentError(f"tag of {len(tag)} bytes, over {MAX_TAG}")
    count = sum(1 for _ in _ATTRIBUTE.finditer(tag, 1)) - 1
    if count > MAX_ATTRIBUTES:
        raise ContentError(f"tag with {count} attributes, over {MAX_ATTRIBUTES}")
    return max(count, 0)
