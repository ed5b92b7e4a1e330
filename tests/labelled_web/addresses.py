"""Redirects (rule V12), parked domains (rule V9) and addresses that no crawler can visit."""

from __future__ import annotations

from itertools import pairwise

from tests.labelled_web.case import (
    ALIVE,
    BROKEN_404,
    END,
    FOR_NOW_TO_HOME,
    GENERAL,
    PARKED,
    PATH,
    TEMPORARY,
    TO_HOME,
    TRIVIAL,
    Case,
    Class,
    Label,
    Seen,
    moved,
    unverifiable,
)
from tests.web import pages
from tests.web.rules import Answer, Ending, redirect

_BAD = unverifiable("redirect-bad-location")
_LOOP = unverifiable("redirect-loop")
_BLOCKED = unverifiable("address-blocked")


def _to(
    name: str,
    label: Label,
    location: str | bytes,
    status: int = 301,
    *,
    page: str = "",
    end: str | None = None,
    **more: str,
) -> Case:
    """One redirect. `page` is an address to serve beside `END`; `end` is where it must lead."""
    path = more.get("path", PATH)
    return Case(
        Class.REDIRECTS,
        f"to-{name}",
        label,
        {path: redirect(location, status)},
        path,
        more.get("scheme", "https"),
        pages=(page,) if page else (),
        seen=Seen(end=end),
    )


def _chain(name: str, label: Label, *statuses: int) -> Case:
    """A chain of redirects with these statuses."""
    steps = [PATH, *(f"/step-{number}" for number in range(1, len(statuses))), END]
    answers = {
        here: redirect(there, status)
        for (here, there), status in zip(pairwise(steps), statuses, strict=True)
    }
    hops = min(len(statuses), 20)
    return Case(Class.REDIRECTS, f"chain-{name}", label, answers, seen=Seen(hops=hops))


def _ends(name: str, label: Label, answer: Answer, status: int = 301) -> Case:
    """A redirect whose end gives this answer."""
    return Case(
        Class.REDIRECTS,
        f"ends-{name}",
        label,
        {PATH: redirect("/elsewhere/the-pier", status), "/elsewhere/the-pier": answer},
        seen=Seen(hops=1),
    )


def _trivial(name: str, location: str, *, path: str = PATH, scheme: str = "https") -> Case:
    """A redirect that leads to the same place written differently."""
    host = f"trivial-{name}.example"
    end = location if location.startswith("http") else f"https://{host}{location}"
    return Case(
        Class.REDIRECTS,
        f"trivial-{name}",
        TRIVIAL,
        {f"{scheme}://{host}{path}": redirect(location, 301)},
        path,
        scheme,
        pages=(end,),
        seen=Seen(hops=1, end=end),
    )


