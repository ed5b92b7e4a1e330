"""A page's visible words, and which of them are its own (rules N6, N9).

A site's menus are more than half of many pages; the text outside of links is the page's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extractors.html.document import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

_LONGEST = 200_000
"""Visible characters that are read; the longest of 1,231 real pages has fewer."""

_UNSEEN = frozenset({
    "head", "script", "style", "noscript", "template", "svg", "math", "iframe", "noframes", "select",
    "textarea", "object", "audio", "video", "canvas", "map",
})  # fmt: skip
_AROUND = frozenset({"a", "button", "nav", "header", "footer", "aside", "label"})
"""Elements that lead elsewhere or surround the page's own words."""

_WITHIN = frozenset({
    "a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "mark", "q", "small", "span", "strong", "sub",
    "sup", "time", "u", "wbr",
})  # fmt: skip
"""Elements within a line: all others end it."""

_MOUNTS = frozenset({
    "root", "app", "__next", "__nuxt", "___gatsby", "app-root", "react-root", "main-app", "svelte",
    "ember-application", "application",
})  # fmt: skip
"""Ids under which applications build their page, after the frameworks' own templates."""


@dataclass(frozen=True, slots=True)
class VisibleWords:
    """`whole` is all visible text, `own` what stands outside of links and of what surrounds a page, each a line for a
    block, white space folded; `mounted` says that an application builds the page in an element that was sent empty."""

    whole: str
    own: str
    mounted: bool


def read_words(document: Document) -> VisibleWords:
    """The visible words of a page. Bounded; never raises."""
    reader = _Reader()
    if document.root is not None:
        reader.read(document.root)
    return VisibleWords(_lines(reader.whole), _lines(reader.own), reader.mounted)


def _lines(pieces: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(filter(None, lines))


class _Reader:
    """One walk over a page."""

    def __init__(self) -> None:
        self.whole: list[str] = []
        self.own: list[str] = []
        self.mounted = False
        self._room = _LONGEST
        self._around = 0
        self._mounts: list[tuple[_Element, int]] = []

    def read(self, root: _Element) -> None:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                self._open(element)
                if element.tag in _UNSEEN:
                    walk.skip_subtree()
                else:
                    self._say(element.text)
            else:
                self._close(element)
                self._say(element.tail)
            if self._room <= 0:
                return

    def _open(self, element: _Element) -> None:
        self._break(element)
        self._around += element.tag in _AROUND
        if element.tag == "app-root" or (element.get("id") or "").lower() in _MOUNTS:
            self._mounts.append((element, self._room))

    def _close(self, element: _Element) -> None:
        self._break(element)
        self._around -= element.tag in _AROUND
        if self._mounts and self._mounts[-1][0] is element:
            self.mounted |= self._mounts.pop()[1] == self._room

    def _break(self, element: _Element) -> None:
        if element.tag not in _WITHIN and self.whole and self.whole[-1] != "\n":
            self.whole.append("\n")
            self.own.append("\n")

    def _say(self, text: str | None) -> None:
        # A space separates the words of two elements: most are blocks, and a bold letter within a word is rare.
        piece = f" {' '.join(text[: self._room].split())} " if text and not text.isspace() else ""
        if not piece:
            return
        self._room -= len(piece)
        self.whole.append(piece)
        if not self._around:
            self.own.append(piece)
