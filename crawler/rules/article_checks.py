"""All checks of one article, from what the state knows (DESIGN 1)."""

from __future__ import annotations

from datetime import date

from crawler.model.check import ArticleChecks, KnownArticle
from crawler.rules.amp import amp_findings
from crawler.rules.dead_links import dead_links
from crawler.rules.freshness import freshness
from crawler.rules.identity import NOTHING_SHARED, SharedPages, identity_findings
from crawler.rules.image_size import image_sizes
from crawler.rules.policy import Policy
from crawler.rules.suggestions import suggestions


def article_checks(
    article: KnownArticle, policy: Policy, today: date, shared: SharedPages = NOTHING_SHARED
) -> ArticleChecks:
    """The opinion on each of the article's own fields. Pure, so that it is never stored.

    `shared` is what other articles have to do with it.
    """
    state = freshness(article, policy.freshness, today)
    amp = amp_findings(article.own)
    identity = identity_findings(article, shared)
    return ArticleChecks(
        dead_links=dead_links(article.own),
        freshness=state,
        image_sizes=image_sizes(article.own, policy.images),
        amp=amp,
        identity=identity,
        suggestions=suggestions(article, state, (*identity, *amp)),
    )
