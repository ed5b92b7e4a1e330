"""Rules V4 and V9: captchas, waiting rooms, suspended sites and parked domains, at the edges of each rule."""

from __future__ import annotations

from time import process_time

import pytest

from crawler.extractors.html.document import read_document
from crawler.extractors.page import extract_page
from crawler.extractors.signs.captcha_markers import captcha_in
from crawler.extractors.signs.page_shape import Shape, read_shape
from crawler.extractors.signs.page_signs import find_sign
from crawler.extractors.signs.parking_phrases import HELD, SALE
from crawler.extractors.signs.parking_vendors import HOSTS, LISTINGS, NAMES
from crawler.extractors.signs.reloading import reloads_itself
from crawler.model.observation import SoftSign
from tests.time_limits import cpu_limit

URL = "https://pier.example/news/a-story"
BOX = "<div class=cf-turnstile></div>"
PROSE = "It was opened again on Monday after a long winter of repairs. "


def page(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def sign(html: str, url: str = URL) -> SoftSign | None:
    return extract_page(html.encode(), url=url, content_type="text/html; charset=utf-8").sign


def shape_of(html: str) -> Shape:
    return read_shape(
        read_document(html.encode(), url=URL, content_type="text/html; charset=utf-8")
    )


def refresh(content: str) -> str:
    return f'<meta http-equiv="Refresh" content="{content}">'


@pytest.mark.parametrize(
    ("html", "walled"),
    [
        (page("", BOX), True),
        (page("", f"<h1>pier.example</h1>{BOX}"), True),
        (page("", f"<h1>Please verify you are human</h1>{BOX}"), True),
        (page("", f"<h1>Votes for the pier of the year</h1>{BOX}"), False),
        (page("", f"<h2>Leave a comment</h2>{BOX}"), False),
        (page("", f"{BOX}<input name=code>"), False),
        (page("Verify you are human", f"{BOX}<input name=code>"), True),
        (page("Are you human, voter?", f"{BOX}<input name=a><input type=email name=b>"), False),
        (page("Verify you are human", f"{BOX}<textarea name=g-recaptcha-response></textarea>"), True),
        (page("", f"{BOX}<p>{PROSE * 10}</p>"), False),
        (page("", f"<h1>Are you a robot?</h1>{BOX}<p>{PROSE * 6}</p>"), False),
        (page("", f"<h1>Verify you are human {PROSE * 2}</h1>{BOX}"), False),
        (page("Page not found", BOX), False),
        (page("", f"<div id=app></div>{BOX}"), False),
        (page("", "<script src=https://js.hcaptcha.com/1/api.js></script>"), True),
        (page("", "<script src=https://js.hcaptcha.com/1/api.js></script><script src=/a.js></script>"), False),
    ],
)  # fmt: skip
def test_captcha_and_nothing_else(html: str, walled: bool) -> None:
    assert (sign(html) is SoftSign.WALL) is walled


@pytest.mark.parametrize(
    ("piece", "vendor"),
    [
        ("src=https://newassets.hcaptcha.com/captcha/v1/x", "hCaptcha"),
        ("turnstile.render('#x')", "Turnstile"),
        ("src=https://www.recaptcha.net/recaptcha/api.js", "reCAPTCHA"),
        ("src=https://eu.frcapi.com/api/v2/x.js", "Friendly Captcha"),
        ("src=https://api.geevisit.com/x", "GeeTest"),
        ("src=https://api.funcaptcha.com/fc/", "Arkose"),
        ("src=https://service2.mtcaptcha.com/x", "MTCaptcha"),
        ("src=/vendor/altcha/dist/altcha.min.js", "ALTCHA"),
        ("src=https://captcha-api.yandex.ru/captcha.js", "Yandex SmartCaptcha"),
        ("src=https://captcha.gtimg.com/TCaptcha.js", "Tencent captcha"),
        ("initNECaptchaWithFallback({})", "NetEase captcha"),
        ("src=https://cdn.captchafox.com/api.js", "CaptchaFox"),
        ("src=https://js.prosopo.io/js/procaptcha.bundle.js", "Prosopo"),
        ("src=https://nothcaptcha.com/x.js", None),
        ("src=/captcha-story.jpg", None),
    ],
)
def test_vendors_of_captchas(piece: str, vendor: str | None) -> None:
    assert captcha_in(f"id=x\n{piece}\nsrc=/y") == vendor


@pytest.mark.parametrize(
    ("head", "again"),
    [
        (refresh("20"), True),
        (refresh("0.5"), True),
        (refresh(""), True),
        (refresh("5; url="), True),
        (refresh(f"5;URL='{URL}'"), True),
        (refresh("5;a-story#top"), True),
        (refresh("5, url=//pier.example/news/a-story"), True),
        (refresh("5; url=/news"), False),
        (refresh("5; url=https://other.example/news/a-story"), False),
        (refresh("5; url=a-story?page=2"), False),
        (refresh("5; url=https://["), False),
        (f"<noscript>{refresh('5')}</noscript>", False),
        ("<script>setTimeout(function(){location.reload(true)},9)</script>", True),
        ("<script>setInterval('window.location.reload()',9)</script>", True),
        ("<script>setTimeout(()=>{location.href=location.href},9)</script>", True),
        ("<script>setTimeout(()=>location.replace(window.location.href),9)</script>", True),
        ("<script>setTimeout(()=>{location.href='/news'},9)</script>", False),
        ("<script>function again(){location.reload()}</script>", False),
        ("<script>document.cookie='a=1';location.reload()</script>", True),
        (f"<script>document.cookie='a=1';location.reload();{'x();' * 900}</script>", False),
        (f"<script>setTimeout(function(){{location.reload()}},9);{'x();' * 9000}</script>", True),
    ],
)  # fmt: skip
def test_reloads_itself(head: str, again: bool) -> None:
    html = page("", "", head)
    found = read_document(html.encode(), url=URL, content_type="text/html; charset=utf-8")
    expected = again and len(read_shape(found).machinery) < 20_000
    assert reloads_itself(found, read_shape(found)) is expected


@pytest.mark.parametrize(
    ("html", "url", "walled"),
    [
        (page("", "<p>გთხოვთ</p>", refresh("5")), URL, True),
        (page("", "<h1>გთხოვთ</h1>", refresh("5")), URL, False),
        (page("", "<h1>Please wait</h1>", refresh("5")), URL, True),
        (page("", "<table><tr><td>14:05 Whitby</table>", refresh("30")), URL, False),
        (page("Webcam", "<img src=/cam.jpg>", refresh("60")), URL, False),
        (page("", f"<p>Please wait. {PROSE * 12}</p>", refresh("5")), URL, False),
        (page("Sale", "<div id=x></div>"), "https://shop.queue-it.net/?c=shop&e=sale", True),
        (page("Queue-it", "<h1>Products</h1>"), "https://www.queue-it.net/products", False),
        (page("Sale", "<script>var __cfwaitingroom='x'</script>"), URL, True),
        (page("Sale", "<p>Open.</p><script src=//static.queue-it.net/script/queueclient.min.js></script>"), URL, False),
        (page("Account Suspended", "x"), "https://pier.example/cgi-sys/suspendedpage.cgi", True),
        (page("Account Suspended", "<p>This account has been suspended for its posts.</p>"), URL, False),
        (page("", "", refresh("0;url=/cgi-sys/suspendedpage.cgi")), URL, True),
        (page("", "x"), "https://[", False),
        (page("", "x"), "https://pier.queue-it.net/?c=pier", True),
        (page("Pier", "x"), "https://www.queue-it.net/", False),
    ],
)  # fmt: skip
def test_waiting_rooms_and_suspended_sites(html: str, url: str, walled: bool) -> None:
    assert (sign(html, url) is SoftSign.WALL) is walled


@pytest.mark.parametrize("host", HOSTS)
def test_loader_without_text_is_parked(host: str) -> None:
    assert sign(page("", f"<script src='//a.{host}/x.js'></script>")) is SoftSign.PARKED
    assert sign(page("", f"<iframe src='https://{host}/'></iframe>")) is SoftSign.PARKED
    assert sign(page("", "", refresh(f"0; url=http://{host}/?d=pier"))) is SoftSign.PARKED
    # another company's name, a name in a text or in data, and the service's own site
    assert sign(page("Pier", f"<script src='//x{host}/x.js'></script>")) is None
    assert sign(page("Pier", f"<script src='//{host}.pier.example/x.js'></script>")) is None
    assert sign(page("Pier", f"<p>{host}</p><script>var a=['{host}']</script>")) is None
    own = page("About us", f"<h1>About us</h1><script src='//cdn.{host}/x.js'></script>")
    assert sign(own, f"https://www.{host}/about") is None


def test_listings_are_regular_expressions_of_addresses() -> None:
    listing = "https://www.afternic.com/forsale/pier.example?a=1"
    assert len(LISTINGS) > 20
    assert sign(page("", "<div id=root></div>"), listing) is SoftSign.PARKED
    assert sign(page("", f"<script>location='{listing}'</script>")) is SoftSign.PARKED
    assert sign(page("", f"<script>location.assign('{listing}')</script>")) is SoftSign.PARKED
    assert sign(page("", f"<frameset><frame src='{listing}'></frameset>")) is SoftSign.PARKED
    assert sign(page("Links", f"<a href='{listing}'>a name</a>")) is None
    assert sign(page("Blog", "<h1>Blog</h1>"), "https://www.afternic.com/blog") is None


LISTING = page("pier.example is for sale", "<h1>pier.example is for sale</h1>")


@pytest.mark.parametrize(
    ("asked", "parked"),
    [
        ("https://www.hugedomains.com/domain_profile.cfm?d=pier.example", False),
        ("http://hugedomains.com/domain_profile.cfm?d=pier.example", False),
        ("HTTPS://WWW.HUGEDOMAINS.COM", False),
        ("https://www.hugedomains.com:443/other", False),
        ("https://de.sedo.com/search/details/?domain=pier.example", False),
        ("https://forsale.godaddy.com?domain=pier.example", False),
        ("https://pier.example/news/a-story", True),
        ("https://nothugedomains.com/domain_profile.cfm?d=pier.example", True),
        ("https://hugedomains.com.pier.example/domain_profile.cfm", True),
        ("https://pier.example/?from=https://www.hugedomains.com/", True),
        ("https://www.godaddy.com/forsale/pier.example", True),
        ("https://[", True),
        ("", True),
    ],
)
def test_a_listing_that_the_link_asks_for_is_not_parked(asked: str, parked: bool) -> None:
    listing = "https://www.hugedomains.com/domain_profile.cfm?d=pier.example"
    document = read_document(LISTING.encode(), url=listing, content_type=None)
    found = find_sign(document, {}, asked)
    assert (found is not None and found.kind is SoftSign.PARKED) is parked


@pytest.mark.parametrize(
    "html",
    [
        page("This page has expired", "<p>Send the form again.</p>"),
        page("This page is reserved", "<p>for members</p>"),
        page("Domain expired - Help", "<h1>Domain expired</h1><p>Renew it in your account at Gandi.</p>"),
        page("Our domain", "<p>Is this domain registered with Gandi?</p>"),
        page("Domains", "<h1>Domains</h1><p>pier.com is for sale</p><p>quay.com is for sale</p>"),
        page("域名停放", "<h1>域名停放</h1><p>什么是域名停放</p>"),
        page("Nom de domaine expiré", "<h1>Nom de domaine expiré</h1><p>Que faire ?</p>"),
        page("El dominio ha caducado", "<h1>El dominio ha caducado</h1>"),
        page("Buy premium domain", "<h1>Buy premium domain</h1>"),
        page("Twitter.com domain expired for an hour", "<h1>Twitter.com domain expired for an hour</h1>"),
        page("My links", "<p>This domain has been registered at Namecheap by me in 1999.</p>" + f"<p>{PROSE * 20}</p>"),
        page("The day we lost our name", "<p>This domain has expired.</p><p>Namecheap said so.</p>"),
    ],
)  # fmt: skip
def test_words_on_domains_that_are_not_the_domain_s_own(html: str) -> None:
    assert sign(html) is None


@pytest.mark.parametrize(
    "html",
    [
        page("Buy pier.example", ""),
        page("pier.example for sale", "<p>Ask us.</p>"),
        page("pier.example - Harbour Resources and Information.", ""),
        page("Domain geparkt", "<p>easyname</p>"),
        page("pier.example", "<p>This domain is for sale.</p>"),
        page("", "<p>This domain has expired.</p>"),
        page("Domain registered at Namecheap", "<p>pier.example</p>"),
        page("Welcome", "<p>This domain has been registered with Gandi.net.</p>"),
        page(
            "Website Expired",
            "<h1>Website Expired</h1><p>This account has expired.</p>",
            "<link rel=stylesheet href='https://static1.squarespace.com/static/expired.css'>",
        ),
        page("Domain reserved", "<p>STRATO</p><p>pier.example</p>"),
    ],
)
def test_words_of_parked_domains(html: str) -> None:
    assert sign(html, "https://pier.example/news") is SoftSign.PARKED


def test_phrases_of_parked_domains_speak_many_languages() -> None:
    assert len(SALE.keys() | HELD.keys()) >= 28
    assert len(set(NAMES)) >= 150


@pytest.mark.parametrize(
    "body",
    [
        "<script>" + "//a.a.a.a.a." * 25_000 + "</script>", "<script>" + "setTimeout(" * 25_000 + "</script>",
        "<script>" + "document.cookie=" * 18_000 + "</script>", "<script>" + "location='//" * 20_000 + "</script>",
        "<p>this domain " * 300, "<p>" + "domain a.b.c.d.e " * 50, "<meta http-equiv=refresh content='" + "0;" * 9_999,
    ],
)  # fmt: skip
def test_no_page_takes_long(body: str) -> None:
    found = read_document(body.encode(), url=URL, content_type=None)
    started = process_time()
    find_sign(found, {})
    assert process_time() - started < cpu_limit(2)
