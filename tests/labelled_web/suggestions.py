"""What permanent redirects suggest: clean addresses with their fragments, and none by language (rules E5, E6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.labelled_web.case import PATH, TEMPORARY, TITLE, TRIVIAL, Case, Class, Label, Seen, moved
from tests.web import pages
from tests.web.rules import Answer, redirect, robots

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


_ENGLISH, _GERMAN, _FRENCH = (f"/{language}{PATH}" for language in ("en", "de", "fr"))
_PROSE = (
    "The pier was opened again on Monday after a long winter of repairs, and the first to walk its whole length was the "
    "woman who had sold ice cream there for forty years. Children ran behind her with flags, while the mayor promised "
    "that lamps, benches and railings would follow before summer."
)
_STORY = Answer(body=pages.page(TITLE, body=f"<p>{_PROSE}</p>"))
_LATER = Answer(
    body=pages.page(
        TITLE, body=f"<p>{_PROSE}</p><p>Nine people have shared this story until now, it says.</p>"
    )
)
_LOST = Answer(body=pages.page(TITLE, body="<p>Your visit has ended. Please open the list of articles and begin once more, "
    "since nothing of what you selected earlier remains available under these circumstances; favourites, baskets and "
    "searches were deleted without exception.</p>"))  # fmt: skip
_SHELL = Answer(body=f'<title>{TITLE}</title><div id="root"></div><script src="/app.js"></script>')
_CAPTCHA = Answer(
    body='<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/x.js"></script>',
    status=403,
)
_SIGN_IN = Answer(
    body="<title>Sign in</title><h1>Sign in</h1><form><input name=user><input type=password name=p></form>"
)
_SESSION = ";jsessionid=4F2A9C11D0B7E36588"


def _in(language: str, answer: Answer) -> Answer:
    """An answer for those who ask in a language alone."""
    return replace(answer, when=("accept-language", language))


def _by_language(
    name: str, label: Label, usual: str, language: str, other: Answer, **site: Answer
) -> Case:
    """A redirect to `usual`, and `other` for those who ask in `language`; `site` has the further answers."""
    first = (_in(language, other), redirect(usual))
    return Case(Class.SUGGESTIONS, f"suggest-language-{name}", label, {PATH: first, **site})


def _asked_clean(
    name: str,
    label: Label,
    clean: Answer,
    *,
    dirt: str = _SESSION,
    rest: str = "",
    end: Answer = _STORY,
    rules: str = "",
) -> Case:
    """A redirect to an address with `dirt`, whose page does not say its own; without the dirt it gives `clean`."""
    address = _NEW + rest
    answers: dict[str, Answer | Sequence[Answer]] = {
        PATH: redirect(_NEW + dirt),
        (_NEW + dirt).partition("#")[0]: end,
        address: clean,
    }
    if rules:
        answers["/robots.txt"] = robots(rules)
    return Case(Class.SUGGESTIONS, f"suggest-clean-{name}", label, answers)


_ASKED_IN_ANOTHER_LANGUAGE = (
    _by_language("differs", _BY_LANGUAGE, _ENGLISH, "de", redirect(_GERMAN), **{_ENGLISH: _STORY, _GERMAN: _STORY}),
    _by_language("same", moved(_ENGLISH), _ENGLISH, "de", redirect(_ENGLISH), **{_ENGLISH: _STORY}),
    _by_language("same-with-slash", moved(_ENGLISH), _ENGLISH, "de", redirect(f"{_ENGLISH}/"),
        **{_ENGLISH: _STORY, f"{_ENGLISH}/": _STORY}),
    _by_language("same-for-now", moved(_ENGLISH), _ENGLISH, "de", redirect(_ENGLISH, 302), **{_ENGLISH: _STORY}),
    _by_language("stays", _BY_LANGUAGE, _ENGLISH, "de", _STORY, **{_ENGLISH: _STORY}),
    _by_language("other-is-gone", _BY_LANGUAGE, _ENGLISH, "de", Answer(status=404), **{_ENGLISH: _STORY}),
    _by_language("other-leads-to-nothing", _BY_LANGUAGE, _ENGLISH, "de", redirect(_GERMAN), **{_ENGLISH: _STORY}),
    _by_language("other-is-walled", _BY_LANGUAGE, _ENGLISH, "de", _CAPTCHA, **{_ENGLISH: _STORY}),
    _by_language("other-is-forbidden", _BY_LANGUAGE, _ENGLISH, "de", redirect(_GERMAN),
        **{_ENGLISH: _STORY, _GERMAN: _STORY, "/robots.txt": robots("User-agent: *\nDisallow: /de/")}),
    _by_language("other-goes-home", _BY_LANGUAGE, _ENGLISH, "de", redirect("/de/"), **{_ENGLISH: _STORY, "/de/": _STORY}),
    _by_language("other-says-so", _BY_LANGUAGE, _ENGLISH, "de", replace(redirect(_ENGLISH), headers=_VARIES),
        **{_ENGLISH: _STORY}),
    _by_language("german-differs", _BY_LANGUAGE, _GERMAN, "fr", redirect(_FRENCH), **{_GERMAN: _STORY, _FRENCH: _STORY}),
    _by_language("german-same", moved(_GERMAN), _GERMAN, "fr", redirect(_GERMAN), **{_GERMAN: _STORY}),
    _by_language("named-differs", _BY_LANGUAGE, f"/deutsch{PATH}", "fr", redirect(f"/english{PATH}"),
        **{f"/deutsch{PATH}": _STORY, f"/english{PATH}": _STORY}),
    _by_language("of-country-differs", _BY_LANGUAGE, f"/de-ch{PATH}", "ja", redirect(f"/en-ch{PATH}"),
        **{f"/de-ch{PATH}": _STORY, f"/en-ch{PATH}": _STORY}),
    _by_language("host-differs", _BY_LANGUAGE, f"https://en.hafen.example{PATH}", "de", redirect(f"https://de.hafen.example{PATH}"),
        **{f"//en.hafen.example{PATH}": _STORY, f"//de.hafen.example{PATH}": _STORY}),
    _by_language("host-same", moved(f"https://en.hafen.example{PATH}"), f"https://en.hafen.example{PATH}", "de",
        redirect(f"https://en.hafen.example{PATH}"), **{f"//en.hafen.example{PATH}": _STORY}),
    _by_language("parameter-differs", _BY_LANGUAGE, f"{PATH}?lang=en", "de", redirect(f"{PATH}?lang=de"),
        **{f"{PATH}?lang=en": _STORY, f"{PATH}?lang=de": _STORY}),
    _by_language("parameter-same", moved(f"{_NEW}?lang=en"), f"{_NEW}?lang=en", "de", redirect(f"{_NEW}?lang=en"),
        **{f"{_NEW}?lang=en": _STORY}),
    _by_language("and-session", moved(_ENGLISH), _ENGLISH + _SESSION, "de", redirect(f"{_ENGLISH};jsessionid=77"),
        **{_ENGLISH + _SESSION: _STORY, f"{_ENGLISH};jsessionid=77": _STORY, _ENGLISH: _STORY}),
    _by_language("and-session-unproven", _MOVED_ONLY, _ENGLISH + _SESSION, "de", redirect(_ENGLISH + _SESSION),
        **{_ENGLISH + _SESSION: _STORY, _ENGLISH: Answer(status=404)}),
    _by_language("loops", _BY_LANGUAGE, _ENGLISH, "de", redirect(PATH), **{_ENGLISH: _STORY}),
    _by_language("later-hop", _BY_LANGUAGE, "/b", "de", redirect(_GERMAN),
        **{"/b": redirect(_ENGLISH), _ENGLISH: _STORY, _GERMAN: _STORY}),
    _by_language("section-of-two-letters", moved(f"/tv{PATH}"), f"/tv{PATH}", "de", redirect(f"/tv{PATH}"),
        **{f"/tv{PATH}": _STORY}),
    _by_language("of-domain-differs", _BY_LANGUAGE, f"https://suggest-language-of-domain-differs.fr{PATH}", "de",
        redirect(f"https://suggest-language-of-domain-differs.de{PATH}"),
        **{f"//suggest-language-of-domain-differs.{country}{PATH}": _STORY for country in ("de", "fr")}),
    _by_language("of-domain-same", moved(f"https://suggest-language-of-domain-same.io{PATH}"),
        f"https://suggest-language-of-domain-same.io{PATH}", "de", redirect(f"https://suggest-language-of-domain-same.io{PATH}"),
        **{f"//suggest-language-of-domain-same.io{PATH}": _STORY}),
    # What looks like no language is asked once only, whatever it would give in German.
    _by_language("none", moved(_NEW), _NEW, "de", Answer(status=404), **{_NEW: _STORY}),
)  # fmt: skip
_ASKED_CLEAN = (
    _asked_clean("same", moved(_NEW), _STORY),
    _asked_clean("changed-a-little", moved(_NEW), _LATER),
    _asked_clean("back-to-session", moved(_NEW), redirect(_NEW + _SESSION, 302)),
    _asked_clean("back-to-session-for-good", moved(_NEW), redirect(_NEW + _SESSION)),
    _asked_clean("other-page", _MOVED_ONLY, Answer(body=pages.page("Another story", body=f"<p>{_PROSE}</p>"))),
    _asked_clean("other-words", _MOVED_ONLY, _LOST),
    _asked_clean("shell", _MOVED_ONLY, _SHELL, end=_SHELL),
    _asked_clean("gone", _MOVED_ONLY, Answer(status=404)),
    _asked_clean("gone-for-good", _MOVED_ONLY, Answer(status=410)),
    _asked_clean("walled", _MOVED_ONLY, _CAPTCHA),
    _asked_clean("refused", _MOVED_ONLY, Answer(status=403)),
    _asked_clean("broken", _MOVED_ONLY, Answer(status=500)),
    _asked_clean("sign-in", _MOVED_ONLY, _SIGN_IN, dirt="?token=9f86d081884c7d659a2feaa0"),
    _asked_clean("leads-to-sign-in", _MOVED_ONLY, redirect("/login?next=x", 302)),
    _asked_clean("leads-elsewhere", _MOVED_ONLY, redirect("/articles/all-of-our-stories-of-note", 302)),
    _asked_clean("leads-home", _MOVED_ONLY, redirect("/", 302)),
    _asked_clean("forbidden", _MOVED_ONLY, _STORY, rules=f"User-agent: *\nDisallow: {_NEW}$"),
    _asked_clean("allowed", moved(_NEW), _STORY, rules=f"User-agent: *\nDisallow: {_NEW}/"),
    _asked_clean("tracking", moved(_NEW), _STORY, dirt="?utm_source=rss"),
    _asked_clean("beside-id", moved(f"{_NEW}?id=12345"), _STORY, dirt="?id=12345&PHPSESSID=9f86d081", rest="?id=12345"),
    _asked_clean("fragment", moved(f"{_NEW}#part-2"), _STORY, dirt=f"{_SESSION}#part-2"),
    _asked_clean("cookie-set", moved(_NEW), _STORY, dirt="?cookieSet=1"),
    _asked_clean("leads-to-nothing", _MOVED_ONLY, redirect(f"{_NEW}/")),
    _asked_clean("text", _MOVED_ONLY, Answer(body=_PROSE, content_type="text/plain")),
    _asked_clean("empty", _MOVED_ONLY, Answer(body="")),
    _asked_clean("image-of-it", _MOVED_ONLY, Answer(image=(640, 480))),
)  # fmt: skip


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
    *_ASKED_IN_ANOTHER_LANGUAGE,
    *_ASKED_CLEAN,
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
