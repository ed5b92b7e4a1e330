"""Soft 404: a page that answers 200 and says in its title and h1 that it is not there (rule N2)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.metadata.titles import confirmed, is_site
from crawler.extractors.signs.not_found_phrases import PHRASES
from crawler.extractors.signs.not_found_words import says_not_found as words_say_not_found
from crawler.extractors.signs.page_shape import Shape
from crawler.rules.site_in_title import without_site

_LONGEST = 120
"""A not-found title is short, a site's name included; a longer one is a headline."""

_SHORT = 1_500
"""Visible characters under which one of title and h1 is enough (rule N2)."""

_MOST_WORDS = 6
_LONGEST_REST = 50
"""Most characters beside the phrase in a title: a site's name or section. More is a headline that quotes it."""
_MOST_WORDS_BESIDE_NUMBER = 4
"""Most words beside a number, as a number alone says less: "404 – the error that became a band"."""
_MOST_WORDS_IN_HEADING = 2
_LONGEST_REST_IN_HEADING = 20
"""Most characters beside the phrase in a heading: no site's name, only an exclamation ("Jejda!")."""

_FOLDED = frozenset(fold(phrase) for phrases in PHRASES.values() for phrase in phrases)
_PARTS = re.compile(
    r"\s+[-|·•»«/~]+\s+|\s*\|\s*|\s+-+|-+\s+|\s*:+\s+|[!?.。]+(?:\s+|$)|[!。]+"
    r"|(?<=404)[-:_]+(?=[^\x00-\x7f])"
)
_COLON = re.compile(r"\s*:+\s+")
_SEARCHED = re.compile(r"nothing found for .{1,110}")
"""WordPress's title for a page that is not there, with its address. A search has the same title, so it
counts only with an h1 that says "not found"."""
_QUOTED = re.compile(r"(?:^|\s)'[^']{1,60}'(?:$|[\s:,.!?-])")

_SIGHS = (
    "oops", "ooops", "whoops", "woops", "uh oh", "uh-oh", "oh no", "oh dear", "hmm", "sorry", "so sorry",
    "we're sorry", "we are sorry", "i'm sorry", "unfortunately", "apologies", "our apologies", "error",
    "hoppla", "huch", "ups", "upps", "leider", "entschuldigung", "oups", "desole", "nous sommes desoles",
    "oeps", "helaas", "lo sentimos", "lo siento", "vaya", "desculpe", "lamentamos", "ops", "opa", "hups",
    "spiacenti", "siamo spiacenti", "ci dispiace", "beklager", "tyvarr", "valitettavasti", "hoppsan",
    "przepraszamy", "niestety", "ojej", "bohuzel", "je nam lito", "sajnaljuk", "ne pare rau", "ои", "упс",
    "извините", "к сожалению", "простите", "вибачте", "на жаль", "uzgunuz", "maaf", "xin loi", "rat tiec",
    "عذرا", "عفوا", "نأسف", "متاسفیم", "متأسفیم", "מצטערים", "אופס", "抱歉", "很抱歉", "对不起", "對不起",
    "申し訳ありません", "申し訳ございません", "죄송합니다", "ขออภัย", "fehler", "erreur", "errore", "fout", "erro",
    "ошибка", "помилка", "hata", "blad", "chyba", "hiba", "fel", "feil", "fejl", "virhe", "eroare",
    "hoppa", "jejda", "hay aksi", "oisann", "опа", "ой", "йой", "ουπς", "اوه", "उफ़", "앗", "哎呀", "糟糕", "อุ๊ย",
    "zao nam je", "съжаляваме", "за съжаление", "λυπουμαστε", "क्षमा करें", "দুঃখিত", "omlouvame se",
)  # fmt: skip
_SIGH = re.compile(
    "(?:(?:" + "|".join(sorted({re.escape(fold(one)) for one in _SIGHS}, key=len, reverse=True))
    + r")(?:\s*[,:;،、,!.]+\s*|\s+-\s+|$))+"
)  # fmt: skip
_ERROR = (
    "error|err|fehler|erreur|errore|erro|fout|fel|feil|fejl|virhe|blad|chyba|hiba|ошибка|помилка|hata|"
    "σφαλμα|loi|kesalahan|ralat|エラー|오류|错误|錯誤|خطا|خطای|שגיאה|eroare|грешка|greska|napaka|klaida|viga|"
    "kluda|hatasi|त्रुटि|ত্রুটি|ข้อผิดพลาด|status|code|statuscode|http"
)
_CODE = r"[#(\[]*(?:404|410)[)\]]*"
_NUMBER = re.compile(
    rf"(?:(?:{fold(_ERROR)})[\s:#-]*){{0,3}}{_CODE}(?:-es)?(?:[\s:-]*(?:{fold(_ERROR)}))?(?: page| gone)?"
)
_BARE = re.compile(rf"(?:http[\s:-]*)?{_CODE}")
_LEADING = re.compile(_NUMBER.pattern + r"(?:[\s:.,>-]+|$)")
_TRAILING = re.compile(r"[\s:.,-]+" + _NUMBER.pattern + "$")

