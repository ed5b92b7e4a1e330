"""The checks of a session's articles, each with what other articles have to do with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from crawler.model.check import ArticleChecks, KnownArticle
from crawler.operations.shared_images import shared_images
from crawler.operations.shared_pages import shared_pages
from crawler.rules.article.article_checks import article_checks
from crawler.rules.article.identity import SharedPages, claim
from crawler.rules.image.image_uses import SharedImages
from crawler.session import Session


def checks_of(session: Session) -> Callable[[KnownArticle], ArticleChecks]:
    """What checks an article. What articles share is read once, when the first is checked."""
    pages, images = cache(lambda: _pages(session)), cache(lambda: _images(session))
    policy, now = session.configuration.policy, session.configuration.clock.now()
    known = session.state.link_by_url
    return lambda article: article_checks(article, policy, now, pages(), images(), known)


def _pages(session: Session) -> SharedPages:
    articles = session.state.known_articles(session.content.path)
    return shared_pages(claimed for article in articles if (claimed := claim(article)))


def _images(session: Session) -> SharedImages:
    """The images of many articles, whichever of them are checked."""
    return shared_images(session.state.known_articles(), session.configuration.policy.images)
