"""What pages tell of their owners, in what scripts and by what names (rules V18, V19)."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.html.document import Document, read_document
from crawler.extractors.page import extract_document
from crawler.extractors.signs import spam_words
from crawler.extractors.signs.page_owner import calls_itself, found_page, known_page, says_spam
from crawler.extractors.signs.spam_words import is_offer, kinds_in_name, kinds_near, spam_terms
from crawler.model.observation import PageFacts
from tests.time_limits import cpu_limit

URL = "https://www.harbour-gazette.example/2020/the-pier"


def read(html: str, url: str = URL) -> tuple[Document, PageFacts]:
    document = read_document(html.encode(), url=url, content_type="text/html; charset=utf-8")
    return document, extract_document(document).facts


@pytest.mark.parametrize(
    ("text", "kind", "terms"),
    [
        ("Situs SLOT Gacor, judi-online & slot88", "gambling", {"situs slot gacor", "judi online", "slot88"}),
        ("Best online casino", "gambling", {"best online casino"}),
        ("1xbet and hoki4d", "gambling", {"1xbet", "hoki4d"}),
        ("Canlı Bahis: DENEME BONUSU", "gambling", {"canli bahis", "deneme bonusu"}),
        ("线上娱乐城", "gambling", {"线上娱乐", "娱乐城"}),
        ("Купить виагру без рецепта", "pharma", {"купить виагру без рецепта"}),
        ("Nonton bokep", "adult", {"nonton bokep"}),
    ],
)  # fmt: skip
def test_terms(text: str, kind: str, terms: set[str]) -> None:
    assert spam_terms(text) == {kind: terms}


@pytest.mark.parametrize(
    "text",
    [
        "Essex and Sussex",
        "Mr Kumar",
        "the better alphabet",
        "sextet",
        "cocktail",
        "a slotted spoon",
        "specialist",
        "",
    ],
)
def test_words_that_only_look_so(text: str) -> None:
    assert spam_terms(text) == {}


WORDS = (
    "casino",
    "casinos",
    "free",
    "spins",
    "the",
    "harbour",
    "2026",
    "gamstop",
    "not",
    "on",
    "博彩",
    "a片",
    "порно",
    "видео",
)


@given(
    st.lists(
        st.sampled_from(WORDS)
        | st.from_regex(spam_words._BRAND, fullmatch=True)
        | st.text("abt4d_x1 ", max_size=6),
        max_size=8,
    ),
    st.sampled_from([" ", "_", "-", "", " | "]),
)
def test_a_text_is_passed_over_only_where_it_has_no_term(words: list[str], between: str) -> None:
    text = between.join(words)
    found = spam_terms(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spam_words, "_MAYBE_BRAND", re.compile(""))
        assert spam_terms(text) == found


def test_offers_and_topics() -> None:
    assert [is_offer(one) for one in ("roulette", "カシノ", "free spins", "slot88")] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Aufsicht bestraft Buchmacher", {"gambling"}),
        ("澳门的赌业", {"gambling"}),
        ("Fake medicines on the rise", {"pharma"}),
        ("Court hears case of sex workers", {"adult"}),
        ("The pier opens again", set()),
    ],
)
def test_what_an_article_is_near(text: str, kinds: set[str]) -> None:
    assert kinds_near(text) == kinds


def test_kinds_in_the_name_of_a_host() -> None:
    assert kinds_in_name("www.pokernews.example") == {"gambling"}
    assert kinds_in_name("essex.example") == set()


CASINO = "<html lang=id><title>Situs Slot Gacor | Gacor88</title><h1>Situs Slot Gacor</h1><p>Maxwin, deposit pulsa."


def test_a_found_page() -> None:
    head = '<link rel="alternate" hreflang="en-GB" href="/en"><meta property="og:site_name" content="Gacor 88">'
    document, facts = read(
        CASINO.replace("<h1>", f"{head}<h1>") + "<script>harbourgazette</script>"
    )
    found = found_page(document, facts, URL, "en_US")
    assert found.names >= {"gacor88", "situsslotgacor"}
    assert (found.name, found.names_host, found.translates) == ("gacor88", False, True)
    assert {"maxwin", "deposit", "pulsa"} <= found.words.telling
    assert found.in_titles["gambling"] >= {"situs slot gacor"}
    assert found.terms["gambling"] >= {"situs slot gacor", "maxwin", "deposit pulsa"}
    assert {"maxwin", "deposit pulsa"} <= found.offers
    assert says_spam(facts)
    assert not found_page(document, facts, URL, None).translates


@pytest.mark.parametrize(
    "text", ["© The Harbour Gazette", "www.harbour-gazette.example", "HarbourGazette"]
)
def test_the_hosts_name_in_the_text(text: str) -> None:
    document, facts = read(f"<title>Other</title><p>Some words.</p><footer>{text}</footer>")
    assert found_page(document, facts, URL, None).names_host


@pytest.mark.parametrize(
    ("html", "itself"),
    [
        ("<title>Story | Harbour Gazette</title>", True),
        (
            '<meta property="og:site_name" content="harbour-gazette.example"><title>Story</title>',
            True,
        ),
        ("<title>Story | Another</title>", False),
        ("<p>none", False),
    ],
)
def test_how_a_page_calls_itself(html: str, itself: bool) -> None:
    assert calls_itself(read(html)[1], URL) is itself


def test_what_is_known() -> None:
    seen = PageFacts(title="The pier", site_name="The Gazette")
    found = known_page(URL, ["The pier"], ["Open again"], ["2020-06-10"], seen)
    assert (found.titles, found.seen, found.seen_name) == (("The pier",), seen, "thegazette")
    assert found.days == {"2020-06-10"}
    assert found.words.telling == {"pier", "open", "again"}
    assert "harbourgazette" in found.names
    assert found.kinds == set()


@pytest.mark.parametrize(
    ("seen", "titles", "url", "kinds", "is_kept"),
    [
        (PageFacts(title="Slot gacor"), ("The pier",), URL, set(), False),
        (PageFacts(title="Slot gacor"), (), URL, {"gambling"}, True),
        (PageFacts(title="Slot gacor"), ("Casinos",), URL, {"gambling"}, True),
        (PageFacts(title="Slot gacor: the pier"), ("The pier",), URL, {"gambling"}, True),
        (None, ("The pier",), "https://a.example/online-casino-review", {"gambling"}, False),
        (None, ("The pier",), "https://pokernews.example/the-pier", {"gambling"}, False),
    ],
)
def test_a_page_that_was_spam_before_is_not_known(
    seen: PageFacts | None, titles: tuple[str, ...], url: str, kinds: set[str], is_kept: bool
) -> None:
    found = known_page(url, titles, (), (), seen)
    assert found.kinds == kinds
    assert (found.seen is not None) is is_kept


@pytest.mark.parametrize(
    "body",
    [
        "<p>" + "slot gacor " * 100_000,
        "<p>" + "situs slot " * 100_000,
        "<p>赌" * 100_000,
        "<p>" + "a" * 1_000_000,
        "<div>" * 200 + "x" + "<p>y" * 50_000,
    ],
    ids=range(5),
)
def test_a_hostile_page_costs_little(body: str) -> None:
    document, facts = read(body)
    began = time.process_time()
    found_page(document, facts, URL, None)
    assert time.process_time() - began < cpu_limit(3)


def test_a_page_without_an_element() -> None:
    document = read_document(b" ", url=URL, content_type=None)
    assert found_page(document, PageFacts(), URL, None).words.telling == set()
