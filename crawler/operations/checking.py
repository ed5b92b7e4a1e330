"""The checks of a session's articles, with the pages and images that they share with other articles."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from crawler.extractors.registered_domain import site_of
from crawler.model.check import ArticleChecks, KnownArticle
from crawler.model.portion import Portion
from crawler.operations.on_many_pages import PageCounts
from crawler.operations.shared_pages import PageClaims
from crawler.rules.article.article_checks import article_checks
from crawler.rules.article.identity import SharedPages, claim
from crawler.rules.article.site_values import PAGES_ALIKE, site_claims
from crawler.rules.image.image_uses import SharedImages, image_uses
from crawler.rules.policy import Policy
from crawler.state import State

if TYPE_CHECKING:
    # Opening a collection takes much that a process which is only to check does without.
    from crawler.session import Session


@dataclass(frozen=True, slots=True)
class CheckScope:
    """What checks follow from beside the state. `asked` is the part of the collection that is looked at, None for all; `now` is aware."""

    asked: Portion | None
    policy: Policy
    now: datetime

    @classmethod
    def of(cls, session: Session) -> CheckScope:
        """That of an open collection, now."""
        configuration = session.configuration
        return cls(session.content.asked, configuration.policy, configuration.clock.now())


def checks_of(session: Session) -> Callable[[KnownArticle], ArticleChecks]:
    """A function that checks one article. What articles share is read once, at the first article."""
    return checks_from(session.state, CheckScope.of(session))


def checks_from(state: State, scope: CheckScope) -> Callable[[KnownArticle], ArticleChecks]:
    """The same from the state alone."""
    shared = cache(lambda: _shared(state, scope))
    known, news_since = state.link_by_url, cache(state.told_until)

    def check(article: KnownArticle) -> ArticleChecks:
        held = shared()
        return article_checks(
            article,
            scope.policy,
            scope.now,
            held.pages,
            held.images,
            known,
            held.values,
            news_since(),
            site_of,
        )

    return check


@dataclass(frozen=True, slots=True)
class _Shared:
    """What several articles have: the same page, the same image; and what several pages of a site say alike."""

    pages: SharedPages
    images: SharedImages
    values: frozenset[str]


def _shared(state: State, scope: CheckScope) -> _Shared:
    """One pass over all articles, since reading them takes longer than what is asked of them. Pages count by those that
    are checked, images and values by all."""
    with (
        closing(PageClaims()) as pages,
        closing(PageCounts()) as images,
        closing(PageCounts()) as values,
    ):
        for article in state.known_articles():
            is_checked = scope.asked is None or article.path in scope.asked
            if is_checked and (claimed := claim(article)):
                pages.add(claimed)
            for use in image_uses(article):
                images.add(use.image, use.page)
            for one in site_claims(article):
                values.add(one.value, one.page)
        return _Shared(
            pages.shared(),
            SharedImages(images.on(scope.policy.images.placeholder_from)),
            frozenset(values.on(PAGES_ALIKE)),
        )
