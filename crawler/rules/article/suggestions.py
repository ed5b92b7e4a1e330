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
from crawler.rules.article.recognition import is_about_it, is_recognised
from crawler.rules.image.image_size import sides_of, size_changes
from crawler.rules.verdict.page_evidence import compared_page, final_url_of, of_role
from crawler.rules.verdict.stand_ins import leads_to_stand_in


def suggestions(
    article: KnownArticle,
    freshness: Freshness,
    findings: Sequence[FieldFinding],
    images: Sequence[ImageSize] = (),
    replaced: Sequence[FieldChange] = (),
) -> tuple[FieldChange, ...]:
    """The changes that the drift, the `findings` and the findings about `images` suggest, metadata first.

    `replaced` are the changes to replacing images that were found; other suggestions for the same images are
    left out, their size too: it is that of the image before.
    """
    page = compared_page(article.own)
    is_its = page is not None and is_recognised(article, page, freshness)
    metadata = _metadata(article, freshness, page) if page and is_its else ()
    found = (
        *metadata,
        *(change for finding in findings for change in _changes(finding, article.own)),
        *(change for finding in images for change in _true_size(finding, article.own)),
    )
    taken = {at for change in replaced for at in (change.at, *sides_of(change.at))}
    return (*(change for change in found if change.at not in taken), *replaced)


def _metadata(
    article: KnownArticle, freshness: Freshness, page: PageFacts
) -> Iterator[FieldChange]:
    """What the page says, where it is recognised as the article's (rule E7)."""
    published = article.published.isoformat() if article.published else None
    sides = {
        "title": (article.title, page.title),
        "excerpt": (article.excerpt, page.description),
        "publishedDateTime": (published, page.published),
    }
    for name in freshness.drift:
        old, new = sides.get(name, (None, None))
        if new and (name == "publishedDateTime" or is_about_it(article, name, new)):
            yield FieldChange(name, 0, ChangeKind.REPLACE, old, new, name)


def _true_size(finding: ImageSize, own: Sequence[LinkedReference]) -> Iterator[FieldChange]:
    """The measured width and height, where the file declares other ones or none."""
    if finding.actual is None or finding.reason not in DECLARED_SIZE - {ImageCode.ASPECT_MISMATCH}:
        return
    linked = next(one for one in own if one.reference.pointer == finding.at)
    if not leads_to_stand_in(linked.link.url, final_url_of(linked.link)):
        declared = linked.reference.declared
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
