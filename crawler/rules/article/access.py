"""Who may read a page, and whether that has changed (rule F10)."""

from __future__ import annotations

from crawler.model.link import Access, Link
from crawler.model.observation import PageFacts
from crawler.model.verdict import VerdictKind
from crawler.rules.verdict.host_ends import EndReason
from crawler.rules.verdict.statuses import http_reason

_WALLS = {
    EndReason.LOGIN.value: Access.LOGIN,
    http_reason(401): Access.LOGIN,
    http_reason(402): Access.PAYWALL,
}
"""The reasons of links that lead to a wall for people. A bot wall says nothing of who may read."""


def access_of(link: Link) -> Access | None:
    """Who may read the page of a link now; None where the last visit does not say."""
    if link.verdict.kind is VerdictKind.UNVERIFIABLE:
        return _WALLS.get(link.verdict.reason)
    return access_of_page(link.page) if link.page is not None else None


def access_of_page(page: PageFacts) -> Access:
    """Who may read a page that was read, by what it says itself."""
    return Access.PAYWALL if page.paywalled else Access.FREE


def became_walled(link: Link) -> Access | None:
    """The wall in front of a page that could be read before; None where there is none, or where it was there when the
    page was first read or an editor had last seen it."""
    now = access_of(link)
    before = link.baseline.access if link.baseline else None
    if now is Access.LOGIN:
        return now if link.page is not None and before is not Access.LOGIN else None
    return now if now is Access.PAYWALL and before is Access.FREE else None
