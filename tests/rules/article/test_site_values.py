"""Rule F9: what pages of a site say alike, against what is stored of each, is no page's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.model.check import KnownArticle
from crawler.model.observation import PageFacts
from crawler.model.role import Role
from crawler.operations.on_many_pages import on_many_pages
from crawler.rules.article.article_checks import article_checks
from crawler.rules.article.site_values import PAGES_ALIKE, site_claims, without_site_values
from crawler.rules.policy import Policy
from tests.rules.articles import article, linked

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SLOGAN = "The story of the day, and words about it."
LOGO = "https://news.example/assets/share.png"


def story(number: int, page: PageFacts, *, host: str = "news.example") -> KnownArticle:
    url = f"https://{host}/story-{number}"
    known = article(linked(url=url, page=page), path=f"{number}.md", excerpt="The first words.")
    return replace(known, title=f"Story number {number} of many words")


def shared(*articles: KnownArticle) -> frozenset[str]:
    claims = ((one.value, one.page) for each in articles for one in site_claims(each))
    return frozenset(on_many_pages(claims, PAGES_ALIKE))


def titled(number: int, description: str | None = None, published: str | None = None) -> PageFacts:
    title = f"Story number {number} of many words"
    return PageFacts(title, description, published=published)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("excerpt", {"description": SLOGAN}),
        ("publishedDateTime", {"published": "2021-02-01T06:00:00Z"}),
    ],
)
def test_what_two_pages_say_alike_is_not_suggested(name: str, facts: dict[str, str]) -> None:
    first, second = story(1, titled(1, **facts)), story(2, titled(2, **facts))
    assert [one.at for one in article_checks(first, Policy(), NOW).suggestions] == [name]
    values = shared(first, second)
    for each in (first, second):
        checks = article_checks(each, Policy(), NOW, site_values=values)
        assert checks.suggestions == ()
        assert checks.freshness.drift == ()


def test_a_moment_is_one_in_any_zone_and_a_text_in_any_spelling() -> None:
    here = story(1, titled(1, SLOGAN, "2021-02-01T06:00:00Z"))
    there = story(2, titled(2, SLOGAN.upper(), "2021-02-01T15:00:00+09:00"))
    assert len(shared(here, there)) == 2
    undated = [story(number, titled(number, published="soon")) for number in (1, 2)]
    assert shared(*undated) == frozenset()


def test_a_headline_of_the_site_and_its_picture_are_no_pages_own() -> None:
    page = PageFacts("Example: news", image=LOGO, titles=("Example: news",))
    old = linked(Role.IMAGE, url="https://news.example/a.jpg", pointer="images/0")
    first, second = (replace(one, own=(*one.own, old)) for one in (story(1, page), story(2, page)))
    (seen, _) = without_site_values(first, shared(first, second)).own
    assert seen.link.page == PageFacts()


def test_one_page_alone_may_have_changed() -> None:
    first = story(1, titled(1, description=SLOGAN))
    again = replace(first, path="again.md")
    matching = replace(story(3, titled(3, description=SLOGAN)), excerpt=SLOGAN)
    elsewhere = story(2, titled(2, description=SLOGAN), host="other.example")
    values = shared(first, again, matching, elsewhere)
    assert values == frozenset()
    assert without_site_values(first, values) is first


def test_what_matches_stays() -> None:
    articles = [story(number, titled(number, description=SLOGAN)) for number in (1, 2)]
    matching = replace(story(3, titled(3, description=SLOGAN)), excerpt=SLOGAN)
    other = story(4, titled(4, description="The story itself, in other words."))
    values = shared(*articles)
    assert without_site_values(matching, values) is matching
    assert without_site_values(other, values) is other


def test_an_article_without_a_page_claims_nothing() -> None:
    assert list(site_claims(article())) == []
    assert list(site_claims(story(1, PageFacts(titles=("Only a candidate",))))) == []
    assert without_site_values(article(), frozenset("x")) == article()
