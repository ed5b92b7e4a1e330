"""A visit under way: one link, from its first request over redirects and retries to an answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from urllib.parse import urlsplit

from crawler.model.link import DueLink
from crawler.model.observation import CertificateFault, Hop

REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})


class Purpose(StrEnum):
    """Why a request is made."""

    LINK = "link"
    ROBOTS = "robots"
    CANARY = "canary"
    """Whether the network is well: the robots.txt of a host that was alive."""
    SIBLING = "sibling"
    """An address that cannot exist, beside one that is suspected (RULES 1.4)."""


@dataclass(slots=True, eq=False)
class Visit:
    """The mutable state of one visit; `url` is what is to be asked next.

    `link` is the link that is visited; for robots.txt, the link that made it necessary; for a sibling, that
    link under the sibling's address. `origin` is what a robots.txt or a sibling speaks for.
    `not_before` is monotonic seconds. `status` is the answer's while its body is still coming in,
    so that a body that never ends does not hide it. `limit` is the most bytes to read of the body;
    `head` are an image's first bytes, `needs` how many of them its prober asks for, `image` its
    answer. `cut_late` says that a body was cut at the deadline. `fault` is why the request under way does
    not verify its server's certificate; `certificate` the gravest fault of the hops before it. `rest` is what is
    still to come of the body, in bytes. `range` are the first and the last byte that are asked for, `fits` says
    that the answer brings them, `parts` is how many answers have, `entity` what they are parts of; `is_coded` that the body is compressed; `whole` says that
    no range is to be asked for.
    """

    link: DueLink
    url: str
    purpose: Purpose = Purpose.LINK
    origin: str = ""
    hops: list[Hop] = field(default_factory=list)
    retries: int = 0
    not_before: float = 0.0
    started: float | None = None
    counted: bool = False
    admitted: bool = False
    status: int | None = None
    head: bytearray = field(default_factory=bytearray)
    body_bytes: int = 0
    total_bytes: int | None = None
    limit: int = 0
    needs: int = 1
    cut_late: bool = False
    image: object | None = None
    fault: CertificateFault | None = None
    certificate: CertificateFault | None = None
    rest: int | None = None
    range: tuple[int, int] | None = None
    fits: bool = False
    parts: int = 0
    entity: bytes | None = None
    is_coded: bool = False
    whole: bool = False

    @classmethod
    def of(cls, link: DueLink) -> Visit:
        """The first visit of a link."""
        return cls(link=link, url=link.url)

    @classmethod
    def of_robots(cls, cause: Visit) -> Visit:
        """The visit of the robots.txt that `cause` has to wait for."""
        origin = origin_of(cause.url)
        return cls(
            link=cause.link, url=f"{origin}/robots.txt", purpose=Purpose.ROBOTS, origin=origin
        )

    @classmethod
    def of_sibling(cls, cause: DueLink, url: str, folder: str) -> Visit:
        """The visit of `url`, which cannot exist, for the suspects of a folder.

        Like a link that is under way it goes out though a run's limit is reached; but it is no such
        link: a host that asks for peace is not asked for it.
        """
        link = replace(cause, url=url, etag=None, last_modified=None)
        return cls(link=link, url=url, purpose=Purpose.SIBLING, origin=folder, counted=True)

    @classmethod
    def of_canary(cls, origin: str) -> Visit:
        """A look at the network: the lightest that every site answers, and that robots.txt cannot forbid."""
        url = f"{origin}/robots.txt"
        link = DueLink(0, url, host_of(url), wants_image=False)
        return cls(link=link, url=url, purpose=Purpose.CANARY, origin=origin)

    @property
    def is_urgent(self) -> bool:
        """Whether it goes before the host's links, and goes on while these wait."""
        return self.purpose in (Purpose.ROBOTS, Purpose.CANARY)

    def again(self) -> None:
        """Forget what the last answer left behind; the next request starts clean."""
        self.begin_body()
        self.status = None
        self.body_bytes = 0
        self.cut_late = False
        self.fault = None
        self.parts = 0
        self.entity = None

    def begin_body(self) -> None:
        """Forget what came of an image: another answer brings it from its first byte."""
        self.head = bytearray()
        self.total_bytes = None
        self.needs = 1
        self.image = None

    def go_on(self, etag: bytes | None) -> None:
        """The next request asks for the bytes behind those that came; `etag` is the answer's."""
        self.parts += 1
        # If-Range takes no weak validator (RFC 9110, 13.1.5).
        self.entity = etag if etag is not None and etag.startswith(b'"') else None
        self.status = None
        self.fault = None


def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for (RFC 9309, 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(url: str) -> str:
    """The host that politeness counts by; the empty string where there is none."""
    return urlsplit(url).hostname or ""
