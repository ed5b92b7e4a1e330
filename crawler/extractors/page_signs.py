"""Signs in a page's own words that the answer is not the page. So far only: not found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.extractors.cleaning import comparable
from crawler.model.observation import SoftSign

_LONGEST = 80
"""A not-found heading is short; a longer one is an article about something not found."""

# English is matched as a phrase within a short title, since "404 - Page not found" has many forms.
_ENGLISH = re.compile(
    r"\b(?:page|article|story|content|document|file|post|url) (?:was |is |could |can )?(?:not|n't) "
    r"(?:be )?(?:found|exist)\b"
    r"|\b(?:404|not found|error) ?[-:|.]* ?(?:404|not found|page)\b"
    r"|\b(?:page|article|story)\b[^.!?]{0,40} (?:does not|doesn't|no longer) exists?\b"
    r"|^(?:error )?404$|^not found$"
    r"|\bwe (?:can't|cannot|could not|couldn't) find (?:that|the|this|your) page\b"
)

# In every other language only the exact phrase counts, alone or beside a site's name or a number.
_EXACT = frozenset({
    "seite nicht gefunden", "die seite wurde nicht gefunden", "seite wurde nicht gefunden",
    "page introuvable", "page non trouvée", "cette page n'existe pas",
    "página no encontrada", "no se encontró la página", "la página no existe",
    "pagina non trovata", "la pagina non esiste",
    "página não encontrada", "pagina niet gevonden", "sidan hittades inte", "siden ble ikke funnet",
    "siden blev ikke fundet", "siden findes ikke", "sivua ei löytynyt", "nie znaleziono strony",
    "strona nie istnieje", "stránka nenalezena", "stránka nebyla nalezena", "az oldal nem található",
    "страница не найдена", "сторінку не знайдено", "sayfa bulunamadı", "η σελίδα δεν βρέθηκε",
    "الصفحة غير موجودة", "הדף לא נמצא", "ページが見つかりません", "ページが見つかりませんでした",
    "페이지를 찾을 수 없습니다", "页面不存在", "找不到页面", "找不到頁面", "không tìm thấy trang",
    "halaman tidak ditemukan", "pagina nu a fost găsită",
})  # fmt: skip
_PARTS = re.compile(r"\s+[-|:·]+\s+|[|!.。]+\s*")
_NUMBER = re.compile(r"^(?:error |fehler |erreur )?404[\s:.-]*|[\s:.-]*404$")


def not_found_sign(title: str, headings: Iterable[str], published: str | None) -> SoftSign | None:
    """`NOT_FOUND` where title and an h1 both say so and nothing was published (RULES 1, step 3)."""
    if published is not None or not says_not_found(title):
        return None
    return SoftSign.NOT_FOUND if any(map(says_not_found, headings)) else None


def says_not_found(text: str) -> bool:
    """Whether a title or heading says that the page was not found."""
    if not text or len(text) > _LONGEST:
        return False
    folded = comparable(text)
    if _ENGLISH.search(folded):
        return True
    return any(_NUMBER.sub("", part).strip() in _EXACT for part in _PARTS.split(folded))
