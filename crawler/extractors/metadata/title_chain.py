"""The chain of the title: first the headline that readers see, last the titles of metadata."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.extractors.html.document import Document
from crawler.extractors.metadata.field_candidates import Candidate
from crawler.extractors.metadata.page_metadata import PageMetadata
from crawler.extractors.metadata.titles import (
    confirmed,
    host_names,
    is_blog_name,
    is_cut,
    is_site,
    shared,
)
from crawler.rules.site_in_title import without_site
from crawler.rules.text_folding import plain


def titles(page: PageMetadata) -> Iterator[Candidate]:
    """Every title of the page, best first (rule M2). The chain of the site's name has to run before."""
    document, given = page.document, tuple(page.texts("og:title"))
    sites = [*page.found.values("site_name"), *host_names(document.host)]
    written = page.linked.headline()
    # Some blogs have their own name as the h1 of each post; a title ends with such a name and never begins with it.
    sites += [
        one
        for one in document.headings
        if is_blog_name(one, (document.title, *given), _others(document, written), document.url)
    ]
    told = [without_site(one, sites) for one in (*given, written, document.title) if one]
    headings = [one for one in _headlines(document, told) if not is_site(one, sites)]
    headline = without_site(written, sites)
    pages = [without_site(one, sites) for one in (*page.texts("twitter:title"), document.title)]
    for heading in headings:
        if _goes_first(heading, headline, [without_site(one, sites) for one in given], pages):
            yield Candidate(heading, "h1")
    yield Candidate(headline, "json-ld")
    for heading in headings:
        if confirmed(heading, (*given, headline, document.title)):
            yield Candidate(heading, "h1")
    if not page.found.first("title"):
        yield Candidate(shared(document.subheadings(), (*given, document.title)), "h2")
    if len(headings) == 1:
        yield Candidate(headings[0], "h1")
    yield from _given_titles(page, sites)
    for heading in document.headings:
        yield Candidate(heading, "h1")


def _others(document: Document, written: str) -> Iterator[str]:
    """JSON-LD's headline, and the headings below the h1, which are read only for the few titles that end with the h1."""
    yield written
    yield from document.subheadings()


def _headlines(document: Document, told: Sequence[str]) -> list[str]:
    """The h1, each without an element of it where the page's other titles know it only so (a kicker, a subtitle)."""
    known = set(map(plain, told))
    rests = {rest for rest in document.rests if plain(rest) in known}
    if not rests:
        return list(document.headings)
    return [
        one
        if plain(one) in known
        else next((rest for rest in rests if plain(rest) in plain(one)), one)
        for one in document.headings
    ]


def _goes_first(heading: str, headline: str, given: Sequence[str], pages: Sequence[str]) -> bool:
    """Whether an h1 ranks before JSON-LD's headline: that is the h1 cut short or with more behind it, or the page's other
    titles say the h1. Open Graph's (`given`) has more weight than Twitter's and `<title>` (`pages`)."""
    if is_cut(headline, heading) or confirmed(heading, (headline,)):
        return True
    shown, graph = plain(heading), set(map(plain, given))
    if plain(headline) in graph:
        return shown in graph
    return shown in graph | set(map(plain, pages))


def _given_titles(page: PageMetadata, sites: Sequence[str]) -> Iterator[Candidate]:
    """The titles of metadata: Open Graph, Twitter, `<title>`; each first without the site's name."""
    for name in ("og", "twitter"):
        for one in page.named(f"{name}:title"):
            source = one.source if name == "og" else name
            yield Candidate(without_site(one.value, sites), source)
            yield Candidate(one.value, source)
    title = page.document.title
    yield Candidate(without_site(title, sites), "title")
    yield Candidate(title, "title")
