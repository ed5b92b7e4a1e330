"""How a visit goes on: redirects that a page makes itself (rule V16), cookies on the way (rule U7), https where http is
closed (rule V17), and ends that are no page of their own (rules N12, N13)."""

from __future__ import annotations

from tests.labelled_web.case import (
    ALIVE,
    BROKEN_404,
    END,
    FOR_NOW_TO_SECTION,
    HOME,
    LOOP,
    PARKED,
    PATH,
    SOFT_404,
    TEMPORARY,
    TITLE,
    TO_HOME,
    TO_SECTION,
    Case,
    Class,
    Label,
    Seen,
    moved,
    unverifiable,
)
from tests.labelled_web.chrome import page
from tests.labelled_web.sites_western import ENGLISH
from tests.web import pages
from tests.web.rules import Answer, Ending, redirect


def _stub(head: str = "", body: str = "", title: str = "Redirecting…") -> Answer:
    """As jekyll-redirect-from and Hugo write their pages."""
    return Answer(
        body=f'<!doctype html><html lang="en-US"><meta charset="utf-8"><title>{title}</title>{head}'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )


def _refresh(content: str) -> str:
    return f'<meta http-equiv="refresh" content="{content}">'


def _leads(
    name: str, label: Label, answer: Answer, *, hops: int | None = 1, **more: Answer
) -> Case:
    """A page that leads on by itself. `more` are further pages, by the last part of their path."""
    served = {f"/more/{key}": one for key, one in more.items()}
    served |= {"/404.html": Answer(body="<h1>Sorry</h1>"), "/": Answer(body="<h1>The Gazette</h1>")}
    return Case(
        Class.PAGE_REDIRECTS, f"leads-{name}", label, {PATH: answer, **served}, seen=Seen(hops=hops)
    )


_JEKYLL = _stub(
    f'<link rel="canonical" href="{END}"><script>location="{END}"</script>{_refresh(f"0; url={END}")}'
    '<meta name="robots" content="noindex">',
    f'<a href="{END}">Click here if you are not redirected.</a>',
)
_LONG = "<p>The pier was opened again on Monday after a long winter of repairs. " * 12
_STAYS = page(ENGLISH, f"{TITLE} | {ENGLISH.name}", TITLE, "It is open.")
_GONE = Answer(status=404)
_PAGE_REDIRECTS = (
    _leads("jekyll", TEMPORARY, _JEKYLL),
    _leads("hugo", TEMPORARY, _stub(_refresh(f"0; url={END}"), title=END)),
    _leads("to-gone", BROKEN_404, _stub(_refresh("0; url=/more/gone")), gone=_GONE),
    _leads("to-410", Label("broken", "http-410"), _stub(_refresh("0; url=/more/gone")), gone=Answer(status=410)),
    _leads("to-not-found", SOFT_404, _stub(_refresh("0; url=/404.html"))),
    _leads("to-home", HOME, _stub(_refresh("0; url=/"))),
    _leads("to-wall", unverifiable(403), _stub(_refresh("0;url=/more/wall")), wall=Answer(status=403)),
    _leads("quoted", TEMPORARY, _stub(_refresh(f"0; URL='{END}'"))),
    _leads("without-url", TEMPORARY, _stub(_refresh(f"3, {END}"))),
    _leads("relative", TEMPORARY, _stub(_refresh("0;url=../../articles/the-pier-opens-again"))),
    _leads("in-time", TEMPORARY, Answer(body=f"<title>x</title>{_refresh(f'5; url={END}')}{_LONG}")),
    _leads("late-and-bare", TEMPORARY, _stub(_refresh(f"10; url={END}"), "<p>You will be led on.</p>")),
    _leads("two-steps", TEMPORARY, _stub(_refresh("0; url=/more/on")), hops=2, on=redirect(END)),
    _leads("by-replace", TEMPORARY, Answer(body=f"<script>window.location.replace('{END}');</script>")),
    _leads("by-timer", TEMPORARY, Answer(
        body=f"<title>Moved</title><script>setTimeout(function(){{location.href='{END}'}}, 500)</script>")),
    _leads("by-onload", TEMPORARY, Answer(
        body=f"<script>window.onload = function() {{ window.location.href = \"{END}\"; }}</script>")),
    _leads("in-a-circle", LOOP, _stub(_refresh("0; url=/more/back")), back=_stub(_refresh(f"0; url={PATH}"))),
    # pages that stay
    _leads("late", ALIVE, Answer(body=_STAYS.replace("</head>", _refresh("900; url=/") + "</head>")), hops=0),
    _leads("reload", ALIVE, Answer(body=_STAYS.replace("</head>", _refresh("300") + "</head>")), hops=0),
    _leads("no-script", ALIVE, Answer(
        body=_STAYS.replace("</head>", f"<noscript>{_refresh('0; url=/404')}</noscript></head>")), hops=0),
    _leads("template", ALIVE, Answer(body=f"{_STAYS}<template>{_refresh('0; url=/404')}</template>"), hops=0),
    _leads("quoted-in-text", ALIVE, Answer(body=_STAYS + "<pre>&lt;meta http-equiv=refresh&gt;</pre>"), hops=0),
    _leads("script-of-an-article", ALIVE, Answer(
        body=_STAYS + "<script>if (old) location.href = '/404'</script>"), hops=0),
    _leads("script-on-click", ALIVE, Answer(
        body=f"{_STAYS}<script>function go(){{location.href='/404'}}</script>"), hops=0),
    _leads("nowhere", ALIVE, Answer(body=_STAYS.replace("</head>", _refresh("0; url=mailto:a@b") + "</head>")), hops=0),
    _leads("parked", PARKED, _stub('<script src="https://sedoparking.com/frmpark/x/y/park.js"></script>'
                                   + _refresh("0; url=/x")), hops=0),
)  # fmt: skip

