"""Which title a page's headline is (rule M2): what readers see, without sections, kickers and marks that nobody sees."""

from __future__ import annotations

import pytest

from crawler.extractors.page import extract_page

_LD = '<script type="application/ld+json">{"@type":"Article","headline":"%s"}</script>'
_OG = '<meta property="og:title" content="%s">'


def title(html: str, url: str = "https://news.example/a") -> str | None:
    return extract_page(html.encode(), url=url, content_type="text/html; charset=utf-8").facts.title


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        # A section before the headline, and a blog's name behind it.
        ("<title>Section | Headline</title><h1>Headline</h1>", "Headline"),
        ("<title>Politics | Council votes on pier</title><h1>Council votes on pier</h1>", "Council votes on pier"),
        ("<title>Reise - Sieben Inseln</title><h1>Sieben Inseln</h1>", "Sieben Inseln"),
        ("<title>Fog on the quay | Diary</title><h1>Diary</h1>", "Fog on the quay"),
        ("<title>Fog | The Tide Diary</title><h1>The Tide Diary</h1><h2>Fog</h2>", "Fog"),
        ("<title>Fog | The Tide Diary</title><h1>The Tide Diary</h1>" + _LD % "Fog", "Fog"),
        # Spans are words; letters in spans are none.
        ("<h1><span>Council votes</span><span>on pier</span></h1>", "Council votes on pier"),
        ("<h1>Council<br>votes</h1>", "Council votes"),
        ("<h1><div>Council</div>votes</h1>", "Council votes"),
        ("<h1><span>C</span><span>o</span><span>u</span></h1>", "Cou"),
        ("<h1><span>C</span>ouncil votes</h1>", "Council votes"),
        ("<h1>H<sub>2</sub>O and <b>bo</b><i>ld</i></h1>", "H2O and bold"),
        ("<h1><span>You</span>Tube</h1>", "YouTube"),
        # Soft hyphens and their like.
        ("<h1>Donau&shy;dampf\u200bschiff</h1>", "Donaudampfschiff"),
        ("<h1>Donau<wbr>dampf</h1>", "Donaudampf"),
        ("<title>Donau\u00addampf</title>", "Donaudampf"),
        # A kicker in an element of its own.
        ('<h1><span class="kicker">Exclusive</span> Council votes</h1>', "Council votes"),
        ('<h1><span class="article-eyebrow">Exclusive</span><span>Council votes</span></h1>', "Council votes"),
        ("<title>Council votes</title><h1><span>Exclusive</span><span>Council votes</span></h1>", "Council votes"),
        (_OG % "Council votes" + "<h1><a><small>Exclusive</small> Council votes</a></h1>", "Council votes"),
        (_OG % "Council votes" + "<h1>Council votes <small>What happens next</small></h1>", "Council votes"),
        (_OG % "Exclusive Council votes" + "<h1><em>Exclusive</em> Council votes</h1>", "Exclusive Council votes"),
        ('<h1><span class="kicker">Council votes</span></h1>', "Council votes"),
        ('<h1><span class="labelled">Exclusive</span> votes</h1>', "Exclusive votes"),
        ('<h1>Council votes <a class="headerlink" href="#a">¶</a></h1>', "Council votes"),
        ('<h1><span class="sr-only">Article:</span> Council votes</h1>', "Council votes"),
        ("<h1><span hidden>x</span>Council votes</h1>", "Council votes"),
        # JSON-LD and the h1: what the page's other titles say.
        (_OG % "Pier votes" + _LD % "Pier votes" + "<title>The council</title><h1>The council</h1>", "Pier votes"),
        (_OG % "The council" + _LD % "Pier votes" + "<title>Pier votes</title><h1>The council</h1>", "The council"),
        (_LD % "Pier votes" + "<title>The council</title><h1>The council</h1>", "The council"),
        (_LD % "Pier votes" + "<title>Pier votes</title><h1>The council</h1>", "Pier votes"),
        (_LD % "The council votes on the p…" + "<h1>The council votes on the pier</h1>", "The council votes on the pier"),
    ],
)  # fmt: skip
def test_the_headline_of_a_page(html: str, expected: str) -> None:
    assert title(html) == expected


def test_an_address_tells_a_headline_from_a_name() -> None:
    html = "<title>Fog and rain | Ships come in</title><h1>Ships come in</h1>"
    assert title(html, "https://news.example/weather/ships-come-in-today") == "Ships come in"
    assert title(html, "https://news.example/fog-and-rain/") == "Fog and rain"
