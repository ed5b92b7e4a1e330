"""`href` of `<a>` and `src` of `<img>` in raw HTML, with their places.

A scanner of tags as the HTML standard reads them (13.2.5), because places are needed. lxml is no choice: it
gives the line on which a tag ends, in 16 bits, and 200,000 attributes on one tag keep it busy for
more than ten seconds. Every character is read a bounded number of times.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

_OF_INTEREST = re.compile(
    r"<(?:(?P<comment>!--)|(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])"
    r"|(?P<link>a|img)(?=[\s/>]))",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(
    r"""[\s/]*+(?P<name>[^\s/>=][^\s/>=]*+)"""
    r"""(?:\s*+=\s*+(?:"(?P<double>[^"]*+)"|'(?P<single>[^']*+)'|(?P<bare>(?!["'])[^\s>]++)))?+"""
)
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
"""A character reference counts only with its semicolon: in an attribute `&copy=1` is no reference."""
_WANTED = {"a": "href", "img": "src"}


def links_in(text: str) -> Iterator[tuple[int, str]]:
    """Each URL with the index at which its tag begins, in order."""
    position = 0
    while found := _OF_INTEREST.search(text, position):
        position = found.end()
        if found["comment"]:
            # `<!-->` is a complete comment.
            end = text.find("-->", position - 2)
            if end < 0:
                return
            position = end + len("-->")
        elif found["raw"]:
            closing = re.compile(rf"</{found['raw']}(?=[\s/>])", re.IGNORECASE)
            end_tag = closing.search(text, position)
            if end_tag is None:
                return
            position = end_tag.end()
        else:
            position, url = _attribute(text, position, _WANTED[found["link"].lower()])
            if url is not None:
                yield found.start(), url


def _attribute(text: str, position: int, wanted: str) -> tuple[int, str | None]:
    """The end of a tag's attributes, and the value of one of them; of two with one name the first counts."""
    value: str | None = None
    while found := _ATTRIBUTE.match(text, position):
        position = found.end()
        if value is None and found["name"].lower() == wanted:
            given = found["double"] or found["single"] or found["bare"] or ""
            value = _REFERENCE.sub(lambda name: html.unescape(name[0]), given)
    return position, value
