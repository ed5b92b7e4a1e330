"""What the page says against what the file says (RULES 4).

A field drifts only where the page gives a value and none of its values matches: a page that says
nothing is no news.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from urllib.parse import unquote, urlsplit

from crawler.model.check import Freshness, FreshnessState, KnownArticle, LinkedReference
from crawler.model.observation import PageFacts
from crawler.model.reference import Role
from crawler.model.verdict import VerdictKind
from crawler.rules.policy import FreshnessPolicy

_UPDATED_AFTER = timedelta(days=1)
"""RULES 4: on the first visit, a modification counts from a day after the stored date."""
_SUFFIX = re.compile(r"\s+[|\-–—·:•»]\s+[^|\-–—·:•»]{1,60}$")
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "’": "'", "‘": "'", "`": "'", "´": "'"})
_CUT_AT = re.compile(r"(\s*(\.\.\.|…|\[…\]|Read))+\s*$")
_STANDS = (VerdictKind.ALIVE, VerdictKind.MOVED, VerdictKind.UNVERIFIABLE)
"""A wall or an outage takes nothing back of what the page said when it was last seen."""


def freshness(article: KnownArticle, policy: FreshnessPolicy, today: date) -> Freshness:
    """The state of the article's metadata by its own page: `webUrl`'s, else `originalUrl`'s."""
    page = _page(article.own)
    if page is None:
        return Freshness(FreshnessState.UNVERIFIED)
    modified = page_day(page.modified)
    drift = tuple(name for name, drifted in _FIELDS.items() if drifted(article, page))
    if drift:
        return Freshness(FreshnessState.DRIFTED, drift, modified)
    if modified and article.published and modified - article.published > _UPDATED_AFTER:
        return Freshness(FreshnessState.UPDATED, (), modified)
    if policy.stale_after and article.published and today - article.published > policy.stale_after:
        return Freshness(FreshnessState.STALE, (), modified)
    return Freshness(FreshnessState.CURRENT, (), modified)


def _page(own: Iterable[LinkedReference]) -> PageFacts | None:
    for role in (Role.WEB, Role.ORIGINAL):
        for linked in own:
            page = linked.link.page
            if page and linked.reference.role is role and linked.link.verdict.kind in _STANDS:
                return page
    return None


def _title_drifted(article: KnownArticle, page: PageFacts) -> bool:
    if not article.title:
        return False
    stored = plain(article.title)
    found = [plain(title) for title in (page.title, *page.titles) if title]
    return bool(found) and not any(same_title(stored, title) for title in found)


def same_title(stored: str, found: str) -> bool:
    """Whether two titles, both `plain`, are one: a site's name behind it or a cut end is no news."""
    return (
        stored == found
        or stored == _SUFFIX.sub("", found)
        or _SUFFIX.sub("", stored) == found
        or _is_cut(stored, found)
    )


def _excerpt_drifted(article: KnownArticle, page: PageFacts) -> bool:
    if not article.excerpt or not page.description:
        return False
    stored, found = plain(article.excerpt), plain(page.description)
    return not (stored.startswith(found) or found.startswith(stored) or _is_cut(stored, found))


def _is_cut(one: str, other: str) -> bool:
    """Whether one text is the other's beginning, cut with an ellipsis."""
    short, long = sorted((_CUT_AT.sub("", one), _CUT_AT.sub("", other)), key=len)
    return len(short) >= 20 and long.startswith(short) and (short != one or short != other)


def _published_drifted(article: KnownArticle, page: PageFacts) -> bool:
    """Dates are compared by day, with a day's grace: the page's zone and UTC may disagree. A guess never
    contradicts."""
    found = page_day(page.stated)
    if found is None or article.published is None:
        return False
    return abs(found - article.published) > timedelta(days=1)


def _image_drifted(article: KnownArticle, page: PageFacts) -> bool:
    images = [ref.reference.url for ref in article.own if ref.reference.role is Role.IMAGE]
    if not images or not page.image:
        return False
    found = _image_name(page.image)
    return bool(found) and all(_image_name(url) != found for url in images)


def _image_name(url: str) -> str:
    return unquote(urlsplit(url).path).rsplit("/", 1)[-1].casefold()


_FIELDS: dict[str, Callable[[KnownArticle, PageFacts], bool]] = {
    "title": _title_drifted,
    "excerpt": _excerpt_drifted,
    "publishedDateTime": _published_drifted,
    "image": _image_drifted,
}
"""The stored field's name and its comparison, in the order of reports."""


def plain(text: str) -> str:
    """Text for comparison: NFKC, entities, quotes, case and white space folded (RULES 4)."""
    folded = unicodedata.normalize("NFKC", html.unescape(text)).translate(_QUOTES)
    visible = "".join(char for char in folded if unicodedata.category(char) != "Cf")
    return " ".join(visible.split()).casefold()


def page_day(text: str | None) -> date | None:
    """The day, in UTC, of an ISO 8601 text as extractors give it; None where there is none."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
    except OverflowError:
        return moment.date()
