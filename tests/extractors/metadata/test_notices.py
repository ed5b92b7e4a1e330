"""Rule M18: what a page says of a correction or retraction of its article, and what only looks like it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extractors.metadata import notice_words
from crawler.extractors.metadata.notice_texts import paragraph_kind, title_kind
from crawler.extractors.metadata.notices import LONGEST, PARAGRAPHS
from crawler.extractors.page import extract_page
from crawler.model.observation import Notice, NoticeKind

CORRECTED, RETRACTED = NoticeKind.CORRECTED, NoticeKind.RETRACTED
TITLE = "Council votes on the pier"
BODY = "<p>The council met on Monday and talked about the pier for a very long time, and then it voted.</p>"


def notice(html: str) -> Notice | None:
    body = html.encode("utf-8", "replace")
    return extract_page(body, url="https://n.test/a", content_type="text/html; charset=utf-8").facts.notice  # fmt: skip


def page(top: str = "", *, title: str = TITLE, head: str = "", after: str = "") -> Notice | None:
    return notice(
        f"<title>{title}</title>{head}<article><h1>{title}</h1>{top}{BODY * 5}</article>{after}"
    )


def linked(**fields: Any) -> str:
    node = {"@type": "NewsArticle", "headline": TITLE, **fields}
    return f'<script type="application/ld+json">{json.dumps(node)}</script>'


@pytest.mark.parametrize(
    "text",
    [
        "Correction: The mayor's name is Smith, not Smyth.",
        "CORRECTION: The mayor's name is Smith, not Smyth.",
        "Corrections: The mayor's name is Smith. The pier is 300 metres long.",
        "Corrected: the mayor is Ann Lee, not Ann Lea",
        "Correction, March 5, 2024: It was 2019, not 2018.",
        "Correction (March 5, 2024, 10:30 a.m.): It was 2019, not 2018.",
        "Correction — an earlier draft gave the wrong year for the vote.",
        "*Correction*: the vote was on Monday",
        "Correction An earlier version of this article misstated the year.",
        "Editor's note: This story has been corrected to say that the vote was on Monday.",
        "Editors’ note: An earlier version of this post misidentified the mayor.",
        "Ed. note: The spelling of the mayor's name was corrected.",
        "An earlier version of this article incorrectly said that the pier had burnt.",
        "This story has been corrected. The vote was on Monday.",
        "(Corrects paragraph 3 to say million, not billion)",
        "(This March 5 story has been corrected to say million in paragraph 3)",
        "Erratum: the pier is 300 metres long, not 30.",
        "Berichtigung: Der Preis beträgt 20 Euro.",
        "Korrektur: In einer früheren Version stand ein falscher Name.",
        "Korrektur vom 5. März: Die Mole ist 300 Meter lang, nicht 30.",
        "Richtigstellung: Der Bürgermeister heißt Schmidt und nicht Schmied.",
        "Anmerkung der Redaktion: Wir haben den Namen korrigiert.",
        "In einer früheren Version dieses Artikels hieß es, die Mole sei abgebrannt.",
        "Rectificatif : le maire s'appelle Dupont et non Durand.",
        "Erratum : le maire s'appelle Dupont et non Durand.",
        "Note de la rédaction : une première version donnait un nom inexact.",
        "Corrección: el alcalde se llama García y no Garza.",
        "Fe de errores: el alcalde se llama García y no Garza.",
        "Nota del editor: este texto ha sido corregido.",
        "Errata corrige: il sindaco si chiama Rossi e non Russo.",
        "Correção: o prefeito chama-se Silva, e não Sousa.",
        "Erramos: o prefeito chama-se Silva, e não Sousa.",
        "Rettelse: borgmesteren hedder Hansen og ikke Jensen.",
        "Rättelse: borgmästaren heter Hansson, inte Jansson.",
        "Rectificatie: de burgemeester heet Jansen en niet Hansen.",
        "Oikaisu: pormestarin nimi on Virtanen, ei Virta.",
        "Sprostowanie: burmistrz nazywa się Nowak, a nie Nowik.",
        "Oprava: starosta se jmenuje Novák, nikoli Nowak.",
        "Helyesbítés: a polgármester neve Nagy, nem Kis.",
        "Διόρθωση: ο δήμαρχος λέγεται Παπάς και όχι Παππάς.",
        "Исправление: мэра зовут Иванов, а не Иваненко.",
        "Виправлення: мера звати Іваненко, а не Іванов.",
        "Düzeltme: belediye başkanının adı yanlış yazılmıştır.",
        "訂正：市長の名前に誤りがありました。",
        "【訂正】市長の名前に誤りがありました。",
        "お詫びと訂正：市長の名前に誤りがありました。",
        "更正：市长的姓名有误，应为李。",
        "정정: 시장의 이름은 김이 아니라 이입니다.",
        "تصحيح: ورد في نسخة سابقة من المقال اسم خاطئ.",
        "תיקון: שם ראש העיר הוא כהן ולא לוי.",
        "Đính chính: thị trưởng tên là Nguyễn chứ không phải Trần.",
        "Ralat: nama wali kota adalah Budi, bukan Badu.",
    ],
)
def test_a_paragraph_at_the_top_that_is_a_correction(text: str) -> None:
    assert page(f"<p>{text}</p>") == Notice(CORRECTED, text)


@pytest.mark.parametrize(
    "text",
    [
        "Retraction: This article has been retracted at the request of its authors.",
        "This article has been retracted at the request of the editor.",
        "This story was withdrawn on Monday because its sources did not hold.",
        "Editor's note: The Herald has retracted this story.",
        "Correction: this article has been retracted.",
        "Dieser Artikel wurde auf Wunsch der Autoren zurückgezogen.",
        "Cet article a été rétracté par ses auteurs.",
        "Este artículo ha sido retractado por sus autores.",
        "Este artigo foi retratado pelos autores.",
        "Quest'articolo è stato ritirato dagli autori.",
        "Эта статья отозвана по просьбе авторов.",
        "本論文は著者の申し出により撤回されました。",
        "本论文已被撤稿。",
        "본 논문은 저자의 요청으로 철회되었습니다.",
    ],
)
def test_a_paragraph_at_the_top_that_is_a_retraction(text: str) -> None:
    assert page(f"<p>{text}</p>") == Notice(RETRACTED, text)


@pytest.mark.parametrize(
    "top",
    [
        "<p>Correction: why the Dow fell so far and so fast</p>",
        "<p>Correction: stocks fall</p>",
        "<p>Correction: Stocks Fall As Fed Raises Rates Again</p>",
        "<p>Market correction: stocks fall as the rates rise again</p>",
        "<p>Correction: a decline of ten percent or more from a recent high.</p>",
        "<p>Correctional officers: they work hard and they are few.</p>",
        "<p>Correction officers at 3 prisons say: we are short of staff and need help.</p>",
        "<p>Retracted landing gear: the plane flew on without a scratch.</p>",
        "<p>Corrections: To report an error, please email the desk.</p>",
        "<p>Corrections: If you are aware of an inaccuracy or would like to report a correction, write.</p>",
        "<p>Correction: read our corrections policy to see how we do it</p>",
        "<p>Send a correction</p>",
        "<p>Corrected: 5 March 2024, 10:30 am</p>",
        "<p>Corrigido: 5 de março de 2024 às 10h</p>",
        "<p>Korrektur: Anna Meier und Tom Klein, Berlin</p>",
        "<p>Correction : exercice 1 du livre de maths, page 20</p>",
        "<p>Editor's note: The Pentagon corrected its statement on Monday.</p>",
        "<p>Editor's note: This article is part of a series on corrections officers.</p>",
        "<p>An earlier version of this article was published in the spring.</p>",
        "<p>This article is about a paper that has been retracted.</p>",
        "<p>The study, published in a journal of note, was withdrawn on Monday.</p>",
        "<p>This study was retracted in 2010 by the journal that had published it.</p>",
        "<p>The report said that a mistake in the count was corrected on Monday.</p>",
        "<p>El artículo fue retirado por la revista en marzo de 2010.</p>",
        "<p>Update: the vote was on Monday, as the mayor said.</p>",
        "<h2>Correction: a normal part of how the markets go</h2>",
        "<p><a href=/x>Correction: the Dow fell by less than we said</a></p>",
        "<div class=related><p>Correction: the Dow fell by less than we said</p></div>",
        "<nav><p>Correction: the Dow fell by less than we said</p></nav>",
        "<aside><p>Correction: the Dow fell by less than we said</p></aside>",
        "<blockquote>Correction: the Dow fell by less than we said</blockquote>",
        "<figure><figcaption><p>Correction: the Dow fell by less than we said</p></figcaption></figure>",
        "<div id=comments><p>Correction: the pier is not as long as that.</p></div>",
        "<h3>Erratum</h3><p>Letters to the journal about the pier and the town.</p>",
        "<h3>Corrections</h3><p><a href=/corrections>See all of them</a></p>",
        "<p>Отозвано: лицензия банка была недействительна с марта.</p>",
    ],
)
def test_what_only_looks_like_a_notice(top: str) -> None:
    assert page(top) is None


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: Effects of X on Y", RETRACTED),
        ("Retracted: Effects of X on Y", RETRACTED),
        ("RETRACTED ARTICLE: Effects of X on Y", RETRACTED),
        ("[Retracted] Effects of X on Y", RETRACTED),
        ("(Retracted) Effects of X on Y", RETRACTED),
        ("Effects of X on Y [RETRACTED]", RETRACTED),
        ("Retraction: Effects of X on Y", RETRACTED),
        ("Retraction—Effects of X on Y", RETRACTED),
        ("Notice of Retraction: Effects of X", RETRACTED),
        ("WITHDRAWN: Effects of X on Y", RETRACTED),
        ("Rétracté : Effets de X", RETRACTED),
        ("[Zurückgezogen] Wirkung von X", RETRACTED),
        ("Zurückgezogen: Studie zu X", RETRACTED),
        ("INGETROKKEN: Effect van X", RETRACTED),
        ("Artículo retractado: efectos de X", RETRACTED),
        ("撤稿：某项研究", RETRACTED),
        ("【撤回】Xの効果", RETRACTED),
        ("[철회] X의 효과", RETRACTED),
        ("Correction: Election story", CORRECTED),
        ("Correction: Trump-Russia Probe story | The Agency", CORRECTED),
        ("CORRECTED-Oil rises 2% on supply", CORRECTED),
        ("CORRECTED-UPDATE 2-Oil rises", CORRECTED),
        ("UPDATE 1-CORRECTED-Oil rises", CORRECTED),
        ("REFILE-Oil rises", CORRECTED),
        ("CORRECTION: Firm Announces Results", CORRECTED),
        ("CORRECTING and REPLACING Firm Announces Results", CORRECTED),
        ("Author Correction: Effects of X", CORRECTED),
        ("Erratum to: Effects of X", CORRECTED),
        ("Corrigendum: Effects of X", CORRECTED),
        ("[Corrected] Oil rises", CORRECTED),
        ("Berichtigung: Der Preis der Mole", CORRECTED),
        ("Correction: why the Dow fell", None),
        ("Correction: Stocks fall", None),
        ("CORRECTION: WHY THE DOW FELL", None),
        ("Correction: a love story", None),
        ("Market correction: stocks fall", None),
        ("Pentagon retracts statement", None),
        ("Study on X retracted after outcry", None),
        ("Retracted study: what we know", None),
        ("Retraction: why papers say sorry", None),
        ("Retracted landing gear", None),
        ("Retraction", None),
        ("Landing gear (retracted)", None),
        ("House of Correction", None),
        ("Correctional officers strike", None),
        ("Errata", None),
        ("UPDATE 1-Oil rises", None),
        ("Отозвано: лицензия банка", None),
        ("撤回：首相の発言", None),
        ("Color-correction: a guide", None),
    ],
)
def test_fixed_forms_of_titles(title: str, kind: NoticeKind | None) -> None:
    assert page(title=title) == (Notice(kind, title) if kind else None)


def test_journals_head_corrections_with_the_word_alone() -> None:
    title, meta = "Correction: Effects of X", "<meta name=citation_title content=X>"
    assert page(title=title) is None
    assert page(title=title, head=meta) == Notice(CORRECTED, title)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("The year was 2019.", "The year was 2019."),
        (
            {
                "@type": "CorrectionComment",
                "text": "The year was 2019.",
                "datePublished": "2024-03-05T10:00:00Z",
            },
            "2024-03-05: The year was 2019.",
        ),
        ({"description": "The year was 2019."}, "The year was 2019."),
        ({"name": "The year was 2019."}, "The year was 2019."),
        (["One was wrong.", {"text": "Two was wrong."}], "One was wrong. / Two was wrong."),
        ("https://n.test/2024/correction-of-the-year", "https://n.test/2024/correction-of-the-year"),
        ("市長の名前", "市長の名前"),
        ("The year was\n <b>2019</b>\u202e.", "The year was <b>2019</b>."),
        ("https://n.test/corrections", None),
        ("none", None),
        ("", None),
        (None, None),
        (True, None),
        ([], None),
        ({}, None),
        ("Please email us about any error.", None),
        ({"datePublished": "2024-03-05"}, None),
    ],
)  # fmt: skip
def test_corrections_in_json_ld(value: Any, words: str | None) -> None:
    expected = Notice(CORRECTED, words) if words else None
    assert page(head=linked(correction=value)) == expected


def test_corrections_among_the_comments_and_other_nodes() -> None:
    one = {"@type": "CorrectionComment", "text": "The year was 2019."}
    expected = Notice(CORRECTED, "The year was 2019.")
    assert page(head=linked(comment=[{"@type": "Comment", "text": "It was not so."}, one])) == expected  # fmt: skip
    alone = f'<script type="application/ld+json">{json.dumps(one)}</script>'
    assert page(head=linked() + alone) == expected
    assert page(head=alone) is None


def test_a_correction_of_another_article_is_none_of_the_page() -> None:
    others = "".join(
        linked(headline=f"Another {n}", url=f"/{n}", correction="It was not so.") for n in "bc"
    )
    assert page(head=others) is None
    assert page(head=linked(correctionsPolicy="/policy", publisher={"correction": "a b c"})) is None


@pytest.mark.parametrize(
    "status", ["Retracted", "withdrawn", "https://s.test/Retracted", {"name": "Retracted"}, ["Draft", "Retracted"]]
)  # fmt: skip
def test_a_retraction_in_the_status_goes_before_a_correction(status: Any) -> None:
    found = page(head=linked(creativeWorkStatus=status, correction="The year was 2019."))
    assert found is not None
    assert found.kind is RETRACTED
    assert TITLE in found.words


@pytest.mark.parametrize("status", ["Published", "Not retracted", "Draft", "", None, {}])
def test_other_states_are_no_retraction(status: Any) -> None:
    assert page(head=linked(creativeWorkStatus=status)) is None


@pytest.mark.parametrize(
    "end",
    [
        "<div itemprop=correction>The year was 2019.</div>",
        "<p itemprop=correction itemscope itemtype='https://schema.org/CorrectionComment'><span itemprop=text>The year was 2019.</span></p>",
        "<meta itemprop=correction content='The year was 2019.'>",
        "<div class='article-correction'>Correction: The year was 2019, as we know.</div>",
        "<div class=storyCorrection>An earlier version of this story misstated the year.</div>",
        "<aside id=correction><h4>Correction</h4><p>An earlier version of this story misstated the year.</p></aside>",
    ],
)
def test_what_is_marked_as_a_correction_counts_anywhere_in_the_article(end: str) -> None:
    html = f"<title>{TITLE}</title><article><h1>{TITLE}</h1>{BODY * 9}{end}</article>"
    found = notice(html)
    assert found is not None
    assert found.kind is CORRECTED
    assert "year" in found.words


@pytest.mark.parametrize(
    "end",
    [
        "<div class=corrections>We correct errors promptly. Read our policy.</div>",
        "<div class=corrections-policy>Correction: we say what was wrong, and when.</div>",
        "<div class=correction-link><a href=/c>Send a correction</a></div>",
        "<form class=correction>Correction: what was wrong in this article?</form>",
        "<div class=color-correction>Correction: the colours of this photo are off.</div>",
        "<a class=correction href=/c>Correction: the pier is shorter than we said.</a>",
        "<footer><div class=correction>Correction: the pier is shorter than we said.</div></footer>",
        "<div class=comments><div class=correction>Correction: the pier is shorter than we said.</div></div>",
        "<div class=correction>Corrections</div>",
        "<p>Correction: the pier is shorter than we said.</p>",
    ],
)
def test_what_is_only_called_so_or_stands_below(end: str) -> None:
    assert notice(f"<title>{TITLE}</title><article><h1>{TITLE}</h1>{BODY * 9}{end}</article>") is None  # fmt: skip


@pytest.mark.parametrize(
    "html",
    [
        "<h1>T</h1><p>{0}</p>",
        "<p>{0}</p><h1>T</h1>",
        "<header><h1>T</h1></header><div><div><p>{0}</p></div></div>",
        "<h1>Site</h1><article><h1>T</h1><p>{0}</p></article>",
        "<article>{0}<p>x</p></article>",
        "<main><div>{0}<br><br>The story begins.</div></main>",
        "<article><h1>T</h1><h3>Correction</h3><p>{0}</p></article>",
        "<article><h1>T</h1><div class=x><script>x()</script><strong>Correction:</strong> <span>The year was 2019, not 2018.</span></div></article>",
    ],
)
def test_where_the_top_of_an_article_is(html: str) -> None:
    text = "Correction: The year was 2019, not 2018."
    assert notice("<title>T</title>" + html.format(text)) == Notice(CORRECTED, text)


def test_a_notice_below_the_first_paragraphs_is_not_at_the_top() -> None:
    text = "<p>Correction: The year was 2019, not 2018.</p>"
    assert page(BODY * (PARAGRAPHS - 1) + text) is not None
    assert page(BODY * PARAGRAPHS + text) is None


def test_the_words_of_a_long_notice_are_cut() -> None:
    found = page(f"<p>Correction: {'the year was wrong ' * 90}</p>")
    assert found is not None
    assert len(found.words) == LONGEST
    assert found.words.endswith("…")


def test_a_page_without_elements_or_with_a_list_of_articles_has_none() -> None:
    text = "<p>Correction: The year was 2019, not 2018.</p>"
    assert notice("") is None
    assert notice(f"<article>{text}</article><article>{text}</article>") is None
    assert notice(text) is None


@pytest.mark.parametrize(
    "html",
    [
        "<h1>T</h1>" + "<div class=correction>" * 2_000,
        "<div class=correction>Correction: " * 900,
        "<h1>T</h1>" + "<p>Correction: " * 5_000,
        "<h1>T</h1><p>" + "Correction (1" * 5_000,
        "<h1>T</h1><p>" + "<b>" * 3_000 + "Correction: it was not so at all",
    ],
)
def test_hostile_pages_are_bounded(html: str) -> None:
    found = notice(html)
    assert found is None or len(found.words) <= LONGEST


PIECES = st.lists(
    st.sampled_from([
        "Correction", "RETRACTED", "CORRECTED-", ": ", " - ", "[", "]", "【訂正】", "訂正：", "an earlier version of this article", " was wrong ",
        "<p>", "</p>", "<h1>", "</h1>", "<br>", "<div class=correction>", "<div itemprop=correction>", "<article>", "</article>", "<a href=x>", "</a>",
        "5 March 2024", "(", ")", "تصحيح:", "\u202e", "\x00", "&#xd800;",
    ]) | st.text(max_size=20), max_size=40,
)  # fmt: skip


@given(PIECES)
def test_nothing_raises_and_words_are_one_bounded_line(pieces: list[str]) -> None:
    found = notice("".join(pieces))
    if found is not None:
        assert 0 < len(found.words) <= LONGEST
        assert found.words.splitlines() == [found.words]
        assert found.words == found.words.strip()


@given(PIECES)
def test_no_text_raises(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert paragraph_kind(text) in {None, *NoticeKind}
    assert title_kind(text, is_scholarly=True) in {None, *NoticeKind}


SENTENCE = {
    "ja": "市長の名前に誤りがありました。", "zh": "市长的姓名有误，应为李先生。", "th": "ชื่อนายกเทศมนตรีผิดพลาด",
}  # fmt: skip


@pytest.mark.parametrize("tag", notice_words.CORRECTIONS)
def test_every_label_begins_a_notice(tag: str) -> None:
    for label in notice_words.CORRECTIONS[tag]:
        for written in (label, label.capitalize()):
            text = f"{written}: {SENTENCE.get(tag, 'ime je bilo navedeno netačno.')}"
            assert paragraph_kind(text) is CORRECTED, text


@pytest.mark.parametrize("tag", notice_words.RETRACTIONS)
def test_every_label_of_a_retraction_heads_a_title(tag: str) -> None:
    for label in notice_words.RETRACTIONS[tag]:
        assert title_kind(f"{label.capitalize()}: X, Y", is_scholarly=False) is RETRACTED, label
        assert title_kind(f"[{label}] X", is_scholarly=False) is RETRACTED, label


@pytest.mark.parametrize("tag", notice_words.WITHDRAWN)
def test_ambiguous_words_count_between_brackets_only(tag: str) -> None:
    for label in notice_words.WITHDRAWN[tag]:
        assert title_kind(f"[{label}] X", is_scholarly=False) is RETRACTED, label
        assert title_kind(f"{label}: x, y", is_scholarly=False) is None, label
