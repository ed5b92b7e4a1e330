"""Candidates: addresses that may replace an article's image, from the page's own image or by https in place of http.

A candidate is visited like any link, and counts only after that: the size that a page gives for its image is a
claim. Only a better image is suggested (rule E2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from crawler.model.check import (
    DEAD_IMAGE,
    ChangeKind,
    FieldChange,
    ImageCode,
    ImageSize,
    KnownArticle,
    Level,
    LinkedReference,
    Size,
)
from crawler.model.link import Link
from crawler.model.role import Role
from crawler.rules.image.image_size import measured, size_changes
from crawler.rules.image.page_image import other_image
from crawler.rules.policy import ImagePolicy
from crawler.rules.urls import examine
from crawler.rules.verdict.page_evidence import answered, compared_page, final_url_of, is_one_of
from crawler.rules.verdict.stand_ins import is_stand_in

_REPLACEABLE = DEAD_IMAGE | {ImageCode.NOT_AN_IMAGE, ImageCode.PLACEHOLDER, ImageCode.TOO_SMALL}
"""The reasons for which another image is a repair."""
_VECTOR = "SVG"
IMAGE_OFFERED = "image-offered"
"""The reason of an image that the page has and the article lacks."""
_DRIFTED = "image"
"""The reason of an image where the page shows another one: the name of the field."""
_FIRST_IMAGE = "images/0"


def candidates(article: KnownArticle, images: Sequence[ImageSize]) -> Iterator[str]:
    """The addresses to visit because of the findings about an article's images."""
    own = [url for _, _, url in _pages_own(article, images)]
    yield from own
    yield from (url for linked, url in _encrypted(article) if final_url_of(linked.link) != url)
    other = other_image(article)
    if other is not None and not own:
        yield other[1]


def candidate_changes(
    article: KnownArticle,
    images: Sequence[ImageSize],
    known: Mapping[str, Link],
    policy: ImagePolicy,
    *,
    is_its: bool,
) -> tuple[FieldChange, ...]:
    """The changes to candidates that are better as measured. `known` are their links by address; `is_its` says that
    the page is recognised as the article's: only then are its images the article's (rule E7)."""
    encrypted = tuple(_over_https(article, known))
    if not is_its:
        return encrypted
    found = (*_larger(article, images, known, policy), *encrypted)
    taken = {change.at for change in found}
    other = tuple(_other(article, known, policy))
    return (*found, *(change for change in other if other[0].at not in taken))


def _larger(
    article: KnownArticle,
    images: Sequence[ImageSize],
    known: Mapping[str, Link],
    policy: ImagePolicy,
) -> Iterator[FieldChange]:
    for linked, finding, url in _pages_own(article, images):
        link = known.get(url)
        size = measured(link.image) if link and answered(link) else None
        if size is None or not _is_better(size, linked.link, finding, policy):
            continue
        where = linked.reference
        yield FieldChange(
            where.pointer, where.line, ChangeKind.REPLACE, where.raw, url, finding.reason
        )
        yield from size_changes(where.pointer, where.declared, size, finding.reason)


def _other(
    article: KnownArticle, known: Mapping[str, Link], policy: ImagePolicy
) -> Iterator[FieldChange]:
    """The page's own image, where it shows another one than the article, or the article has none."""
    other = other_image(article)
    if other is None:
        return
    linked, url = other
    link = known.get(url)
    size = measured(link.image) if link and answered(link) else None
    if size is None or not _is_large(size, policy):
        return
    if linked is None:
        yield FieldChange(_FIRST_IMAGE, 0, ChangeKind.ADD, None, url, IMAGE_OFFERED)
        return
    old = measured(linked.link.image)
    best = policy.too_small_info
    is_as_good = size.width >= best.width and size.height >= best.height
    if old and not is_as_good and (size.width < old.width or size.height < old.height):
        return
    where = linked.reference
    yield FieldChange(where.pointer, where.line, ChangeKind.REPLACE, where.raw, url, _DRIFTED)
    yield from size_changes(where.pointer, where.declared, size, _DRIFTED)


def _is_large(size: Size, policy: ImagePolicy) -> bool:
    least = policy.too_small_warning
    return size.width >= least.width and size.height >= least.height


def _over_https(article: KnownArticle, known: Mapping[str, Link]) -> Iterator[FieldChange]:
    for linked, url in _encrypted(article):
        link = known.get(url)
        led = final_url_of(linked.link) == url
        if led or (link is not None and answered(link) and _is_same(linked.link, link)):
            where = linked.reference
            reason = ImageCode.MIXED_CONTENT.value
            yield FieldChange(where.pointer, where.line, ChangeKind.REPLACE, where.raw, url, reason)


def _pages_own(
    article: KnownArticle, images: Sequence[ImageSize]
) -> Iterator[tuple[LinkedReference, ImageSize, str]]:
    """The first image, the finding about it, and the address of the page's own image."""
    page = compared_page(article.own)
    linked = next((one for one in article.own if one.reference.role is Role.IMAGE), None)
    if page is None or not page.stated_image or linked is None or is_stand_in(page.stated_image):
        return
    found = examine(page.stated_image)
    if found.invalid or is_one_of(found.url, (linked.link.url, final_url_of(linked.link))):
        return
    for finding in images:
        is_its = finding.at == linked.reference.pointer and finding.reason in _REPLACEABLE
        if is_its and finding.level is not Level.INFO:
            yield linked, finding, found.url
            return


def _encrypted(article: KnownArticle) -> Iterator[tuple[LinkedReference, str]]:
    """The images that answer over http, each with its https address."""
    for linked in article.own:
        url = linked.link.url
        if linked.reference.role.is_image and url.startswith("http://") and answered(linked.link):
            found = examine(f"https{url.removeprefix('http')}")
            if not found.invalid:
                yield linked, found.url


def _is_better(size: Size, stored: Link, finding: ImageSize, policy: ImagePolicy) -> bool:
    """Whether a measured candidate is large enough and better than the stored image."""
    least = policy.too_small_error
    if size.width < least.width or size.height < least.height:
        return False
    old = measured(stored.image)
    if finding.reason != ImageCode.TOO_SMALL or old is None:
        return True
    return size.width > old.width and size.height > old.height


def _is_same(one: Link, other: Link) -> bool:
    """Whether two addresses gave the same image, by fingerprint where both have one."""
    a, b = one.image, other.image
    if a is None or b is None:
        return False
    if a.fingerprint and b.fingerprint:
        return a.fingerprint == b.fingerprint
    size = measured(a)
    return size is not None and (a.type, size, a.bytes) == (b.type, measured(b), b.bytes)
