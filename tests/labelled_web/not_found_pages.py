"""Soft 404s (rule N2): pages that say "not found" with status 200, in 33 languages and of known systems."""

from __future__ import annotations

from collections.abc import Iterator

from tests.labelled_web import sites_eastern, sites_western
from tests.labelled_web.case import HOME, PATH, SOFT_404, Case, Class, Seen, moved, unverifiable
from tests.labelled_web.chrome import NOINDEX, Site, page
from tests.labelled_web.sites_western import ENGLISH
from tests.web import pages
from tests.web.rules import Answer, redirect

SITES = (*sites_western.SITES, *sites_eastern.SITES)

_OG_ARTICLE = '<meta property="og:type" content="article">'


def _case(name: str, body: str | bytes, headers: tuple[tuple[str, str], ...] = ()) -> Case:
    return Case(
        Class.SOFT_404,
        f"soft-{name}",
        SOFT_404,
        {PATH: Answer(body=body, headers=headers)},
        title="The ferry sails again",
        seen=Seen(status=200, strikes=1, requests=1),
    )


def _of_language(number: int, site: Site) -> Iterator[Case]:
    """Pages with title and h1 and the whole site around them, twice; then with one of the two alone, short or with
    `noindex`."""
    code = site.code.lower()
    for way, (title, heading) in zip(("first", "second"), site.gone, strict=True):
        yield _case(f"{code}-{way}", page(site, title, heading, site.sorry))
    (title, heading), (other_title, other_heading) = site.gone
    alone = (
        ("h1-short", page(site, site.name, other_heading, site.sorry, chrome=0)),
        ("title-noindex", page(site, other_title, site.name, site.sorry, head=NOINDEX)),
        ("title-short", page(site, title, site.name, site.sorry, chrome=0)),
        ("h1-noindex", page(site, site.name, heading, site.sorry, head=NOINDEX)),
    )
    way, body = alone[number % len(alone)]
    yield _case(f"{code}-{way}", body)


_SYSTEMS = {
    "nginx": "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1>"
    "</center><hr><center>nginx/1.24.0</center></body></html>",
    "apache": '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"><html><head><title>404 Not Found'
    "</title></head><body><h1>Not Found</h1><p>The requested URL was not found on this server.</p>"
    "<hr><address>Apache/2.4.57 (Debian) Server at soft.example Port 443</address></body></html>",
    "iis": "<html><head><title>404 - File or directory not found.</title></head><body>"
    "<div id=header><h1>Server Error</h1></div><div id=content><h2>404 - File or directory not "
    "found.</h2><h3>The resource you are looking for might have been removed, had its name changed, "
    "or is temporarily unavailable.</h3></div></body></html>",
    "asp-net": "<html><head><title>The resource cannot be found.</title></head><body><h1>Server Error "
    "in '/' Application.</h1><h2><i>The resource cannot be found.</i></h2></body></html>",
    "rails": "<!DOCTYPE html><html><head><title>The page you were looking for doesn't exist (404)"
    "</title></head><body><div class=dialog><h1>The page you were looking for doesn't exist.</h1>"
    "<p>You may have mistyped the address or the page may have moved.</p></div></body></html>",
    "drupal": page(ENGLISH, "Page not found | The Harbour Gazette", "Page not found"),
    "joomla": page(ENGLISH, "404 - Article not found", "Article not found"),
    "shopify": page(ENGLISH, "404 Not Found – The Harbour Shop", "404 Page Not Found"),
    "ghost": page(ENGLISH, "404 — Page not found", "404", "Page not found"),
    "wix": page(ENGLISH, "404 | The Harbour Gazette", "Error: Page Not Found"),
    "medium": page(ENGLISH, "Not Found – Medium", "PAGE NOT FOUND", "404"),
    "squarespace": page(
        ENGLISH, "Page Not Found — The Gazette", "We couldn't find the page you were looking for."
    ),
    "tomcat": "<!doctype html><html lang=en><head><title>HTTP Status 404 – Not Found</title></head>"
    "<body><h1>HTTP Status 404 – Not Found</h1><hr class=line /><p><b>Type</b> Status Report</p>"
    "<h3>Apache Tomcat/9.0.71</h3></body></html>",
    "next-js": "<!DOCTYPE html><html><head><title>404: This page could not be found.</title></head><body>"
    "<div><h1 class=next-error-h1>404</h1><h2>This page could not be found.</h2></div></body></html>",
    "github-pages": "<html><head><title>Site not found · GitHub Pages</title></head><body><h1>404</h1>"
    "<p><strong>There isn't a GitHub Pages site here.</strong></p></body></html>",
    "removed": page(
        ENGLISH,
        "This article has been removed | The Harbour Gazette",
        "Sorry – this article has been removed",
    ),
    "og-article": page(
        ENGLISH, "Page not found", "Page not found", chrome=0, head=_OG_ARTICLE + NOINDEX
    ),
    "wordpress-title": page(
        ENGLISH, "Nothing found for News 2020 The Pier Opens Again", "Page not found"
    ),
    "upper-case": page(ENGLISH, "PAGE NOT FOUND", "SORRY, THIS PAGE DOES NOT EXIST!"),
}


