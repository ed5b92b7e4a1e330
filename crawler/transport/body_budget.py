"""Reads no more of a body than its visit needs, and keeps what came.

An image is measured while it comes in, and the download ends at the answer (ADR 15). A page ends at 5 MB, a
thing that is neither at its first bytes. A body that drips in without end is cut at a deadline:
its status is an answer all the same. The rest of a short body is drained rather than cut off,
because a new connection costs more than some kilobytes.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy import signals
from scrapy.exceptions import StopDownload

from crawler.extractors.image.header import probe
from crawler.extractors.image.prober_answer import STEPS, Info, Need
from crawler.fetching.image_ranges import PARTIAL, next_part
from crawler.fetching.visit import REDIRECT_STATUSES, Visit

if TYPE_CHECKING:
    from typing import Self

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers

PAGE_BYTES = 5_000_000
IMAGE_BYTES = 256 * 1024
OTHER_BYTES = 1024
"""Enough to tell what it is; a PDF or a film is alive by its status."""
ROBOTS_BYTES = 512 * 1024
DRAIN_BYTES = 16 * 1024
"""A rest as long as this is read, and the connection kept. By benchmarks/image_wire.py (500 images, TLS, 20 ms): cut at
the answer, all that a server sends is 38.5 KB an image without draining, 38.2 KB with 16 KB, 38.8 with 32, 42.7 with 48,
46.5 with 64: what is drained up to here was on its way already. By ranges, 455 connections become 95."""

_READABLE = (b"html", b"xml", b"text/plain")


class BodyBudget:
    """A Scrapy extension. `LINKHEALTH_BODY_TIMEOUT` is the seconds from a request's start after
    which a body is cut."""

    def __init__(self, body_timeout: float) -> None:
        self._body_timeout = body_timeout

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Listen to Scrapy's download signals."""
        budget = cls(crawler.settings.getfloat("LINKHEALTH_BODY_TIMEOUT"))
        crawler.signals.connect(budget.headers_received, signal=signals.headers_received)
        crawler.signals.connect(budget.bytes_received, signal=signals.bytes_received)
        return budget

    def headers_received(self, headers: Headers, body_length: object, request: Request) -> None:
        """Note the length, and stop at once where the body is of no use."""
        visit = request.cb_kwargs.get("visit")
        if not isinstance(visit, Visit):
            return
        visit.rest = body_length if isinstance(body_length, int) else None
        if visit.range is not None and visit.status == PARTIAL:
            _begin_part(visit, headers)
            return
        visit.begin_body()
        visit.total_bytes = visit.rest
        visit.limit = visit.body_bytes + _limit(visit, headers)
        # Coded bytes say nothing of the image in them: it is measured when they are decoded.
        visit.is_coded = headers.get(b"Content-Encoding") is not None

    def bytes_received(self, data: bytes, request: Request, **_: Any) -> None:
        """Count, look, and raise StopDownload as soon as the visit has what it needs."""
        visit = request.cb_kwargs.get("visit")
        if not isinstance(visit, Visit):
            return
        visit.body_bytes += len(data)
        if visit.rest is not None:
            visit.rest -= len(data)
        if self._is_late(visit):
            visit.cut_late = True
            raise StopDownload(fail=False)
        # Measured first: the piece that reaches the limit may hold the answer.
        has_enough = _is_measured(visit, data) or visit.body_bytes >= visit.limit
        if has_enough and not _ends_soon(visit):
            raise StopDownload(fail=False)

    def _is_late(self, visit: Visit) -> bool:
        return visit.started is not None and monotonic() - visit.started > self._body_timeout


def _ends_soon(visit: Visit) -> bool:
    """Whether what is still to come costs less than a new connection.

    A chunked image may be a small one: the first step is read whatever it holds, and the end tells the length.
    """
    if visit.rest is None:
        return isinstance(visit.image, Info) and visit.body_bytes < STEPS[0]
    return 0 <= visit.rest <= DRAIN_BYTES


def _begin_part(visit: Visit, headers: Headers) -> None:
    """Note what part of an image comes in. Raises StopDownload where it is another than was asked for."""
    part = next_part(visit, headers)
    visit.fits = part is not None
    if part is None:
        raise StopDownload(fail=False)
    visit.total_bytes = part.total
    visit.limit = IMAGE_BYTES


def _limit(visit: Visit, headers: Headers) -> int:
    if visit.status in REDIRECT_STATUSES:
        return OTHER_BYTES
    if visit.is_urgent:
        return ROBOTS_BYTES
    if visit.link.wants_image:
        return IMAGE_BYTES
    content_type = (headers.get(b"Content-Type") or b"text/html").lower()
    if any(word in content_type for word in _READABLE):
        return PAGE_BYTES
    return OTHER_BYTES


def _is_measured(visit: Visit, data: bytes) -> bool:
    """Whether an image's first bytes have given the answer; asks again only at what it needs."""
    if not visit.link.wants_image or visit.is_urgent:
        return False
    if visit.image is not None:
        return True
    visit.head += data
    if visit.is_coded or len(visit.head) < visit.needs:
        return False
    answer = probe(bytes(visit.head))
    if isinstance(answer, Need):
        visit.needs = max(answer.total, len(visit.head) + 1)
        return False
    visit.image = answer
    return True
