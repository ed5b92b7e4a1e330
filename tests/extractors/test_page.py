from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.html.cleaning import MAX_TEXT, clean_text, clean_url
from crawler.extractors.html.document import MAX_ELEMENTS, read_document
from crawler.extractors.metadata.field_candidates import MAX_CANDIDATES, Candidate, Collector
from crawler.extractors.metadata.open_graph import MAX_PROPERTIES, read_properties
from crawler.extractors.metadata.stated_dates import is_before, iso_date
from crawler.extractors.metadata.text_hash import content_hash, main_text
from crawler.extractors.metadata.titles import (
    confirmed,
    host_names,
    is_blog_name,
    is_site,
)
from crawler.extractors.page import ExtractedPage, extract_page
from crawler.model.observation import PageFacts
from crawler.rules.site_in_title import without_site
from crawler.rules.text_folding import plain

URL = "https://news.example/2024/a"


def extract(html: str, url: str = URL) -> ExtractedPage:
    return extract_page(html.encode(), url=url, content_type="text/html; charset=utf-8")


def json_ld(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@pytest.mark.parametrize("body", [b"", b" \n", b"<!-- -->", b"\x00\x01", b"<?xml version='1.0'?>"])
def test_page_without_an_element_has_no_facts(body: bytes) -> None:
    page = extract_page(body, url=URL, content_type=None)
    facts = replace(page.facts, amp_lacks=None, content_hash=None, words=None)
    assert facts in (PageFacts(), PageFacts(title="\x01"))
    assert page.sign is None


@pytest.mark.parametrize(
    ("html", "field", "value"),
    [
        ("<title>A | B</title><svg><title>icon</title></svg>", "title", "A | B"),
        ("<svg><title>icon</title></svg><title>Page</title>", "title", "Page"),
        ("<h1><script>x()</script>Head <b>line</b></h1>", "title", "Head line"),
        ("<h1>One</h1><h1>Two</h1><title>Two: news</title>", "title", "Two"),
        ("<h1>One</h1><h1>Two</h1>", "title", "One"),
        ("<meta name=twitter:title content=T>", "title", "T"),
        ("<meta name=twitter:description content=D>", "description", "D"),
        ("<meta name=Description content=D>", "description", "D"),
        (json_ld('{"@type":"WebPage","description":"D"}'), "description", "D"),
        (
            json_ld('{"@type":"Article","thumbnailUrl":"/t.png"}'),
            "image",
            "https://news.example/t.png",
        ),
        (
            json_ld('{"@type":"Article","image":["/1.png","/2.png"]}'),
            "image",
            "https://news.example/1.png",
        ),
        ("<meta property=og:url content=/b>", "canonical", "https://news.example/b"),
        (json_ld('{"@type":"Article","url":"/c"}'), "canonical", "https://news.example/c"),
        (
            json_ld('{"@type":"Article","mainEntityOfPage":{"@id":"/d"}}'),
            "canonical",
            "https://news.example/d",
        ),
        (json_ld('{"@type":"Article","mainEntityOfPage":{"@id":"#d"}}'), "canonical", None),
        ("<link rel=canonical href='http://[::1'>", "canonical", None),
        ("<link rel=canonical>", "canonical", None),
        ("<meta name=application-name content=App>", "site_name", "App"),
        (json_ld('{"@type":"WebSite","name":"Site"}'), "site_name", "Site"),
        (json_ld('{"@type":"Article","publisher":"Pub"}'), "site_name", "Pub"),
        ("<meta name=date content=2020-01-02>", "published", "2020-01-02"),
        ("<time pubdate datetime=2020-01-02>x</time>", "published", "2020-01-02"),
        ("<b itemprop='datePublished'>2020-01-02</b>", "published", "2020-01-02"),
        # As React writes it: names of attributes have no case.
        ("<b itemProp = 'datePublished'>2020-01-02</b>", "published", "2020-01-02"),
        ("<time pubdate>2020-01-02</time>", "published", "2020-01-02"),
        (json_ld('{"@type":"VideoObject","uploadDate":"2020-01-02"}'), "published", "2020-01-02"),
        ("<html xml:lang=de>", "lang", "de"),
        ("<meta http-equiv=Content-Language content=fr>", "lang", "fr"),
        ("<meta property=og:locale content=pt_BR>", "lang", "pt-BR"),
        (json_ld('{"@type":"Article","inLanguage":"nl"}'), "lang", "nl"),
        ("<meta property=og:type content=article>", "type", "article"),
        (json_ld('{"@type":"WebPage"}'), "type", "WebPage"),
        ("<meta name=author content='A B'>", "authors", ("A B",)),
        ("<meta property=article:author content=https://social.example/ab>", "authors", ()),
        (json_ld('{"@type":"Article","author":[{"name":"A"},"B"]}'), "authors", ("A", "B")),
        (json_ld('{"@type":"Article","isAccessibleForFree":true}'), "paywalled", False),
        (
            json_ld('{"@type":"Article","isAccessibleForFree":"http://schema.org/False"}'),
            "paywalled",
            True,
        ),
        (json_ld('{"@type":"Article","isAccessibleForFree":"maybe"}'), "paywalled", None),
        ("<meta property=article:content_tier content=free>", "paywalled", False),
        ("<meta property=article:content_tier content=locked>", "paywalled", True),
        ("<meta property=article:content_tier content=odd>", "paywalled", None),
    ],
)
def test_field_is_found_where_pages_put_it(html: str, field: str, value: object) -> None:
    assert getattr(extract(html).facts, field) == value


def test_every_title_is_kept_for_comparison() -> None:
    facts = extract("<title>A</title><h1>B</h1><meta name=twitter:title content=C>").facts
    assert set(facts.titles) == {"A", "B", "C"}


def test_relative_url_stays_where_the_page_s_own_is_unknown() -> None:
    facts = extract("<link rel=canonical href=/a><link rel=amphtml href=mailto:x>", url="").facts
    assert facts.canonical == "/a"
    assert facts.amphtml is None


def test_host_of_a_broken_url_is_no_name() -> None:
    assert extract("<title>A | B</title>", url="http://[").facts.title == "A | B"


def test_collector_keeps_first_distinct_and_bounded_values() -> None:
    found = Collector()
    for number in [1, 1, *range(2 * MAX_CANDIDATES)]:
        found.keep("f", Candidate(str(number), "s"))
    found.keep("f", Candidate("", "s"))
    assert found.first("f") == "1"
    assert found.first("g") is None
    assert found.of_first_source("g") == ()
    assert len(found.all()["f"]) == MAX_CANDIDATES
    assert found.all()["f"][0] == Candidate("1", "s")


@given(st.binary(max_size=300))
def test_no_bytes_raise(body: bytes) -> None:
    extract_page(body, url=URL, content_type=None)


PIECES = [
    "<meta property=", "og:image", "og:image:secure_url", " content='", "'>", "<script type=",
    "'application/ld+json'>", "</script>", '{"@type":"Article","headline":', '"a"', "}", "[", "]",
    "<title>", "</title>", "<h1>", "<link rel=canonical href=", "//[", "\ud800", "&#xD800;", "&#0;",
    "<base href=", "\u202e", '"\\ud800"', '"datePublished":', '"2020-13-45"', "<time itemprop=",
    "datePublished", ">", ",", "<svg>", "</head>", "<body>", "<!--", "\x00", "9" * 30,
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_no_markup_raises_or_leaves_unfit_text(pieces: list[str]) -> None:
    body = "".join(pieces).encode("utf-8", "surrogatepass")
    page = extract_page(body, url=URL, content_type="text/html; charset=utf-8")
    for found in page.candidates.values():
        for one in found:
            one.value.encode("utf-8")
            assert "\x00" not in one.value
            assert "\u202e" not in one.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("  a \n\t b ", "a b"),
        ("a&amp;b", "a&b"),
        ("\ud800", "\ufffd"),
        ("a\x00\u200b\u202eb", "ab"),
        ("x" * 2 * MAX_TEXT, "x" * MAX_TEXT),
        (None, ""),
        (7, ""),
    ],
)
def test_text_is_cleaned(value: object, text: str) -> None:
    assert clean_text(value) == text


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("/b?x=1&amp;y=2", "https://news.example/b?x=1&y=2"),
        ("b c.png", "https://news.example/2024/b%20c.png"),
        ("//cdn.example/x", "https://cdn.example/x"),
        ("/b?", "https://news.example/b?"),
        ("https://news.example/b?", "https://news.example/b?"),
        ("/b?#top", "https://news.example/b?#top"),
        ("/b#?", "https://news.example/b#?"),
        ("data:image/png;base64,xx", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
        ("/" + "x" * MAX_TEXT, ""),
        (None, ""),
    ],
)
def test_url_is_made_absolute(value: object, url: str) -> None:
    assert clean_url(value, URL) == url


