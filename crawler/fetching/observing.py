"""From an answer, or the lack of one, to an observation: what was seen, with no opinion."""

from __future__ import annotations

import codecs
import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import TYPE_CHECKING

from crawler.extractors.html.bounds import MAX_BODY, ContentError
from crawler.extractors.image.header import probe, to_facts
from crawler.extractors.image.prober_answer import Info, NotAnImage
from crawler.extractors.page import extract_page
from crawler.fetching.image_ranges import PARTIAL
from crawler.fetching.visit import REDIRECT_STATUSES, Visit
from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Hop,
    ImageFacts,
    Observation,
    SoftSign,
)
from crawler.rules.urls import examine
from crawler.rules.verdict.certificate_faults import gravest
from crawler.state import OriginAnswer

if TYPE_CHECKING:
    from scrapy.http import Response

NOT_MODIFIED = 304
_LONGEST_VALIDATOR = 512
_WALL_BYTES = 256 * 1024
"""As much of an error page as is looked through; the longest challenges have some 30 KB."""
_WALL_HEADERS = {
    b"Cf-Mitigated": ("challenge",),
    b"X-Amzn-Waf-Action": ("challenge", "captcha"),
    b"X-Vercel-Mitigated": ("challenge",),
}
"""As Cloudflare, AWS WAF and Vercel document them."""
_RAW_BYTE = re.compile("[\udc80-\udcff]")
_CUT_SHORT = frozenset(
    {
        FailureKind.RESPONSE_TIMEOUT,
        FailureKind.CONNECTION_RESET,
        FailureKind.TLS_FAILED,
        FailureKind.RESPONSE_MALFORMED,
        FailureKind.CANCELLED,
    }
)
"""After the headers are in, these say only that the body stayed incomplete."""

_CUT_FLAGS = frozenset({"download_stopped", "dataloss", "partial"})
"""Scrapy's: we stopped, it broke off, or it ended with its connection, as a cut one does too."""

_FAILURE_OF_FAULT = {
    CertificateFault.EXPIRED: FailureKind.TLS_CERTIFICATE_EXPIRED,
    CertificateFault.NOT_YET_VALID: FailureKind.TLS_CERTIFICATE_UNTRUSTED,
    CertificateFault.SELF_SIGNED: FailureKind.TLS_CERTIFICATE_UNTRUSTED,
    CertificateFault.UNTRUSTED: FailureKind.TLS_CERTIFICATE_UNTRUSTED,
    CertificateFault.CHAIN_INCOMPLETE: FailureKind.TLS_CERTIFICATE_UNTRUSTED,
    CertificateFault.WRONG_HOST: FailureKind.TLS_WRONG_HOST,
    CertificateFault.TOO_OLD: FailureKind.TLS_FAILED,
}
_OURS = frozenset(
    {
        FailureKind.ROBOTS_DENIED,
        FailureKind.ROBOTS_UNREACHABLE,
        FailureKind.CANCELLED,
        FailureKind.UNEXPECTED,
    }
)
"""Not the connection's doing."""


