"""All findings about an article's images (rules I4 to I16, docs/images.md).

Each fault is reported once (rule I15): an image that is gone, tiny or far too small has no further finding that
another image would repair as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from crawler.model.check import ImageCode, ImageSize, Level, LinkedReference, Size
from crawler.model.observation import ImageFacts
from crawler.model.reference import Scope
from crawler.model.role import COMPARED, Role
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.rules.image.image_formats import (
    FORMATS,
    NO_IMAGES,
    ending,
    named_otherwise,
    served_as_found,
    served_otherwise,
)
from crawler.rules.image.image_size import about_size, image_sizes, measured
from crawler.rules.image.image_uses import NO_SHARED_IMAGES, SharedImages
from crawler.rules.image.signed_urls import Signer, expiry
from crawler.rules.policy import ImagePolicy
from crawler.rules.verdict.page_evidence import final_url_of, of_role

_VECTOR = "SVG"
_FIRST_IMAGE = "images/0"
_ANSWERED = (VerdictKind.ALIVE, VerdictKind.MOVED)
_LEFT_OUT = (VerdictKind.INVALID, VerdictKind.EXCLUDED)


def image_checks(
    own: Sequence[LinkedReference],
    policy: ImagePolicy,
    now: datetime,
    shared: SharedImages = NO_SHARED_IMAGES,
    news_since: int | None = None,
) -> tuple[ImageSize, ...]:
    """The findings about the images among an article's references, in the order given.

    `shared` are the images that are on many articles; what happened once is told of visits in runs after `news_since`. References of `related` articles may be given alone: findings
    that need the rest of their article are then left out.
    """
    page = next(of_role(own, *COMPARED), None)
    is_encrypted = page is not None and page.link.url.startswith("https:")
    return tuple(
        finding
        for linked in own
        if linked.reference.role.is_image
        for finding in (
            *_of_image(linked, policy, now, shared, is_encrypted),
            *_levelled(_replaced(linked, news_since), policy),
        )
    )


def _of_image(
    linked: LinkedReference,
    policy: ImagePolicy,
    now: datetime,
    shared: SharedImages,
    is_encrypted: bool,
) -> Iterator[ImageSize]:
    verdict = linked.link.verdict
    if verdict.kind in _LEFT_OUT:
        return
    if verdict.kind.is_gone:
        code = ImageCode.HTML if verdict.reason == ImageCode.HTML else ImageCode.DEAD
        yield from _levelled([_finding(linked, code, Level.ERROR)], policy)
        return
    image = linked.link.image
    if image and image.type in NO_IMAGES:
        found = [_finding(linked, ImageCode.NOT_AN_IMAGE, Level.ERROR, image.type)]
        yield from _levelled(found, policy)
    elif image:
        yield from _of_content(linked, image, policy, shared.count(linked))
    else:
        yield from _levelled(_shared(linked, shared.count(linked)), policy)
    yield from _levelled(_of_address(linked, policy, now, is_encrypted), policy)


def _of_content(
    linked: LinkedReference, image: ImageFacts, policy: ImagePolicy, pages: int
) -> Iterator[ImageSize]:
    """The findings by the bytes of an image that answered."""
    size = measured(image)
    tiny = list(_levelled(_tiny(linked, size, policy), policy))
    yield from tiny
    if not tiny:
        yield from _levelled(image_sizes([linked], policy), policy)
        yield from _unfit(linked, image, policy, pages)
    yield from _levelled((*_weight(linked, image, policy), *_type(linked, image)), policy)


def _unfit(
    linked: LinkedReference, image: ImageFacts, policy: ImagePolicy, pages: int
) -> Iterator[ImageSize]:
    """The reasons for another image; the lesser ones only where there is no graver one."""
    size = measured(image)
    is_raster = image.type != _VECTOR
    found = list(_levelled(_shared(linked, pages), policy))
    found += _levelled(_bomb(linked, image, size, policy), policy)
    if not found and linked.reference.role is Role.IMAGE and size and is_raster:
        found += _levelled(_too_small(linked, size, policy), policy)
    yield from found
    reference = linked.reference
    is_preview = reference.scope is Scope.OWN and reference.pointer == _FIRST_IMAGE
    if is_preview and all(one.level is Level.INFO for one in found):
        yield from _levelled(_preview(linked, image, size, policy), policy)


def _tiny(linked: LinkedReference, size: Size | None, policy: ImagePolicy) -> Iterator[ImageSize]:
    most = policy.placeholder_size
    if size and size.width <= most.width and size.height <= most.height:
        yield about_size(linked, ImageCode.PLACEHOLDER, Level.WARNING, None, size)


def _bomb(
    linked: LinkedReference, image: ImageFacts, size: Size | None, policy: ImagePolicy
) -> Iterator[ImageSize]:
    if size and size.width * size.height > policy.bomb_pixels and image.type != _VECTOR:
        yield about_size(linked, ImageCode.BOMB, Level.ERROR, None, size)


def _too_small(linked: LinkedReference, size: Size, policy: ImagePolicy) -> Iterator[ImageSize]:
    """Facebook's three sizes (rule I5)."""
    for least, level in (
        (policy.too_small_error, Level.ERROR),
        (policy.too_small_warning, Level.WARNING),
        (policy.too_small_info, Level.INFO),
    ):
        if _is_under(size, least):
            yield about_size(linked, ImageCode.TOO_SMALL, level, None, size)
            return


