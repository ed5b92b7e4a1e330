"""What pages of a site say alike, against what is stored of each: it is the site's and no page's own (rule F9).

A description or a headline of the whole site on each of its pages, a logo as their picture, the day of a relaunch as
their date of publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from crawler.model.check import KnownArticle
from crawler.model.observation import PageFacts
from crawler.rules.article.freshness import drifted_fields
from crawler.rules.article.updates import page_moment
from crawler.rules.image.same_picture import picture_key
from crawler.rules.places import same_place
from crawler.rules.text_folding import plain
from crawler.rules.verdict.page_evidence import compared_link, final_url_of

PAGES_ALIKE = 2
"""Different pages of a host that say the same against what is stored: ours, because one may well have changed so."""

_NOTHING: dict[str, dict[str, object]] = {
    "title": {"title": None, "titles": ()},
    "excerpt": {"description": None},
    "publishedDateTime": {"published": None},
    "image": {"image": None},
}


@dataclass(frozen=True, slots=True)
class SiteClaim:
    """What a page says against its article: the key of the value on its site, and the page."""

    value: str
    page: str


def site_claims(article: KnownArticle) -> Iterator[SiteClaim]:
    """The values of an article's page that contradict the article, or that it has not."""
    link = compared_link(article.own)
    if link is None or link.page is None:
        return
    place = same_place(final_url_of(link))
    for name, value in _contradicting(article, link.page):
        yield SiteClaim(_key(place[0], name, value), "\n".join(place))


def without_site_values(article: KnownArticle, shared: frozenset[str]) -> KnownArticle:
    """The article with its page as if it did not say what is the site's. `shared` are keys of claims of several pages."""
    link = compared_link(article.own) if shared else None
    if link is None or link.page is None:
        return article
    host, page = same_place(final_url_of(link))[0], link.page
    if host not in _hosts(shared):
        return article
    for name, value in _contradicting(article, page):
        if _key(host, name, value) in shared:
            page = replace(page, **_NOTHING[name])  # type: ignore[arg-type]
    if page is link.page:
        return article
    own = tuple(
        replace(one, link=replace(link, page=page)) if one.link is link else one
        for one in article.own
    )
    return replace(article, own=own)


@lru_cache(maxsize=1)
def _hosts(shared: frozenset[str]) -> frozenset[str]:
    """The hosts of keys: comparing an article with its page takes long, and few hosts have such values."""
    return frozenset(key.partition("\n")[0] for key in shared)


def _contradicting(article: KnownArticle, page: PageFacts) -> Iterator[tuple[str, str]]:
    values = {
        "title": page.title,
        "excerpt": page.description,
        "publishedDateTime": page.stated,
        "image": page.stated_image,
    }
    for name in drifted_fields(article, page):
        value = values[name]
        if value:
            yield name, value


def _key(host: str, name: str, value: str) -> str:
    """One key for the values that readers take for the same: a moment in any zone, a text in any spelling."""
    moment = page_moment(value) if name == "publishedDateTime" else None
    if moment is not None:
        value = moment.isoformat()
    else:
        value = picture_key(value) if name == "image" else plain(value)
    return f"{host}\n{name}\n{value}"
