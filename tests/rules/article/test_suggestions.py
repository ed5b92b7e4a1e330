"""Rule E1: the suggested changes, with old and new value."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from crawler.model.check import ChangeKind, FieldChange, LinkedReference
from crawler.model.observation import PageFacts
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
    page = PageFacts("Another title", "Other words of it.", PICTURE, published="2021-02-03")
    old = image("https://news.example/img/two.jpg")
    assert changes(web(page), old, excerpt="The first words.") == (
        FieldChange("title", 0, REPLACE, "A story of note", "Another title", "title"),
        FieldChange("excerpt", 0, REPLACE, "The first words.", "Other words of it.", "excerpt"),
        FieldChange(
            "publishedDateTime", 0, REPLACE, "2020-06-10", "2021-02-03", "publishedDateTime"
        ),
        FieldChange("images/0/url", 7, REPLACE, old.reference.raw, PICTURE, "image"),
    )


def test_what_matches_suggests_nothing() -> None:
    page = PageFacts("A story of note", "The first words.", PICTURE, published="2020-06-10")
    assert changes(web(page), image(PICTURE), excerpt="The first words.") == ()


@pytest.mark.parametrize("published", [None, date(2020, 6, 10)])
def test_a_missing_image_takes_the_pages(published: date | None) -> None:
    expected = FieldChange("images/0", 0, ADD, None, PICTURE, "image-offered")
    assert changes(web(PageFacts(image=PICTURE)), published=published) == (expected,)
    assert changes(web(PageFacts(image="data:image/png;base64,AA=="))) == ()
    assert changes(web(PageFacts())) == ()


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
