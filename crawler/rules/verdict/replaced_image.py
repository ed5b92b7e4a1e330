"""Whether an address shows another picture than before (rule I20)."""

from __future__ import annotations

from collections.abc import Sequence

from crawler.model.observation import ImageFacts, Observation

_WHOLE = (200, 206)
Sight = tuple[Observation, ImageFacts]


def is_replaced(history: Sequence[Observation]) -> bool:
    """Whether the last run of `history`, oldest first, got another picture than the one before.

    Fingerprint and validator must both have changed. The same picture in another format is none, nor is one that was there
    before, nor an address that shows another picture at every visit, such as a webcam's.
    """
    if not history:
        return False
    by_run = {seen.run: (seen, image) for seen in history if (image := _picture(seen)) is not None}
    if history[-1].run not in by_run:
        return False
    *before, now = by_run.values()
    if not before or not _is_another(before[-1], now):
        return False
    if any(image.fingerprint == now[1].fingerprint for _, image in before):
        return False
    return len(before) == 1 or not _is_another(before[-2], before[-1])


def _picture(seen: Observation) -> ImageFacts | None:
    """The picture that the web gave, if it can be compared."""
    image = seen.kept_image
    if image is None or image.fingerprint is None or seen.status not in _WHOLE:
        return None
    return image if seen.inconclusive is None else None


def _is_another(before: Sight, now: Sight) -> bool:
    (seen_before, one), (seen_now, other) = before, now
    if one.fingerprint == other.fingerprint or _is_reformatted(one, other):
        return False
    validators = (
        (_opaque(seen_before.etag), _opaque(seen_now.etag)),
        (seen_before.last_modified, seen_now.last_modified),
    )
    return any(old and new and old != new for old, new in validators)


def _is_reformatted(one: ImageFacts, other: ImageFacts) -> bool:
    """Whether a server may have sent the same picture in another format, as it does for some readers."""
    same_size = (one.width, one.height) == (other.width, other.height)
    return one.type != other.type and same_size


def _opaque(etag: str | None) -> str | None:
    return etag.removeprefix("W/") if etag else None
