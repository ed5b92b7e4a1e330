"""Words that stand in a field until somebody fills it in."""

from __future__ import annotations

import re

_MARKS = " \t\r\n<>[](){}\"'`*_~“”„‘’«».:!?…#-–—=\\+|%$"
_SPACES = re.compile(r"[\s_-]+")
_NEVER_A_PAGE = frozenset({
    "todo", "to do", "tbd", "tba", "tbc", "fixme", "fix me", "xx", "xxx", "xxxx", "n/a", "n.a", "k.a", "s.o",
    "none", "null", "nil", "nan", "undefined", "unknown", "placeholder", "url", "uri", "href", "link", "the url",
    "the link", "url here", "link here", "your url", "your url here", "your link here", "insert url",
    "insert url here", "insert link", "insert link here", "add url", "add link", "enter url", "paste url here",
    "no url", "no link", "not available", "not known", "not yet", "to be added", "to be announced",
    "to be confirmed", "to be defined", "to be determined", "coming soon", "fill in", "fill me in", "changeme",
    "change me", "replace me", "unbekannt", "kein link", "keine url", "link folgt", "folgt noch", "url folgt",
    "noch offen", "fehlt noch", "inconnu", "à compléter", "à venir", "pas de lien", "lien à venir",
    "desconocido", "sin enlace", "por definir", "pendiente", "sconosciuto", "da definire", "nessun link",
    "onbekend", "geen link", "volgt nog", "nieznany", "brak", "desconhecido", "a definir", "неизвестно", "нет",
    "待定", "未定", "無し", "なし", "暂无", "无",
})  # fmt: skip
_RARELY_A_PAGE = frozenset({
    "example", "test", "dummy", "foo", "bar", "baz", "asdf", "missing", "empty", "pending", "later", "here",
    "website", "webpage", "page", "site", "links", "na", "ka", "no", "nothing", "nowhere", "offen", "folgt",
    "fehlt", "leer", "keine", "kein", "aucun", "lien", "vide", "ninguno", "enlace", "nessuno", "geen", "ingen",
})  # fmt: skip


def is_placeholder(text: str) -> bool:
    """Whether a text is a word for "not filled in", or only marks such as `-`, `#` and `???`."""
    word = _word(text)
    return is_only_marks(text) if not word else word in _NEVER_A_PAGE or word in _RARELY_A_PAGE


def may_be_a_name(text: str) -> bool:
    """Whether a placeholder could all the same be the name of a page."""
    return text.isalnum() and _word(text) in _RARELY_A_PAGE


def is_only_marks(text: str) -> bool:
    """Whether a text has no word, and is no path such as `/`, `..` or `./`."""
    return not text.strip(_MARKS) and "/" not in text and text not in (".", "..", "\\")


def _word(text: str) -> str:
    """The word or words, folded; nothing for a path, whose slashes are not inside."""
    bare = text.casefold().strip(_MARKS)
    return (
        ""
        if bare != bare.strip("/") or text.startswith("/") or text.endswith("/")
        else _SPACES.sub(" ", bare)
    )
