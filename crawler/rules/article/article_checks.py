"""All checks of one article, from what the state knows (ADR 3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crawler.model.check import ArticleChecks, KnownArticle
from crawler.model.link import Link
from crawler.rules.article.amp import amp_findings
from crawler.rules.article.dead_links import dead_links
from crawler.rules.article.freshness import freshness
from crawler.rules.article.identity import NOTHING_SHARED, SharedPages, identity_findings
from crawler.rules.article.suggestions import suggestions
from crawler.rules.image.image_candidates import candidate_changes, candidates
from crawler.rules.image.image_checks import image_checks
from crawler.rules.image.image_uses import NO_SHARED_IMAGES, SharedImages
from crawler.rules.policy import Policy


def _nothing_known(_url: str) -> None:
    return None


def article_checks(
    article: KnownArticle,
    policy: Policy,
    now: datetime,
    shared: SharedPages = NOTHING_SHARED,
    shared_images: SharedImages = NO_SHARED_IMAGES,
    known: Callable[[str], Link | None] = _nothing_known,
) -> ArticleChecks:
    """The opinion on each of the article's own fields. Pure, so that it is never stored.

    `shared` is what other articles have to do with it, `shared_images` which images are on many of them;
    `known` gives the link of an address that no article holds, where it was visited.
    """
    state = freshness(article, policy.freshness, now.date())
    amp = amp_findings(article.own)
    identity = identity_findings(article, shared)
    images = image_checks(article.own, policy.images, now, shared_images)
    seen = {url: link for url in candidates(article, images) if (link := known(url))}
    replaced = candidate_changes(article, images, seen, policy.images)
    return ArticleChecks(
        dead_links=dead_links(article.own),
        freshness=state,
        image_sizes=images,
        amp=amp,
        identity=identity,
        suggestions=suggestions(article, state, (*identity, *amp), images, replaced),
    )
