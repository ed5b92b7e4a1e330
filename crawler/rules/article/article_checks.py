"""All checks of one article, from what the state knows (ADR 3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from crawler.model.check import ArticleChecks, KnownArticle
from crawler.model.link import Link
from crawler.rules.article.amp import amp_findings
from crawler.rules.article.article_check import (
    ArticleCheck,
    CheckInput,
    nothing_known,
    run_checks,
    site_unknown,
)
from crawler.rules.article.dead_links import dead_links
from crawler.rules.article.freshness import freshness
from crawler.rules.article.identity import NOTHING_SHARED, SharedPages, identity_findings
from crawler.rules.article.parts import part_findings
from crawler.rules.article.provider_check import provider_findings
from crawler.rules.article.recognition import is_recognised
from crawler.rules.article.site_values import without_site_values
from crawler.rules.article.suggestions import suggestions
from crawler.rules.image.image_candidates import candidate_changes, candidates
from crawler.rules.image.image_checks import image_checks
from crawler.rules.image.image_uses import NO_SHARED_IMAGES, SharedImages
from crawler.rules.policy import Policy
from crawler.rules.verdict.page_evidence import compared_page


def _with(checks: ArticleChecks, **found: tuple[object, ...]) -> ArticleChecks:
    """The checks with what was found more; most articles have no finding of most kinds, and a copy is not free."""
    return replace(checks, **found) if any(found.values()) else checks  # type: ignore[arg-type]


def _dead_links(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
    return _with(checks, dead_links=dead_links(given.article.own))


def _freshness(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
    state = freshness(given.article, given.policy.freshness, given.now.date())
    return replace(checks, freshness=state)


def _images(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
    found = image_checks(
        given.article.own, given.policy.images, given.now, given.shared_images, given.news_since
    )
    return _with(checks, image_sizes=found)


def _amp(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
    return _with(checks, amp=amp_findings(given.article.own))


def _identity(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
    return _with(checks, identity=identity_findings(given.article, given.shared))


def _provider(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
    found = provider_findings(given.article, checks.freshness, given.site_of)
    return _with(checks, identity=(*checks.identity, *found))


def _parts(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
    return _with(checks, identity=(*checks.identity, *part_findings(given.article.own)))


def _suggestions(given: CheckInput, checks: ArticleChecks) -> ArticleChecks:
    article, images = given.article, checks.image_sizes
    offered = [url for url in candidates(article, images) if not given.shared_images.has(url)]
    seen = {url: link for url in offered if (link := given.known(url))}
    page = compared_page(article.own)
    is_its = page is not None and is_recognised(article, page, checks.freshness)
    replaced = candidate_changes(article, images, seen, given.policy.images, is_its=is_its)
    findings = (*checks.identity, *checks.amp)
    found = suggestions(article, checks.freshness, findings, images, replaced)
    return _with(checks, suggestions=found)


_WRITTEN: tuple[ArticleCheck, ...] = (_dead_links, _freshness, _images)
CHECKS: tuple[ArticleCheck, ...] = (
    *_WRITTEN,
    _amp,
    _identity,
    _provider,
    _parts,
    _suggestions,
)
"""The order counts: suggestions follow from the findings of the other checks."""


def article_checks(
    article: KnownArticle,
    policy: Policy,
    now: datetime,
    shared: SharedPages = NOTHING_SHARED,
    shared_images: SharedImages = NO_SHARED_IMAGES,
    known: Callable[[str], Link | None] = nothing_known,
    site_values: frozenset[str] = frozenset(),
    news_since: int | None = None,
    site_of: Callable[[str], str] = site_unknown,
) -> ArticleChecks:
    """The opinion on each of the article's own fields; `CheckInput` explains the arguments.

    What is in `site_values` counts as if the article's page did not say it (rule F9).
    """
    own = without_site_values(article, site_values)
    given = CheckInput(own, policy, now, shared, shared_images, known, news_since, site_of)
    return run_checks(CHECKS, given)


def written_checks(
    article: KnownArticle, policy: Policy, now: datetime, shared_images: SharedImages
) -> ArticleChecks:
    """The part of the opinion that files hold (rule W1): the rest is told by reports alone."""
    given = CheckInput(article, policy, now, shared_images=shared_images)
    return run_checks(_WRITTEN, given)
