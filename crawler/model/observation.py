"""An observation: what one visit saw, with no opinion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from crawler.model.page_depth import Depth, PageMark


class FailureKind(StrEnum):
    """Why a visit got no answer to judge. Every failure has a kind: `UNEXPECTED` means a bug.

    `OWN_MACHINE` says that our own machine had no descriptor, memory or thread left: such a visit is given back.
    """

    DNS_NXDOMAIN = "dns-nxdomain"
    DNS_NODATA = "dns-nodata"
    DNS_SERVFAIL = "dns-servfail"
    DNS_TIMEOUT = "dns-timeout"
    DNS_UNAVAILABLE = "dns-unavailable"
    DNS_BAD_NAME = "dns-bad-name"
    ADDRESS_BLOCKED = "address-blocked"
    CONNECT_REFUSED = "connect-refused"
    CONNECT_TIMEOUT = "connect-timeout"
    CONNECT_NO_ROUTE = "connect-no-route"
    CONNECT_FAILED = "connect-failed"
    CONNECTION_RESET = "connection-reset"
    PROXY_FAILED = "proxy-failed"
    TLS_CERTIFICATE_EXPIRED = "tls-certificate-expired"
    TLS_CERTIFICATE_UNTRUSTED = "tls-certificate-untrusted"
    TLS_WRONG_HOST = "tls-wrong-host"
    TLS_FAILED = "tls-failed"
    RESPONSE_TIMEOUT = "response-timeout"
    RESPONSE_MALFORMED = "response-malformed"
    BODY_INCOMPLETE = "body-incomplete"
    BODY_UNDECODABLE = "body-undecodable"
    BODY_TOO_LARGE = "body-too-large"
    CONTENT_ERROR = "content-error"
    REDIRECT_LOOP = "redirect-loop"
    REDIRECT_TOO_MANY = "redirect-too-many"
    REDIRECT_BAD_LOCATION = "redirect-bad-location"
    ROBOTS_DENIED = "robots-denied"
    ROBOTS_UNREACHABLE = "robots-unreachable"
    CANCELLED = "cancelled"
    OWN_MACHINE = "own-machine"
    IMAGE_FILE_MISSING = "image-file-missing"
    IMAGE_FOLDER_MISSING = "image-folder-missing"
    IMAGE_FILE_CLOSED = "image-file-closed"
    FILE_MISSING = "file-missing"
    UNEXPECTED = "unexpected"

    @property
    def is_of_file(self) -> bool:
        """Whether the failure is about a file of the collection: no request was made."""
        return self in (
            FailureKind.IMAGE_FILE_MISSING,
            FailureKind.IMAGE_FOLDER_MISSING,
            FailureKind.IMAGE_FILE_CLOSED,
            FailureKind.FILE_MISSING,
        )


@dataclass(frozen=True, slots=True)
class Hop:
    """One answer on the way: the URL that was asked and the status that it gave."""

    url: str
    status: int


class AmpPart(StrEnum):
    """The parts that every AMP page has (rule A2). The strings are shown to people."""

    MARK = "html amp"
    CHARSET = "charset"
    VIEWPORT = "viewport"
    RUNTIME = "v0.js"
    BOILERPLATE = "boilerplate"
    CANONICAL = "canonical"


class NoticeKind(StrEnum):
    """What a page says became of its article (rule M18)."""

    CORRECTED = "corrected"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Notice:
    """A page's own notice that its article was corrected or retracted, in its words: one line, cut to a few hundred
    characters."""

    kind: NoticeKind
    words: str


ANY_ANCHOR: Final = "*"
"""In the place of marks, for a page that has too many ids to be kept."""


@dataclass(frozen=True, slots=True)
class Anchors:
    """The parts of a page that links may name (rule K8). `marks` are those of its ids and names, `is_scripted` says that a
    script may add others. `absent` are the text directives that were asked for and whose words the page does not have."""

    marks: str
    is_scripted: bool = False
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageFacts:
    """The metadata of a page, each field the first of its chain (rule M1). Dates are ISO 8601 text.

    `paywalled` is None where the page does not say. `amp_lacks` are the parts that the page lacks to be AMP, empty
    for an AMP page, None where the page was not examined for AMP.
    """

    title: str | None = None
    description: str | None = None
    image: str | None = None
    canonical: str | None = None
    site_name: str | None = None
    published: str | None = None
    modified: str | None = None
    amphtml: str | None = None
    lang: str | None = None
    type: str | None = None
    authors: tuple[str, ...] = ()
    paywalled: bool | None = None
    titles: tuple[str, ...] = ()
    """Every candidate title: the stored title drifts only if it matches none."""
    amp_lacks: tuple[AmpPart, ...] | None = None
    content_hash: str | None = None
    """The hash of title, description and main text, which shows an edit; None where it was not computed."""
    published_guessed: bool = False
    """Whether `published` was found in the text or the address, and no metadata give it. A guess may confirm a
    stored date but never contradicts one, and it is no sign that a page is an article (rule M8)."""
    image_guessed: bool = False
    """Whether `image` is the article's first picture, because no metadata name one. Like a guessed date it may confirm
    and never contradicts (rule M17)."""
    notice: Notice | None = None
    """That the article was corrected or retracted, where the page says so (rule M18)."""
    anchors: Anchors | None = None
    """Its parts, where a link names one; None where none did when it was visited."""
    words: str | None = None
    """A sketch of the words of title, description and main text, by which a later page is compared with this one."""

    @property
    def stated(self) -> str | None:
        """The time of publication that the page itself states; None for a guess."""
        return None if self.published_guessed else self.published

    @property
    def stated_image(self) -> str | None:
        """The image that the page itself names as its own; None for a guess."""
        return None if self.image_guessed else self.image


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An image by its first bytes. `type` is the upper-case format name (`JPEG`), None if unknown.

    `width` and `height` are the displayed size in pixels (rule I3), `stored_width` and
    `stored_height` that of the file's own rows; `bytes` is the whole length, if a header gave it or the image was
    read to its end; `bytes_read` is the length that was read. `animated` is None where the bytes do not say it.
    `served_type` is the media type that the server gave, in lower case. `fingerprint` is the same for two images of
    the same content, None where too little is known to compare.
    """

    type: str | None
    width: int | None
    height: int | None
    bytes: int | None
    bytes_read: int
    stored_width: int | None = None
    stored_height: int | None = None
    animated: bool | None = None
    served_type: str | None = None
    fingerprint: str | None = None