REDIRECTS = (
    *(_to(f"{status}", moved(), END, status, end=END) for status in (301, 308)),
    *(_to(f"{status}", TEMPORARY, END, status, end=END) for status in (302, 303, 307)),
    *(
        _to(f"{status}-without-location", unverifiable(status), b"", status)
        for status in (300, 305, 306)
    ),
    Case(Class.REDIRECTS, "to-nothing", unverifiable(301), {PATH: Answer(status=301, body="")}),
    Case(Class.REDIRECTS, "to-nothing-302", unverifiable(302), {PATH: Answer(status=302)}),
    # ------------------------------------------------------------------- how a Location is written
    _to("absolute", moved(), f"https://to-absolute.example{END}", end=END),
    _to("protocol-relative", moved(), f"//to-protocol-relative.example{END}", end=END),
    _to("dots", moved("/news/its-new-place"), "../its-new-place", page="/news/its-new-place"),
    _to("sibling", moved("/news/2020/its-place"), "its-place", page="/news/2020/its-place"),
    _to("query-only", moved(f"{PATH}?page=1"), "?page=1", page=f"{PATH}?page=1"),
    _to("spaces-around", moved(), f"  {END} ", end=END),
    _to("space-inside", moved("/articles/the%20pier"), "/articles/the pier", page="/articles/the%20pier"),
    _to("utf-8", moved("/articles/h%C3%A4fen"), "/articles/häfen".encode(), page="/articles/h%C3%A4fen"),
    _to("latin-1", moved("/articles/h%E4fen"), b"/articles/h\xe4fen", page="/articles/h%E4fen"),
    _to("japanese", moved("/%E6%B8%AF/%E9%95%B7"), "/港/長", page="/%E6%B8%AF/%E9%95%B7"),
    _to("upper-case", moved(), f"HTTPS://TO-UPPER-CASE.EXAMPLE{END}", end=END),
    _to("backslashes", moved(), END.replace("/", "\\"), end=END),
    _to("fragment", moved(f"{END}#section-2"), f"{END}#section-2", end=END),
    _to("default-port", moved(), f"https://to-default-port.example:443{END}", end=END),
    _to("idn", moved("https://xn--hfen-loa.example/a/b"), "https://häfen.example/a/b",
        page="//xn--hfen-loa.example/a/b"),
    _to("another-site", moved("https://new-home.example/a/pier"), "https://new-home.example/a/pier",
        page="//new-home.example/a/pier"),
    _to("same-path-elsewhere", moved(f"https://renamed.example{PATH}"), f"https://renamed.example{PATH}",
        page=f"//renamed.example{PATH}"),
    _to("another-language", moved(f"/en{PATH}"), f"/en{PATH}", page=f"/en{PATH}"),
    _to("pdf", moved("/files/pier.pdf"), "/files/pier.pdf", page="/files/pier.pdf"),
    _to("from-short", moved(f"https://long-name.example{END}"), f"https://long-name.example{END}",
        page=f"//long-name.example{END}", path="/3xYz"),
    # ------------------------------------------------------------------------------- no news
    _trivial("https", f"https://trivial-https.example{PATH}", scheme="http"),
    _trivial("http", f"http://trivial-http.example{PATH}"),
    _trivial("www", f"https://www.trivial-www.example{PATH}"),
    _trivial("slash", f"{PATH}/"),
    _trivial("no-slash", PATH, path=f"{PATH}/"),
    _trivial("tracking", PATH, path=f"{PATH}?utm_source=feed&fbclid=1"),
    _trivial("all-of-them", f"https://www.trivial-all-of-them.example{PATH}/", scheme="http",
             path=f"{PATH}?utm_medium=rss"),
    _trivial("home-https", "https://trivial-home-https.example/", scheme="http", path="/"),
    _to("https-for-today", TEMPORARY, f"https://to-https-for-today.example{END}", 302),
    # --------------------------------------------------------- a home page is no suggestion
    _to("home-from-index", GENERAL, "/", page="/", path="/index.html", end="/"),
    _to("home-from-section", TO_HOME, "/", page="/", path="/news", end="/"),
    _to("home-from-home", moved("https://new-home-of-it.example/"), "https://new-home-of-it.example/",
        page="//new-home-of-it.example/", path="/"),
    _to("home-from-short", TO_HOME, "https://long-name-home.example/", page="//long-name-home.example/",
        path="/3k2019x"),
    _to("home-from-short-302", FOR_NOW_TO_HOME, "https://long-name-home.example/", 302, path="/3k2019x"),
    # -------------------------------------------------------------------------------- chains
    _chain("two", moved(), 301, 308),
    _chain("mixed", TEMPORARY, 301, 302),
    _chain("mixed-other", TEMPORARY, 302, 301),
    _chain("ten", moved(), *[301] * 10),
    _chain("ten-302", TEMPORARY, *[302] * 10),
    _chain("eleven", moved(), *[301] * 11),
    _chain("twelve", moved(), *[301] * 12),
    _chain("twelve-302", TEMPORARY, *[302] * 12),
    _chain("twenty", moved(), *[301] * 20),
    _chain("twenty-302", TEMPORARY, *[302] * 20),
    _chain("twenty-one", unverifiable("redirect-too-many"), *[301] * 21),
    Case(Class.REDIRECTS, "loop-of-two", _LOOP, {PATH: redirect("/b"), "/b": redirect(PATH)}),
    Case(
        Class.REDIRECTS, "loop-of-three", _LOOP,
        {PATH: redirect("/b", 302), "/b": redirect("/c", 302), "/c": redirect("/b", 302)},
    ),
    Case(
        Class.REDIRECTS, "loop-of-schemes", _LOOP,
        {
            f"https://loop-of-schemes.example{PATH}": redirect(f"http://loop-of-schemes.example{PATH}"),
            f"http://loop-of-schemes.example{PATH}": redirect(f"https://loop-of-schemes.example{PATH}"),
        },
    ),
    Case(
        Class.REDIRECTS, "loop-for-a-cookie", _LOOP,
        {PATH: Answer(status=302, location=PATH, headers=(("Set-Cookie", "seen=1; Path=/"),))},
    ),
    Case(
        Class.REDIRECTS, "loop-that-grows", unverifiable("redirect-too-many"),
        {
            **{f"{PATH}{'/x' * n}": redirect(f"{PATH}{'/x' * (n + 1)}", 302) for n in range(24)},
        },
    ),
    _to("fragment-only", _LOOP, "#top", 302),
    # ------------------------------------------------------------------ to what cannot be visited
    *(
        _to(name, _BAD, location, 302)
        for name, location in (
            ("script", "javascript:alert(1)"),
            ("half-address", "http://[::1"),
            ("bad-port", "http://other.example:99999/"),
            ("bad-idn", "http://xn--a/"),
            ("no-name", "http://a..example/"),
            ("mail", "mailto:somebody@example.org"),
            ("file", "file:///etc/passwd"),
            ("data", "data:text/html,hello"),
            ("app", "intent://open/#Intent;scheme=harbour;end"),
            ("no-host", "https://"),
            ("credentials", "https://user:secret@other.example/"),
            ("long-label", f"https://{'a' * 64}.example/"),
        )
    ),
    *(
        _to(name, _BLOCKED, location, 302)
        for name, location in (
            ("loopback", "http://127.0.0.1/admin"),
            ("loopback-6", "http://[::1]/admin"),
            ("number", "http://2130706433/admin"),
            ("mapped", "http://[::ffff:10.0.0.1]/admin"),
            ("metadata", "http://169.254.169.254/latest/meta-data/"),
            ("router", "https://192.168.1.1/status"),
        )
    ),
    # ------------------------------------------------------------------------ how the end answers
    _ends("404", BROKEN_404, Answer(status=404)),
    _ends("410", Label("broken", "http-410"), Answer(status=410), 302),
    _ends("403", unverifiable(403), Answer(status=403)),
    _ends("500", unverifiable(500), Answer(status=500)),
    _ends("429", unverifiable(429), Answer(status=429)),
    _ends("reset", unverifiable("connection-reset"), Answer(ending=Ending.RESET_BEFORE)),
    _ends("cut", Label("moved", "moved-permanently", ("body-incomplete",), "/elsewhere/the-pier"),
          Answer(ending=Ending.CLOSE_IN_BODY)),
    # ------------------------------------------------------------ redirects that the page makes itself
    Case(
        Class.REDIRECTS, "refresh-in-page", TEMPORARY,
        {PATH: Answer(body=pages.page("The pier opens again",
                                      head=f'<meta http-equiv="refresh" content="0; url={END}">'))},
    ),
    Case(
        Class.REDIRECTS, "refresh-header", TEMPORARY,
        {PATH: Answer(headers=(("Refresh", f"0; url={END}"),), body=pages.page("The pier opens again"))},
    ),
    Case(
        Class.REDIRECTS, "refresh-by-script", TEMPORARY,
        {PATH: Answer(body=f"<html><title>The pier</title><script>location='{END}'</script></html>")},
    ),
    Case(Class.REDIRECTS, "created", Label("alive", "http-201"), {PATH: Answer(status=201, location=END, body="x")}),
)  # fmt: skip


