"""Whether a page is recognised as the article's, so that its words may be taken over (rule E7).

A site shows all kinds of notices with the status of success, under the address of an article: an error in the page, an
unknown browser, a newsletter. No list of such words is ever complete; that a page is the article's shows by what it still says.
"""

from __future__ import annotations

from functools import lru_cache

from crawler.model.check import FieldState, Freshness, KnownArticle
from crawler.model.observation import PageFacts
from crawler.rules.text_words import words_of
from crawler.rules.verdict.probe_reasons import bears_title

ENOUGH_SHARED = 2
"""Telling words that a new excerpt shares with what is stored, where so many are stored (rule E7)."""


def is_recognised(article: KnownArticle, page: PageFacts, freshness: Freshness) -> bool:
    """Whether something of what the article says is on its page: a field that matches, or half of the title's words."""
    if FieldState.MATCH in freshness.fields.values():
        return True
    return bool(article.title and _bears(page, article.title))


@lru_cache(maxsize=4)
def _bears(page: PageFacts, title: str) -> bool:
    """Several checks of one article ask it."""
    return bool(bears_title(page, (title,)))


def is_about_it(article: KnownArticle, name: str, text: str) -> bool:
    """Whether a page's title or excerpt is about the article: it shares words with what is stored of it."""
    known = words_of(f"{article.title or ''}\n{article.excerpt or ''}").telling
    least = min(1 if name == "title" else ENOUGH_SHARED, len(known))
    return len(known & words_of(text).telling) >= least
