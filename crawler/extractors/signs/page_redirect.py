"""Redirects that a page makes itself: a meta element or a field `Refresh`, or a script that only sets the location.

Static sites have no other way to redirect (jekyll-redirect-from, Hugo's aliases). Such a page has nothing to read, and
its title is no article's (rule V16).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extractors.html.cleaning import clean_url
from crawler.extractors.html.document import Document
from crawler.extractors.signs.page_shape import read_shape

if TYPE_CHECKING:
    from lxml.etree import _Element

SOON = 5.0
"""Seconds: a page that leads on so soon is not meant to be read (rule V16). The number is ours."""
STUB = 500
"""Visible characters under which a page that leads on has nothing else. The number is ours."""

_MOST_METAS = 500
_LONGEST = 2_500
_LONGEST_PAGE = 20_000
"""Bytes of a page that consists of one script."""

_REFRESH = re.compile(
    r"\s*(?P<delay>\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})[\d.]*\s*(?:[;,\s]\s*(?:url\s*=\s*)?(?P<url>.*))?",
    re.IGNORECASE | re.DOTALL,
)
"""HTML, 4.2.5.3: the time, then perhaps an address, with or without `url=`."""

_COMMENT = re.compile(r"^\s*(?:<!--[^\n]*|//[^\n]*\n|/\*[^*]*\*/)\s*|\s*(?:(?://)?\s*-->)\s*$")
_WRAPPER = re.compile(
    r"(?:(?:window\.)?(?:onload\s*=|setTimeout\s*\()\s*)?"
    r"(?:function\s*\w{0,40}\s*\(\s*\)\s*\{|\(\s*\)\s*=>\s*\{?)(?P<body>[^{}]*?)\}?"
    r"\s*(?:,\s*(?P<delay>\d{1,7})\s*)?\)?\s*;?"
)
_LOCATION = re.compile(
    r"(?:(?:window|document|self|top|parent|globalThis)\.)?location"
    r"(?:\.href\s*=\s*|\s*=\s*|\.(?:replace|assign)\s*\(\s*)"
    r"""(?P<quote>["'`])(?P<url>(?:[^"'`\\\s$]|\\/){1,2000})(?P=quote)\s*\)?\s*;?"""
)


@dataclass(frozen=True, slots=True)
class PageRedirect:
    """Where a page leads: `url` is absolute, `delay` in seconds; `is_all` says that the page has nothing else."""

    url: str
    delay: float
    is_all: bool

    @property
    def is_meant(self) -> bool:
        """Whether readers see the other page rather than this one (rule V16)."""
        return self.is_all or self.delay <= SOON


def page_redirect(document: Document, field: str | None = None) -> PageRedirect | None:
    """The redirect of a page, None for none; `field` is the answer's own `Refresh`. Never raises."""
    said = field or _meta_refresh(document)
    found = _refresh(said, document.base) if said else None
    if found is not None:
        return PageRedirect(*found, is_all=_is_stub(document))
    if document.headings or len(document.source) > _LONGEST_PAGE:
        return None
    found = _script(document)
    return PageRedirect(*found, is_all=True) if found and _is_stub(document) else None


def _meta_refresh(document: Document) -> str | None:
    for meta in document.metas[:_MOST_METAS]:
        if (meta.get("http-equiv") or "").strip().lower() == "refresh" and not _is_inert(meta):
            return str(meta.get("content") or "") or None
    return None


def _is_inert(element: _Element) -> bool:
    """Whether browsers with scripts do not read it."""
    return any(above.tag in ("noscript", "template") for above in element.iterancestors())


def _refresh(said: str, base: str) -> tuple[str, float] | None:
    found = _REFRESH.fullmatch(said[:_LONGEST])
    if found is None or not found["url"]:
        return None
    text = found["url"].strip()
    if text[:1] in ("'", '"'):
        text = text[1:].partition(text[0])[0]
    url = clean_url(text, base)
    return (url, float(found["delay"])) if url else None


def _script(document: Document) -> tuple[str, float] | None:
    """The address that the page's only script sets as the location."""
    root = document.root
    every = root.iter("script") if root is not None else ()
    scripts = [one for one in every if not _is_inert(one)]
    texts = [(one.text or "").strip() for one in scripts]
    said = [text for text in texts if text]
    if len(said) != 1 or len(said[0]) > _LONGEST or any(one.get("src") for one in scripts):
        return None
    code, delay = _COMMENT.sub("", said[0]).strip(), 0.0
    if wrapped := _WRAPPER.fullmatch(code):
        code, delay = wrapped["body"].strip(), int(wrapped["delay"] or 0) / 1000
    found = _LOCATION.fullmatch(code)
    url = clean_url(found["url"].replace("\\/", "/"), document.base) if found else ""
    return (url, delay) if url else None


def _is_stub(document: Document) -> bool:
    shape = read_shape(document)
    return not shape.is_long and len(shape.text) < STUB
