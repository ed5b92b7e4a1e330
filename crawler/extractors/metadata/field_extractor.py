"""An extractor of a field: what a newcomer adds to find a field in one more place of a page.

An extractor is a function from a page's metadata to candidates, best first. Its place in the field's chain
(`CHAINS`, `field_chains.py`) is its rank: the first candidate of the chain is the field's value. The shortest one:

>>> def creator(page: PageMetadata) -> Iterator[Candidate]:
...     for one in page.named("fediverse:creator"):
...         yield Candidate(one.value, one.source)

>>> from crawler.extractors.html.document import read_document
>>> source = b'<meta name="Fediverse:Creator" content="@jane@social.example">'
>>> page = PageMetadata(read_document(source, url="", content_type=None))
>>> list(creator(page))
[Candidate(value='@jane@social.example', source='meta', width=None, height=None, alt=None)]

Most are made by one of the functions below: `named("fediverse:creator")` is the same extractor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from crawler.extractors.metadata.field_candidates import Candidate
from crawler.extractors.metadata.page_metadata import PageMetadata
from crawler.extractors.metadata.stated_dates import iso_date

FieldExtractor = Callable[[PageMetadata], Iterable[Candidate]]
"""The candidates that one place of the page has for a field, best first; never an error.

The chain takes them one by one, so a running extractor finds in `page.found` what the chain has so far.
Empty values are left out, and so are values that the same place has given before.
"""


def named(*names: str, source: str | None = None) -> FieldExtractor:
    """An extractor of properties and `<meta>` by name; `source` replaces the place where each was read."""

    def extract(page: PageMetadata) -> Iterator[Candidate]:
        for one in page.named(*names):
            yield Candidate(one.value, source or one.source)

    return extract


def named_urls(*names: str, source: str | None = None) -> FieldExtractor:
    """An extractor of addresses in properties and `<meta>` by name; `source` as for `named`."""

    def extract(page: PageMetadata) -> Iterator[Candidate]:
        for one in page.named(*names):
            yield Candidate(page.url(one.value), source or one.source)

    return extract


def links(rel: str, *, anywhere: bool = False) -> FieldExtractor:
    """An extractor of the addresses of `<link rel=…>` in the head, or `anywhere` in the page."""
    return texts(lambda page: page.link_urls(rel, anywhere=anywhere), "link")


def linked_texts(key: str) -> FieldExtractor:
    """An extractor of the texts under a key of JSON-LD."""
    return texts(lambda page: page.linked.texts(key), "json-ld")


def linked_urls(key: str) -> FieldExtractor:
    """An extractor of the addresses under a key of JSON-LD."""
    return texts(lambda page: map(page.url, page.linked.urls(key)), "json-ld")


def texts(read: Callable[[PageMetadata], Iterable[str]], source: str) -> FieldExtractor:
    """An extractor of the texts that `read` returns, as candidates of a source."""

    def extract(page: PageMetadata) -> Iterator[Candidate]:
        return (Candidate(text, source) for text in read(page))

    return extract


def dates(read: Callable[[PageMetadata], Iterable[str]], source: str) -> FieldExtractor:
    """An extractor of the dates that `read` returns, as ISO 8601; texts that are no dates are left out."""

    def days(page: PageMetadata) -> Iterator[str]:
        return filter(None, (iso_date(text, page.language) for text in read(page)))

    return texts(days, source)
