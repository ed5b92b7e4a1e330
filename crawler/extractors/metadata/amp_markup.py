"""Whether a page is AMP: the markup that every AMP page has (rule A2).

https://amp.dev/documentation/guides-and-tutorials/start/create/basic_markup names it. A page that an AMP
optimizer or a cache has transformed may leave the boilerplate out, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from crawler.extractors.html.document import MAX_ELEMENTS, Document
from crawler.model.observation import AmpPart

if TYPE_CHECKING:
    from lxml.etree import _Element

_MARKS = ("amp", "\u26a1", "\u26a1\ufe0f")
"""The attributes of `<html>`; the last is the sign as an emoji keyboard writes it."""
_NO_BOILERPLATE = "i-amphtml-no-boilerplate"
_RUNTIMES = ("v0.js", "v0.mjs")
_BOILERPLATE = "amp-boilerplate"


def amp_lacks(document: Document) -> tuple[AmpPart, ...] | None:
    """The parts that a page lacks to be AMP, in the order of `AmpPart`; None for a page without an element.

    A page without the mark lacks just that: it does not claim to be AMP.
    """
    root = document.root
    if root is None:
        return None
    if not any(mark in root.attrib for mark in _MARKS):
        return (AmpPart.MARK,)
    has = {
        AmpPart.CHARSET: any(_is_utf8(meta) for meta in document.metas),
        AmpPart.VIEWPORT: any(_is_viewport(meta) for meta in document.metas),
        AmpPart.RUNTIME: any(map(_is_runtime, _elements(root, "script"))),
        AmpPart.BOILERPLATE: _NO_BOILERPLATE in root.attrib
        or any(map(_is_boilerplate, _elements(root, "style"))),
        AmpPart.CANONICAL: any(_is_canonical(link) for link in document.links),
    }
    return tuple(part for part, found in has.items() if not found)


def _elements(root: _Element, name: str) -> Iterator[_Element]:
    return islice(root.iter(name), MAX_ELEMENTS)


def _is_utf8(meta: _Element) -> bool:
    """`<meta charset>`, or the older form that a browser takes for the same."""
    charset = meta.get("charset") or (meta.get("content") or "").lower().partition("charset=")[2]
    return charset.strip().lower() in ("utf-8", "utf8")


def _is_viewport(meta: _Element) -> bool:
    content = (meta.get("content") or "").lower().replace(" ", "")
    return _named(meta, "name", "viewport") and "width=device-width" in content


def _is_runtime(script: _Element) -> bool:
    """AMP's script, from the project's cache or (since 2020) from the publisher's own host."""
    path = (script.get("src") or "").partition("?")[0].strip()
    return path.rsplit("/", 1)[-1].lower() in _RUNTIMES


def _is_boilerplate(style: _Element) -> bool:
    return _BOILERPLATE in style.attrib


def _is_canonical(link: _Element) -> bool:
    return "canonical" in (link.get("rel") or "").lower().split() and bool(link.get("href"))


def _named(element: _Element, attribute: str, name: str) -> bool:
    return (element.get(attribute) or "").strip().lower() == name
