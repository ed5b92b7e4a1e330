"""The cookies of a visit (rule U7; RFC 6265)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.fetching.cookies import LONGEST_COOKIE, MOST_COOKIES, Cookies

SITE = "https://www.news.example"
PAGE = f"{SITE}/a/b/story"


def after(*fields: str, url: str = PAGE) -> Cookies:
    cookies = Cookies()
    cookies.keep(url, [field.encode("latin-1") for field in fields])
    return cookies


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("a=1", PAGE),
        ("a=1", f"{SITE}/a/b/"),
        ("a=1", f"{SITE}/a/b/c/d"),
        ("a=1; Path=/", f"{SITE}/"),
        ("a=1; Path=/x", f"{SITE}/x/y"),
        ("a=1; path=/; domain=news.example", "https://news.example/"),
        ("a=1; Path=/; Domain=.news.example", "https://m.news.example/"),
        ("a=1; Path=/; Secure; HttpOnly; SameSite=Strict; Partitioned", f"{SITE}/"),
        ("a=1; Path=/; Max-Age=10", f"{SITE}/"),
        ("a=1; Path=/; Expires=Fri, 01 Jan 2100 00:00:00 GMT", f"{SITE}/"),
        ("a=1; Path=/; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", f"{SITE}/"),
        ("a=1; Path=/", "https://www.news.example:8443/"),
        ("a=1; Path=relative", f"{SITE}/a/b/c"),
    ],
)
def test_a_cookie_comes_back(field: str, asked: str) -> None:
    assert after(field).header(asked) == "a=1"


@pytest.mark.parametrize(
    ("field", "asked"),
    [
        ("a=1", f"{SITE}/"),
        ("a=1", f"{SITE}/a/bc"),
        ("a=1; Path=/x", f"{SITE}/xy"),
        ("a=1; Path=/", "https://news.example/"),
        ("a=1; Path=/", "https://m.www.news.example/"),
        ("a=1; Path=/; Domain=m.news.example", "https://m.news.example/"),
        ("a=1; Path=/; Domain=other.example", "https://other.example/"),
        ("a=1; Path=/; Domain=ews.example", "https://ews.example/"),
        ("a=1; Path=/; Secure", "http://www.news.example/"),
        ("a=1; Path=/; Max-Age=0", f"{SITE}/"),
        ("a=1; Path=/; Max-Age=-1", f"{SITE}/"),
        ("a=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT", f"{SITE}/"),
        ("__Secure-a=1; Path=/", f"{SITE}/"),
        ("__Host-a=1; Path=/", f"{SITE}/"),
        ("__Host-a=1; Secure", f"{SITE}/a/b/c"),
        ("__Host-a=1; Path=/a; Secure", f"{SITE}/a"),
        ("__Host-a=1; Path=/; Secure; Domain=news.example", f"{SITE}/"),
        ("", f"{SITE}/"),
        (f"a={'1' * LONGEST_COOKIE}; Path=/", f"{SITE}/"),
    ],
)
def test_a_cookie_stays_away(field: str, asked: str) -> None:
    assert after(field).header(asked) is None


@pytest.mark.parametrize("host", ["x.co.uk", "x.github.io", "x.example"])
def test_nobody_sets_a_cookie_for_a_public_suffix(host: str) -> None:
    suffix = host.partition(".")[2]
    cookies = after(f"a=1; Path=/; Domain={suffix}", url=f"https://{host}/")
    assert cookies.header(f"https://y.{suffix}/") is None


def test_plain_http_sets_no_secure_cookie() -> None:
    assert after("a=1; Path=/; Secure", url="http://www.news.example/").header(f"{SITE}/") is None


@pytest.mark.parametrize("name", ["__Host-a", "__Secure-a"])
def test_prefixes_that_keep_their_promise(name: str) -> None:
    assert after(f"{name}=1; Path=/; Secure").header(f"{SITE}/") == f"{name}=1"


def test_a_later_cookie_replaces_and_ends_an_earlier_one() -> None:
    cookies = after("a=1; Path=/", "b=2; Path=/")
    cookies.keep(PAGE, [b"a=3; Path=/", b"b=; Path=/; Max-Age=0"])
    assert cookies.header(PAGE) == "a=3"


def test_only_so_many_are_taken_in() -> None:
    header = after(*(f"c{number}=1; Path=/" for number in range(3 * MOST_COOKIES))).header(PAGE)
    assert header is not None
    assert header.count("=") == MOST_COOKIES


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_no_field_breaks_it_and_no_line_gets_through(fields: list[bytes]) -> None:
    cookies = Cookies()
    cookies.keep(PAGE, [field.replace(b"\r", b"").replace(b"\n", b"") for field in fields])
    header = cookies.header(PAGE)
    assert header is None or not {"\r", "\n"} & set(header)
    (header or "").encode("latin-1")
