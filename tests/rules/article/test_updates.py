"""Rule F6: how a page changed since it was first seen."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.model.check import FieldState, FreshnessState, UpdateKind
from crawler.model.link import Access, Baseline
from crawler.model.observation import Notice, NoticeKind, PageFacts
from crawler.model.role import Role
from crawler.rules.article.freshness import freshness
from crawler.rules.article.updates import (
    first_baseline,
    page_moment,
    seen_baseline,
    update_kind,
)
from crawler.rules.policy import FreshnessPolicy
from tests.rules.articles import article, linked

OLD, NEW = "1:old", "1:new"
DAY = date(2020, 6, 10)
NOON = "2020-06-10T12:00:00Z"
UPDATED, TOUCHED, SILENT, SAME, SINCE = (
    UpdateKind.UPDATED,
    UpdateKind.TOUCHED,
    UpdateKind.SILENT_EDIT,
    UpdateKind.UNCHANGED,
    UpdateKind.UPDATED_SINCE_PUBLICATION,
)


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        # date and content, the date alone, the content alone, neither
        ((OLD, NOON), (NEW, "2020-06-10T12:01:01Z"), UPDATED),
        ((OLD, NOON), (OLD, "2020-06-10T12:01:01Z"), TOUCHED),
        ((OLD, NOON), (NEW, NOON), SILENT),
        ((OLD, NOON), (OLD, NOON), SAME),
        # up to 60 seconds, an earlier date, and another zone are no later date
        ((OLD, NOON), (NEW, "2020-06-10T12:01:00Z"), SILENT),
        ((OLD, NOON), (OLD, "2020-06-10T12:01:00Z"), SAME),
        ((OLD, NOON), (NEW, "2020-06-10T11:00:00Z"), SILENT),
        ((OLD, NOON), (OLD, "2020-06-10T14:00:00+02:00"), SAME),
        ((OLD, NOON), (OLD, "2020-06-10T12:30:00+02:00"), SAME),
        # a date on one side only
        ((OLD, None), (NEW, NOON), SILENT),
        ((OLD, NOON), (NEW, None), SILENT),
        ((OLD, NOON), (OLD, "no date"), SAME),
        # the first visit, and hashes that cannot be compared
        (None, (NEW, NOON), SAME),
        ((OLD, NOON), (None, "2020-06-10T18:00:00Z"), SAME),
        ((OLD, NOON), ("2:new", NOON), SAME),
        ((OLD, NOON), ("2:new", "2020-06-10T18:00:00Z"), TOUCHED),
        # changed before it was first seen, more than a day after the article
        (None, (NEW, "2020-06-12T00:00:00Z"), SINCE),
        (None, (NEW, "2020-06-11T23:59:59Z"), SAME),
        ((OLD, "2020-06-12T00:00:00Z"), (OLD, "2020-06-12T00:00:00Z"), SINCE),
        ((OLD, NOON), (NEW, "2020-06-12T00:00:00Z"), UPDATED),
        ((OLD, NOON), (OLD, "2020-06-12T00:00:00Z"), TOUCHED),
    ],
)
def test_a_page_against_its_first_visit(
    before: tuple[str, str | None] | None, now: tuple[str | None, str | None], kind: UpdateKind
) -> None:
    page = PageFacts(content_hash=now[0], modified=now[1])
    baseline = Baseline(*before) if before else None
    assert update_kind(page, baseline, DAY) is kind
    if kind is SINCE:
        assert update_kind(page, baseline, None) is SAME


@pytest.mark.parametrize(
    ("before", "now", "state"),
    [
        ((OLD, NOON), (NEW, "2020-06-10T18:00:00Z"), FreshnessState.UPDATED),
        ((OLD, NOON), (OLD, "2020-06-12T00:00:00Z"), FreshnessState.CURRENT),
        ((OLD, NOON), (NEW, NOON), FreshnessState.CURRENT),
        ((OLD, NOON), (OLD, NOON), FreshnessState.CURRENT),
        # News of the first visit stay news.
        ((OLD, "2020-06-12T00:00:00Z"), (OLD, "2020-06-13T00:00:00Z"), FreshnessState.UPDATED),
        ((OLD, "2020-06-12T00:00:00Z"), (NEW, "2020-06-12T00:00:00Z"), FreshnessState.UPDATED),
    ],
)
def test_the_state_follows(
    before: tuple[str, str], now: tuple[str, str], state: FreshnessState
) -> None:
    page = PageFacts("A story of note", content_hash=now[0], modified=now[1])
    known = article(linked(page=page, baseline=Baseline(*before)))
    assert freshness(known, FreshnessPolicy(), DAY).state is state


@pytest.mark.parametrize(
    ("seen", "now", "kind", "state"),
    [
        # what an editor has seen is no news, however late it was changed
        ((OLD, "2020-06-20T00:00:00Z"), (OLD, "2020-06-20T00:00:00Z"), SAME, "current"),
        ((OLD, None), (OLD, None), SAME, "current"),
        ((None, "2020-06-20T00:00:00Z"), (None, "2020-06-20T00:00:00Z"), SAME, "current"),
        # the next change is
        ((OLD, "2020-06-20T00:00:00Z"), (NEW, "2020-06-21T00:00:00Z"), UPDATED, "updated"),
        ((OLD, NOON), (NEW, "2020-06-10T12:01:01Z"), UPDATED, "updated"),
        # but neither a date nor an edit alone, as before
        ((OLD, "2020-06-20T00:00:00Z"), (OLD, "2020-06-21T00:00:00Z"), TOUCHED, "current"),
        ((OLD, "2020-06-20T00:00:00Z"), (NEW, "2020-06-20T00:00:00Z"), SILENT, "current"),
        ((OLD, "2020-06-20T00:00:00Z"), (NEW, "2020-06-20T00:01:00Z"), SILENT, "current"),
        # where hashes cannot be compared, the date alone decides
        ((None, "2020-06-20T00:00:00Z"), (None, "2020-06-21T00:00:00Z"), UPDATED, "updated"),
        ((None, "2020-06-20T00:00:00Z"), (NEW, "2020-06-21T00:00:00Z"), UPDATED, "updated"),
        ((OLD, "2020-06-20T00:00:00Z"), (None, "2020-06-21T00:00:00Z"), UPDATED, "updated"),
        ((OLD, "2020-06-20T00:00:00Z"), ("2:x", "2020-06-21T00:00:00Z"), UPDATED, "updated"),
        ((OLD, "2020-06-20T00:00:00Z"), ("2:x", "2020-06-20T00:00:30Z"), SAME, "current"),
        ((None, None), (None, "2020-06-21T00:00:00Z"), SAME, "current"),
    ],
)
def test_after_an_editor_has_seen_it(
    seen: tuple[str | None, str | None],
    now: tuple[str | None, str | None],
    kind: UpdateKind,
    state: str,
) -> None:
    then = linked(page=PageFacts("A story of note", content_hash=seen[0], modified=seen[1]))
    baseline = seen_baseline(then.link)
    assert baseline is not None
    page = PageFacts("A story of note", content_hash=now[0], modified=now[1])
    found = freshness(article(linked(page=page, baseline=baseline)), FreshnessPolicy(), DAY)
    assert (found.update, found.state.value) == (kind, state)


def test_what_a_baseline_holds() -> None:
    page = PageFacts(content_hash=OLD, modified=NOON, paywalled=True)
    assert first_baseline(page) == Baseline(OLD, NOON, Access.PAYWALL)
    assert first_baseline(PageFacts(modified=NOON)) is None
    assert seen_baseline(linked(page=page).link) == Baseline(
        OLD, NOON, Access.PAYWALL, is_seen=True
    )
    assert seen_baseline(linked().link) is None


@pytest.mark.parametrize(
    ("seen", "now", "told"),
    [
        (None, None, False),
        (None, "Correction: it was 3.", True),
        ("Correction: it was 3.", "Correction: it was 3.", False),
        ("Correction: it was 3.", "Correction: it was 3, not 4.", True),
        ("Correction: it was 3.", None, False),
        (None, "", True),
    ],
)
def test_a_notice_that_an_editor_has_seen_is_told_no_more(
    seen: str | None, now: str | None, told: bool
) -> None:
    def page(words: str | None) -> PageFacts:
        notice = None if words is None else Notice(NoticeKind.CORRECTED, words)
        return PageFacts("A story of note", content_hash=OLD, notice=notice)

    baseline = seen_baseline(linked(page=page(seen)).link)
    found = freshness(article(linked(page=page(now), baseline=baseline)), FreshnessPolicy(), DAY)
    assert (found.notice is not None) == told
    first = freshness(article(linked(page=page(now))), FreshnessPolicy(), DAY)
    assert (first.notice is not None) == (now is not None)


def test_each_field_has_its_state() -> None:
    page = PageFacts("Quite another title", published="2020-06-10T12:00:00Z")
    image = linked(Role.IMAGE, url="https://news.example/one.jpg", pointer="images/0")
    found = freshness(article(linked(page=page), image), FreshnessPolicy(), DAY)
    assert list(found.fields.items()) == [
        ("title", FieldState.DRIFTED),
        ("excerpt", FieldState.MISSING),
        ("publishedDateTime", FieldState.MATCH),
        ("image", FieldState.UNVERIFIABLE),
    ]
    unseen = freshness(article(linked(page=None), published=None), FreshnessPolicy(), DAY)
    assert (unseen.state, unseen.update) == (FreshnessState.UNVERIFIED, None)
    assert [state.value for state in unseen.fields.values()] == [
        "unverifiable",
        "missing",
        "missing",
        "missing",
    ]


@pytest.mark.parametrize("text", [None, "", "soon", "2026-13-01"])
def test_what_is_no_date(text: str | None) -> None:
    assert page_moment(text) is None


def test_a_date_at_the_end_of_time_is_still_one() -> None:
    found = page_moment("0001-01-01T00:00:00+05:00")
    assert found is not None
    assert found.date() == date(1, 1, 1)
