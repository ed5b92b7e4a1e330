"""The address that a move suggests: clean, and the page's own (rules E5, E6)."""

from __future__ import annotations

from urllib.parse import urlsplit

from crawler.model.observation import Observation
from crawler.rules.places import same_place
from crawler.rules.urls import examine
from crawler.rules.verdict.clean_address import cleaned, is_clean
from crawler.rules.verdict.redirect_ends import is_other_page
from crawler.rules.verdict.stand_ins import leads_to_stand_in


def suggested_address(seen: Observation, end: str) -> str | None:
    """The address to suggest for the end of permanent redirects; None where it has something that is never suggested,
    and nothing proves that the page is the same without it, or where it is another page (rule E6)."""
    target = cleaned(seen.url, end)
    if target != end and not _is_proven(seen, target):
        return None
    if is_other_page(seen, urlsplit(end)) or leads_to_stand_in(seen.url, end):
        return None
    fragment = seen.further.fragment
    return target if fragment is None else f"{target}#{fragment}"


def unproven_address(seen: Observation) -> str | None:
    """The cleaned end of a move that has still to be proven to lead to the same page (rule E6); None for none."""
    end = seen.final_url or seen.url
    target = cleaned(seen.url, end)
    return None if target == end or _is_proven(seen, target) else target


def _is_proven(seen: Observation, target: str) -> bool:
    """Whether a cleaned address leads to the same page: the page calls it its own, or it was asked."""
    if seen.further.clean_url == target:
        return True
    canonical = examine(seen.page.canonical) if seen.page and seen.page.canonical else None
    if canonical is None or canonical.invalid or not is_clean(seen.url, canonical.url):
        return False
    return same_place(canonical.url) == same_place(target)
