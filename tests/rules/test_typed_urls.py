from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.rules.fragments import inherited
from crawler.rules.typed_urls import is_data_url, slip_of
from crawler.rules.urls import LONGEST_URL, InvalidReason, examine

NO_SCHEME, UNKNOWN = InvalidReason.NO_SCHEME, InvalidReason.UNKNOWN_SCHEME
MARK_UP, PLACEHOLDER = InvalidReason.MARK_UP, InvalidReason.PLACEHOLDER
SEVERAL, TEXT = InvalidReason.SEVERAL_URLS, InvalidReason.NOT_AN_ADDRESS
PAGE = "https://site.org/x"


@pytest.mark.parametrize(
    ("raw", "reason", "mended"),
    [
        ("www.site.org/x", NO_SCHEME, "https://www.site.org/x"),
        ("www.f635.example/story", NO_SCHEME, "https://www.f635.example/story"),
        ("www2.bbc.co.uk/news?a=1#b", NO_SCHEME, "https://www2.bbc.co.uk/news?a=1#b"),
        ("WWW.Site.ORG", NO_SCHEME, "https://WWW.Site.ORG"),
        ("site.org/x", NO_SCHEME, PAGE),
        ("site.org", NO_SCHEME, "https://site.org"),
        ("site.org:8080/x", NO_SCHEME, "https://site.org:8080/x"),
        ("müller.de/x", NO_SCHEME, "https://müller.de/x"),
        ("www.例え.テスト/x", NO_SCHEME, "https://www.例え.テスト/x"),
        ("xn--mller-kva.de/x", NO_SCHEME, "https://xn--mller-kva.de/x"),
        ("gov.md/x", NO_SCHEME, "https://gov.md/x"),
        ("\u200bwww.site.org/x\u00a0", NO_SCHEME, "https://www.site.org/x"),
        ("htp://site.org/x", UNKNOWN, "http://site.org/x"),
        ("htps://site.org/x", UNKNOWN, PAGE),
        ("htttps://site.org/x", UNKNOWN, PAGE),
        ("ttps://site.org/x", UNKNOWN, PAGE),
        ("HTTPX://site.org/x", UNKNOWN, PAGE),
        ("httsp://site.org/x", UNKNOWN, PAGE),
        ("jttp://site.org/x", UNKNOWN, "http://site.org/x"),
        ("http//site.org/x", UNKNOWN, "http://site.org/x"),
        ("https//site.org/x", UNKNOWN, PAGE),
        ("https:://site.org/x", UNKNOWN, PAGE),
        ("https;//site.org/x", UNKNOWN, PAGE),
        ("https：//site.org/x", UNKNOWN, PAGE),
        ("://site.org/x", UNKNOWN, PAGE),
        ("https:// site.org/x", UNKNOWN, PAGE),
        ("https ://site.org/x", UNKNOWN, PAGE),
        ("https://https://site.org/x", UNKNOWN, PAGE),
        ("http://https//site.org/x", UNKNOWN, PAGE),
        ("https://htp://site.org/x", None, None),
        ("httphttps://site.org/x", UNKNOWN, PAGE),
        ("https%3A%2F%2Fsite.org%2Fx", UNKNOWN, PAGE),
        ("http://[::1]/x", None, None),
        ("htp://[2001:db8::1]/x", UNKNOWN, "http://[2001:db8::1]/x"),
        ("<https://site.org/x>", MARK_UP, PAGE),
        ("[https://site.org/x]", MARK_UP, PAGE),
        ("(https://site.org/x)", MARK_UP, PAGE),
        ("(https://site.org/x", MARK_UP, PAGE),
        ('"https://site.org/x"', MARK_UP, PAGE),
        ("'https://site.org/x'", MARK_UP, PAGE),
        ("“https://site.org/x”", MARK_UP, PAGE),
        ("„https://site.org/x“", MARK_UP, PAGE),
        ("»https://site.org/x«", MARK_UP, PAGE),
        ("**https://site.org/x**", MARK_UP, PAGE),
        ("<www.site.org/x>", MARK_UP, "https://www.site.org/x"),
        ("<site.org/x>", MARK_UP, PAGE),
        ("<htps://site.org/x>", MARK_UP, PAGE),
        ("[text](https://site.org/x_(y))", MARK_UP, "https://site.org/x_(y)"),
        ('![alt](https://site.org/x.png "title")', MARK_UP, "https://site.org/x.png"),
        ("[text](/relative)", MARK_UP, None),
        ("[1]: https://site.org/x", MARK_UP, PAGE),
        ('<a href="https://site.org/x?a=1&amp;b=2">t</a>', MARK_UP, "https://site.org/x?a=1&b=2"),
        ("<a href='https://site.org/x'>https://site.org/x</a>", MARK_UP, PAGE),
        ("[url=https://site.org/x]text[/url]", MARK_UP, PAGE),
        ("[[https://site.org/x|text]]", MARK_UP, PAGE),
        ('https://site.org/x">text</a>', MARK_UP, PAGE),
        ("https://site.org/x</a>", MARK_UP, PAGE),
        ("https://site.org/x>", MARK_UP, PAGE),
        ('https://site.org/x"', MARK_UP, PAGE),
        ("<https://web.archive.org/web/2020/https://a.org/x>", MARK_UP,
         "https://web.archive.org/web/2020/https://a.org/x"),
        ('<a href="https://site.org/1">https://site.org/2</a>', SEVERAL, None),
        ("TODO", PLACEHOLDER, None),
        ("tbd", PLACEHOLDER, None),
        ("n/a", PLACEHOLDER, None),
        ("-", PLACEHOLDER, None),
        ("#", PLACEHOLDER, None),
        ("???", PLACEHOLDER, None),
        ("{{url}}", PLACEHOLDER, None),
        ("<URL>", PLACEHOLDER, None),
        ("[link]", PLACEHOLDER, None),
        ("Link folgt …", PLACEHOLDER, None),
        ("待定", PLACEHOLDER, None),
        ("coming_soon", PLACEHOLDER, None),
        ("https://a.org/x https://b.org/y", SEVERAL, None),
        ("https://a.org/x, https://b.org/y", SEVERAL, None),
        ("https://a.org/x\nhttps://b.org/y", SEVERAL, None),
        ("https://a.org/x?id=1 https://b.org/y", SEVERAL, None),
        ("http://A text above all https://b.org/y", TEXT, None),
        ("https: www.site.org and more", TEXT, None),
        ("https://a.org/x?id=1 and https://b.org/y", SEVERAL, None),
        ("https://a.org/x#y , https://b.org/y", SEVERAL, None),
        ("https://site.org/x](https://site.org/x)", MARK_UP, PAGE),
        ("<%= link.url %>", PLACEHOLDER, None),
        ("https://site.org/<%= id %>", None, None),
        ("${base}/x", PLACEHOLDER, None),
        ("<% if (a) { %>http://site.org/x/<%= b %>", PLACEHOLDER, None),
        ("https://a.org/x;https://b.org/y", SEVERAL, None),
        ("https://a.org/xhttps://b.org/y", SEVERAL, None),
        ("https://a.org/x www.b.org/y", SEVERAL, None),
        ("https://a.org/x (see https://b.org/y)", SEVERAL, None),
        ("www.a.org www.b.org", SEVERAL, None),
        ("www.a.org/x,www.b.org/y", SEVERAL, None),
        ("https://site.org/x https://site.org/x", SEVERAL, PAGE),
        ("see the website", TEXT, None),
        ("Read more at https://site.org/x.", TEXT, PAGE),
        ("Quelle: https://site.org/x", TEXT, PAGE),
        ("Quelle:https://site.org/x", TEXT, PAGE),
        ("- https://site.org/x", TEXT, PAGE),
        ("view-source:https://site.org/x", TEXT, PAGE),
        ("see www.site.org", TEXT, "https://www.site.org"),
        ("(see note)", TEXT, None),
    ],
)  # fmt: skip
def test_what_was_typed_is_told_with_the_address_that_was_meant(
    raw: str, reason: InvalidReason | None, mended: str | None
) -> None:
    found = slip_of(raw)
    assert (found and found.reason, found and found.mended) == (reason, mended)


