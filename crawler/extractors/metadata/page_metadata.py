"""A page's metadata, read once for the extractors of all fields: properties, JSON-LD, microdata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from crawler.extractors.html.cleaning import clean_url
from crawler.extractors.html.document import Document
from crawler.extractors.metadata.field_candidates import Collector
from crawler.extractors.metadata.json_ld import Graph, read_nodes
from crawler.extractors.metadata.linked_data import LinkedData
from crawler.extractors.metadata.microdata import date_properties
from crawler.extractors.metadata.open_graph import Property, read_properties
from crawler.extractors.metadata.page_images import read_pictures
from crawler.extractors.metadata.page_names import PageNames
from crawler.model.page_depth import Depth

if TYPE_CHECKING:
    from lxml.etree import _Element

_QUOTES = "“”„‘’«»\"'\xa0"
"""An editor's program puts them around the values of attributes; to a browser they are a part of these."""
_VOCABULARIES = ("og", "article", "twitter", "dc")
"""What the names of properties begin with whose words are told apart in many ways; of others each spelling is a name."""
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")


class PageMetadata:
    """The metadata of one page; `found` holds the candidates read so far.

    `depth` is how far it is to be read, `names` is what it is called, `linked` is its JSON-LD, `microdata` its dates in microdata, `pictures` are the images of Open Graph.
    """

    def __init__(self, document: Document, depth: Depth = Depth.WHOLE) -> None:
        self.found = Collector()
        self.depth = depth
        self.document = document
        self._properties: dict[str, list[Property]] = {}
        properties = read_properties(document)
        self.pictures = read_pictures(properties)
        self._links = _by_kind(document)
        for one in properties:
            self._properties.setdefault(_key(one.name), []).append(one)
        self.names = PageNames(
            given=(document.title, *self.texts("og:title")),
            headings=document.headings,
            addresses=(
                document.url,
                *self.link_urls("canonical"),
                *self.own_urls(),
            ),
            base=document.base,
        )
        self.linked = LinkedData(Graph(read_nodes(document.scripts)), self.names)
        self.microdata = date_properties(document, self.names)

    @property
    def language(self) -> str:
        """The tag of the page's language (`pt-BR`), by which its dates are read; empty where it does not say."""
        return self.document.lang or next(self.texts("og:locale", "content-language"), "")

    def named(self, *names: str) -> Iterator[Property]:
        """The properties and `<meta>` of these names (lower case), in the order of the names.

        What stands between the words of a name makes no difference: `article:published:time` is `article:published_time`.
        """
        properties = self._properties
        for key in _keys(names):
            if key in properties:
                yield from properties[key]

    def texts(self, *names: str) -> Iterator[str]:
        """The values of these properties."""
        return (one.value for one in self.named(*names))

    def link_urls(self, rel: str, *, anywhere: bool = False) -> Iterator[str]:
        """Where the `<link rel=…>` in the page's head lead, absolute. `anywhere` also those in the body, where a reader's
        comment may hold one (rule M5)."""
        for link in self._links.get(rel, ()):
            if anywhere or link in self.document.head:
                yield clean_url(link.get("href"), self.document.base)

    def own_urls(self) -> Iterator[str]:
        """The addresses that Open Graph in the page's head gives as its own, absolute."""
        return (self.url(one.value) for one in self.named("og:url") if one.in_head)

    def url(self, text: str) -> str:
        """A URL as the page writes it, absolute; empty where it is none."""
        return clean_url(text, self.document.base)


def _by_kind(document: Document) -> dict[str, list[_Element]]:
    """The `<link>` elements by each of the relations that they name, in lower case."""
    found: dict[str, list[_Element]] = {}
    for link in document.links:
        for kind in dict.fromkeys((link.get("rel") or "").lower().split()):
            found.setdefault(kind, []).append(link)
    return found


@lru_cache(maxsize=256)
def _keys(names: tuple[str, ...]) -> tuple[str, ...]:
    """The keys of the names that an extractor asks for: some ask for fifty."""
    return tuple(map(_key, names))


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    name = name.strip(_QUOTES)
    return _BETWEEN_WORDS.sub("", name) if name.startswith(_VOCABULARIES) else name