class SoftSign(StrEnum):
    """What a page is instead of an article, by a sign in the page itself (rule V5)."""

    WALL = "wall"
    CONSENT = "consent"
    LOGIN = "login"
    NOT_FOUND = "not-found"
    PARKED = "parked"
    REMOVED = "removed"
    """The host's own data say that the thing is gone."""
    PRIVATE = "private"
    """The host's own data say that only some may see the thing."""
    HIJACKED = "hijacked"
    """The page is another owner's."""

    @property
    def hides_page(self) -> bool:
        """Whether the answer stands in front of the page, so that its words are not the page's."""
        return self in (SoftSign.WALL, SoftSign.CONSENT, SoftSign.LOGIN, SoftSign.PRIVATE)


class Inconclusive(StrEnum):
    """Why an observation does not count, whatever it saw (rules O1, O12, O13, O15, O16).

    The strings are reason codes.
    """

    OWN_NETWORK_DOWN = "own-network-down"
    PORTAL = "portal"
    BLOCKED_BY_PROXY = "blocked-by-proxy"
    BREAKER_TRIPPED = "breaker-tripped"
    CLOCK_JUMPED = "clock-jumped"
    RESOLVER_LIES = "resolver-lies"
    HOST_BLOCKS_US = "host-blocks-us"
    PASSING_FAULT = "passing-fault"
    HOST_LEADS_HOME = "host-leads-home"
    UNCONFIRMED = "unconfirmed"
    """It failed, and no second look said the same (rule O16)."""

    @property
    def is_ours(self) -> bool:
        """Whether the fault was, or may have been, on our side of the network, so that it says nothing of the host either."""
        return self not in (
            Inconclusive.HOST_BLOCKS_US,
            Inconclusive.PASSING_FAULT,
            Inconclusive.HOST_LEADS_HOME,
        )


