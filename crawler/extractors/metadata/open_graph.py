"""Open Graph, `article:` and Twitter properties of a page, where the protocol has them and where pages really write them.

https://ogp.me: a page is one object, described by `<meta property=… content=…>` in its head.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING, NamedTuple

from crawler.extractors.html.cleaning import clean_text
from crawler.extractors.html.document import MAX_ELEMENTS, Document

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_PROPERTIES = 2_000

_VOCABULARIES = frozenset({"og", "music", "video", "article", "book", "profile", "product"})
"""Prefixes that need no declaration (https://ogp.me, and `product`, which a tenth of the pages with products have)."""
_DECLARED = re.compile(r"\s*(\w+):\s*([^\s]+)")
"""A prefix with its address in an attribute `prefix` (RDFa Core, 7.5)."""


class Property(NamedTuple):
    """One property: `name` in lower case (`og:title`), its cleaned text, and where it was read.

    `source` is `og` for what stands as the protocol says, `og-body` for a tag outside `<head>`, `meta` for one that
    says `name=` instead of `property=` or writes its prefix in capitals. `in_head` says whether browsers have it in the head.
    """

    name: str
    value: str
    source: str
    in_head: bool = True


def read_properties(document: Document) -> tuple[Property, ...]:
    """Every property with a value: first those that stand as the protocol says, in document order, then the tolerated ones."""
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
    # The tolerant pass reads only as many as the document kept.
    bounded = len(document.metas) < MAX_ELEMENTS
    namespaces = _VOCABULARIES if bounded else frozenset[str]()
    if bounded:
        yield from _as_written(document.root)
    for meta in document.metas:
        content = meta.get("content")
        if content and not _is_read(meta, namespaces):
            name = (meta.get("property") or meta.get("name") or _pragma(meta)).strip().lower()
            if name:
                yield name, content, _source(meta), meta in document.head


def _as_written(root: _Element) -> Iterator[tuple[str, str, str, bool]]:
    """The properties of known and of declared prefixes directly in a `<head>`."""
    declared: set[str] | None = None
    for head in root.iter("head"):
        if declared is None:
            around = head.getparent()
            declared = _prefixes(around) if around is not None and around.tag == "html" else set()
        known = _VOCABULARIES | declared | _prefixes(head)
        for meta in head.iterchildren("meta"):
            name, value = meta.get("property"), meta.get("content")
            if name is not None and value is not None and name.partition(":")[0] in known:
                yield name.strip().lower(), value, "og", True


def _prefixes(element: _Element) -> set[str]:
    return {prefix for prefix, _ in _DECLARED.findall(element.get("prefix") or "")}


def _is_read(meta: _Element, namespaces: Container[str]) -> bool:
    """Whether an element stands as the protocol says: a property of a known prefix, directly in `<head>`."""
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
