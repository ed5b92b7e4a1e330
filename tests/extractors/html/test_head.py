"""What belongs to a page's head, as browsers have it: the answers are html5lib's, with scripts on."""

from __future__ import annotations

import pytest

from crawler.extractors.html.document import read_document
from crawler.extractors.html.head import head_elements
from crawler.extractors.page import extract_page

LINK = '<link rel="canonical" href="/a">'


@pytest.mark.parametrize(
    ("html", "is_in_head"),
    [
        ("<html><head>{link}</head><body>x", True),
        ("{link}<p>x", True),
        ("<head></head>{link}<body>x", True),
        ("<body>{link} x", False),
        ("<body>{link}", False),
        ("<head>foo{link}", False),
        ("<head><div></div>{link}</head><body>", False),
        ("<head><img>{link}</head>", False),
        ("<head><noscript><img></noscript>{link}", True),
        ("<head><noscript><div>x</div></noscript>{link}", True),
        ("<head><noscript>{link}</noscript></head>", False),
        ("<head><template>{link}</template></head>", False),
        ("<head><x-foo></x-foo>{link}", False),
        ("<head><title>x</title><svg></svg>{link}", False),
        ("<head></head>foo{link}", False),
        ("<head></head></p>{link}<body>", True),
        ("<!-- c -->{link}", True),
        ("<head><script>document.write('<div>')</script>{link}", True),
        ("<head><iframe></iframe>{link}", False),
        ("<head><a href=x>y</a>{link}", False),
        ("<html><head><title>t</title></head></html>{link}", False),
        ("<head><style>a<b</style>{link}", True),
        ("<title>a</title>{link}<h1>x", True),
        ("<h1>x</h1>{link}", False),
        ("<p>c {link}", False),
        ("<head><body>{link}", False),
        ("<head><input type=hidden>{link}", False),
        ("<head><object></object>{link}", False),
        ("<head><style><div></style>{link}", True),
        ("<head><noscript><iframe src=x></iframe></noscript>{link}<body>", True),
        ("<head><meta charset=utf-8>\ufeff{link}", False),
        ("<head><br>{link}", False),
        ("<?xml version='1.0'?><html><head>{link}", True),
        ("<!doctype html><html lang=en>{link}<head><title>x</title></head>", True),
        ("<head><custom>{link}</custom>", False),
        ("<head><!-- a --><title>x</title><!-- b -->{link}<body>", True),
        ("<head>&nbsp;{link}", False),
        ("<frameset>{link}", False),
        ("\ufeff{link}<p>", True),
        ("<svg>{link}</svg>", False),
        ("", False),
    ],
)
def test_a_canonical_link_counts_in_the_head_only(html: str, is_in_head: bool) -> None:
    """Rule M5; a link in a reader's comment is not the page's."""
    source = html.replace("{link}", LINK).encode()
    found = extract_page(
        source, url="https://news.example/b", content_type="text/html; charset=utf-8"
    )
    assert found.facts.canonical == ("https://news.example/a" if is_in_head else None)


def test_open_graphs_address_counts_in_the_head_only_and_its_title_everywhere() -> None:
    html = "<p>a comment <meta property=og:url content=/spam><meta property=og:title content=T>"
    facts = extract_page(html.encode(), url="https://news.example/b", content_type=None).facts
    assert (facts.canonical, facts.title) == (None, "T")


def test_an_amp_page_is_named_in_the_head_only() -> None:
    html = "<p>a comment <link rel=amphtml href=/spam>"
    facts = extract_page(html.encode(), url="https://news.example/b", content_type=None).facts
    assert facts.amphtml is None


def test_a_document_that_is_no_html_has_no_head() -> None:
    document = read_document(b"<p>x", url="", content_type=None)
    assert document.root is not None
    assert list(head_elements(next(document.root.iter("p")))) == []
