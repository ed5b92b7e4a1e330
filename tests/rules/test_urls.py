from __future__ import annotations

import json
import re
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from w3lib.url import safe_url_string

from crawler.model.verdict import WarningCode
from crawler.rules.credentials import url_without_credentials
from crawler.rules.urls import LONGEST_URL, InvalidReason, examine, refused

SITE = "https://example.org/blog/page.html?old=1"


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("http://EXAMPLE.com", "http://example.com/"),
        ("HTTPS://example.com:443/a", "https://example.com/a"),
        ("http://example.com:443/", "http://example.com:443/"),
        ("http://example.com:0080/", "http://example.com/"),
        ("http://example.com:/", "http://example.com/"),
        ("http://example.com/a#part", "http://example.com/a"),
        ("http://example.com?q", "http://example.com/?q"),
        ("http://example.com/?", "http://example.com/?"),
        ("http://example.com?", "http://example.com/?"),
        ("http://example.com/list?#part", "http://example.com/list?"),
        ("http://example.com/list#?", "http://example.com/list"),
        ("http://example.com/list??", "http://example.com/list??"),
        ("http://example.com/list?\t", "http://example.com/list?"),
        ("http://example.com/list%3F", "http://example.com/list%3F"),
        ("http:\\\\example.com\\a\\b?c\\d", "http://example.com/a/b?c%5Cd"),
        ("http:example.com", "http://example.com/"),
        ("http:////example.com/", "http://example.com/"),
        ("http://example.com/a/./b/../c/..", "http://example.com/a/"),
        ("http://example.com/../../a/%2E%2e/b", "http://example.com/b"),
        ("http://example.com/%7Efoo/%zz%", "http://example.com/%7Efoo/%zz%"),
        ("http://example.com/a b?c d", "http://example.com/a%20b?c%20d"),
        ("http://example.com/\u2028x", "http://example.com/%E2%80%A8x"),
        ("http://example.com/é?é", "http://example.com/%C3%A9?%C3%A9"),
        ("http://example.com/\ud800", "http://example.com/%EF%BF%BD"),
        ("http://example.com/[a]|^`{}<>\"'", "http://example.com/%5Ba%5D%7C%5E%60%7B%7D%3C%3E%22'"),
        (
            "http://example.com/?[a]|^`{}<>\"'",
            "http://example.com/?%5Ba%5D%7C%5E%60%7B%7D%3C%3E%22%27",
        ),
        ("http://exa\tmple.com/a\nb\r", "http://example.com/ab"),
        ("http://example.com/a&amp;b", "http://example.com/a&amp;b"),
        ("http://bücher.example/", "http://xn--bcher-kva.example/"),
        ("http://bücher.example./", "http://xn--bcher-kva.example./"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
        ("http://💩.example/", "http://xn--ls8h.example/"),
        ("http://foo_bar.example/", "http://foo_bar.example/"),
        ("http://-a-.example/", "http://-a-.example/"),
        ("http://ex%41mple.com/", "http://example.com/"),
        ("http://example.com./", "http://example.com./"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://017700000001/", "http://127.0.0.1/"),
        ("http://127.1./", "http://127.0.0.1/"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("http://[::0:1]/", "http://[::1]/"),
        ("http://[1:0::0:2:0:0:3]:80/", "http://[1::2:0:0:3]/"),
        ("http://[1:2:3:4:5:6:7:8]/", "http://[1:2:3:4:5:6:7:8]/"),
        ("http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/"),
        ("http://@example.com/", "http://example.com/"),
        ("http://:@example.com/", "http://example.com/"),
    ],
)
def test_normalises_as_browsers_do(raw: str, url: str) -> None:
    found = examine(raw)
    assert (found.url, found.invalid) == (url, None)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", InvalidReason.EMPTY),
        (" \t\n", InvalidReason.WHITE_SPACE),
        ("\x00\x1f", InvalidReason.WHITE_SPACE),
        ("\u2028\u3000", InvalidReason.WHITE_SPACE),
        ("http://exa mple.com/", InvalidReason.WHITE_SPACE),
        ("http://exa\u00a0mple.com/", InvalidReason.WHITE_SPACE),
        ("http://[::1", InvalidReason.MALFORMED),
        ("http://[::1]x/", InvalidReason.MALFORMED),
        ("javascript:alert(1)", InvalidReason.UNKNOWN_SCHEME),
        ("mailto:a@example.com", InvalidReason.UNKNOWN_SCHEME),
        ("ftp://example.com/", InvalidReason.UNKNOWN_SCHEME),
        ("localhost:8080/a", InvalidReason.UNKNOWN_SCHEME),
        ("http://", InvalidReason.NO_HOST),
        ("http:///?a", InvalidReason.NO_HOST),
        ("http://:80/", InvalidReason.NO_HOST),
        ("http://user@/", InvalidReason.NO_HOST),
        ("http://example.com:65536/", InvalidReason.BAD_PORT),
        ("http://example.com:8a/", InvalidReason.BAD_PORT),
        ("http://example.com:٣/", InvalidReason.BAD_PORT),
        ("http://example.com:0/", InvalidReason.BAD_PORT),
        (f"http://example.com:{'9' * 5000}/", InvalidReason.BAD_PORT),
        ("http://a..test/", InvalidReason.BAD_HOST),
        ("http://.a.test/", InvalidReason.BAD_HOST),
        ("http://./", InvalidReason.BAD_HOST),
        (f"http://{'a' * 64}.test/", InvalidReason.BAD_HOST),
        (f"http://{'ü' * 64}.test/", InvalidReason.BAD_HOST),
        (f"http://{'ü' * 1500}.test/", InvalidReason.BAD_HOST),
        (f"http://xn--{'a' * 64}.test/", InvalidReason.BAD_HOST),
        (f"http://{'a.' * 127}test/", InvalidReason.BAD_HOST),
        ("http://a<b.test/", InvalidReason.BAD_HOST),
        ("http://a%00b.test/", InvalidReason.BAD_HOST),
        ("http://%ff.test/", InvalidReason.BAD_HOST),
        ("http://xn--a.test/", InvalidReason.BAD_HOST),
        ("http://xn--abc-.test/", InvalidReason.BAD_HOST),
        ("http://ü..test/", InvalidReason.BAD_HOST),
        ("http://xn--99999999.test/", InvalidReason.BAD_HOST),
        ("http://\u0301a.test/", InvalidReason.BAD_HOST),
        ("http://a\u200cb.test/", InvalidReason.BAD_HOST),
        ("http://א1ב.a.١.test/", InvalidReason.BAD_HOST),
        ("http://1.2.3.4.5/", InvalidReason.BAD_HOST),
        ("http://256.1.1.1/", InvalidReason.BAD_HOST),
        ("http://1.2.3.256/", InvalidReason.BAD_HOST),
        ("http://a.0x1g.09/", InvalidReason.BAD_HOST),
        ("http://08.1/", InvalidReason.BAD_HOST),
        ("http://0xx.1/", InvalidReason.BAD_HOST),
        ("http://[::1%25eth0]/", InvalidReason.BAD_HOST),
        ("http://[1:2]/", InvalidReason.BAD_HOST),
        ("http://user:secret@example.com/", InvalidReason.CREDENTIALS),
        ("http://user@example.com/", InvalidReason.CREDENTIALS),
        (f"http://example.com/{'a' * LONGEST_URL}", InvalidReason.TOO_LONG),
        (f"http://example.com/{'é' * (LONGEST_URL // 3)}", InvalidReason.TOO_LONG),
        ("/a/b", InvalidReason.RELATIVE_URL),
        ("//example.com/", InvalidReason.RELATIVE_URL),
        ("example.com/a", InvalidReason.RELATIVE_URL),
    ],
)
def test_says_why_a_url_cannot_be_visited(raw: str, reason: InvalidReason) -> None:
    found = examine(raw)
    assert (found.url, found.invalid, found.host) == (url_without_credentials(raw), reason, "")
    assert "secret" not in found.url


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        ("/a", "https://example.org/a"),
        ("a", "https://example.org/blog/a"),
        ("../a?b", "https://example.org/a?b"),
        ("?new", "https://example.org/blog/page.html?new"),
        ("#part", "https://example.org/blog/page.html?old=1"),
        ("?", "https://example.org/blog/page.html?"),
        ("?#part", "https://example.org/blog/page.html?"),
        ("a?", "https://example.org/blog/a?"),
        ("//other.test?", "https://other.test/?"),
        ("//other.test\\a", "https://other.test/a"),
        ("\\\\other.test", "https://other.test/"),
        ("https:a", "https://example.org/blog/a"),
        ("http:a", "http://a/"),
    ],
)
def test_resolves_relative_urls(raw: str, url: str) -> None:
    assert examine(raw, SITE).url == url


