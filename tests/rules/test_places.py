"""What addresses say of their places, for the soft 404s and the redirects that are no news (rules U4, N1 and N4)."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.places import (
    domains_of,
    is_barrier,
    is_deep,
    is_identity,
    is_of_domain,
    is_search,
    keeps_name,
    same_end,
    same_place,
    segments,
)

SITE = "https://news.example"


@given(
    st.from_regex(r"([a-cA-C]{1,2}\.){0,3}[a-cA-C]{0,2}\.?", fullmatch=True),
    st.from_regex(r"([a-c]{1,2}\.){0,2}[a-c]{1,2}", fullmatch=True),
)
def test_a_host_is_found_in_a_set_of_domains_as_one_by_one(host: str, domain: str) -> None:
    assert (domain in domains_of(host)) is is_of_domain(host, domain)


@pytest.mark.parametrize(
    ("path", "deep"),
    [
        ("/", False),
        ("/en", False),
        ("/index.html", False),
        ("/news/politics", True),
        ("/a-story-of-note", True),
        ("/story2020", True),
        ("/two-words", False),
    ],
)
def test_deep(path: str, deep: bool) -> None:
    assert is_deep(urlsplit(SITE + path)) is deep


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        ("/2019/06/a-story-of-note/amp", "/a-story-of-note"),
        ("/2019/06/a-story-of-note.html", "/news/a-story-of-note/"),
        ("/story.php?id=123456", "/news/123456/a-story"),
        ("/12345-a-story", "/12345"),
        ("/news/politics", "/politics"),
        ("/news/2020/one", "https://www.other.example/news/2020/one"),
        ("/amp/news/one", "/news/one"),
    ],
)
def test_a_tidied_address_keeps_its_name(asked: str, end: str) -> None:
    assert keeps_name(urlsplit(SITE + asked), urlsplit(end if "//" in end else SITE + end))


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        ("/news-and-other-events/2020/a-story", "/news-and-other-events"),
        ("/news/a-story-of-note", "/news"),
        ("/news/a-story-of-note", "/"),
        ("/", "/news"),
        ("/2020/a-story", "/2020/another-story"),
        ("/model123456/a", "/model123456x/b"),
    ],
)
def test_another_name_is_not_kept(asked: str, end: str) -> None:
    assert not keeps_name(urlsplit(SITE + asked), urlsplit(SITE + end))


@pytest.mark.parametrize(
    ("path", "search"),
    [
        ("/search", True),
        ("/de/suche.html", True),
        ("/?s=a+story", True),
        ("/find?q=a", True),
        ("/research", False),
        ("/in-search-of-gold", False),
        ("/?p=12", False),
    ],
)
def test_search(path: str, search: bool) -> None:
    assert is_search(urlsplit(SITE + path)) is search


@pytest.mark.parametrize(
    ("path", "barrier"),
    [
        ("/action/cookieAbsent", True),
        ("/gdpr/news.example/", True),
        ("/maintenance.html", True),
        ("/select-region", True),
        ("/unavailable-in-your-country", True),
        ("/news/", False),
        ("/recipes/cookies-of-the-world", False),
        ("/", False),
    ],
)
def test_barrier(path: str, barrier: bool) -> None:
    assert is_barrier(urlsplit(SITE + path)) is barrier


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (f"{SITE}/news", "http://www.news.example/news/?utm_source=a", True),
        (f"{SITE}/search?q=a", f"{SITE}/search?q=b", True),
        (f"{SITE}/view?slug=a", f"{SITE}/view?slug=b", False),
        (f"{SITE}/search?q=a", f"{SITE}/suche?q=a", False),
        (f"{SITE}/news", f"{SITE}/sport", False),
    ],
)  # fmt: skip
def test_same_end(one: str, other: str, same: bool) -> None:
    assert same_end(one, other) is same


@pytest.mark.parametrize(
    ("path", "numbers"),
    [
        ("/2020/06/12/a-story", []),
        ("/2020-06/a-story", []),
        ("/20200612/a-story", []),
        ("/questions/12345/a-story", ["12345"]),
        ("/item/87/a-story", ["87"]),
        ("/item/7/a-story", ["7"]),
        ("/dp/B00ABC123X/ref", ["B00ABC123X"]),
        ("/a/581cf189-2ae7-4008-7cad-bf17581cf189/b", ["581cf189-2ae7-4008-7cad-bf17581cf189"]),
        ("/news/politics/a", []),
    ],
)
def test_identities(path: str, numbers: list[str]) -> None:
    names = segments(urlsplit(path))
    assert [name for at, name in enumerate(names[:-1]) if is_identity(names, at)] == numbers


@given(st.text(), st.text())
def test_any_text_is_some_place(one: str, other: str) -> None:
    assert same_place(one) == same_place(one)
    assert (same_place(one) == same_place(other)) is (same_place(other) == same_place(one))


def test_what_is_no_address_is_a_place_of_its_own() -> None:
    assert same_place("https://[") == ("", "https://[", "")
    assert not same_end("a://[", "https://news.example/")
