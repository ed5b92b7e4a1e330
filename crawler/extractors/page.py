"""A page's metadata: every candidate with its source, and the chains that choose (rules M1 and those after it)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crawler.extractors.html.bounds import ContentError
from crawler.extractors.html.cleaning import clean_text, clean_url, comparable
from crawler.extractors.html.document import Document, read_document
from crawler.extractors.metadata.amp_markup import amp_lacks
from crawler.extractors.metadata.bylines import visible_authors
from crawler.extractors.metadata.field_candidates import Candidate, Collector
from crawler.extractors.metadata.guessed_dates import GUESSES, guessed_days
from crawler.extractors.metadata.json_ld import Graph, read_nodes
from crawler.extractors.metadata.linked_data import LinkedData
from crawler.extractors.metadata.microdata import date_properties
from crawler.extractors.metadata.open_graph import Property, read_properties
from crawler.extractors.metadata.page_images import flat, read_pictures
from crawler.extractors.metadata.page_zone import in_page_zone
from crawler.extractors.metadata.stated_dates import is_before, iso_date
from crawler.extractors.metadata.text_hash import content_hash
from crawler.extractors.metadata.titles import (
    confirmed,
    host_names,
    is_cut,
    is_site,
    is_suffix,
    named_site,
    shared,
    without_site,
)
from crawler.extractors.signs.page_signs import find_sign
from crawler.model.observation import PageFacts, SoftSign

__all__ = ["Candidate", "ContentError", "ExtractedPage", "extract_document", "extract_page"]

_PUBLISHED_TIMES = (
    "article:published_time", "article:published", "article:publicationdate", "og:published_time",
    "og:article:published_time", "article:post_date", "article:published_date", "og:pubdate",
    "og:publish_date", "published_time", "article:publish_date",
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
"""Names of `<meta>`, the sure ones first; of Dublin Core's, `:` for `.` is read too."""
_AUTHOR_META = (
    "author", "parsely-author", "sailthru.author", "article:author_name", "article.author",
    "shareaholic:article_author_name", "dc.creator", "dcterms.creator", "byl", "citation_author",
    "cxenseparse:author", "og:author", "rbauthors",
)  # fmt: skip
_DUBLIN_CORE = ("dc:", "dcterms:")
_TIERS = {"free": "false", "metered": "true", "locked": "true"}
"""`article:content_tier` (Facebook) to whether a reader may have to pay."""


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """What a page says. `candidates` holds, by field of `PageFacts`, every value with its source,
    in the chain's order: the first is the choice (for `modified` the first not before publication); `sign` is what
    the page gave away, None for nothing, and `evidence` by what, in words."""

    facts: PageFacts
    candidates: Mapping[str, tuple[Candidate, ...]]
    sign: SoftSign | None
    evidence: str | None = None


def extract_page(body: bytes, *, url: str, content_type: str | None) -> ExtractedPage:
    """Read a page.

    `body` is the decompressed body, `url` where it was found after redirects (empty if unknown: then
    relative URLs stay relative), `content_type` the header verbatim. Raises `ContentError` for a
    page beyond the bounds; nothing else.
    """
    return extract_document(read_document(body, url=url, content_type=content_type))


def extract_document(document: Document) -> ExtractedPage:
    """The same for a page parsed already. Never raises."""
    page = _Page(document)
    page.collect()
    found = find_sign(document, page.found.all())
    if found is not None:
        return ExtractedPage(page.facts(), page.found.all(), found.kind, found.evidence)
    # After the sign: a guess is no word of the page that it is an article.
    page.guess()
    return ExtractedPage(page.facts(), page.found.all(), None)


