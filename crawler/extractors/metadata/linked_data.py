"""What a page's JSON-LD says about the page itself: which node is the article, and its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from crawler.extractors.html.cleaning import clean_text
from crawler.extractors.metadata.json_ld import Graph, Node, as_list, types_of
from crawler.extractors.metadata.page_items import ARTICLES, PAGES, WORKS
from crawler.extractors.metadata.page_names import PageNames
from crawler.extractors.metadata.stated_dates import iso_date
from crawler.rules.text_folding import plain

_ARTICLE = ARTICLES | WORKS
_CORRECTION = "CorrectionComment"
_WORDS = ("text", "description", "name", "headline", "url")
"""Where a correction's words may stand, the best first."""
_FREE = {"true": False, "false": True}


class LinkedData:
    """The node that is the page's article, the page's own node, and what both say.

    `names` is what the page is called: of several articles in one page, the one with its title or its address is
    meant; without one they are a list, and none is the page's.
    """

    def __init__(self, graph: Graph, names: PageNames) -> None:
        self._graph = graph
        typed = [(node, types_of(node)) for node in graph.nodes]
        self._articles = [node for node, types in typed if _ARTICLE.intersection(types)]
        self.article: Node = _own(self._articles, names)
        self._page: Node = next((node for node, types in typed if PAGES.intersection(types)), {})
        self._sites = [node for node, types in typed if "WebSite" in types]

    def headline(self) -> str:
        """The article's headline, else its name."""
        return _headline(self.article)

    def texts(self, key: str) -> Iterator[str]:
        """The texts under a key: the article's, then the page's."""
        for node in (self.article, self._page):
            for value in as_list(_value(node, key)):
                yield clean_text(value)

    def urls(self, key: str) -> Iterator[str]:
        """The URLs under a key, given as text or as a node (`url`, `contentUrl`, `@id`)."""
        for node in (self.article, self._page):
            for value in as_list(node.get(key)):
                yield self._url(self._graph.resolve(value))

    def type(self) -> str:
        """The article's type (`NewsArticle`), else the page's."""
        return next(iter((*types_of(self.article), *types_of(self._page))), "")

    def authors(self) -> Iterator[str]:
        """The names of the article's authors; persons and organisations alike."""
        for node in (self.article, self._page):
            for value in (*as_list(node.get("author")), *as_list(node.get("creator"))):
                yield from self._names(value)

    def publishers(self) -> Iterator[str]:
        """The names of the publisher, of the article or of the web site that it is part of."""
        for node in (self.article, self._page, *self._articles[:1]):
            yield from self._names(node.get("publisher"))
        for node in self._sites:
            yield clean_text(node.get("name"))

    def paywalled(self) -> bool | None:
        """The contrary of `isAccessibleForFree`; None where no node says."""
        for node in (self.article, self._page):
            stated = str(node.get("isAccessibleForFree", "")).rpartition("/")[2].lower()
            if stated in _FREE:
                return _FREE[stated]
        return None

    def corrections(self) -> Iterator[tuple[str, str]]:
        """Day and words of each correction of the article; the day empty where none is given."""
        if not self.article:
            return
        comments = (*as_list(self.article.get("comment")), *self._graph.nodes)
        marked = (one for one in comments if isinstance(one, dict) and _CORRECTION in types_of(one))
        for value in (*as_list(_value(self.article, "correction")), *marked):
            resolved = self._graph.resolve(value)
            if not isinstance(resolved, dict):
                yield "", clean_text(resolved)
                continue
            texts = (clean_text(resolved.get(key)) for key in _WORDS)
            if text := next(filter(None, texts), ""):
                yield iso_date(clean_text(resolved.get("datePublished")))[:10], text

    def statuses(self) -> Iterator[str]:
        """`creativeWorkStatus` of the article, as a text or as a term."""
        for value in as_list(_value(self.article, "creativeWorkStatus")):
            resolved = self._graph.resolve(value)
            if isinstance(resolved, dict):
                resolved = resolved.get("name") or resolved.get("termCode") or resolved.get("@id")
            yield clean_text(resolved)

    def _names(self, value: Any) -> Iterator[str]:
        for one in as_list(value):
            resolved = self._graph.resolve(one)
            if isinstance(resolved, dict):
                for name in as_list(resolved.get("name")):
                    yield clean_text(name)
            else:
                yield clean_text(resolved)

    @staticmethod
    def _url(value: Any) -> str:
        if isinstance(value, dict):
            options = (clean_text(value.get(key)) for key in ("url", "contentUrl", "@id"))
            return next((text for text in options if text and not text.startswith("#")), "")
        return clean_text(value)


def _own(articles: Sequence[Node], names: PageNames) -> Node:
    """The article that is the page's own; an empty node where they are a list, or another page's."""
    tests: tuple[Callable[[Node], bool], ...] = (
        lambda node: names.is_title(_headline(node)),
        lambda node: names.is_address(_addresses(node)),
        lambda node: names.is_like_title(_headline(node)),
    )
    for is_own in tests:
        if known := next(filter(is_own, articles), None):
            return known
    left = [node for node in articles if not _is_of_another_page(node, names)]
    left = [node for node in left if ARTICLES.intersection(types_of(node))] or left
    is_one = len({plain(_headline(node)) for node in left}) == 1
    return left[0] if is_one else {}


def _is_of_another_page(node: Node, names: PageNames) -> bool:
    """Whether an article leads elsewhere and has a headline, which is none of the page's titles."""
    has_other_title = any(names.titles) and _headline(node) != ""
    return has_other_title and names.is_elsewhere(_addresses(node))


def _value(node: Node, key: str) -> Any:
    """What stands under a key, also where the key has a prefix (`schema:datePublished`) or other capitals."""
    if key in node:
        return node[key]
    wanted = key.lower()
    return next((node[one] for one in node if one.rpartition(":")[2].lower() == wanted), None)


def _addresses(node: Node) -> Iterator[str]:
    """The addresses that a node gives as those of its page."""
    for key in ("url", "mainEntityOfPage", "@id"):
        for value in as_list(node.get(key)):
            named = (value.get("@id"), value.get("url")) if isinstance(value, dict) else (value,)
            yield from (one for one in named if isinstance(one, str))


def _headline(node: Node) -> str:
    options = (clean_text(one) for key in ("headline", "name") for one in as_list(node.get(key)))
    return next(filter(None, options), "")