@given(
    st.builds(
        "{}://{}/{}".format,
        st.sampled_from(["http", "https"]),
        st.text("ab.-1", min_size=1, max_size=8),
        st.text("ab/.-_~%+,@!?=&", max_size=30),
    )
)
def test_an_absolute_url_is_kept_as_urljoin_keeps_it(value: str) -> None:
    """But for an empty query (rule U1)."""
    joined = urljoin(URL, clean_text(value))
    assert clean_url(value, URL) in (joined, f"{joined}?")
    assert clean_url(value, URL).endswith("?") == clean_text(value).endswith("?")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2020-01-02", "2020-01-02"),
        ("2020-01-02T03:04:05Z", "2020-01-02T03:04:05+00:00"),
        ("2020-01-02T03:04:05.123+0100", "2020-01-02T03:04:05.123000+01:00"),
        ("2020-01-02 03:04:05 +01:00", "2020-01-02T03:04:05+01:00"),
        ("2020-01-02T03:04", "2020-01-02T03:04:00"),
        ("Thu, 02 Jan 2020 03:04:05 GMT", "2020-01-02T03:04:05+00:00"),
        ("1577934245", "2020-01-02T03:04:05+00:00"),
        ("1577934245000", "2020-01-02T03:04:05+00:00"),
        ("2020/1/2", "2020-01-02"),
        ("on 2020.01.02, at noon", "2020-01-02"),
        ("2020-02-30", ""),
        ("2020-02-30T25:61", ""),
        ("0001-01-01", ""),
        ("1970-01-01T00:00:00Z", ""),
        ("Thu, 99 Jan 2020 03:04:05 GMT", ""),
        ("soon", ""),
        ("", ""),
        ("31.12.2020, 09:15", "2020-12-31T09:15:00"),
        ("12/31/2020", "2020-12-31"),
        ("31-12-2020", "2020-12-31"),
        ("4/4/2020", "2020-04-04"),
        ("3/4/2020", ""),
        ("4 March 2020", "2020-03-04"),
        ("March 4th, 2020", "2020-03-04"),
        ("Wed Mar 04 16:36:31 CET 2020", "2020-03-04T16:36:31+01:00"),
        ("4 Blue 2020", ""),
        ("31.02.2020", ""),
    ],
)
def test_date_is_iso(text: str, date: str) -> None:
    assert iso_date(text) == date


