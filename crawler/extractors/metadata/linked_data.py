"""What a page's JSON-LD says about the page itself: which node is the article, and its fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from crawler.extractors.html.cleaning import clean_text, comparable
from crawler.extractors.metadata.json_ld import Graph, Node, as_list, types_of

_ARTICLE = frozenset({
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle",
    "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "Report",
    "TechArticle", "ScholarlyArticle", "MedicalScholarlyArticle", "SatiricalArticle", "APIReference",
    "Recipe", "HowTo", "Review", "CriticReview", "VideoObject", "PodcastEpisode", "Episode", "Event",
})  # fmt: skip
_PAGE = frozenset({
    "WebPage", "ItemPage", "AboutPage", "MedicalWebPage", "ProfilePage", "QAPage", "FAQPage",
    "CollectionPage", "SearchResultsPage",
})  # fmt: skip
_FREE = {"true": False, "false": True}


class LinkedData:
    """The node that is the page's article, the page's own node, and what both say.

    `confirmations` are texts of the page (title, h1): of several articles in one page, the one whose
    headline they repeat is meant.
    """

    def __init__(self, graph: Graph, confirmations: Sequence[str]) -> None:
        self._graph = graph
        wanted = {comparable(text) for text in confirmations if text}
        articles = [node for node in graph.nodes if _ARTICLE.intersection(types_of(node))]
        confirmed = [node for node in articles if comparable(_headline(node)) in wanted]
        self.article: Node = (confirmed or articles or [{}])[0]
        pages = [node for node in graph.nodes if _PAGE.intersection(types_of(node))]
        self._page: Node = (pages or [{}])[0]

    def headline(self) -> str:
        """The article's headline, else its name."""
        return _headline(self.article)

    def texts(self, key: str) -> Iterator[str]:
        """The texts under a key: the article's, then the page's."""
        for node in (self.article, self._page):
            for value in as_list(node.get(key)):
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
        for node in (self.article, self._page):
            yield from self._names(node.get("publisher"))
        for node in self._graph.nodes:
            if "WebSite" in types_of(node):
                yield clean_text(node.get("name"))

    def paywalled(self) -> bool | None:
        """The contrary of `isAccessibleForFree`; None where no node says."""
        for node in (self.article, self._page):
            stated = str(node.get("isAccessibleForFree", "")).rpartition("/")[2].lower()
            if stated in _FREE:
                return _FREE[stated]
        return None

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


def _headline(node: Node) -> str:
    options = (clean_text(one) for key in ("headline", "name") for one in as_list(node.get(key)))
    return next(filter(None, options), "")
