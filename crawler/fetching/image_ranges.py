"""Images by ranges: the first 16 KB, then as much more as the prober needs (rules I1, I2).

Ranges are asked of an origin that has offered them with an earlier image (`Accept-Ranges: bytes`). A range must
never be the reason for a missing image: where an origin answers it with something that is no image, and at its
first refusal, the whole image is asked for as a reader would.

Where the first bytes lead to a directory behind the data, one more range is asked for there.
"""

from __future__ import annotations

from enum import Flag, auto

from crawler.extractors.image.prober_answer import PIECE, STEPS, Info, NotAnImage
from crawler.fetching.answer import Answer, BodyEnd
from crawler.fetching.visit import LinkVisit, origin_of
from crawler.transport.http_status import (
    NOT_MODIFIED,
    PARTIAL_CONTENT,
    REDIRECTS,
    TOO_MANY_REQUESTS,
)
from crawler.transport.recently_used import RecentlyUsed
from crawler.transport.transfer import PartAsked, Transfer

_MOST_PARTS = len(STEPS) + 1
"""An origin may give less than it was asked for, but not for ever."""
_SAYS_NOTHING = frozenset({NOT_MODIFIED, TOO_MANY_REQUESTS, 503, *REDIRECTS})
"""No refusal of a range: nothing new, not now, elsewhere."""

MOST_ORIGINS = 20_000
"""Origins of which it is kept what they have shown; of others the whole image is asked."""


class _Shown(Flag):
    """What an origin has shown: that it offers ranges, that a range was a reason for no image, that it refuses a whole
    image as it refuses a range."""

    NOTHING = 0
    OFFERED = auto()
    FAILED = auto()
    HONEST = auto()


class Ranges:
    """What the origins of one run have shown. `wanted` false asks for no range ever."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._origins = RecentlyUsed[str, _Shown](MOST_ORIGINS)

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
            and self._gives(origin)
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
                self._note(origin, _Shown.FAILED)
        elif (
            answer.status < 400
            or answer.status in _SAYS_NOTHING
            or self._shown(origin) & _Shown.HONEST
        ):
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
            or not self._gives(origin_of(visit.url))
        ):
            return False
        visit.transfer = transfer.next_part(answer.header(b"ETag"))
        return True

    def _learn(self, origin: str, visit: LinkVisit, answer: Answer) -> None:
        offered = (answer.header(b"Accept-Ranges") or b"").strip().lower() == b"bytes"
        image = visit.transfer.image
        if answer.status == 200 and offered:
            self._note(origin, _Shown.OFFERED)
        if visit.asks_whole and answer.status >= 400:
            self._note(origin, _Shown.HONEST)
        elif visit.asks_whole and image is not None and isinstance(image.found, Info):
            # It serves the image to a reader, and something else for a range.
            self._note(origin, _Shown.FAILED)

    def _gives(self, origin: str) -> bool:
        """Whether an origin offers ranges, and none of them was a reason for no image."""
        return self._shown(origin) & (_Shown.OFFERED | _Shown.FAILED) is _Shown.OFFERED

    def _shown(self, origin: str) -> _Shown:
        return self._origins.get(origin) or _Shown.NOTHING

    def _note(self, origin: str, shown: _Shown) -> None:
        self._origins.put(origin, self._shown(origin) | shown)


def _is_at_end(transfer: Transfer, answer: Answer) -> bool:
    """Whether no more bytes are to be had: the whole is here, or the answer broke off."""
    if transfer.cut_late or answer.end is BodyEnd.BROKEN_OFF:
        return True
    image, part = transfer.image, transfer.part
    assert image is not None
    assert part is not None
    return part.fits and image.found is None and len(image.data) == transfer.total_bytes
