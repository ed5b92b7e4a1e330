"""What one visit found, in one clause. Safe for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.model.observation import FailureKind, Observation, Sibling
from crawler.model.verdict import VerdictKind
from crawler.reporting.words.escaping import printable
from crawler.rules.places import same_end
from crawler.rules.verdict.page_state import is_success

_TEXT_LIMIT = 300
_FAILED = {
    FailureKind.IMAGE_FILE_MISSING: "the collection has no such file",
    FailureKind.IMAGE_FOLDER_MISSING: "the collection has no such file, and no images at such a place",
    FailureKind.IMAGE_FILE_CLOSED: "the file could not be read",
}


def answer(seen: Observation) -> str:
    """What a visit, or a look at a file, came to."""
    if seen.is_of_file:
        return _file(seen)
    parts = []
    if seen.status is not None:
        parts.append(f"the server answered {seen.status}")
    if seen.failure is not None:
        parts.append(f"the visit failed, {seen.failure.value}")
    if seen.sign is not None:
        parts.append(f"the page shows signs of {seen.sign.value}")
    if seen.sibling is not None:
        parts.append(_sibling(seen.final_url or seen.url, seen.sibling))
    text = ", ".join(parts) or "nothing was noted"
    return text + (
        f" ({printable(seen.failure_detail, _TEXT_LIMIT)})" if seen.failure_detail else ""
    )


def _sibling(end: str, sibling: Sibling) -> str:
    """What the site gave for an address that cannot exist, in one clause."""
    url = printable(sibling.url, _TEXT_LIMIT)
    if sibling.status is None:
        gave = "gave no telling answer"
    elif not is_success(sibling.status):
        gave = f"gave {sibling.status}"
    elif same_end(end, sibling.final_url or sibling.url):
        gave = "ended at the same place"
    elif sibling.alike is None:
        gave = "gave the same bare page"
    else:
        gave = f"gave {sibling.status} and a page {sibling.alike:.0%} alike"
    return f"while {url}, which cannot exist, {gave}"


def _file(look: Observation) -> str:
    """An image that is a file of the collection: nobody on the web was asked for it."""
    if look.failure is not None:
        detail = f" ({printable(look.failure_detail, _TEXT_LIMIT)})" if look.failure_detail else ""
        return _FAILED[look.failure] + detail
    image = look.image
    assert image is not None
    size = f" of {image.width}x{image.height}" if image.width and image.height else ""
    length = f", {image.bytes:,} bytes" if image.bytes is not None else ""
    return f"the file is there: {image.type or 'no image that is known'}{size}{length}"


def would_change_file(kind: VerdictKind) -> Iterator[str]:
    """What would give an image of the collection another verdict."""
    if kind is VerdictKind.ALIVE:
        yield "It is broken when the file is gone, or is a page in place of an image."
    else:
        yield "It is alive when the file is there and is an image."
