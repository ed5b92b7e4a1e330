"""What a diff may show of an article: never a secret, never a value of a key that nobody asked about (rule W7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.content import Shown, shown_lines, without_secrets

SECRET = frozenset({"secured", "apiToken"})


def shown(*lines: str, meant: frozenset[str] = frozenset()) -> list[str]:
    text = "\n".join(("---", *lines, "---", ""))
    found = shown_lines("a.md", text.encode(), Shown(meant, SECRET))
    assert len(found) == len(text.split("\n"))
    return found[1:-2]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (["title: The title", "secured: s3cret"], ["title: The title", "secured: ***"]),
        (["webUrl: https://a.test/", "other: s3cret"], ["webUrl: https://a.test/", "other: …"]),
        (["secured: 's3cret'  # s3cret"], ["secured: ***"]),
        (['secured: "s3cret', '  s3cret"', "title: T"], ["secured: ***", "  ***", "title: T"]),
        (["secured: |", "  s3cret", "", "  s3cret", "title: T"], ["secured: ***", "  ***", "", "  ***", "title: T"]),
        (["secured: >-", "  s3cret"], ["secured: ***", "  ***"]),
        (["secured:", "  - s3cret", "  - a: s3cret"], ["secured:", "  ***", "  ***"]),
        (["secured: {a: s3cret, b: [s3cret]}"], ["secured: ***"]),
        (["secured: []", "title: T"], ["secured: ***", "title: T"]),
        (["secured:", "title: T"], ["secured:", "title: T"]),
        (["secured: !!str s3cret"], ["secured: ***"]),
        (["'secured': s3cret"], ["'secured': ***"]),
        (["author:", "  name: s3cret", "  apiToken: s3cret"], ["author:", "  name: …", "  apiToken: ***"]),
        (["related:", "- title: T", "  apiToken: s3cret"], ["related:", "- title: T", "  apiToken: ***"]),
        (["images: [{url: u, apiToken: s3cret, width: 1}]"], ["images: [{url: u, apiToken: ***, width: 1}]"]),
        (["tags: [s3cret, s3cret]"], ["tags: […, …]"]),
        (["# secured: s3cret", "title: T"], ["# secured: ***", "title: T"]),
        (["# apiToken=s3cret"], ["# apiToken=***"]),
        (["webUrl: https://u:s3cret@a.test/x"], ["webUrl: ***"]),
        (['webUrl: "https://u:s3\\x63ret@a.test/"'], ["webUrl: ***"]),
        (['webUrl: "https://u:s3cret\\', '  @a.test/"'], ["webUrl: ***", "  ***"]),
        (["title: see https://u:s3cret@a.test/ there"], ["title: ***"]),
        (["unsecured: s3cret"], ["unsecured: …"]),
        (["title: |", "  secured: s3cret"], ["title: |", "  secured: ***"]),
    ],
)  # fmt: skip
def test_what_is_shown_of_front_matter(lines: list[str], wanted: list[str]) -> None:
    assert shown(*lines) == wanted


def test_a_key_that_is_meant_is_shown_unless_it_is_secret() -> None:
    lines = ("other: value", "secured: s3cret")
    meant = frozenset({"other", "secured"})
    assert shown(*lines, meant=meant) == ["other: value", "secured: ***"]


def test_our_own_block_is_shown() -> None:
    lines = ("linkHealth:", "  schema: 1", "  since: 2026-01-01", "secured: s3cret")
    assert shown(*lines) == [*lines[:3], "secured: ***"]


def test_a_file_that_is_no_article_shows_no_secret_either() -> None:
    found = shown_lines("a.md", b"secured: s3cret\nhttps://u:s3cret@a.test/\n", Shown())
    assert found == ["secured: ***", "https://***@a.test/", ""]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("line 3: secured: abc", "line 3: secured: ***"),
        ('{"secured": "abc"}', '{"secured": ***'),
        ("secured by us", "secured by us"),
        ("secured:", "secured:"),
        ("my-secured: x", "my-secured: x"),
    ],
)
def test_what_another_program_says_is_shown_without_secrets(text: str, wanted: str) -> None:
    assert without_secrets(text, frozenset({"secured"})) == wanted


@given(st.lists(st.sampled_from(["secured: ", "a:", " b: ", "- ", "s3cret", "|", "'", '"', "\n", "\n  ", "{", "}", "[", "]", ", ", "#", "\r\n"]), max_size=25))  # fmt: skip
def test_no_shape_of_a_file_shows_the_secret_of_its_key(pieces: list[str]) -> None:
    """Whatever follows `secured:` on its line, or is its value by YAML, is hidden; lines stay lines."""
    data = ("---\n" + "".join(pieces) + "\n---\n").encode()
    found = shown_lines("a.md", data, Shown())
    assert len(found) == data.count(b"\n") + 1
    assert not any("secured: s3cret" in line for line in found)
