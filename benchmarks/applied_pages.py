"""Pages as sites dress them: one article's facts in eight kinds of markup, and what stands in a page's place.

For `apply_to_collection`: what a page says is known, whatever its markup.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

_FILLER = (
    "The details were given at the usual place, and readers asked about them for several days. "
    "More on this subject follows in the next issue, together with the answers of the people named here. "
)
_TEASERS = (
    ("Ten things to know this week", "2019-03-04T08:00:00Z"),
    ("What our readers liked most", "2024-11-12T09:30:00+01:00"),
    ("A short history of the office chair", "2016-07-21"),
)
DRESSES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page says of itself, truly. `published` is ISO 8601; each text is empty where it says nothing."""

    url: str
    site: str
    title: str
    excerpt: str = ""
    published: str = ""
    image: str = ""


def moment_of(text: str) -> datetime | None:
    """The moment of an ISO 8601 text; one without a zone is taken as UTC."""
    try:
        found = datetime.fromisoformat(text.strip().replace(" ", "T", 1).replace(" ", ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def article_page(facts: Facts, dress: int, head: str = "", words: str = "") -> str:
    """The page in one of `DRESSES` kinds of markup. `words` are more text of the article."""
    return (_DRESSES[dress % DRESSES])(facts, head, words)


def _open_graph(facts: Facts, title: str, excerpt: str) -> str:
    return _metas({
        "og:type": "article", "og:title": title, "og:description": excerpt, "og:image": facts.image,
        "og:url": facts.url, "og:site_name": facts.site,
    })  # fmt: skip


def _metas(properties: Mapping[str, str]) -> str:
    return "".join(
        f'<meta property="{name}" content="{html.escape(value)}">\n'
        for name, value in properties.items()
        if value
    )


def _json_ld(document: object) -> str:
    text = json.dumps(document, ensure_ascii=False).replace("</", "<\\/")
    return f'<script type="application/ld+json">{text}</script>\n'


def _whole(facts: Facts, title: str, head: str, h1: str, words: str, after: str = "") -> str:
    """A page with navigation, the article's text, and what stands below it."""
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f'<link rel="canonical" href="{html.escape(facts.url)}">\n{head}</head><body>\n'
        f'<nav><a href="/">{html.escape(facts.site)}</a> <a href="/news/">News</a> <a href="/about">About</a></nav>\n'
        f"<article>{h1}\n<p>{html.escape(facts.excerpt or facts.title)}</p>\n"
        f"<p>{html.escape(facts.title)}. {html.escape(words)}</p><p>{_FILLER * 3}</p></article>\n"
        f"{after}<footer>Copyright {html.escape(facts.site)}</footer></body></html>\n"
    )


def _linked(facts: Facts, head: str, words: str) -> str:
    news = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": facts.title[:110],
        "description": facts.excerpt,
        "datePublished": facts.published,
        "publisher": {"@type": "Organization", "name": facts.site},
    }
    given = _open_graph(facts, facts.title, facts.excerpt) + _json_ld(news)
    shown = html.escape(facts.title)
    return _whole(
        facts,
        f"{shown} | {html.escape(facts.site)}",
        given + head,
        f"<h1>{shown}</h1>",
        words,
        related(),
    )


def _site_first(facts: Facts, head: str, words: str) -> str:
    given = _open_graph(facts, f"{facts.title} - {facts.site}", facts.excerpt)
    given += _metas({"article:published_time": facts.published})
    shown = html.escape(facts.title)
    title = f"{html.escape(facts.site)} - {shown}"
    return _whole(facts, title, given + head, f"<h1>{shown}</h1>", words, comments())


def _plain(facts: Facts, head: str, words: str) -> str:
    """Nothing but a title and meta tags; the h1 is the site's."""
    given = (
        f'<meta name="description" content="{html.escape(facts.excerpt)}">\n'
        f'<meta name="date" content="{facts.published}">\n'
        + _metas({"og:image": facts.image, "og:title": facts.title})
    )
    title = f"{html.escape(facts.title)} – {html.escape(facts.site)}"
    h1 = f'<p class="headline">{html.escape(facts.title)}</p>'
    return _whole(facts, title, given + head, h1, words, related())


def _curly(text: str) -> str:
    return text.replace("'", "’").replace(" - ", " – ").replace(' "', " “").replace('"', "”")


