"""The answers of the demonstration's web: one function for each kind of answer."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from html import escape
from http import HTTPStatus

from crawler.demonstration.drawn_images import png, rotated_jpeg

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. `delay` is seconds before it starts; `reset` resets the connection in its place.

    `size` is the width and height that a viewer sees, for images.
    """

    status: int = 200
    content_type: str = HTML
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    reset: bool = False
    size: tuple[int, int] | None = None

    @property
    def etag(self) -> str:
        """A strong validator: it changes exactly when the body does (RFC 9110, section 8.8.3)."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:24]}"'

    @property
    def location(self) -> str | None:
        """The URL that a redirect leads to."""
        return next((value for name, value in self.headers if name == "Location"), None)


@dataclass(frozen=True, slots=True)
class Story:
    """The metadata of a page: times are ISO 8601 text, as pages hold them."""

    title: str
    excerpt: str
    published: str
    site: str
    modified: str | None = None
    amphtml: str | None = None
    free: bool = True


def page(url: str, story: Story) -> Answer:
    """An article as publishers serve it: Open Graph, JSON-LD, canonical and some text."""
    facts: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "description": story.excerpt,
        "datePublished": story.published,
        "isAccessibleForFree": story.free,
        "publisher": {"@type": "Organization", "name": story.site},
    }
    if story.modified is not None:
        facts["dateModified"] = story.modified
    # "<" is written as an escape so that no text can end the script early.
    script = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    head = [
        *_head(f"{story.title} | {story.site}", url),
        _property("og:type", "article"),
        _property("og:title", story.title),
        _property("og:description", story.excerpt),
        _property("og:url", url),
        _property("og:site_name", story.site),
        _property("article:published_time", story.published),
        f'<meta name="description" content="{escape(story.excerpt)}">',
        f'<script type="application/ld+json">{script}</script>',
    ]
    if story.modified is not None:
        head.append(_property("article:modified_time", story.modified))
    if story.amphtml is not None:
        head.append(f'<link rel="amphtml" href="{escape(story.amphtml)}">')
    if not story.free:
        head.append(_property("article:content_tier", "locked"))
    return _html(head, _text(story))


def amp_page(canonical: str | None, story: Story) -> Answer:
    """The AMP page of an article; without `canonical` it has no canonical link."""
    head = [
        *_head(story.title, canonical),
        '<meta name="viewport" content="width=device-width">',
        '<script async src="https://cdn.ampproject.org/v0.js"></script>',
        "<style amp-boilerplate>body{visibility:hidden}</style>",
    ]
    return _html(head, _text(story), opening="<html amp>")


def home(site: str) -> Answer:
    """A front page."""
    return _html(_head(site, None), f"<h1>{escape(site)}</h1><p>Today's stories.</p>")


def login(site: str) -> Answer:
    """A form in place of the page that was asked for."""
    form = '<form method="post"><input name="user"><input name="password" type="password"></form>'
    return _html(_head(f"Sign in | {site}", None), f"<h1>Sign in</h1>{form}")


def missing(status: int = 404) -> Answer:
    """An honest error page: 404, or 410 for good."""
    title = "This page has been removed" if status == HTTPStatus.GONE else "Page not found"
    return replace(_html(_head(title, None), f"<h1>{title}</h1>"), status=status)


def soft_404() -> Answer:
    """A page that says "not found" with status 200."""
    return replace(missing(), status=200)


def refusal(status: int, title: str, *headers: tuple[str, str]) -> Answer:
    """An answer that proves nothing about the page: a limit, a log-in, an outage."""
    text = f"<h1>{escape(title)}</h1><p>Please try again later.</p>"
    return replace(_html(_head(title, None), text), status=status, headers=headers)


def bot_wall(status: int = HTTPStatus.FORBIDDEN) -> Answer:
    """The challenge that a content delivery network shows to programs, at any status."""
    challenge = (
        "<script>window._cf_chl_opt={cType:'managed'};</script>"
        '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>'
    )
    wall = _html(_head("Just a moment...", None), f"<p>Checking your browser.</p>{challenge}")
    return replace(
        wall, status=status, headers=(("cf-mitigated", "challenge"), ("Server", "cloudflare"))
    )


def redirect(status: int, location: str) -> Answer:
    """A redirect with a short body, as web servers send it."""
    title = "Moved"
    moved = _html(_head(title, None), f'<a href="{escape(location)}">{title}</a>')
    return replace(moved, status=status, headers=(("Location", location),))


def picture(width: int, height: int) -> Answer:
    """A PNG."""
    return Answer(content_type="image/png", body=png(width, height), size=(width, height))


def rotated_picture(width: int, height: int) -> Answer:
    """A JPEG that is `width` by `height` after its EXIF orientation."""
    return Answer(content_type="image/jpeg", body=rotated_jpeg(width, height), size=(width, height))


def robots(text: str) -> Answer:
    """A robots.txt."""
    return Answer(content_type="text/plain; charset=utf-8", body=text.encode())


RESET = Answer(reset=True)


def _head(title: str, canonical: str | None) -> list[str]:
    head = ['<meta charset="utf-8">', f"<title>{escape(title)}</title>"]
    if canonical is not None:
        head.append(f'<link rel="canonical" href="{escape(canonical)}">')
    return head


def _property(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{escape(content)}">'


def _text(story: Story) -> str:
    # Real articles are long: soft-404 and wall rules look at the length of the visible text.
    sentence = f"{story.excerpt} This paragraph stands for the article's own words. "
    paragraphs = "".join(f"<p>{escape(sentence * 4)}</p>" for _ in range(6))
    return f"<article><h1>{escape(story.title)}</h1>{paragraphs}</article>"


def _html(head: list[str], body: str, opening: str = '<html lang="en">') -> Answer:
    text = f"<!doctype html>\n{opening}\n<head>\n{chr(10).join(head)}\n</head>\n"
    return Answer(body=f"{text}<body>\n{body}\n</body>\n</html>\n".encode())