def _parked(name: str, body: str, label: Label = PARKED, *, path: str = PATH) -> Case:
    text = body.replace("HOST", f"parked-{name}.example")
    return Case(Class.PARKED, f"parked-{name}", label, {path: Answer(body=text)}, path)


def _lot(title: str, body: str, attributes: str = "") -> str:
    return (
        f"<!DOCTYPE html><html {attributes}><head><meta charset=utf-8><title>{title}</title></head>"
        f"<body>{body}</body></html>"
    )


_LISTS = "<ul><li>Pier Tickets</ul><p>Related searches</p>"
PARKING = (
    _parked("sedo", _lot("HOST", f'{_LISTS}<script src="//img.sedoparking.com/js/jquery.js"></script>')),
    _parked("parkingcrew", _lot("HOST", f'{_LISTS}<script src="//c.parkingcrew.net/scripts/sale.js"></script>')),
    _parked("bodis", _lot("HOST", f'{_LISTS}<script src="https://www.bodis.com/parking.js"></script>')),
    _parked("key", _lot("HOST", _LISTS, 'data-adblockkey="MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBANDrp2lz7A"')),
    _parked("window-park", _lot("", "<script>window.park = 'eyJ1dWlkIjoi';</script><script src=/bX.js></script>")),
    _parked("godaddy", _lot("", '<script>window.onload=function(){window.location.href="/lander"}</script>')),
    _parked("godaddy-lander", _lot("HOST", '<div id=root></div><script src="https://img1.wsimg.com/parking-lander/static/js/main.js"></script>')),
    _parked("hugedomains", _lot("HOST is for sale | HugeDomains", "<h1>HOST</h1><p>This domain is for sale: $2,895</p>")),
    _parked("afternic", _lot("HOST is for sale", "<h1>HOST is for sale</h1><p>Get this domain</p>")),
    _parked("dan", _lot("The domain name HOST is for sale", "<h1>The domain name HOST is for sale</h1>")),
    _parked("buy", _lot("Buy HOST", "<h1>HOST</h1><p>Make an offer</p>")),
    _parked("german", _lot("HOST steht zum Verkauf", "<h1>Die Domain HOST steht zum Verkauf.</h1>")),
    _parked("french", _lot("HOST", "<h1>Ce nom de domaine est à vendre</h1>")),
    _parked("spanish", _lot("HOST", "<h1>Este dominio está en venta</h1>")),
    _parked("chinese", _lot("HOST", "<h1>该域名可出售</h1>")),
    _parked("registrar", _lot("HOST - parked domain", "<p>This domain was registered.</p>")),
    _parked("at-root", _lot("This domain is for sale", "<p>Contact the owner</p>"), path="/"),
    Case(
        Class.PARKED, "parked-elsewhere", PARKED,
        {
            PATH: redirect("https://www.sale.parked-elsewhere.example/domain?d=x", 302),
            "//www.sale.parked-elsewhere.example/domain?d=x": Answer(
                body=_lot("parked-elsewhere.example is for sale", "<h1>parked-elsewhere.example</h1>")
            ),
        },
    ),
    Case(
        Class.PARKED, "parked-moved", PARKED,
        {
            PATH: redirect("https://www.sale.parked-moved.example/forsale/x", 301),
            "//www.sale.parked-moved.example/forsale/x": Answer(
                body=_lot("This domain is for sale!", "<p>Buy now</p>")
            ),
        },
        seen=Seen(hops=1, strikes=1),
    ),
)  # fmt: skip


