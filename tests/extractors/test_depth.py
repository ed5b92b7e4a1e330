"""Rule M19: what is left out of a page that only related references name, and that nothing else changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.extractors.html.bounds import ContentError
from crawler.extractors.html.document import read_document
from crawler.extractors.metadata.guessed_dates import GUESSES
from crawler.extractors.metadata.guessed_pictures import PICTURE
from crawler.extractors.page import ExtractedPage, extract_document
from crawler.model.page_depth import Depth
from tests.labelled_web.table import LOOPBACK
from tests.web import page
from tests.web.rules import Answer

GOLDEN = Path(__file__).parent / "golden"
SHOWN = ("microdata", "byline")
"""Sources of authors that only the visible page names."""


def read(body: bytes, url: str, kind: str | None, depth: Depth) -> ExtractedPage:
    return extract_document(read_document(body, url=url, content_type=kind), url, depth)


def without_what_articles_need(whole: ExtractedPage) -> ExtractedPage:
    """A page that was read whole, as it is read for related references."""
    left = {
        field: tuple(
            one
            for one in found
            if not (field == "published" and one.source in GUESSES)
            and not (field == "image" and one.source == PICTURE)
            and not (field == "authors" and one.source in SHOWN)
        )
        for field, found in whole.candidates.items()
    }
    facts = whole.facts
    return replace(
        whole,
        candidates={field: found for field, found in left.items() if found},
        facts=replace(
            facts,
            published=None if facts.published_guessed else facts.published,
            published_guessed=False,
            image=None if facts.image_guessed else facts.image,
            image_guessed=False,
            authors=facts.authors if left.get("authors") else (),
            content_hash=None,
            notice=None,
        ),
    )


@pytest.mark.parametrize(
    "folder", sorted(one for one in GOLDEN.iterdir() if one.is_dir()), ids=lambda one: one.name
)
def test_golden_pages_lose_nothing_else(folder: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    given = (folder / "page.html").read_bytes(), meta["url"], meta["content_type"]
    whole, related = (read(*given, depth) for depth in (Depth.WHOLE, Depth.RELATED))
    assert related == without_what_articles_need(whole)


def test_signs_of_the_labelled_web_do_not_depend_on_who_asks() -> None:
    pages = {
        (f"https:{at}", one.body if isinstance(one.body, bytes) else one.body.encode())
        for case in LOOPBACK
        for at, answers in case.rules.items()
        for one in ((answers,) if isinstance(answers, Answer) else answers)
        if one.body and at.startswith("//")
    }
    assert len(pages) > 300
    for url, body in pages:
        try:
            document = read_document(body, url=url, content_type=None)
        except ContentError:
            continue
        whole, related = (
            extract_document(document, url, depth) for depth in (Depth.WHOLE, Depth.RELATED)
        )
        assert related == without_what_articles_need(whole), url


def test_each_part_that_is_left_out() -> None:
    body = page(
        "A story",
        body="<article><h1>A story</h1><p class=byline>By Jane Doe</p><p><time>4 March 2024</time></p>"
        '<img src="/pier.jpg" width=800 height=600><p>Correction: an earlier version named the wrong pier. '
        "It is the old one that was closed in the spring.</p></article>",
    ).encode()
    whole, related = (
        read(body, "https://a.example/story", None, depth) for depth in (Depth.WHOLE, Depth.RELATED)
    )
    facts = whole.facts
    assert (facts.published, facts.image) == ("2024-03-04", "https://a.example/pier.jpg")
    assert (facts.authors, facts.notice is not None) == (("Jane Doe",), True)
    assert facts.content_hash is not None
    assert related == without_what_articles_need(whole)


@pytest.mark.parametrize(
    "body",
    [
        b"<head><title>T</title><p>A head that never closes<h1>H</h1>",
        b'<title>T</title><body><script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2024-03-04"}</script>',
        b"<svg><title>An icon</title></svg><h1>H</h1>",
        b'<body><meta property="og:type" content="article"><meta property="og:title" content="T"><p>x',
        b'<noscript><meta http-equiv="refresh" content="0;url=/no-script"></noscript><h1>H</h1>',
        b"<title>404 Not Found</title><h1>404</h1>",
        b'<html amp><head><link rel="canonical" href="/x"></head><body><p>x',
        b'<HTML><BODY><DIV ITEMSCOPE ITEMTYPE="http://schema.org/Article"><META ITEMPROP="datePublished" CONTENT="2024-03-04">',
        b"<p>\xef\xb7\x90 a noncharacter \xef\xb7\x90 between words that are many enough for a sentence of the page",
        b"",
        b" \n<!-- nothing -->",
        "<h1>\u7b2c</h1><p>\u4eca\u65e5\u306f".encode("shift_jis"),
    ],
)  # fmt: skip
def test_near_misses_lose_nothing_else(body: bytes) -> None:
    url = "https://a.example/2024/story"
    whole, related = (read(body, url, None, depth) for depth in (Depth.WHOLE, Depth.RELATED))
    assert related == without_what_articles_need(whole)
