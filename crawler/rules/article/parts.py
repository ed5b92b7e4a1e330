"""Parts of pages that links name and the pages do not have (rule K8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.model.check import FieldFinding, Level, LinkedReference
from crawler.model.observation import Anchors
from crawler.model.role import Role
from crawler.rules.anchors import has_part, part_named, texts_named
from crawler.rules.verdict.page_evidence import shown_page

PART_MISSING = "fragment-missing"
TEXT_MISSING = "text-fragment-missing"
_ROLES = (Role.BODY, Role.LINK)


def part_findings(own: Sequence[LinkedReference]) -> tuple[FieldFinding, ...]:
    """The findings about the parts that an article's links name."""
    return tuple(found for linked in own if "#" in linked.reference.raw for found in _of(linked))


def _of(linked: LinkedReference) -> Iterator[FieldFinding]:
    page = shown_page(linked.link) if linked.reference.role in _ROLES else None
    if page is None or page.anchors is None:
        return
    raw, anchors = linked.reference.raw, page.anchors
    part = part_named(raw)
    if part is not None and not has_part(anchors, part):
        yield FieldFinding.about(linked, PART_MISSING, _level(anchors), expected=f"#{part}")
    for text in texts_named(raw):
        if text in anchors.absent:
            yield FieldFinding.about(linked, TEXT_MISSING, Level.INFO, expected=text)


def _level(anchors: Anchors) -> Level:
    """What a script adds later is not in the page as it was sent."""
    return Level.INFO if anchors.is_scripted else Level.WARNING
