"""The checks of a session's articles, with the pages and images that they share with other articles."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from crawler.extractors.registered_domain import site_of
from crawler.model.check import ArticleChecks, KnownArticle
from crawler.operations.on_many_pages import on_many_pages
from crawler.operations.shared_images import shared_images
from crawler.operations.shared_pages import shared_pages
from crawler.rules.article.article_checks import article_checks
from crawler.rules.article.identity import SharedPages, claim
from crawler.rules.article.site_values import PAGES_ALIKE, site_claims
from crawler.rules.image.image_uses import SharedImages
from crawler.session import Session


def checks_of(session: Session) -> Callable[[KnownArticle], ArticleChecks]:
    """A function that checks one article. Shared pages and images are read once, at the first article."""
    pages, images = cache(lambda: _pages(session)), cache(lambda: _images(session))
    policy, now = session.configuration.policy, session.configuration.clock.now()
    known = session.state.link_by_url
    values = cache(lambda: _site_values(session))
    news_since = cache(session.state.told_until)
    return lambda article: article_checks(
        article, policy, now, pages(), images(), known, values(), news_since(), site_of
    )


def _pages(session: Session) -> SharedPages:
    articles = session.state.known_articles(session.content.path)
    return shared_pages(claimed for article in articles if (claimed := claim(article)))


def _site_values(session: Session) -> frozenset[str]:
    """What several pages of a site say alike: all articles count, not only those that are checked."""
    claims = (one for article in session.state.known_articles() for one in site_claims(article))
    return frozenset(on_many_pages(((one.value, one.page) for one in claims), PAGES_ALIKE))


def _images(session: Session) -> SharedImages:
    """The images that many articles share: all articles count, not only those that are checked."""
    return shared_images(session.state.known_articles(), session.configuration.policy.images)
