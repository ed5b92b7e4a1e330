"""A page parsed once; every extractor reads this one tree."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.extractors.html.bounds import ContentError, check_bounds
from crawler.extractors.html.cleaning import clean_text, clean_url
from crawler.extractors.html.encoding import utf8
from crawler.extractors.html.head import head_elements
from crawler.extractors.html.visible_text import headline_rests, headline_text, visible_text

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

MAX_ELEMENTS = 5_000
"""Most elements of interest that are read; a page of 100,000 meta tags says nothing after these."""

_INTERESTING = ("meta", "link", "script", "title", "h1", "base")
_MOST_SUBHEADINGS = 50
_MOST_HEADINGS = 50
_SCRIPT_TYPE = "application/ld+json"


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed page. `root` is None for a page without an element; `base` is what relative URLs
    resolve against; `head` are the elements of its `<head>`, `headings` the texts of its h1, `rests` these without their
    first or last element, `h1` the elements themselves, `scripts` the texts of
    its JSON-LD."""

    root: _Element | None
    url: str
    base: str
    source: bytes
    head: frozenset[_Element] = frozenset()
    metas: tuple[_Element, ...] = ()
    links: tuple[_Element, ...] = ()
    scripts: tuple[str, ...] = ()
    title: str = ""
    h1: tuple[_Element, ...] = ()
    headings: tuple[str, ...] = ()
    rests: tuple[str, ...] = ()
    lang: str = ""

    def subheadings(self) -> tuple[str, ...]:
        """The texts of its h2 and h3; read only where they are needed, as there are many."""
        if self.root is None:
            return ()
        found = islice(self.root.iter("h2", "h3"), _MOST_SUBHEADINGS)
        return tuple(filter(None, map(visible_text, found)))

    def names(self, *names: str) -> bool:
        """Whether one of these names (lower case) of elements or attributes may stand in the page. A search through the
        bytes costs a hundredth of one through the elements; a name cannot be written with character references."""
        sought = [name.encode() for name in names]
        if any(name in self.source for name in sought):
            return True
        lowered = self.source.lower()
        return any(name in lowered for name in sought)

    @property
    def host(self) -> str:
        """The host that the page was found on; empty where its URL names none."""
        try:
            return urlsplit(self.url).hostname or ""
        except ValueError:
            return ""


@dataclass(frozen=True, slots=True)
class UnreadPage:
    """A page that nobody had to parse, as its facts are known. Arguments as of `read_document`."""

    body: bytes
    url: str
    content_type: str | None


def parsed(page: Document | UnreadPage | None) -> Document | None:
    """The page, parsed now if it was not; None for none, and for one beyond the bounds."""
    if not isinstance(page, UnreadPage):
        return page
    try:
        return read_document(page.body, url=page.url, content_type=page.content_type)
    except ContentError:
        return None


def read_document(body: bytes, *, url: str, content_type: str | None) -> Document:
    """Parse a page.

    `body` is the decompressed body, `url` where it was found after redirects. Raises `ContentError`
    for a page beyond the bounds.
    """
    check_bounds(body)
    source = utf8(body, content_type)
    if source != body:
        # The tags of a page in UTF-16 or EBCDIC are visible only now.
        check_bounds(source)
    root = _parse(source)
    if root is None:
        return Document(None, url, url, source)
    return _collect(root, url, source)


def _parse(source: bytes) -> _Element | None:
    from lxml import etree
    from lxml.html import HtmlElement, HTMLParser

    parser = HTMLParser(
        encoding="utf-8",
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    # extruct calls methods on the root that `lxml.html` adds. The lookup of `lxml.html` asks Python for the class of
    # each element, as forms have classes of their own; this one does not, so elements are cheaper to make and to free.
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    try:
        root = etree.fromstring(source, parser)
    except etree.LxmlError:
        # "Document is empty": nothing but white space, comments or control characters.
        return None
    parser.set_element_class_lookup(None)
    return root


def copy_for_libraries(element: _Element) -> HtmlElement:
    """A copy of an element and all below it, of the class that libraries expect: `lxml.html`'s."""
    from lxml import etree
    from lxml.html import HtmlElement

    parser = element.getroottree().parser
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=HtmlElement))
    return deepcopy(element)


def _collect(root: _Element, url: str, source: bytes) -> Document:
    found: dict[str, list[_Element]] = {name: [] for name in _INTERESTING}
    for count, element in enumerate(root.iter(*_INTERESTING)):
        if count >= MAX_ELEMENTS:
            break
        found[element.tag].append(element)
    hrefs = (clean_url(element.get("href"), url) for element in found["base"])
    return Document(
        root=root,
        url=url,
        base=next((href for href in hrefs if href), url),
        source=source,
        head=frozenset(islice(head_elements(root), MAX_ELEMENTS)),
        metas=tuple(found["meta"]),
        links=tuple(found["link"]),
        # The type first: to read a script's text costs more the longer it is.
        scripts=tuple(e.text for e in found["script"] if _is_json_ld(e) and e.text),
        title=next(filter(None, (clean_text(e.text) for e in found["title"] if _is_page(e))), ""),
        h1=tuple(found["h1"][:_MOST_HEADINGS]),
        headings=tuple(filter(None, map(headline_text, found["h1"][:_MOST_HEADINGS]))),
        rests=tuple(
            rest for heading in found["h1"][:_MOST_HEADINGS] for rest in headline_rests(heading)
        ),
        lang=clean_text(root.get("lang") or root.get("xml:lang")),
    )


def _is_json_ld(script: _Element) -> bool:
    return (script.get("type") or "").partition(";")[0].strip().lower() == _SCRIPT_TYPE


def _is_page(title: _Element) -> bool:
    """An icon drawn in SVG has a `<title>` of its own."""
    return not any(ancestor.tag == "svg" for ancestor in title.iterancestors("svg"))
