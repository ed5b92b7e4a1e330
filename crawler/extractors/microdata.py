"""Dates in microdata and `<time>` elements, read without building the tree of items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extractors.cleaning import clean_text
from crawler.extractors.document import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST = 100
_MARKS = (
    b'itemprop="date',
    b"itemprop='date",
    b"itemprop=date",
    b" pubdate",
    b'itemprop="uploadDate',
)
_WANTED = (
    "//*[@itemprop='datePublished' or @itemprop='dateModified' or @itemprop='dateCreated'"
    " or @itemprop='uploadDate'"
    " or (@pubdate and self::time)]"
)


@dataclass(frozen=True, slots=True)
class DateProperties:
    """The texts of the page's date properties, in document order, not yet read as dates."""

    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()


def date_properties(document: Document) -> DateProperties:
    """The dates in `itemprop` attributes and `<time pubdate>`."""
    # The search costs as much as all the rest; most pages have none of these words.
    if document.root is None or not any(mark in document.source for mark in _MARKS):
        return DateProperties()
    published: list[str] = []
    modified: list[str] = []
    for element in document.root.xpath(_WANTED)[:_MOST]:
        target = modified if element.get("itemprop") == "dateModified" else published
        target.append(_text(element))
    return DateProperties(tuple(published), tuple(modified))


def _text(element: _Element) -> str:
    for name in ("datetime", "content"):
        if element.get(name):
            return clean_text(element.get(name))
    return clean_text(element.text)
