"""What the visits to an article's addresses prove: only a site's own answer is evidence about the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.model.check import LinkedReference
from crawler.model.decision import DecisionCode
from crawler.model.link import Link
from crawler.model.observation import CertificateFault, PageFacts
from crawler.model.role import COMPARED, Role
from crawler.model.verdict import Verdict, VerdictKind, WarningCode
from crawler.rules.places import same_place

_ANSWERED = (VerdictKind.ALIVE, VerdictKind.MOVED)
_NOT_THE_PAGE = ("redirect-general", DecisionCode.NOT_BROKEN.value)
"""Reasons of links that work and yet did not show their page: a site's home page, an editor's decision."""
_UNKNOWN_SERVER = frozenset(fault.value for fault in CertificateFault if fault.hides_identity)
_PERMANENT = frozenset((301, 308))

_STANDS = (VerdictKind.ALIVE, VerdictKind.MOVED, VerdictKind.UNVERIFIABLE)
"""After a wall or an outage, what the page said when it was last seen still stands."""


def shows_page(verdict: Verdict) -> bool:
    """Whether the judged visit read the page itself: an error page, a wall or a site's home page in its place
    says nothing of the page (rule M15)."""
    return verdict.kind in _ANSWERED and verdict.reason not in _NOT_THE_PAGE


def answered(link: Link) -> bool:
    """Whether the last visit got the page or image itself, from a server that proved its identity."""
    return shows_page(link.verdict) and _UNKNOWN_SERVER.isdisjoint(link.verdict.warnings)


def shown_page(link: Link) -> PageFacts | None:
    """What the page says of itself, if the last visit got all of it; None for a page that was cut short."""
    cut = WarningCode.BODY_INCOMPLETE in link.verdict.warnings
    return link.page if answered(link) and not cut else None


def final_url_of(link: Link) -> str:
    """The URL at which the visit ended."""
    return link.final_url or link.url


def redirected_permanently(link: Link) -> bool:
    """Whether the visit was redirected, and by permanent redirects only."""
    return bool(link.hops) and all(hop.status in _PERMANENT for hop in link.hops)


def of_role(own: Iterable[LinkedReference], *roles: Role) -> Iterator[LinkedReference]:
    """The references of these roles with a valid URL, in the order of the roles."""
    linked = [one for one in own if one.reference.invalid is None]
    for role in roles:
        yield from (one for one in linked if one.reference.role is role)


def is_one_of(url: str, others: Iterable[str]) -> bool:
    """Whether an address names the same place as one of the others."""
    place = same_place(url)
    return any(same_place(other) == place for other in others)


def compared_page(own: Iterable[LinkedReference]) -> PageFacts | None:
    """The page that an article is compared with; None where none was seen."""
    link = compared_link(own)
    return link.page if link else None


def compared_link(own: Iterable[LinkedReference]) -> Link | None:
    """The link of that page: `webUrl`'s, else `originalUrl`'s."""
    for role in COMPARED:
        for linked in own:
            link = linked.link
            if link.page and linked.reference.role is role and link.verdict.kind in _STANDS:
                return link
    return None
