"""The chain of the title: first the headline that readers see, last the titles of metadata."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.extractors.metadata.field_candidates import Candidate
from crawler.extractors.metadata.page_metadata import PageMetadata
from crawler.extractors.metadata.titles import (
    confirmed,
    host_names,
    is_cut,
    is_site,
    is_suffix,
    shared,
)
from crawler.rules.site_in_title import without_site
from crawler.rules.text_folding import plain


def titles(page: PageMetadata) -> Iterator[Candidate]:
    """Every title of the page, best first (rule M2). The chain of the site's name has to run before."""
    document, given = page.document, tuple(page.texts("og:title"))
    sites = [*page.found.values("site_name"), *host_names(document.host)]
    # Some blogs have their own name as the h1 of each post; a title ends with such a name and never begins with it.
    sites += [one for one in document.headings if is_suffix(one, (document.title, *given))]
    headings = [one for one in document.headings if not is_site(one, sites)]
    headline = without_site(page.linked.headline(), sites)
    for heading in headings:
        if _is_seen_headline(heading, headline, (*given, document.title)):
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


def _is_seen_headline(heading: str, headline: str, given: Sequence[str]) -> bool:
    """Whether the h1 ranks before JSON-LD's headline: the page's title repeats the h1, or the headline
    is the h1 cut short or with more behind it."""
    if is_cut(headline, heading):
        return True
    return confirmed(heading, (headline,)) or any(plain(heading) == plain(one) for one in given)


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
