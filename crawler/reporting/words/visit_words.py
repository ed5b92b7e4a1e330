"""The result of one visit, in one clause. Safe for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.model.observation import FailureKind, Neighbour, Observation, Probe
from crawler.model.verdict import VerdictKind
from crawler.reporting.words.escaping import printable
from crawler.rules.places import same_end
from crawler.rules.verdict.statuses import is_success

_TEXT_LIMIT = 300
_FAILED = {
    FailureKind.IMAGE_FILE_MISSING: "the collection has no such file",
    FailureKind.IMAGE_FOLDER_MISSING: "the collection has no such file, and no images at such a place",
    FailureKind.IMAGE_FILE_CLOSED: "the file could not be read",
    FailureKind.FILE_MISSING: "the collection has no such file, and no page at such an address",
}
_NEIGHBOURS = {
    Neighbour.SINCE: "while another link of the site was answered as itself after it",
    Neighbour.LATELY: "while another link of the site was answered as itself in the time before",
}


def answer(seen: Observation) -> str:
    """The result of a visit, or of reading a file of the collection."""
    if seen.is_of_file:
        return _file(seen)
    parts = []
    further = seen.further
    if further.over_https is not None:
        parts.append(f"over http the visit failed, {further.over_https.value}, and over https")
    if seen.status is not None:
        parts.append(f"the server answered {seen.status}")
    if further.is_accepted:
        parts.append("which the configuration accepts")
    if further.is_withheld:
        parts.append("without the credential that the site wants")
    if seen.failure is not None:
        parts.append(f"the visit failed, {seen.failure.value}")
    if seen.sign is not None:
        parts.append(f"the page shows signs of {seen.sign.value}")
    if seen.probe is not None:
        parts.append(_probe(seen.final_url or seen.url, seen.probe))
    if further.front is not None:
        parts.append(_root(further.front))
    if further.neighbour is not None:
        parts.append(_NEIGHBOURS[further.neighbour])
    text = ", ".join(parts) or "nothing was noted"
    return text + (
        f" ({printable(seen.failure_detail, _TEXT_LIMIT)})" if seen.failure_detail else ""
    )


def _probe(end: str, probe: Probe) -> str:
    """The answer to the probe, an address that cannot exist, in one clause."""
    url = printable(probe.url, _TEXT_LIMIT)
    if probe.status is None:
        gave = "gave no telling answer"
    elif not is_success(probe.status):
        gave = f"gave {probe.status}"
    elif same_end(end, probe.final_url or probe.url):
        gave = "ended at the same place"
    elif probe.alike is None:
        gave = "gave the same bare page"
    else:
        gave = f"gave {probe.status} and a page {probe.alike:.0%} alike"
    return f"while {url}, which cannot exist, {gave}"


def _root(front: Probe) -> str:
    """What the root of the site gave."""
    if front.status is None:
        return "while the root of the site gave no telling answer"
    end = printable(front.final_url or front.url, _TEXT_LIMIT)
    alike = "" if front.alike is None else f" and a page {front.alike:.0%} alike"
    return f"while the root of the site gave {front.status} at {end}{alike}"


def _file(look: Observation) -> str:
    """The result for a file of the collection, for which no request was made."""
    if look.failure is not None:
        detail = f" ({printable(look.failure_detail, _TEXT_LIMIT)})" if look.failure_detail else ""
        return _FAILED[look.failure] + detail
    image = look.image
    if image is None:
        return "the file is there"
    size = f" of {image.width}x{image.height}" if image.width and image.height else ""
    length = f", {image.bytes:,} bytes" if image.bytes is not None else ""
    return f"the file is there: {image.type or 'no image that is known'}{size}{length}"


def would_change_file(kind: VerdictKind) -> Iterator[str]:
    """The sentences on what would give a file of the collection another verdict."""
    if kind is VerdictKind.ALIVE:
        yield "It is broken when the file is gone, or is a page in place of an image."
    else:
        yield "It is alive when the file is there, and is an image where one is meant."
