"""The notice of a page that its article was corrected or retracted (rule M18): where it may stand.

JSON-LD and microdata say it in a field of its own; a title in a fixed form; a reader sees it in a paragraph at the top of
the article, or in an element that is called so. What stands in comments, lists, menus and footers is another's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from crawler.extractors.html.cleaning import clean_text
from crawler.extractors.html.visible_text import visible_text
from crawler.extractors.metadata.notice_texts import (
    READ,
    below_label,
    is_label,
    marked_kind,
    may_begin,
    may_begin_title,
    paragraph_kind,
    stated_kind,
    title_kind,
)
from crawler.extractors.metadata.page_items import own_parts
from crawler.extractors.metadata.page_metadata import PageMetadata
from crawler.extractors.metadata.surroundings import MOST_ANCESTORS, is_around, is_named_around
from crawler.model.observation import Notice, NoticeKind

if TYPE_CHECKING:
    from lxml.etree import _Element

LONGEST = 300
"""Characters of a notice that are kept: what was wrong stands in its first sentences."""
PARAGRAPHS = 3
"""Paragraphs at the top of an article in which a notice may stand."""
_PARAGRAPH = 80
"""Characters of what counts as a paragraph: a byline, a date or a caption has fewer."""
_MOST_BLOCKS = 150
_MOST_PIECES = 40
_FIRST_PIECES = 4
_MOST_WRAPPERS = 4
_MOST_MARKED = 40
_LONGEST_LABEL = 40

_STATUSES = re.compile(r"(?:.*[/#])?(?:retracted|withdrawn)\W*", re.IGNORECASE)
_NO_WORDS = re.compile(
    r"https?://\S*/(?:corrections?|errata|standards|ethics|about|polic(?:y|ies)|corrections?-[a-z-]*(?:polic(?:y|ies)|clarifications?))/?(?:[?#]\S*)?"
)
"""The address of the page on which a site lists all of its corrections."""
_URL = re.compile(r"https?://\S+")

_MARK = b"orrection"
"""Other words would each cost another search through every page."""
_MOST_MARKS = 1_000
_ATTRIBUTES = ("class", "id", "itemprop", "itemtype")
_CALLED = re.compile(r"(?<![a-z])corrections?(?![a-z])")
_CALLED_OTHERWISE = re.compile(
    r"colou?r|auto|spell|polic|form|link|send|report|suggest|submit|request|button|btn|modal|house|menu|nav|footer|list"
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_BLOCKS = ("p", "div", "aside", "section", "blockquote", "h2", "h3", "h4", "h5", "h6")
_BOXES = ("article", "main")
_PAGE = frozenset({"html", "body"})
_MOST_BEFORE = 3
_INNER = frozenset({*_BLOCKS, "ul", "ol", "li", "table", "figure", "header", "footer", "article", "main", "nav", "form", "hr", "dl", "h1"})  # fmt: skip
_UNREAD = frozenset({"script", "style", "noscript", "template", "form", "button", "svg"})
_APART = frozenset(
    {"nav", "form", "footer", "figure", "figcaption", "button", "label", "blockquote"}
)


def find_notice(page: PageMetadata) -> Notice | None:
    """The notice of a page; a retraction goes before a correction. Never raises."""
    first = None
    for notice in _notices(page):
        if notice.kind is NoticeKind.RETRACTED:
            return notice
        first = first or notice
    return first


def _notices(page: PageMetadata) -> Iterator[Notice]:
    marks = page.document.source.count(_MARK)
    if marks:
        yield from _stated(page)
    yield from _of_status(page)
    if 0 < marks < _MOST_MARKS:
        yield from _marked(page)
    yield from _at_top(page)
    yield from _in_titles(page)


def _notice(kind: NoticeKind, text: str) -> Notice:
    text = clean_text(text)
    return Notice(kind, text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…")


def _stated(page: PageMetadata) -> Iterator[Notice]:
    """JSON-LD: every correction of the article, in one notice."""
    kinds, texts = [], []
    for day, text in page.linked.corrections():
        is_list = _NO_WORDS.fullmatch(text) is not None
        kind = NoticeKind.CORRECTED if _URL.fullmatch(text) else stated_kind(text)
        if kind is not None and not is_list:
            kinds.append(kind)
            texts.append(f"{day}: {text}" if day else text)
    if texts:
        is_retracted = NoticeKind.RETRACTED in kinds
        kind = NoticeKind.RETRACTED if is_retracted else NoticeKind.CORRECTED
        yield _notice(kind, " / ".join(dict.fromkeys(texts)))


def _of_status(page: PageMetadata) -> Iterator[Notice]:
    for status in page.linked.statuses():
        if _STATUSES.fullmatch(status):
            named = filter(None, (status.rpartition("/")[2], page.linked.headline()))
            yield _notice(NoticeKind.RETRACTED, ": ".join(named))


def _in_titles(page: PageMetadata) -> Iterator[Notice]:
    given = (page.document.title, *page.texts("og:title"), page.linked.headline())
    for title in filter(may_begin_title, dict.fromkeys((page.found.first("title") or "", *given))):
        is_scholarly = "Scholarly" in page.linked.type() or any(page.named("citation_title"))
        if kind := title_kind(title, is_scholarly=is_scholarly):
            yield _notice(kind, title)


def _marked(page: PageMetadata) -> Iterator[Notice]:
    """What is marked as a correction in microdata, or called so by its class or id."""
    document = page.document
    root = document.root
    if root is None:
        return
    # One search for each attribute: joining sets of nodes takes the product of their sizes.
    found = (root.xpath(f"//@{name}[contains(.,'orrection')]/..") for name in _ATTRIBUTES)
    called = filter(_is_called, chain.from_iterable(found))
    elements = list(dict.fromkeys(islice(called, _MOST_MARKED)))
    for element in own_parts(elements, page.names, footers=True):
        text = clean_text(element.get("content")) or " ".join(_paragraphs(element))
        if _is_in_link(element) or element.tag in ("body", "html", "form", "a", "button"):
            continue
        kind = stated_kind(text) if _is_property(element) else _of_named(element, text)
        if kind is not None:
            yield _notice(kind, text)


def _of_named(element: _Element, text: str) -> NoticeKind | None:
    lines = list(_paragraphs(element))
    if len(lines) > 1 and is_label(lines[0]):
        return below_label(lines[0], " ".join(lines[1:]))
    return marked_kind(text)


def _is_property(element: _Element) -> bool:
    kinds = (element.get("itemtype") or "").rpartition("/")[2]
    return "correction" in (element.get("itemprop") or "").split() or kinds == "CorrectionComment"


def _is_called(element: _Element) -> bool:
    """Whether an element is a correction by microdata, class or id; not a form for one, or the filter of a picture."""
    if _is_property(element):
        return True
    for name in f"{element.get('class') or ''} {element.get('id') or ''}"[:500].split():
        parts = _CAMEL.sub("-", name).lower()
        if _CALLED.search(parts) and not _CALLED_OTHERWISE.search(parts):
            return True
    return False


def _at_top(page: PageMetadata) -> Iterator[Notice]:
    """The paragraphs at the top of the article."""
    root = page.document.root
    heading = _headline(page)
    headed = frozenset(() if heading is None else heading.iterancestors())
    label, paragraphs = "", 0
    for block in islice(_blocks(root, heading), _MOST_BLOCKS):
        text = _beginning(block)
        if not text:
            continue
        begins = may_begin(text)
        if label or (begins and block.tag[0] != "h"):
            whole = next(_paragraphs(block), "")
            kind = (below_label(label, whole) if label else None) or paragraph_kind(whole)
            if kind and _is_own(block, headed):
                yield _notice(kind, whole)
                return
        label = text if begins and len(text) <= _LONGEST_LABEL and is_label(text) else ""
        paragraphs += len(text) >= _PARAGRAPH
        if paragraphs >= PARAGRAPHS:
            return


def _headline(page: PageMetadata) -> _Element | None:
    headings = page.document.h1
    if len(headings) < 2:
        return headings[0] if headings else None
    title = page.found.first("title")
    return next((one for one in headings if visible_text(one) == title), headings[0])


def _blocks(root: _Element | None, heading: _Element | None) -> Iterator[_Element]:
    """The blocks of the article that holds the headline and those behind it, in order; of the only article without one."""
    if root is None:
        return
    if heading is None:
        for name in _BOXES:
            boxes = list(islice(root.iter(name), 2))
            if boxes:
                if len(boxes) == 1:
                    yield from chain(boxes, boxes[0].iter(*_BLOCKS))
                return
        return
    above = [one for one in islice(heading.iterancestors(), MOST_ANCESTORS) if one.tag not in _PAGE]
    boxes = [place for place, one in enumerate(above) if one.tag in _BOXES]
    # Beside the headline and what holds it within the article; without an article only beside the headline.
    for one in (heading, *above[: boxes[0] if boxes else 0]):
        before = islice(one.itersiblings(preceding=True), _MOST_BEFORE)
        yield from (block for block in before if block.tag in _BLOCKS)
    yield from (above[place] for place in boxes[:1])
    for one in chain.from_iterable(part.itersiblings() for part in (heading, *above)):
        if len(one):
            yield from one.iter(*_BLOCKS)
        elif one.tag in _BLOCKS:
            yield one


def _beginning(block: _Element) -> str:
    """The first characters of a block that begins with text of its own; empty for one that holds other blocks.

    Far cheaper than its whole text, which is read only where these begin a notice.
    """
    text, one, parts = block.text or "", block, [block]
    if len(text) > _PARAGRAPH and not text.isspace():
        return text[: 3 * _PARAGRAPH].strip()
    while not text or text.isspace():
        inner = next(iter(one), None)
        if inner is None or inner.tag in _INNER or len(parts) > _MOST_WRAPPERS:
            return ""
        if inner.tag in _UNREAD:
            return next(_paragraphs(block), "")[: 2 * _PARAGRAPH]
        one, text = inner, inner.text or inner.tail or ""
        parts.append(inner)
    for part in (*islice(parts[-1], _FIRST_PIECES), *reversed(parts[1:])):
        if len(text) >= _PARAGRAPH:
            break
        text += f"{part.text or ''}{part.tail or ''}" if part not in parts else part.tail or ""
    return text[: 3 * _PARAGRAPH].strip()


def _is_own(block: _Element, headed: frozenset[_Element]) -> bool:
    """Whether a block is the article's own, no comment, teaser, quotation, caption or link."""
    if block.tag in _APART or is_named_around(block) or _is_in_link(block):
        return False
    above = islice(block.iterancestors(), MOST_ANCESTORS)
    if any(one.tag in _APART and one not in headed for one in above):
        return False
    return not is_around(block, headed, footers=True)


