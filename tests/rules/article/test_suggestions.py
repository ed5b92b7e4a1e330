"""Rule E1: the suggested changes, with old and new value."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.model.check import ChangeKind, FieldChange, LinkedReference
from crawler.model.observation import ImageFacts, PageFacts
from crawler.model.reference import Declared
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.rules.article.article_checks import article_checks
from crawler.rules.policy import Policy
from tests.rules.articles import article, linked

WEB = "https://news.example/2020/a-story-of-note"
AMP = f"{WEB}/amp"
CACHE = "https://news-example.cdn.ampproject.org/c/s/news.example/2020/a-story-of-note/amp"
OTHER = "https://news.example/amp/a-story-of-note"
OTHER_CACHE = "https://news-example.cdn.ampproject.org/c/s/news.example/amp/a-story-of-note"
PICTURE = "https://news.example/img/one.jpg"
NOW = datetime(2026, 11, 23, tzinfo=UTC)
ADD, REPLACE, DROP = ChangeKind.ADD, ChangeKind.REPLACE, ChangeKind.DROP


def changes(*own: LinkedReference, **facts: Any) -> tuple[FieldChange, ...]:
    known = article(*own, **facts)
    return article_checks(known, Policy(), NOW).suggestions


def web(page: PageFacts) -> LinkedReference:
    return linked(url=WEB, page=page)


def amp(kind: VerdictKind = VerdictKind.ALIVE, **facts: Any) -> LinkedReference:
    return linked(Role.AMP, kind, url=AMP, pointer="ampWebUrl", **facts)


def cache(url: str = CACHE) -> LinkedReference:
    return linked(Role.AMP_CACHE, url=url, pointer="cdnAmpWebUrl")


def image(url: str) -> LinkedReference:
    return linked(Role.IMAGE, url=url, pointer="images/0/url")


def test_drifted_fields_give_the_old_and_the_new_value() -> None:
    page = PageFacts("A note", "Other words of the story.", PICTURE, published="2021-02-03")
    excerpt = "The first words of a story."
    assert changes(web(page), excerpt=excerpt) == (
        FieldChange("title", 0, REPLACE, "A story of note", "A note", "title"),
        FieldChange("excerpt", 0, REPLACE, excerpt, "Other words of the story.", "excerpt"),
        FieldChange(
            "publishedDateTime", 0, REPLACE, "2020-06-10", "2021-02-03", "publishedDateTime"
        ),
    )


@pytest.mark.parametrize(
    "page",
    [
        PageFacts("Oops! Something went wrong", "An error has occurred.", published="2021-02-03"),
        PageFacts("News | Example", "All the news of the day."),
        PageFacts("Subscribe to our newsletter", published="2021-02-03"),
        PageFacts(None, "An unknown browser.", published="2021-02-03"),
        PageFacts("You searched for a story of note", "No results for a story of note."),
    ],
)
def test_a_page_that_is_not_recognised_suggests_nothing(page: PageFacts) -> None:
    assert changes(web(page), excerpt="The first words of a story.") == ()


@pytest.mark.parametrize(
    "page",
    [
        # One field still says that it is the page; the other is the site's.
        PageFacts("A story of note", "All that matters in the world, each morning."),
        PageFacts("Example - sports and weather", "The first words of a story."),
    ],
)
def test_words_that_are_not_about_the_article_are_not_suggested(page: PageFacts) -> None:
    assert changes(web(page), excerpt="The first words of a story.") == ()


def test_a_recognised_page_needs_no_more_words_than_are_stored() -> None:
    # Nothing but short words is stored: there is nothing to compare with.
    page = PageFacts("Oh no", "It is new.", published="2020-06-10")
    found = changes(web(page), title="A to Z", excerpt="So it is.")
    assert [one.at for one in found] == ["title", "excerpt"]
    undated = PageFacts("Oh no", published="2021-06-10")
    assert changes(web(undated), title=None) == ()


def test_what_matches_suggests_nothing() -> None:
    page = PageFacts("A story of note", "The first words.", PICTURE, published="2020-06-10")
    assert changes(web(page), image(PICTURE), excerpt="The first words.") == ()


def test_a_missing_image_needs_one_that_was_seen() -> None:
    assert changes(web(PageFacts("A story of note", image=PICTURE))) == ()
    assert changes(web(PageFacts("A story of note", image="data:image/png;base64,AA=="))) == ()


def test_the_size_of_a_notice_of_removal_is_not_suggested() -> None:
    seen = ImageFacts("PNG", 161, 81, 900, 900)
    led = linked(
        Role.IMAGE,
        url="https://pics.example/r/?id=17",
        pointer="images/0",
        image=seen,
        declared=Declared(1200, 630),
        final_url="https://pics.example/static/removed.png",
    )
    assert changes(led) == ()


def test_a_wall_suggests_nothing() -> None:
    walled = linked(kind=VerdictKind.UNVERIFIABLE, page=None)
    assert changes(walled) == ()


def test_amp_that_redirects_to_the_article_drops_both_fields() -> None:
    led = amp(VerdictKind.MOVED, final_url=WEB, hops=[301])
    assert changes(web(PageFacts()), led, cache()) == (
        FieldChange("ampWebUrl", 7, DROP, AMP, None, "amp-redirects-to-canonical"),
        FieldChange("cdnAmpWebUrl", 7, DROP, CACHE, None, "amp-redirects-to-canonical"),
    )


def test_an_offered_amp_page_comes_with_its_copy() -> None:
    assert changes(web(PageFacts(amphtml=AMP))) == (
        FieldChange("ampWebUrl", 0, ADD, None, AMP, "amp-offered"),
        FieldChange("cdnAmpWebUrl", 0, ADD, None, CACHE, "amp-offered"),
    )
    assert changes(web(PageFacts(amphtml=CACHE))) == (
        FieldChange("ampWebUrl", 0, ADD, None, CACHE, "amp-offered"),
    )


def test_the_copy_follows_another_amp_page() -> None:
    replaced = FieldChange("ampWebUrl", 7, REPLACE, AMP, OTHER, "amp-dead")
    page = web(PageFacts(amphtml=OTHER))
    dead = amp(VerdictKind.DEAD)
    assert changes(page, dead) == (replaced,)
    assert changes(page, dead, cache(OTHER_CACHE)) == (replaced,)
    assert changes(page, dead, cache()) == (
        replaced,
        FieldChange("cdnAmpWebUrl", 7, REPLACE, CACHE, OTHER_CACHE, "amp-dead"),
    )


def test_a_wrong_cache_url_gives_the_right_one() -> None:
    wrong = "https://news-example.cdn.ampproject.org/v/s/x"
    assert changes(amp(page=None), cache(wrong)) == (
        FieldChange("cdnAmpWebUrl", 7, REPLACE, wrong, CACHE, "amp-cache-mismatch"),
    )


def test_a_canonical_address_is_suggested() -> None:
    canonical = "https://news.example/culture/the-story-as-it-was"
    assert changes(web(PageFacts(canonical=canonical))) == (
        FieldChange("webUrl", 7, REPLACE, WEB, canonical, "canonical-differs"),
    )
