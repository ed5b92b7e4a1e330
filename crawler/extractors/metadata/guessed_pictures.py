"""The image of a page whose metadata name none: the first real picture of its article (rule M17).

A guess, marked as one: it may confirm what is stored and never contradicts it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from crawler.extractors.html.document import Document
from crawler.extractors.metadata.field_candidates import Candidate
from crawler.extractors.metadata.page_images import pixels
from crawler.extractors.metadata.page_metadata import PageMetadata
from crawler.extractors.metadata.surroundings import MOST_ANCESTORS, is_named_around
from crawler.rules.image.same_picture import picture_key
from crawler.rules.verdict.stand_ins import is_stand_in

if TYPE_CHECKING:
    from lxml.etree import _Element

PICTURE = "img"
"""Source of a candidate that the page does not name as its image."""
LEAST_SIDE = 150
"""Pixels that a picture has, where the page says its width or height."""
_MOST_PICTURES = 200
_SURROUNDINGS = frozenset({"aside", "nav", "header", "footer", "noscript", "template"})
_SOURCES = ("data-src", "data-original", "data-lazy-src", "src")
"""Where a picture's address stands: pages that load late have a stand-in in `src`."""
_NO_PICTURE = re.compile(
    r"(?:^|[-_./ ])(?:avatar|gravatar|logo|icons?|emoji|smil(?:ey|ies)|badge|button|sprite|spacer|pixel|tracking|spinner|loading"
    r"|author|profile|share|social|advert|ads?|banner|captcha|flags?)(?:[-_./ \d]|$)",
    re.IGNORECASE,
)
"""Names of pictures, of their folders and classes, that belong to the site."""
_TYPES_OF_SIGNS = (".svg", ".gif", ".ico")


def first_pictures(page: PageMetadata) -> Iterator[Candidate]:
    """The first picture of the article, if it has one: below its headline, or in its `<article>` or `<main>`."""
    document = page.document
    if document.root is None or (
        b"<img" not in document.source and b"<amp-img" not in document.source
    ):
        return
    for element in islice(_within_article(document, document.root), _MOST_PICTURES):
        url = page.url(_address(element))
        if url and _is_real(element, url):
            yield Candidate(url, PICTURE, pixels(element.get("width")), pixels(element.get("height")), element.get("alt") or None)  # fmt: skip
            return


def _within_article(document: Document, root: _Element) -> Iterator[_Element]:
    """The pictures of what holds the headline, or without one of the only article or main part."""
    for name in ("article", "main"):
        boxes = list(islice(root.iter(name), 2))
        if len(boxes) == 1:
            yield from boxes[0].iter("img", "amp-img")
            return
    heading = next(iter(root.iter("h1")), None)
    if heading is None or not document.headings:
        return
    following = heading.itersiblings()
    above = islice(heading.iterancestors(), MOST_ANCESTORS)
    beside = chain(
        following, *(one.itersiblings() for one in above if one.tag not in ("html", "body"))
    )
    for one in beside:
        yield from one.iter("img", "amp-img")


def _address(element: _Element) -> str:
    found = (element.get(name) or "" for name in _SOURCES)
    return next((text for text in found if text and not text.lstrip().startswith("data:")), "")


def _is_real(element: _Element, url: str) -> bool:
    sides = (pixels(element.get("width")), pixels(element.get("height")))
    if any(side is not None and side < LEAST_SIDE for side in sides):
        return False
    path = url.partition("?")[0].lower()
    if path.endswith(_TYPES_OF_SIGNS) or is_stand_in(url) or not picture_key(url):
        return False
    called = f"{element.get('class') or ''} {element.get('id') or ''}"[:500]
    if _NO_PICTURE.search(called) or _NO_PICTURE.search(path.partition("://")[2].partition("/")[2]):
        return False
    return not any(
        one.tag in _SURROUNDINGS
        or (one.tag not in ("body", "html", "article", "main") and is_named_around(one))
        for one in islice(element.iterancestors(), MOST_ANCESTORS)
    )
