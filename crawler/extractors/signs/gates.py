"""Gates: what a page has of a barrier in front of the page that was asked for (rule N9).

A region block, a site under repair, a queue, a log-in or a captcha is one page for every address, as a soft 404 is.
So where that likeness would make a link broken, a page that has something of a gate proves nothing. This is
generous: plain words of many languages and the structure of forms are enough, as they only withhold a verdict.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.signs.captcha_markers import captcha_in
from crawler.extractors.signs.gate_words import STEMS, Subject
from crawler.extractors.signs.page_shape import read_shape
from crawler.extractors.signs.reloading import reloads_itself
from crawler.extractors.signs.visible_words import read_words
from crawler.extractors.signs.walls import challenge

_GATE_SPOKEN = 1_500
"""Characters outside of links under which a word in the text counts; in a title or h1 it counts on any page."""

_FORM = re.compile(
    r"^action=[^\n]*(?:log-?in|log-?on|sign-?in|signup|sign-up|auth|account|session|consent|cookie|privacy|gdpr|subscri"
    r"|member|regist|verify|age[-_]?(?:gate|check|verif)|captcha|challenge)",
    re.MULTILINE | re.IGNORECASE,
)
_JOINED = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "GEORGIAN"})
"""Scripts whose words stand apart and begin with their stem."""


def gate_of(document: Document) -> str | None:
    """What a page has of a gate, in words; None for nothing. Never raises."""
    own = " ".join(read_words(document).own.split())
    shape = read_shape(document)
    is_short = len(own) < _GATE_SPOKEN
    texts = (document.title, *document.headings, own if is_short else "")
    for subject, words in _WORDS.items():
        if found := _first(words, texts):
            return f"{subject.value}: {found}"
    if not is_short:
        return None
    if shape.has_password:
        return "a field for a password"
    if wall := challenge(document.title, shape, speaks=False):
        return wall
    if captcha := captcha_in(shape.machinery):
        return captcha
    if form := _FORM.search(shape.machinery):
        return f"form: {form[0][:80]}"
    return "reloads itself" if reloads_itself(document, shape) else None


def says_gate(document: Document) -> bool:
    """Whether a page may be a barrier in front of the page that was asked for."""
    return gate_of(document) is not None


def asks_who(text: str) -> bool:
    """Whether a text has words of a check that tells robots from readers."""
    return bool(_WORDS[Subject.ROBOT].search(fold(text)))


def asks_to_wait(text: str) -> bool:
    """Whether a text has words of a queue."""
    return bool(_WORDS[Subject.WAIT].search(fold(text)))


def tells_of(text: str, subjects: Iterable[Subject]) -> bool:
    """Whether a text has words of any of the subjects."""
    folded = fold(text)
    return any(_WORDS[subject].search(folded) for subject in subjects)


def _first(words: re.Pattern[str], texts: Iterable[str]) -> str | None:
    for text in texts:
        if found := words.search(fold(text)):
            return found[0]
    return None


def _pattern(stems: str) -> re.Pattern[str]:
    each = [fold(stem) for stem in (part.strip() for part in stems.split("|")) if stem]
    apart = [_literal(stem) for stem in each if _script(stem) in _JOINED]
    anywhere = [_literal(stem) for stem in each if _script(stem) not in _JOINED]
    return re.compile(
        "|".join(filter(None, (rf"(?<!\w)(?:{'|'.join(apart)})", "|".join(anywhere))))
    )


def _literal(stem: str) -> str:
    return re.escape(stem[:-1]) + r"(?!\w)" if stem.endswith(".") else re.escape(stem)


def _script(stem: str) -> str:
    first = next((one for one in stem if not one.isascii()), stem[0])
    if first.isascii():
        return "LATIN"
    return unicodedata.name(first, "").partition(" ")[0]


_WORDS = {subject: _pattern(stems) for subject, stems in STEMS.items()}
