"""Parked domains: an address whose owner shows only advertisements or a price (rule V9)."""

from __future__ import annotations

import re

from crawler.extractors.html.document import Document
from crawler.extractors.html.folding import fold
from crawler.extractors.signs.page_shape import Shape

_MARKERS = {
    "sedoparking.com": "Sedo parking",
    "parkingcrew.net": "ParkingCrew",
    "d38psrni17bvxu.cloudfront.net": "ParkingCrew",
    "bodis.com": "Bodis",
    "data-adblockkey": "advertising key",
    "window.park=": "window.park",
    "window.park =": "window.park",
    "wsimg.com/parking-lander/": "GoDaddy parking",
    'location.href="/lander"': "GoDaddy parking",
    "parklogic.com": "ParkLogic",
    "parking.above.com": "Above",
}
"""Addresses and scripts of the parking services; a link to one, or its name in a text, is no marker."""

_BEFORE_NAME = r"(?<![\w-])"
"""A marker begins where a name begins: `embodis.com` is another company's."""
_MARKER = re.compile("|".join(_BEFORE_NAME + re.escape(marker) for marker in _MARKERS))
_HOST = r"(?:[\w-]{1,63}\.){1,4}[a-z]{2,24}"
_SALE = re.compile(fold(
    rf"(?:the |this |premium )?domain(?: name)?(?: {_HOST})? (?:is|may be|might be|could be) (?:for sale|available for purchase)"
    rf"|{_HOST} (?:is|may be|might be) (?:for sale|available for purchase)(?: .{{0,30}})?"
    rf"|(?:buy|purchase|acquire) (?:this domain(?: name)?|the domain(?: name)? {_HOST})(?: now| today)?"
    rf"|{_HOST} domain(?: name)? (?:is )?for sale|(?:premium )?domain(?: name)? for sale"
    rf"|{_HOST} (?:- )?(?:parked (?:domain|page)|is parked free(?:,? courtesy of .{{1,30}})?)"
    r"|this (?:domain|web ?page|web ?site) is parked(?: free,? courtesy of .{1,30})?"
    r"|(?:domain|web ?page|web ?site) (?:is )?parked free,? courtesy of .{1,30}"
    rf"|(?:diese |die )?domain(?: {_HOST})? (?:steht zum verkauf|zu verkaufen)"
    rf"|diese domain kaufen|(?:die )?domain {_HOST} kaufen"
    rf"|{_HOST} (?:steht zum verkauf|est a vendre|esta en venta|e in vendita|is te koop|jest na sprzedaz)"
    rf"|(?:ce )?nom de domaine(?: {_HOST})? (?:est )?a vendre|ce domaine est a vendre"
    r"|(?:este )?dominio (?:esta )?en venta"
    r"|(?:questo )?dominio (?:e )?in vendita|(?:deze )?domein(?:naam)? (?:is )?te koop"
    r"|домен продается|此域名出售|域名出售|该域名可出售|このドメインは販売中です"
))  # fmt: skip
_PARTS = re.compile(r"\s+[-|:·•»]+\s+|\s*\|\s*|[!.](?:\s+|$)")


def evidence(document: Document, shape: Shape) -> str | None:
    """Why a page is a parked domain, None where it is not; asked only of short pages, no articles.

    It is one by the parking services' own scripts, or by a title or h1 that offers this very domain for sale.
    A house for sale, a registrar's shop and a glossary are not: the words must name a domain, and this very
    domain where the words have another meaning too ("domaine à vendre" is a vineyard) (rule V9).
    """
    if marker := _MARKER.search(shape.machinery):
        return _MARKERS[marker[0]]
    host = fold(document.host).removeprefix("www.")
    for text in (document.title, *document.headings):
        folded = fold(text)
        if len(folded) <= 150 and any(map(_offers_domain, (folded, *_PARTS.split(folded)))):
            return f"for sale: {text[:80]}"
        if host and folded in (f"buy {host}", f"{host} for sale"):
            return f"for sale: {text[:80]}"
    return None


def _offers_domain(text: str) -> bool:
    return bool(_SALE.fullmatch(text.strip(" .!")))
