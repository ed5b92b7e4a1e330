"""Cheap checks on the bytes of a page, made before the parser, which some pages could hang.

libxml2 compares each attribute of a tag with all before it: 10,000 attributes on one tag cost 0.1 s,
200,000 more than 10 s, and a parse cannot be interrupted. Depth needs no check: libxml2 stops by
itself at 256 elements (`huge_tree=False`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_BODY = 5_000_000
"""Bytes of a page that are read at most (rule B1)."""

MAX_TAGS = 250_000
"""Most `<` in a page. A tag costs about 120 bytes of memory; the largest of 1,231 real pages has 26,000."""

MAX_ATTRIBUTES = 1_000
"""Most attributes on one tag; the most of 1,231 real pages is 70."""

MAX_ATTRIBUTES_IN_PAGE = 200_000
"""Most attributes in a page, counted only in a page over `_LARGE_BODY`."""

MAX_TAG = 1_000_000
"""Longest tag in bytes; images in `data:` attributes make real tags of 200 KB."""

_LARGE_BODY = 500_000
_SHORT_TAG = 2 * MAX_ATTRIBUTES
"""Bytes of a tag that cannot hold too many attributes: each takes a byte and a separator."""

_QUOTES = (b'"', b"'")
_BEFORE_VALUE = frozenset(b"= \t\n\r\f\v")

# WHATWG, tokenization, as libxml2 does it: a tag ends at the first `>` outside a quoted value, and a quote opens
# a value only behind `=`; comments and raw text hold no tags. Every quantifier is possessive, so the scan is
# linear in the page. Where a round of a loop fails, it has consumed white space and `/` at most (CONTRIBUTING).
_SPACE = rb"[ \t\n\r\f]"
_ATTRIBUTE_TEXT = (
    rb"""[^ \t\n\r\f/>][^ \t\n\r\f/>=]*+(?:%b*+=%b*+(?:"[^"]*+"?|'[^']*+'?|[^ \t\n\r\f>]*+))?+"""
    % (_SPACE, _SPACE)
)
_TAG_TEXT = rb"[a-zA-Z][^ \t\n\r\f/>]*+(?:[ \t\n\r\f/]*+%b)*+[ \t\n\r\f/]*+>?+" % _ATTRIBUTE_TEXT
_TOKEN = re.compile(
    rb"<(?:(?P<tag>%b)|/%b|!--(?:-?>|[^-]*+(?:-(?!-!?>)[^-]*+)*+)|[!?/][^>]*+)"
    % (_TAG_TEXT, _TAG_TEXT)
)
_NAME = re.compile(rb"<[a-zA-Z][^ \t\n\r\f/>]*+")
_ATTRIBUTE = re.compile(_ATTRIBUTE_TEXT)
_SCRIPT = b"script"
_RAW = {
    name: re.compile(rb"</%b(?=[ \t\n\r\f/>])" % name, re.IGNORECASE)
    for name in (b"style", b"textarea", b"title", b"xmp", b"iframe", b"noembed", b"noframes")
}
"""The end of each element in which tags are text."""
_SCRIPT_MARK = re.compile(rb"<!---*+>|-->|<!--|</?script(?=[ \t\n\r\f/>])", re.IGNORECASE)


class ContentError(ValueError):
    """The page cannot be read within the bounds; its text says which bound was broken."""


def check_bounds(body: bytes) -> None:
    """Raise `ContentError` for a page that a parser might hang on. Linear in the page."""
    if len(body) > MAX_BODY:
        raise ContentError(f"page of {len(body)} bytes, over {MAX_BODY}")
    # A search for one byte costs less than counting, and a short body needs neither.
    if len(body) > MAX_TAGS and body.count(b"<") > MAX_TAGS:
        raise ContentError(f"page with more than {MAX_TAGS} tags")
    if len(body) > _LARGE_BODY or not has_small_tags(body):
        check_tags(body)


def check_tags(body: bytes) -> None:
    """Check the tags one by one, at several times the cost of a count. Raises `ContentError`."""
    total = 0
    for tag in _tags(body):
        # A short tag matters only for the page's total, and only a large page reaches that.
        if len(tag) > _SHORT_TAG or len(body) > _LARGE_BODY:
            total += _count_attributes(tag)
        if total > MAX_ATTRIBUTES_IN_PAGE:
            raise ContentError(f"page with more than {MAX_ATTRIBUTES_IN_PAGE} attributes")


