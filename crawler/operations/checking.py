"""The checks of a session's articles, with the pages and images that they share with other articles."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from crawler.extractors.registered_domain import site_of
from crawler.model.check import ArticleChecks, KnownArticle
from crawler.operations.on_many_pages import PageCounts
from crawler.operations.shared_pages import PageClaims
from crawler.rules.article.article_checks import article_checks
from crawler.rules.article.identity import SharedPages, claim
from crawler.rules.article.site_values import PAGES_ALIKE, site_claims
from crawler.rules.image.image_uses import SharedImages, image_uses
from crawler.session import Session


def checks_of(session: Session) -> Callable[[KnownArticle], ArticleChecks]:
    """A function that checks one article. What articles share is read once, at the first article."""
    shared = cache(lambda: _shared(session))
    policy, now = session.configuration.policy, session.configuration.clock.now()
    known = session.state.link_by_url
    news_since = cache(session.state.told_until)

    def check(article: KnownArticle) -> ArticleChecks:
        held = shared()
        return article_checks(
            article, policy, now, held.pages, held.images, known, held.values, news_since(), site_of
        )

    return check


@dataclass(frozen=True, slots=True)
class _Shared:
    """What several articles have: the same page, the same image; and what several pages of a site say alike."""

    pages: SharedPages
    images: SharedImages
    values: frozenset[str]


def _shared(session: Session) -> _Shared:
    """One pass over all articles, since reading them takes longer than what is asked of them. Pages count by those that
    are checked, images and values by all."""
    only, policy = session.content.path, session.configuration.policy.images
    with (
        closing(PageClaims()) as pages,
        closing(PageCounts()) as images,
        closing(PageCounts()) as values,
    ):
        for article in session.state.known_articles():
            if only in (None, article.path) and (claimed := claim(article)):
                pages.add(claimed)
            for use in image_uses(article):
                images.add(use.image, use.page)
            for one in site_claims(article):
                values.add(one.value, one.page)
        return _Shared(
            pages.shared(),
            SharedImages(images.on(policy.placeholder_from)),
            frozenset(values.on(PAGES_ALIKE)),
        )
