"""A visit under way: one URL, from its first request over redirects and retries to an answer.

There is a kind of visit for each purpose; what is done with its answer is in `crawler.crawl.purposes`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar
from urllib.parse import urlsplit

from crawler.fetching.cookies import Cookies
from crawler.model.link import DueLink
from crawler.model.observation import CertificateFault, Hop, Observation
from crawler.model.page_depth import Depth
from crawler.transport.transfer import Transfer, Wanted


@dataclass(slots=True, eq=False, kw_only=True)
class Visit:
    """The mutable state of one visit.

    `begun_at` is the URL that is visited, `url` the one that is asked next. `not_before` is monotonic seconds.
    `certificate` is the gravest fault of the hops before. `fragment` is that of the last Location which named one,
    `varies_by_language` says that a hop depends on the reader's language by its own word. `cookies` are what the hops before have set, None for
    none. `vain` counts the requests that our own machine could not make. `trail` has each request of the visit, as its URL and its Cookie field. `transfer` is the request under way.
    """

    is_urgent: ClassVar[bool] = False
    """Whether it goes before the host's links, and goes on while these wait."""

    url: str
    begun_at: str = field(init=False)
    hops: list[Hop] = field(default_factory=list)
    retries: int = 0
    vain: int = 0
    not_before: float = 0.0
    certificate: CertificateFault | None = None
    fragment: str | None = None
    varies_by_language: bool = False
    cookies: Cookies | None = None
    trail: set[tuple[str, str | None]] = field(default_factory=set)
    transfer: Transfer = field(init=False)

    def __post_init__(self) -> None:
        self.begun_at = self.url
        self.again()

    @property
    def cookie(self) -> str | None:
        """The Cookie field of the next request; None for none."""
        return self.cookies.header(self.url) if self.cookies is not None else None

    @property
    def language(self) -> str | None:
        """The Accept-Language of its requests; None for the usual one."""
        return None

    @property
    def wants_image(self) -> bool:
        """Whether every reference expects an image here."""
        return False

    @property
    def parts(self) -> tuple[str, ...]:
        """References that name a part or a text of the page; none where nobody asks for its parts."""
        return ()

    @property
    def depth(self) -> Depth:
        """How far the page is to be read."""
        return Depth.WHOLE

    @property
    def validators(self) -> tuple[str | None, str | None]:
        """ETag and Last-Modified of the last good answer, verbatim; None where there is none."""
        return None, None

    @property
    def outlives_limit(self) -> bool:
        """Whether it goes out though the run's limit of links is reached."""
        return True

    @property
    def outlives_drop(self) -> bool:
        """Whether it goes out though its host is left to a later run."""
        return False

    def excuse(self, stood_still_until: float) -> None:
        """Let the next retry cost nothing where the process itself stood still, until then, after the request had been
        sent; in monotonic seconds."""
        started = self.transfer.started
        if started is not None and started < stood_still_until:
            self.retries -= 1

    def leave_queue(self) -> bool:
        """Note that the frontier has handed it out; returns whether one link less is to come."""
        return False

    def again(self) -> None:
        """Forget what the last answer left behind; the next request starts clean."""
        self.transfer = self._first_transfer()

    def _first_transfer(self) -> Transfer:
        return Transfer()


