"""Whether a page is another owner's (rules V18, V19): one thing that was known and is still there speaks against it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.model.observation import PageFacts
from crawler.rules.text_words import sketch_of, words_of
from crawler.rules.verdict.identity_break import FoundPage, KnownPage, identity_break

URL = "https://gazette.example/2020/the-pier-opens-again"
STORY = (
    "On Monday morning the gates of the pier were unlocked, for it was the first time since the storm of last year. By "
    "noon three thousand people had walked out to its end. The repairs took all winter and cost him, her, us and you four "
    "million, so he was not happy, but we are. Divers replaced sixty iron columns, and carpenters laid new planks."
)
SLOTS = "Daftar situs gacor sekarang, nikmati bonus, deposit pulsa tanpa potongan, maxwin setiap hari bagi semua pemain"
FOREIGN = (
    "Somos técnicos con más de veinte años de experiencia en hornos, neveras y lavavajillas de todas las marcas, con piezas "
    "originales y garantía por escrito. Llame temprano y tendrá a uno de los nuestros en casa antes de que acabe la tarde. El "
    "desplazamiento resulta gratuito si acepta el presupuesto; tampoco cobramos más por trabajar domingos o festivos. "
    "Pregunte por contratos anuales para hoteles, bares, comunidades, oficinas, hospitales, escuelas, talleres, fábricas, "
    "residencias, tiendas, almacenes, gimnasios, cafeterías y bibliotecas municipales. Nuestros precios incluyen transporte, montaje, limpieza y retirada del aparato "
    "viejo; consulte plazos, financiación y promociones especiales durante noviembre, diciembre o enero."
)
SEEN = PageFacts(
    title="The pier opens again",
    titles=("The pier opens again", "The pier opens again | The Gazette"),
    site_name="The Gazette",
    lang="en",
    words=sketch_of(words_of(STORY)),
    published="2020-06-10T08:00:00Z",
    image="https://gazette.example/pier.jpg",
    authors=("Ann Marlowe", "admin"),
)
STORED = KnownPage(
    titles=("The pier opens again",),
    words=words_of("The pier opens again after a winter of repairs"),
    days=frozenset({"2020-06-10"}),
    names=frozenset({"gazette", "gazetteexample"}),
)
KNOWN = replace(STORED, seen=SEEN, seen_name="thegazette")
TITLE = "Situs Slot Gacor: Judi Online"
TERMS = {"gambling": frozenset({"situs slot gacor", "judi online"})}
MORE = {"gambling": frozenset({"situs slot gacor", "judi online", "maxwin"})}
CASINO = FoundPage(
    url=URL,
    page=PageFacts(title=TITLE, titles=(TITLE,), lang="id"),
    words=words_of(f"{TITLE} {SLOTS}"),
    names=frozenset({"situsslotgacor", "judionline"}),
    in_titles=TERMS,
    terms=MORE,
    offers=frozenset({"situs slot gacor", "maxwin"}),
)
SHOP = FoundPage(
    url=URL,
    page=PageFacts(title="Reparación a domicilio", lang="es", site_name="Electro Rápido"),
    words=words_of(FOREIGN),
    name="electrorapido",
    names=frozenset({"electrorapido"}),
)
LOUD = replace(
    CASINO,
    in_titles=MORE,
    name="gazette",
    names=frozenset({"gazette"}),
    page=replace(CASINO.page, site_name="gazette"),
)


@pytest.mark.parametrize(
    ("known", "found", "says"),
    [
        pytest.param(STORED, CASINO, "words of gambling (judi online, situs slot gacor, maxwin)", id="stored"),
        pytest.param(KNOWN, CASINO, "0 of", id="seen too"),
        pytest.param(replace(KNOWN, words=words_of("")), CASINO, "words of gambling", id="seen alone"),
        pytest.param(STORED, LOUD, "words of gambling", id="loud, by the name of its host"),
        pytest.param(
            STORED, replace(CASINO, in_titles=MORE, offers=frozenset({"maxwin"})), "words of gambling",
            id="loud, with one offer",
        ),
        pytest.param(KNOWN, replace(CASINO, offers=frozenset()), "words of gambling", id="seen, without an offer"),
        pytest.param(KNOWN, SHOP, "another site’s name (Electro Rápido)", id="another language"),
        pytest.param(
            KNOWN, replace(SHOP, page=PageFacts(lang="en")), "without a title; another language, no site’s name",
            id="another language, and the template's",
        ),
        pytest.param(
            KNOWN,
            replace(SHOP, words=words_of(FOREIGN[:330]), page=PageFacts(titles=("Reparación",), lang="es_ES")),
            "titled “Reparación”",
            id="another language, stated on a short page",
        ),
        pytest.param(
            replace(KNOWN, seen=replace(SEEN, lang="ja", words=sketch_of(words_of("桟橋が再び開く日の朝に三千人が先端まで歩いた港町の春"))))
            , SHOP, "another language", id="from a script without spaces",
        ),
    ],
)  # fmt: skip
def test_another_owners_page(known: KnownPage, found: FoundPage, says: str) -> None:
    evidence = identity_break(known, found)
    assert evidence is not None
    assert says in evidence
    assert len(evidence) < 300


def titled(found: FoundPage, title: str) -> FoundPage:
    return replace(found, page=replace(found.page, title=title, titles=(title,)))


@pytest.mark.parametrize(
    ("known", "found"),
    [
        pytest.param(STORED, titled(CASINO, "The pier opens again: casino"), id="a stored title"),
        pytest.param(replace(KNOWN, titles=()), titled(SHOP, "The pier opens again"), id="the title that was seen"),
        pytest.param(replace(STORED, titles=("Another",)), titled(CASINO, "The Pier opens again"), id="titled as its address"),
        pytest.param(STORED, replace(CASINO, page=replace(CASINO.page, published="2020-06-10")), id="its day"),
        pytest.param(
            replace(KNOWN, days=frozenset()), replace(SHOP, page=replace(SHOP.page, published="2020-06-10T20:00:00Z")),
            id="the day that was seen",
        ),
        pytest.param(KNOWN, replace(SHOP, page=replace(SHOP.page, image=SEEN.image)), id="its picture"),
        pytest.param(KNOWN, replace(SHOP, page=replace(SHOP.page, authors=("Ann Marlowe",))), id="its author"),
        pytest.param(replace(STORED, kinds=frozenset({"gambling"})), CASINO, id="an article about it"),
        pytest.param(STORED, replace(CASINO, terms=TERMS), id="too few terms"),
        pytest.param(STORED, replace(CASINO, in_titles={}), id="no term in a title"),
        pytest.param(STORED, replace(CASINO, offers=frozenset({"maxwin"})), id="too few offers"),
        pytest.param(STORED, replace(CASINO, words=words_of("Slot gacor")), id="too short"),
        pytest.param(STORED, replace(CASINO, names=frozenset({"gazette"})), id="by the name of its host"),
        pytest.param(KNOWN, replace(CASINO, names=frozenset({"thegazette"})), id="by the site's name"),
        pytest.param(replace(KNOWN, seen_name="gazette"), LOUD, id="loud, by the site's name"),
        pytest.param(KnownPage(), CASINO, id="nothing known"),
        pytest.param(STORED, replace(CASINO, words=words_of(f"{SLOTS} pier repairs winter")), id="the stored words"),
        pytest.param(KNOWN, replace(CASINO, words=words_of(f"{SLOTS} {STORY}")), id="the words that were seen"),
        pytest.param(STORED, SHOP, id="never seen"),
        pytest.param(replace(KNOWN, seen_name=""), SHOP, id="a site without a name"),
        pytest.param(KNOWN, replace(SHOP, translates=True), id="a translation"),
        pytest.param(KNOWN, replace(SHOP, names_host=True), id="the host in its text"),
        pytest.param(KNOWN, replace(SHOP, names=frozenset({"thegazette"})), id="the same site"),
        pytest.param(replace(KNOWN, seen=replace(SEEN, words=None)), SHOP, id="seen by an older version"),
        pytest.param(KNOWN, replace(SHOP, words=words_of("Reparación de hornos")), id="too short for a language"),
        pytest.param(KNOWN, replace(SHOP, words=words_of(f"{FOREIGN} morning gates storm thousand people")), id="some words"),
        pytest.param(
            KNOWN, replace(SHOP, words=words_of(f"{FOREIGN} pier again")), id="words of the title and the excerpt",
        ),
        pytest.param(
            KNOWN,
            replace(SHOP, words=words_of(f"{FOREIGN} the for it was of had by to its end he she and him her us you so")),
            id="the same language",
        ),
        pytest.param(
            KNOWN, replace(SHOP, words=words_of(FOREIGN[:330]), page=replace(SHOP.page, lang=None)),
            id="a short page without a language",
        ),
        pytest.param(
            replace(KNOWN, seen=replace(SEEN, lang=None, words=sketch_of(words_of("桟橋が再び開く日の朝に三千人が先端まで歩いた港町の春")))),
            SHOP, id="no language known",
        ),
    ],
)  # fmt: skip
def test_what_may_be_the_page_that_was_known(known: KnownPage, found: FoundPage) -> None:
    assert identity_break(known, found) is None


def test_a_name_of_one_word_is_no_author() -> None:
    admin = replace(SHOP, page=replace(SHOP.page, authors=("admin",)))
    assert identity_break(KNOWN, admin) is not None


def test_a_guessed_day_is_no_evidence() -> None:
    guess = replace(SHOP.page, published="2020-06-10", published_guessed=True)
    assert identity_break(KNOWN, replace(SHOP, page=guess)) is not None
