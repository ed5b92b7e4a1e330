"""The budget of a body: no more is read than its visit needs, and what came is kept.

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

from crawler.extractors.image.header import probe, probe_piece, stands_behind
from crawler.extractors.image.prober_answer import PIECE, STEPS, Info, Need, Piece
from crawler.transport.content_range import Part
from crawler.transport.http_status import PARTIAL_CONTENT, REDIRECTS
from crawler.transport.transfer import ImageHead, PartAsked, Transfer, Wanted, transfer_of

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
        transfer = transfer_of(request)
        if transfer is None:
            return
        transfer.rest = body_length if isinstance(body_length, int) else None
        if transfer.part is not None and transfer.status == PARTIAL_CONTENT:
            _begin_part(transfer, headers)
            return
        transfer.begin_body(transfer.rest)
        transfer.limit = transfer.body_bytes + _limit(transfer, headers)
        # Coded bytes say nothing of the image in them: it is measured when they are decoded.
        transfer.is_coded = headers.get(b"Content-Encoding") is not None

    def bytes_received(self, data: bytes, request: Request, **_: Any) -> None:
        """Count, look, and raise StopDownload as soon as the visit has what it needs."""
        transfer = transfer_of(request)
        if transfer is None:
            return
        transfer.body_bytes += len(data)
        if transfer.rest is not None:
            transfer.rest -= len(data)
        if self._is_late(transfer):
            transfer.cut_late = True
            raise StopDownload(fail=False)
        # Measured first: the piece that reaches the limit may hold the answer.
        has_enough = _is_measured(transfer, data) or transfer.body_bytes >= transfer.limit
        if has_enough and not _ends_soon(transfer):
            raise StopDownload(fail=False)

    def _is_late(self, transfer: Transfer) -> bool:
        started = transfer.started
        return started is not None and monotonic() - started > self._body_timeout


def _ends_soon(transfer: Transfer) -> bool:
    """Whether what is still to come costs less than a new connection.

    A chunked image may be a small one: the first step is read whatever it holds, and the end tells the length.
    """
    if transfer.rest is None:
        image = transfer.image
        is_known = image is not None and isinstance(image.found, Info)
        return is_known and transfer.body_bytes < STEPS[0]
    return 0 <= transfer.rest <= DRAIN_BYTES


def _begin_part(transfer: Transfer, headers: Headers) -> None:
    """Note what part of an image comes in. Raises StopDownload where it is another than was asked for."""
    assert transfer.part is not None
    part = _next_part(transfer, headers)
    transfer.part.fits = part is not None
    if part is None:
        raise StopDownload(fail=False)
    transfer.total_bytes = part.total
    transfer.limit = IMAGE_BYTES
    if transfer.part.is_behind:
        transfer.limit = transfer.body_bytes + PIECE


def _next_part(transfer: Transfer, headers: Headers) -> Part | None:
    """The part that a 206 to our range brings, where it joins what has come before; else None.

    Ranges of a coded body are of its coded bytes, and several parts at once were not asked for.
    """
    assert transfer.part is not None
    first = transfer.part.first
    part = Part.of(headers.get(b"Content-Range"))
    if part is None or part.first != first or headers.get(b"Content-Encoding"):
        return None
    if first and part.total != transfer.total_bytes:
        return None
    return part


def _limit(transfer: Transfer, headers: Headers) -> int:
    if transfer.status in REDIRECTS:
        return OTHER_BYTES
    if transfer.wanted is Wanted.ROBOTS:
        return ROBOTS_BYTES
    if transfer.wanted is Wanted.IMAGE:
        return IMAGE_BYTES
    content_type = (headers.get(b"Content-Type") or b"text/html").lower()
    if any(word in content_type for word in _READABLE):
        return PAGE_BYTES
    return OTHER_BYTES


def _is_measured(transfer: Transfer, data: bytes) -> bool:
    """Whether an image's first bytes have given the answer; asks again only at what it needs."""
    image = transfer.image
    if image is None:
        return False
    part = transfer.part
    if part is not None and part.is_behind and part.fits:
        return _is_measured_behind(image, part, data)
    if image.found is not None:
        return True
    image.data += data
    if transfer.is_coded or len(image.data) < image.needs:
        return False
    answer = probe(bytes(image.data))
    if isinstance(answer, Need):
        image.needs = max(answer.total, len(image.data) + 1)
        return False
    image.found = answer
    if isinstance(answer, Info) and answer.width is None:
        image.behind = stands_behind(bytes(image.data))
    return True


def _is_measured_behind(image: ImageHead, part: PartAsked, data: bytes) -> bool:
    """Whether the piece behind the data has given the answer; without one it stays what the first bytes said."""
    image.piece += data
    answer = probe_piece(bytes(image.data), Piece(part.first, bytes(image.piece)))
    if answer is not None:
        image.found = answer
    return answer is not None or part.first + len(image.piece) > part.last