def _bare(charset: str, title: str, heading: str) -> str:
    return (
        f'<html><head><meta charset="{charset}"><title>{title}</title></head>'
        f"<body><h1>{heading}</h1></body></html>"
    )


_CODED = {
    "windows-1252": (page(SITES[1], *SITES[1].gone[0]).replace("utf-8", "windows-1252"), "cp1252"),
    "shift-jis": (
        _bare("shift_jis", "ページが見つかりません", "ページが見つかりません"),
        "shift_jis",
    ),
    "windows-1251": (
        _bare("windows-1251", "Страница не найдена", "Страница не найдена"),
        "cp1251",
    ),
    "gb18030": (
        _bare("gb18030", "页面不存在", "您访问的页面不存在"),
        "gb18030",
    ),
}


def _of_encoding(name: str, text: str, codec: str) -> Case:
    html = (("Content-Type", "text/html"),)
    return _case(name, text.encode(codec, "xmlcharrefreplace"), html)


def _redirected(name: str, location: str, *, status: int = 302, home: bool = False) -> Case:
    """A deep link that ends at the site's root, or at the address of its not-found page."""
    end = location if location.startswith(("http", "//")) else f"//soft-{name}.example{location}"
    served = "//" + end.partition("//")[2].partition("#")[0]
    return Case(
        Class.SOFT_404,
        f"soft-{name}",
        HOME if home else SOFT_404,
        {
            PATH: redirect(location, status),
            served: Answer(body=pages.page("The Harbour Gazette", body="<p>Today's news.</p>")),
        },
        seen=Seen(status=200, strikes=1, hops=1),
    )


_TO_HOME = {
    "home-301": ("/", 301),
    "home-302": ("/", 302),
    "home-308": ("/", 308),
    "home-absolute": ("https://soft-home-absolute.example/", 301),
    "home-of-another-site": ("https://www.another-site.example/", 301),
    "home-http": ("http://soft-home-http.example/", 302),
    "home-with-tracking": ("/?utm_source=404&utm_medium=redirect", 301),
    "home-with-anchor": ("/#top", 302),
}
_TO_NOT_FOUND = (
    "/404", "/404.html", "/404/", "/error/404", "/errors/404.aspx?aspxerrorpath=/news/2020/x",
    "/not-found", "/page-not-found", "/pagenotfound.html", "/notfound.php", "/error404", "/en/404.htm",
)  # fmt: skip

_ROOT_WITHOUT_SIGN = '<meta property="article:published_time" content="2020-06-10T08:00:00Z">'

CASES = (
    *(case for number, site in enumerate(SITES) for case in _of_language(number, site)),
    *(_case(name, body) for name, body in _SYSTEMS.items()),
    *(_of_encoding(name, text, codec) for name, (text, codec) in _CODED.items()),
    *(
        _redirected(name, location, status=status, home=True)
        for name, (location, status) in _TO_HOME.items()
    ),
    *(_redirected(f"address-{number}", path) for number, path in enumerate(_TO_NOT_FOUND)),
    Case(
        Class.SOFT_404,
        "soft-home-after-two-hops",
        HOME,
        {
            PATH: redirect("//www.soft-home-after-two-hops.example/old"),
            "//www.soft-home-after-two-hops.example/old": redirect("/"),
            "//www.soft-home-after-two-hops.example/": Answer(body=pages.page("The Gazette")),
        },
        seen=Seen(hops=2, strikes=1),
    ),
    Case(
        Class.SOFT_404,
        "soft-by-a-wall-not",
        unverifiable("bot-wall"),
        {
            PATH: redirect("/404"),
            "/404": Answer(status=403, headers=(("cf-mitigated", "challenge"),)),
        },
    ),
    Case(
        Class.SOFT_404,
        "soft-not-at-a-story-on-404s",
        moved("/articles/404-reasons-to-smile"),
        {PATH: redirect("/articles/404-reasons-to-smile")},
        pages=("/articles/404-reasons-to-smile",),
    ),
)