@pytest.mark.parametrize(
    "raw",
    [
        "https://site.org/x",
        "HTTP://SITE.ORG",
        "https:site.org/x",
        "https:/site.org/x",
        r"https:\\site.org\x",
        "https://site.org/my page.html",
        "https://site.org/x?u=a b",
        "https://x.org/my page?u=https://b.org",
        "https://wa.me/?text=One https://site.org/x",
        "https://wa.me/?text=More than one word https://site.org/x",
        "https://api.whatsapp.com/send?p&text=A story %0A%0A https://site.org/x",
        "https://github.com/a/b/issues/new?body=File: [c.md](https://site.org/x)",
        "https://github.com/a/b/issues/new?body=[c.md](https://site.org/x)",
        "https://site.org/x?q=see https://b.org/y",
        "https://web.archive.org/web/2020/https://site.org/x",
        "https://web.archive.org/web/2020id_/http://site.org/x",
        "https://l.facebook.com/l.php?u=https://site.org/x",
        "https://api.org/?u=https://a.org,https://b.org",
        "https://res.cloudinary.com/demo/image/fetch/w_300,h_200/https://site.org/a.jpg",
        "https://en.wikipedia.org/wiki/Foo_(bar)",
        'https://en.wikipedia.org/wiki/"Heroes"',
        "https://site.org/?q=a>b<c>",
        "https://site.org/<id>",
        "https://https.cio.gov/x",
        "http://http.cat/404",
        "http://.a.test/",
        "https://",
        "http://exa mple.com/",
        "https://bücher.example/x",
        "http://[2001:db8::1]:8080/x",
        "[::1]/x",
        "[2001:db8::1]",
        "mailto:a@site.org",
        "mailto: a@site.org",
        "mailto:a@site.org?body=see https://site.org/x",
        "javascript:alert(1)",
        "javascript: void(0)",
        "tel:+49 30 1",
        "ftp://site.org/x",
        "hxxp://site.org/x",
        "urn:isbn:3",
        "nonsense:x",
        "foo:bar baz",
        "localhost:8080/a",
        "//www.site.org/x",
        "/www.site.org/x",
        "./www.site.org/x",
        "../site.org/x",
        "www/x",
        "www.site.html",
        "readme.md",
        "script.py",
        "v1.2/x",
        "photo.jpg",
        "a..org/x",
        "todo.html",
        "/todo",
        "#todo",
        "links/",
        "/",
        ".",
        "..",
        "",
        "\u200b",
        " \t",
        "/assets/a b.png",
        "my picture.png?v=1",
        "{{ site.url }}/x",
        "_posts/2020-x.md",
        "Wikipedia",
        "user@site.org",
        "path/?u=https://site.org/x",
        "html://site.org/x",
        "htp://nothing",
        "w" * (LONGEST_URL + 1),
    ],
)
def test_what_may_be_meant_as_it_stands_is_left_alone(raw: str) -> None:
    assert slip_of(raw) is None


