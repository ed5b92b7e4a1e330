"""Rules N6 and N7: what a page has of a barrier, and the weaker words of not-found; the two exclude each other."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.html.document import Document, read_document
from crawler.extractors.signs.gate_words import STEMS, Subject
from crawler.extractors.signs.gates import asks_to_wait, asks_who, gate_of, says_gate, tells_of
from crawler.extractors.signs.said_gone import says_gone
from tests.time_limits import cpu_limit

URL = "https://news.example/2024/a-story"


def document(html: str) -> Document:
    return read_document(html.encode(), url=URL, content_type="text/html; charset=utf-8")


def page(title: str, body: str, head: str = "") -> str:
    return f"<html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


GATES = {
    "a move, in German": page(
        "Hafenblatt",
        "<p>Wir ziehen um. Unsere Seite wird gerade auf einen neuen Server gebracht, ab heute Nachmittag sind wir "
        "wieder für Sie da. Bis dahin bitten wir um Geduld; es lohnt sich, alles wird schneller und schöner.</p>",
    ),
    "French region": page("", "<p>Ce contenu n'est pas disponible dans votre pays.</p>"),
    "English region": page("Sorry", "<p>This content is not available in your country.</p>"),
    "Europe": page("Sorry", "<h1>This site is unavailable from the European Union</h1>"),
    "German region": page("", "<p>Dieser Artikel ist in Ihrem Land nicht verfügbar.</p>"),
    "Dutch region": page("", "<p>Deze pagina is niet beschikbaar in jouw land.</p>"),
    "Chinese region": page("", "<p>抱歉，您所在地区无法访问该内容。</p>"),
    "Korean region": page("", "<p>해당 국가에서는 이용할 수 없는 콘텐츠입니다.</p>"),
    "Japanese maintenance": page("お知らせ", "<p>ただいまメンテナンス中です。ページは表示できません。</p>"),
    "Hindi maintenance": page("", "<p>साइट रखरखाव के लिए बंद है।</p>"),
    "Thai maintenance": page("", "<p>ปิดปรับปรุงชั่วคราว</p>"),
    "Vietnamese maintenance": page("", "<p>Trang web đang bảo trì</p>"),
    "Turkish maintenance": page("", "<p>Sitemiz bakımda.</p>"),
    "Hebrew maintenance": page("", "<p>האתר בתחזוקה</p>"),
    "Greek maintenance": page("", "<p>Ο ιστότοπος βρίσκεται σε συντήρηση</p>"),
    "Finnish maintenance": page("", "<p>Sivusto on huollossa</p>"),
    "Hungarian maintenance": page("", "<p>Az oldal karbantartás alatt áll</p>"),
    "German, for now": page("Hinweis", "<h1>Diese Seite ist derzeit nicht verfügbar</h1>"),
    "English, for now": page("Gazette", "<p>This page is temporarily unavailable.</p>"),
    "Spanish members": page("Socios", "<p>Solo los socios pueden leer esta página. Inicia sesión.</p>"),
    "Czech subscribers": page("", "<p>Tento článek je jen pro předplatitele.</p>"),
    "Arabic log-in": page("", "<p>يجب تسجيل الدخول لقراءة هذه الصفحة</p>"),
    "Polish consent": page("", "<p>Szanujemy Twoją prywatność.</p>"),
    "Russian queue": page("", "<p>Подождите, вы в очереди.</p>"),
    "age": page("", "<p>Bist du über 18 Jahre alt?</p>"),
    "a password": page("", "<form><input type=password></form>"),
    "a captcha": page("", "<div class=h-captcha></div>"),
    "a form": page("", "<form action=/session/new></form>"),
    "a refresh": page("", "<p>…</p>", "<meta http-equiv=refresh content=9>"),
    "a vendor's challenge": page("", "<script>window.gokuProps={}</script>"),
    "a long page whose title says so": page("Cookies and privacy", "<p>" + "We ask. " * 400 + "</p>"),
}  # fmt: skip

GONE = {
    "a sentence": page("Gazette", "<p>We're sorry, but the page you requested could not be found.</p>"),
    "the first of two": page("Gazette", "<p>The page you were looking for doesn't exist. Try again.</p>"),
    "bold words in it": page("Gazette", "<p>The page <b>you requested</b> was not found.</p>"),
    "a heading of third level": page("Gazette", "<h3>Page not found</h3><p>x</p>"),
    "no results": page("Search", "<h1>Search</h1><p>No results found.</p>"),
    "WordPress": page("Gazette", "<h1>Nothing found</h1><p>Perhaps searching can help.</p>"),
    "German": page("Hafenblatt", "<p>Die von Ihnen gesuchte Seite wurde leider nicht gefunden.</p>"),
    "French": page("Port", "<p>Désolé, la page que vous recherchez n'existe pas.</p>"),
    "Russian": page("Порт", "<p>К сожалению, запрашиваемая страница не найдена.</p>"),
    "Japanese": page("港", "<p>お探しのページは見つかりませんでした。</p>"),
    "Chinese": page("港", "<p>抱歉，您访问的页面不存在。</p>"),
    "what may have happened": page(
        "404 - File or directory not found.",
        "<h2>404 - File or directory not found.</h2><h3>The resource might have been removed or is temporarily "
        "unavailable.</h3>",
    ),
    "with a word on the browser": page(
        "Error 404", "<h1>Page not found</h1><p>Please check the address in your browser.</p>"
    ),
    "with a log-in": page("Page not found | Gazette", "<p>Log in or subscribe. We use cookies.</p>"),
}  # fmt: skip

NEITHER = {
    "a welcome": page("Welcome", "<h1>Welcome</h1><p>All that happens at the water.</p>"),
    "a dog": page("Dog not found", "<h1>Dog not found after a week</h1><p>It has gone.</p>"),
    "a thing": page("Bell", "<h1>Ship's bell</h1><p>This product is no longer available.</p>"),
    "a story": page("Pier", "<h1>Pier</h1><p>The old pier was not found on any map.</p>"),
    "links alone": page("Gazette", "<p>Ships.</p><a href=/login>Log in</a><footer>Cookies, privacy</footer>"),
    "nothing": "",
}  # fmt: skip


@pytest.mark.parametrize("html", GATES.values(), ids=GATES)
def test_barrier_is_a_gate_and_not_gone(html: str) -> None:
    assert says_gate(document(html))
    assert not says_gone(document(html))


@pytest.mark.parametrize("html", GONE.values(), ids=GONE)
def test_weak_words_of_not_found(html: str) -> None:
    assert says_gone(document(html))


@pytest.mark.parametrize("html", NEITHER.values(), ids=NEITHER)
def test_neither_gate_nor_gone(html: str) -> None:
    assert gate_of(document(html)) is None
    assert not says_gone(document(html))


def test_one_sentence_beside_a_barrier_is_not_gone() -> None:
    body = "<p>Page not found.</p><p>Our site is under maintenance.</p>"
    assert not says_gone(document(page("Gazette", body)))
    assert says_gone(document(page("Page not found", body)))


def test_a_sentence_of_a_long_page_does_not_count() -> None:
    prose = "<p>" + "The pier was opened again on Monday. " * 100 + "</p>"
    assert not says_gone(document(page("Pier", prose + "<p>Page not found.</p>")))
    assert gate_of(document(page("Pier", prose + "<p>Please log in.</p>"))) is None


def test_gate_is_told_in_words() -> None:
    assert gate_of(document(page("Warteraum", ""))) == "a queue: warteraum"
    assert gate_of(document(page("", "<input type=password>"))) == "a field for a password"


@pytest.mark.parametrize(
    ("text", "who", "wait"),
    [
        ("Are you a robot?", True, False),
        ("Both botany books", False, False),
        ("Please wait…", False, True),
        ("Un instant, je vous prie", False, True),
        ("请完成验证", True, False),
        ("The queue was long", False, True),
        ("", False, False),
    ],
)
def test_subjects_of_a_text(text: str, who: bool, wait: bool) -> None:
    assert (asks_who(text), asks_to_wait(text)) == (who, wait)
    assert tells_of(text, (Subject.ROBOT, Subject.WAIT)) is (who or wait)


def test_every_stem_is_found_in_its_own_words() -> None:
    for subject, stems in STEMS.items():
        for stem in (one.strip() for one in stems.split("|")):
            assert stem, subject
            assert tells_of(f"x {stem.removesuffix('.')} y", (subject,)), stem


@given(st.text(max_size=300))
def test_no_text_raises(text: str) -> None:
    found = document(page(text, f"<p>{text}</p>"))
    assert says_gate(found) in (True, False)
    assert says_gone(found) in (True, False)


@pytest.mark.parametrize(
    "body",
    [
        "<p>" + "please " * 40_000, "<p>" + "a. " * 60_000, "<h2>404</h2>" * 20_000, "<b>" * 20_000 + "not found",
        "<p>" + "the page you " * 20_000, "<p>" + "待" * 100_000,
    ],
    ids=["words", "sentences", "headings", "depth", "grammar", "unspaced"],
)  # fmt: skip
def test_no_page_takes_long(body: str) -> None:
    found = document(body)
    started = process_time()
    gate_of(found)
    says_gone(found)
    assert process_time() - started < cpu_limit(2)