# English has too many forms for a table: who is missing, what you did, that it is missing.
_THING = (
    "(?:(?:the|this|that|your|our) )?(?:(?:requested|web|news|blog) )?"
    "(?:page|webpage|article|story|content|document|file|post|url|resource|object|item|listing|link|"
    "file or directory|page or file)"
)
_DID = (
    "(?: (?:that |which )?you(?:'re| are|'ve| have| were|'d)?(?: just)? "
    "(?:request(?:ed)?|want(?:ed)?|need|seek|entered|asked for|clicked(?: on)?|followed|typed|"
    "looking for|searching for|seeking|after|look for|"
    "(?:trying|tried|attempting|attempted|like|wish) to (?:reach|access|visit|view|open|find|see|load)))?"
)
_GONE = (
    "(?:(?:was |is |were |has )?not (?:been |be )?found|(?:wasn't|isn't|hasn't been) found"
    "|(?:could not|cannot|can not|may not|couldn't|can't) be (?:found|located)"
    "|(?:does not|doesn't|do not|don't|did not|didn't|no longer|doesnt) (?:seem to |appear to )?exists?"
    "(?: here| any ?more)?|(?:is )?no longer (?:available|here|online|exists)"
    "|(?:has been|was|is) (?:removed|deleted)(?: or (?:removed|deleted|moved|renamed))?"
    "|isn't here(?: any ?more)?|(?:is|has) gone|(?:is )?missing)"
)
_SEEK = (
    "(?:we |i )?(?:can't|cannot|can not|could not|couldn't|did not|didn't|are unable to|were unable to|"
    "unable to|can't seem to|cannot seem to|couldn't seem to) (?:find|locate)"
)
_ENGLISH = re.compile(
    rf"{_THING}{_DID} {_GONE}"
    rf"|{_SEEK} (?:{_THING}{_DID}|what (?:you|that you)(?:'re| are| were) (?:looking for|after))"
    r"|not found|page not exist|nothing found here|no such (?:page|file|document|article)"
    r"|there is no (?:such )?page here|page gone"
)


def evidence(
    document: Document, shape: Shape, *, noindex: bool, sites: Sequence[str] = ()
) -> str | None:
    """Why a page is a soft 404, None where it is not; asked only of pages that are no articles.

    Title and an h1 both say so; or one of them, in a page that wants no index or has under 1,500
    visible characters. A bare "404" in both counts as one of them: a year, a road or a film has it too.
    `sites` are the site's own names (rule N2).
    """
    if both := both_say(document, sites):
        return both
    title, heading = _sayings(document, sites)
    if not title and not heading:
        return None
    said = f"title: {title[:80]}" if title else f"h1: {heading[:80]}"
    if noindex:
        return f"noindex and {said}"
    if not shape.is_long and len(shape.text) < _SHORT:
        return f"under {_SHORT:,} characters and {said}"
    return None


