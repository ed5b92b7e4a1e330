"""All checks of one article, from what the state knows (DESIGN 1)."""

from __future__ import annotations

from datetime import date

from crawler.model.check import ArticleChecks, KnownArticle
from crawler.rules.dead_links import dead_links
from crawler.rules.freshness import freshness
from crawler.rules.image_size import image_sizes
from crawler.rules.policy import Policy


def article_checks(article: KnownArticle, policy: Policy, today: date) -> ArticleChecks:
    """The opinion on each of the article's own fields. Pure, so that it is never stored."""
    return ArticleChecks(
        dead_links=dead_links(article.own),
        freshness=freshness(article, policy.freshness, today),
        image_sizes=image_sizes(article.own, policy.images),
    )
