"""A transfer: one request, and the answer that comes in to it.

A visit holds one for its request under way, and a new one for the next. Scrapy's downloader finds it in the
request (`transfer_of`): nothing below it knows what a visit is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from crawler.configuration import NOTHING_SENT, Sent
from crawler.extractors.image.prober_answer import Info, NotAnImage
from crawler.model.host_certificate import Validity
from crawler.model.observation import CertificateFault

if TYPE_CHECKING:
    from scrapy import Request

_KEY = "transfer"
"""Where a request's `meta` holds it."""


class Wanted(StrEnum):
    """What the body is wanted for; it decides how much of it is read."""

    PAGE = "page"
    IMAGE = "image"
    ROBOTS = "robots"


class Departure(Protocol):
    """The way out of one request."""

    def wait(self) -> float:
        """Seconds after which to ask again; 0 where the request leaves now. `left` has to follow."""

    def left(self) -> None:
        """It has left by now."""


@dataclass(slots=True, eq=False)
class PartAsked:
    """The bytes that a request asks for, first and last; `fits` says that the answer brings them. `is_behind`: they are
    the piece of an image that stands behind its data."""

    first: int
    last: int
    fits: bool = False
    is_behind: bool = False


@dataclass(slots=True, eq=False)
class ImageHead:
    """The first bytes of an image, from one answer or from several parts of it.

    `needs` is how many of them the prober asks for, `found` its answer. `parts` is how many answers have brought
    a part, `entity` the ETag of what they are parts of. `behind` is where the directory stands that they lead to, None for
    nowhere; `piece` is what has come from there.
    """

    data: bytearray = field(default_factory=bytearray)
    needs: int = 1
    found: Info | NotAnImage | None = None
    parts: int = 0
    entity: bytes | None = None
    behind: int | None = None
    piece: bytearray = field(default_factory=bytearray)


@dataclass(slots=True, eq=False)
class Transfer:
    """One request and the answer that comes in to it.

    `status` is known while the body is still coming in, so that a body that never ends does not hide it.
    `body_bytes` have come, `total_bytes` is the whole length, `rest` what is still to come and `limit` the most
    to read; the lengths are None where nobody said them. `is_coded` says that the body is compressed, `cut_late` that
    it was cut at the deadline.
    `fault` is why the request does not verify its server's certificate; of one that does, `validity` is how long that is valid,
    where `wants_validity` asks for it. `small_buffer` asks for a connection
    that takes little in advance. `image` is there where an image is wanted, `part` where a range of it is.
    `is_fresh` asks for a connection of its own, with a look-up of its own. `started` is monotonic seconds, and so is `ended`, when all that is
    wanted of the answer had come. `sent` is what the
    request bears because of its host, its secrets among it. `departure` says when the request may leave; None for at once.
    """

    wanted: Wanted = Wanted.PAGE
    small_buffer: bool = False
    is_fresh: bool = False
    started: float | None = None
    ended: float | None = None
    fault: CertificateFault | None = None
    wants_validity: bool = False
    validity: Validity | None = None
    status: int | None = None
    limit: int = 0
    body_bytes: int = 0
    total_bytes: int | None = None
    rest: int | None = None
    is_coded: bool = False
    cut_late: bool = False
    part: PartAsked | None = None
    image: ImageHead | None = None
    sent: Sent = field(default=NOTHING_SENT, repr=False)
    departure: Departure | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.wanted is Wanted.IMAGE and self.image is None:
            self.image = ImageHead()

    def begin_body(self, length: int | None) -> None:
        """Begin a whole body: it brings an image again from its first byte."""
        self.total_bytes = length
        if self.wanted is Wanted.IMAGE:
            parts, entity = (self.image.parts, self.image.entity) if self.image else (0, None)
            self.image = ImageHead(parts=parts, entity=entity)

    def next_part(self, etag: bytes | None) -> Transfer:
        """The request for the bytes behind those that came; `etag` is the answer's."""
        assert self.image is not None
        self.image.parts += 1
        # If-Range takes no weak validator (RFC 9110, 13.1.5).
        self.image.entity = etag if etag is not None and etag.startswith(b'"') else None
        return Transfer(
            self.wanted,
            self.small_buffer,
            self.is_fresh,
            body_bytes=self.body_bytes,
            total_bytes=self.total_bytes,
            image=self.image,
        )


def carry(request: Request, transfer: Transfer) -> None:
    """Put a transfer into its request."""
    request.meta[_KEY] = transfer


def transfer_of(request: Request) -> Transfer | None:
    """The transfer of a request; None where the request is none of ours."""
    found = request.meta.get(_KEY)
    return found if isinstance(found, Transfer) else None