def _preview(
    linked: LinkedReference, image: ImageFacts, size: Size | None, policy: ImagePolicy
) -> Iterator[ImageSize]:
    """The uses that only the article's first image has: the large card (rule I6) and Discover (rule I7)."""
    unfit = _unfit_for_card(image, size, policy)
    if unfit is not None:
        yield _finding(linked, ImageCode.CARD, Level.INFO, unfit)
    if size and image.type != _VECTOR and size.width < policy.discover_width:
        yield about_size(linked, ImageCode.DISCOVER, Level.INFO, None, size)


def _unfit_for_card(image: ImageFacts, size: Size | None, policy: ImagePolicy) -> str | None:
    if image.type == _VECTOR:
        return image.type
    most = policy.card_most
    if size and (_is_under(size, policy.card_least) or _is_under(most, size)):
        return str(size)
    heavy = image.bytes is not None and image.bytes >= policy.card_weight
    return megabytes(image.bytes or 0) if heavy else None


def _weight(linked: LinkedReference, image: ImageFacts, policy: ImagePolicy) -> Iterator[ImageSize]:
    weight = image.bytes or 0
    if weight > policy.weight_warning:
        level = Level.ERROR if weight > policy.weight_error else Level.WARNING
        yield _finding(linked, ImageCode.WEIGHT, level, megabytes(weight))


def _type(linked: LinkedReference, image: ImageFacts) -> Iterator[ImageSize]:
    """The server's media type counts for more than the name: a server may send another format than the name says."""
    if image.type not in FORMATS:
        return
    url, served = final_url_of(linked.link), image.served_type
    if served_otherwise(image.type, served):
        detail = f"{image.type}, served as {served}"
        yield _finding(linked, ImageCode.TYPE_MISMATCH, Level.WARNING, detail)
    elif named_otherwise(image.type, url):
        level = Level.INFO if served_as_found(image.type, served) else Level.WARNING
        detail = f"{image.type}, named .{ending(url)}"
        yield _finding(linked, ImageCode.TYPE_MISMATCH, level, detail)


def _replaced(linked: LinkedReference, news_since: int | None) -> Iterator[ImageSize]:
    """That the picture at the address is another one (rule I20), once: by the report of the run that saw it."""
    link = linked.link
    is_news = news_since is not None and link.run is not None and link.run > news_since
    if is_news and WarningCode.IMAGE_CHANGED in link.verdict.warnings:
        yield _finding(linked, ImageCode.REPLACED, Level.INFO)


def _shared(linked: LinkedReference, pages: int) -> Iterator[ImageSize]:
    if pages and linked.reference.role is Role.IMAGE:
        detail = f"the same on {pages:,} pages"
        yield _finding(linked, ImageCode.PLACEHOLDER, Level.WARNING, detail)


def _of_address(
    linked: LinkedReference, policy: ImagePolicy, now: datetime, is_encrypted: bool
) -> Iterator[ImageSize]:
    """The findings by the address alone, whether it answered or not (rules I11, I12)."""
    url = linked.link.url
    ends = expiry(url)
    if ends is not None and ends.at - now <= policy.expiring_within:
        level = Level.WARNING
        if ends.at <= now and not (
            ends.signer is Signer.UNKNOWN and _answered_after(linked, ends.at)
        ):
            level = Level.ERROR
        yield _finding(linked, ImageCode.EXPIRING, level, ends.at.date().isoformat())
    if is_encrypted and url.startswith("http:"):
        yield _finding(linked, ImageCode.MIXED_CONTENT, Level.WARNING)


def _answered_after(linked: LinkedReference, ended: datetime) -> bool:
    """Whether the address answered after its end: the parameter then probably means something else."""
    link = linked.link
    seen = link.checked_at
    return link.verdict.kind in _ANSWERED and seen is not None and seen > ended


def _is_under(size: Size, least: Size) -> bool:
    return size.width < least.width or size.height < least.height


def megabytes(weight: int) -> str:
    """Bytes as people read them: `1.4 MB`."""
    return f"{weight / 1e6:,.1f} MB"


def _finding(
    linked: LinkedReference, code: ImageCode, level: Level, detail: str | None = None
) -> ImageSize:
    where = linked.reference
    is_cached = bool(where.declared.is_cached)
    return ImageSize(
        where.pointer, where.line, code.value, level, None, None, where.raw, detail, is_cached
    )


def _levelled(found: Iterable[ImageSize], policy: ImagePolicy) -> Iterator[ImageSize]:
    """The findings at the levels that the policy sets, without those that it leaves out."""
    for finding in found:
        level = policy.levels.get(ImageCode(finding.reason), finding.level)
        if level is not None:
            yield finding if level is finding.level else replace(finding, level=level)