def test_a_base_that_nobody_could_visit_is_no_base() -> None:
    assert examine("/a", "mailto:x").invalid is InvalidReason.RELATIVE_URL


@pytest.mark.parametrize(
    ("raw", "warnings"),
    [
        ("http://example.com/", ()),
        ("http://example.com/a b", (WarningCode.URL_WHITE_SPACE,)),
        ("http://example.com/a ", (WarningCode.URL_WHITE_SPACE,)),
        ("http://example.com/a\u2028", (WarningCode.URL_WHITE_SPACE,)),
        ("http://example.com/?a&amp;b", (WarningCode.URL_HTML_ENTITY,)),
        (
            "http://example.com/?a&#038;b c",
            (WarningCode.URL_HTML_ENTITY, WarningCode.URL_WHITE_SPACE),
        ),
        ("http://example.com/?a&#x26;b", (WarningCode.URL_HTML_ENTITY,)),
        ("http://example.com/?a&ampersand=1", ()),
    ],
)
def test_warns_of_what_is_odd(raw: str, warnings: tuple[WarningCode, ...]) -> None:
    assert set(examine(raw).warnings) == set(warnings)


URL_PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["http:", "https:", "//", "/", "\\", "?", "#", "@", ":", "[", "]", "::1", "..", "%2e", "%",
             ".", "xn--", "example", "0x7f", "127.1", "8080", " ", "\t", "é", "ß", "א", "|", "&amp;"]
        ),
        st.text(max_size=3),
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(
    st.one_of(st.text(), URL_PIECES, URL_PIECES.map("http://".__add__)),
    st.sampled_from([None, SITE]),
)
@example("http://a/%5", None)
@example("http://a/%5B[", None)
def test_any_text_gives_a_stable_url(raw: str, base: str | None) -> None:
    found = examine(raw, base)
    if found.invalid is None:
        assert examine(found.url).url == found.url
        assert examine(found.url).invalid is None
        safe = safe_url_string(found.url)
        assert found.url in {safe, f"{safe}?"}
        assert urlsplit(found.url).hostname == found.host
        assert re.fullmatch(r"https?://[!-~]+", found.url)
    else:
        # Credentials may take white space with them when they are hidden.
        assert replace(examine(found.url, base), warnings=found.warnings) == found
        found.url.encode()


