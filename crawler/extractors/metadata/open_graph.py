"""Open Graph, `article:` and Twitter properties of a page, with those that extruct does not read."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, NamedTuple

from crawler.extractors.html.cleaning import clean_text
from crawler.extractors.html.document import MAX_ELEMENTS, Document

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_PROPERTIES = 2_000


class Property(NamedTuple):
    """One property: `name` in lower case (`og:title`), its cleaned text, and where it was read.

    `source` is `og` for what extruct read, `og-body` for a tag outside `<head>`, `meta` for one that
    says `name=` instead of `property=` or writes its prefix in capitals. `in_head` says whether browsers have it in the head.
    """

    name: str
    value: str
    source: str
    in_head: bool = True


def read_properties(document: Document) -> tuple[Property, ...]:
    """Every property with a value: extruct's first, in document order, then the tolerated ones."""
    found: list[Property] = []
    for name, value, source, in_head in _all(document):
        text = clean_text(value)
        if text:
            found.append(Property(name, text, source, in_head))
        if len(found) >= MAX_PROPERTIES:
            break
    return tuple(found)


def _all(document: Document) -> Iterator[tuple[str, str, str, bool]]:
    if document.root is None or not document.metas:
        return
    from extruct.opengraph import _OG_NAMESPACES, OpenGraphExtractor

    # extruct has no bound of its own; the tolerant pass reads only as many as the document kept.
    bounded = len(document.metas) < MAX_ELEMENTS
    namespaces = _OG_NAMESPACES if bounded else ()
    for item in OpenGraphExtractor().extract_items(document.root) if bounded else ():
        for name, value in item["properties"]:
            yield name.strip().lower(), value, "og", True
    for meta in document.metas:
        content = meta.get("content")
        if content and not _is_read(meta, namespaces):
            name = (meta.get("property") or meta.get("name") or _pragma(meta)).strip().lower()
            if name:
                yield name, content, _source(meta), meta in document.head


def _is_read(meta: _Element, namespaces: Container[str]) -> bool:
    """Whether extruct reads this element: a property of a known prefix, directly in `<head>`."""
    name = meta.get("property")
    if name is None or name.partition(":")[0] not in namespaces:
        return False
    parent = meta.getparent()
    return parent is not None and parent.tag == "head"


def _pragma(meta: _Element) -> str:
    """`http-equiv` serves as a name for the one header that says something about the text."""
    pragma = (meta.get("http-equiv") or "").strip().lower()
    return pragma if pragma == "content-language" else ""


def _source(meta: _Element) -> str:
    if meta.get("property") is None:
        return "meta"
    parent = meta.getparent()
    return "og" if parent is not None and parent.tag == "head" else "og-body"