@given(st.text(max_size=60))
def test_no_text_breaks_the_dates(text: str) -> None:
    date = iso_date(text)
    assert not date or not is_before(date, date)


@pytest.mark.parametrize(
    ("first", "second", "before"),
    [
        ("2020-01-01", "2020-01-02", True),
        ("2020-01-01T23:00:00", "2020-01-01", False),
        ("2020-01-01T10:00:00+02:00", "2020-01-01T09:00:00+00:00", True),
        ("2020-01-01T10:00:00", "2020-01-01T09:00:00+00:00", False),
    ],
)
def test_dates_compare_by_what_both_state(first: str, second: str, before: bool) -> None:
    assert is_before(first, second) is before


@pytest.mark.parametrize(
    ("title", "sites", "short"),
    [
        ("A pier | The Site", ["The Site"], "A pier"),
        ("A pier - the site", ["The Site"], "A pier"),
        ("The Site: A pier", ["The Site"], "A pier"),
        ("A pier | News | The Site", ["The Site"], "A pier | News"),
        ("A pier | Other", ["The Site"], "A pier | Other"),
        ("A | The Site", ["The Site"], "A | The Site"),
        ("A pier", [], "A pier"),
    ],
)
def test_site_is_cut_off_a_title(title: str, sites: list[str], short: str) -> None:
    assert without_site(title, sites) == short


def test_names_of_a_host() -> None:
    names = set(host_names("www.bay-times.co.uk"))
    assert {"bay-times", "bay-timesco", "bay-timescouk"} <= names
    assert is_site("Bay Times", names)
    assert not is_site("Bay", names)


@pytest.mark.parametrize(
    ("host", "names", "others"),
    [
        ("www.thestar.com.my", {"thestar", "thestarcom"}, {"com", "commy", "my"}),
        ("news.bbc.co.uk", {"news", "bbc", "newsbbc"}, {"co", "couk"}),
        ("a-blog.blogspot.com", {"a-blog", "blogspot"}, {"com"}),
        ("intranet.test", {"intranet"}, {"test"}),
        ("co.uk", set(), {"co", "uk"}),
        ("localhost", set(), {"localhost"}),
        ("", set(), set()),
    ],
)
def test_a_public_suffix_is_no_name(host: str, names: set[str], others: set[str]) -> None:
    found = set(host_names(host))
    assert names <= found
    assert not others & found