# ------------------------------------------------------------------------------- public suites

DELIBERATE = {InvalidReason.CREDENTIALS, InvalidReason.EMPTY, InvalidReason.WHITE_SPACE}
UNREACHABLE = {"http://f:0/c", "http://./", "http://../", "http://foo.09../"}


def expected_href(href: str) -> str:
    """What the suite says, with the deviations that the module's first lines name."""
    head, has_query, query = href.partition("#")[0].partition("?")
    for character in "[]|":
        head = head[:8] + head[8:].replace(character, f"%{ord(character):02X}")
    for character in "[]|\\^`{}":
        query = query.replace(character, f"%{ord(character):02X}")
    return head + has_query + query


@pytest.mark.shared_data
def test_the_url_standards_own_data(shared: Path) -> None:
    rows = json.loads((shared / "suites/urltestdata.json").read_text(encoding="utf-8"))
    visitable = 0
    for row in rows:
        if isinstance(row, str):
            continue
        found = examine(row["input"], row.get("base"))
        is_web = row.get("protocol") in ("http:", "https:")
        if row.get("failure") or not is_web:
            assert found.invalid is not None, row
        elif found.invalid is None:
            visitable += 1
            # A host in brackets stands in the first characters of the rest: it is no path.
            wanted = (
                row["href"].partition("#")[0]
                if "://[" in row["href"]
                else expected_href(row["href"])
            )
            assert found.url == wanted, row
        else:
            has_userinfo_base = "@" in (row.get("base") or "")
            assert found.invalid in DELIBERATE or row["href"] in UNREACHABLE or has_userinfo_base, (
                row
            )
    assert visitable > 180


@pytest.mark.shared_data
def test_no_spelling_hides_an_address(shared: Path) -> None:
    """Whatever is a number to a browser is an address in dots or in groups to the address check."""
    urls = (shared / "suites/ssrf-urls.txt").read_text(encoding="utf-8").splitlines()
    hosts = {examine(url).host for url in urls} - {""}
    for host in hosts:
        if re.fullmatch(r"[0-9a-fx.:]*[0-9:]", host):
            assert ip_address(host).max_prefixlen in (32, 128)
    assert "127.0.0.1" in hosts


@pytest.mark.shared_data
def test_naughty_strings_pass(shared: Path) -> None:
    for raw in json.loads((shared / "suites/blns.json").read_text(encoding="utf-8")):
        for url in (raw, f"http://example.com/{raw}", f"http://{raw}/"):
            found = examine(url)
            assert examine(found.url).url == found.url


def test_a_text_is_refused_whatever_a_browser_would_make_of_it() -> None:
    found = refused("https://a.test/\ud800 x", InvalidReason.MARK_UP)
    assert (found.url, found.invalid, found.host) == (
        "https://a.test/\ufffd x",
        InvalidReason.MARK_UP,
        "",
    )
    assert found.warnings == (WarningCode.URL_WHITE_SPACE,)