def _written(number: int, raw: str, label: Label) -> Case:
    # The report shows no credentials (rule U8).
    shown = raw.replace("user:secret@", "***@")
    return Case(Class.ADDRESSES, f"address-{number:02}", label, raw=raw, identity=shown)


def _invalid(reason: str) -> Label:
    return Label("invalid", reason)


_RELATIVE = Label("excluded", "relative-url")
"""The address may be sound: its site is not known (rule U5)."""


_ADDRESSES = {
    "ftp://files.example/a": _invalid("unknown-scheme"),
    "https://": _invalid("no-host"),
    "http://?q=1": _invalid("no-host"),
    "https://bad host.example/": _invalid("white-space"),
    "https://a^b.example/": _invalid("bad-host"),
    "https://x.example:99999/": _invalid("bad-port"),
    "https://x.example:0/": _invalid("bad-port"),
    "https://x.example:http/": _invalid("bad-port"),
    "javascript:alert(1)": _invalid("unknown-scheme"),
    "mailto:somebody@x.example": _invalid("unknown-scheme"),
    "tel:+441234567": _invalid("unknown-scheme"),
    "irc://x.example/news": _invalid("unknown-scheme"),
    "about:blank": _invalid("unknown-scheme"),
    "": _invalid("empty"),
    " ": _invalid("white-space"),
    "/news/2020/the-pier": _RELATIVE,
    "www.x.example/news": Label("invalid", "no-scheme", suggestion="https://www.x.example/news"),
    "https://user:secret@x.example/": _invalid("credentials"),
    "https://a..example/": _invalid("bad-host"),
    f"https://{'a' * 64}.example/": _invalid("bad-host"),
    f"https://{'a.' * 126}example/": _invalid("bad-host"),
    "http://[::1": _invalid("malformed"),
    "http://256.256.256.256/": _invalid("bad-host"),
    "https://xn--a.example/": _invalid("bad-host"),
    f"https://x.example/{'a' * 8000}": _invalid("too-long"),
    "http://10.0.0.1/intranet": _BLOCKED,
    "http://[fd00::1]/intranet": _BLOCKED,
}