class _Page:
    """One page on its way from places to candidates."""

    def __init__(self, document: Document) -> None:
        self.found = Collector()
        self._document = document
        self._microdata = date_properties(document)
        self._properties: dict[str, list[Property]] = {}
        properties = read_properties(document)
        self._pictures = read_pictures(properties)
        for one in properties:
            name = one.name
            if name.startswith(_DUBLIN_CORE):
                name = name.replace(":", ".")
            self._properties.setdefault(name, []).append(one)
        titles = (document.title, *document.headings, *self._texts("og:title"))
        self._linked = LinkedData(Graph(read_nodes(document.scripts)), titles)

    def collect(self) -> None:
        """Fill every field's chain, best first."""
        self._site_name()
        self._title()
        # Description (rule M3).
        self._add("description", self._named("og:description"))
        self._add("description", self._named("description"), "meta")
        self._add("description", self._named("twitter:description"), "twitter")
        self._add_texts("description", self._linked.texts("description"), "json-ld")
        self._images()
        self._links()
        self._dates()
        self._authors()
        self._kind()

    def guess(self) -> None:
        """A day of publication for a page that states none."""
        if self.found.first("published") is None:
            for day, source in guessed_days(self._document, self.found.first("title")):
                self.found.add("published", day, source)
                return

    def facts(self) -> PageFacts:
        """The first candidate of each field."""
        first = self.found.first
        paywalled = first("paywalled")
        return PageFacts(
            title=first("title"),
            description=first("description"),
            image=first("image"),
            canonical=first("canonical"),
            site_name=first("site_name"),
            published=first("published"),
            modified=self._modified(),
            amphtml=first("amphtml"),
            lang=first("lang"),
            type=first("type"),
            authors=self.found.of_first_source("authors"),
            paywalled=None if paywalled is None else paywalled == "true",
            titles=self.found.values("title"),
            amp_lacks=amp_lacks(self._document),
            content_hash=content_hash(self._document, first("title"), first("description")),
            published_guessed=self._is_guess(),
        )

    def _site_name(self) -> None:
        """What the site calls itself (rule M6)."""
        self._add("site_name", self._named("og:site_name"))
        self._add_texts("site_name", self._linked.publishers(), "json-ld")
        self._add(
            "site_name", self._named("application-name", "apple-mobile-web-app-title"), "meta"
        )
        self.found.add("site_name", named_site(self._document.title, self._document.host), "title")

    def _title(self) -> None:
        """The headline that readers see, then what else is called a title (rule M2)."""
        document, given = self._document, tuple(self._texts("og:title"))
        sites = [*self.found.values("site_name"), *host_names(document.host)]
        # A blog's own name as the h1 of each of its posts is what a title ends with, not begins with.
        sites += [one for one in document.headings if is_suffix(one, (document.title, *given))]
        headings = [one for one in document.headings if not is_site(one, sites)]
        headline = without_site(self._linked.headline(), sites)
        for heading in headings:
            if self._is_seen_headline(heading, headline, (*given, document.title)):
                self.found.add("title", heading, "h1")
        self.found.add("title", headline, "json-ld")
        for heading in headings:
            if confirmed(heading, (*given, headline, document.title)):
                self.found.add("title", heading, "h1")
        if not self.found.first("title"):
            self.found.add("title", shared(document.subheadings(), (*given, document.title)), "h2")
        if len(headings) == 1:
            self.found.add("title", headings[0], "h1")
        self._given_titles(sites)
        for heading in document.headings:
            self.found.add("title", heading, "h1")

    @staticmethod
    def _is_seen_headline(heading: str, headline: str, given: Sequence[str]) -> bool:
        """Whether the h1 goes before JSON-LD's headline: the page's title says it too, or the headline
        is the h1 cut short or with more behind it."""
        if is_cut(headline, heading):
            return True
        return confirmed(heading, (headline,)) or any(
            comparable(heading) == comparable(one) for one in given
        )

    def _given_titles(self, sites: Sequence[str]) -> None:
        """What is said beside the text: Open Graph, Twitter, `<title>`; each without the site's name first."""
        for name in ("og", "twitter"):
            for one in self._named(f"{name}:title"):
                source = one.source if name == "og" else name
                self.found.add("title", without_site(one.value, sites), source)
                self.found.add("title", one.value, source)
        self.found.add("title", without_site(self._document.title, sites), "title")
        self.found.add("title", self._document.title, "title")

    def _images(self) -> None:
        """The page's own pictures, each with what is said of it (rule M4)."""
        for picture, text in flat(self._pictures):
            url = clean_url(text, self._document.base)
            self.found.keep(
                "image",
                Candidate(url, picture.source, picture.width, picture.height, picture.alt),
            )
        self._add_urls("image", self._named("twitter:image", "twitter:image:src"), "twitter")
        for value in (*self._linked.urls("image"), *self._linked.urls("thumbnailUrl")):
            self.found.add("image", clean_url(value, self._document.base), "json-ld")
        for href in self._rel("image_src"):
            self.found.add("image", href, "link")

    def _links(self) -> None:
        """The address that the page calls its own, and its AMP page (rule M5)."""
        for href in self._rel("canonical"):
            self.found.add("canonical", href, "link")
        self._add_urls("canonical", self._named("og:url"))
        for key in ("url", "mainEntityOfPage"):
            for value in self._linked.urls(key):
                self.found.add("canonical", clean_url(value, self._document.base), "json-ld")
        for href in self._rel("amphtml"):
            self.found.add("amphtml", href, "link")

    def _dates(self) -> None:
        published = list(self._published())
        for day, source in published[:1]:
            said = (one for one, _ in published)
            self.found.add("published", in_page_zone(day, said, self._document), source)
        for day, source in published:
            self.found.add("published", day, source)
        self._add_dates("modified", self._linked.texts("dateModified"), "json-ld")
        self._add_dates("modified", self._texts("article:modified_time"), "og")
        self._add_dates("modified", self._texts("og:updated_time"), "og")
        self._add_dates("modified", self._microdata.modified, "microdata")

    def _authors(self) -> None:
        """Who wrote it; the visible page is read only where metadata is silent (rule M11)."""
        self._add_texts("authors", _names(self._linked.authors()), "json-ld")
        self._add_texts("authors", _names(self._texts("article:author")), "og")
        self._add_texts("authors", _names(self._texts(*_AUTHOR_META)), "meta")
        if self.found.first("authors") is None:
            for name, source in visible_authors(self._document):
                self.found.add("authors", name, source)

    def _kind(self) -> None:
        """Language, type, and whether a reader may have to pay (rule M12)."""
        self.found.add("lang", self._document.lang, "html")
        self._add_texts("lang", self._texts("content-language"), "meta")
        locales = (text.replace("_", "-") for text in self._texts("og:locale"))
        self._add_texts("lang", locales, "og")
        self._add_texts("lang", self._linked.texts("inLanguage"), "json-ld")
        self._add("type", self._named("og:type"))
        self.found.add("type", self._linked.type(), "json-ld")
        paywalled = self._linked.paywalled()
        if paywalled is not None:
            self.found.add("paywalled", str(paywalled).lower(), "json-ld")
        for tier in self._texts("article:content_tier"):
            self.found.add("paywalled", _TIERS.get(tier.lower(), ""), "og")

    def _modified(self) -> str | None:
        """The first candidate that does not lie before the time of publication (rule M10)."""
        published = None if self._is_guess() else self.found.first("published")
        for value in self.found.values("modified"):
            if published is None or not is_before(value, published):
                return value
        return None

    def _is_guess(self) -> bool:
        return self.found.source("published") in GUESSES

    def _named(self, *names: str) -> Iterator[Property]:
        for name in names:
            yield from self._properties.get(name, ())

    def _texts(self, *names: str) -> Iterator[str]:
        return (one.value for one in self._named(*names))

    def _rel(self, kind: str) -> Iterator[str]:
        for link in self._document.links:
            rel = link.get("rel")
            if rel and kind in rel.lower().split():
                yield clean_url(link.get("href"), self._document.base)

    def _add(self, field: str, found: Iterable[Property], source: str | None = None) -> None:
        for one in found:
            self.found.add(field, one.value, source or one.source)

    def _add_urls(self, field: str, found: Iterable[Property], source: str | None = None) -> None:
        for one in found:
            url = clean_url(one.value, self._document.base)
            self.found.add(field, url, source or one.source)

    def _add_texts(self, field: str, texts: Iterable[str], source: str) -> None:
        for text in texts:
            self.found.add(field, text, source)

    def _published(self) -> Iterator[tuple[str, str]]:
        """What the page says of its publication, best first (rule M7), each with its source."""
        microdata = self._microdata
        for source, texts in (
            ("json-ld", self._linked.texts("datePublished")),
            ("og", self._texts(*_PUBLISHED_TIMES)),
            ("microdata", microdata.published),
            ("meta", self._texts(*_PUBLISHED_META)),
            ("json-ld", self._linked.texts("dateCreated")),
            ("json-ld", self._linked.texts("uploadDate")),
        ):
            for day in filter(None, map(iso_date, texts)):
                yield day, source

    def _add_dates(self, field: str, texts: Iterable[str], source: str) -> None:
        self._add_texts(field, map(iso_date, texts), source)


def _names(values: Iterable[str]) -> Iterator[str]:
    """Names of people; a profile's URL is none."""
    for value in values:
        if not value.lower().startswith(("http://", "https://", "@", "/")):
            yield clean_text(value)
