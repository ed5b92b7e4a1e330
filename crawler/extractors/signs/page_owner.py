"""What a page tells of its owner, and what was known of it: the two sides of `identity_break` (rules V18, V19)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.metadata.titles import host_names
from crawler.extractors.registered_domain import site_of
from crawler.extractors.signs.spam_words import is_offer, kinds_in_name, kinds_near, spam_terms
from crawler.model.observation import PageFacts
from crawler.rules.text_words import LONGEST_TEXT, words_of
from crawler.rules.verdict.identity_break import FoundPage, KnownPage
from crawler.rules.verdict.probe_reasons import bears_title

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNSEEN = frozenset({
    "head", "script", "style", "noscript", "template", "svg", "math", "iframe", "select", "textarea",
    "object", "audio", "video", "canvas",
})  # fmt: skip
_LONGEST_TITLES = 4_000
_MOST_PARTS = 40
_MOST_LINKS = 500
_SHORTEST_HOST = 5
"""Letters of a host's name that is looked for in a page's text."""
_PART = re.compile(r"\s+[|\-–—·•»«:/›‹~]\s+|\s*[|:]\s+|\s*\|\s*")
_NO_LETTER = re.compile(r"[\W_]+")


def says_spam(page: PageFacts) -> bool:
    """Whether a title, the description or the site's name has a term of the known spam. Cheap, as most pages have none."""
    return bool(spam_terms(_titles(page)))


def calls_itself(page: PageFacts, url: str) -> bool:
    """Whether the page calls its site by the host of `url`, where a visit to it began."""
    return bool(_names(page) & _host_names(_host(url)))


def known_page(
    url: str,
    titles: Iterable[str],
    excerpts: Iterable[str],
    days: Iterable[str],
    seen: PageFacts | None,
) -> KnownPage:
    """What is known of the page of `url`: what its articles store of it, and how it was last seen as itself.

    A page that was taken for the article's although it says what spam says, and bears no stored title, is left out.
    """
    stored = tuple(titles)
    host = _host(url)
    told = " | ".join((*stored, *excerpts))[:LONGEST_TEXT]
    address = _address(url)
    kinds = {*kinds_near(f"{told} | {address}"), *kinds_in_name(host)}
    if seen is not None:
        of_seen = spam_terms(_titles(seen)).keys()
        if of_seen - kinds and stored and not bears_title(seen, stored):
            seen = None
        else:
            kinds |= of_seen
    return KnownPage(
        titles=stored,
        words=words_of(told),
        days=frozenset(days),
        kinds=frozenset(kinds),
        names=_host_names(host),
        seen=seen,
        seen_name=_key(seen.site_name or "") if seen else "",
    )


def found_page(document: Document, page: PageFacts, url: str, language: str | None) -> FoundPage:
    """The page that a visit found; `url` is where the visit began, `language` that of the page as it was known."""
    titles = _titles(page)
    text = f"{titles} {' '.join(_visible(document))}"[:LONGEST_TEXT]
    site = next(iter(host_names(site_of(_host(url).removeprefix("www.")))), "")
    terms = spam_terms(text)
    return FoundPage(
        url=url,
        page=page,
        words=words_of(text),
        name=_key(page.site_name or ""),
        names=_names(page),
        names_host=len(site) >= _SHORTEST_HOST and _key(site) in _NO_LETTER.sub("", fold(text)),
        in_titles=spam_terms(titles),
        terms=terms,
        offers=frozenset(filter(is_offer, chain(*terms.values()))),
        translates=language is not None and _language(language) in _alternates(document),
    )


def _titles(page: PageFacts) -> str:
    texts = (page.title, *page.titles, page.description, page.site_name)
    return " | ".join(dict.fromkeys(filter(None, texts)))[:_LONGEST_TITLES]


def _names(page: PageFacts) -> frozenset[str]:
    parts = [page.site_name or "", *(part for title in page.titles for part in _PART.split(title))]
    return frozenset(map(_key, parts[:_MOST_PARTS])) - {""}


@lru_cache(maxsize=1_024)
def _host_names(host: str) -> frozenset[str]:
    return frozenset(map(_key, host_names(host)))


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _address(url: str) -> str:
    """The words of an address."""
    return _NO_LETTER.sub(" ", unquote(urlsplit(url).path)[:2_000])


def _key(text: str) -> str:
    return _NO_LETTER.sub("", fold(text)).removeprefix("www")


def _alternates(document: Document) -> set[str]:
    """The languages in which the page says that it is there too."""
    tags = (link.get("hreflang") for link in document.links[:_MOST_LINKS])
    return {_language(tag) for tag in tags if tag}


def _language(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].strip().casefold()


def _visible(document: Document) -> Iterator[str]:
    """The visible texts of a page, in order, up to `LONGEST_TEXT` characters."""
    room = LONGEST_TEXT
    for text in islice(_texts(document.root), LONGEST_TEXT):
        yield text
        room -= len(text)
        if room <= 0:
            return


def _texts(root: _Element | None) -> Iterator[str]:
    from lxml import etree

    if root is None:
        return
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if event == "start" and element.tag in _UNSEEN:
            walk.skip_subtree()
        text = element.tail if event == "end" else None if element.tag in _UNSEEN else element.text
        if text and not text.isspace():
            yield text
