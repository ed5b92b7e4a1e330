"""An article's AMP page and the copy in an AMP cache against the article's own page (rules A3 to A7).

Only what the last visit proved counts: a wall, an outage or a server without a valid identity says nothing of AMP.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.model.check import ChangeKind, FieldFinding, Level, LinkedReference
from crawler.model.observation import AmpPart, PageFacts
from crawler.model.role import COMPARED, Role
from crawler.model.verdict import VerdictKind
from crawler.rules.article.amp_cache import cache_domain, cache_url, follows
from crawler.rules.urls import examine
from crawler.rules.verdict.clean_address import is_clean
from crawler.rules.verdict.page_evidence import (
    answered,
    final_url_of,
    is_one_of,
    of_role,
    redirected_permanently,
    shown_page,
)

OK = "amp-ok"
AMP_FIELD = "ampWebUrl"
CACHE_FIELD = "cdnAmpWebUrl"


@dataclass(frozen=True, slots=True)
class _Article:
    """The article's own page, as far as the AMP checks need it.

    `places` are the known addresses of the article; they are complete where its page was `seen`. `page` is the
    page of `webUrl`, None where it was not seen.
    """

    places: tuple[str, ...]
    seen: bool
    page: PageFacts | None

    @property
    def offered(self) -> str | None:
        """The AMP page that the article's page names; None if it names none, no valid URL or one that is never
        suggested (rule E6)."""
        amphtml = self.page.amphtml if self.page else None
        found = examine(amphtml) if amphtml else None
        if found is None or found.invalid or not is_clean(self.places[0], found.url):
            return None
        return found.url

    @property
    def offers_none(self) -> bool:
        """Whether the page was seen and names no AMP page."""
        return self.page is not None and self.page.amphtml is None


def amp_findings(own: Sequence[LinkedReference]) -> tuple[FieldFinding, ...]:
    """The findings about the article's AMP fields, `amp-ok` among them. `own` is in file order."""
    article = _article(own)
    pages = list(of_role(own, Role.AMP))
    if not pages:
        has_copy = any(True for _ in of_role(own, Role.AMP_CACHE))
        return () if has_copy else tuple(_offer(article))
    found = [finding for page in pages for finding in _page_findings(page, article)]
    if not any(finding.change for finding in found):
        # Where the AMP field goes or changes, the copy's field follows it.
        found += _cache_findings(own, pages[0])
    return tuple(found)


def _article(own: Sequence[LinkedReference]) -> _Article:
    links = [linked.link for linked in of_role(own, *COMPARED)]
    seen = [link for link in links if answered(link)]
    pages = [page for link in seen if (page := shown_page(link)) is not None]
    web = [shown_page(linked.link) for linked in of_role(own, Role.WEB)]
    return _Article(
        places=(
            *(link.url for link in links),
            *map(final_url_of, seen),
            *(page.canonical for page in pages if page.canonical),
        ),
        seen=bool(seen),
        page=next(filter(None, web), None),
    )


def _offer(article: _Article) -> Iterator[FieldFinding]:
    """An AMP page that the article's page names and the article does not (rule A6)."""
    offered = article.offered
    if offered is not None and not is_one_of(offered, article.places):
        yield FieldFinding(
            AMP_FIELD, 0, "amp-offered", Level.INFO, "", offered, change=ChangeKind.ADD
        )


def _page_findings(amp: LinkedReference, article: _Article) -> Iterator[FieldFinding]:
    link = amp.link
    if link.verdict.kind.is_gone:
        yield _dead(amp, article)
    elif answered(link):
        if _leads_to_article(amp, article):
            yield _redirects(amp, article)
        elif (page := shown_page(link)) is not None and page.amp_lacks is not None:
            yield from _judged(amp, page, page.amp_lacks, article)


def _leads_to_article(amp: LinkedReference, article: _Article) -> bool:
    """Whether the AMP address redirects to the article's own page; an article that is AMP itself does not count."""
    ended = final_url_of(amp.link)
    return not is_one_of(ended, [amp.link.url]) and is_one_of(ended, article.places)


def _redirects(amp: LinkedReference, article: _Article) -> FieldFinding:
    """Dropping the fields takes more than a temporary redirect (rule A4): some sites redirect desktops from AMP."""
    for_good = redirected_permanently(amp.link) or article.offers_none
    return FieldFinding.about(
        amp,
        "amp-redirects-to-canonical",
        Level.WARNING if for_good else Level.INFO,
        actual=final_url_of(amp.link),
        change=ChangeKind.DROP if for_good else None,
    )


def _dead(amp: LinkedReference, article: _Article) -> FieldFinding:
    """The page's own AMP link replaces a dead one (rule A5); if the page names none, dropping may be suggested."""
    offered = article.offered
    if offered is not None and not is_one_of(offered, [amp.link.url, *article.places]):
        change: ChangeKind | None = ChangeKind.REPLACE
    else:
        confirmed = amp.link.verdict.kind is VerdictKind.DEAD
        change = ChangeKind.DROP if confirmed and article.offers_none else None
        offered = None
    return FieldFinding.about(amp, "amp-dead", Level.ERROR, expected=offered, change=change)


def _judged(
    amp: LinkedReference, page: PageFacts, lacks: tuple[AmpPart, ...], article: _Article
) -> Iterator[FieldFinding]:
    """The findings about an AMP address that answered with a page of its own (rule A6)."""
    is_back = bool(page.canonical) and is_one_of(page.canonical or "", article.places)
    if lacks:
        level = Level.WARNING if AmpPart.MARK in lacks else Level.INFO
        yield FieldFinding.about(amp, "amp-not-amp", level, actual=", ".join(lacks))
    elif article.seen and not is_back:
        yield FieldFinding.about(
            amp,
            "amp-canonical-mismatch",
            Level.WARNING,
            expected=article.places[0],
            actual=page.canonical,
        )
    if article.offers_none:
        yield FieldFinding.about(amp, "amphtml-link-removed", Level.INFO)
    elif article.offered and not is_one_of(article.offered, [amp.link.url, final_url_of(amp.link)]):
        yield FieldFinding.about(
            amp,
            "amphtml-differs",
            Level.INFO,
            expected=article.offered,
            change=ChangeKind.REPLACE,
        )
    elif is_back and not lacks:
        yield FieldFinding.about(amp, OK, Level.INFO)


def _cache_findings(own: Sequence[LinkedReference], amp: LinkedReference) -> Iterator[FieldFinding]:
    url = amp.link.url
    if cache_domain(url):
        # Some files hold the copy's address in both fields; there is then no AMP address to compare it with.
        return
    for cached in of_role(own, Role.AMP_CACHE):
        if not follows(cached.link.url, url):
            yield FieldFinding.about(
                cached,
                "amp-cache-mismatch",
                Level.WARNING,
                expected=cache_url(url),
                change=ChangeKind.REPLACE,
            )
