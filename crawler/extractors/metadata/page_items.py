"""Which parts of a page are its own article, and which are comments, teasers, lists or captions in it (rule M16).

A property belongs to the item that is nearest around it (WHATWG HTML, Microdata): an element with `itemscope`, else an
`<article>`. Of several items that could be the article none is the page's own, unless one has its h1, its address or
its title.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator
from functools import cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from crawler.extractors.html.cleaning import MAX_TEXT, clean_text
from crawler.extractors.html.visible_text import visible_text
from crawler.extractors.metadata.page_names import PageNames
from crawler.extractors.metadata.surroundings import (
    MOST_ANCESTORS,
    is_around,
    is_named_around,
)

if TYPE_CHECKING:
    from lxml.etree import XPath, _Element

ARTICLES = frozenset({
    "Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "AskPublicNewsArticle", "AdvertiserContentArticle",
    "BlogPosting", "LiveBlogPosting", "SocialMediaPosting", "DiscussionForumPosting", "Report",
    "TechArticle", "ScholarlyArticle", "MedicalScholarlyArticle", "SatiricalArticle", "APIReference",
})  # fmt: skip
"""Types of schema.org for what a page is written for."""
WORKS = frozenset({
    "Recipe", "HowTo", "Review", "CriticReview", "VideoObject", "PodcastEpisode", "Episode", "Event",
})  # fmt: skip
"""What a page may be about as a whole; beside an article they are a part of it."""
PAGES = frozenset({
    "WebPage", "ItemPage", "AboutPage", "MedicalWebPage", "ProfilePage", "QAPage", "FAQPage",
    "CollectionPage", "SearchResultsPage",
})  # fmt: skip
_VAGUE = frozenset({"", "CreativeWork", "Blog", "Thing"})
"""Types that templates give to an article."""
_WITHOUT_DATES = frozenset({
    "Person", "Organization", "NewsMediaOrganization", "Place", "PostalAddress", "AggregateRating", "Rating",
    "WebSite", "WebPageElement", "WPHeader",
})  # fmt: skip
"""What is never published: a date in such an item belongs to the item around it."""
_FOREIGN = frozenset({
    "Comment", "UserComments", "UserInteraction", "Answer", "ItemList", "ListItem", "BreadcrumbList",
    "WPSideBar", "WPFooter", "SiteNavigationElement", "ImageObject", "MediaObject", "AudioObject",
})  # fmt: skip
_FOREIGN_PROPERTIES = frozenset({
    "comment", "comments", "review", "reviews", "answer", "suggestedanswer", "acceptedanswer",
    "itemlistelement", "itemreviewed", "about", "citation", "haspart", "ispartof", "mentions",
    "relatedlink", "image", "video", "associatedmedia", "thumbnail",
})  # fmt: skip
_MOST_HEADINGS = 50
_MOST_LINKS = 10
_MOST_PROPERTIES = 50
_PROPERTIES = (
    "(descendant::*/@itemprop[.='headline' or .='name' or .='url' or .='mainEntityOfPage'])"
    f"[position() <= {_MOST_PROPERTIES}]/.."
)
_HEADINGS = "descendant::*[self::h1 or self::h2 or self::h3 or self::h4][1]"
_LINKED_HEADINGS = f"{_HEADINGS}/descendant::a[@href][1] | {_HEADINGS}/ancestor::a[@href][1]"


def own_parts(
    elements: Iterable[_Element], names: PageNames, *, footers: bool = False
) -> list[_Element]:
    """Those of the elements that belong to the page itself or to its own article, in their order.

    `names` is what the page is called; `footers` says whether what stands in a footer is left out.
    """
    items = {element: _item(element) for element in elements}
    if not items:
        return []
    headed = _around_headline(next(iter(items)), names)
    own = _own_items({item: None for item in items.values() if item is not None}, headed, names)
    return [
        element
        for element, item in items.items()
        if (item is None or item in own)
        and not is_around(element, headed, item, footers=footers)
        and not _is_in_teaser(element, item, names)
    ]


def _is_in_teaser(element: _Element, item: _Element | None, names: PageNames) -> bool:
    """Whether a time stands in a link to another page, or beside one in an entry of a list."""
    if element.tag not in ("time", "meta"):
        return False
    links = [*islice(element.iterancestors("a"), 1)]
    if item is None:
        entries = islice(element.iterancestors("li"), 1)
        links += [link for entry in entries for link in islice(entry.iter("a"), _MOST_LINKS)]
    return names.is_elsewhere(one.get("href") or "" for one in links)


def _item(element: _Element) -> _Element | None:
    """The item that an element's property belongs to; None for the page as a whole."""
    article = None
    for one in islice(element.iterancestors(), MOST_ANCESTORS):
        if one.get("itemscope") is not None and type_of(one) not in _WITHOUT_DATES:
            return one if article is None or type_of(one) not in PAGES else article
        if article is None and one.tag == "article":
            article = one
    return article


