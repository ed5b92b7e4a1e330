"""Pages that look like a soft 404, a wall or a parked domain, and are alive (rules V4, V5, V9, N2)."""

from __future__ import annotations

from collections.abc import Iterator

from tests.labelled_web.case import ALIVE, PATH, Case, Class
from tests.labelled_web.chrome import Site, page
from tests.labelled_web.not_found_pages import SITES
from tests.labelled_web.sites_western import ENGLISH
from tests.web.rules import Answer

_PROSE = (
    "The pier was opened again on Monday after a long winter of repairs, and the first to walk its whole "
    "length was the woman who had sold ice cream there for forty years. "
)
_DATED = '<meta property="article:published_time" content="2020-06-10T08:00:00Z">'
_PASSWORD = (
    '<form action="/login" method="post"><input name="user"><input type="password" name="p">'
    "<button>Log in</button></form>"
)
_SENSORS = (
    "<script>(function(){var a=document.createElement('script');"
    "a.src='/cdn-cgi/challenge-platform/h/g/scripts/jsd/main.js'})()</script>"
    '<script src="https://js.datadome.co/tags.js" async></script>'
    '<script src="https://client.px-cloud.net/PXabcd1234/main.min.js" async></script>'
    '<script src="https://a1.eu-west-1.token.awswaf.com/a1/challenge.js" defer></script>'
    '<script src="/_Incapsula_Resource?SWJIYLWA=719d34d31c8e3a6e6fffd425f7e032f3"></script>'
)


def _near(name: str, body: str | bytes, *, title: str, path: str = PATH) -> Case:
    return Case(
        Class.NEAR_MISSES,
        f"near-{name}",
        ALIVE,
        {path: Answer(body=body)},
        path=path,
        title=title,
    )


def _of_language(site: Site) -> Iterator[Case]:
    code = site.code.lower()
    headline, text = site.about
    yield _near(
        f"{code}-about-404", page(site, f"{headline} – {site.name}", headline, text), title=headline
    )
    headline, text = site.removed
    yield _near(
        f"{code}-removed", page(site, f"{headline} | {site.name}", headline, text, chrome=0),
        title=headline,
    )  # fmt: skip


def _english(
    name: str, heading: str, text: str = _PROSE, *, title: str | None = None, **more: str | int
) -> Case:
    """A page of the Gazette. `title` is its whole title where it is not the heading and the name."""
    path = str(more.pop("path", PATH))
    whole = title or f"{heading} | {ENGLISH.name}"
    body = page(ENGLISH, whole, heading, text, **more)  # type: ignore[arg-type]
    return _near(name, body, title=heading, path=path)


_PARAGRAPHS = "".join(f"<p>{_PROSE}</p>" for _ in range(6))

