"""The parts of a site around a page's own text: menus, a search box, lists of popular articles, a footer."""

from __future__ import annotations

import html
from dataclasses import dataclass

NOINDEX = '<meta name="robots" content="noindex, follow">'


@dataclass(frozen=True, slots=True)
class Site:
    """A news site in one language (BCP 47), its words separated by `|`.

    `gone` are a not-found page's title and h1, as sites write them; `sorry` is its paragraph. `about` is an
    article on such pages, `removed` one in which something has been removed: headline and first paragraph.
    """

    code: str
    name: str
    menu: str
    search: str
    popular: str
    headlines: str
    footer: str
    gone: tuple[tuple[str, str], ...]
    sorry: str
    about: tuple[str, str]
    removed: tuple[str, str]


def page(
    site: Site,
    title: str,
    heading: str,
    text: str = "",
    *,
    head: str = "",
    chrome: int = 1_800,
    after: str = "",
) -> str:
    """A page of the site. `chrome` is how many visible characters of lists it has at least, 0 for none;
    `after` is HTML at the end of the text."""
    lists = "".join(_lists(site, chrome))
    menu = _items(site.menu)
    level = f"<h1>{html.escape(heading)}</h1>" if heading else ""
    return (
        f'<!doctype html>\n<html lang="{site.code}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n"
        f'<meta property="og:site_name" content="{html.escape(site.name)}">\n'
        f'<link rel="stylesheet" href="/assets/site.css">\n{head}\n</head>\n<body class="site">\n'
        f'<header><a href="/" class="logo">{html.escape(site.name)}</a><nav><ul>{menu}</ul></nav>\n'
        f'<form role="search" action="/search"><input type="search" name="q" '
        f'placeholder="{html.escape(site.search)}"><button>{html.escape(site.search)}</button></form>'
        f"</header>\n<main>{level}\n<p>{html.escape(text)}</p>{after}</main>\n"
        f"<aside>{lists}</aside>\n<footer><ul>{_items(site.footer)}</ul></footer>\n"
        f'<script src="/assets/site.js" async></script>\n</body>\n</html>\n'
    )


def _lists(site: Site, visible: int) -> list[str]:
    """Lists of headlines, section by section, until they are as long as asked for."""
    found: list[str] = []
    headlines = site.headlines.split("|")
    sections = [site.popular, *site.menu.split("|")]
    length = 0
    while length < visible:
        at = len(found)
        section = sections[at % len(sections)]
        turned = headlines[at % len(headlines) :] + headlines[: at % len(headlines)]
        found.append(f"<section><h2>{html.escape(section)}</h2><ul>{_items('|'.join(turned))}</ul>")
        found[-1] += "</section>"
        length += len(section) + sum(map(len, headlines))
    return found


def _items(words: str) -> str:
    return "".join(
        f'<li><a href="/{number}">{html.escape(word)}</a></li>'
        for number, word in enumerate(words.split("|"))
    )
