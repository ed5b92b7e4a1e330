"""The day of publication of a page that does not say it: by a `<time>`, by its address, else searched for.

A guess comes last in the chain, is marked as one, and says nothing else about the page (RULES 4): a list
of the latest articles on a not-found page has times too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.extractors.dates import iso_date
from crawler.extractors.document import Document

if TYPE_CHECKING:
    from lxml.etree import _Element

TIME = "time"
ADDRESS = "url"
SEARCH = "htmldate"
GUESSES = frozenset({TIME, ADDRESS, SEARCH})
"""The sources of candidates that are no statement of the page about itself."""

MAX_SOURCE = 1_000_000
"""Largest page in bytes that is searched; 990 of 1,000 real pages are smaller."""

MAX_ELEMENTS = 10_000
"""Most elements of a page that is searched: the library looks at each several times."""

_MOST_TIMES = 200
_MOST_ANCESTORS = 50
_PATH_DAY = re.compile(r"/(?:[^/]*?[^/\d])??((?:199|20[0-3])\d)([/_-])(\d{1,2})\2(\d{1,2})(?!\d)")
_PUBLISHED = re.compile(r"publish|entry-date|entry-time|post(?:ed)?[-_]?(?:date|on)|pubdate", re.I)
_MODIFIED = re.compile(r"\bupdated?\b|modif|last-?mod", re.I)
_AROUND = frozenset({"aside", "nav", "footer"})
_OTHERS = re.compile(r"comment|related|sidebar|teaser|recent|widget|footer|latest|popular", re.I)


def guessed_days(document: Document) -> Iterator[tuple[str, str]]:
    """Guesses as ISO text, best first, each with its source; a later one costs more than an earlier."""
    if document.root is None:
        return
    for moment in _times(document, document.root):
        yield moment, TIME
    if day := _address_day(document.url):
        yield day, ADDRESS
    if day := _searched_day(document, document.root):
        yield day, SEARCH


def _times(document: Document, root: _Element) -> Iterator[str]:
    """The moment of the first `<time>` that is called published; else of those of the article, if they
    are all of one day: several days are a list of articles."""
    if b"<time" not in document.source and b"<TIME" not in document.source:
        return
    plain: list[str] = []
    for element in islice(root.iter("time"), _MOST_TIMES):
        kind = element.get("class") or ""
        moment = iso_date(element.get("datetime") or "")
        if not moment:
            continue
        if _is_around(element):
            continue
        if _PUBLISHED.search(kind):
            yield moment
            return
        if not _MODIFIED.search(kind):
            plain.append(moment)
    if len({moment[:10] for moment in plain}) == 1:
        yield plain[0]


def _is_around(element: _Element) -> bool:
    """Whether an element belongs to what stands around an article: comments, lists of other articles."""
    return any(
        one.tag in _AROUND or _OTHERS.search(f"{one.get('class')} {one.get('id')}"[:500])
        for one in islice(element.iterancestors(), _MOST_ANCESTORS)
        if one.tag not in ("body", "html")
    )


def _address_day(url: str) -> str:
    """The day in the path of an address (`/2020/03/04/a-pier`); never of its query."""
    try:
        match = _PATH_DAY.search(urlsplit(url).path)
    except ValueError:
        return ""
    return iso_date(f"{match[1]}-{match[3]:0>2}-{match[4]:0>2}") if match else ""


def _searched_day(document: Document, root: _Element) -> str:
    """What htmldate finds. A page too large to search in bounded time is not searched."""
    if len(document.source) > MAX_SOURCE:
        return ""
    if next(islice(root.iter(), MAX_ELEMENTS, None), None) is not None:
        return ""
    # Loaded here: it and its parser of dates cost more than the whole command line.
    from htmldate import find_date

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        return iso_date(find_date(root, original_date=True, url="") or "")
    except Exception:  # noqa: BLE001 - a library that stumbles over a page has found nothing
        return ""
