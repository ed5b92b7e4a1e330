from __future__ import annotations

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from crawler.reporting.words.escaping import printable
from crawler.reporting.words.markdown_text import code, web_link
from tests.strategies.model import texts


@given(texts)
def test_any_text_is_one_span_of_code(text: str) -> None:
    (token,) = MarkdownIt("commonmark").parseInline(f"a {code(text, 10_000)} b")
    kinds = [(child.type, child.content) for child in token.children or ()]
    if not text:
        assert kinds == [("text", "a (empty) b")]
    else:
        assert kinds == [("text", "a "), ("code_inline", printable(text)), ("text", " b")]


@pytest.mark.parametrize(
    "url",
    [
        "https://a.test/",
        "https://a.test/a`b``c",
        "https://a.test/<b>",
        "https://a.test/(a)[b]",
        "https://a.test/?a=1&copy;=2&amp;",
        "https://a.test/a|b_c_*d*",
    ],
)
def test_an_address_is_a_link_to_itself(url: str) -> None:
    (token,) = MarkdownIt("commonmark").parseInline(web_link(url, 100))
    opened, shown, _ = token.children or [token] * 3
    assert shown.content == url
    target = str(opened.attrs["href"])
    for escape, character in (
        ("%3C", "<"),
        ("%3E", ">"),
        ("%60", "`"),
        ("%7C", "|"),
        ("%5B", "["),
        ("%5D", "]"),
    ):
        target = target.replace(escape, character)
    assert target == url


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b/", "", "/x"])
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    (token,) = MarkdownIt("commonmark").parseInline(web_link(url, 100))
    assert not any(child.type == "link_open" for child in token.children or ())
