"""Dates in microdata and `<time>` elements, read without building the tree of items."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extractors.cleaning import clean_text
from crawler.extractors.document import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST = 100
_NAME = b"itemprop"
_DATES = (b'="date', b"='date", b"=date")
_ITEMS = ("datePublished", "dateCreated", "uploadDate", "dateModified")


@dataclass(frozen=True, slots=True)
class DateProperties:
    """The texts of the page's date properties, in document order, not yet read as dates."""

    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()


def date_properties(document: Document) -> DateProperties:
    """The dates in `itemprop` attributes and `<time pubdate>`."""
    if document.root is None or not _is_marked(document.source):
        return DateProperties()
    published: list[str] = []
    modified: list[str] = []
    for element in islice(
        filter(_is_date, document.root.xpath("//*[@itemprop or @pubdate]")), _MOST
    ):
        target = modified if element.get("itemprop") == "dateModified" else published
        target.append(_text(element))
    return DateProperties(tuple(published), tuple(modified))


def _is_date(element: _Element) -> bool:
    return element.get("itemprop") in _ITEMS or (
        element.tag == "time" and element.get("pubdate") is not None
    )


def _is_marked(source: bytes) -> bool:
    """Whether a search can find something: it costs much, and most pages have none of these words."""
    return b" pubdate" in source or (
        _NAME in source and (_names_date(source) or b"uploadDate" in source)
    )


def _names_date(source: bytes) -> bool:
    """One pass over the bytes for all the ways to write it."""
    at = source.find(_NAME)
    while at >= 0:
        if source.startswith(_DATES, at + len(_NAME)):
            return True
        at = source.find(_NAME, at + len(_NAME))
    return False


def _text(element: _Element) -> str:
    for name in ("datetime", "content"):
        if element.get(name):
            return clean_text(element.get(name))
    return clean_text(element.text)
