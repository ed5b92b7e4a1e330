"""What a further request says of a move: whether its end is the same for all, and without what is one reader's own (rule E6)."""

from __future__ import annotations

from crawler.model.observation import Observation
from crawler.rules.places import same_place
from crawler.rules.text_words import shared_by_sketches
from crawler.rules.verdict.clean_address import cleaned
from crawler.rules.verdict.page_state import is_good

_SAME_WORDS = 0.8
"""The share of words from which a cleaned address leads to the same page (rule E6)."""
_FEWEST_WORDS = 20
"""Words of a page that can be compared so: an application that is not yet loaded has fewer (rule E6)."""


def is_same_for_all(seen: Observation, again: Observation) -> bool:
    """Whether a move, asked again in another language, leads to the same place, and does not say that this depends on
    the language (rule E6)."""
    if not is_good(again) or again.further.by_language:
        return False
    one, other = (cleaned(seen.url, each.final_url or each.url) for each in (seen, again))
    return same_place(one) == same_place(other)


def leads_to_same_page(seen: Observation, clean: Observation) -> bool:
    """Whether a cleaned address leads to the page that the move led to (rule E6): a page of the same title and the same
    words, there or where the move ended."""
    one, other = seen.page, clean.page
    if not is_good(clean) or one is None or other is None:
        return False
    ends = {same_place(cleaned(seen.url, url)) for url in (clean.url, clean.final_url or clean.url)}
    if len(ends) > 1 or one.title is None or one.title != other.title:
        return False
    shared = shared_by_sketches(one.words, other.words)
    return shared.known >= _FEWEST_WORDS and shared.share >= _SAME_WORDS
