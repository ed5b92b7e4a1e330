"""Rule F10: a page that was read before and is behind a wall now."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.model.link import Access, Baseline
from crawler.model.observation import PageFacts
from crawler.model.verdict import VerdictKind
from crawler.rules.article.access import access_of, became_walled
from crawler.rules.article.freshness import freshness
from crawler.rules.article.updates import seen_baseline
from crawler.rules.policy import FreshnessPolicy
from tests.rules.articles import article, linked

ALIVE, MOVED, WALL = VerdictKind.ALIVE, VerdictKind.MOVED, VerdictKind.UNVERIFIABLE
FREE, PAYWALL, LOGIN = Access.FREE, Access.PAYWALL, Access.LOGIN
OPEN, PAID = PageFacts("A story", paywalled=False), PageFacts("A story", paywalled=True)
SILENT = PageFacts("A story")


@pytest.mark.parametrize(
    ("before", "kind", "reason", "page", "expected"),
    [
        # a paywall
        (FREE, ALIVE, "http-200", PAID, PAYWALL),
        (FREE, MOVED, "moved-permanently", PAID, PAYWALL),
        (FREE, WALL, "http-402", OPEN, PAYWALL),
        (PAYWALL, ALIVE, "http-200", PAID, None),
        (LOGIN, ALIVE, "http-200", PAID, None),
        (None, ALIVE, "http-200", PAID, None),
        (FREE, ALIVE, "http-200", OPEN, None),
        (FREE, ALIVE, "http-200", SILENT, None),
        (PAYWALL, ALIVE, "http-200", OPEN, None),
        # a log-in
        (FREE, WALL, "login-wall", OPEN, LOGIN),
        (FREE, WALL, "http-401", SILENT, LOGIN),
        (PAYWALL, WALL, "login-wall", PAID, LOGIN),
        (None, WALL, "login-wall", SILENT, LOGIN),
        (LOGIN, WALL, "login-wall", OPEN, None),
        (FREE, WALL, "login-wall", None, None),
        # walls for machines, faults and ends say nothing of who may read
        (FREE, WALL, "bot-wall", PAID, None),
        (FREE, WALL, "http-403", PAID, None),
        (FREE, WALL, "http-503", PAID, None),
        (FREE, WALL, "not-public", OPEN, None),
        (FREE, VerdictKind.BROKEN, "http-404", None, None),
    ],
)
def test_what_became_walled(
    before: Access | None, kind: VerdictKind, reason: str, page: PageFacts | None, expected: Access
) -> None:
    baseline = Baseline("1:a", None, before) if page else None
    found = linked(kind=kind, reason=reason, page=page, baseline=baseline)
    assert became_walled(found.link) is expected
    assert freshness(article(found), FreshnessPolicy(), date(2026, 1, 1)).walled is expected


def test_without_a_baseline_a_page_that_was_read_may_still_get_a_log_in() -> None:
    assert became_walled(linked(kind=WALL, reason="login-wall", page=OPEN).link) is LOGIN
    assert became_walled(linked(page=PAID).link) is None
    assert access_of(linked().link) is None


@pytest.mark.parametrize(
    ("kind", "reason", "page"), [(ALIVE, "http-200", PAID), (WALL, "login-wall", OPEN)]
)
def test_a_wall_that_an_editor_has_seen_is_told_no_more(
    kind: VerdictKind, reason: str, page: PageFacts
) -> None:
    seen = seen_baseline(linked(kind=kind, reason=reason, page=page).link)
    assert became_walled(linked(kind=kind, reason=reason, page=page, baseline=seen).link) is None
