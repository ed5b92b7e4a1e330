"""What permanent redirects suggest: clean addresses with their fragments, and none by language (rules E5, E6)."""

from __future__ import annotations

from tests.labelled_web.case import PATH, TEMPORARY, TITLE, TRIVIAL, Case, Class, Label, Seen, moved
from tests.web import pages
from tests.web.rules import Answer, redirect

_NEW = "/articles/the-pier-opens-again-by-the-sea"
_MOVED_ONLY = Label("moved", "moved-permanently")
"""Moved, with nothing that could be suggested."""
_BY_LANGUAGE = Label("alive", "redirect-by-language")
_VARIES = (("Vary", "Accept-Encoding, Accept-Language"),)


def _page(canonical: str = "") -> Answer:
    return Answer(body=pages.page(TITLE, canonical=canonical or None))


def _to(
    name: str,
    label: Label,
    location: str,
    *,
    canonical: str = "",
    path: str = PATH,
    status: int = 301,
    headers: tuple[tuple[str, str], ...] = (),
    identity: str = "",
) -> Case:
    """One redirect to `location`, whose page calls `canonical` its address, "" for none."""
    name = f"suggest-{name}"
    end = location.partition("#")[0]
    answers = {
        identity or path: Answer(status=status, location=location, headers=headers),
        end: _page(canonical),
    }
    visited = f"https://{name}.example{identity}" if identity else None
    return Case(Class.SUGGESTIONS, name, label, answers, path, identity=visited)


def _session(name: str, dirt: str, *, rest: str = "") -> tuple[Case, ...]:
    """A session in the new address: `rest` is what must stay. With a page that says its address, without, and as the
    only difference."""
    return (
        _to(f"{name}-proven", moved(_NEW + rest), _NEW + dirt, canonical=_NEW + rest),
        _to(f"{name}-trivial", TRIVIAL, f"{PATH}{dirt}", path=PATH + rest),
    )


def _titled(
    name: str, label: Label, title: str, *, path: str = PATH, end: str = _NEW, status: int = 301
) -> Case:
    """One redirect to a page of this title, which states no time."""
    page = Answer(body=pages.page(title) if title else f"<html><body><p>{'Words of it. ' * 60}")
    return Case(
        Class.SUGGESTIONS,
        f"suggest-{name}",
        label,
        {path: redirect(end, status), end: page},
        path,
    )


_RECIPES = "Ten recipes for the cold days of the year"
_SECTION = Label("alive", "redirect-general", ("redirects-to-section",))
_WATCH = "/watch?v=9xQ2bLm"

