"""The day of publication of a page that does not state it: by a `<time>`, by its address, else by a search.

A guess comes last in the chain, is marked as one, and says nothing else about the page (rule M8): a list
of the latest articles on a not-found page has times too.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from lxml.etree import iterwalk

from crawler.extractors.html.cleaning import MAX_TEXT
from crawler.extractors.html.document import Document, copy_for_libraries
from crawler.extractors.html.visible_text import visible_text
from crawler.extractors.metadata.page_items import own_parts
from crawler.extractors.metadata.page_names import NO_NAMES, PageNames
from crawler.extractors.metadata.stated_dates import address_day, address_month, iso_date
from crawler.extractors.metadata.surroundings import MOST_ANCESTORS
from crawler.rules.text_folding import plain

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

TIME = "time"
ADDRESS = "url"
SEARCH = "htmldate"
GUESSES = frozenset({TIME, ADDRESS, SEARCH})
"""Sources of candidates that the page does not state about itself."""

MAX_SOURCE = 1_000_000
"""Largest page in bytes that is searched; 990 of 1,000 real pages are smaller."""

MAX_ELEMENTS = 10_000
"""Most elements of a page that is searched: the library looks at each several times."""

MAX_NESTED_TEXT = 20_000_000
"""Characters of the texts of all elements together, each with what is nested in it: the library takes the whole text of every
element whose name speaks of a date. Of 1,215 real pages the most is 7.8 million."""

_SURROUNDINGS = 200
"""Characters: more than a headline and a line with author and date."""

_MOST_FIGURES = 150
_LONGEST_PIECE = 200
_DIGIT = re.compile(r"\d")
_MOST_HEADINGS = 100
_MOST_TIMES = 200
_PUBLISHED = re.compile(
    r"publish|entry-date|entry-time|post(?:ed)?[-_]?(?:date|on)|pubdate", re.IGNORECASE
)
_OTHERS = "(//@itemtype[contains(., 'Comment')] | //@itemprop[. = 'comment'] | //@type[contains(., 'ld+json')])/.."
"""A search by attribute takes a tenth of the time of one by element."""
_FIRST_OF_MONTH = (
    rb"(?:%b[-/.]?0?%b[-/.]?|[A-Za-z]{3}\.? )0?1(?:st)?(?!\d)"
    rb"|(?<!\d)0?1(?:st|er|\.|\xc2\xba)?[ ./-]{1,2}[^<>]{1,14}%b(?!\d)"
)
_FIGURES = rb"(?<![\d/])(?:0?%b/0?%b|0?%b/0?%b)/%b(?![\d/])"
_MODIFIED = re.compile(r"\bupdated?\b|modif|last-?mod", re.IGNORECASE)


def guessed_days(
    document: Document, title: str | None, names: PageNames = NO_NAMES, language: str = ""
) -> Iterator[tuple[str, str]]:
    """Guesses as ISO text, best first, each with its source; a later one costs more than an earlier.

    `title` is the page's chosen title: a date near it is more likely the article's. `names` is what the page is called,
    `language` its language. None lies outside the month that the page's address names (rule M8).
    """
    month = address_month(document.url)
    for day, source in _guesses(document, title or "", names, language):
        if day.startswith(month):
            yield day, source


def _guesses(
    document: Document, title: str, names: PageNames, language: str
) -> Iterator[tuple[str, str]]:
    if document.root is None:
        return
    for moment in _times(document, document.root, names, language):
        yield moment, TIME
    if day := address_day(document.url):
        yield day, ADDRESS
    day = _searched_day(document, document.root, title)
    if day and (decided := _decided(day, document.source, language)):
        yield decided, SEARCH


def _times(document: Document, root: _Element, names: PageNames, language: str) -> Iterator[str]:
    """The moment of the first `<time>` whose name says published; else of the article's `<time>` elements, if
    all are of one day: several days mean a list of articles."""
    if b"<time" not in document.source and b"<TIME" not in document.source:
        return
    moments = {
        element: moment
        for element in islice(root.iter("time"), _MOST_TIMES)
        if (moment := _moment_of(element, language))
    }
    plain: list[str] = []
    for element in own_parts(moments, names, footers=True):
        kind = element.get("class") or ""
        if _PUBLISHED.search(kind):
            yield moments[element]
            return
        if not _MODIFIED.search(kind):
            plain.append(moments[element])
    if len({moment[:10] for moment in plain}) == 1:
        yield plain[0]


def _moment_of(element: _Element, language: str) -> str:
    """What a `<time>` says: its attribute, else its text (WHATWG HTML, 4.5.14)."""
    return iso_date(element.get("datetime") or "", language) or iso_date(
        visible_text(element), language
    )


def _searched_day(document: Document, root: _Element, title: str) -> str:
    """The day that htmldate finds: by reliable forms near the headline, else by every form on the whole page.

    A page too large to be searched in bounded time is not searched.
    """
    if len(document.source) > MAX_SOURCE:
        return ""
    if next(islice(root.iter(), MAX_ELEMENTS, None), None) is not None:
        return ""
    if _nested_text(root) > MAX_NESTED_TEXT:
        return ""
    near = _around_headline(root, title)
    found = _search(near, thoroughly=False) if near is not None else ""
    if not found:
        article = _without_surroundings(root)
        found = _search(article, thoroughly=_has_few_figures(article))
    return found if found and _is_shown(found, document.source) else ""


def _nested_text(root: _Element) -> int:
    """The characters of all texts, each counted once for every element around it."""
    counted = depth = 0
    for event, element in iterwalk(root, events=("start", "end")):
        if event == "start":
            depth += 1
            counted += len(element.text or "") * depth
        else:
            depth -= 1
            counted += len(element.tail or "") * depth
    return counted


def _without_surroundings(root: _Element) -> HtmlElement:
    """A copy without the surroundings of an article, where other articles have dates too, without comments, and
    without the moments that `_times` and JSON-LD have found to belong to a list."""
    copy = copy_for_libraries(root)
    for element in list(copy.iter("aside", "nav", "figcaption", "time")):
        if element.tag != "time" or element.get("datetime"):
            element.drop_tree()
    headed = {one for heading in copy.iter("h1") for one in heading.iterancestors()}
    for element in copy.xpath(_OTHERS):
        if element not in headed and element.tag not in ("html", "body"):
            element.drop_tree()
    return copy


def _has_few_figures(root: _Element) -> bool:
    """Whether few short texts hold a figure: the thorough search gives each to a parser that takes 3 ms."""
    figures = (
        text
        for element in root.iter()
        for text in (element.text, element.tail, element.get("title"), element.get("datetime"))
        if text and 6 < len(text) < _LONGEST_PIECE and _DIGIT.search(text)
    )
    return next(islice(figures, _MOST_FIGURES, None), None) is None


def _is_shown(day: str, source: bytes) -> bool:
    """Whether a page shows the first day of a month: the library also answers that day where it finds only a
    month or a year, in a copyright line or an address."""
    year, month, of_month = day.split("-")
    if of_month != "01":
        return True
    names = (year.encode(), month.lstrip("0").encode())
    return re.search(_FIRST_OF_MONTH % (names[0], names[1], names[0]), source) is not None


def _decided(day: str, source: bytes, language: str) -> str:
    """The day that the library read from figures, as the page's language orders them; empty where nothing decides."""
    year, month, of_month = (part.encode().lstrip(b"0") for part in day.split("-"))
    written = re.search(_FIGURES % (of_month, month, month, of_month, year), source)
    if written is None or day.encode() in source:
        return day
    return iso_date(written[0].decode(), language)


def _around_headline(root: _Element, title: str) -> HtmlElement | None:
    """A copy of the smallest element around the headline that holds more than the headline itself."""
    wanted = plain(title)
    headings = list(islice(root.iter("h1", "h2", "h3"), _MOST_HEADINGS))
    titled = (one for one in headings if plain(one.xpath("string()")[:MAX_TEXT]) == wanted)
    firsts = (one for one in headings if one.tag == "h1")
    heading = next(chain(titled, firsts), None)
    if heading is None:
        return None
    box = None
    for box in islice(heading.iterancestors(), MOST_ANCESTORS):
        if box.tag in ("body", "html"):
            return None
        if len(box.xpath("string()")) > _SURROUNDINGS:
            break
    if box is None:
        return None
    near = copy_for_libraries(box)
    near.tail = None
    return near


def _search(element: _Element, *, thoroughly: bool) -> str:
    # Imported here: htmldate and its date parser take longer to load than the whole command line.
    from htmldate import find_date

    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        found = find_date(element, original_date=True, extensive_search=thoroughly, url="")
    except Exception:  # noqa: BLE001 - a library that fails on a page has found nothing
        return ""
    return iso_date(found or "")
