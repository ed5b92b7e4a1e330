"""The ids and names of a page, which links name as its parts (rule K8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final

from crawler.extractors.html.document import Document
from crawler.model.observation import Anchors
from crawler.rules.anchors import absent_texts, marks_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_ELEMENTS: Final = 250_000
_MOST_TEXT: Final = 2_000_000
_SHELL: Final = 500
"""Characters below which a page with scripts has no text of its own."""
_HEADINGS: Final = ("h2", "h3", "h4")
_ENOUGH_HEADINGS: Final = 2
_SILENT: Final = frozenset(("script", "style", "noscript", "template", "head"))


def page_anchors(document: Document, texts: Sequence[str] = ()) -> Anchors:
    """The anchors of a page, and which of the text directives `texts` it does not have."""
    root = document.root
    if root is None:
        return Anchors("")
    text = "".join(_texts(root))
    return Anchors(
        marks_of(_names(root)),
        is_scripted=_is_scripted(root, text),
        absent=absent_texts(text, texts) if texts else (),
    )


def _names(root: _Element) -> Iterator[str]:
    for element in islice(root.iter(), _MOST_ELEMENTS):
        if isinstance(element.tag, str):
            yield from filter(None, (element.get("id"), element.get("name")))


def _is_scripted(root: _Element, text: str) -> bool:
    """Whether a script makes the page, or the ids of its headings: then what is missing may come later."""
    has_script = next(root.iter("script"), None) is not None
    if not has_script:
        return False
    if len("".join(text.split())) < _SHELL:
        return True
    headings = list(islice(root.iter(*_HEADINGS), 50))
    return len(headings) >= _ENOUGH_HEADINGS and not any(map(_has_id, headings))


def _has_id(heading: _Element) -> bool:
    around = (heading, *islice(heading.iter(), 20), *heading.iterancestors("section", "div"))
    return any(one.get("id") or one.get("name") for one in islice(around, 25))


def _texts(root: _Element) -> Iterator[str]:
    """The text of a page that readers may see, up to a bound; iterative, as pages nest deeply."""
    from lxml import etree

    length = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in _SILENT:
            walk.skip_subtree()
            continue
        text = element.text if event == "start" else element.tail
        if text:
            length += len(text)
            if length > _MOST_TEXT:
                return
            yield text
