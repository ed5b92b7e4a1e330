"""Who published an article by its file, against who publishes its page (rules D3, D4, D5).

A site may call itself anything, so a name is told only where neither the site's name, nor its domain, nor an author is like
it. A domain is told only by where pages were really seen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.model.check import ChangeKind, FieldFinding, Freshness, KnownArticle, Level
from crawler.model.link import Link
from crawler.model.observation import PageFacts
from crawler.model.provider import DOMAIN_AT, NAME_AT, Provider
from crawler.model.role import COMPARED
from crawler.rules.article.publisher_names import are_alike, are_comparable, is_general
from crawler.rules.article.publishers import (
    is_at_site_of,
    is_platform,
    is_relay,
    label_of,
    same_owner,
    same_publisher,
)
from crawler.rules.article.recognition import is_recognised
from crawler.rules.places import is_barrier, is_home, is_search
from crawler.rules.site_in_title import SEPARATOR, names_of_site
from crawler.rules.text_comparison import equal_text, same_title
from crawler.rules.urls import examine
from crawler.rules.verdict.page_evidence import (
    final_url_of,
    of_role,
    redirected_permanently,
    shown_page,
)

PROVIDER_MISMATCH = "provider-mismatch"
LONGEST_SITE_NAME = 60
"""Characters of a site's name; a longer one is a sentence (rule D4)."""
_HEADLINE_FROM = 20
"""Characters from which the beginning of a title is no site's name."""
_NO_NAME = frozenset({
    "untitled", "index", "welcome", "main", "start", "startseite", "accueil", "inicio", "wordpress", "drupal", "joomla", "my",
    "your", "this", "null", "none", "undefined", "test", "article", "articles", "story", "stories", "post", "posts", "latest",
    "top", "press", "release", "releases", "default", "name", "title", "localhost", "sitename", "company", "nachrichten",
    "noticias", "actualites", "notizie", "here", "new", "just", "another",
})  # fmt: skip
_ADDRESS = re.compile(r"://|^[/#@]|\{\{|\}\}|[<>]|%[%s]|\$\{")
_WWW = re.compile(r"^www\.", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[^.]+\.)+(?=[^.\d]*[a-z])[^.:\]]+")
"""No single label and no address of the Internet Protocol."""
_WORD = re.compile(r"[^\W_]+")

SiteOf = Callable[[str], str]
"""The registrable domain of a host; the host itself where there is none."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One address of an article, the sites of the address and of its end, and its page where that was seen."""

    asked: str
    ended: str
    host: str
    link: Link
    page: PageFacts | None

    @property
    def has_moved(self) -> bool:
        """Whether the page moved to another owner for good."""
        return (
            self.page is not None
            and redirected_permanently(self.link)
            and not same_owner(self.asked, self.ended)
        )


def provider_findings(
    article: KnownArticle, freshness: Freshness, site_of: SiteOf
) -> tuple[FieldFinding, ...]:
    """The findings about the article's provider."""
    provider = article.provider
    if provider is None:
        return ()
    places = [_seen(one.link, site_of) for one in of_role(article.own, *COMPARED)]
    places = [place for place in places if place.page is not None or not is_relay(place.host)]
    if not any(place.page for place in places):
        return ()
    stored = _stored_site(provider.domain or "", site_of)
    return (
        *_domain(article, provider, places, stored, freshness),
        *_name(article, provider, places, stored, freshness),
    )


def _seen(link: Link, site_of: SiteOf) -> _Seen:
    asked = _host(link.url)
    end = final_url_of(link)
    host = _host(end)
    page = shown_page(link)
    was_led = host != asked
    if is_relay(host) or (was_led and (is_barrier(urlsplit(end)) or is_home(urlsplit(end)))):
        page = None
    return _Seen(site_of(asked), site_of(host), host if page else asked, link, page)


def _host(url: str) -> str:
    return examine(url).host.removesuffix(".").removeprefix("www.")


def _stored_site(text: str, site_of: SiteOf) -> str | None:
    """The registrable domain of what stands in the file; None where no host does."""
    text = text.strip()
    found = examine(text if "://" in text else f"https://{text}")
    host = found.host.removesuffix(".").removeprefix("www.")
    return site_of(host) if found.invalid is None and "." in host else None


# ----------------------------------------------------------------------------------------- domain