CASES = (
    *(case for site in SITES for case in _of_language(site)),
    # ------------------------------------------------------------------------ no soft 404
    _english("short-article", "Pier opens", "It is open.", chrome=0),
    _english("photo", "Pier at dusk", "", chrome=0, after='<img src="/p.jpg" alt="The pier at dusk">'),
    _english("list", "Ten piers to visit", "", after="<ol><li>Whitby<li>Cromer<li>Clevedon</ol>"),
    _english("video", "Film: the pier", "", chrome=0, after='<iframe src="//player.example/1"></iframe>'),
    _english(
        "comments", "New timetable online", _PROSE, chrome=0,
        after="<h2>Comments</h2><h3>Page not found</h3><p>404! The page has been removed?</p>",
    ),
    _english("quote-first", "“Page not found” – artist hangs error messages in the town hall"),
    _english("dash", "Page not found - what a site's error page says about its owners", chrome=0),
    _english("best-of", "The 25 best 404 pages on the web", chrome=0),
    _english("number-first", "404 - Reasons to smile", "One a day.", chrome=0),
    _english(
        "number-other-h1", "The error that became a band", "Four lads.", chrome=0,
        title="404 – the error that became a band | The Harbour Gazette",
    ),
    _english(
        "name-like-parking", "The pier opens again", "It is open.", chrome=0,
        after='<script src="https://cdn.embodis.com/player.js"></script>',
    ),
    _english("number-colon", "404: a year in the life of Rome", chrome=0),
    _english("how-to", "How to fix a 404 error in WordPress", chrome=0),
    _english("bus", "The 404 bus is late again", chrome=0),
    _english("missing-dog", "Dog not found after a week of searching", chrome=0),
    _english("missing-person", "Missing: have you seen this man?", "He has gone. Not found yet.", chrome=0),
    _english("song", "Gone", "Gone, the boats are gone.", title="Gone", chrome=0),
    _english("novel", "Gone", "A novel in five parts.", title="Gone | The Harbour Library"),
    _english("film", "404 (2011 film)", title="404 (2011 film) - The Harbour Encyclopedia"),
    _english(
        "encyclopedia", "HTTP 404", "In computer network communications the 404 error message is a "
        "standard response code. " * 12, title="HTTP 404 - The Harbour Encyclopedia",
    ),
    _english(
        "reference", "404 Not Found", "The client error response status code indicates that the server "
        "cannot find the requested resource. " * 9, title="404 Not Found - HTTP | Web Docs",
        path="/docs/web/http/reference/status/404",
    ),
    _english("forum", "Page not found error when I open the settings", "It says 404. Help!", chrome=0),
    _english("forum-solved", "[Solved] Error 404 after the update", "Clear the cache.", chrome=0),
    _english("out-of-stock", "Brass ship's bell", "This product is no longer available.", chrome=0),
    _english("discontinued", "Harbour lamp 12 V", "Discontinued. See similar items.", chrome=0),
    _english("job-filled", "Harbour pilot (m/f)", "This position has been filled.", chrome=0),
    _english("event-over", "Regatta 2019", "This event has ended.", chrome=0),
    _english("podcast", "Page Not Found", "Episode 12.", title="Page Not Found", head=_DATED, chrome=0),
    _english("column", "Not found", _PROSE * 3, head=_DATED),
    _english("user-search", "Search results for pier", "Nothing found for your search.", chrome=0),
    _english("empty-category", "Harbour news", "No articles were found in this category yet.", chrome=0),
    _english("maintenance-note", "The pier opens again", "Maintenance on Sunday: the site will be down."),
    _english("error-in-headline", "Error in the budget: council counts again", chrome=0),
    _english("does-not-exist", "This person does not exist", "Faces made by a machine.", chrome=0),
    _english("deleted-scenes", "Deleted: ten scenes that were removed", chrome=0),
    _near("empty", "<html><head><title>Pier</title></head><body></body></html>", title="Pier"),
    _near("plain-text", "Page not found is what it says.", title="Pier"),
    _near(
        "frameset",
        "<html><head><title>Pier</title></head><frameset><frame src=a.html></frameset></html>",
        title="Pier",
    ),
    # ------------------------------------------------------------------------------ no wall
    _english("sensors", "The pier opens again", "It is open.", chrome=0, after=_SENSORS),
    _english("sensors-long", "The pier opens again", _PROSE * 9, after=_SENSORS),
    _english("headline-moment", "Just a moment... with the harbour master", chrome=0),
    _english("poem", "Just a Moment", "The tide is in.", title="Just a Moment | Poems", chrome=0),
    _english("headline-denied", "Access denied: why the old gate stays shut", chrome=0),
    _english("robot-story", "Are you a robot? The test that people fail", chrome=0),
    _english("captcha-story", "What is a captcha?", "px-captcha, _cf_chl_opt, geo.captcha-delivery.com"),
    _english(
        "contact-form", "Contact", "Write to us.", chrome=0,
        after='<form action="/send"><div class="g-recaptcha"></div><div class="cf-turnstile"></div></form>'
        '<script src="https://challenges.cloudflare.com/turnstile/v0/api.js" async></script>',
    ),
    _english(
        "long-with-challenge", "The pier opens again", _PROSE * 40,
        after="<script>window._cf_chl_opt={};</script>",
    ),
    _english(
        "dated-with-challenge", "The pier opens again", head=_DATED, chrome=0,
        after='<div id="px-captcha"></div>',
    ),
    _english("incident", "Reference #18 of the harbour archive", "errors.edgesuite.net is a name.", chrome=0),
    # ---------------------------------------------------------------- no consent, no log-in
    _english(
        "cookie-banner", "The pier opens again", _PROSE,
        after='<div id="onetrust-banner-sdk">We value your privacy<button>Accept all</button></div>',
    ),
    _english(
        "cmp-overlay", "The pier opens again", _PROSE, chrome=0,
        after='<div id="sp_message_container_1"><iframe src="https://cmp.near-cmp-overlay.example/i.html">'
        "</iframe></div><script>window._sp_={config:{}}</script>",
    ),
    _english("login-in-header", "The pier opens again", _PROSE, after=_PASSWORD),
    _english("short-with-login", "The pier opens again", "It is open.", after=_PASSWORD, chrome=0),
    _english(
        "newsletter", "The pier opens again", "It is open.", chrome=0,
        after='<form action="/subscribe"><input type="email" name="e"><button>Subscribe</button></form>',
    ),
    _english("login-story", "Log in: how one password opened every door", after=_PASSWORD, chrome=0),
    # --------------------------------------------------------------------------- not parked
    _english("house", "House for sale in Whitby", "Four rooms, one with a view.", chrome=0),
    _english("vineyard", "Domaine à vendre", "Vingt hectares de vignes en Provence.", chrome=0),
    _english("estate", "Estate with its own pier is for sale", chrome=0),
    _english("registrar", "Domain kaufen", "Prüfen Sie, ob Ihr Name noch frei ist.", chrome=0),
    _english("glossary", "Parked domain", "A parked domain is one that shows no site of its own.", chrome=0),
    _english("domain-story", "This domain is for sale: the odd trade in names", chrome=0),
    _english("sedo-story", "Sedo and Bodis: who earns from parking", "sedoparking.com, bodis.com", chrome=0),
    _english(
        "parking-lot", "The car park is parked full", chrome=0,
        after='<a href="https://sedo.com/search/details/?domain=pier.example">pier.example</a>',
    ),
)  # fmt: skip
