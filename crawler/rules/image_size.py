"""The declared size of an image against the one that its first bytes give (RULES 6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from crawler.model.check import ImageSize, Level, LinkedReference, Size
from crawler.rules.policy import ImagePolicy


def image_sizes(
    references: Iterable[LinkedReference], policy: ImagePolicy
) -> tuple[ImageSize, ...]:
    """The findings of all image references, in the order given."""
    return tuple(
        finding
        for linked in references
        if linked.reference.role.is_image
        for finding in _findings(linked, policy)
    )


def _findings(linked: LinkedReference, policy: ImagePolicy) -> Iterator[ImageSize]:
    image = linked.link.image
    if linked.link.verdict.kind.is_gone or image is None:
        return
    if image.width is None or image.height is None or not image.width or not image.height:
        return
    declared_facts = linked.reference.declared
    actual = Size(image.width, image.height)
    if not declared_facts.width or not declared_facts.height:
        yield _finding(linked, "size-missing", Level.INFO, None, actual)
        return
    declared = Size(declared_facts.width, declared_facts.height)
    if declared == actual:
        return
    off = abs(_ratio(actual) / _ratio(declared) - 1)
    level = Level.INFO if off <= policy.resized_within else Level.WARNING
    yield _finding(linked, "size-mismatch", level, declared, actual)
    if off > policy.aspect_off_by:
        yield _finding(linked, "aspect-mismatch", Level.WARNING, declared, actual)


def _ratio(size: Size) -> float:
    return size.width / size.height


def _finding(
    linked: LinkedReference, reason: str, level: Level, declared: Size | None, actual: Size
) -> ImageSize:
    return ImageSize(
        at=linked.reference.pointer,
        line=linked.reference.line,
        reason=reason,
        level=level,
        declared=declared,
        actual=actual,
        url=linked.reference.raw,
    )
