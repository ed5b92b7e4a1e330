"""Rules V4, V5, V7, V9 and N2 on pages: each rule's examples, and near misses that stay alive."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.html.document import read_document
from crawler.extractors.html.folding import fold
from crawler.extractors.page import ExtractedPage, extract_page
from crawler.extractors.signs import page_shape
from crawler.extractors.signs.not_found import says_not_found
from crawler.extractors.signs.not_found_phrases import PHRASES
from crawler.extractors.signs.page_shape import LONG, MAX_ELEMENTS, read_shape
from crawler.extractors.signs.page_signs import find_sign
from crawler.model.observation import Observation, SoftSign
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from tests.time_limits import cpu_limit

URL = "https://news.example/2024/a-story"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
PROSE = "<p>" + "The pier was opened again on Monday after a long winter of repairs. " * 12 + "</p>"
LONG_PROSE = PROSE * 8
MIDDLE_PROSE = PROSE * 2
DATED = "<meta property=article:published_time content=2024-05-01T08:00:00Z>"
OG_ARTICLE = "<meta property=og:type content=article>"
NEWS_ARTICLE = '<script type=application/ld+json>{"@type":"NewsArticle","headline":"A"}</script>'
NOINDEX = "<meta name=robots content='noindex, follow'>"


def page(title: str = "", body: str = "", head: str = "", *, h1: str = "") -> str:
    heading = f"<h1>{h1}</h1>" if h1 else ""
    return f"<html><head><title>{title}</title>{head}</head><body>{heading}{body}</body></html>"


def extract(html: str, url: str = URL) -> ExtractedPage:
    return extract_page(html.encode(), url=url, content_type="text/html; charset=utf-8")


def sign(html: str, url: str = URL) -> SoftSign | None:
    return extract(html, url).sign


CF = "<script>window._cf_chl_opt={cvId:'3'};</script>"
CF_PATH = "<script src='/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1'></script>"
CF_SENSOR = "<script>a.src='/cdn-cgi/challenge-platform/h/g/scripts/jsd/1/main.js'</script>"
INCAPSULA = "<script src='/_Incapsula_Resource?SWJIYLWA=1,2'></script>"
AWS_SENSOR = "<script src='https://1.eu.token.awswaf.com/1/challenge.js'></script>"
AKAMAI = (
    "You don't have permission to access this.<p>Reference&#32;&#35;18&#46;6f2e<p>"
    "https&#58;&#47;&#47;errors&#46;edgesuite&#46;net&#47;18&#46;6f2e"
)

WALLS = {
    "Cloudflare, its options": page("One second", CF),
    "Cloudflare, its path": page("One second", CF_PATH),
    "Cloudflare, its title": page("Just a moment..."),
    "Cloudflare in German": page("Nur einen Moment…"),
    "Cloudflare in Japanese": page("しばらくお待ちください..."),
    "DataDome": page(
        "news.example", "<script src='https://ct.captcha-delivery.com/c.js'></script>"
    ),
    "DataDome, in a frame": page(
        "", "<iframe src='https://geo.captcha-delivery.com/captcha/?cid=1'></iframe>"
    ),
    "PerimeterX": page("News", "<div id=px-captcha></div>"),
    "Akamai": page("News", AKAMAI),
    "Akamai, its title": page("Access Denied", "No."),
    "Imperva": page("", INCAPSULA),
    "Imperva, in words": page("", "Request unsuccessful. Incapsula incident ID: 70300-19"),
    "Imperva, its title": page("Pardon Our Interruption", PROSE),
    "AWS WAF": page("", "<script>window.gokuProps = {};</script>" + PROSE),
    "AWS WAF, script alone": page("", AWS_SENSOR),
    "Imunify360": page("One moment, please..."),
    "Amazon": page("Robot Check"),
    "Yandex": page("Вы не робот?"),
    "Baidu": page("百度安全验证"),
    "Anubis": page("Hold on", "<script id=anubis_challenge type=application/json>{}</script>"),
    "Anubis, with a page's date": page(
        "Making sure you're not a bot!", head="<meta name=date content=2024-05-01>"
    ),
    "F5": page("", "The requested URL was rejected. Please consult with your administrator."),
    "Google": page("https://news.example/", "<form id=captcha-form></form>"),
    "a wall that wants no index": page("Just a moment...", CF, NOINDEX),
}


@pytest.mark.parametrize("html", WALLS.values(), ids=WALLS)
def test_bot_wall(html: str) -> None:
    assert sign(html) is SoftSign.WALL


CONSENTS = {
    "Google": page("Before you continue to Google Search", "I agree"),
    "Google in French": page("Avant d'accéder à Google", "Tout accepter"),
    "a form": page("Your choice", "<form action=https://consent.news.example/save></form>"),
    "Yahoo's form": page("Yahoo", "<form action=/v2/collectConsent?s=1></form>"),
    "DPG": page("DPG Media Privacy Gate"),
}


@pytest.mark.parametrize("html", CONSENTS.values(), ids=CONSENTS)
def test_consent_wall(html: str) -> None:
    assert sign(html) is SoftSign.CONSENT


PASSWORD = "<form><input name=user><input type=Password name=p></form>"
LOGINS = {
    "log in": page("Log in | The Site", PASSWORD),
    "sign in to": page("Sign in to The Site", PASSWORD),
    "German": page("Anmelden - Die Seite", PASSWORD),
    "Russian": page("Вход", PASSWORD),
    "Japanese": page("ログイン | サイト", PASSWORD),
    "LinkedIn": page("", "<script>location='/authwall?trk=gf&original=1'</script>"),
}


@pytest.mark.parametrize("html", LOGINS.values(), ids=LOGINS)
def test_login_wall(html: str) -> None:
    assert sign(html) is SoftSign.LOGIN


NOT_FOUNDS = {
    "title and h1": page("Page not found | The Site", LONG_PROSE, h1="Page not found"),
    "title and h1, a menu of links": page("404 - Not Found", LONG_PROSE, h1="Oops! 404"),
    "title, noindex": page("Page not found", LONG_PROSE, NOINDEX, h1="Welcome"),
    "h1, noindex for Google": page(
        "The Site", LONG_PROSE, "<meta name=Googlebot content=none>", h1="Not found"
    ),
    "title, short": page("Seite nicht gefunden - Die Zeitung", "Zur Startseite"),
    "behind a colon": page("404 : Not Found", LONG_PROSE, h1="Error: page not found"),
    "before the site's name and a colon": page(
        "Page not found: The Site",
        LONG_PROSE,
        "<meta property=og:site_name content='The Site'>",
        h1="Page not found",
    ),
    "a sigh of its own": page("Stránka nenalezena", LONG_PROSE, h1="Jémine! Stránka nenalezena."),
    "Persian digits": page("خطای ۴۰۴", LONG_PROSE, h1="صفحه مورد نظر شما یافت نشد"),
    "h1, short": page("The Site", "Go home.", h1="404"),
    "a title that tells what was looked for": page(
        "Nothing found for 2024 A Story", LONG_PROSE, h1="Page not found"
    ),
    "h1 among others": page("Not found", LONG_PROSE + "<h1>Page not found</h1>", h1="The Site"),
    "removed, in its title": page("This article has been removed", h1="This article is gone"),
}


@pytest.mark.parametrize("html", NOT_FOUNDS.values(), ids=NOT_FOUNDS)
def test_soft_404(html: str) -> None:
    assert sign(html) is SoftSign.NOT_FOUND


PARKED = {
    "Sedo": page("news.example", "<script src='//img.sedoparking.com/js/1.js'></script>"),
    "ParkingCrew": page("news.example", "<script src='//cdn.parkingcrew.net/a.js'></script>"),
    "Bodis": page("news.example", "<iframe src='https://parking.bodis.com/1'></iframe>"),
    "the key": "<html data-adblockkey='MFww=='><title>news.example</title><body>Related</body></html>",
    "window.park": page("news.example", "<script>window.park = 'ey';</script>"),
    "GoDaddy": page("", '<script>window.onload=()=>{window.location.href="/lander"}</script>'),
    "this domain": page("This domain is for sale!", PROSE),
    "by name": page("news.example is for sale | HugeDomains", PROSE),
    "h1": page("news.example", PROSE, h1="The domain news.example is for sale."),
    "its price": page("Buy news.example", PROSE),
    "German": page("news.example steht zum Verkauf", PROSE),
    "French": page("news.example", PROSE, h1="Ce nom de domaine est à vendre"),
    "courtesy": page("This domain is parked free, courtesy of Registrar.com"),
    "Chinese": page("此域名出售"),
}


@pytest.mark.parametrize("html", PARKED.values(), ids=PARKED)
def test_parked(html: str) -> None:
    assert sign(html) is SoftSign.PARKED


ALIVE = {
    # walls
    "article with a wall vendor's sensor": page(
        "New pier", PROSE + CF_SENSOR + AWS_SENSOR + INCAPSULA, h1="New pier"
    ),
    "short page with Cloudflare's sensor": page("New pier", "It is open." + CF_SENSOR),
    "long page with a challenge's script": page("New pier", LONG_PROSE + CF),
    "article with a challenge's script": page("New pier", CF, OG_ARTICLE),
    "dated article with a challenge's script": page("New pier", CF, DATED),
    "NewsArticle with a challenge's script": page("New pier", CF, NEWS_ARTICLE),
    "shortest page with a headline and every sensor": page(
        "New pier", "Open." + CF_SENSOR + AWS_SENSOR + INCAPSULA, h1="New pier"
    ),
    "text that names a number and Akamai": page("Logs", "Reference #18 of errors.edgesuite.net"),
    "article about access": page("Access Denied: the story of a gate", PROSE),
    "article named like a wall": page("Access Denied", PROSE, DATED),
    "text that names a marker": page("How walls work", "<p>_cf_chl_opt, px-captcha</p>"),
    "data that names a marker": page(
        "How walls work", "<script type=application/json>{'a':'_cf_chl_opt'}</script>"
    ),
    "link to a vendor": page("Links", "<a href=https://geo.captcha-delivery.com/>here</a>"),
    # consent and login
    "cookie banner over an article": page(
        "New pier", "<div id=onetrust>We use cookies</div><form action=/consent></form>" + PROSE
    ),
    "login form in the header": page(
        "New pier | The Site", f"<header>{PASSWORD}</header>" + PROSE, h1="New pier"
    ),
    "log in without a password": page("Log in | The Site", "Choose how."),
    "article about logging in": page("Sign in: how to read a pier's notice boards", PASSWORD),
    "paywall": page(
        "Log in | The Site", PASSWORD, "<meta property=article:content_tier content=locked>"
    ),
    "paywall in JSON-LD": page(
        "Log in",
        PASSWORD,
        '<script type=application/ld+json>{"@type":"WebPage","isAccessibleForFree":false}</script>',
    ),
    # soft 404
    "article about 404 pages": page(
        "Page not found: what your 404 page says about you", PROSE, h1="Page not found: why 404s"
    ),
    "article about 404 pages, with a dash": page(
        "Page not found - what a site's error page says about its owners", MIDDLE_PROSE
    ),
    "headline that quotes the phrase": page(
        "« Page introuvable » : l’art discret des pages d’erreur",
        MIDDLE_PROSE,
        h1="« Page introuvable » : l’art discret des pages d’erreur",
    ),
    "headline that goes on after a colon": page(
        "Page not found: the film", "Ninety minutes.", h1="Page not found: the film"
    ),
    "title that begins with the number, another h1": page(
        "404 – the error that became a band | The Site", "Four lads.", h1="The error"
    ),
    "headline that begins with the number": page(
        "404 - Reasons to smile | The Site", "One a day.", h1="404 - Reasons to smile"
    ),
    "a search without a result": page("Nothing found for crew", "Try again.", h1="Search"),
    "a song": page("Gone", "Gone, the boats are gone.", h1="Gone"),
    "dated article named so": page("Page not found", PROSE, DATED, h1="Page not found"),
    "article named so": page("Page not found", PROSE, OG_ARTICLE, h1="Page not found"),
    "NewsArticle named so": page("Page not found", PROSE, NEWS_ARTICLE, h1="Page not found"),
    "page with any date": page(
        "Page not found", "", "<meta name=date content=2024-05-01>", h1="Page not found"
    ),
    "title alone, not short": page("Page not found", MIDDLE_PROSE, h1="New pier"),
    "h1 alone, not short": page("New pier", MIDDLE_PROSE, h1="Not found"),
    "the year, the road, the film": page("404", MIDDLE_PROSE, h1="404"),
    "removed, in its text": page("New pier", "<p>The old pier has been removed.</p>", h1="Pier"),
    "not found, in its text": page("New pier", "<p>Page not found</p>", h1="New pier"),
    "short article": page("New pier", "<p>It is open.</p>", h1="New pier"),
    "empty page": page(),
    # parked
    "script of a company whose name ends so": page(
        "New pier", "<script src=https://cdn.embodis.com/a.js></script>"
    ),
    "vineyard for sale": page("Domaine à vendre", "Vingt hectares.", h1="Domaine à vendre"),
    "registrar": page("Domain kaufen", "Ist Ihr Name noch frei?", h1="Domain kaufen"),
    "glossary": page("Parked domain", "One without a site.", h1="Parked domain"),
    "house for sale": page("House for sale in Bath", "Four rooms.", h1="House for sale"),
    "a village's estate for sale": page("Estate is for sale | Homes", "A domain of 40 acres."),
    "link to a parking service": page("Links", "<a href=https://sedoparking.com>Sedo</a>"),
    "article about domains": page("This domain is for sale", PROSE, DATED),
    "headline about a domain": page("Domain is for sale for a million: what buyers say", PROSE),
    "a parking service's script on a long page": page(
        "New pier", LONG_PROSE + "<script src='//img.sedoparking.com/1.js'></script>"
    ),
}


@pytest.mark.parametrize("html", ALIVE.values(), ids=ALIVE)
def test_near_misses_have_no_sign(html: str) -> None:
    assert sign(html) is None, extract(html).evidence


def test_not_found_page_with_a_sensor_is_not_hidden_behind_a_wall() -> None:
    assert sign(page("Page not found", INCAPSULA, h1="Page not found")) is SoftSign.NOT_FOUND


def test_wall_comes_before_not_found() -> None:
    assert sign(page("Page not found", CF, h1="Page not found")) is SoftSign.WALL


def test_evidence_says_by_what() -> None:
    assert extract(page("One second", CF)).evidence == "Cloudflare challenge"
    assert extract(page("404", NOINDEX)).evidence == "noindex and title: 404"
    assert extract(page("The Site", h1="404")).evidence == "under 1,500 characters and h1: 404"
    assert extract(page("New pier", PROSE)).evidence is None


@pytest.mark.parametrize(
    "text",
    [
        "Page not found", "404 - Page not found", "Error 404", "404", "Not Found", "HTTP 404",
        "404 error", "404 Error Page", "404 Not Found", "Not Found (#404)", "410 Gone", "(404)",
        "The page you want does not exist", "Sorry, we can't find that page", "Oops! Page not found.",
        "This page doesn’t exist", "The requested URL was not found", "PAGE NOT FOUND | THE SITE",
        "We couldn't find the page you were looking for", "The resource cannot be found.",
        "This content is no longer available", "The Site - Page Not Found", "Whoops, that page is gone.",
        "404 | Page not found | News | The Site", "The page you are looking for could not be found.",
        "Error 404 (Not Found)", "File or directory not found.", "Error: page not found",
        "Sorry, the page you are trying to view has been removed.", "404 — Not Found",
        "Seite nicht gefunden", "404 - Seite nicht gefunden", "Fehler 404: Seite nicht gefunden | Blatt",
        "Hoppla! Diese Seite gibt es nicht.", "404: Página no encontrada", "Pagina no encontrada",
        "¡Lo sentimos! Página no encontrada", "Page introuvable | Le Quai", "Erreur 404",
        "Désolé, cette page n’existe pas", "ページが見つかりません", "404エラー", "Error 404 - 页面不存在",
        "抱歉，您访问的页面不存在", "ОШИБКА 404: СТРАНИЦА НЕ НАЙДЕНА", "SAYFA BULUNAMADI",
        "عذراً، الصفحة غير موجودة", "Strona, której szukasz, nie istnieje",
    ],
)  # fmt: skip
def test_phrase_says_not_found(text: str) -> None:
    assert says_not_found(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "Lost dog found", "The 404 bus is late", "A cure is not found overnight", "Highway 404",
        "Why is page introuvable so common", "Page not found: " + "a long story " * 9, "410 dead",
        "The story you know does not exist", "This person does not exist", "Error in the budget",
        "How to fix a 404 error", "Best 404 pages of 2024", "404 Media", "Peugeot 404",
        "The statue that has been removed", "Sorry", "Oops!", "Evidence not found in the case of the pier",
        "Seite nicht gefunden: warum Fehlerseiten lustig sind", "Page 404 of the report",
        "The 404 error page as an art form", "New pier - the page that was not found in any archive",
    ],
)  # fmt: skip
def test_phrase_does_not_say_not_found(text: str) -> None:
    assert not says_not_found(text)


def test_phrases_speak_at_least_forty_languages() -> None:
    assert len(PHRASES) >= 60
    for phrases in PHRASES.values():
        for phrase in phrases:
            assert says_not_found(phrase), phrase
            assert says_not_found(f"404 - {phrase} | The Site"), phrase


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Página", "pagina"),
        ("SAYFA BULUNAMADI", "sayfa bulunamadi"),
        ("Błąd", "blad"),
        ("ﬁn", "fin"),
        ("۴۰۴ ৪০৪", "404 404"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=200))
def test_no_text_breaks_the_phrases(text: str) -> None:
    assert isinstance(says_not_found(text), bool)


PIECES = [
    "<title>", "</title>", "<h1>", "</h1>", "Page not found", "404", "<script>", "</script>",
    "_cf_chl_opt", "<form action=", "https://consent.a.example/", ">", "<input type=password>",
    "Log in", "<html data-adblockkey>", "<noscript>", "<meta name=robots content=noindex>",
    "<meta http-equiv=refresh content='0; url=//bodis.com'>", "\x00", "word " * 99, "<svg>", "|", " - ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_markup_raises_and_every_sign_has_evidence(pieces: list[str]) -> None:
    found = extract("".join(pieces))
    assert (found.sign is None) == (found.evidence is None)


@pytest.mark.parametrize(
    "text",
    [
        "sorry, " * 17, "404 " * 30, "error " * 20 + "404", "- " * 60, "the page you " * 9,
        "a." * 60, "error: 404 " * 10, "no longer exists " * 7,
    ],
)  # fmt: skip
def test_no_title_takes_long(text: str) -> None:
    started = process_time()
    for _ in range(20):
        says_not_found(text)
        find_sign(read_document(page(text, h1=text).encode(), url=URL, content_type=None), {})
    assert process_time() - started < cpu_limit(2)


@pytest.mark.parametrize(
    "body",
    [
        b"=" * 1_000_000, b"<script>" + b"location.href " * 100_000 + b"</script>",
        b"<div id=a>" * 100_000, b"<script>action=</script>" * 50_000, b"Reference #" * 100_000,
    ],
    ids=["equals", "script", "elements", "scripts", "references"],
)  # fmt: skip
def test_no_page_takes_long(body: bytes) -> None:
    document = read_document(body, url=URL, content_type=None)
    started = process_time()
    find_sign(document, {})
    assert process_time() - started < cpu_limit(2)


def test_shape_keeps_what_is_seen_apart_from_what_acts() -> None:
    shape = read_shape(
        read_document(
            b"<html lang=en><head><title>T</title><meta http-equiv=Refresh content='0; url=/x'>"
            b"</head><body>One <b>two</b> <script src=/a.js>act()</script><noscript>no</noscript>"
            b"<script type=application/json>{}</script><style>s{}</style> three",
            url="",
            content_type=None,
        )
    )
    assert shape.text == "One two three"
    assert shape.machinery.split("\n") == ["html=lang", "refresh=0; url=/x", "src=/a.js", "act()"]
    assert (shape.is_long, shape.has_password) == (False, False)


@pytest.mark.parametrize(
    ("body", "is_long"),
    [("x" * (LONG + 1), True), ("x" * 9, False), ("<b></b>" * (MAX_ELEMENTS + 1), True)],
)
def test_shape_ends_where_a_page_is_long(body: str, is_long: bool) -> None:
    shape = read_shape(read_document(body.encode(), url="", content_type=None))
    assert shape.is_long is is_long


def test_machinery_is_bounded() -> None:
    body = b"<script>" + b"x" * 50_000 + b"</script>"
    shape = read_shape(read_document(body * 40, url="", content_type=None))
    assert len(shape.machinery) <= page_shape.MAX_MACHINERY + 100


def test_page_without_an_element_or_a_readable_url_has_no_sign() -> None:
    assert find_sign(read_document(b"", url="", content_type=None), {}) is None
    assert sign(page("New pier", "Open."), url="https://[") is None


def _rows(folder: Path) -> Iterator[tuple[dict[str, object], bytes]]:
    for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row, gzip.decompress((folder / row["file"]).read_bytes())


@pytest.mark.shared_data
def test_real_walls_are_inconclusive(shared: Path) -> None:
    outcomes = {}
    for row, body in _rows(shared / "pages" / "botwalls"):
        url, status = str(row["url"]), int(str(row["status"]))
        found = extract_page(body, url=url, content_type=None) if body[:1] == b"<" else None
        seen = Observation(url, NOW, 1, status=status, sign=found.sign if found else None)
        outcomes[row["file"]] = find(seen).outcome
    assert len(outcomes) == 15
    assert set(outcomes.values()) == {Outcome.SAYS_NOTHING}


@pytest.mark.shared_data
def test_real_walls_are_recognised_by_their_bodies_too(shared: Path) -> None:
    signs = [
        extract_page(body, url=str(row["url"]), content_type=None).sign
        for row, body in _rows(shared / "pages" / "botwalls")
        if body.lstrip()[:1] == b"<"
    ]
    assert len(signs) == 11
    assert None not in signs


@pytest.mark.shared_data
def test_recall_of_another_project_s_phrases(shared: Path) -> None:
    path = shared / "pages" / "phrases" / "page_not_found_i18n.json"
    titles = [row["title"] for row in json.loads(path.read_text(encoding="utf-8")).values()]
    found = sum(map(says_not_found, titles))
    assert found >= 0.85 * len(titles)
