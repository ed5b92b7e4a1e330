"""Which page an article is of: the page's canonical URL, and other articles of the same page (rules D1, D2).

A page may give any URL as its canonical one: a site's home page, one address for all pages, another site's. So
a canonical URL counts only if it names one page, on the same site or with the same name, and is not shared by many.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urlsplit

from crawler.model.check import ChangeKind, FieldFinding, KnownArticle, Level, LinkedReference
from crawler.model.role import COMPARED, Role
from crawler.rules.fragments import inherited
from crawler.rules.places import is_barrier, is_deep, is_home, is_search, keeps_name, same_place
from crawler.rules.urls import examine
from crawler.rules.verdict.clean_address import is_by_language, is_clean
from crawler.rules.verdict.page_evidence import final_url_of, is_one_of, of_role, shown_page

GENERAL_FROM = 5
"""An address that pages with so many different final URLs call their own names no one page. Ours: rule N4 takes
three as the reason for a probe; here no probe is made."""
OTHERS_SHOWN = 10
CANONICAL_DIFFERS = "canonical-differs"
"""The reason of a page that calls another address its own."""
_VARIANTS = ("www.", "m.", "mobile.", "amp.")
"""Prefixes of a host that lead to the same site."""

Place = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """The address that an article's page calls its own, and where the visit to it ended."""

    path: str
    place: Place
    ended: Place


@dataclass(frozen=True, slots=True)
class SharedPages:
    """The result of comparing the claims of all articles.

    `others` are, by path of an article, the paths of other articles of the same page, at most `OTHERS_SHOWN`;
    `general` are the places that too many different pages claim.
    """

    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    general: frozenset[Place] = frozenset()


NOTHING_SHARED = SharedPages()


def claim(article: KnownArticle) -> Claim | None:
    """The claim of an article's page; None where no page was seen, or where its address names no single page."""
    for linked in _seen(article.own):
        ended = final_url_of(linked.link)
        address = _own_address(linked) or ended
        if _names_one_thing(address):
            return Claim(article.path, same_place(address), same_place(ended))
    return None


def is_general(claims: Iterable[Claim]) -> bool:
    """Whether claims of one place come from too many different pages to mean one page."""
    return len({one.ended for one in claims}) >= GENERAL_FROM


def identity_findings(
    article: KnownArticle, shared: SharedPages = NOTHING_SHARED
) -> tuple[FieldFinding, ...]:
    """The findings about an article's own address."""
    for linked in _seen(article.own):
        return (
            *_canonical_differs(linked, article.own, shared),
            *_shared(linked, shared.others.get(article.path, ())),
        )
    return ()


def _seen(own: Iterable[LinkedReference]) -> Iterator[LinkedReference]:
    """The article's addresses whose page was seen, `webUrl` first."""
    return (one for one in of_role(own, *COMPARED) if shown_page(one.link))


def _canonical_differs(
    linked: LinkedReference, own: Iterable[LinkedReference], shared: SharedPages
) -> Iterator[FieldFinding]:
    link = linked.link
    address = _own_address(linked)
    if address is None or same_place(address) in shared.general or not is_clean(link.url, address):
        return
    known = [link.url, *(one.link.url for one in of_role(own, *COMPARED))]
    known += [final_url_of(one.link) for one in of_role(own, Role.ORIGINAL)]
    suggested = link.verdict.suggestion
    if is_one_of(address, [*known, suggested.value] if suggested else known):
        return
    # The language or the country of this one reader may have been the page's reason.
    change = None if is_by_language(link.url, address) else ChangeKind.REPLACE
    expected = inherited(address, linked.reference.raw)
    yield FieldFinding.about(
        linked, CANONICAL_DIFFERS, Level.INFO, expected=expected, change=change
    )


def _shared(linked: LinkedReference, others: tuple[str, ...]) -> Iterator[FieldFinding]:
    if others:
        yield FieldFinding.about(
            linked,
            "canonical-shared",
            Level.WARNING,
            actual=_own_address(linked) or final_url_of(linked.link),
            others=others,
        )


def _own_address(linked: LinkedReference) -> str | None:
    """The canonical address; None where it is not plausible."""
    page = shown_page(linked.link)
    found = examine(page.canonical) if page and page.canonical else None
    if found is None or not _names_one_thing(found.url):
        return None
    ended = examine(final_url_of(linked.link))
    if ended.invalid:
        return None
    same_site = _is_same_site(found.host, ended.host)
    if same_site or keeps_name(urlsplit(ended.url), urlsplit(found.url)):
        return found.url
    return None


@lru_cache(maxsize=1024)
def _names_one_thing(url: str) -> bool:
    if examine(url).invalid:
        return False
    parts = urlsplit(url)
    if is_home(parts) or is_barrier(parts) or is_search(parts):
        return False
    _, _, telling_query = same_place(url)
    return is_deep(parts) or bool(telling_query)


def _is_same_site(one: str, other: str) -> bool:
    names = sorted(map(_plain_host, (one, other)), key=len)
    return f".{names[1]}".endswith(f".{names[0]}") and "." in names[0]


def _plain_host(host: str) -> str:
    for variant in _VARIANTS:
        host = host.removeprefix(variant)
    return host