@dataclass(slots=True, eq=False, kw_only=True)
class LinkVisit(Visit):
    """The visit of a link of the collection.

    `counted` says that the frontier has handed it out, `admitted` that the run's limit has let it pass.
    `asks_whole` says that no range of an image is to be asked for any more. `over_http` is what plain http gave, where
    https is asked after it. `is_second_look`: its first failure is asked again (rule O16), past what we remember.
    """

    link: DueLink
    counted: bool = False
    admitted: bool = False
    asks_whole: bool = False
    over_http: Observation | None = None
    is_second_look: bool = False

    @classmethod
    def of(cls, link: DueLink) -> LinkVisit:
        """The first visit of a link."""
        return cls(url=link.url, link=link)

    @classmethod
    def second(cls, link: DueLink, not_before: float) -> LinkVisit:
        """The second look at a link; the frontier has counted its first visit."""
        visit = cls(url=link.url, link=link, counted=True, admitted=True, is_second_look=True)
        visit.not_before = not_before
        return visit

    @property
    def wants_image(self) -> bool:
        """See `Visit`."""
        return self.link.wants_image

    @property
    def parts(self) -> tuple[str, ...]:
        """See `Visit`."""
        return self.link.parts

    @property
    def depth(self) -> Depth:
        """See `Visit`."""
        return self.link.depth

    @property
    def validators(self) -> tuple[str | None, str | None]:
        """See `Visit`."""
        return self.link.etag, self.link.last_modified

    @property
    def outlives_limit(self) -> bool:
        """One that is under way does."""
        return self.counted

    @property
    def outlives_drop(self) -> bool:
        """One that has come from another host does: it is under way, and is brought to its end."""
        return self.admitted

    def leave_queue(self) -> bool:
        """See `Visit`; a link counts once, however often it is asked."""
        is_first, self.counted = not self.counted, True
        return is_first

    def _first_transfer(self) -> Transfer:
        wanted = Wanted.IMAGE if self.link.wants_image else Wanted.PAGE
        return Transfer(wanted, self.link.wants_image, self.is_second_look)


@dataclass(slots=True, eq=False, kw_only=True)
class RobotsVisit(Visit):
    """The visit of the robots.txt of an origin. `small_buffer`: only images are asked for there."""

    is_urgent: ClassVar[bool] = True

    origin: str
    small_buffer: bool

    @classmethod
    def of(cls, cause: Visit) -> RobotsVisit:
        """The visit of the robots.txt that `cause` has to wait for."""
        origin = origin_of(cause.url)
        return cls(url=f"{origin}/robots.txt", origin=origin, small_buffer=cause.wants_image)

    def _first_transfer(self) -> Transfer:
        return Transfer(Wanted.ROBOTS, self.small_buffer)


@dataclass(slots=True, eq=False, kw_only=True)
class CanaryVisit(Visit):
    """A look at the network: the lightest request that every site answers and robots.txt cannot forbid."""

    is_urgent: ClassVar[bool] = True

    origin: str

    @classmethod
    def of(cls, origin: str) -> CanaryVisit:
        """The visit of the robots.txt of an origin that was alive."""
        return cls(url=f"{origin}/robots.txt", origin=origin)

    def _first_transfer(self) -> Transfer:
        return Transfer(Wanted.ROBOTS, is_fresh=True)


class ProbeKind(StrEnum):
    """What a probe asks for."""

    FOLDER = "folder"
    """An address that cannot exist, for the suspects of a folder (rule N5)."""
    AGAIN = "again"
    """The same once more, after the rest of the host has spoken (rule N10)."""
    ROOT = "root"
    """The root of a site, for what a site-wide answer or a home page is (rules N10, N12)."""
    LANGUAGE = "language"
    """A link once more in another language, for where that leads (rule E6)."""
    CLEAN = "clean"
    """The end of a move without what belongs to one reader, for whether it leads to the same page (rule E6)."""


@dataclass(frozen=True, slots=True)
class Probed:
    """What a probe is about: `subject` is a folder, the origin of a site or an address."""

    kind: ProbeKind
    subject: str


@dataclass(slots=True, eq=False, kw_only=True)
class ProbeVisit(Visit):
    """A further request that says what to make of answers that wait.

    It goes out though a run's limit is reached, but not to a host that is left to a later run.
    """

    probed: Probed
    asks_in: str | None = None

    @classmethod
    def of(cls, url: str, probed: Probed, asks_in: str | None = None) -> ProbeVisit:
        """The visit of `url`; `asks_in` is the Accept-Language of its requests, None for the usual one."""
        return cls(url=url, probed=probed, asks_in=asks_in)

    @property
    def language(self) -> str | None:
        """See `Visit`."""
        return self.asks_in


@lru_cache(maxsize=4_096)
def origin_of(url: str) -> str:
    """Scheme, host and port: what one robots.txt speaks for (RFC 9309, 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


@lru_cache(maxsize=4_096)
def host_of(url: str) -> str:
    """The host that politeness counts by; the empty string where there is none."""
    return urlsplit(url).hostname or ""
