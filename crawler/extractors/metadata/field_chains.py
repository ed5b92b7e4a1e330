"""The chain of each field: where it is looked for, the best place first (rule M1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from crawler.extractors.html.cleaning import clean_text
from crawler.extractors.metadata.bylines import visible_authors
from crawler.extractors.metadata.field_candidates import Candidate
from crawler.extractors.metadata.field_extractor import (
    FieldExtractor,
    dates,
    linked_texts,
    linked_urls,
    links,
    named,
    named_urls,
    texts,
)
from crawler.extractors.metadata.page_images import flat
from crawler.extractors.metadata.page_metadata import PageMetadata
from crawler.extractors.metadata.page_zone import in_page_zone
from crawler.extractors.metadata.title_chain import titles
from crawler.extractors.metadata.titles import named_site
from crawler.model.page_depth import Depth

_PUBLISHED_TIMES = (
    "article:published_time", "article:published", "article:publicationdate", "og:published_time",
    "og:article:published_time", "article:post_date", "article:published_date", "og:pubdate",
    "og:publish_date", "published_time", "article:publish_date", "article:publish_time", "article:date_published",
    "article:published_at", "article:publication_time", "article:published_datetime", "article:pub_date", "article:date",
    "articles:published_time", "og:date_published", "published_at",
)  # fmt: skip
_PUBLISHED_META = (
    "datepublished", "parsely-pub-date", "sailthru.date", "article.published", "pubdate", "publishdate",
    "publish-date", "publish_date", "publish_time", "publication_date", "publication-date",
    "published-date", "published_date", "date_published", "originalpublicationdate", "bt:pubdate",
    "sw-pubdate", "rbpubdate", "cxenseparse:recs:publishtime", "shareaholic:article_published_time",
    "dcsext.articlefirstpublished", "article_date_original", "analyticsattributes.articledate",
    "displaydate", "mediator_published_time", "og:release_date", "video:release_date",
    "citation_publication_date", "citation_online_date", "citation_date", "bepress_citation_date",
    "dcterms.issued", "dc.date.issued", "date.issued", "dcterms.created", "dc.date.created",
    "dc.created", "dcterms.date", "dc.date", "dc.date.publication", "article.created", "date_created",
    "datecreated", "uploaddate", "dateposted", "created", "date",
)  # fmt: skip
"""Names of `<meta>`, the most reliable first; what stands between their words makes no difference."""
_MODIFIED_TIMES = (
    "article:modified_time", "article:modified", "article:modified_date", "article:modification_time",
    "article:date_modified", "articles:modified_time", "og:article:modified_time", "og:modified_time",
)  # fmt: skip
_UPDATED_TIMES = ("og:updated_time", "article:updated_time", "article:updated")
_AUTHOR_META = (
    "author", "parsely-author", "sailthru.author", "article:author_name", "article.author",
    "shareaholic:article_author_name", "dc.creator", "dcterms.creator", "byl", "citation_author",
    "cxenseparse:author", "og:author", "rbauthors",
)  # fmt: skip
_TIERS = {"free": "false", "metered": "true", "locked": "true"}
"""`article:content_tier` (Facebook) to whether a reader may have to pay."""


def _site_in_title(page: PageMetadata) -> Iterator[Candidate]:
    document = page.document
    yield Candidate(named_site(document.title, document.host), "title")


def _pictures(page: PageMetadata) -> Iterator[Candidate]:
    """The images of Open Graph, each with its size and its text."""
    for picture, text in flat(page.pictures):
        url = page.url(text)
        yield Candidate(url, picture.source, picture.width, picture.height, picture.alt)


_STATED_DAYS: tuple[FieldExtractor, ...] = (
    dates(lambda page: page.linked.texts("datePublished"), "json-ld"),
    dates(lambda page: page.texts(*_PUBLISHED_TIMES), "og"),
    dates(lambda page: page.microdata.published, "microdata"),
    dates(lambda page: page.texts(*_PUBLISHED_META), "meta"),
    dates(lambda page: page.linked.texts("dateCreated"), "json-ld"),
    dates(lambda page: page.linked.texts("uploadDate"), "json-ld"),
)


def _published(page: PageMetadata) -> Iterator[Candidate]:
    """The page's times of publication, best first (rule M7); before them the best one in the page's zone."""
    stated = [one for extract in _STATED_DAYS for one in extract(page)]
    for one in stated[:1]:
        others = (other.value for other in stated)
        yield Candidate(in_page_zone(one.value, others, page.document), one.source)
    yield from stated


def _bylines(page: PageMetadata) -> Iterator[Candidate]:
    """The names that the visible page shows, where nothing else names an author and somebody compares them."""
    if page.depth is Depth.WHOLE and page.found.first("authors") is None:
        for name, source in visible_authors(page.document, page.names):
            yield Candidate(name, source)


def _names(values: Iterable[str]) -> Iterator[str]:
    """Names of people; a profile's URL is none."""
    for value in values:
        if not value.lower().startswith(("http://", "https://", "@", "/")):
            yield clean_text(value)


