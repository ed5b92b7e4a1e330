"""Soft 404: a page that answers 200 and says in its title and h1 that it is not there (RULES 1.3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.extractors.document import Document
from crawler.extractors.folding import fold
from crawler.extractors.not_found_phrases import PHRASES
from crawler.extractors.page_shape import Shape

_LONGEST = 120
"""A not-found title is short, a site's name included; a longer one is a headline."""

_SHORT = 1_500
"""Visible characters under which one of title and h1 is enough (RULES 1.3)."""

_MOST_WORDS = 6
_LONGEST_REST = 50
"""What stands beside the phrase is a site's name or section; more is a headline that quotes it."""

_FOLDED = frozenset(fold(phrase) for phrases in PHRASES.values() for phrase in phrases)
_PARTS = re.compile(r"\s+[-|:·•»«/~]+\s+|\s*\|\s*|\s+-+|-+\s+|[!?.。]+(?:\s+|$)|[!。]+")

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
)  # fmt: skip
_SIGH = re.compile(
    "(?:(?:" + "|".join(sorted({re.escape(fold(one)) for one in _SIGHS}, key=len, reverse=True))
    + r")(?:\s*[,:;،、,!.]+\s*|\s+-\s+|$))+"
)  # fmt: skip
_ERROR = (
    "error|err|fehler|erreur|errore|erro|fout|fel|feil|fejl|virhe|blad|chyba|hiba|ошибка|помилка|hata|"
    "σφαλμα|loi|kesalahan|ralat|エラー|오류|错误|錯誤|خطا|خطای|שגיאה|eroare|грешка|greska|napaka|klaida|viga|"
    "kluda|status|code|statuscode|http"
)
_CODE = r"[#(\[]*(?:404|410)[)\]]*"
_NUMBER = re.compile(
    rf"(?:(?:{fold(_ERROR)})[\s:#-]*){{0,3}}{_CODE}(?:[\s:-]*(?:{fold(_ERROR)}))?(?: page| gone)?"
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
    r"|there is no (?:such )?page here|gone|page gone"
)


def evidence(document: Document, shape: Shape, *, noindex: bool) -> str | None:
    """Why a page is a soft 404, None where it is not; asked only of what is no article.

    Title and an h1 both say so; or one of them, in a page that wants no index or has under 1,500
    visible characters. A bare "404" in both is one saying only: a year, a road or a film has it too.
    RULES 1.3.
    """
    title, heading = _sayings(document)
    if both := both_say(document):
        return both
    if not title and not heading:
        return None
    said = f"title: {title[:80]}" if title else f"h1: {heading[:80]}"
    if noindex:
        return f"noindex and {said}"
    if not shape.is_long and len(shape.text) < _SHORT:
        return f"under {_SHORT:,} characters and {said}"
    return None


def both_say(document: Document) -> str | None:
    """Why title and h1 together leave no doubt, None where they do."""
    title, heading = _sayings(document)
    if title and heading and not (_is_bare(title) and _is_bare(heading)):
        return f"title and h1: {title[:80]}"
    return None


def _sayings(document: Document) -> tuple[str, str]:
    heading = next(filter(says_not_found, document.headings), "")
    return (document.title if says_not_found(document.title) else ""), heading


def speaks(title: str, headings: Iterable[str]) -> bool:
    """Whether a title or heading says that the page was not found."""
    return says_not_found(title) or any(map(says_not_found, headings))


def says_not_found(text: str) -> bool:
    """Whether a title or heading says that the page was not found: as a whole, or beside no more than
    a site's name. A headline that holds the words does not."""
    if not text or len(text) > _LONGEST:
        return False
    folded = fold(text).strip(" ¡¿'")
    if _is_phrase(folded):
        return True
    said = False
    for part in _PARTS.split(folded):
        if _is_phrase(part):
            said = True
        elif len(part) > _LONGEST_REST or len(part.split()) > _MOST_WORDS:
            return False
    return said


def _is_phrase(part: str) -> bool:
    part = part.strip(" .!?。,:;¡¿'\"")
    part = part[match.end() :] if (match := _SIGH.match(part)) else part
    if _NUMBER.fullmatch(part):
        return True
    part = part[match.end() :] if (match := _LEADING.match(part)) else part
    part = _TRAILING.sub("", part)
    part = part[match.end() :] if (match := _SIGH.match(part)) else part
    part = part.strip(" .!?。,:;¡¿'\"()")
    return part.replace(",", "") in _FOLDED or bool(_ENGLISH.fullmatch(part))


def _is_bare(text: str) -> bool:
    return any(_BARE.fullmatch(part) for part in _PARTS.split(fold(text))) and not any(
        _is_phrase(part) and not _BARE.fullmatch(part) for part in _PARTS.split(fold(text))
    )