@pytest.mark.parametrize("raw", ["test", "images/my photo", "links"])
def test_some_words_may_be_pages(raw: str) -> None:
    found = slip_of(raw)
    assert found is not None
    assert found.may_be_path


@pytest.mark.parametrize(
    ("raw", "is_data"),
    [
        ("data:image/png;base64,AAAA", True),
        (" DATA:,x", True),
        ("\ufeffdata:text/html,<b>", True),
        ("data:" + "A" * 60_000, True),
        ("data/image.png", False),
        ("database:x", False),
        ("https://site.org/data:x", False),
        ("", False),
    ],
)
def test_data_urls_are_known(raw: str, is_data: bool) -> None:
    assert is_data_url(raw) is is_data


def test_a_text_that_was_typed_has_no_fragment() -> None:
    assert inherited(PAGE, '<a href="https://site.org/x">#1</a>') == PAGE
    assert inherited(PAGE, "http://site.org/old#part") == f"{PAGE}#part"
    assert inherited(PAGE, "/old#part") == f"{PAGE}#part"


PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            ["http", "https", "htp", ":", "//", "/", "www.", "site.org", " ", "\n", "<", ">", "[", "]", "(", ")",
             '"', "'", "“", "”", ",", ";", "#", "?", "=", "\u200b", "{{", "todo", "a href=", "&amp;", "[url]", "."]
        ),
        st.text(max_size=3),
    ),
    max_size=12,
).map("".join)  # fmt: skip


@given(PIECES)
def test_any_text_is_taken_and_a_mended_address_is_one(raw: str) -> None:
    found = slip_of(raw)
    if found is not None and found.mended is not None:
        assert examine(found.mended).invalid is None
        assert slip_of(found.mended) is None


@pytest.mark.parametrize(
    "piece",
    ["[", "(", "<a ", "https://", " http://a", "www.", "\u200b ", "a.", ",", "“", "\n", "_"],
)
def test_time_is_bounded(piece: str) -> None:
    slip_of(piece * (LONGEST_URL // len(piece)))
    slip_of("https://a.org/" + piece * ((LONGEST_URL - 14) // len(piece)))
