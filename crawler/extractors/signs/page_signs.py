"""Signs in a page that the answer is not the page: walls, soft 404, parked domains (rule V5)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from crawler.extractors.html.document import Document
from crawler.extractors.metadata.field_candidates import Candidate
from crawler.extractors.metadata.titles import host_names
from crawler.extractors.signs import captchas, not_found, parked, suspended, waiting_rooms, walls
from crawler.extractors.signs.host_pages import find_host_sign
from crawler.extractors.signs.media_notices import find_notice
from crawler.extractors.signs.page_shape import Shape, read_shape
from crawler.model.observation import SoftSign

Candidates = Mapping[str, tuple[Candidate, ...]]

_ARTICLE = re.compile(r"article|posting|recipe|\breview|\breport\b|scholarly|howto", re.IGNORECASE)
_MOST_METAS = 500
_BARE_PAGE = 500
"""Visible characters: less than the shortest article with its site around it. The number is ours."""


@dataclass(frozen=True, slots=True)
class PageSign:
    """A page's sign and its evidence: `evidence` is a line for people, such as `title: …`."""

    kind: SoftSign
    evidence: str


def says_article(found: Candidates) -> bool:
    """Whether a page says that it is an article: then no sign in it counts (rule V5).

    It says so by `og:type` article, a JSON-LD article of any kind, its time of publication, or a statement
    whether it costs: a paywall's page is alive (rule V11). `meta name=date` is no such claim: templates and
    servers write the present time there.
    """
    return (
        "paywalled" in found
        or any(one.source != "meta" for one in found.get("published", ()))
        or any(_ARTICLE.search(one.value) for one in found.get("type", ()))
    )


def find_sign(document: Document, found: Candidates, asked: str = "") -> PageSign | None:
    """The first sign in the order of judgement (rule V2); None for an ordinary page.

    `found` holds the page's candidates by field, `asked` is the link that led here, "" for unknown. The data of a host that is known decide first (rules V14, V15). A date of any kind vetoes a sign that would make the
    link broken, but not a wall, which only leaves it without a verdict. Never raises. Of an article only
    title and h1 are read, so most pages cost nothing here.
    """
    if document.root is None:
        return None
    if said := find_host_sign(document):
        return PageSign(*said)
    if says_article(found):
        return _template_of_articles(document, found)
    shape = read_shape(document)
    speaks = bool(document.headings) or not_found.says_not_found(document.title)
    wall = None if shape.is_long else _wall(document, shape, speaks=speaks)
    if wall is not None or "published" in found:
        return wall
    why = not_found.evidence(
        document, shape, noindex=_noindex(document), sites=_sites(document, found)
    )
    if why is not None:
        return PageSign(SoftSign.NOT_FOUND, why)
    if said := find_notice(document, shape):
        return PageSign(*said)
    if shape.is_long or parked.is_of_marketplace(asked):
        return None
    why = parked.evidence(document, shape)
    return PageSign(SoftSign.PARKED, why) if why else None


def _template_of_articles(document: Document, found: Candidates) -> PageSign | None:
    """The sign of a not-found page whose template says `og:type` article: the claim does not count on a short
    page with no date whose title and h1 both say that nothing was found."""
    if {"published", "paywalled"} & found.keys():
        return None
    if any(_ARTICLE.search(one.value) for one in found["type"] if not one.source.startswith("og")):
        return None
    why = not_found.both_say(document, _sites(document, found))
    if why and len(read_shape(document).text) < _BARE_PAGE:
        return PageSign(SoftSign.NOT_FOUND, why)
    return None


def _wall(document: Document, shape: Shape, *, speaks: bool) -> PageSign | None:
    title = document.title
    if why := walls.challenge(title, shape, speaks=speaks):
        return PageSign(SoftSign.WALL, why)
    if why := walls.consent(title, shape):
        return PageSign(SoftSign.CONSENT, why)
    if why := walls.login(title, shape):
        return PageSign(SoftSign.LOGIN, why)
    for rule in (captchas.evidence, waiting_rooms.evidence, suspended.evidence):
        if why := rule(document, shape):
            return PageSign(SoftSign.WALL, why)
    return None


def _sites(document: Document, found: Candidates) -> tuple[str, ...]:
    """The site's own names."""
    return (*(one.value for one in found.get("site_name", ())), *host_names(document.host))


def _noindex(document: Document) -> bool:
    for meta in document.metas[:_MOST_METAS]:
        if (meta.get("name") or "").strip().lower() in ("robots", "googlebot"):
            words = re.split(r"[\s,]+", (meta.get("content") or "").lower()[:200])
            if "noindex" in words or "none" in words:
                return True
    return False