CASES = (
    # -------------------------------------------------------------- another page (rule E6)
    _titled("another-story", _MOVED_ONLY, _RECIPES),
    _titled("another-story-308", _MOVED_ONLY, _RECIPES, status=308),
    _titled("another-story-by-query", _MOVED_ONLY, _RECIPES, path=_WATCH),
    _titled("another-video", _MOVED_ONLY, _RECIPES, path=_WATCH, end="/watch?v=7pO1mKd"),
    _titled("server-error-at-end", _MOVED_ONLY, "Oops! Something went wrong"),
    _titled("untitled", _MOVED_ONLY, ""),
    _titled("longer-title", moved(_NEW), f"{TITLE} after the storm of the century"),
    _titled("half-of-the-words", moved(_NEW), "Open again: the pier"),
    _titled("title-with-site", moved(_NEW), f"{TITLE} | The Example Times"),
    _titled("name-kept", moved(f"/archive{PATH}"), _RECIPES, end=f"/archive{PATH}"),
    _titled("number-kept", moved("/story/1234567"), _RECIPES, path="/news/1234567/pier", end="/story/1234567"),
    _titled("query-to-its-page", moved(_NEW), TITLE, path=_WATCH),
    _titled("query-to-section", _SECTION, "News", path=_WATCH, end="/news/"),
    _titled("query-to-tag", _SECTION, "Piers", path=_WATCH, end="/tag/piers"),
    _titled("root-query-to-section", _SECTION, "News", path="/?p=1234", end="/news/"),
    _titled("query-to-titled-section", moved("/pier/"), TITLE, path=_WATCH, end="/pier/"),
    # ------------------------------------------------------------------------------ fragments
    _to("fragment-of-location", moved(f"{_NEW}#part-2"), f"{_NEW}#part-2"),
    _to("fragment-encoded", moved(f"{_NEW}#part%202"), f"{_NEW}#part 2"),
    _to("fragment-both", moved(f"{_NEW}#theirs"), f"{_NEW}#theirs", path=f"{PATH}#ours", identity=PATH),
    _to("fragment-of-reference", moved(_NEW), _NEW, path=f"{PATH}#ours", identity=PATH),
    _to("fragment-trivial", TRIVIAL, f"{PATH}/#part-2"),
    _to("fragment-today", TEMPORARY, f"{_NEW}#part-2", status=302),
    Case(
        Class.SUGGESTIONS, "suggest-fragment-of-first-hop", moved(f"{_NEW}#one"),
        {PATH: redirect("/b#one"), "/b": redirect(_NEW), _NEW: _page()},
    ),
    Case(
        Class.SUGGESTIONS, "suggest-fragment-of-last-hop", moved(f"{_NEW}#two"),
        {PATH: redirect("/b#one"), "/b": redirect(f"{_NEW}#two"), _NEW: _page()},
    ),
    # ------------------------------------------------------------------- sessions and cookies
    *_session("jsessionid", ";jsessionid=4F2A9C11D0B7E36588"),
    *_session("jsessionid-upper", ";JSESSIONID=4F2A9C11.node1"),
    *_session("path-sid", ";sid=88ab"),
    *_session("cookie-set", "?cookieSet=1"),
    *_session("phpsessid", "?PHPSESSID=9f86d081884c7d659a2feaa0"),
    *_session("beside-id", "?id=12345&sessionid=77ab", rest="?id=12345"),
    *_session("cold-fusion", "?CFID=12&CFTOKEN=9876&id=12345", rest="?id=12345"),
    *_session("cloudflare", "?__cf_chl_tk=abc.def-1699"),
    *_session("zen", "?zenid=ab12cd"),
    *_session("token-sid", "?sid=9f86d081884c7d659a2feaa0"),
    _to("asp-net", moved(_NEW), f"/(S(lit3py55t21z5v55vlm25s55)){_NEW}", canonical=_NEW),
    _to("session-echoed", _MOVED_ONLY, f"{_NEW};jsessionid=4F2A", canonical=f"{_NEW};jsessionid=4F2A"),
    _to("session-and-other-page", _MOVED_ONLY, f"{_NEW};jsessionid=4F2A", canonical="/articles/another-story-of-note"),
    _to("session-and-fragment", moved(f"{_NEW}#part-2"), f"{_NEW};jsessionid=4F2A#part-2", canonical=_NEW),
    # ------------------------------------------------------------------------------- tracking
    _to("tracking", moved(_NEW), f"{_NEW}?utm_source=rss&utm_medium=feed", canonical=_NEW),
    _to("tracking-beside-id", moved(f"{_NEW}?id=12345"), f"{_NEW}?id=12345&fbclid=x", canonical=f"{_NEW}?id=12345"),
    _to("tracking-echoed", _MOVED_ONLY, f"{_NEW}?utm_source=rss", canonical=f"{_NEW}?utm_source=rss"),
    _to("tracking-had-before", moved(f"{_NEW}?utm_source=rss"), f"{_NEW}?utm_source=rss",
        path=f"{PATH}?utm_source=rss"),
    _to("tracking-added", TRIVIAL, f"{PATH}?utm_source=rss&gclid=1"),
    # ------------------------------------------------------------------------------- language
    _to("language", _BY_LANGUAGE, f"/en-us{PATH}", headers=_VARIES),
    _to("language-short", _BY_LANGUAGE, f"/en{PATH}", headers=_VARIES),
    _to("language-308", _BY_LANGUAGE, f"/de-de{PATH}", status=308, headers=_VARIES),
    _to("language-parameter", _BY_LANGUAGE, f"{PATH}?lang=en", headers=_VARIES),
    _to("language-today", TEMPORARY, f"/en-us{PATH}", status=302, headers=_VARIES),
    # ---------------------------------------------------------------------------- near misses
    _to("plain", moved(_NEW), _NEW, canonical=_NEW),
    _to("sid-of-a-story", moved("/article.php?sid=12345"), "/article.php?sid=12345"),
    _to("cookie-recipe", moved("/recipes?cookie=almond-and-sea-salt"), "/recipes?cookie=almond-and-sea-salt"),
    _to("parentheses", moved("/wiki/The_Pier_(film_of_2020)"), "/wiki/The_Pier_(film_of_2020)"),
    _to("path-parameter", moved(f"{_NEW};v=2"), f"{_NEW};v=2"),
    _to("encoding-kept", moved(f"{_NEW}?q=a%20b+c&d=%C3%A9"), f"{_NEW}?q=a%20b+c&d=%C3%A9&utm_term=x",
        canonical=f"{_NEW}?q=a%20b+c&d=%C3%A9"),
    _to("language-of-both", moved(f"/en{_NEW}"), f"/en{_NEW}", path=f"/en{PATH}", headers=_VARIES),
    _to("varies-elsewhere", moved(_NEW), _NEW, headers=_VARIES),
    Case(
        Class.SUGGESTIONS, "suggest-mixed-chain", TEMPORARY,
        {PATH: redirect("/b"), "/b": redirect(_NEW, 302), _NEW: _page(_NEW)}, seen=Seen(hops=2),
    ),
    Case(
        Class.SUGGESTIONS, "suggest-mixed-chain-back", TEMPORARY,
        {PATH: redirect("/b", 307), "/b": redirect(_NEW, 308), _NEW: _page(_NEW)}, seen=Seen(hops=2),
    ),
)  # fmt: skip
