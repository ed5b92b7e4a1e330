from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reporting.console import printable
from crawler.reporting.words.escaping import (
    CELL_CUT,
    CELL_LIMIT,
    csv_cell,
    plain_cell,
    typed_cell,
    web_href,
)
from tests.strategies.model import texts, urls


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("größer – 😀 中文", "größer – 😀 中文"),
        ("no\u00a0break", "no\u00a0break"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202egpj.exe", "\\u202egpj.exe"),
        ("\u2066\u2069\u200e\u061c", "\\u2066\\u2069\\u200e\\u061c"),
        ("\u2028\u2029\ufeff", "\\u2028\\u2029\\ufeff"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("\x00\x7f", "\\x00\\x7f"),
        ("https://me:ses\rame@a.example/x", "https://***@a.example/x"),
        ("see HTTP:me::\r@a.example", "see HTTP:***@a.example"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_as_an_escape(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(texts)
def test_printable_text_is_one_line_that_any_stream_takes(text: str) -> None:
    shown = printable(text)
    shown.encode("utf-8")
    assert len(shown.splitlines()) <= 1
    assert not any(
        unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI")
        for char in shown
    )
    assert printable(shown) == shown


def test_a_limit_bounds_what_is_shown() -> None:
    assert printable("x" * 1000, 10) == "x" * 10 + "…"
    assert printable("x" * 10, 10) == "x" * 10
    assert len(printable("\x00" * 10**6, 100)) < 1000


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    assert csv_cell(text) == "'" + text
    assert plain_cell(csv_cell(text)) == text
    assert plain_cell(csv_cell("'" + text)) == "'" + text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("\t=1", "\\t=1"),
        ("\r\n=1", "\\r\\n=1"),
        ("a\x1b[31m\x9b", "a\\x1b[31m\\x9b"),
        ("\u202egpj\u2066\u200e\ufeff", "\\u202egpj\\u2066\\u200e\\ufeff"),
        ("\x00\ud800\U000e0041", "\\x00\\ud800\\U000e0041"),
        ("👩\u200d💻 größe no\u00a0break", "👩\u200d💻 größe no\u00a0break"),
        (r"C:\new", r"C:\x5cnew"),
        (r"C:\Users\x", r"C:\Users\x"),
        (r"\x1b \u202e \U0001f600 \Uffffffff", r"\x5cx1b \x5cu202e \x5cU0001f600 \Uffffffff"),
        ("\\\n", "\\\\n"),
        ("\\\\n", "\\\\x5cn"),
        ("\x1b=1", "\\x1b=1"),
    ],
)
def test_what_a_program_would_obey_is_an_escape_in_a_cell(text: str, cell: str) -> None:
    assert csv_cell(text) == cell
    assert plain_cell(cell) == text


@pytest.mark.parametrize("cell", [r"\q", r"\x4", r"\x41", r"\u0041", r"\Uffffffff", "\\", r"\X1B"])
def test_an_escape_that_is_none_of_ours_stays(cell: str) -> None:
    assert plain_cell(cell) == cell


def test_what_an_editor_types_is_not_unescaped() -> None:
    assert typed_cell(r"C:\new") == r"C:\new"
    assert typed_cell("'=1") == "=1"


@pytest.mark.parametrize("text", ["", "'Tis the season", "https://a.test/=1", "1400x787", " =1"])
def test_a_harmless_cell_stays_as_it_is(text: str) -> None:
    assert csv_cell(text) == text
    assert plain_cell(text) == text


@given(texts)
def test_a_cell_gives_its_text_back(text: str) -> None:
    cell = csv_cell(text)
    cell.encode("utf-8")
    assert cell[:1] not in set("=+-@")
    assert printable(cell) == cell
    assert plain_cell(cell) == text


@given(st.text(alphabet="\\x5cnut0UU001b\n\x1b\u202e'=", max_size=12))
def test_any_mixture_of_escapes_gives_its_text_back(text: str) -> None:
    assert plain_cell(csv_cell(text)) == text


def test_a_cell_never_grows_beyond_what_a_spreadsheet_holds() -> None:
    cell = csv_cell("=" * 100_000)
    assert len(cell) < 32_767
    assert cell.endswith(CELL_CUT)
    assert csv_cell("x" * CELL_LIMIT) == "x" * CELL_LIMIT
    for hidden in ("\x1b", "\u202e", "\U000e0041", "\n", "\\x1b"):
        cell = csv_cell("y" + hidden * CELL_LIMIT)
        assert len(cell) < 32_767
        whole = cell.removesuffix(CELL_CUT)
        assert plain_cell(whole) == ("y" + hidden * CELL_LIMIT)[: len(plain_cell(whole))]


@pytest.mark.parametrize(
    "url",
    [
        "http://a.test",
        "https://a.test:8080/x?y=1#z",
        "https://münchen.example/ü",
        "HTTPS://A.test/",
    ],
)
def test_a_web_address_may_be_a_link(url: str) -> None:
    assert web_href(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,<script>1</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//a.test/x",
        "/x",
        "http://",
        "http:///x",
        "http://[::1",
        "http://a.test:x/",
        "http://a.test:99999/",
        "http://a.test\\@b.test/",
        "https://a.test/a b",
        "https://a.test/\u202ex",
        "https://a.test/\x00",
        "https://a.test/" + "x" * 5_000,
    ],
)
def test_anything_else_is_only_text(url: str | None) -> None:
    assert web_href(url) is None


@given(urls)
def test_a_link_is_always_http(url: str) -> None:
    href = web_href(url)
    assert href is None or href.lower().startswith(("http://", "https://"))
