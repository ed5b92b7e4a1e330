"""Rule E6: what never stands in a suggested address, and when a language may have been the reason of a redirect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.verdict.clean_address import (
    cleaned,
    is_by_language,
    is_clean,
    other_language,
)

ASKED = "https://news.example/old/story"
END = "https://news.example/new/story"

DIRTY = {
    ";jsessionid=4F2A9C11D0B7E36588": "",
    ";JSESSIONID=4F2A.node1?a=1": "?a=1",
    ";sid=12?a=1": "?a=1",
    ";phpsessid=ab": "",
    ";v=2;jsessionid=1": ";v=2",
    "?PHPSESSID=4f2a9c11d0b7e365": "",
    "?phpsessid=": "",
    "?a=1&PHPSESSID=4f2a&b=2": "?a=1&b=2",
    "?cookieSet=1": "",
    "?cookieset=1&journalCode=abc": "?journalCode=abc",
    "?journalCode=abc&cookieSet=1": "?journalCode=abc",
    "?nocookies=true": "",
    "?AspxAutoDetectCookieSupport=1": "",
    "?ASPSESSIONIDQQQRSTUV=LMNOPABCDEF": "",
    "?ASP.NET_SessionId=x": "",
    "?CFID=12345&CFTOKEN=9876543&id=7": "?id=7",
    "?osCsid=abc&products_id=7": "?products_id=7",
    "?zenid=abc": "",
    "?sessionid=1&session_id=2&session-id=3&sessid=4&SESSION_KEY=5": "",
    "?sid=9f86d081884c7d659a2feaa0": "",
    "?_sid=9f86d081884c7d659a2feaa0": "",
    "?s=9f86d081884c7d659a2feaa0c55ad015": "",
    "?gi=a1b2c3d4e5f6": "",
    "?__cf_chl_tk=abc.def-123&x=1": "?x=1",
    "?__cf_chl_jschl_tk__=pmd_1": "",
    "?utm_source=rss&utm_medium=feed": "",
    "?a=%20b+c&UTM_Source=x&d=%C3%A9": "?a=%20b+c&d=%C3%A9",
    "?fbclid=1&gclid=2&mc_cid=3&_ga=4&spm=5&yclid=6&igsh=7&ocid=8&icid=9": "",
    "?pk_campaign=a&mtm_source=b&at_medium=c&ns_mchannel=d&wt.mc_id=e": "",
    "?utm_source=x#part": "#part",
    "?amp;utm_source=x&a=1": "?a=1",
    "/print;jsessionid=1/page": "/print/page",
}
CLEAN = (
    "", "?", "?a", "?a=", "?a=&b", "??", "#part", "?id=5", "?sid=15", "?s=pier", "?gi=pier", "?sid=section-of-note",
    "?token=abc", "?session=spring-2020", "?p=123&lang=en", "?cid=7", "?source=harbour", "?page=2&sort=utm", "?v=utm_source=1",
    ";v=2", ";a", ";", "?cookies=chocolate", "?cookie=recipe", "?q=jsessionid", "?state=ny", "/(S)/", "/S(abc)/", "/jsessionid=1",
    "?a=1&amp;b=2", "?%ff=%00", "?refs=1", "?campaign=spring",
)  # fmt: skip


@pytest.mark.parametrize("dirt", DIRTY)
def test_what_is_never_suggested_is_taken_out(dirt: str) -> None:
    assert cleaned(ASKED, END + dirt) == END + DIRTY[dirt]
    assert not is_clean(ASKED, END + dirt)


@pytest.mark.parametrize("rest", CLEAN)
def test_everything_else_stays_as_it_is(rest: str) -> None:
    end = END + rest
    assert cleaned(ASKED, end) is end


@pytest.mark.parametrize(
    ("end", "clean"),
    [
        (
            "https://a.example/(S(lit3py55t21z5v55vlm25s55))/page.aspx",
            "https://a.example/page.aspx",
        ),
        (
            "https://a.example/app/(X(1)S(abc))/page.aspx?id=1",
            "https://a.example/app/page.aspx?id=1",
        ),
        ("https://a.example/(A(xyz)F(1)S(abc))", "https://a.example"),
        ("https://a.example/Foo_(S(1))_bar", "https://a.example/Foo_(S(1))_bar"),
        ("https://a.example/wiki/Pier_(film)", "https://a.example/wiki/Pier_(film)"),
    ],
)
def test_sessions_in_the_path(end: str, clean: str) -> None:
    assert cleaned(ASKED, end) == clean


@pytest.mark.parametrize(
    ("asked", "end"),
    [
        ("?utm_source=a", "?utm_source=a"),
        ("?UTM_source=a", "?utm_source=b"),
        ("?ref=5&x", "?ref=5"),
        ("?fbclid=1#top", "?fbclid=1"),
    ],
)
def test_tracking_that_the_reader_has_himself_stays(asked: str, end: str) -> None:
    assert is_clean(ASKED + asked, END + end)


def test_a_session_goes_even_if_the_reader_has_it() -> None:
    assert cleaned(f"{ASKED};jsessionid=1", f"{END};jsessionid=1") == END


@given(st.text("ab/;=&?#()S1é%", max_size=40), st.text("ab/;=&?#", max_size=10))
def test_cleaning_never_fails_and_is_stable(rest: str, asked: str) -> None:
    clean = cleaned(ASKED + asked, f"https://a.example/{rest}")
    assert cleaned(ASKED + asked, clean) == clean
    assert isinstance(is_by_language(asked, rest), bool)


SITE = "https://docs.example"
BY_LANGUAGE = {
    ("/azure/start", "/en-us/azure/start"): True,
    ("/azure/start", "/en-US/azure/start"): True,
    ("/azure/start", "/en/azure/start"): True,
    ("/azure/start", "/de-de/"): True,
    ("/start", "/us/en/start"): True,
    ("/start", "/intl/en/start"): True,
    ("/start", "/zh-hans/start"): True,
    ("/start", "/pt_BR/start"): True,
    ("/start", "/es-419/start"): True,
    ("/start", "/english/start"): True,
    ("/start", "/start/en"): True,
    ("/de/start", "/en/start"): True,
    ("/start", "/start?lang=en"): True,
    ("/start", "/start?hl=de-DE"): True,
    ("/start?hl=de", "/start?hl=en"): True,
    ("/start", "/start?country=us"): True,
    ("/start", "https://en.docs.example/start"): True,
    ("https://www.docs.example/start", "https://de.docs.example/start"): True,
    ("https://de.docs.example/start", "https://en.docs.example/start"): True,
    ("/start", "https://docs.de/start"): True,
    ("https://www.shop.com/x", "https://www.shop.co.uk/x"): True,
    ("https://www.shop.com/x", "https://shop.de/y"): True,
    ("/start", "/beginning"): False,
    ("/en/start", "/en/beginning"): False,
    ("/en-us/start", "/en-us/beginning"): False,
    ("/en/start", "/start"): False,
    ("/start", "/news/2020/start"): False,
    ("/start", "/start?lang=unknown"): False,
    ("/start", "/start?q=en"): False,
    ("/start", "https://other.example/start"): False,
    ("/start", "https://www.docs.example/start"): False,
    ("http://docs.example/start", "/start"): False,
    ("https://docs.de/start", "https://docs.com/start"): False,
    ("/start", "https://en.wiki/start"): False,
    ("/start", "https://["): False,
}  # fmt: skip


@pytest.mark.parametrize(("asked", "end"), BY_LANGUAGE)
def test_by_language(asked: str, end: str) -> None:
    urls = (one if "://" in one else SITE + one for one in (asked, end))
    assert is_by_language(*urls) is BY_LANGUAGE[asked, end]


@pytest.mark.parametrize(
    ("asked", "end", "language"),
    [
        ("/start", "/en-us/start", "de"),
        ("/start", "/en/start", "de"),
        ("/start", "/de/start", "fr"),
        ("/start", "/de-DE/start", "fr"),
        ("/start", "/de_AT/start", "fr"),
        ("/start", "https://de.docs.example/start", "fr"),
        ("/start", "/start?lang=de", "fr"),
        ("/start", "/de/start?hl=fr", "ja"),
        ("/start", "/deutsch/start", "fr"),
        ("/start", "/fr-ca/start", "de"),
        ("/start", "/ch/start", "ja"),
        ("/start", "/en/start?hl=de&lang=fr&locale=ja", "ko"),
        ("/start", "/de/fr/jp", "ko"),
        ("/start", "https://docs.de/start", "fr"),
        ("https://docs.com/start", "https://docs.co.jp/start", "de"),
        ("/de/start", "/en/start", "de"),
        ("/start", "/beginning", None),
        ("/en/start", "/en/beginning", None),
        ("/de/start", "/start", None),
        ("/start", "https://[", None),
    ],
)
def test_the_other_language_is_none_that_the_end_names(
    asked: str, end: str, language: str | None
) -> None:
    asked, end = (one if "://" in one else SITE + one for one in (asked, end))
    assert other_language(asked, end) == language


@given(st.text("/.-_?=&dfrjaen", max_size=30))
def test_there_is_always_another_language(rest: str) -> None:
    other = other_language(f"{SITE}/start", f"{SITE}/{rest}")
    assert (other is None) is not is_by_language(f"{SITE}/start", f"{SITE}/{rest}")
