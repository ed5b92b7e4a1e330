"""Sites as the pace of a crawl is measured on: pages of real length that differ from host to host, and pictures.

A seed gives the same bytes. Pages have Open Graph, JSON-LD, a navigation, paragraphs and a foot; their lengths are
log-normal. One page from all sites would be a captive portal by our own rules (rule O1).
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.wire_images import Picture, write_pictures

_SYLLABLES = "ba be bi bo bu da de di do du ka ke ki ko la le li lo lu ma me mi mo na ne no ra re ri ro sa se si so ta te ti to"
_WORDS_MEDIAN, _WORDS_SPREAD, _WORDS_MOST = 900, 0.5, 6_000
_PARAGRAPH = 60
_NAVIGATION = 40
_STYLE = 12_000
"""Bytes of inline style and script, as most pages carry them."""
_OWN = 0.375
"""Share of the pages that are an article's own; the others only `related` names."""
_PICTURES, _WIDE_ENOUGH = 200, 1_200
"""Pictures with another one in their place to be looked for (too small, gone) would be further requests."""


@dataclass(frozen=True, slots=True)
class MadeSite:
    """What was written: every URL, in the order of the articles, and how many of them are pictures."""

    urls: tuple[str, ...]
    pictures: int
    hosts: tuple[str, ...]


def write_site(
    folder: Path, content: Path, *, urls: int, hosts: int, scheme: str = "http", seed: int = 11
) -> MadeSite:
    """Write `urls` files below `folder`, a folder for each host, and articles that name them below `content`.

    A fifth are pictures; of the pages three eighths are an article's own.
    """
    made = random.Random(seed)
    names = [f"www.site-{number}-news.com" for number in range(hosts)]
    for name in names:
        (folder / name).mkdir(parents=True)
    words = _vocabulary(made)
    pictures = [one for one in write_pictures(folder, _PICTURES, seed) if one.width >= _WIDE_ENOUGH]
    for name in names:
        (folder / name / "picture.jpg").hardlink_to(folder / pictures[0].name)
    pages, images = [], []
    for number in range(urls):
        host = names[number % hosts]
        if number % 5 == 4:
            images.append(_lay(folder, host, number, made.choice(pictures), scheme))
        else:
            path = f"articles/{number}.html"
            (folder / host / "articles").mkdir(exist_ok=True)
            url = f"{scheme}://{host}/{path}"
            (folder / host / path).write_text(_page(made, words, host, url), encoding="utf-8")
            pages.append(url)
    _write_articles(content, pages, images)
    return MadeSite((*pages, *(url for url, _ in images)), len(images), tuple(names))


def _lay(
    folder: Path, host: str, number: int, picture: Picture, scheme: str
) -> tuple[str, Picture]:
    name = f"{number}{Path(picture.name).suffix}"
    (folder / host / name).hardlink_to(folder / picture.name)
    return f"{scheme}://{host}/{name}", picture


def _write_articles(
    content: Path, pages: Sequence[str], images: Sequence[tuple[str, Picture]]
) -> None:
    content.mkdir(parents=True)
    own = round(len(pages) * _OWN)
    related = pages[own:]
    for number, page in enumerate(pages[:own]):
        lines = [
            "---",
            f"title: Article {number}",
            f"webUrl: {page}",
            "publishedDateTime: 2024-03-04T05:06:07Z",
        ]
        shown = images[number::own]
        if shown:
            lines.append("images:")
        for url, picture in shown:
            lines += [
                f"  - url: {url}",
                f"    width: {picture.width}",
                f"    height: {picture.height}",
            ]
        named = related[number::own]
        if named:
            lines.append("related:")
        for url in named:
            lines += ["  - title: Another", f"    webUrl: {url}"]
        (content / f"article-{number}.md").write_text("\n".join((*lines, "---", "")))


def _vocabulary(made: random.Random) -> list[str]:
    parts = _SYLLABLES.split()
    return ["".join(made.choices(parts, k=made.randint(1, 4))) for _ in range(4_000)]


def _page(made: random.Random, words: list[str], host: str, url: str) -> str:
    count = min(round(made.lognormvariate(0, _WORDS_SPREAD) * _WORDS_MEDIAN), _WORDS_MOST)
    title = " ".join(made.choices(words, k=9)).capitalize()
    about = " ".join(made.choices(words, k=28)).capitalize()
    site = host.removeprefix("www.").removesuffix(".com").title()
    picture = f"{url.partition('/articles/')[0]}/picture.jpg"
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "description": about,
        "datePublished": "2024-03-04T05:06:07+00:00",
        "dateModified": "2024-03-05T05:06:07+00:00",
        "author": [{"@type": "Person", "name": "Ada Lovelace"}],
        "image": [picture],
        "publisher": {"@type": "Organization", "name": site, "logo": {"url": f"{url}.png"}},
        "mainEntityOfPage": url,
    }
    head = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        f"<title>{title} - {site}</title>",
        f'<meta name="description" content="{about}"><link rel="canonical" href="{url}">',
        f'<meta property="og:title" content="{title}"><meta property="og:type" content="article">',
        f'<meta property="og:description" content="{about}"><meta property="og:url" content="{url}">',
        f'<meta property="og:image" content="{picture}"><meta property="og:site_name" content="{site}">',
        '<meta property="article:published_time" content="2024-03-04T05:06:07+00:00">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta name="twitter:card" content="summary"><meta name="twitter:title" content="{title}">',
        f'<script type="application/ld+json">{json.dumps(data)}</script>',
        f"<style>{_filling('.a{color:#123}', _STYLE // 2)}</style>",
        f"<script>{_filling('window.b=1;', _STYLE // 2)}</script></head><body><header><nav><ul>",
    ]
    for _ in range(_NAVIGATION):
        link = "-".join(made.choices(words, k=2))
        head.append(
            f'<li class="item"><a href="/{link}/">{link.replace("-", " ").title()}</a></li>'
        )
    head.append(f"</ul></nav></header><main><article><h1>{title}</h1>")
    while count > 0:
        text = made.choices(words, k=min(count, _PARAGRAPH))
        head.append(
            f'<p class="text">{" ".join(text).capitalize()} <a href="/{text[0]}/">{text[0]}</a>.</p>'
        )
        count -= _PARAGRAPH
    head.append("</article><aside><h2>More</h2><ul>")
    for _ in range(12):
        link = "-".join(made.choices(words, k=5))
        head.append(f'<li><a href="/{link}/"><img src="/{link}.jpg" alt="">{link}</a></li>')
    head.append(f"</ul></aside></main><footer><p>© {site}</p></footer></body></html>")
    return "\n".join(head)


def _filling(text: str, length: int) -> str:
    return text * (length // len(text))
