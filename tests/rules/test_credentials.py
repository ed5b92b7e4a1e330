from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.credentials import url_without_credentials, without_credentials
from crawler.rules.urls import InvalidReason, examine


@pytest.mark.parametrize(
    ("raw", "hidden"),
    [
        ("https://user:pass@host/p", "https://***@host/p"),
        ("https://user@host/", "https://***@host/"),
        ("https://:pass@host/", "https://***@host/"),
        ("https:user:pass@host", "https:***@host"),
        (r"https:\\user:pass@host/x", r"https:\\***@host/x"),
        ("https:////user:pass@host/x", "https:////***@host/x"),
        ("ht\ntps://us\ter:pass@host/", "https://***@host/"),
        ("  https://user:my pass@host/a", "https://***@host/a"),
        ("https://user:pa\"ss'@host/a", "https://***@host/a"),
        ("//user:pass@host/x", "//***@host/x"),
        ("ftp://user:pass@host/", "ftp://***@host/"),
        ("https://user:p@ss@host/", "https://***@host/"),
        ("https://user:pa/ss@host/x", "https://***@host/x"),
        ("https://user:pa?ss@host/x", "https://***@host/x"),
        ("https://user:pass@[::1]:8/x", "https://***@[::1]:8/x"),
        ("https://user:pass@host?a@b", "https://***@host?a@b"),
        ("postgresql://me:pass@db/x", "postgresql://***@db/x"),
        ("https://***@host/", "https://***@host/"),
        (
            "https://web.archive.org/web/2020/https://user:pass@host/x",
            "https://web.archive.org/web/2020/https://***@host/x",
        ),
        (
            "https://a.test/?next=https%3A%2F%2Fuser%3Apass%40host%2F",
            "https://a.test/?next=https%3A%2F%2F***%40host%2F",
        ),
    ],
)
def test_credentials_of_an_address_are_hidden(raw: str, hidden: str) -> None:
    assert url_without_credentials(raw) == hidden
    assert without_credentials(hidden) == hidden


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "@",
        "https://host/",
        "https://@host/",
        "https://:@host/",
        "https://medium.com/@me",
        "https://host/a//b@c",
        "https://host:8080/@x",
        "https://host:/@x",
        "https://[::1]/a@b",
        "https://[::1]:80/a@b",
        "https://host?a@b",
        "https://host#a@b",
        "https://host:80",
        "mailto:me@host",
        "javascript:alert('a@b')",
        "git@github.com:a/b",
        "images/photo@2x.png",
        "/images/photo@2x.png",
        "https://a.test/?mail=me%40x.test",
        "https://a.test/?a=b@c",
        "https://a.test/?access_token=abc",
    ],
)
def test_an_at_that_means_something_else_stays(raw: str) -> None:
    assert url_without_credentials(raw) == raw


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("see https://user:pass@host, and me@x.test", "see https://***@host, and me@x.test"),
        ("'https://user:pass@host'", "'https://***@host'"),
        ("<https://user:pa/ss@host>", "<https://***@host>"),
        ("a,http://user:pass@b.test/", "a,http://***@b.test/"),
        ("https://a.test: me@x.test", "https://a.test: me@x.test"),
        ("https://a.test:80/ me@x.test", "https://a.test:80/ me@x.test"),
        ("https://a.test/x and b@c", "https://a.test/x and b@c"),
        ("-> //user:pass@host/", "-> //***@host/"),
        ("see a//b@c", "see a//b@c"),
    ],
)
def test_credentials_in_a_text_are_hidden(text: str, hidden: str) -> None:
    assert without_credentials(text) == hidden


@given(
    user=st.text(alphabet="abc:!$&'()*+,;=%41.~-_", min_size=1, max_size=12),
    way=st.sampled_from(["https://", "HTTP://", "https:\\\\", "http:", "https:/", "ftp://", "//"]),
    rest=st.sampled_from(["", "/", "/a@b", "?a", "#b"]),
)
def test_whatever_is_refused_for_its_credentials_is_shown_without(
    user: str, way: str, rest: str
) -> None:
    raw = f"{way}{user}s3cret@host.test{rest}"
    hidden = url_without_credentials(raw)
    assert "s3cret" not in hidden
    assert url_without_credentials(hidden) == hidden
    assert examine(hidden).invalid == examine(raw).invalid


@given(st.text(alphabet="htps:/\\@?#%40 \n\tau.[]", max_size=40))
def test_any_text_is_stable(raw: str) -> None:
    once = url_without_credentials(raw)
    assert url_without_credentials(once) == once
    found = examine(raw)
    if found.invalid is InvalidReason.CREDENTIALS:
        assert "***@" in found.url
    elif found.invalid is None:
        assert examine(found.url).url == found.url


@pytest.mark.parametrize(
    "text",
    [
        "https:" * 20_000 + "@",
        "https://" + "a" * 100_000,
        "//a:" * 20_000 + "@",
        "%3A%2F%2Fa" * 9_000,
    ],
)
def test_a_hostile_text_costs_little(text: str) -> None:
    begun = time.process_time()
    without_credentials(text + "@ %40")
    assert time.process_time() - begun < 5
