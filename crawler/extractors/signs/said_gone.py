"""Weak words of not-found: they prove nothing alone, but say what a page is that a site shows for any address.

A soft 404 by its own words says so in title and h1 (rule N2). Where the page is known to be the site's answer to
an address that cannot exist (rules N6, N9), a sentence anywhere in a short page is enough, unless it tells of a barrier:
"not available in your country" is none, nor is "not available at the moment".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.signs.gate_words import Subject
from crawler.extractors.signs.gates import tells_of
from crawler.extractors.signs.not_found import says_not_found, sentence_says_not_found
from crawler.extractors.signs.visible_words import read_words

_SENTENCE_PAGE = 3_000
"""Visible characters under which a sentence in the text counts. The number is ours."""

_ENDS = " .!?。:"
_LONGEST = 220
_MOST_SENTENCES = 120
_BARRIERS = (Subject.REGION, Subject.MAINTENANCE, Subject.WAIT, Subject.ROBOT)
_SENTENCES = re.compile(r"(?<=[.!?])\s+|(?<=[。！？।؟])|\n")
_NO_RESULTS = re.compile(fold(
    r"(?:sorry,? |unfortunately,? )?(?:(?:there (?:are|were) )?no (?:results?|matches|articles?|posts?|pages?|items?|entries|stories)(?: (?:were |was )?found)?"
    r"|0 (?:results?|matches|hits)|nothing (?:was )?found|we (?:found no|couldn't find any|could not find any) (?:results?|matches|articles?|pages?)"
    r"|your search (?:did not match|returned no|had no|found no) .{1,40}|it (?:seems|looks like) we can't find what you're looking for"
    r"|(?:leider )?keine (?:ergebnisse|treffer|artikel|beitrage|eintrage)(?: gefunden)?|0 (?:ergebnisse|treffer)|nichts gefunden"
    r"|aucun (?:resultat|article)(?: (?:n'a ete )?trouve)?|(?:no (?:se )?(?:han |hay )?(?:encontrado |encontraron )?|sin |ningun )resultados?(?: encontrados?)?"
    r"|nenhum resultado(?: (?:foi )?encontrado)?|nessun (?:risultato|articolo)(?: trovato)?|geen (?:resultaten|artikelen)(?: gevonden)?"
    r"|brak wynikow|nie znaleziono (?:wynikow|zadnych wynikow)|zadne vysledky|nebyly nalezeny zadne vysledky|nenasli sa ziadne vysledky"
    r"|nincs talalat|niciun rezultat|nema rezultata|inga (?:resultat|traffar)|ingen (?:resultater|treff|resultat)(?: fundet| funnet)?"
    r"|ei (?:hakutuloksia|tuloksia)|sonuc bulunamadi|ничего не найдено|ничего не нашлось|нет результатов|нічого не знаидено|няма резултати|"
    r"δεν βρεθηκαν αποτελεσματα|لا توجد نتائج|نتیجه ای یافت نشد|אין תוצאות|לא נמצאו תוצאות|कोई परिणाम नहीं|ไม่พบผลลัพธ์|khong (?:co|tim thay) ket qua|"
    r"tidak ada hasil|結果が見つかりませんでした|該当する(?:記事|ページ)(?:は|が)ありません(?:でした)?|没有(?:找到)?(?:相关|任何)?(?:结果|内容)|沒有(?:找到)?結果|"
    r"검색 결과가 없습니다)"
))  # fmt: skip
_NOW = re.compile(fold(
    r"(?<!\w)(?:currently|at the moment|at this moment|right now|temporarily|for now|at this time|in your|from your|"
    r"derzeit|momentan|aktuell|zurzeit|zur zeit|vorubergehend|im moment|actuellement|momentanement|temporairement|pour le moment|"
    r"actualmente|momentaneamente|temporalmente|en este momento|de momento|atualmente|no momento|neste momento|temporariamente|"
    r"attualmente|al momento|temporaneamente|momenteel|tijdelijk|obecnie|chwilowo|tymczasowo|momentalne|docasne|momentalne|"
    r"jelenleg|atmenetileg|momentan|trenutno|trenutacno|privremeno|just nu|tillfalligt|for oyeblikket|midlertidig|i ojeblikket|"
    r"talla hetkella|tilapaisesti|su anda|gecici|временно|сеичас|в данныи момент|тимчасово|зараз|в момента|προσωρινα|αυτη τη στιγμη|"
    r"hien tai|tam thoi|saat ini|sementara|sedang)(?!\w)"
    r"|現在|ただいま|一時|目前|暂时|暫時|现在|現時|当前|현재|일시적|지금|حالیا|مؤقتا|در حال حاضر|موقتا|כרגע|זמנית|फिलहाल|अभी|ชั่วคราว|ขณะนี้"
))  # fmt: skip


def says_gone(document: Document) -> bool:
    """Whether a page says anywhere that nothing is at the address: in title, headings or a sentence of a short page.

    One such sentence does not count on a page with words of a barrier; two do, as error pages list what may have
    happened ("… or is temporarily unavailable"). Never raises.
    """
    headings = {
        text for text in (*document.headings, *document.subheadings()) if _says(text, is_title=True)
    }
    in_title = _says(document.title, is_title=True)
    words = read_words(document)
    sentences = _said(words.own) if len(words.whole) < _SENTENCE_PAGE else iter(())
    said = set(islice(sentences, 2)) - headings - {document.title}
    count = in_title + bool(headings) + len(said)
    return count > 1 or (
        count == 1 and not tells_of(f"{document.title}\n{words.own[:_SENTENCE_PAGE]}", _BARRIERS)
    )


def _said(own: str) -> Iterator[str]:
    for sentence in islice(_SENTENCES.split(own), _MOST_SENTENCES):
        text = sentence.strip()
        if len(text) <= _LONGEST and _says(text, is_title=False):
            yield text


def _says(text: str, *, is_title: bool) -> bool:
    """Whether a text says that nothing is there, for good and for everybody."""
    folded = fold(text)
    said = sentence_says_not_found(text) or (is_title and says_not_found(text))
    return (said or bool(_NO_RESULTS.fullmatch(folded.strip(_ENDS)))) and not _NOW.search(folded)