def _odd(name: str, path: str, served: str, *warnings: str) -> Case:
    """An address that looks wrong and works."""
    return Case(
        Class.ADDRESSES,
        f"odd-{name}",
        Label("alive", "http-200", warnings),
        path=path,
        identity=f"https://odd-{name}.example{served}",
        pages=(served,),
    )


def _spelled(name: str, raw: str, identity: str) -> Case:
    """An address whose host is not written as it is visited."""
    return Case(
        Class.ADDRESSES, f"odd-{name}", ALIVE, raw=raw, identity=identity, pages=(identity,)
    )  # fmt: skip


ADDRESSES = (
    *(_written(number, raw, label) for number, (raw, label) in enumerate(_ADDRESSES.items())),
    _odd("space", "/a story/b", "/a%20story/b", "url-white-space"),
    _odd("space-after", "/a/story ", "/a/story", "url-white-space"),
    _odd("line-separator", "/a/sto\u2028ry", "/a/sto%E2%80%A8ry", "url-white-space"),
    _odd("entity", "/a/b?c=1&amp;d=2", "/a/b?c=1&amp;d=2", "url-html-entity"),
    _odd("entity-number", "/a/b?c=1&#038;d=2", "/a/b?c=1&", "url-html-entity"),
    _odd("umlaut", "/häfen/möwe", "/h%C3%A4fen/m%C3%B6we"),
    _odd("mojibake", "/hÃ¤fen", "/h%C3%83%C2%A4fen"),
    _odd("fragment", f"{PATH}#comments", PATH),
    _odd("percent", "/100%/sure", "/100%/sure"),
    _odd("brackets", "/a[1]?b=[2]|c", "/a%5B1%5D?b=%5B2%5D%7Cc"),
    _spelled("idn", "https://möwe.example/a/b", "https://xn--mwe-sna.example/a/b"),
    _spelled("underscore", "http://my_host.example/a/b", "http://my_host.example/a/b"),
    _spelled("final-dot", "http://final-dot.example./a/b", "http://final-dot.example./a/b"),
    _spelled("upper-case", "HTTPS://ODD-CASE.EXAMPLE/A/B", "https://odd-case.example/A/B"),
    _spelled("default-port", "https://odd-port.example:443/a/b", "https://odd-port.example/a/b"),
    _spelled("dots", "https://odd-dots.example/a/./c/../b", "https://odd-dots.example/a/b"),
    Case(Class.ADDRESSES, "odd-number", _BLOCKED, raw="http://0x7f.1/", identity="http://127.0.0.1/"),
)  # fmt: skip
CASES = (*REDIRECTS, *PARKING, *ADDRESSES)