class RedirectRefusedError(Exception):
    """A redirect that cannot be followed; `kind` says why, the text quotes the Location."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def redirect_target(visit: Visit, response: Response, longest: int) -> str | None:
    """The URL that an answer redirects to, or None for no redirect.

    `longest` is the most redirects to follow. Raises RedirectRefusedError.
    """
    location = response.headers.get(b"Location")
    if response.status not in REDIRECT_STATUSES or location is None:
        return None
    text = _location_text(location)
    examined = examine(text, base=visit.url)
    if examined.invalid is not None:
        raise RedirectRefusedError(
            FailureKind.REDIRECT_BAD_LOCATION, f"{examined.invalid.value}: {text[:200]!r}"
        )
    if examined.url == visit.url or any(hop.url == examined.url for hop in visit.hops):
        raise RedirectRefusedError(FailureKind.REDIRECT_LOOP, examined.url)
    if len(visit.hops) >= longest:
        raise RedirectRefusedError(FailureKind.REDIRECT_TOO_MANY, f"more than {longest}")
    return examined.url


def follow(visit: Visit, response: Response, target: str) -> None:
    """Take a redirect's hop: the visit's next request goes to `target`."""
    visit.hops.append(Hop(visit.url, response.status))
    visit.certificate = gravest(visit.certificate, visit.fault)
    visit.url = target
    visit.retries = 0
    visit.again()


def failed(
    visit: Visit, kind: FailureKind, detail: str | None, *, now: datetime, run: int
) -> Observation:
    """The observation of a visit that got no whole answer. A status that came in stands.

    Where even a request without verification got none, it is the certificate that stands in the way.
    """
    status = visit.status
    if status is None and visit.fault is not None and kind not in _OURS:
        kind = _FAILURE_OF_FAULT[visit.fault]
    fault = visit.fault if status is not None else None
    if status in REDIRECT_STATUSES:
        status = None
    if status is not None and kind in _CUT_SHORT:
        kind = FailureKind.BODY_INCOMPLETE
    return Observation(
        url=visit.link.url,
        at=now,
        run=run,
        status=status,
        failure=kind,
        failure_detail=detail,
        hops=tuple(visit.hops),
        final_url=visit.url if visit.hops or status is not None else None,
        elapsed=_elapsed(visit),
        bytes_read=visit.body_bytes,
        certificate=gravest(visit.certificate, fault),
        image=_measured(visit),
    )


def answered(visit: Visit, response: Response, *, now: datetime, run: int) -> Observation:
    """The observation of an answer: status, validators, and what its bytes say."""
    base = Observation(
        url=visit.link.url,
        at=now,
        run=run,
        # A part that we asked for says of the image what a 200 does.
        status=200 if visit.range and response.status == PARTIAL else response.status,
        failure=_body_failure(visit, response),
        hops=tuple(visit.hops),
        final_url=visit.url,
        content_type=_text(response, b"Content-Type"),
        etag=None if visit.hops else _validator(visit.link.etag, response, b"ETag"),
        last_modified=(
            None if visit.hops else _validator(visit.link.last_modified, response, b"Last-Modified")
        ),
        retry_after=retry_after(response, now),
        elapsed=_elapsed(visit),
        bytes_read=visit.body_bytes,
        certificate=gravest(visit.certificate, visit.fault),
    )
    return _with_content(base, visit, response)


def fingerprint(seen: Observation, response: Response | None = None) -> str | None:
    """What tells an answer's page from other sites' pages; None where it has none to compare.

    A title rather than the bytes: a portal's page may hold the address that was asked.
    """
    if seen.page is not None and seen.page.title:
        return f"title {seen.page.title}"
    if response is None or not 200 <= response.status < 300:
        return None
    return _hash_of_page(response.body)


def origin_answer(visit: Visit, response: Response) -> OriginAnswer:
    """How an origin answered to its robots.txt. Plain texts are no mark: many sites share one."""
    location = response.headers.get(b"Location")
    if response.status in REDIRECT_STATUSES and location is not None:
        target = examine(_location_text(location), base=visit.url)
        return OriginAnswer(response.status, None, target.url)
    page = _hash_of_page(response.body) if response.status == 200 else None
    return OriginAnswer(response.status, page)


def _hash_of_page(body: bytes) -> str | None:
    start = body[:_WALL_BYTES].removeprefix(codecs.BOM_UTF8).lstrip()
    return hashlib.sha256(start).hexdigest()[:32] if start[:1] == b"<" else None


def retry_after(response: Response, now: datetime) -> float | None:
    """Retry-After in seconds from `now`, given as seconds or as a date (RFC 9110, 10.2.3)."""
    text = _text(response, b"Retry-After")
    if text is None:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (aware - now).total_seconds())


def _location_text(location: bytes) -> str:
    """A Location as browsers read it: bytes that are no UTF-8 stand for themselves, encoded."""
    text = location.decode("utf-8", "surrogateescape")
    return _RAW_BYTE.sub(lambda byte: f"%{ord(byte[0]) & 0xFF:02X}", text)


def _with_content(seen: Observation, visit: Visit, response: Response) -> Observation:
    if header := _wall_header(response):
        return replace(seen, sign=SoftSign.WALL, failure_detail=header)
    if not response.body:
        return seen
    if not 200 <= response.status < 300:
        return _with_wall(seen, visit, response)
    if visit.link.wants_image or (seen.content_type or "").lower().startswith("image/"):
        image = _image(visit, response)
        if image.type == "HTML" and not visit.link.wants_image:
            # No image was expected here: a page with a wrong type is no missing picture.
            return seen
        walled = _with_wall(seen, visit, response) if image.type == "HTML" else seen
        return walled if walled.sign is not None else replace(seen, image=image)
    if not _is_page(seen.content_type, response.body):
        return seen
    try:
        page = extract_page(response.body[:MAX_BODY], url=visit.url, content_type=seen.content_type)
    except ContentError as error:
        return replace(seen, failure=FailureKind.CONTENT_ERROR, failure_detail=str(error)[:300])
    if page.sign is None:
        return replace(seen, page=page.facts)
    facts = None if page.sign.hides_page else page.facts
    return replace(seen, page=facts, sign=page.sign, failure_detail=page.evidence)


def _wall_header(response: Response) -> str | None:
    """The header by which a vendor marks its challenge, at any status; None for none."""
    for name, values in _WALL_HEADERS.items():
        value = (_text(response, name) or "").lower()
        if value in values:
            return f"{name.decode().lower()}: {value}"
    return None


def _with_wall(seen: Observation, visit: Visit, response: Response) -> Observation:
    """An answer that holds no page, looked through for nothing but a bot wall.

    A wall's 404 is no death, a wall's page in an image's place no missing image.
    """
    body = response.body[:_WALL_BYTES]
    if body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] != b"<":
        return seen
    try:
        page = extract_page(body, url=visit.url, content_type=None)
    except ContentError:
        return seen
    if page.sign is not SoftSign.WALL:
        return seen
    return replace(seen, sign=SoftSign.WALL, failure_detail=page.evidence)


def _measured(visit: Visit) -> ImageFacts | None:
    """The image of a body that did not end, where its first bytes had told all the same."""
    if not isinstance(visit.image, Info) or visit.status not in (200, PARTIAL):
        return None
    total = None if visit.is_coded else visit.total_bytes
    read, head = visit.body_bytes, bytes(visit.head)
    return to_facts(visit.image, total_bytes=total, bytes_read=read, head=head)


def _image(visit: Visit, response: Response) -> ImageFacts:
    head = bytes(visit.head) if visit.parts else response.body
    answer = (
        visit.image if isinstance(visit.image, Info | NotAnImage) else probe(head, complete=True)
    )
    return to_facts(
        answer,
        total_bytes=_total_bytes(visit, response),
        bytes_read=visit.body_bytes or len(response.body),
        head=head,
        content_type=_text(response, b"Content-Type"),
    )


def _total_bytes(visit: Visit, response: Response) -> int | None:
    """The image's whole length: as a header says, or counted where it was read to its end."""
    if visit.total_bytes is not None and not visit.is_coded:
        return visit.total_bytes
    is_part = visit.range is not None and response.status == PARTIAL
    is_whole = not is_part and not visit.cut_late and _CUT_FLAGS.isdisjoint(response.flags)
    return len(response.body) if is_whole else None


def _is_page(content_type: str | None, body: bytes) -> bool:
    if content_type is None:
        return body.lstrip()[:1] == b"<"
    kind = content_type.lower()
    return "html" in kind or "xml" in kind


def _validator(known: str | None, response: Response, name: bytes) -> str | None:
    """A validator verbatim; a 304 without one means that the known one still holds."""
    text = _text(response, name)
    if text is None:
        return known if response.status == NOT_MODIFIED else None
    return text if len(text) <= _LONGEST_VALIDATOR else None


def _text(response: Response, name: bytes) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1").strip() if value is not None else None


def _body_failure(visit: Visit, response: Response) -> FailureKind | None:
    cut = visit.cut_late or "dataloss" in response.flags
    return FailureKind.BODY_INCOMPLETE if cut else None


def _elapsed(visit: Visit) -> float | None:
    return round(monotonic() - visit.started, 3) if visit.started is not None else None
