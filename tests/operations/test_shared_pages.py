"""Articles of one page, over the claims of all of them (rule D2)."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from crawler.operations.shared_pages import shared_pages
from crawler.rules.article.identity import GENERAL_FROM, OTHERS_SHOWN, Claim, SharedPages
from crawler.rules.places import same_place
from tests.strategies.model import paths, urls

STORY = same_place("https://news.example/2020/a-story")
END = same_place("https://news.example/2020/an-end")


def ends(amount: int) -> list[tuple[str, str, str]]:
    return [same_place(f"https://news.example/2020/end-{number}") for number in range(amount)]


def test_nothing_is_shared_by_different_pages() -> None:
    claims = [Claim(f"{at}.md", place, place) for at, place in enumerate(ends(3))]
    assert shared_pages(claims) == SharedPages()
    assert shared_pages([]) == SharedPages()


def test_articles_of_one_page_are_named_to_each_other() -> None:
    claims = [
        Claim("b.md", STORY, END),
        Claim("x.md", END, END),
        Claim("a.md", STORY, STORY),
        Claim("\ud800.md", STORY, END),
    ]
    assert shared_pages(claims).others == {
        "a.md": ("b.md", "\ud800.md"),
        "b.md": ("a.md", "\ud800.md"),
        "\ud800.md": ("a.md", "b.md"),
    }


def test_an_address_of_too_many_pages_is_the_sites_for_everything() -> None:
    claims = [Claim(f"{at}.md", STORY, end) for at, end in enumerate(ends(GENERAL_FROM))]
    assert shared_pages(claims) == SharedPages({}, frozenset([STORY]))
    one_less = shared_pages(claims[1:])
    assert one_less.general == frozenset()
    assert len(one_less.others) == GENERAL_FROM - 1


def test_many_articles_of_one_end_are_still_one_page() -> None:
    claims = [Claim(f"{at:03}.md", STORY, END) for at in range(40)]
    others = shared_pages(claims).others
    assert {len(names) for names in others.values()} == {OTHERS_SHOWN}
    assert "000.md" not in others["000.md"]
    assert others["039.md"][0] == "000.md"


places = st.builds(same_place, urls) | st.just(STORY)


@given(st.lists(st.builds(Claim, paths, places, places), unique_by=lambda one: one.path))
def test_whatever_is_claimed_is_shared_both_ways(claims: list[Claim]) -> None:
    shared = shared_pages(claims)
    place = {one.path: one.place for one in claims}
    for path, others in shared.others.items():
        assert path not in others
        assert {place[other] for other in others} == {place[path]}
        assert place[path] not in shared.general