def _entities(facts: Facts, head: str, words: str) -> str:
    """Escaped twice, with curly quotes and hard spaces."""
    title = html.escape(_curly(facts.title)).replace(" ", "&nbsp;", 1)
    given = _open_graph(facts, html.escape(_curly(facts.title)), html.escape(_curly(facts.excerpt)))
    given += _metas({"article:published_time": facts.published})
    return _whole(
        facts, f"{title} &#124; {facts.site}", given + head, f"<h1>{title}</h1>", words, comments()
    )


def _cut(facts: Facts, head: str, words: str) -> str:
    """The description cut short, and the date as another zone writes the same moment."""
    excerpt = facts.excerpt
    if len(excerpt) > 90:
        excerpt = excerpt[:80].rsplit(" ", 1)[0] + "…"
    moment = moment_of(facts.published)
    elsewhere = (
        moment.astimezone(timezone(timedelta(hours=9))).isoformat() if moment else facts.published
    )
    given = _open_graph(facts, facts.title, excerpt)
    given += _metas({"article:published_time": elsewhere})
    shown = html.escape(facts.title)
    return _whole(
        facts, f"{shown} · {facts.site}", given + head, f"<h1>{shown}</h1>", words, related()
    )


def _microdata(facts: Facts, head: str, words: str) -> str:
    shown = html.escape(facts.title)
    after = comments() + related()
    h1 = (
        f'<div itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{shown}</h1>'
        f'<time itemprop="datePublished" datetime="{facts.published}">once</time></div>'
    )
    given = f'<meta name="description" content="{html.escape(facts.excerpt)}">\n'
    given += _metas({"og:image": facts.image})
    return _whole(facts, f"{shown} | {facts.site}", given + head, h1, words, after)


def _loud(facts: Facts, head: str, words: str) -> str:
    """A headline in parts, a kicker over it, and a <title> in capitals."""
    begin, _, end = facts.title.partition(" ")
    h1 = (
        f'<p class="kicker">Exclusive</p><h1><span>{html.escape(begin)}</span>\n   {html.escape(end)} '
        '<a class="permalink" href="#"></a></h1>'
    )
    given = _open_graph(facts, facts.title, facts.excerpt)
    given += _metas({"article:published_time": facts.published})
    return _whole(
        facts, html.escape(facts.title.upper()), given + head, h1, words, captions() + related()
    )


def _graph(facts: Facts, head: str, words: str) -> str:
    """JSON-LD as common blog software writes it: a graph with the site, crumbs and a list of other stories."""
    graph = [
        {"@type": "WebSite", "name": facts.site, "description": "News of every kind"},
        {"@type": "BreadcrumbList", "name": "Home", "itemListElement": []},
        {
            "@type": "ItemList",
            "itemListElement": [
                {
                    "@type": "ListItem",
                    "item": {"@type": "NewsArticle", "headline": name, "datePublished": day},
                }
                for name, day in _TEASERS
            ],
        },
        {
            "@type": "Article",
            "headline": facts.title,
            "datePublished": facts.published,
            "mainEntityOfPage": facts.url,
            "description": facts.excerpt,
        },
    ]
    given = _open_graph(facts, f"{facts.title} | {facts.site}", facts.excerpt)
    given += _json_ld({"@context": "https://schema.org", "@graph": graph})
    shown = html.escape(facts.title)
    return _whole(
        facts, f"{shown} | {facts.site}", given + head, f"<h1>{shown}</h1>", words, comments()
    )


_DRESSES = (_linked, _site_first, _plain, _entities, _cut, _microdata, _loud, _graph)


def comments() -> str:
    """Three comments with dates and titles of their own."""
    return "".join(
        f'<div itemprop="comment" itemscope itemtype="https://schema.org/Comment"><b itemprop="name">{name}</b>'
        f'<time itemprop="datePublished" datetime="{day}">then</time><p itemprop="text">I agree.</p></div>\n'
        for name, day in _TEASERS
    )


def related() -> str:
    """Teasers of other stories, with dates."""
    return (
        '<aside class="related"><h2>Related</h2>'
        + "".join(
            f'<article><h3><a href="/other/{number}">{name}</a></h3><time datetime="{day}">then</time></article>'
            for number, (name, day) in enumerate(_TEASERS)
        )
        + "</aside>\n"
    )


def captions() -> str:
    """A picture with a caption and its day."""
    return (
        '<figure><img src="/fig.png" alt=""><figcaption>The hall in <time datetime="2011-02-03">2011</time>, '
        "before it was built</figcaption></figure>\n"
    )