def both_say(document: Document, sites: Sequence[str] = ()) -> str | None:
    """Why a page is a soft 404 by title and h1 together, None where one of them is not enough."""
    title, heading = _sayings(document, sites)
    if title and heading and not (_is_bare(title) and _is_bare(heading)):
        return f"title and h1: {title[:80]}"
    return None


def _sayings(document: Document, sites: Sequence[str]) -> tuple[str, str]:
    """Title and h1 where they say "not found", each empty where it does not.

    A title that only repeats a headline that does not say so counts as empty.
    """
    heading = next(filter(heading_says_not_found, document.headings), "")
    title = document.title
    if heading and _SEARCHED.fullmatch(fold(title)):
        return title, heading
    if not says_not_found(title) and not (
        ":" in title and says_not_found(without_site(title, sites))
    ):
        return "", heading
    if not heading and any(_repeats(title, one, sites) for one in document.headings):
        return "", ""
    return title, heading


def _repeats(title: str, heading: str, sites: Sequence[str]) -> bool:
    return confirmed(heading, (title,)) and not is_site(heading, sites)


def says_not_found(text: str) -> bool:
    """Whether a title says that the page was not found: as a whole, or beside no more than a site's
    name. A headline that holds the words does not, nor one that quotes them or goes on after a colon."""
    return _says(text, _MOST_WORDS, _LONGEST_REST)


def heading_says_not_found(text: str) -> bool:
    """Whether an h1 says that the page was not found; no site's name may stand beside the phrase."""
    return _says(text, _MOST_WORDS_IN_HEADING, _LONGEST_REST_IN_HEADING)


def sentence_says_not_found(text: str) -> bool:
    """Whether a sentence says as a whole that a page was not found; it may be longer than a title."""
    return bool(text) and _is_phrase(fold(text).strip(" ¡¿'"))


def _says(text: str, most_words: int, longest_rest: int) -> bool:
    if not text or len(text) > _LONGEST:
        return False
    folded = fold(text)
    whole = folded.strip(" ¡¿'")
    if _is_phrase(whole):
        return True
    if _QUOTED.search(folded) or _goes_on(whole):
        return False
    parts = list(filter(None, _PARTS.split(whole)))
    said = [part for part in parts if _is_phrase(part)]
    rest = [part for part in parts if part not in said]
    if said and all(map(_NUMBER.fullmatch, said)):
        most_words = min(most_words, _MOST_WORDS_BESIDE_NUMBER)
    return bool(said) and all(
        len(part) <= longest_rest and len(part.split()) <= most_words for part in rest
    )


def _goes_on(text: str) -> bool:
    """Whether a colon after the phrase leads on to something else: "Page not found: why we laugh"."""
    colon = _COLON.search(text)
    if colon is None:
        return False
    before, after = text[: colon.start()], text[colon.end() :]
    return any(map(_is_phrase, _PARTS.split(before))) and not any(
        map(_is_phrase, _PARTS.split(after))
    )


def _is_phrase(part: str) -> bool:
    part = part.strip(" .!?。,:;¡¿'\"")
    part = part[match.end() :] if (match := _SIGH.match(part)) else part
    if _NUMBER.fullmatch(part):
        return True
    part = part[match.end() :] if (match := _LEADING.match(part)) else part
    part = _TRAILING.sub("", part)
    part = part[match.end() :] if (match := _SIGH.match(part)) else part
    part = part.strip(" .!?。,:;¡¿'\"()")
    return (
        part.replace(",", "") in _FOLDED
        or bool(_ENGLISH.fullmatch(part))
        or words_say_not_found(part)
    )


def _is_bare(text: str) -> bool:
    return any(_BARE.fullmatch(part) for part in _PARTS.split(fold(text))) and not any(
        _is_phrase(part) and not _BARE.fullmatch(part) for part in _PARTS.split(fold(text))
    )