class CertificateFault(StrEnum):
    """The fault of the encryption of an answer that was read in spite of it (rules C2, C3).

    The strings are warning codes.
    """

    EXPIRED = "certificate-expired"
    NOT_YET_VALID = "certificate-not-yet-valid"
    SELF_SIGNED = "certificate-self-signed"
    UNTRUSTED = "certificate-untrusted"
    WRONG_HOST = "certificate-wrong-host"
    CHAIN_INCOMPLETE = "certificate-chain-incomplete"
    TOO_OLD = "tls-too-old"

    @property
    def hides_identity(self) -> bool:
        """Whether anybody could have answered in the site's place, so that the answer may not be the site's (rule C4)."""
        return self in (
            CertificateFault.SELF_SIGNED,
            CertificateFault.UNTRUSTED,
            CertificateFault.WRONG_HOST,
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """The answer to a probe, an address in the same folder that cannot exist (Bar-Yossef and others 2004).

    `status` is None where no answer came. `final_url` is where it ended. `alike` is the share of the probe's text
    that is the page's too, from 0 to 1, None where one of the two has no text to compare.
    """

    url: str
    status: int | None = None
    final_url: str | None = None
    alike: float | None = None


class Neighbour(StrEnum):
    """When another link of the host was last answered as itself."""

    SINCE = "since"
    """In this run, after the answer in question."""
    LATELY = "lately"


@dataclass(frozen=True, slots=True)
class Further:
    """What comparisons and further requests add to an answer; each field is empty where nobody asked.

    `over_https` is the failure of plain http after which https was asked. `fragment` is that of the last Location which
    named one. `is_titled` says whether the page bears one of the stored titles. `front` is what the root of the site
    gave, with its likeness to the page. `neighbour` is when another link of the host was answered as itself. `spoken` is
    the length of the page's text outside of links, in characters; `says_gone` tells that it has words of not-found,
    `is_gate` that it has marks of a barrier. `is_lasting` says that the site, asked again after all of that, still answers an
    address that cannot exist so. `by_language` says that a redirect depends on the reader's language or country.
    `clean_url` is the end without parameters of a session, proven to lead to the same page. `is_accepted` says that the
    configuration accepts the status of this host, `is_withheld` that the host wants a credential which the request must not
    bear.
    """

    over_https: FailureKind | None = None
    fragment: str | None = None
    is_titled: bool | None = None
    front: Probe | None = None
    neighbour: Neighbour | None = None
    spoken: int | None = None
    says_gone: bool = False
    is_gate: bool = False
    is_lasting: bool = False
    by_language: bool = False
    clean_url: str | None = None
    is_accepted: bool = False
    is_withheld: bool = False


NOTHING_FURTHER = Further()


@dataclass(frozen=True, slots=True)
class Observation:
    """What one visit saw.

    `at` is aware, UTC. Exactly one of `status` and `failure` decides: a failure after an answer began
    (a reset in the body) keeps the status too. The observation of a file of the collection has no status: `image` is
    the content of the file, or `page` what is known of it, `etag` the mark of that file. `hops` are the redirects before the last answer,
    oldest first; `final_url` is where the chain ended. `elapsed` is seconds. `retry_after` is seconds
    from `at`. `sign` is the sign that was found in the page, None for none. `failure_detail` says in words
    by what a failure or a sign was recognised. `certificate` is why the other end of a connection, of any hop,
    could not be verified. `probe` is the answer to the probe of a suspect, None for other answers. `further` is what
    comparisons and further requests added. `page_mark` tells how far `page` was read and from what, None for no page.
    """

    url: str
    at: datetime
    run: int
    status: int | None = None
    failure: FailureKind | None = None
    failure_detail: str | None = None
    hops: tuple[Hop, ...] = ()
    final_url: str | None = None
    content_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    retry_after: float | None = None
    elapsed: float | None = None
    bytes_read: int = 0
    sign: SoftSign | None = None
    page: PageFacts | None = None
    image: ImageFacts | None = None
    inconclusive: Inconclusive | None = None
    certificate: CertificateFault | None = None
    probe: Probe | None = None
    further: Further = NOTHING_FURTHER
    page_mark: PageMark | None = None

    @property
    def is_the_sites(self) -> bool:
        """Whether the answer is known to come from the site: only then may page and image be kept."""
        return self.certificate is None or not self.certificate.hides_identity

    @property
    def is_unread(self) -> bool:
        """Whether the answer brought a page that nobody read (rule M21): it says nothing of what is in it."""
        return self.page_mark is not None and self.page_mark.depth is Depth.STATUS

    @property
    def is_of_file(self) -> bool:
        """Whether a file of the collection was read, in place of a visit on the web."""
        if self.failure is not None:
            return self.failure.is_of_file
        return self.status is None and (self.image is not None or self.page is not None)

    @property
    def kept_page(self) -> PageFacts | None:
        """The page's facts, if the site itself sent them."""
        return self.page if self.is_the_sites else None

    @property
    def kept_image(self) -> ImageFacts | None:
        """The image's facts, if the site itself sent it."""
        return self.image if self.is_the_sites else None
