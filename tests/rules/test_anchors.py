"""Parts of pages that links name (rule K8): which are asked for, and which a page has."""

from __future__ import annotations

import pytest

from crawler.model.observation import ANY_ANCHOR, Anchors
from crawler.rules.anchors import (
    MOST_ANCHORS,
    absent_texts,
    has_part,
    marks_of,
    names_a_part,
    part_named,
    texts_named,
)


@pytest.mark.parametrize(
    ("raw", "part", "texts"),
    [
        ("https://a.test/x#part", "part", ()),
        ("x.md#part", "part", ()),
        (" https://a.test/x#part ", "part", ()),
        ("https://a.test/x#a%20b", "a%20b", ()),
        ("https://a.test/x#:~:text=some%20words", None, ("some%20words",)),
        ("https://a.test/x#part:~:text=a,b&text=c", "part", ("a,b", "c")),
        ("https://a.test/x#:~:selector(type=x)", None, ()),
        ("https://a.test/x", None, ()),
        ("https://a.test/x#", None, ()),
        ("https://a.test/x#top", None, ()),
        ("https://a.test/x#Top", None, ()),
        ("https://a.test/#/route/x", None, ()),
        ("https://a.test/#!/route", None, ()),
        ("https://a.test/#%2Froute", None, ()),
        ("https://a.test/x.pdf#page=3", None, ()),
        ("https://a.test/sheet#gid=0", None, ()),
        ("https://a.test/v#t=10&x", None, ()),
        ("https://a.test/file#L10", None, ()),
        ("https://a.test/file#L10-L20", None, ()),
        ("https://a.test/file#Linux", "Linux", ()),
        ("https://a.test/x#" + "a" * 301, None, ()),
        ("https://a.test/x#one#two", "one#two", ()),
    ],
)
def test_what_a_link_names(raw: str, part: str | None, texts: tuple[str, ...]) -> None:
    assert part_named(raw) == part
    assert texts_named(raw) == texts
    assert names_a_part(raw) is (part is not None or bool(texts))


@pytest.mark.parametrize(
    ("names", "headings", "fragment", "is_there"),
    [
        (["part"], [], "part", True),
        (["part"], [], "Part", False),
        (["part"], [], "par", False),
        (["a b"], [], "a%20b", True),
        (["a%20b"], [], "a%20b", True),
        (["größe"], [], "gr%C3%B6%C3%9Fe", True),
        (["user-content-part"], [], "part", True),
        ([], [], "part", False),
        ([], ["Install *it* now!"], "install-it-now", True),
        ([], ["Install it now"], "install_it_now", True),
        ([], ["Install it now"], "Install-It-Now-1", True),
        ([], ["Größe & Maß"], "grosse-mass", True),
        ([], ["Größe"], "gro%C3%9Fe", True),
        ([], ["2. Steps"], "2-steps", True),
        ([], ["Steps"], "step", False),
        ([], ["安装"], "安装", True),
        (["a"], ["B"], "c", False),
        ([""], ["!!!"], "-", False),
    ],
)
def test_what_a_page_has(
    names: list[str], headings: list[str], fragment: str, is_there: bool
) -> None:
    assert has_part(Anchors(marks_of(names, headings)), fragment) is is_there


def test_too_many_parts_are_not_kept() -> None:
    many = marks_of(map(str, range(MOST_ANCHORS + 1)))
    assert many == ANY_ANCHOR
    assert has_part(Anchors(many), "anything")
    assert len(marks_of(map(str, range(MOST_ANCHORS)))) == 8 * MOST_ANCHORS


@pytest.mark.parametrize(
    ("directive", "is_absent"),
    [
        ("some%20words", False),
        ("Some%20WORDS", False),
        ("some%0Awords", False),
        ("other%20words", True),
        ("The%20page,here", False),
        ("The%20page,nowhere", True),
        ("before-,some%20words,-after", False),
        ("ﬁne", False),
        ("%E2%80%99s%20fine", True),
    ],
)
def test_words_of_a_page(directive: str, is_absent: bool) -> None:
    text = "The page says\n  some\u00a0words and is fine here."
    assert absent_texts(text, [directive]) == ((directive,) if is_absent else ())
