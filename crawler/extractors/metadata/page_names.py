"""What a page is called: its titles and its addresses, by which one of several articles in it is known as its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from crawler.extractors.html.cleaning import clean_text, clean_url
from crawler.extractors.metadata.titles import confirmed, is_cut, shared
from crawler.rules.places import same_place
from crawler.rules.text_folding import plain

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class PageNames:
    """`given` are the titles of its metadata, `headings` its h1; `addresses` where it was found and what it calls its
    address. `base` is what relative addresses resolve against."""

    given: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    base: str = ""

    @property
    def titles(self) -> tuple[str, ...]:
        """All of its titles."""
        return self.given + self.headings

    def is_title(self, text: str) -> bool:
        """Whether a text is one of the titles."""
        return bool(text) and plain(text) in set(map(plain, self.titles))

    def is_like_title(self, text: str) -> bool:
        """Whether a text is a title, the beginning of one, cut short, or one without the site's name."""
        return _is_like(text, self.titles)

    def headlines(self) -> frozenset[str]:
        """The h1 that are the page's headline, as a title of its metadata is like them; where none is, any h1 may be."""
        return frozenset(one for one in self.headings if _is_like(one, self.given))

    def is_address(self, urls: Iterable[str]) -> bool:
        """Whether one of these URLs, relative ones too, leads to the page."""
        return not self._places.isdisjoint(self._places_of(urls))

    def is_elsewhere(self, urls: Iterable[str]) -> bool:
        """Whether these URLs lead only to other pages; never where the page's own address is not known."""
        own = self._places
        found = set(self._places_of(urls))
        return bool(found and own) and found.isdisjoint(own)

    @property
    def _places(self) -> set[Place]:
        return {same_place(_whole(url)) for url in self.addresses if url}

    def _places_of(self, urls: Iterable[str]) -> Iterator[Place]:
        for url in urls:
            text = clean_text(url)
            if text and not text.startswith("#") and (absolute := clean_url(text, self.base)):
                yield same_place(_whole(absolute))


NO_NAMES = PageNames()


def _is_like(text: str, titles: tuple[str, ...]) -> bool:
    return (
        confirmed(text, titles)
        or bool(shared((text,), titles))
        or any(is_cut(text, one) or is_cut(one, text) for one in titles)
    )


def _whole(url: str) -> str:
    return url.partition("#")[0]
