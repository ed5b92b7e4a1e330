"""The ids and names of a page, whether a script may add some, and words that links name (rule K8)."""

from __future__ import annotations

import time

import pytest

from crawler.extractors.html.document import read_document
from crawler.extractors.html.page_anchors import page_anchors
from crawler.model.observation import Anchors
from crawler.rules.anchors import has_part

WORDS = "<p>" + "Words of a page that has a text of its own. " * 20 + "</p>"


def anchors(html: str, *texts: str) -> Anchors:
    return page_anchors(
        read_document(html.encode(), url="https://a.test/", content_type=None), texts
    )


def test_ids_and_names_count() -> None:
    found = anchors(
        "<h2 id=one>One</h2><a name='two'>x</a><svg id=three /><input name=four><p id=''>"
    )
    assert [has_part(found, part) for part in ("one", "two", "three", "four", "One", "")] == [
        True, True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("html", "is_scripted"),
    [
        (WORDS, False),
        (f"<script src=x></script>{WORDS}", False),
        ("<div id=root></div><script src=app.js></script>", True),
        ("<div id=root>Loading</div>", False),
        (f"<script></script>{WORDS}<h2>A</h2><h2>B</h2>", True),
        (f"<script></script>{WORDS}<h2 id=a>A</h2><h2>B</h2>", False),
        (f"<script></script>{WORDS}<h2><a id=a></a>A</h2><h3>B</h3>", False),
        (f"<script></script>{WORDS}<section id=a><h2>A</h2></section><h2>B</h2>", False),
        (f"{WORDS}<h2>A</h2><h2>B</h2>", False),
        (f"<script></script>{WORDS}<h2>A</h2>", False),
    ],
)
def test_pages_that_build_themselves(html: str, is_scripted: bool) -> None:
    assert anchors(f"<html><body>{html}").is_scripted is is_scripted


def test_words_are_looked_for_in_what_readers_see() -> None:
    html = "<title>Head</title><p>Some <b>wo</b>rds</p><script>hidden()</script><style>x{}</style><p>and more"
    wanted = ("Some%20words", "words%20and%20more", "hidden", "x%7B%7D", "Head")
    assert anchors(html, *wanted).absent == ("hidden", "x%7B%7D", "Head")


def test_nothing_is_found_in_nothing() -> None:
    assert anchors("") == Anchors("")


def test_a_hostile_page_costs_little() -> None:
    begun = time.process_time()
    anchors("<div id=a>" * 100_000, "x")
    anchors("".join(f"<p id={number}>" for number in range(200_000)), "x")
    assert time.process_time() - begun < 15
