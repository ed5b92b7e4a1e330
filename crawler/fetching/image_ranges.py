"""An image by ranges: its first 16 KB, and what more its prober asks for (RULES 6, ADR 15).

Only an origin that offers ranges (`Accept-Ranges: bytes`) with one image is asked for a range of the next ones.
A range must never make an image worse than it is: what an origin gives for a range and is no image, and its first
refusal, is asked for again as any reader would.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.extractors.image.prober_answer import STEPS, Info, NotAnImage
from crawler.fetching.visit import REDIRECT_STATUSES, Purpose, Visit, origin_of

if TYPE_CHECKING:
    from scrapy.http import Headers, Response

PARTIAL = 206
_MOST_PARTS = len(STEPS) + 1
"""An origin may give less than it was asked for, but not for ever."""
_CONTENT_RANGE = re.compile(rb"bytes\s+(\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.IGNORECASE)
_SAYS_NOTHING = frozenset({304, 429, 503, *REDIRECT_STATUSES})
"""No refusal of a range: nothing new, not now, elsewhere."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a 206 holds: the bytes from `first` to `last`, of `total`, None where that is not known."""

    first: int
    last: int
    total: int | None

    @classmethod
    def of(cls, headers: Headers) -> Part | None:
        """As Content-Range says (RFC 9110, 14.4); None where it says nothing that makes sense."""
        found = _CONTENT_RANGE.fullmatch((headers.get(b"Content-Range") or b"").strip())
        if found is None:
            return None
        first, last = int(found[1]), int(found[2])
        total = None if found[3] == b"*" else int(found[3])
        if last < first or (total is not None and last >= total):
            return None
        return cls(first, last, total)


def next_part(visit: Visit, headers: Headers) -> Part | None:
    """The part that a 206 to our range brings, where it joins what the visit has; else None.

    Ranges of a coded body are of its coded bytes, and several parts at once were not asked for.
    """
    part = Part.of(headers)
    if part is None or part.first != len(visit.head) or headers.get(b"Content-Encoding"):
        return None
    if visit.head and part.total != visit.total_bytes:
        return None
    return part


class Ranges:
    """What the origins of one run have shown. `wanted` false asks for no range ever."""

    def __init__(self, *, wanted: bool) -> None:
        self._wanted = wanted
        self._offered: set[str] = set()
        self._failed: set[str] = set()
        self._honest: set[str] = set()

    def prepare(self, visit: Visit) -> None:
        """Say which bytes the visit asks for next; None where it asks for all."""
        origin = origin_of(visit.url)
        visit.range = None
        if (
            self._wanted
            and visit.link.wants_image
            and visit.purpose is Purpose.LINK
            and not visit.retries
            and not visit.whole
            and origin in self._offered - self._failed
        ):
            visit.range = (len(visit.head), max(visit.needs, STEPS[0]) - 1)

    def goes_on(self, visit: Visit, response: Response) -> bool:
        """Whether the visit has to ask once more: for its next bytes, or for the whole."""
        if not visit.link.wants_image or visit.purpose is not Purpose.LINK:
            return False
        origin = origin_of(visit.url)
        if visit.range is None:
            self._learn(origin, visit, response)
            return False
        if response.status == PARTIAL:
            if isinstance(visit.image, Info) or _is_at_end(visit, response):
                return False
            if visit.fits and visit.image is None and visit.parts < _MOST_PARTS and response.body:
                visit.go_on(response.headers.get(b"ETag"))
                return True
            if not isinstance(visit.image, NotAnImage):
                self._failed.add(origin)
        elif response.status < 400 or response.status in _SAYS_NOTHING or origin in self._honest:
            return False
        visit.again()
        visit.whole = True
        return True

    def _learn(self, origin: str, visit: Visit, response: Response) -> None:
        offered = (response.headers.get(b"Accept-Ranges") or b"").strip().lower() == b"bytes"
        if response.status == 200 and offered:
            self._offered.add(origin)
        if visit.whole and response.status >= 400:
            self._honest.add(origin)
        elif visit.whole and isinstance(visit.image, Info):
            # It gave the picture to a reader, and something else for a range.
            self._failed.add(origin)


def _is_at_end(visit: Visit, response: Response) -> bool:
    """Whether no more bytes are to be had: the whole is here, or the answer broke off."""
    if visit.cut_late or "dataloss" in response.flags:
        return True
    return visit.fits and visit.image is None and len(visit.head) == visit.total_bytes
