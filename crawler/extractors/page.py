"""A page's metadata: every candidate with its source, and what the chains choose (rules M1 and those after it)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from crawler.extractors.html.bounds import ContentError
from crawler.extractors.html.document import Document, read_document
from crawler.extractors.metadata.amp_markup import amp_lacks
from crawler.extractors.metadata.field_candidates import Candidate, Collector
from crawler.extractors.metadata.field_chains import CHAINS
from crawler.extractors.metadata.guessed_dates import GUESSES, guessed_days
from crawler.extractors.metadata.guessed_pictures import PICTURE, first_pictures
from crawler.extractors.metadata.notices import find_notice
from crawler.extractors.metadata.page_metadata import PageMetadata
from crawler.extractors.metadata.stated_dates import is_before
from crawler.extractors.metadata.text_hash import content_hash, main_text
from crawler.extractors.signs.page_signs import find_sign
from crawler.model.observation import PageFacts, SoftSign
from crawler.model.page_depth import Depth
from crawler.rules.text_words import sketch_of, words_of

__all__ = ["Candidate", "ContentError", "ExtractedPage", "extract_document", "extract_page"]


@dataclass(frozen=True, slots=True)
class ExtractedPage:
    """The metadata of a page. `candidates` holds, by field of `PageFacts`, every value with its source,
    in the chain's order: the first is the choice (for `modified` the first not before publication); `sign` is the
    page's sign, None for none, and `evidence` what shows it, in words."""

    facts: PageFacts
    candidates: Mapping[str, tuple[Candidate, ...]]
    sign: SoftSign | None
    evidence: str | None = None


def extract_page(body: bytes, *, url: str, content_type: str | None) -> ExtractedPage:
    """Read a page.

    `body` is the decompressed body, `url` where it was found after redirects (empty if unknown: then
    relative URLs stay relative), `content_type` the header verbatim. Raises `ContentError` for a
    page beyond the bounds; nothing else.
    """
    return extract_document(read_document(body, url=url, content_type=content_type))


def extract_document(
    document: Document, asked: str = "", depth: Depth = Depth.WHOLE
) -> ExtractedPage:
    """Read a page that is parsed already. `asked` is the link that led here, "" for unknown; `depth` how far its references
    need it to be read (rule M19). Never raises."""
    page = PageMetadata(document, depth)
    found = page.found
    for field, chain in CHAINS.items():
        for extract in chain:
            for candidate in extract(page):
                found.keep(field, candidate)
    sign = find_sign(document, found.all(), asked)
    if sign is not None:
        return ExtractedPage(_facts(page), found.all(), sign.kind, sign.evidence)
    if depth is Depth.RELATED:
        return ExtractedPage(_facts(page), found.all(), None)
    # Guessed after the sign, because a guess is no evidence that the page is an article.
    _guess(page)
    facts = replace(_facts(page), notice=find_notice(page))
    return ExtractedPage(facts, found.all(), None)


def _guess(page: PageMetadata) -> None:
    """A day of publication and an image for a page that states none."""
    found = page.found
    if found.first("published") is None:
        for day, source in guessed_days(
            page.document, found.first("title"), page.names, page.language
        ):
            found.keep("published", Candidate(day, source))
            break
    if found.first("image") is None:
        for one in first_pictures(page):
            found.keep("image", one)


def _facts(page: PageMetadata) -> PageFacts:
    """The first candidate of each field."""
    document, found, first = page.document, page.found, page.found.first
    title, description = first("title"), first("description")
    is_whole = page.depth is Depth.WHOLE
    text = main_text(document)
    paywalled = first("paywalled")
    return PageFacts(
        title=title,
        description=description,
        image=first("image"),
        canonical=first("canonical"),
        site_name=first("site_name"),
        published=first("published"),
        modified=_modified(found),
        amphtml=first("amphtml"),
        lang=first("lang"),
        type=first("type"),
        authors=found.of_first_source("authors"),
        paywalled=None if paywalled is None else paywalled == "true",
        titles=found.values("title"),
        amp_lacks=amp_lacks(document),
        content_hash=content_hash(text, title, description) if is_whole else None,
        published_guessed=_is_guess(found),
        image_guessed=found.source("image") == PICTURE,
        words=sketch_of(words_of(" ".join(filter(None, (title, description, text))))),
    )


def _modified(found: Collector) -> str | None:
    """The first candidate that does not lie before the time of publication (rule M10)."""
    published = None if _is_guess(found) else found.first("published")
    for value in found.values("modified"):
        if published is None or not is_before(value, published):
            return value
    return None


def _is_guess(found: Collector) -> bool:
    return found.source("published") in GUESSES