def _domain(
    article: KnownArticle,
    provider: Provider,
    places: Sequence[_Seen],
    stored: str | None,
    freshness: Freshness,
) -> Iterator[FieldFinding]:
    """Rule D3: the domain is none of those at which the article's pages are."""
    text = provider.domain
    if not text or not text.strip():
        return
    sites = list(_sites(places))
    if any(
        same_owner(stored, site) if stored else are_alike(text, label_of(site)) for site in sites
    ):
        return
    place = next(one for one in places if one.page is not None)
    end = final_url_of(place.link)
    is_safe = (
        _is_recognised(article, place, freshness)
        and _DOMAIN.fullmatch(place.ended) is not None
        and not _is_no_article(end)
    )
    yield FieldFinding(
        DOMAIN_AT,
        provider.domain_line,
        PROVIDER_MISMATCH,
        Level.INFO,
        text,
        expected=place.ended,
        actual=end if place.has_moved else None,
        change=ChangeKind.REPLACE if is_safe else None,
    )


def _sites(places: Sequence[_Seen]) -> Iterator[str]:
    """The sites that count as the article's: of its addresses and their ends, without those from which a page has moved to
    another owner; and of the addresses that its pages call their own."""
    left = [place.asked for place in places if place.has_moved]
    for place in places:
        if place.page is not None:
            yield place.ended
        is_left = place.page is None and any(same_owner(place.asked, site) for site in left)
        if not place.has_moved and not is_left:
            yield place.asked
        if place.page is not None and place.page.canonical:
            yield _host(place.page.canonical)


def _is_no_article(end: str) -> bool:
    parts = urlsplit(end)
    return is_home(parts) or is_barrier(parts) or is_search(parts)


def _is_recognised(article: KnownArticle, place: _Seen, freshness: Freshness) -> bool:
    return place.page is not None and is_recognised(article, place.page, freshness)


# ------------------------------------------------------------------------------------------- name


def _name(
    article: KnownArticle,
    provider: Provider,
    places: Sequence[_Seen],
    stored: str | None,
    freshness: Freshness,
) -> Iterator[FieldFinding]:
    """Rule D4: the name is neither the site's, nor like its domain, nor an author's."""
    name = " ".join((provider.name or "").split())
    place = _page_of(places, stored)
    if place is None or place.page is None or not name:
        return
    site_name = _WWW.sub("", " ".join((place.page.site_name or "").split()))
    if not _is_name(site_name, article, place) or not are_comparable(name, site_name):
        return
    if any(
        is_platform(one.asked, _host(one.link.url)) or is_platform(one.ended, one.host)
        for one in places
    ):
        return
    if any(is_at_site_of(name, site) for site in _sites(places)):
        return
    known = (*_parts(site_name), *place.page.authors, *names_of_site(None, place.host))
    if any(same_publisher(name, one) for one in known):
        return
    label = label_of(place.ended)
    offered = next((one for one in _parts(site_name) if are_alike(one, label)), None)
    # What nobody sees, such as marks that turn a text around, is offered to nobody.
    is_safe = offered is not None and offered.isprintable()
    is_safe = is_safe and _is_recognised(article, place, freshness)
    yield FieldFinding(
        NAME_AT,
        provider.name_line,
        PROVIDER_MISMATCH,
        Level.INFO,
        provider.name or "",
        expected=offered or site_name,
        change=ChangeKind.REPLACE if is_safe else None,
    )


def _page_of(places: Sequence[_Seen], stored: str | None) -> _Seen | None:
    """The page by which the name is judged: at the stored domain where the article has an address there, else the first
    that was seen. None where the one at the stored domain was not."""
    theirs = [
        place
        for place in places
        if stored
        and (
            same_owner(stored, place.ended)
            or (not place.has_moved and same_owner(stored, place.asked))
        )
    ]
    return next((place for place in theirs or places if place.page is not None), None)


def _parts(site_name: str) -> Iterator[str]:
    """The shortest names in what a site calls itself (`Example News - What moves you`), then all of it."""
    parts = SEPARATOR.split(site_name)
    yield from (part for part in parts if len(parts) > 1 and part and not is_general(part))
    yield site_name


def _is_name(site_name: str, article: KnownArticle, place: _Seen) -> bool:
    """Whether what a page gives as its site's name is one."""
    if (
        not 1 < len(site_name) <= LONGEST_SITE_NAME
        or _ADDRESS.search(site_name)
        or is_general(site_name)
    ):
        return False
    words = [word.casefold() for word in _WORD.findall(site_name)]
    is_telling = not is_general(" ".join(word for word in words if word not in _NO_NAME))
    if not is_telling and not are_alike(site_name, label_of(place.ended), whole=True):
        return False
    is_long = len(site_name) >= _HEADLINE_FROM
    titles = filter(None, (article.title, place.page.title if place.page else None))
    return not any(
        equal_text(title, site_name) or (is_long and same_title(title, site_name))
        for title in titles
    )