def has_small_tags(body: bytes) -> bool:
    """Whether every tag is surely small, without reading the tags one by one: a fifth of the time.

    A tag never goes beyond a `>` outside quoted values. So it is enough that such a `>` follows soon after the
    first place where a tag may begin, and again after that `>`. Text of a comment or a script that looks like
    a tag is taken for one: False may be wrong, True is not.
    """
    start = _opening(body, 0)
    while 0 <= start < len(body) - _SHORT_TAG:
        end = body.rfind(b">", start, start + _SHORT_TAG)
        if end >= 0:
            double, single = body.rfind(b'"', start, end), body.rfind(b"'", start, end)
            # The byte before the last quote of each kind decides most cases: it opens no value that holds the `>`.
            if body[double - 1] in _BEFORE_VALUE or body[single - 1] in _BEFORE_VALUE:
                end = _last_unquoted(body, start, end + 1)
        if end < 0:
            end = _end_of_lone_tag(body, start)
        if end < 0:
            return False
        start = _opening(body, end)
    return True


def _opening(body: bytes, start: int, stop: int | None = None) -> int:
    """The position of the next `<` with a letter behind it; -1 for none. To find a byte takes a tenth of a pattern's time."""
    end = len(body) if stop is None else stop
    at = body.find(b"<", start, end - 1)
    while at >= 0 and not body[at + 1 : at + 2].isalpha():
        at = body.find(b"<", at + 1, end - 1)
    return at


def _last_unquoted(body: bytes, start: int, stop: int) -> int:
    """The position of the last `>` between `start` and `stop` outside the values quoted there; -1 for none."""
    end = body.rfind(b">", start, stop)
    while end >= 0:
        # If a value holds the `>`, the last quote of that kind before it opens the value: it follows `=`.
        begun = [
            at
            for quote in _QUOTES
            if (at := body.rfind(quote, start, end)) >= 0
            # The byte before the quote decides most cases.
            and body[at - 1] in _BEFORE_VALUE
            and body[start:at].rstrip().endswith(b"=")
        ]
        if not begun:
            break
        end = body.rfind(b">", start, min(begun))
    return end


def _end_of_lone_tag(body: bytes, start: int) -> int:
    """The end of a long tag with few attributes (a drawing, data) in which no other tag can begin; -1 for none.

    A tag at `start` reaches to the first `>` that ends a tag. Otherwise `start` lies in a comment, which ends
    with a `>`, or in a script, which ends with `</`: no tag may begin behind either.
    """
    end = body.find(b">", start)
    if end < 0 or _last_unquoted(body, start, end + 1) != end:
        return -1
    closing = body.find(b"</", start, end)
    if closing >= 0 and _opening(body, closing, end) >= 0:
        return -1
    return end if _attributes_in(body[start : end + 1]) <= MAX_ATTRIBUTES else -1


def _tags(body: bytes) -> Iterator[bytes]:
    """Every tag that begins an element, as the parser sees it."""
    position = 0
    while token := _TOKEN.search(body, position):
        position = token.end()
        if token["tag"]:
            yield token[0]
            position = _end_of_text(body, token[0], position)


def _end_of_text(body: bytes, tag: bytes, start: int) -> int:
    """The end of an element's raw text (a script and the like), where tags begin again; `start` for others."""
    match = _NAME.match(tag)
    name = match[0][1:].lower() if match else b""
    if (name != _SCRIPT and name not in _RAW) or _is_empty(tag):
        return start
    if name == _SCRIPT:
        return _end_of_script(body, start)
    end = _RAW[name].search(body, start)
    return end.start() if end else len(body)


def _is_empty(tag: bytes) -> bool:
    """Whether a tag is written `<x/>`; the `/` of `<x a=b/>` belongs to the value."""
    return tag.endswith(b"/>") and all(one.end() < len(tag) - 1 for one in _attributes(tag))


def _end_of_script(body: bytes, start: int) -> int:
    """In a script `<!--` makes the next `<script>` and its end part of the text, up to `-->`."""
    is_escaped = is_nested = False
    for match in _SCRIPT_MARK.finditer(body, start):
        mark = match[0].lower()
        if mark.endswith(b">"):
            is_escaped = is_nested = False
        elif mark == b"<!--":
            is_escaped = True
        elif mark == b"<script":
            is_nested = is_escaped
        elif not is_nested:
            return match.start()
        else:
            is_nested = False
    return len(body)


def _count_attributes(tag: bytes) -> int:
    if len(tag) > MAX_TAG:
        raise ContentError(f"tag of {len(tag)} bytes, over {MAX_TAG}")
    count = _attributes_in(tag)
    if count > MAX_ATTRIBUTES:
        raise ContentError(f"tag with {count} attributes, over {MAX_ATTRIBUTES}")
    return count


def _attributes_in(tag: bytes) -> int:
    return sum(1 for _ in _attributes(tag))


def _attributes(tag: bytes) -> Iterator[re.Match[bytes]]:
    name = _NAME.match(tag)
    return _ATTRIBUTE.finditer(tag, name.end() if name else 0)