def _around_headline(element: _Element, names: PageNames) -> frozenset[_Element]:
    """The elements around the headline of the page that an element is in."""
    headings = islice(element.getroottree().getroot().iter("h1"), _MOST_HEADINGS)
    headlines = names.headlines()
    return frozenset(
        one
        for heading in headings
        if not headlines or visible_text(heading) in headlines
        for one in islice(heading.iterancestors(), MOST_ANCESTORS)
    )


def _own_items(
    items: Iterable[_Element], headed: Container[_Element], names: PageNames
) -> list[_Element]:
    """The items that are the page's own: its article, and the page's item itself."""
    left = [one for one in items if not _is_foreign(one)]
    pages = [one for one in left if type_of(one) in PAGES]
    articles = [one for one in left if one not in pages]
    tests: tuple[Callable[[_Element], bool], ...] = (
        lambda item: item in headed,
        lambda item: names.is_address(_urls(item)),
        lambda item: any(map(names.is_like_title, _headlines(item))),
    )
    for is_own in tests:
        known = [one for one in articles if is_own(one)]
        if len(known) == 1:
            return pages + known
    maybe = [
        one for one in articles if not _is_part(one, headed) and not _is_of_another_page(one, names)
    ]
    return pages + maybe if len(maybe) == 1 else pages


def _is_foreign(item: _Element) -> bool:
    """Whether an item is a comment, a picture, an entry of a list or the like, or in one."""
    properties = (item.get("itemprop") or "").lower().split()
    if not _FOREIGN_PROPERTIES.isdisjoint(properties):
        return True
    within = islice(item.iterancestors(), MOST_ANCESTORS)
    return any(type_of(one) in _FOREIGN for one in chain([item], within))


def _is_part(item: _Element, headed: Container[_Element]) -> bool:
    """Whether an item without the page's headline is a part of an article or of its surroundings."""
    if type_of(item) not in ARTICLES | _VAGUE:
        return True
    if is_named_around(item) or is_around(item, headed):
        return True
    return any(
        one.tag == "article" or type_of(one) in ARTICLES
        for one in islice(item.iterancestors(), MOST_ANCESTORS)
    )


def _is_of_another_page(item: _Element, names: PageNames) -> bool:
    """Whether an item's own address, or the link of its headline, leads elsewhere."""
    links = (one.get("href") or "" for one in _linked_headings()(item))
    return names.is_elsewhere(chain(_urls(item), links))


def type_of(element: _Element) -> str:
    """The first type of an item without its vocabulary (`NewsArticle`); empty for none."""
    kinds = (element.get("itemtype") or "").split()
    return kinds[0].rstrip("/").rpartition("/")[2] if kinds else ""


def _urls(item: _Element) -> Iterator[str]:
    for one in _properties(item, "url", "mainEntityOfPage"):
        for name in ("href", "content", "itemid"):
            if one.get(name):
                yield one.get(name)
                break


def _headlines(item: _Element) -> Iterator[str]:
    for one in _properties(item, "headline", "name"):
        text = one.get("content") or str(one.xpath("string()"))[:MAX_TEXT]
        if text := clean_text(text):
            yield text


def _properties(item: _Element, *names: str) -> Iterable[_Element]:
    """The elements below an item that are its own properties of these names."""
    for one in _search()(item):
        if one.get("itemprop") in names and _scope(one) is item:
            yield one


def _scope(element: _Element) -> _Element | None:
    """The item of microdata that an element's property belongs to."""
    above = islice(element.iterancestors(), MOST_ANCESTORS)
    return next((one for one in above if one.get("itemscope") is not None), None)


@cache
def _search() -> XPath:
    """The search for properties that name an item, compiled once."""
    from lxml.etree import XPath

    return XPath(_PROPERTIES)


@cache
def _linked_headings() -> XPath:
    """The search for the link of an item's first heading, compiled once."""
    from lxml.etree import XPath

    return XPath(_LINKED_HEADINGS)
