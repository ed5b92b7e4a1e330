"""What a reader sees of an element, and the parts of a headline."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extractors.html.cleaning import clean_text

if TYPE_CHECKING:
    from lxml.etree import _Element

_HIDDEN = frozenset({"script", "style", "template", "noscript"})
_APART = frozenset({
    "span", "small", "div", "p", "br", "li", "ul", "ol", "section", "header", "time", "label", "h1", "h2", "h3", "h4", "tr", "td", "dt", "dd",
})  # fmt: skip
"""Elements that a page's style sets apart from their like: two that follow each other are two words."""
_BLOCKS = _APART - {"span", "small", "time", "label"}
"""Those that begin a line without any style."""
_MOST_ELEMENTS = 500
_MOST_WRAPPERS = 5
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-reader|visually-?hidden|assistive-text|permalink|header-?link|anchor-?link|anchorjs)",
    re.IGNORECASE,
)
"""Names of what only screen readers say, and of links to a headline itself."""
_KICKER = re.compile(
    r"(?:^|[\s_-])(?:kicker|overline|eyebrow|dachzeile|roofline|topline|pre-?title|pre-?headline|sur-?title|surtitre|antetitulo|label|badge"
    r"|rubri[ck]|category|section-?name|flag)(?:$|[\s_-])",
    re.IGNORECASE,
)
"""Names of the line over a headline, which is none of it."""


def visible_text(element: _Element) -> str:
    """The text of an element without what no reader sees; parts that are set apart are words of their own."""
    if len(element) == 0 and element.tag not in _HIDDEN:
        return clean_text(element.text)
    return clean_text("".join(_pieces(element, ())))


def headline_text(heading: _Element) -> str:
    """The text of a heading without a kicker that is named as one, and without what no reader sees."""
    named = [one for one in islice(heading.iterdescendants(), _MOST_ELEMENTS) if _is_beside(one)]
    return (clean_text("".join(_pieces(heading, named))) if named else "") or visible_text(heading)


def headline_rests(heading: _Element) -> Iterator[str]:
    """The text of a heading without its first element, and without its last: one of them may be a kicker or a subtitle."""
    inner = heading
    for _ in range(_MOST_WRAPPERS):
        if len(inner) != 1 or (inner.text or "").strip() or (inner[0].tail or "").strip():
            break
        inner = inner[0]
    for one in (inner[:1], inner[-1:]) if len(inner) else ():
        if rest := clean_text("".join(_pieces(heading, one))):
            yield rest


def _is_beside(element: _Element) -> bool:
    called = f"{element.get('class') or ''} {element.get('id') or ''}"[:500]
    if not called.strip():
        return element.get("hidden") is not None
    return _KICKER.search(called) is not None or _UNSEEN.search(called) is not None


def _pieces(element: _Element, left_out: Collection[_Element]) -> Iterator[str]:
    """The texts in an element, with a space where two parts are set apart."""
    from lxml.etree import iterwalk

    walk = iterwalk(element, events=("start", "end"))
    ended, last = False, ""
    for event, part in islice(walk, 2 * _MOST_ELEMENTS):
        if event == "start":
            if part.tag in _HIDDEN or part in left_out:
                walk.skip_subtree()
                continue
            text = part.text or ""
            if part.tag in _BLOCKS or (ended and part.tag in _APART and len(last) > 1 < len(text)):
                yield " "
            yield text
            ended, last = False, text.strip() or last
        elif part is not element:
            if part.tag in _BLOCKS:
                yield " "
            yield part.tail or ""
            ended = part.tag in _APART and not part.tail
