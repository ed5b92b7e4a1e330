"""Images by ranges: the first 16 KB, then as much more as the prober needs (rules I1, I2).

Ranges are asked of an origin that has offered them with an earlier image (`Accept-Ranges: bytes`). A range must
never be the reason for a missing image: where an origin answers it with something that is no image, and at its
first refusal, the whole image is asked for as a reader would.

Where the first bytes lead to a directory behind the data, one more range is asked for there.
"""

from __future__ import annotations

from crawler.extractors.image.prober_answer import PIECE, STEPS, Info, NotAnImage
from crawler.fetching.answer import Answer, BodyEnd
from crawler.fetching.visit import LinkVisit, origin_of
from crawler.transport.http_status import (
    NOT_MODIFIED,
    PARTIAL_CONTENT,
    REDIRECTS,
    TOO_MANY_REQUESTS,
)
from crawler.transport.transfer import PartAsked, Transfer

_MOST_PARTS = len(STEPS) + 1
"""An origin may give less than it was asked for, but not for ever."""
_SAYS_NOTHING = frozenset({NOT_MODIFIED, TOO_MANY_REQUESTS, 503, *REDIRECTS})
"""No refusal of a range: nothing new, not now, elsewhere."""


class Ranges:
    """What the origins of one run have shown. `wanted` false asks for no range ever."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._offered: set[str] = set()
        self._failed: set[str] = set()
        self._honest: set[str] = set()

    def prepare(self, visit: LinkVisit) -> None:
        """Set the range of the visit's next request; none where it asks for the whole image."""
        origin = origin_of(visit.url)
        transfer = visit.transfer
        transfer.part = None
        if (
            self._wanted
            and transfer.image is not None
            and not visit.retries
            and not visit.asks_whole
            and origin in self._offered - self._failed
        ):
            image = transfer.image
            first, needs = len(image.data), image.needs
            if image.behind is not None:
                last = image.behind + PIECE - 1
                transfer.part = PartAsked(image.behind, last, is_behind=True)
            else:
                transfer.part = PartAsked(first, max(needs, STEPS[0]) - 1)

    def goes_on(self, visit: LinkVisit, answer: Answer) -> bool:
        """Whether the visit has to ask once more: for its next bytes, or for the whole."""
        transfer, image = visit.transfer, visit.transfer.image
        if image is None:
            return False
        origin = origin_of(visit.url)
        if transfer.part is None:
            self._learn(origin, visit, answer)
            return self._goes_behind(visit, answer)
        if transfer.part.is_behind:
            fits = transfer.part.fits or answer.status != PARTIAL_CONTENT
            if (answer.status < 400 and fits) or answer.status in _SAYS_NOTHING:
                return False
        elif answer.status == PARTIAL_CONTENT:
            if self._goes_behind(visit, answer):
                return True
            if isinstance(image.found, Info) or _is_at_end(transfer, answer):
                return False
            fits = transfer.part.fits and image.found is None
            if fits and image.parts < _MOST_PARTS and answer.body:
                visit.transfer = transfer.next_part(answer.header(b"ETag"))
                return True
            if not isinstance(image.found, NotAnImage):
                self._failed.add(origin)
        elif answer.status < 400 or answer.status in _SAYS_NOTHING or origin in self._honest:
            return False
        visit.again()
        visit.asks_whole = True
        return True

    def _goes_behind(self, visit: LinkVisit, answer: Answer) -> bool:
        """Whether the visit asks for the piece behind the data: where there is one, and its origin gives ranges."""
        transfer, image = visit.transfer, visit.transfer.image
        assert image is not None
        total = transfer.total_bytes
        if (
            not self._wanted
            or visit.asks_whole
            or visit.retries
            or image.parts >= _MOST_PARTS
            or answer.status not in (200, PARTIAL_CONTENT)
            or image.behind is None
            or total is None
            or image.behind >= total
            or origin_of(visit.url) not in self._offered - self._failed
        ):
            return False
        visit.transfer = transfer.next_part(answer.header(b"ETag"))
        return True

    def _learn(self, origin: str, visit: LinkVisit, answer: Answer) -> None:
        offered = (answer.header(b"Accept-Ranges") or b"").strip().lower() == b"bytes"
        image = visit.transfer.image
        if answer.status == 200 and offered:
            self._offered.add(origin)
        if visit.asks_whole and answer.status >= 400:
            self._honest.add(origin)
        elif visit.asks_whole and image is not None and isinstance(image.found, Info):
            # It serves the image to a reader, and something else for a range.
            self._failed.add(origin)


def _is_at_end(transfer: Transfer, answer: Answer) -> bool:
    """Whether no more bytes are to be had: the whole is here, or the answer broke off."""
    if transfer.cut_late or answer.end is BodyEnd.BROKEN_OFF:
        return True
    image, part = transfer.image, transfer.part
    assert image is not None
    assert part is not None
    return part.fits and image.found is None and len(image.data) == transfer.total_bytes
