"""What is said of an image that is a file of the collection: nobody on the web was asked for it."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.model.observation import FailureKind, Observation
from crawler.model.verdict import VerdictKind
from crawler.reporting.escaping import printable

_LONGEST = 300
_FAILED = {
    FailureKind.IMAGE_FILE_MISSING: "the collection has no such file",
    FailureKind.IMAGE_FOLDER_MISSING: "the collection has no such file, and no images at such a place",
    FailureKind.IMAGE_FILE_CLOSED: "the file could not be read",
}


def seen(look: Observation) -> str:
    """What one look at the file found, in one clause. Safe for a terminal."""
    if look.failure is not None:
        detail = f" ({printable(look.failure_detail, _LONGEST)})" if look.failure_detail else ""
        return _FAILED[look.failure] + detail
    image = look.image
    assert image is not None
    size = f" of {image.width}x{image.height}" if image.width and image.height else ""
    length = f", {image.bytes:,} bytes" if image.bytes is not None else ""
    return f"the file is there: {image.type or 'no image that is known'}{size}{length}"


def would_change(kind: VerdictKind) -> Iterator[str]:
    """What would give it another verdict."""
    if kind is VerdictKind.ALIVE:
        yield "It is broken when the file is gone, or is a page in place of an image."
    else:
        yield "It is alive when the file is there and is an image."
