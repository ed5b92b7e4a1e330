"""Who wrote an article, where only the visible page says it: microdata, `rel=author`, a line "By …"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from crawler.extractors.html.cleaning import clean_text
from crawler.extractors.html.document import Document
from crawler.extractors.metadata.page_items import own_parts
from crawler.extractors.metadata.page_names import NO_NAMES, PageNames

if TYPE_CHECKING:
    from lxml.etree import _Element

MICRODATA = "microdata"
BYLINE = "byline"

_CLASSES = {
    b"uthor": ("author", "Author"),
    b"yline": ("byline", "Byline"),
    b"autor": ("autor",),
    b"vcard": ("vcard",),
}
"""The words in classes that may name an author, each below what a page is searched for first."""

_MOST_MARKS = 3_000
"""The search is quadratic in what it finds; a page with more names than these is no article."""

_MOST = 100
_MOST_PARTS = 50
_MOST_NAMES = 8
"""A page with more names beside each other is a list of articles."""

_LONGEST = 60
_MOST_WORDS = 6
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:post|entry|article|story|meta|p)?[-_]{0,2}"
    r"(?:byline|author|autor)(?:[-_]{1,2}(?:name|link|url|vcard))*(?:$|\s)",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:posted|written|published|view all posts|articles?|veröffentlicht|geschrieben|verfasst|"
    r"publié|escrito|text|words)\s+)?(?:by|von|vom|par|por|autor(?:in)?|author|auteur|di|door|av)\b"
    r"\s*:?\s+",
    re.IGNORECASE,
)
_END = re.compile(
    r"\s+[|•·–—/-]\s+|\s*[|•·,(]\s*|\s+(?:on|am|le|el|at|in)\s+(?=\d|\w+ \d)|\d{1,2}[./:]\d"
)
_NO_NAME = re.compile(
    r"https?:|www\.|@|^(?:author|autor|admin|name|by|von|byline|about|über|share|follow|posted)\b",
    re.IGNORECASE,
)


def visible_authors(document: Document, names: PageNames = NO_NAMES) -> Iterator[tuple[str, str]]:
    """Names with their source, from the most reliable place only; none where the page lists articles.

    `names` is what the page is called.
    """
    if document.root is None:
        return
    marks = {mark: document.source.count(mark) for mark in _CLASSES}
    if not 0 < sum(marks.values()) < _MOST_MARKS:
        return
    wanted = _wanted(document, [mark for mark, count in marks.items() if count])
    if not wanted:
        return
    elements = own_parts(islice(document.root.xpath(wanted), _MOST), names, footers=True)
    for source, find in (
        (MICRODATA, _marked),
        (BYLINE, _cards),
        (BYLINE, _linked),
        (BYLINE, _named),
    ):
        found = list(dict.fromkeys(filter(None, map(name_of, find(elements)))))
        if 0 < len(found) <= _MOST_NAMES:
            yield from ((name, source) for name in found)
            return


def _wanted(document: Document, marks: Iterable[bytes]) -> str:
    """The search for elements that may name an author, limited to words that the page contains; empty for none.

    Each test makes a string of each class in the page, so needless tests are left out. A search by attribute
    takes less than half the time of one by element.
    """
    names = [name for mark in marks for name in _CLASSES[mark] if name.encode() in document.source]
    classes = [f"contains(.,'{name}')" for name in names]
    searches = [f"//@class[{' or '.join(classes)}]/.."] if classes else []
    if "author" in names:
        searches += ["//@rel[contains(.,'author')]/.."]
        if document.names("itemprop"):
            searches += ["//@itemprop[.='author']/.."]
    return " | ".join(searches)


def name_of(text: str) -> str:
    """A person's name out of a line such as "By Jane Doe | 4 March"; empty where it is none."""
    name = _LEAD.sub("", clean_text(text[:500]))
    name = _END.split(name, maxsplit=1)[0].strip(" :;,.-–")
    if not 1 < len(name) <= _LONGEST or len(name.split()) > _MOST_WORDS or _NO_NAME.search(name):
        return ""
    return name


def _marked(elements: Iterable[_Element]) -> Iterator[str]:
    """`itemprop=author`: its own `itemprop=name`, else its content or text."""
    for element in elements:
        if element.get("itemprop") == "author":
            named = [
                one
                for one in islice(element.iterdescendants(), _MOST_PARTS)
                if one.get("itemprop") == "name"
            ]
            yield from (_text(one) for one in named or [element])


def _cards(elements: Iterable[_Element]) -> Iterator[str]:
    """The full name of an hCard (`fn`), as WordPress writes the author of a post."""
    for element in elements:
        for one in chain([element], islice(element.iterdescendants(), _MOST_PARTS)):
            if "fn" in _tokens(one.get("class")):
                yield _text(one)
                break


def _linked(elements: Iterable[_Element]) -> Iterator[str]:
    return (_text(one) for one in elements if "author" in _tokens(one.get("rel")))


def _named(elements: Iterable[_Element]) -> Iterator[str]:
    """The first name in an element whose class says author or byline."""
    for element in elements:
        if _NAMED.search(element.get("class") or ""):
            text = name_of(_text(element))
            if text:
                yield text
                return


def _tokens(value: str | None) -> list[str]:
    return (value or "").lower().split()


def _text(element: _Element) -> str:
    return element.get("content") or str(element.xpath("string()"))[:500]
