"""Rules F1 to F5: the metadata of the file compared with those of the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.check import Freshness, FreshnessState
from crawler.model.observation import PageFacts
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.rules.article.freshness import freshness, page_day
from crawler.rules.policy import AgeRule, FreshnessPolicy
from crawler.rules.text_folding import plain
from tests.rules.articles import article, linked

TODAY = date(2026, 11, 23)
OFF = FreshnessPolicy()
TITLE = "A story of note"


def state(page: PageFacts | None, **facts: object) -> Freshness:
    known = article(linked(page=page), **facts)  # type: ignore[arg-type]
    return freshness(known, OFF, TODAY)


@pytest.mark.parametrize(
    "found",
    [
        TITLE,
        "A STORY of   note",
        "A story of note | The Example Times",
        "A story of note - Example",
        "A&nbsp;story of note",
        "A story of\u200b note",
        "A&amp;amp;nbsp;story of note",
    ],
)
def test_the_same_title_in_another_spelling_is_no_drift(found: str) -> None:
    assert state(PageFacts(title=found)).state is FreshnessState.CURRENT


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        ("Beta 1 - what is new", "Beta 1 – what is new"),
        ("A pre‑release - and more", "A pre-release — and more"),
        ("The Editors' choice", "The Editors′ choice"),
        ("We&amp;#39;re in", "We're in"),
        ("AT&amp;amp;T buys", "AT&T buys"),
    ],
)
def test_dashes_quotes_and_double_escaping_are_no_drift(stored: str, found: str) -> None:
    assert state(PageFacts(title=found), title=stored).state is FreshnessState.CURRENT


def test_any_candidate_title_will_do() -> None:
    page = PageFacts(title="Something short", titles=("Something short", TITLE))
    assert state(page).state is FreshnessState.CURRENT


def test_a_stored_suffix_is_no_drift_either() -> None:
    page = PageFacts(title=TITLE)
    assert state(page, title=f"{TITLE} | Example").state is FreshnessState.CURRENT


@pytest.mark.parametrize("stored", ["A story of note and of length…", "A story of note and of..."])
def test_a_cut_title_matches_by_its_beginning(stored: str) -> None:
    page = PageFacts(title="A story of note and of length beyond all measure")
    assert state(page, title=stored).state is FreshnessState.CURRENT


def test_another_title_has_drifted() -> None:
    found = state(PageFacts(title="Correction: it was no story", modified="2020-06-11T08:00:00Z"))
    assert (found.state, found.drift) == (FreshnessState.DRIFTED, ("title",))
    assert found.modified == date(2020, 6, 11)


@pytest.mark.parametrize(
    ("stored", "found", "drifted"),
    [
        ("It was the best of times", "It was the best of times, it was the worst", False),
        ("It was the best of times, it was the worst", "It was the best of times", False),
        ("It was the best of times, it...", "It was the best of times, it was the worst", False),
        ("It was the best of times", "Call me Ishmael", True),
        ("It was the best of times", None, False),
        (None, "Call me Ishmael", False),
    ],
)
def test_the_excerpt_is_compared_as_a_prefix(
    stored: str | None, found: str | None, drifted: bool
) -> None:
    result = state(PageFacts(title=TITLE, description=found), excerpt=stored)
    assert ("excerpt" in result.drift) is drifted


@pytest.mark.parametrize(
    ("found", "drifted"),
    [
        ("2020-06-10", False),
        ("2020-06-11T00:30:00+02:00", False),
        ("2020-06-09T23:00:00-05:00", False),
        ("2020-06-12", True),
        ("2019-06-10", True),
        ("rubbish", False),
        (None, False),
    ],
)
def test_dates_are_compared_by_day_with_a_zones_grace(found: str | None, drifted: bool) -> None:
    result = state(PageFacts(title=TITLE, published=found))
    assert ("publishedDateTime" in result.drift) is drifted


def test_a_guessed_date_never_contradicts() -> None:
    """Rule M8: guesses are marked."""
    result = state(PageFacts(title=TITLE, published="2019-06-10", published_guessed=True))
    assert "publishedDateTime" not in result.drift


@pytest.mark.parametrize(
    ("found", "drifted"),
    [
        ("https://cdn.example/img/a.jpg?w=100", False),
        ("https://other.example/x/A.jpg", False),
        ("https://cdn.example/img/b.jpg", True),
        ("https://cdn.example/", False),
        ("//[", False),
        (None, False),
    ],
)
def test_images_are_compared_without_their_query(found: str | None, drifted: bool) -> None:
    picture = linked(Role.IMAGE, url="https://cdn.example/img/a.jpg?w=900", pointer="images/0")
    page = linked(page=PageFacts(title=TITLE, image=found))
    result = freshness(article(page, picture), OFF, TODAY)
    assert ("image" in result.drift) is drifted


@pytest.mark.parametrize(
    ("stored", "found", "drifted"),
    [
        ("http://[oops/a.jpg", "https://cdn.example/img/a.jpg", True),
        ("https://cdn.example/img/a.jpg", "http://[oops/a.jpg", False),
        ("http://[oops/a.jpg", "http://[oops/a.jpg", False),
    ],
)
def test_an_address_that_cannot_be_taken_apart_names_no_image(
    stored: str, found: str, drifted: bool
) -> None:
    picture = linked(Role.IMAGE, url=stored, pointer="images/0")
    page = linked(page=PageFacts(title=TITLE, image=found))
    result = freshness(article(page, picture), OFF, TODAY)
    assert ("image" in result.drift) is drifted


def test_a_page_that_says_nothing_is_no_drift() -> None:
    bare = article(linked(page=PageFacts()), title=None, excerpt=None, published=None)
    assert freshness(bare, OFF, TODAY).state is FreshnessState.CURRENT


@pytest.mark.parametrize(
    ("modified", "expected"),
    [
        ("2020-06-12T00:00:00Z", FreshnessState.UPDATED),
        ("2020-06-11T00:00:00Z", FreshnessState.CURRENT),
        (None, FreshnessState.CURRENT),
    ],
)
def test_modified_more_than_a_day_after_publication_is_updated(
    modified: str | None, expected: FreshnessState
) -> None:
    assert state(PageFacts(title=TITLE, modified=modified)).state is expected


def test_staleness_is_off_by_default_and_a_policy_turns_it_on() -> None:
    known = article(linked(page=PageFacts(title=TITLE)))
    assert freshness(known, OFF, TODAY).state is FreshnessState.CURRENT
    limit = FreshnessPolicy(stale_after=timedelta(days=365))
    assert freshness(known, limit, TODAY).state is FreshnessState.STALE
    assert freshness(known, limit, date(2020, 7, 1)).state is FreshnessState.CURRENT
    assert freshness(replace(known, published=None), limit, TODAY).state is FreshnessState.CURRENT


YEAR = timedelta(days=365)
AGES = (
    AgeRule("_news/*-guide.md", None),
    AgeRule("_news", YEAR),
    AgeRule("_reviews/20*", 3 * YEAR),
    AgeRule("*.old.md", YEAR),
)


@pytest.mark.parametrize(
    ("path", "limit"),
    [
        ("_news/a.md", YEAR),
        ("_news/2020/deep/a.md", YEAR),
        ("_news/a-guide.md", None),
        ("_news", YEAR),
        ("_newsletter/a.md", 2 * YEAR),
        ("old/_news/a.md", 2 * YEAR),
        ("_News/a.md", 2 * YEAR),
        ("_reviews/2019/a.md", 3 * YEAR),
        ("_reviews/a.md", 2 * YEAR),
        ("_people/a.old.md", YEAR),
        ("a.md", 2 * YEAR),
    ],
)
def test_the_first_rule_about_a_path_is_its_limit(path: str, limit: timedelta | None) -> None:
    """Rule F8: an age over a limit per type."""
    assert FreshnessPolicy(2 * YEAR, AGES).limit(path) == limit


@given(path=st.text(min_size=1), age=st.none() | st.timedeltas())
def test_without_rules_all_paths_have_one_limit(path: str, age: timedelta | None) -> None:
    assert FreshnessPolicy(age).limit(path) == age


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("_news/a.md", FreshnessState.STALE),
        ("_reviews/2019/a.md", FreshnessState.CURRENT),
        ("_news/a-guide.md", FreshnessState.CURRENT),
        ("a.md", FreshnessState.CURRENT),
    ],
)
def test_an_article_is_stale_by_the_limit_of_its_folder(
    path: str, expected: FreshnessState
) -> None:
    """Two years old: over the limit of news, not over that of reviews; where none is, never."""
    known = replace(article(linked(page=PageFacts(title=TITLE))), path=path)
    assert known.published is not None
    found = freshness(known, FreshnessPolicy(ages=AGES), known.published + 2 * YEAR)
    assert found.state is expected


@pytest.mark.parametrize("kind", [VerdictKind.BROKEN, VerdictKind.DEAD, VerdictKind.INVALID])
def test_a_page_that_is_gone_leaves_the_article_unverified(kind: VerdictKind) -> None:
    known = article(linked(kind=kind, page=PageFacts(title="old news")))
    assert freshness(known, OFF, TODAY).state is FreshnessState.UNVERIFIED


def test_a_page_that_was_never_seen_leaves_the_article_unverified() -> None:
    known = article(linked(kind=VerdictKind.UNVERIFIABLE))
    assert freshness(known, OFF, TODAY).state is FreshnessState.UNVERIFIED


def test_after_a_wall_the_metadata_seen_before_still_count() -> None:
    known = article(linked(kind=VerdictKind.UNVERIFIABLE, page=PageFacts(title=TITLE)))
    assert freshness(known, OFF, TODAY).state is FreshnessState.CURRENT


def test_original_url_stands_in_for_web_url() -> None:
    gone = linked(kind=VerdictKind.DEAD)
    original = linked(Role.ORIGINAL, pointer="originalUrl", page=PageFacts(title="Other"))
    assert freshness(article(gone, original), OFF, TODAY).state is FreshnessState.DRIFTED


def test_an_article_without_links_is_unverified() -> None:
    assert freshness(article(), OFF, TODAY).state is FreshnessState.UNVERIFIED


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2020-06-10T23:30:00-05:00", date(2020, 6, 11)),
        ("2020-06-10", date(2020, 6, 10)),
        ("0001-01-01T00:00:00+14:00", date(1, 1, 1)),
        ("", None),
        (None, None),
        ("soon", None),
    ],
)
def test_days_of_iso_texts(text: str | None, day: date | None) -> None:
    assert page_day(text) == day


def test_plain_text_folds_quotes_entities_and_width() -> None:
    assert plain("“Ｆｕｌｌ” &amp; ‘half’") == "'full' & 'half'"
