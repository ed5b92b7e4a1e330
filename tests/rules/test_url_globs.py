"""Patterns of addresses: only `*` is special."""

from __future__ import annotations

from time import process_time

import pytest

from crawler.rules.url_globs import any_url_glob, url_glob


@pytest.mark.parametrize(
    ("glob", "url", "matches"),
    [
        ("https://a.example/*", "https://a.example/", True),
        ("https://a.example/*", "https://a.example/x/y?z", True),
        ("https://a.example/*", "https://a.example.evil/x", False),
        ("https://a.example/*", "http://a.example/x", False),
        ("*://a.example/*", "http://a.example/x", True),
        ("*.pdf", "https://a.example/x.pdf", True),
        ("*.pdf", "https://a.example/x.pdf?y", False),
        ("*?x=[1]", "https://a.example/?x=[1]", True),
        ("*?x=[1]", "https://a.example/ax=1", False),
        ("https://a.example/X", "https://a.example/x", False),
        ("https://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "https://a.example/xy", False),
        ("https://a.example/x.y", "https://a.example/xzy", False),
    ],
)
def test_what_a_pattern_matches(glob: str, url: str, matches: bool) -> None:
    assert bool(url_glob(glob).match(url)) is matches
    assert bool(any_url_glob(["https://other.example/*", glob]).match(url)) is matches


def test_no_pattern_matches_nothing() -> None:
    assert any_url_glob([]).match("") is None


def test_many_stars_cost_no_more_than_few() -> None:
    began = process_time()
    assert not url_glob("*a" * 1_000 + "b").match("https://a.example/" + "a" * 8_000)
    assert process_time() - began < 5
