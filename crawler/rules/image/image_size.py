"""The declared size of an image against the one that its first bytes give (rule I4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from crawler.model.check import (
    ChangeKind,
    FieldChange,
    ImageCode,
    ImageSize,
    Level,
    LinkedReference,
    Size,
)
from crawler.model.observation import ImageFacts
from crawler.model.reference import Declared
from crawler.model.role import Role
from crawler.rules.policy import ImagePolicy

_ENTRY = re.compile(r"(?:.*/)?images/[0-9]+(?:/url)?")
"""The pointer of an image that has its size beside it."""


def image_sizes(
    references: Iterable[LinkedReference], policy: ImagePolicy
) -> tuple[ImageSize, ...]:
    """The findings of all image references, in the order given; providers' icons have none."""
    return tuple(
        finding
        for linked in references
        if linked.reference.role is Role.IMAGE
        for finding in _findings(linked, policy)
    )


def measured(image: ImageFacts | None) -> Size | None:
    """The displayed size by the first bytes; None where they do not say it."""
    return Size(image.width, image.height) if image and image.width and image.height else None


def about_size(
    linked: LinkedReference, code: ImageCode, level: Level, declared: Size | None, actual: Size
) -> ImageSize:
    """A finding about the measured size of an image."""
    where = linked.reference
    is_cached = bool(where.declared.is_cached)
    return ImageSize(
        where.pointer,
        where.line,
        code.value,
        level,
        declared,
        actual,
        where.raw,
        is_cached=is_cached,
    )


def sides_of(at: str) -> tuple[str, ...]:
    """The places of an image's width and height; none where it is a field by itself, under a name of the collection's own."""
    if _ENTRY.fullmatch(at):
        return f"{at}/width", f"{at}/height"
    parent, _, name = at.rpartition("/")
    return (f"{parent}/width", f"{parent}/height") if parent and not name.isdecimal() else ()


def size_changes(at: str, declared: Declared, size: Size, reason: str) -> Iterator[FieldChange]:
    """The changes that give an image's width and height fields the measured size."""
    stated = ((declared.width, size.width), (declared.height, size.height))
    for place, (old, new) in zip(sides_of(at), stated, strict=False):
        if old is None:
            yield FieldChange(place, 0, ChangeKind.ADD, None, str(new), reason)
        elif old != new:
            yield FieldChange(place, 0, ChangeKind.REPLACE, str(old), str(new), reason)


def _findings(linked: LinkedReference, policy: ImagePolicy) -> Iterator[ImageSize]:
    actual = measured(linked.link.image)
    if linked.link.verdict.kind.is_gone or actual is None:
        return
    facts = linked.reference.declared
    if not facts.width or not facts.height:
        # A collection that keeps its images under other names declares a size, or has no place for one.
        if not (facts.width or facts.height or _ENTRY.fullmatch(linked.reference.pointer)):
            return
        yield about_size(linked, ImageCode.SIZE_MISSING, Level.INFO, None, actual)
        return
    declared = Size(facts.width, facts.height)
    if declared == actual:
        return
    off = abs(_ratio(actual) / _ratio(declared) - 1)
    level = Level.INFO if off <= policy.resized_within else Level.WARNING
    yield about_size(linked, ImageCode.SIZE_MISMATCH, level, declared, actual)
    if off > policy.aspect_off_by:
        yield about_size(linked, ImageCode.ASPECT_MISMATCH, Level.WARNING, declared, actual)


def _ratio(size: Size) -> float:
    return size.width / size.height
