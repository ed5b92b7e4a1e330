"""Pages of ordinary length, made: an article of 20 to 60 KB with Open Graph and JSON-LD, and a site around it.

Of the 240 real pages of that length at hand, those with both have some 400 elements; so have these.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

_STORY = (
    "the harbour council said on Monday that a new pier will be built beside the old lighthouse because the stones of the "
    "former one were washed away in last winter's storms and nobody expects them to hold for another year while fishermen "
    "ask for a place to land their catch before the market opens at six and the ferry company wants deeper water"
)
_WORDS = _STORY.split()
_SECTIONS = ("World", "Politics", "Business", "Science", "Health", "Culture", "Sport", "Travel")
_SCRIPT = "window.__config=window.__config||{};(function(w,d){w.queue=w.queue||[];w.queue.push({id:%d,slot:'top-%d',sizes:[[728,90],[970,250]]});})(window,document);"


def ordinary_pages(count: int, seed: int = 18) -> Iterator[tuple[str, bytes]]:
    """Address and body of so many pages; the same ones for the same seed."""
    drawn = random.Random(seed)
    for number in range(count):
        url = f"https://www.site{number}.example/2026/03/story-{number}.html"
        yield url, ordinary_page(url, drawn, 20_000 + 40_000 * number // max(1, count)).encode()


def ordinary_page(url: str, drawn: random.Random, length: int) -> str:
    """One page of about so many characters."""
    title = _sentence(drawn, 9)
    head, around = _head(url, title, drawn), _around(drawn)
    room = length - len(head) - len(around)
    text = "".join(_paragraphs(drawn, max(2_000, int(room * 0.6))))
    scripts = "".join(
        f"<script>{_SCRIPT % (one, one)}</script>\n"
        for one in range(max(2, int(room * 0.4) // 200))
    )
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n{head}</head>\n<body class="post single">\n{around}'
        f'<main><article id="post"><header><h1>{title}</h1><p class="byline">By <a href="/by/jane">Jane Doe</a></p>'
        f'<time datetime="2026-03-04T08:00:00+01:00">4 March 2026</time></header>\n{text}</article></main>\n'
        f"{_related(drawn)}{scripts}<footer><p>&copy; 2026 The Site</p></footer></body></html>\n"
    )


def _head(url: str, title: str, drawn: random.Random) -> str:
    image, told = f"{url}.jpg", _sentence(drawn, 24)
    properties = {
        "og:type": "article", "og:title": title, "og:description": told, "og:url": url, "og:image": image,
        "og:image:width": "1200", "og:image:height": "630", "og:site_name": "The Site", "og:locale": "en_GB",
        "article:published_time": "2026-03-04T08:00:00+01:00", "article:modified_time": "2026-03-05T09:30:00+01:00",
        "article:section": "World",
    }  # fmt: skip
    names = {
        "description": told, "twitter:card": "summary_large_image", "twitter:title": title, "twitter:image": image,
        "viewport": "width=device-width, initial-scale=1", "robots": "max-image-preview:large", "author": "Jane Doe",
    }  # fmt: skip
    linked = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle", "headline": title, "url": url, "mainEntityOfPage": url, "image": [image],
                "datePublished": "2026-03-04T08:00:00+01:00", "dateModified": "2026-03-05T09:30:00+01:00",
                "author": [{"@type": "Person", "name": "Jane Doe", "url": "https://www.site.example/by/jane"}],
                "publisher": {"@id": "#us"}, "articleSection": "World", "description": told,
            },
            {"@type": "Organization", "@id": "#us", "name": "The Site", "logo": {"@type": "ImageObject", "url": "/logo.png"}},
            {"@type": "BreadcrumbList", "itemListElement": [
                {"@type": "ListItem", "position": place, "name": name} for place, name in enumerate(_SECTIONS[:3], 1)
            ]},
        ],
    }  # fmt: skip
    icons = "".join(
        f'<link rel="preload" as="script" href="/static/js/chunk-{one}.js">\n' for one in range(8)
    )
    return (
        f'<meta charset="utf-8">\n<title>{title} | The Site</title>\n<link rel="canonical" href="{url}">\n'
        + "".join(
            f'<meta property="{key}" content="{value}">\n' for key, value in properties.items()
        )
        + "".join(f'<meta name="{key}" content="{value}">\n' for key, value in names.items())
        + f'{icons}<link rel="stylesheet" href="/static/site.css">\n<style>{".a{color:red;margin:0}" * 60}</style>\n'
        + f'<script type="application/ld+json">{json.dumps(linked)}</script>\n'
    )


def _around(drawn: random.Random) -> str:
    items = "".join(
        f'<li class="menu-item"><a class="menu-link" href="/{one.lower()}/{two}">{one} {_sentence(drawn, 2)}</a></li>\n'
        for one in _SECTIONS
        for two in range(4)
    )
    return f'<header class="site-header"><div class="logo"><a href="/"><img src="/logo.png" alt="The Site"></a></div><nav><ul>\n{items}</ul></nav></header>\n'


def _paragraphs(drawn: random.Random, length: int) -> Iterator[str]:
    while length > 0:
        link = f'<a href="/story/{length}">{_sentence(drawn, 3)}</a>'
        text = f"<p>{_sentence(drawn, 40)}. {link} {_sentence(drawn, 30)} <em>{_sentence(drawn, 2)}</em>. {_sentence(drawn, 20)}.</p>\n"
        length -= len(text)
        yield text


def _related(drawn: random.Random) -> str:
    teasers = "".join(
        f'<li class="teaser"><a href="/story/{one}"><img src="/t/{one}.jpg" width="300" height="200" alt=""><h3>{_sentence(drawn, 8)}</h3></a><span class="date">{one % 28 + 1} February 2026</span></li>\n'
        for one in range(12)
    )
    return f'<aside class="related"><h2>More</h2><ul>\n{teasers}</ul></aside>\n'


def _sentence(drawn: random.Random, words: int) -> str:
    return " ".join(drawn.choices(_WORDS, k=words)).capitalize()