_SET = (("Set-Cookie", "seen=1; Path=/"),)
_READ = ("cookie", "seen=1")


def _cookie(name: str, label: Label, answers: dict[str, object], hops: int | None = None) -> Case:
    return Case(Class.COOKIES, f"cookie-{name}", label, answers, seen=Seen(hops=hops))  # type: ignore[arg-type]


def _asks_for(cookie: str) -> tuple[Answer, ...]:
    """The page to a request that brings the cookie, else a redirect that sets it."""
    name, _, _ = cookie.partition(";")
    return (
        Answer(body=pages.page(TITLE), when=("cookie", name)),
        Answer(status=302, location=PATH, headers=(("Set-Cookie", cookie),)),
    )


_WELL = Answer(body=pages.page(TITLE))
_COOKIES = (
    _cookie("to-itself", TEMPORARY, {PATH: _asks_for("seen=1; Path=/")}, hops=1),
    _cookie("by-a-setter", TEMPORARY, {
        PATH: (Answer(body=pages.page(TITLE), when=_READ), redirect("/set", 302)),
        "/set": Answer(status=302, location=PATH, headers=_SET),
    }, hops=2),
    _cookie("secure", TEMPORARY, {PATH: _asks_for("seen=1; Path=/; Secure; HttpOnly; SameSite=Lax")}, hops=1),
    _cookie("host-prefix", TEMPORARY, {PATH: _asks_for("__Host-seen=1; Path=/; Secure")}, hops=1),
    _cookie("of-the-domain", TEMPORARY, {PATH: _asks_for("seen=1; Path=/; Domain=cookie-of-the-domain.example")},
            hops=1),
    _cookie("of-the-path", TEMPORARY, {PATH: _asks_for("seen=1; Path=/news")}, hops=1),
    _cookie("max-age", TEMPORARY, {PATH: _asks_for("seen=1; Path=/; Max-Age=60")}, hops=1),
    _cookie("two-of-them", TEMPORARY, {
        PATH: (
            Answer(body=pages.page(TITLE), when=("cookie", "b=2")),
            Answer(status=302, location=PATH, when=("cookie", "a=1"),
                   headers=(("Set-Cookie", "b=2; Path=/"),)),
            Answer(status=302, location=PATH, headers=(("Set-Cookie", "a=1; Path=/"),)),
        ),
    }, hops=2),
    # a loop stays one where no cookie comes back
    _cookie("never-read", LOOP, {PATH: Answer(status=302, location=PATH, headers=_SET)}, hops=1),
    _cookie("without-any", LOOP, {PATH: redirect(PATH, 302)}, hops=0),
    _cookie("expired", LOOP, {PATH: _asks_for("seen=1; Path=/; Max-Age=0")}),
    _cookie("past", LOOP, {PATH: _asks_for("seen=1; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT")}),
    _cookie("of-another-domain", LOOP, {PATH: _asks_for("seen=1; Path=/; Domain=elsewhere.example")}),
    _cookie("of-a-suffix", LOOP, {PATH: _asks_for("seen=1; Path=/; Domain=example")}),
    _cookie("of-another-path", LOOP, {PATH: _asks_for("seen=1; Path=/account")}),
    _cookie("host-prefix-with-domain", LOOP, {
        PATH: _asks_for("__Host-seen=1; Path=/; Secure; Domain=cookie-host-prefix-with-domain.example")}),
    _cookie("host-prefix-without-secure", LOOP, {PATH: _asks_for("__Host-seen=1; Path=/")}),
    _cookie("not-shared", Label("alive", "redirect-temporary"), {
        PATH: Answer(status=302, location="https://cookie-receiver.example/a/b", headers=_SET),
        "//cookie-receiver.example/a/b": (Answer(status=404, when=_READ), _WELL),
    }, hops=1),
)  # fmt: skip

_CLOSED = Answer(ending=Ending.RESET_BEFORE, keep_alive=False)


