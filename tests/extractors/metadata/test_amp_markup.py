"""Rule A2: what a page needs to be AMP."""

from __future__ import annotations

import pytest

from crawler.extractors.html.document import read_document
from crawler.extractors.metadata.amp_markup import amp_lacks
from crawler.extractors.page import extract_page
from crawler.model.observation import AmpPart

CHARSET = '<meta charset="utf-8">'
VIEWPORT = '<meta name="viewport" content="width=device-width,minimum-scale=1,initial-scale=1">'
RUNTIME = '<script async src="https://cdn.ampproject.org/v0.js"></script>'
BOILERPLATE = "<style amp-boilerplate>body{visibility:hidden}</style>"
CANONICAL = '<link rel="canonical" href="https://news.example/a">'
WHOLE = (CHARSET, VIEWPORT, RUNTIME, BOILERPLATE, CANONICAL)


def lacks(head: str, mark: str = "⚡") -> tuple[AmpPart, ...] | None:
    html = f"<!doctype html><html {mark} lang=en><head>{head}</head><body>A story</body></html>"
    return amp_lacks(
        read_document(html.encode(), url="https://news.example/a/amp", content_type=None)
    )


@pytest.mark.parametrize("mark", ["⚡", "⚡️", "amp", "AMP", 'amp=""', 'amp transformed="self;v=1"'])
def test_a_whole_page_lacks_nothing(mark: str) -> None:
    assert lacks("".join(WHOLE), mark) == ()


@pytest.mark.parametrize(
    ("missing", "part"),
    [
        (CHARSET, AmpPart.CHARSET),
        (VIEWPORT, AmpPart.VIEWPORT),
        (RUNTIME, AmpPart.RUNTIME),
        (BOILERPLATE, AmpPart.BOILERPLATE),
        (CANONICAL, AmpPart.CANONICAL),
    ],
)
def test_each_part_is_missed(missing: str, part: AmpPart) -> None:
    assert lacks("".join(WHOLE).replace(missing, "")) == (part,)


@pytest.mark.parametrize("mark", ["", "class=amp", "⚡4email", "amp4ads", "data-amp"])
def test_a_page_that_does_not_claim_to_be_amp_lacks_just_that(mark: str) -> None:
    assert lacks("", mark) == (AmpPart.MARK,)


@pytest.mark.parametrize(
    ("plain", "other"),
    [
        (CHARSET, '<meta http-equiv="Content-Type" content="text/html; charset=UTF-8">'),
        (CHARSET, "<meta charset=UTF8>"),
        (VIEWPORT, '<META NAME=Viewport CONTENT="Width = device-width">'),
        (RUNTIME, '<script async type=module src="https://cdn.ampproject.org/v0.mjs"></script>'),
        (RUNTIME, '<script src="https://cdn.ampproject.org/lts/v0.js"></script>'),
        (RUNTIME, '<script src="https://cdn.ampproject.org/rtv/012009/v0.js?f=1"></script>'),
        (RUNTIME, '<script src="/static/amp/v0.js"></script>'),
        (BOILERPLATE, "<noscript><style amp-boilerplate></style></noscript>"),
        (CANONICAL, '<link rel="alternate CANONICAL" href="/a">'),
    ],
)
def test_other_spellings_of_a_part(plain: str, other: str) -> None:
    assert lacks("".join(WHOLE).replace(plain, other)) == ()


@pytest.mark.parametrize(
    ("plain", "other", "part"),
    [
        (CHARSET, "<meta charset=latin-1>", AmpPart.CHARSET),
        (VIEWPORT, '<meta name=viewport content="width=1024">', AmpPart.VIEWPORT),
        (RUNTIME, '<script src="https://cdn.ampproject.org/v0/amp-ad-0.1.js"></script>', AmpPart.RUNTIME),
        (RUNTIME, "<script>v0.js</script>", AmpPart.RUNTIME),
        (BOILERPLATE, "<style amp-custom></style>", AmpPart.BOILERPLATE),
        (CANONICAL, "<link rel=canonical>", AmpPart.CANONICAL),
    ],
)  # fmt: skip
def test_what_is_not_the_part(plain: str, other: str, part: AmpPart) -> None:
    assert lacks("".join(WHOLE).replace(plain, other), "amp") == (part,)


def test_a_transformed_page_says_that_it_has_no_boilerplate() -> None:
    assert lacks("".join(WHOLE).replace(BOILERPLATE, ""), "amp i-amphtml-no-boilerplate") == ()


def test_a_page_without_an_element_says_nothing() -> None:
    assert extract_page(b" ", url="", content_type=None).facts.amp_lacks is None


def test_the_facts_of_a_page_hold_it() -> None:
    page = extract_page(b"<html><p>A story", url="", content_type=None)
    assert page.facts.amp_lacks == (AmpPart.MARK,)
