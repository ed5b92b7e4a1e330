"""The suggested changes of an article, gathered from all findings about it (rule E1).

A suggestion changes nothing: it is an old and a new value for an editor to choose from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from crawler.model.check import (
    DECLARED_SIZE,
    ChangeKind,
    FieldChange,
    FieldFinding,
    Freshness,
    ImageCode,
    ImageSize,
    KnownArticle,
    LinkedReference,
)
from crawler.model.observation import PageFacts
from crawler.model.role import Role
from crawler.rules.article.amp import AMP_FIELD, CACHE_FIELD
from crawler.rules.article.amp_cache import cache_domain, cache_url, follows
from crawler.rules.image.image_size import size_changes
from crawler.rules.urls import examine
from crawler.rules.verdict.page_evidence import compared_page, of_role

IMAGE_OFFERED = "image-offered"
"""The reason of an image that the page has and the article lacks."""
_FIRST_IMAGE = "images/0"


def suggestions(
    article: KnownArticle,
    freshness: Freshness,
    findings: Sequence[FieldFinding],
    images: Sequence[ImageSize] = (),
    replaced: Sequence[FieldChange] = (),
) -> tuple[FieldChange, ...]:
    """The changes that the drift, the `findings` and the findings about `images` suggest, metadata first.

    `replaced` are the changes to replacing images that were found; other suggestions for the same fields are
    left out.
    """
    page = compared_page(article.own)
    metadata = _metadata(article, freshness, page) if page else ()
    found = (
        *metadata,
        *(change for finding in findings for change in _changes(finding, article.own)),
        *(change for finding in images for change in _true_size(finding, article.own)),
    )
    taken = {change.at for change in replaced}
    return (*(change for change in found if change.at not in taken), *replaced)


def _metadata(
    article: KnownArticle, freshness: Freshness, page: PageFacts
) -> Iterator[FieldChange]:
    image = next((one for one in article.own if one.reference.role is Role.IMAGE), None)
    published = article.published.isoformat() if article.published else None
    sides = {
        "title": (article.title, page.title),
        "excerpt": (article.excerpt, page.description),
        "publishedDateTime": (published, page.published),
        "image": (image.reference.raw if image else None, page.image),
    }
    for name in freshness.drift:
        old, new = sides[name]
        at, line = name, 0
        if image and name == "image":
            at, line = image.reference.pointer, image.reference.line
        yield FieldChange(at, line, ChangeKind.REPLACE, old, new, name)
    if image is None and page.image and not examine(page.image).invalid:
        yield FieldChange(_FIRST_IMAGE, 0, ChangeKind.ADD, None, page.image, IMAGE_OFFERED)


def _true_size(finding: ImageSize, own: Sequence[LinkedReference]) -> Iterator[FieldChange]:
    """The measured width and height, where the file declares other ones or none."""
    if finding.actual is None or finding.reason not in DECLARED_SIZE - {ImageCode.ASPECT_MISMATCH}:
        return
    declared = next(one.reference.declared for one in own if one.reference.pointer == finding.at)
    yield from size_changes(finding.at, declared, finding.actual, finding.reason)


def _changes(finding: FieldFinding, own: Sequence[LinkedReference]) -> Iterator[FieldChange]:
    if finding.change is None:
        return
    old = None if finding.change is ChangeKind.ADD else finding.url
    yield FieldChange(
        finding.at, finding.line, finding.change, old, finding.expected, finding.reason
    )
    if finding.at == AMP_FIELD:
        yield from _copy_follows(finding, finding.change, own)


def _copy_follows(
    finding: FieldFinding, change: ChangeKind, own: Sequence[LinkedReference]
) -> Iterator[FieldChange]:
    """The changes of the cache's address, which is added, replaced and dropped together with the AMP page's."""
    page = finding.expected
    if page is not None and cache_domain(page):
        return
    expected = cache_url(page) if page else None
    copies = list(of_role(own, Role.AMP_CACHE))
    for copy in copies:
        if page is None or not follows(copy.link.url, page):
            where = copy.reference
            yield FieldChange(
                where.pointer, where.line, change, where.raw, expected, finding.reason
            )
    if not copies and change is ChangeKind.ADD:
        yield FieldChange(CACHE_FIELD, 0, change, None, expected, finding.reason)