def _plain_http(name: str, label: Label, secure: Answer | None, **more: Answer) -> Case:
    """A link over http that is reset, and what https gives."""
    host = f"//secure-{name}.example"
    answers = {f"http:{host}{PATH}": _CLOSED, f"http:{host}/robots.txt": _CLOSED}
    if secure is not None:
        answers[f"https:{host}{PATH}"] = secure
    return Case(
        Class.HTTPS_ONLY, f"secure-{name}", label,
        {**answers, **{f"https:{host}/{key}": one for key, one in more.items()}}, scheme="http",
    )  # fmt: skip


_RESET = unverifiable("connection-reset")
_HTTPS_ONLY = (
    _plain_http(
        "alive",
        Label("alive", "https-only", suggestion=f"https://secure-alive.example{PATH}"),
        _WELL,
    ),
    _plain_http(
        "moved",
        moved("https://secure-moved.example/elsewhere"),
        redirect("/elsewhere"),
        elsewhere=_WELL,
    ),
    _plain_http("for-now", TEMPORARY, redirect("/elsewhere", 302), elsewhere=_WELL),
    _plain_http("walled", unverifiable(403), Answer(status=403)),
    _plain_http("failing", unverifiable(503), Answer(status=503)),
    # nothing better over https: the failure of http counts
    _plain_http("gone", _RESET, Answer(status=404)),
    _plain_http("closed-too", _RESET, _CLOSED),
    _plain_http("back-again", _RESET, redirect(f"http://secure-back-again.example{PATH}")),
)

_OTHER_HOME = page(
    ENGLISH, ENGLISH.name, "Today in the harbour", "Written by people who live here. " * 9
)
_DATED_HOME = _OTHER_HOME.replace(
    "</head>", '<meta property="article:published_time" content="2026-02-27T08:00:00Z"></head>'
)
_FRONT = Answer(body=_OTHER_HOME)


def _home(
    name: str,
    label: Label,
    end: str,
    status: int = 301,
    *,
    root: Answer | None = None,
    page: Answer | None = None,
) -> Case:
    """A deep link that leads to a home page of some name, or to what is none."""
    served = end if end.startswith("/") else end.removeprefix("https:")
    answers = {PATH: redirect(end, status), served: page or _FRONT, "/": root or _FRONT}
    return Case(Class.HOME_PAGES, f"home-{name}", label, answers)


_NEWS = Answer(body=page(ENGLISH, f"News | {ENGLISH.name}", "News", "All news of the harbour."))
_TITLED = Answer(body=page(ENGLISH, f"{TITLE} | {ENGLISH.name}", TITLE, "It is open."))
_HOMES = (
    *(
        _home(name, HOME, end)
        for name, end in (
            ("index-php", "/index.php"), ("index-html", "/index.html"), ("plain", "/home"),
            ("default-aspx", "/default.aspx"), ("english", "/en/"), ("british", "/en-gb"),
            ("german-index", "/de/index.html"), ("german", "/startseite"), ("spanish", "/inicio"),
        )
    ),
    _home("dated", HOME, "/", root=Answer(body=_DATED_HOME)),
    _home("dated-index", HOME, "/index.html", page=Answer(body=_DATED_HOME)),
    _home("of-another", HOME, "https://home-of-another-brand.example/"),
    _home("of-another-index", HOME, "https://home-of-another-index-brand.example/index.php"),
    _home("for-now", HOME, "/index.php", 302),
    # only the root tells
    _home("odd-name", HOME, "/hafen", root=redirect("/hafen", 302)),
    _home("odd-name-for-now", FOR_NOW_TO_SECTION, "/portal/", 302, root=redirect("/portal/")),
    # sections
    _home("not-a-section", TO_SECTION, "/hafen"),
    _home("not-news", TO_SECTION, "/news/", page=_NEWS),
    _home("not-a-tag", TO_SECTION, "/tag/pier", page=_NEWS),
    _home("not-it", TO_SECTION, "/it/", page=_NEWS),
    _home("not-a-titled-section", moved("/pier"), "/pier", page=_TITLED),
    _home("not-a-slug", moved("/the-pier-opens-again"), "/the-pier-opens-again", page=_TITLED),
    _home("not-homeland", moved("/homeland/the-pier-opens-again"), "/homeland/the-pier-opens-again", page=_TITLED),
    _home("not-a-query", moved("/index.php?id=12345"), "/index.php?id=12345", page=_TITLED),
    # what was no deep link
    Case(Class.HOME_PAGES, "home-from-a-section", TO_HOME, {"/news": redirect("/home"), "/home": _FRONT}, path="/news"),
    Case(Class.HOME_PAGES, "home-by-another-name", Label("alive", "redirect-general"),
         {"/index.html": redirect("/home"), "/home": _FRONT}, path="/index.html"),
)  # fmt: skip

CASES = (*_PAGE_REDIRECTS, *_COOKIES, *_HTTPS_ONLY, *_HOMES)