def _locales(page: PageMetadata) -> Iterator[str]:
    return (text.replace("_", "-") for text in page.texts("og:locale"))


def _is_paywalled(page: PageMetadata) -> Iterator[Candidate]:
    paywalled = page.linked.paywalled()
    if paywalled is not None:
        yield Candidate(str(paywalled).lower(), "json-ld")


def _tiers(page: PageMetadata) -> Iterator[str]:
    return (_TIERS.get(tier.lower(), "") for tier in page.texts("article:content_tier"))


CHAINS: Mapping[str, tuple[FieldExtractor, ...]] = {
    # Rule M6.
    "site_name": (
        named("og:site_name"),
        texts(lambda page: page.linked.publishers(), "json-ld"),
        named("application-name", "apple-mobile-web-app-title", source="meta"),
        _site_in_title,
    ),
    # Rule M2.
    "title": (titles,),
    # Rule M3.
    "description": (
        named("og:description"),
        named("description", source="meta"),
        named("twitter:description", source="twitter"),
        linked_texts("description"),
    ),
    # Rule M4.
    "image": (
        _pictures,
        named_urls("twitter:image", "twitter:image:src", source="twitter"),
        linked_urls("image"),
        linked_urls("thumbnailUrl"),
        links("image_src", anywhere=True),
    ),
    # Rule M5.
    "canonical": (
        links("canonical"),
        texts(lambda page: page.own_urls(), "og"),
        linked_urls("url"),
        linked_urls("mainEntityOfPage"),
    ),
    "amphtml": (links("amphtml"),),
    "published": (_published,),
    "modified": (
        dates(lambda page: page.linked.texts("dateModified"), "json-ld"),
        dates(lambda page: page.texts(*_MODIFIED_TIMES), "og"),
        dates(lambda page: page.texts(*_UPDATED_TIMES), "og"),
        dates(lambda page: page.microdata.modified, "microdata"),
    ),
    # Rule M11: the visible page is read only where metadata is silent.
    "authors": (
        texts(lambda page: _names(page.linked.authors()), "json-ld"),
        texts(lambda page: _names(page.texts("article:author")), "og"),
        texts(lambda page: _names(page.texts(*_AUTHOR_META)), "meta"),
        _bylines,
    ),
    # Rule M12.
    "lang": (
        texts(lambda page: (page.document.lang,), "html"),
        texts(lambda page: page.texts("content-language"), "meta"),
        texts(_locales, "og"),
        linked_texts("inLanguage"),
    ),
    "type": (
        named("og:type"),
        texts(lambda page: (page.linked.type(),), "json-ld"),
    ),
    "paywalled": (_is_paywalled, texts(_tiers, "og")),
}
"""The chains by field of `PageFacts`, in the order in which they are read: the title needs the site's name."""
