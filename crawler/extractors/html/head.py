"""What stands in a page's `<head>` as browsers and search engines read it (WHATWG HTML, 13.2.6.4.4 and after it).

The first thing that belongs into a body ends the head, wherever `</head>` stands: a text, a picture, a custom element. What follows
`</head>` and may stand in a head still counts. A reader's comment can hold a `<link>`, but never one in the head.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAY_STAND = frozenset({
    "base", "basefont", "bgsound", "link", "meta", "noframes", "noscript", "script", "style", "template", "title",
})  # fmt: skip


def head_elements(root: _Element) -> Iterator[_Element]:
    """The elements of a page's head, in document order, without what is in a `<noscript>` or a `<template>`."""
    if root.tag != "html":
        return
    for child in root:
        within = child if child.tag == "head" else (child,)
        if child.tag == "head" and _has_text(child.text):
            return
        for one in within:
            if one.tag not in _MAY_STAND:
                return
            yield one
            if _has_text(one.tail):
                return


def _has_text(text: str | None) -> bool:
    return text is not None and text.strip() != ""