def bare(title: str) -> str:
    """An article's text without any metadata, with comments, teasers and captions that have dates."""
    return (
        f"<!doctype html><html><head><title>{html.escape(title)}</title></head><body><h1>{html.escape(title)}</h1>"
        f"<p>{_FILLER * 4}</p>{comments()}{related()}{captions()}</body></html>"
    )


def notice(title: str, text: str, *, head: str = "", body: str = "") -> str:
    """A page that says something else than the article, with a headline."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>{head}'
        f"</head><body><h1>{html.escape(title)}</h1><p>{html.escape(text)}</p>{body}</body></html>"
    )


def stub(target: str, *, script: bool) -> str:
    """A page that only leads on."""
    to = html.escape(target)
    if script:
        return f"<!doctype html><title>Redirecting…</title><script>window.location.replace({json.dumps(target)})</script>"
    return (
        f'<!doctype html><html><head><title>Redirecting…</title><link rel="canonical" href="{to}">'
        f'<meta http-equiv="refresh" content="0; url={to}"></head><body><h1>Redirecting…</h1>'
        f'<a href="{to}">Click here if you are not redirected.</a></body></html>'
    )


_SPAM = (
    "Play online slots and live casino games, get your free spins bonus today. Poker, roulette, blackjack and sports "
    "betting with the best odds. Register now for a welcome bonus without deposit. "
)


def casino() -> str:
    """Another owner's page."""
    return (
        '<!doctype html><html lang="id"><head><meta charset="utf-8"><title>Situs Judi Slot Online Gacor - Casino Terpercaya'
        '</title><meta name="description" content="Daftar situs judi slot online gacor dengan bonus new member">'
        '<meta property="og:site_name" content="Slot Gacor 88"></head><body><h1>Slot Online Gacor: Casino, Poker, Togel</h1>'
        f"<p>{_SPAM * 4}</p><p>Daftar sekarang di situs judi online terpercaya dan menangkan jackpot.</p></body></html>"
    )


def parked(host: str) -> str:
    """A registrar's placeholder."""
    return (
        f"<!doctype html><html><head><title>{host} is for sale</title>"
        '<script src="https://img1.wsimg.com/parking-lander/static/js/main.js"></script></head>'
        f"<body><h1>{host} is parked free, courtesy of GoDaddy.com</h1><p>Get this domain</p></body></html>"
    )


IN_PLACE: dict[str, tuple[str, str, str, str]] = {
    "not-found": (
        "Page not found",
        "The page that you look for does not exist any more. Perhaps one of these?",
        "",
        related(),
    ),
    "echo": (
        "You searched for an old story",
        "Sorry, no results were found. Try other words.",
        "",
        related(),
    ),
    "login": (
        "Log in to continue",
        "Please log in with your account.",
        "",
        '<form method="post" action="/login"><input name="user"><input type="password" name="pw"></form>',
    ),
    "consent": (
        "Before you continue",
        "We and our 812 partners store and access information on your device. Accept all or reject all.",
        "",
        '<form method="post" action="https://consent.example.net/save"><button>Accept all</button></form>',
    ),
    "captcha": (
        "One more step",
        "Please complete the security check.",
        "",
        '<div class="h-captcha" data-sitekey="10000000-ffff"></div><script src="https://js.hcaptcha.com/1/api.js"></script>',
    ),
    "queue": (
        "You are now in line",
        "Many people want to come in. You are in the waiting room; this page reloads itself.",
        '<meta http-equiv="refresh" content="20">',
        "",
    ),
    "maintenance": (
        "We'll be back soon",
        "The site is down for scheduled maintenance. Please try again later.",
        '<meta name="robots" content="noindex">',
        "",
    ),
    "server-error": (
        "Oops! Something went wrong",
        "An unexpected error has occurred. Our team was told. Reference 7f3a.",
        "",
        "",
    ),
    "region": (
        "Not available in your region",
        "We are sorry. This content is not available in your country because of legal reasons.",
        "",
        "",
    ),
    "browser": (
        "Your browser is not supported",
        "Please update your browser, or use one of these.",
        "",
        "",
    ),
    "newsletter": (
        "Subscribe to our newsletter",
        "Get the best stories in your mailbox each morning.",
        "",
        '<form action="/nl"><input type="email" name="mail"></form>',
    ),
}
"""What a server shows in place of a page: title, text, head, body."""
