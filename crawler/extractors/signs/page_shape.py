"""A page's shape, as the rules on walls, soft 404s and parked domains need it (rules V4, V7, V9, N2).

A wall is short, and its marker stands in the scripts and addresses of the page, not in its text: an article
may name a wall vendor, or link to it. So visible text and machinery are kept apart, and reading ends as soon
as the page is too long for a wall.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extractors.html.document import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

LONG = 5_000
"""Visible characters from which a page is no wall and not parked (rule V5)."""

MAX_ELEMENTS = 20_000
"""A page of more elements is long, whatever they hold."""

MAX_MACHINERY = 300_000
_LONGEST_SCRIPT = 20_000
_LONGEST_ATTRIBUTE = 500
_UNSEEN = frozenset({
    "script", "style", "noscript", "template", "svg", "math", "title", "iframe", "noframes",
    "select", "textarea", "object", "audio", "video", "canvas", "map",
})  # fmt: skip
_ACTING = {
    "script": ("src", "id"),
    "iframe": ("src", "id"),
    "frame": ("src",),
    "embed": ("src",),
    "img": ("src",),
    "link": ("href",),
    "form": ("action", "id"),
    "div": ("id",),
    "section": ("id",),
}
_WIDGETS = frozenset({
    "g-recaptcha", "h-captcha", "cf-turnstile", "frc-captcha", "smart-captcha", "mtcaptcha", "geetest_holder",
    "geetest_captcha", "altcha", "tencent-captcha", "captchafox", "procaptcha", "mcaptcha__widget-container",
})  # fmt: skip
"""Classes, ids and elements that the vendors' scripts turn into a captcha."""

_MOUNT = re.compile(
    r"^id=(?:root|app|__next|__nuxt|___gatsby|app-root|react-root|main-app|svelte|application)$",
    re.MULTILINE,
)
_FILLED_IN = frozenset({"", "text", "email", "tel", "url", "number", "password", "date", "file"})


@dataclass(frozen=True, slots=True)
class Shape:
    """`text` is the visible text, white space folded, cut where the page became long; `machinery` is what
    the page does, one piece a line: scripts, addresses of frames, images and forms, ids, as `name=value`.
    Data in scripts (JSON) is in neither. `is_long` says that nothing after the cut was read. `fields` counts what a
    reader would fill in, search boxes and the captchas' own fields left out."""

    text: str
    machinery: str
    is_long: bool
    has_password: bool
    fields: int = 0

    @property
    def has_mount(self) -> bool:
        """Whether an application builds its page in an element: its scripts say little about what that shows."""
        return bool(_MOUNT.search(self.machinery))


def read_shape(document: Document) -> Shape:
    """The shape of a page. Bounded by `LONG`, `MAX_ELEMENTS` and `MAX_MACHINERY`."""
    reader = _Reader()
    if document.root is not None:
        reader.read(document.root)
    return Shape(
        " ".join(reader.texts),
        "\n".join(reader.pieces),
        reader.is_long,
        reader.has_password,
        reader.fields,
    )


class _Reader:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.pieces: list[str] = []
        self.has_password = False
        self.fields = 0
        self._visible = 0
        self._room = MAX_MACHINERY
        self._elements = 0

    @property
    def is_long(self) -> bool:
        return self._visible >= LONG or self._elements > MAX_ELEMENTS

    def read(self, root: _Element) -> None:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._say(element.tail)
            else:
                self._elements += 1
                self._act(element)
                if element.tag in _UNSEEN:
                    walk.skip_subtree()
                else:
                    self._say(element.text)
            if self.is_long:
                return

    def _say(self, text: str | None) -> None:
        if text and (words := " ".join(text[: 2 * LONG].split())):
            self.texts.append(words)
            self._visible += len(words) + 1

    def _act(self, element: _Element) -> None:
        tag = str(element.tag)
        if tag in ("html", "body"):
            for name in element.keys()[:50]:
                self._keep(f"{tag}={name}")
        elif tag in ("input", "textarea", "select"):
            self._ask(element)
        elif tag == "meta" and (element.get("http-equiv") or "").strip().lower() == "refresh":
            self._keep(f"refresh={(element.get('content') or '')[:_LONGEST_ATTRIBUTE]}")
        self._show_widget(element)
        for name in _ACTING.get(tag, ()):
            value = element.get(name)
            if value:
                self._keep(f"{name}={value[:_LONGEST_ATTRIBUTE]}")
        if tag == "script" and element.text and "json" not in (element.get("type") or "").lower():
            self._keep(element.text[:_LONGEST_SCRIPT])

    def _ask(self, element: _Element) -> None:
        kind = (element.get("type") or "").strip().lower() if element.tag == "input" else ""
        self.has_password |= kind == "password"
        name = (element.get("name") or "").lower()
        self.fields += (
            kind in _FILLED_IN and "captcha" not in name and name not in ("q", "s", "query")
        )

    def _show_widget(self, element: _Element) -> None:
        marks = {str(element.tag).partition("-")[0], element.get("id") or ""}
        marks.update((element.get("class") or "")[:_LONGEST_ATTRIBUTE].split())
        for mark in sorted(marks & _WIDGETS):
            self._keep(f"widget={mark}")
        if element.get("data-pkey") and element.tag in ("div", "script", "iframe"):
            self._keep("widget=arkose")

    def _keep(self, piece: str) -> None:
        if len(piece) < self._room:
            self._room -= len(piece)
            self.pieces.append(piece)
