"""The metadata of the file compared with those of the page (rules F1, F2).

A field drifts only where the page gives a value and none of its values matches; where the page gives none,
nothing follows.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from crawler.model.check import (
    FieldState,
    Freshness,
    FreshnessState,
    KnownArticle,
)
from crawler.model.observation import PageFacts
from crawler.model.role import Role
from crawler.rules.article.access import became_walled
from crawler.rules.article.updates import is_news, page_moment, told_notice, update_kind
from crawler.rules.image.page_image import image_drifted, image_says_nothing
from crawler.rules.policy import FreshnessPolicy
from crawler.rules.site_in_title import names_of_site, without_site
from crawler.rules.text_comparison import equal_text, same_text, same_title, whole_titles
from crawler.rules.urls import examine
from crawler.rules.verdict.page_evidence import compared_link, final_url_of

_LATELY: Final = 8192
"""Comparisons that are kept: what a site says alike is looked for in all articles before each is checked."""


def freshness(article: KnownArticle, policy: FreshnessPolicy, today: date) -> Freshness:
    """The state of the article's metadata by its own page: `webUrl`'s, else `originalUrl`'s."""
    link = compared_link(article.own)
    if link is None or link.page is None:
        return Freshness(FreshnessState.UNVERIFIED, fields=_fields(article, PageFacts()))
    page, published = link.page, article.published
    fields = _fields(article, page)
    drift = tuple(name for name, state in fields.items() if state is FieldState.DRIFTED)
    update = update_kind(page, link.baseline, published)
    if drift:
        state = FreshnessState.DRIFTED
    elif is_news(update, link.baseline, published):
        state = FreshnessState.UPDATED
    elif (limit := policy.limit(article.path)) and published and today - published > limit:
        state = FreshnessState.STALE
    else:
        state = FreshnessState.CURRENT
    day, walled = page_day(page.modified), became_walled(link)
    notice = told_notice(page, link.baseline)
    return Freshness(state, drift, day, update, fields, walled, notice)


def drifted_fields(article: KnownArticle, page: PageFacts) -> tuple[str, ...]:
    """The fields in which the page contradicts the article."""
    return tuple(name for name, drifted in _FIELDS.items() if drifted(article, page))


def _fields(article: KnownArticle, page: PageFacts) -> dict[str, FieldState]:
    images = any(one.reference.role is Role.IMAGE for one in article.own)
    stored = (article.title, article.excerpt, article.published, images)
    image = None if image_says_nothing(article, page) else page.image
    found = (page.title or page.titles, page.description, page_day(page.published), image)
    return {
        name: _field(bool(declared), bool(given), drifted(article, page))
        for (name, drifted), declared, given in zip(_FIELDS.items(), stored, found, strict=True)
    }


def _field(stored: bool, found: bool, drifted: bool) -> FieldState:
    if not stored:
        return FieldState.MISSING
    if not found:
        return FieldState.UNVERIFIABLE
    return FieldState.DRIFTED if drifted else FieldState.MATCH


def _title_drifted(article: KnownArticle, page: PageFacts) -> bool:
    found = tuple(title for title in dict.fromkeys((page.title, *page.titles)) if title)
    if not article.title or not found:
        return False
    link = compared_link(article.own)
    host = examine(final_url_of(link)).host if link else ""
    return _is_another_title(article.title, found, page.site_name, host)


@lru_cache(maxsize=_LATELY)
def _is_another_title(
    stored: str, found: tuple[str, ...], site_name: str | None, host: str
) -> bool:
    if any(equal_text(stored, title) for title in found):
        return False
    sites = names_of_site(site_name, host)
    bare = [without_site(title, sites) for title in found]
    return not any(same_title(stored, title, sites) for title in whole_titles(bare))


def _excerpt_drifted(article: KnownArticle, page: PageFacts) -> bool:
    if not article.excerpt or not page.description:
        return False
    return _is_another_text(article.excerpt, page.description)


@lru_cache(maxsize=_LATELY)
def _is_another_text(stored: str, found: str) -> bool:
    return not same_text(stored, found)


def _published_drifted(article: KnownArticle, page: PageFacts) -> bool:
    """Dates are compared by day and may differ by one (rule F4): the page's zone and UTC may disagree. A guessed
    date never contradicts."""
    found = page_day(page.stated)
    if found is None or article.published is None:
        return False
    return abs(found - article.published) > timedelta(days=1)


_FIELDS: dict[str, Callable[[KnownArticle, PageFacts], bool]] = {
    "title": _title_drifted,
    "excerpt": _excerpt_drifted,
    "publishedDateTime": _published_drifted,
    "image": image_drifted,
}
"""The stored field's name and its comparison, in the order of reports."""
COMPARED = tuple(_FIELDS)


def page_day(text: str | None) -> date | None:
    """The day, in UTC, of an ISO 8601 text as extractors give it; None where there is none."""
    moment = page_moment(text)
    return moment.date() if moment else None