@pytest.mark.parametrize(
    ("heading", "title", "expected"),
    [
        ("New pier", "New pier", True),
        ("New “pier”", 'NEW "PIER" opens', True),
        ("New pier", "New piers", False),
        ("News", "More News", False),
        ("N", "N", False),
    ],
)
def test_heading_is_confirmed_by_a_title(heading: str, title: str, *, expected: bool) -> None:
    assert confirmed(heading, [title]) is expected


def test_site_s_heading_ends_a_title() -> None:
    assert is_blog_name("The Diary", ["Fog | The Diary"], ["Fog"], "")
    assert is_blog_name("The Diary", ["Fog on the quay | The Diary"], [], "")
    assert is_blog_name("The Diary", ["Fog | The Diary"], [], "https://b.example/posts/fog/")
    assert not is_blog_name("The Diary", ["Fog | The Diary"], [], "https://b.example/the-diary/")
    assert not is_blog_name("Council votes", ["Politics | Council votes"], [], "")
    assert not is_blog_name("Fog", ["Fog | The Diary"], ["Fog"], "")
    assert not is_blog_name("", ["Fog | "], [], "")


def test_folding_ignores_how_a_title_is_set() -> None:
    assert plain("A “B”  –  ﬁne") == plain("a 'b' - fine")


def test_most_elements_and_properties_are_bounded() -> None:
    body = b"<head>" + b"<meta name=a content=b>" * (MAX_ELEMENTS + 5)
    document = read_document(body, url="", content_type=None)
    assert len(document.metas) == MAX_ELEMENTS
    assert len(read_properties(document)) == MAX_PROPERTIES


def test_text_hash_survives_what_changes_around_an_article() -> None:
    one = "<nav>1</nav><article><h1>Pier</h1><p>Open  since 9 May.<script>1</script></article>ad"
    two = "<nav>2</nav><article><h1>Pier</h1>\n<p>Open since 10 May.<aside>x</aside></article>no"
    first, second = (read_document(t.encode(), url="", content_type=None) for t in (one, two))
    assert main_text(first) == "pier open since 0 may."
    assert content_hash(main_text(first), None, None) == content_hash(main_text(second), None, None)


def test_text_hash_survives_counters_and_buttons_within_an_article() -> None:
    story = "<p>The pier is open again since <b>last</b> Monday, says the town.</p>"
    one = f"<article><span>1,204</span><div>Follow</div>{story}<div>3 comments</div></article>"
    two = f"<article>{story}<p>Share this</p></article>"
    first, second = (read_document(t.encode(), url="", content_type=None) for t in (one, two))
    assert main_text(first) == "the pier is open again since last monday, says the town."
    assert content_hash(main_text(first), None, None) == content_hash(main_text(second), None, None)


@pytest.mark.shared_data
def test_two_saves_of_one_real_page_have_one_content(shared: Path) -> None:
    """The one page that the shared sets hold twice; between the saves a counter has appeared."""
    folder = shared / "pages/readability/html"
    hashes = {
        extract_page(
            gzip.decompress((folder / f"lifehacker-{name}.html.gz").read_bytes()),
            url="http://lifehacker.com/a",
            content_type=None,
        ).facts.content_hash
        for name in ("working", "post-comment-load")
    }
    assert len(hashes) == 1
    assert None not in hashes


def test_the_method_stands_before_a_content_hash() -> None:
    page, other = extract("<title>A</title><p>x"), extract("<title>B</title><p>x")
    assert page.facts.content_hash is not None
    assert page.facts.content_hash.startswith("1:")
    assert page.facts.content_hash != other.facts.content_hash
    assert extract("<br>").facts.content_hash is None


def test_text_hash_sees_a_changed_word() -> None:
    pages = (b"<main>open</main>", b"<main>shut</main>", b"<p>open", b"<article></article><p>open")
    hashes = [
        content_hash(main_text(read_document(page, url="", content_type=None)), None, None)
        for page in pages
    ]
    assert hashes[0] != hashes[1]
    assert hashes[0] == hashes[2] == hashes[3]


@pytest.mark.parametrize("body", [b"", b"<p></p>", b"<head><title>x</title></head>"])
def test_page_without_text_has_no_hash(body: bytes) -> None:
    assert (
        content_hash(main_text(read_document(body, url="", content_type=None)), None, None) is None
    )
