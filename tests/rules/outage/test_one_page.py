"""Rule O5: answers of different sites that are one page, by the likeness of their marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.signs.page_mark import page_mark, without_address
from crawler.rules.outage.one_page import BARE, PAGE, TEXT, labels, same_page

PORTAL = (
    "<html><head><title>Welcome</title></head><body><h1>Please log in to the network</h1><p>You asked for {}."
    " Guests of the house get a voucher at the desk; it is valid for a day. Request {} at {}.</p></body></html>"
)
HOSTS = ("www.site-1.example", "news.other.test", "a.b.c.example.co.uk", "xn--bcher-kva.example")
NGINX = "<html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1><hr>nginx</body></html>"
APACHE = (
    "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The requested URL was not found on"
    " this server.</p></body></html>"
)


def mark(text: str, asked: str = "https://a.example/story/1", kind: str = PAGE) -> str:
    return kind + page_mark(text.encode(), asked)


@pytest.mark.parametrize(
    "quoted",
    ["{host}", "http://{host}{path}", "{path}", "http%3A%2F%2F{host}%2Fnews", "<b>{host}</b>", ""],
)
def test_a_page_is_one_whatever_it_quotes_of_the_address(quoted: str) -> None:
    marks = {
        mark(
            PORTAL.format(
                quoted.format(host=host, path=path), f"{number}a{number}f", f"12:0{number}"
            ),
            f"https://{host}{path}",
        )
        for number, host in enumerate(HOSTS)
        for path in [f"/news/2020/story-{number}.html"]
    }
    assert len(set(labels(marks).values())) == 1


def test_pages_of_different_makes_are_not_one() -> None:
    for one, other in ((NGINX, APACHE), (NGINX, PORTAL), (APACHE, PORTAL)):
        assert not same_page(mark(one), mark(other))
    assert same_page(mark(NGINX), mark(NGINX, "http://b.example/other"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (None, None, True),
        (None, f"{BARE}404", False),
        (f"{BARE}404", f"{BARE}404", True),
        (f"{BARE}404", f"{BARE}410", False),
        ("title Welcome", "title Welcome", True),
        ("title Welcome", "title Welcome!", False),
        ("title Welcome", f"{PAGE}00000001", False),
        (f"{PAGE}00000001", "title Welcome", False),
        (f"{PAGE}0000000100000002", f"{TEXT}0000000200000001", True),
        (f"{PAGE}00000001", f"{PAGE}00000002", False),
        ("0123456789abcdef0123456789abcdef", f"{PAGE}01234567", False),
    ],
)
def test_marks_of_every_kind(one: str | None, other: str | None, same: bool) -> None:
    assert same_page(one, other) is same
    assert same_page(other, one) is same


def test_marks_that_are_alike_have_one_label() -> None:
    words = [f"{number:08x}" for number in range(1, 21)]
    whole = PAGE + "".join(words)
    nearly = PAGE + "".join([*words[:19], "000000ff"])
    far = PAGE + "".join([*words[:10], *(f"{number:08x}" for number in range(100, 110))])
    found = labels([whole, nearly, far, "title x", whole])
    assert found == {whole: whole, nearly: whole, far: far, "title x": "title x"}


_FEW = st.sets(st.integers(1, 14), max_size=12)


@given(st.lists(_FEW, max_size=12))
def test_a_label_is_the_first_mark_that_is_of_the_same_page(hashes: list[set[int]]) -> None:
    marks = [PAGE + "".join(f"{number:08x}" for number in sorted(each)) for each in hashes]
    leaders: list[str] = []
    expected: dict[str, str] = {}
    for mark in marks:
        if mark in expected:
            continue
        expected[mark] = next((one for one in leaders if same_page(one, mark)), mark)
        if expected[mark] == mark:
            leaders.append(mark)
    assert labels(marks) == expected


@pytest.mark.parametrize(
    ("title", "left"),
    [
        ("A story of the sea", "A story of the sea"),
        ("www.site-1.example is blocked", "is blocked"),
        ("Site-1.example: Home", "home"),
        ("www.site-1.example", ""),
        ("Example", "Example"),
    ],
)
def test_what_is_left_of_a_title_without_the_address(title: str, left: str) -> None:
    assert without_address(title, "https://www.site-1.example/x/1") == left


@given(st.binary(max_size=400), st.text(max_size=40))
def test_every_body_has_a_mark_or_none(body: bytes, path: str) -> None:
    found = page_mark(body, f"https://a.example/{path}")
    assert len(found) % 8 == 0
    assert same_page(PAGE + found, PAGE + found)
