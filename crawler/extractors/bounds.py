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
_SHORT_TAG = 2 * MAX_ATTRIBUTES
"""Bytes of a tag that cannot hold too many attributes: each takes a byte and another before it."""

_OPENING = re.compile(rb"<[a-zA-Z]")
_QUOTES = (b'"', b"'")

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
    # Counting costs more than looking for what is not there, and a short body needs none.
    if len(body) > MAX_TAGS and body.count(b"<") > MAX_TAGS:
        raise ContentError(f"page with more than {MAX_TAGS} tags")
    if len(body) <= _LARGE_BODY and _has_small_tags(body):
        return
    total = 0
    for token in _tokens(body):
        total += _count_attributes(_start_tag(token))
        if total > MAX_ATTRIBUTES_IN_PAGE:
            raise ContentError(f"page with more than {MAX_ATTRIBUTES_IN_PAGE} attributes")


def _has_small_tags(body: bytes) -> bool:
    """Whether every tag is seen to be small, without reading the tags one by one: a tenth of the time.

    Wherever a tag begins, it does not go beyond a `>` that is in no quoted value. So it is enough that such
    a `>` follows soon after the first place where a tag may begin, and again after that `>`. What looks like
    a tag in a comment or a script is taken for one: False may be wrong, True is not.
    """
    opening = _OPENING.search(body)
    while opening and len(body) - opening.start() > _SHORT_TAG:
        start = opening.start()
        end = _last_unquoted(body, start, start + _SHORT_TAG)
        if end < 0:
            end = _end_of_lone_tag(body, start)
        if end < 0:
            return False
        opening = _OPENING.search(body, end)
    return True


def _last_unquoted(body: bytes, start: int, stop: int) -> int:
    """The last `>` of a stretch that is in no value quoted within it; -1 for none."""
    end = body.rfind(b">", start, stop)
    while end >= 0:
        # Of a value that holds it, the last quote of that kind before it is the beginning: behind `=`.
        quotes = (body.rfind(quote, start, end) for quote in _QUOTES)
        begun = [at for at in quotes if at >= 0 and body[start:at].rstrip().endswith(b"=")]
        if not begun:
            break
        end = body.rfind(b">", start, min(begun))
    return end


def _end_of_lone_tag(body: bytes, start: int) -> int:
    """The end of a long tag with few attributes (a drawing, data) that no other can begin in; -1 for none.

    If its beginning is a tag, it holds all up to the first `>` that ends a tag. If it is not, it stands in a
    comment or in a script: the one ends with a `>`, the other with `</`, and no tag may begin behind that.
    """
    end = body.find(b">", start)
    if end < 0 or _last_unquoted(body, start, end + 1) != end:
        return -1
    closing = body.find(b"</", start, end)
    if closing >= 0 and _OPENING.search(body, closing, end):
        return -1
    return end if _attributes_in(body[start : end + 1]) <= MAX_ATTRIBUTES else -1


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
    count = _attributes_in(tag)
    if count > MAX_ATTRIBUTES:
        raise ContentError(f"tag with {count} attributes, over {MAX_ATTRIBUTES}")
    return count


def _attributes_in(tag: bytes) -> int:
    # The first that looks like one is the tag's name.
    return max(sum(1 for _ in _ATTRIBUTE.finditer(tag, 1)) - 1, 0)