def _is_in_link(element: _Element) -> bool:
    """Whether an element stands in a link, or is nothing but links."""
    if next(element.iterancestors("a"), None) is not None:
        return True
    linked = sum(len(visible_text(one)) for one in islice(element.iter("a"), _MOST_PIECES))
    return linked > 0 and linked * 10 >= 9 * len(visible_text(element))


def _paragraphs(element: _Element) -> Iterator[str]:
    """The texts of an element up to `READ` characters each, parted by blocks and empty lines."""
    from lxml.etree import iterwalk

    walk = iterwalk(element, events=("start", "end"))
    pieces: list[str] = []
    breaks = 0
    for event, part in islice(walk, 20 * _MOST_PIECES):
        if event == "start" and part.tag in _UNREAD:
            walk.skip_subtree()
            continue
        is_break = part.tag == "br" and event == "start"
        breaks = breaks + 1 if is_break else breaks
        if (part.tag in _INNER and part is not element) or breaks > 1:
            if text := clean_text("".join(pieces)[: 2 * READ]):
                yield text
            pieces, breaks = [], 0
        found = part.text if event == "start" else part.tail if part is not element else ""
        if is_break:
            pieces.append(" ")
        if found:
            pieces.append(found)
            breaks = breaks if not found.strip() else 0
    if text := clean_text("".join(pieces)[: 2 * READ]):
        yield text
