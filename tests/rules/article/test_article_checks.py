"""Rules V1 and I4: dead links and image sizes of one article."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.content import render
from crawler.model.check import (
    ArticleChecks,
    DeadLink,
    Freshness,
    FreshnessState,
    KnownArticle,
    Level,
    LinkedReference,
    Size,
)
from crawler.model.observation import ImageFacts, Notice, NoticeKind, PageFacts
from crawler.model.reference import Declared
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.rules.article.article_checks import article_checks, written_checks
from crawler.rules.article.dead_links import dead_links
from crawler.rules.article.identity import claim
from crawler.rules.image.image_size import image_sizes
from crawler.rules.image.image_uses import NO_SHARED_IMAGES
from crawler.rules.policy import ImagePolicy, Policy
from tests.rules.articles import SINCE, article, linked
from tests.strategies.model import links, optional_days, optional_texts, paths, references

POLICY = ImagePolicy()
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize("kind", VerdictKind)
def test_only_broken_dead_and_invalid_links_are_written_back(kind: VerdictKind) -> None:
    found = dead_links([linked(kind=kind, reason="x")])
    written = {VerdictKind.BROKEN, VerdictKind.DEAD, VerdictKind.INVALID}
    assert bool(found) is (kind in written)


def test_a_dead_link_says_where_and_since_when() -> None:
    failing = datetime(2026, 11, 1, tzinfo=UTC)
    found = dead_links(
        [linked(kind=VerdictKind.DEAD, reason="http-404", failing_since=failing), linked()]
    )
    assert found == (
        DeadLink(
            "webUrl", 7, VerdictKind.DEAD, "http-404", date(2026, 11, 1), "https://news.example/a"
        ),
    )
    later = dead_links([linked(kind=VerdictKind.INVALID)])
    assert later[0].since == SINCE.date()


def sizes(
    declared: tuple[int | None, int | None], actual: tuple[int | None, int | None]
) -> list[tuple[str, Level]]:
    reference = linked(
        Role.IMAGE,
        pointer="images/0",
        declared=Declared(*declared),
        image=ImageFacts("JPEG", *actual, bytes=None, bytes_read=100),
    )
    return [(finding.reason, finding.level) for finding in image_sizes([reference], POLICY)]


INFO, WARNING = Level.INFO, Level.WARNING


@pytest.mark.parametrize(
    ("declared", "actual", "found"),
    [
        ((1400, 787), (1400, 787), []),
        ((1400, 787), (1024, 576), [("size-mismatch", INFO)]),
        ((1400, 787), (1400, 820), [("size-mismatch", WARNING)]),
        ((1400, 787), (787, 1400), [("size-mismatch", WARNING), ("aspect-mismatch", WARNING)]),
        ((None, 787), (1400, 787), [("size-missing", INFO)]),
        ((1400, None), (1400, 787), [("size-missing", INFO)]),
        ((0, 787), (1400, 787), [("size-missing", INFO)]),
        ((1400, 787), (None, None), []),
        ((1400, 787), (1400, None), []),
        ((1400, 787), (0, 787), []),
        ((1400, 787), (1400, 0), []),
    ],
)
def test_declared_sizes_against_measured_ones(
    declared: tuple[int | None, int | None],
    actual: tuple[int | None, int | None],
    found: list[tuple[str, Level]],
) -> None:
    assert sizes(declared, actual) == found


def test_a_size_finding_says_both_sizes() -> None:
    reference = linked(
        Role.IMAGE, declared=Declared(1400, 787), image=ImageFacts("PNG", 1024, 576, None, 30)
    )
    (finding,) = image_sizes([reference], POLICY)
    assert (finding.declared, finding.actual) == (Size(1400, 787), Size(1024, 576))
    assert f"{finding.declared} {finding.actual}" == "1400x787 1024x576"


def test_pages_gone_images_and_unmeasured_ones_have_no_size() -> None:
    facts = ImageFacts("PNG", 1, 1, None, 30)
    declared = Declared(5, 5)
    assert not image_sizes([linked(Role.WEB, image=facts, declared=declared)], POLICY)
    gone = linked(Role.IMAGE, VerdictKind.BROKEN, image=facts, declared=declared)
    assert not image_sizes([gone], POLICY)
    assert not image_sizes([linked(Role.IMAGE, declared=declared)], POLICY)


def test_all_checks_of_one_article() -> None:
    known = article(
        linked(page=PageFacts(title="A story of note")),
        linked(Role.AMP, VerdictKind.BROKEN, pointer="ampWebUrl", reason="http-404"),
    )
    checks = article_checks(known, Policy(), NOW)
    assert [link.at for link in checks.dead_links] == ["ampWebUrl"]
    assert checks.freshness.state is FreshnessState.CURRENT
    assert not checks.healthy


@pytest.mark.parametrize(
    ("state", "healthy"),
    [
        (FreshnessState.CURRENT, True),
        (FreshnessState.UNVERIFIED, True),
        (FreshnessState.DRIFTED, False),
        (FreshnessState.UPDATED, False),
    ],
)
def test_healthy_means_that_an_editor_has_nothing_to_do(
    state: FreshnessState, healthy: bool
) -> None:
    assert ArticleChecks(freshness=Freshness(state)).healthy is healthy


@pytest.mark.parametrize(
    ("kind", "healthy"), [(None, True), (NoticeKind.CORRECTED, True), (NoticeKind.RETRACTED, False)]
)
def test_an_article_whose_page_was_retracted_is_not_healthy(
    kind: NoticeKind | None, healthy: bool
) -> None:
    notice = Notice(kind, "So it was.") if kind else None
    checks = article_checks(article(linked(page=PageFacts(notice=notice))), Policy(), NOW)
    assert checks.freshness.notice == notice
    assert checks.freshness.state is FreshnessState.CURRENT
    assert checks.healthy is healthy


known_articles = st.builds(
    KnownArticle,
    path=paths,
    title=optional_texts,
    excerpt=optional_texts,
    published=optional_days,
    block=st.none(),
    own=st.lists(st.builds(LinkedReference, references, links), max_size=5).map(tuple),
)


@given(known_articles)
def test_whatever_is_known_is_checked(known: KnownArticle) -> None:
    """Servers and files may say anything at all."""
    checks = article_checks(known, Policy(), NOW)
    fields = {linked.reference.pointer for linked in known.own}
    for finding in (*checks.amp, *checks.identity):
        assert finding.at in fields or finding.line == 0
    claimed = claim(known)
    assert claimed is None or claimed.path == known.path


def test_what_files_hold_is_a_part_of_what_is_said() -> None:
    """Rule W1: files hold dead links, freshness and image sizes, so a write-back works out nothing else."""
    known = article(
        linked(page=PageFacts(title="Another")),
        linked(Role.AMP, VerdictKind.BROKEN, pointer="ampWebUrl", reason="http-404"),
    )
    whole = article_checks(known, Policy(), NOW)
    assert whole.amp
    written = written_checks(known, Policy(), NOW, NO_SHARED_IMAGES)
    assert render(written, NOW.date()) == render(whole, NOW.date())
    assert (written.dead_links, written.freshness) == (whole.dead_links, whole.freshness)
    assert (written.amp, written.identity, written.suggestions) == ((), (), ())
