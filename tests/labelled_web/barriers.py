"""Barriers: one answer to every address, which says nothing of the page until something says "not found" (rules N9 to
N11). Each host here has nothing else, its root included, but where a case says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.labelled_web.case import (
    ALIVE,
    BARRIER,
    CONSENT,
    LOGIN,
    PATH,
    PICTURE,
    SOFT_404,
    TEMPORARY,
    TITLE,
    Answers,
    Case,
    Class,
    Label,
)
from tests.labelled_web.chrome import page
from tests.labelled_web.sites_western import ENGLISH
from tests.web import pages
from tests.web.rules import Answer, redirect


def _plain(title: str, text: str, *, lang: str = "en", head: str = "", after: str = "") -> Answer:
    """A page of a few words and nothing around them."""
    return Answer(
        body=f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title>{head}</head>'
        f"<body><h1>{title}</h1><p>{text}</p>{after}</body></html>"
    )


def _everywhere(
    name: str, label: Label, answer: Answer, *, path: str = PATH, more: Answers | None = None
) -> Case:
    """A host that gives this answer to every address."""
    host = f"//barrier-{name}.example"
    return Case(
        Class.BARRIERS,
        f"barrier-{name}",
        label,
        {f"{host}/*": answer, path: answer, **(more or {})},
        path=path,
    )


def _led(name: str, label: Label, location: str, *, ends: Mapping[str, Answer]) -> Case:
    """A host that leads every address to one place; `{asked}` in it is the address that was asked."""
    host = f"barrier-{name}.example"
    own = f"https%3A%2F%2F{host}{PATH.replace('/', '%2F')}"
    answers: dict[str, Answer | Sequence[Answer]] = {
        f"//{host}/*": redirect(location.format(asked="x"), 302),
        PATH: redirect(location.format(asked=own), 302),
        **ends,
    }
    return Case(Class.BARRIERS, f"barrier-{name}", label, answers)


_MOVING = (
    "Unsere Seiten ziehen heute auf neue Server um. Am Nachmittag sind wir wieder wie gewohnt für Sie da, mit allen "
    "Meldungen aus dem Hafen und aus der ganzen Region. Wir bitten um etwas Geduld und danken Ihnen für Ihr "
    "Verständnis. Ihre Redaktion in der Speicherstadt."
)
_REGION = (
    "Ce contenu n'est pas proposé dans votre pays. Nos droits de diffusion ne couvrent pas la région depuis laquelle vous "
    "vous connectez, et nous n'avons donc pas la possibilité de vous montrer nos pages. Nous vous remercions de votre "
    "compréhension et espérons vous accueillir bientôt."
)
_MEMBERS = (
    "Esta revista es solo para socios. Hazte socio por cinco euros al mes y lee todos los reportajes, las entrevistas y "
    "el archivo completo desde 1998. Si ya eres socio, entra con tu correo electrónico y tu contraseña en la parte de arriba "
    "de la página. Gracias por apoyar el periodismo del puerto."
)
_QUEUE = (
    "Сейчас на сайте очень много посетителей. Вы стоите в очереди, и страница откроется сама, как только до вас дойдёт "
    "очередь. Пожалуйста, не закрывайте это окно и не обновляйте страницу: обычно ожидание занимает не больше трёх минут. "
    "Спасибо за терпение!"
)
_AGE = (
    "Deze website bevat verhalen over bier en jenever. Ben je achttien jaar of ouder? Bevestig dan hieronder je leeftijd om "
    "verder te gaan. We bewaren je keuze dertig dagen, zodat je haar niet bij elk bezoek opnieuw hoeft te maken. Geniet, maar "
    "drink met mate: dat vinden wij en dat vindt de wet."
)
_BREAK = (
    "ただいま港新聞のサイトはメンテナンス中です。作業は今夜十時に終わる予定で、それまでのあいだ記事をお読みいただくことができません。"
    "ご不便をおかけして申し訳ございませんが、しばらくお待ちください。作業が終わりしだい、いつものように記事をお届けします。"
    "緊急のニュースは公式アカウントでお知らせいたします。港新聞編集部より、ご理解とご協力に心からお礼申し上げます。"
    "なお、購読のお申し込みは電話でも受け付けております。受付時間は平日の午前九時から午後五時までです。"
)
_STRIKE = (
    "Today our newsroom is on strike. The pages of the Gazette rest until midnight, and so do we. Tomorrow at six you will "
    "read here again what happened on the quay, in the council and out at sea. We stand at the gate of the printing house "
    "until then, with tea for everyone who comes by."
)
_VISITORS = (
    "Strona jest dostępna tylko dla czytelników, którzy potwierdzili swój adres. Wyślemy ci list z kodem, a gdy go wpiszesz, "
    "zobaczysz wszystkie artykuły z portu. Zajmuje to mniej niż minutę i jest bezpłatne. Dziękujemy, że z nami jesteś, i "
    "zapraszamy do wspólnego czytania każdego ranka."
)

_SITE_WIDE = (
    _everywhere("moving", BARRIER, _plain("Wir ziehen um", _MOVING, lang="de")),
    _everywhere("region", BARRIER, _plain("Bientôt chez vous ?", _REGION, lang="fr")),
    _everywhere("members", BARRIER, _plain("La revista de los socios", _MEMBERS, lang="es")),
    _everywhere("queue", BARRIER, _plain("Вы в очереди", _QUEUE, lang="ru")),
    _everywhere("age", BARRIER, _plain("Even checken", _AGE, lang="nl")),
    _everywhere("maintenance", BARRIER, _plain("港新聞", _BREAK, lang="ja")),
    _everywhere("strike", BARRIER, _plain("On strike", _STRIKE)),
    _everywhere("visitors", BARRIER, _plain("Witamy", _VISITORS, lang="pl")),
    _everywhere("canonical", BARRIER, _plain(
        "Wir ziehen um", _MOVING, lang="de",
        head='<link rel="canonical" href="https://barrier-canonical.example/">',
    )),
    # the root shows something else, and yet no page of the site was ever seen
    _everywhere("public-root", BARRIER, _plain("La revista de los socios", _MEMBERS, lang="es"),
                more={"/": _plain("Revista del puerto", "Cada mes, la revista de los socios del puerto. " * 6)}),
    # words of not-found in the one answer
    _everywhere("says-gone", SOFT_404, Answer(body=page(
        ENGLISH, "The Harbour Gazette", "The page you are looking for could not be found", _STRIKE))),
    _everywhere("empty-search", SOFT_404, _plain("No results | The Harbour Gazette", _STRIKE)),
)  # fmt: skip

_SSO = {"//accounts.barrier-oauth.example/*": _plain("Continue", "Continue to the Gazette.")}
_LEADS = (
    _led("oauth", LOGIN, "https://accounts.barrier-oauth.example/oauth2/authorize?return_to={asked}", ends=_SSO),
    _led("privacy", CONSENT, "https://privacy.barrier-privacy.example/?redirect={asked}",
         ends={"//privacy.barrier-privacy.example/*": _plain("Deine Wahl", "Wir und unsere Partner.")}),
    _led("return", BARRIER, "https://gate.barrier-return.example/hello?dest={asked}",
         ends={"//gate.barrier-return.example/*": _plain("Hello", "Who are you?")}),
    _led("same-host", BARRIER, "/welcome?u={asked}", ends={"/welcome*": _plain("Welcome", _STRIKE)}),
    _led("queue-host", BARRIER, "https://queue.barrier-queue-host.example/",
         ends={"//queue.barrier-queue-host.example/*": _plain("One moment", "You are number 12 in line.")}),
    _led("members-host", BARRIER, "https://members.barrier-members-host.example/join",
         ends={"//members.barrier-members-host.example/*": _plain("Join us", _STRIKE)}),
    _led("region-host", BARRIER, "https://eu.barrier-region-host.example/",
         ends={"//eu.barrier-region-host.example/": _plain("Europa", _MOVING, lang="de")}),
    _led("deep-place", BARRIER, "/info/our-site-is-moving",
         ends={"/info/our-site-is-moving": _plain("Wir ziehen um", _MOVING, lang="de")}),
    _led("start", BARRIER, "/start", ends={"/start": _plain("Wir ziehen um", _MOVING, lang="de")}),
    _led("one-place", BARRIER, "/hallo/", ends={"/hallo/": _plain("Wir ziehen um", _MOVING, lang="de"),
                                                "/": redirect("/hallo/", 302)}),
    _led("other-name", BARRIER, "/vorschalt.html", ends={"/vorschalt.html": _plain("Hallo", _MOVING, lang="de")}),
)  # fmt: skip

_NEAR = (
    # the end carries the asked address and is the page all the same
    Case(Class.BARRIERS, "barrier-not-viewer", TEMPORARY,
         {PATH: redirect("https://view.example/show?url=https%3A%2F%2Fbarrier-not-viewer.example"
                         + PATH.replace("/", "%2F"), 302),
          "//view.example/*": Answer(body=pages.page(TITLE))}),
    # it carries it and says "not found"
    Case(Class.BARRIERS, "barrier-not-aspx", SOFT_404,
         {PATH: redirect(f"/Error/NotFound?aspxerrorpath={PATH}", 302),
          "/Error/NotFound*": _plain("Sorry", "We looked everywhere.")}),
    Case(Class.BARRIERS, "barrier-not-error-page", SOFT_404,
         {PATH: redirect(f"/oops?path={PATH}", 302),
          "/oops*": _plain("Page not found", "We looked everywhere.")}),
    # another address in the query
    Case(Class.BARRIERS, "barrier-not-another-address", Label("alive", "redirect-temporary"),
         {PATH: redirect("/view/the-pier-opens-again?related=/news/2019/the-pier-closes", 302),
          "/view/*": Answer(body=pages.page(TITLE))}),
    # a host whose name only begins like a gate's
    Case(Class.BARRIERS, "barrier-not-queueing", TEMPORARY,
         {PATH: redirect("https://queueing-news.example/the-pier-opens-again", 302),
          "//queueing-news.example/*": Answer(body=pages.page(TITLE))}),
)  # fmt: skip


def _neighbours(
    name: str, answer: Answer, label: Label, *, root: Answer | None = None
) -> tuple[Case, ...]:
    """A host with one link that is answered as itself and one that gets the answer of every other address."""
    host = f"{name}.example"
    answers: dict[str, Answer | Sequence[Answer]] = {
        f"//{host}/*": answer,
        f"//{host}/news/2020/the-harbour-freezes": Answer(body=pages.page("The harbour freezes")),
    }
    if root is not None:
        answers[f"//{host}/"] = root
    return (
        Case(Class.BARRIERS, f"{name}-lives", ALIVE, answers, title="The harbour freezes",
             raw=f"https://{host}/news/2020/the-harbour-freezes"),
        Case(Class.BARRIERS, f"{name}-gone", label, {}, raw=f"https://{host}/news/2020/a-tale-of-old"),
    )  # fmt: skip


_FRONT = _plain("The Harbour Gazette", "All that happens at the water, every morning at six. " * 6)
_WEATHER = _plain(
    "The weather at the quay", "The wind comes from the west, and the sea is calm today. " * 8
)
_LIVING = (
    *_neighbours("neighbour-of-one-answer", _WEATHER, SOFT_404, root=_FRONT),
    *_neighbours(
        "neighbour-of-members", _plain("La revista", _MEMBERS, lang="es"), BARRIER, root=_FRONT
    ),
    *_neighbours(
        "neighbour-of-moved-host", _plain("Wir ziehen um", _MOVING, lang="de"), BARRIER, root=_FRONT
    ),
)


def _for_picture(name: str, label: Label, answer: Answer) -> Case:
    """A page in the place of an image."""
    answers: dict[str, Answer | Sequence[Answer]] = {PICTURE: answer}
    return Case(
        Class.BARRIERS, f"barrier-picture-{name}", label, answers, PICTURE, image=(1_200, 630)
    )


_NO_PICTURE = Label("broken", "html-for-image")
_PICTURES = (
    _for_picture("moving", BARRIER, _plain("Wartung", "Wartungsarbeiten: bald wieder da.", lang="de")),
    _for_picture("region", BARRIER, _plain("Pas disponible", _REGION, lang="fr")),
    _for_picture("members", BARRIER, _plain("La revista", _MEMBERS, lang="es")),
    _for_picture("queue", BARRIER, _plain("Вы в очереди", _QUEUE, lang="ru")),
    # no barrier: a page of the site, its home page, and one that says "not found"
    _for_picture("article", _NO_PICTURE, _WEATHER),
    _for_picture("home", _NO_PICTURE, _FRONT),
    _for_picture("says-gone", _NO_PICTURE, _plain("Not found", "The picture you are looking for does not exist. Log in")),
)  # fmt: skip

CASES = (*_PICTURES, *_SITE_WIDE, *_LEADS, *_NEAR, *_LIVING)
