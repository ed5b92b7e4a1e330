"""Reading a page, from what came in to its facts: one function of plain values, so that another process can do it (ADR 48)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crawler.extractors.html.bounds import ContentError
from crawler.extractors.html.document import Document, read_document
from crawler.extractors.html.page_anchors import page_anchors
from crawler.extractors.page import extract_document
from crawler.extractors.signs.page_redirect import PageRedirect, page_redirect
from crawler.model.observation import PageFacts, SoftSign
from crawler.model.page_depth import Depth
from crawler.rules.anchors import texts_named

_LONGEST_FAULT = 300


@dataclass(frozen=True, slots=True)
class PageAsked:
    """A page to be read. `body` is decoded, `url` where it was found, `begun_at` the link that led there, `content_type` and
    `refresh` header fields as they came, `depth` how far it is read (rule M19), `parts` what links name of it (rule K8)."""

    body: bytes
    url: str
    begun_at: str
    content_type: str | None
    refresh: str | None
    depth: Depth
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRead:
    """What a page says. `fault` says why it could not be read, None where it was."""

    facts: PageFacts | None = None
    sign: SoftSign | None = None
    evidence: str | None = None
    leads_to: PageRedirect | None = None
    fault: str | None = None


def read_page(asked: PageAsked) -> PageRead:
    """What a page says. Never raises for what it holds."""
    return read_with_document(asked)[0]


def read_with_document(asked: PageAsked) -> tuple[PageRead, Document | None]:
    """The same, with the page as it was parsed; None for one beyond the bounds."""
    try:
        document = read_document(asked.body, url=asked.url, content_type=asked.content_type)
    except ContentError as error:
        return PageRead(fault=str(error)[:_LONGEST_FAULT]), None
    page = extract_document(document, asked.begun_at, asked.depth)
    facts = page.facts
    if asked.parts:
        texts = [text for raw in asked.parts for text in texts_named(raw)]
        facts = replace(facts, anchors=page_anchors(document, texts))
    leads_to = page_redirect(document, asked.refresh) if page.sign is None else None
    return PageRead(facts, page.sign, page.evidence, leads_to), document
