"""From an answer, or the lack of one, to an observation: what was seen, with no opinion."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from crawler.extractors.html.bounds import MAX_BODY, ContentError
from crawler.extractors.html.document import Document, UnreadPage, read_document
from crawler.extractors.image.header import probe, to_facts
from crawler.extractors.image.prober_answer import Info
from crawler.extractors.page import extract_document
from crawler.extractors.signs.gates import says_gate
from crawler.extractors.signs.page_mark import page_mark, title_in, without_address
from crawler.extractors.signs.page_redirect import PageRedirect
from crawler.extractors.signs.said_gone import says_gone
from crawler.fetching.answer import Answer, BodyEnd
from crawler.fetching.page_marks import digest_of
from crawler.fetching.page_reading import PageAsked, read_with_document
from crawler.fetching.redirects import location_text
from crawler.fetching.visit import LinkVisit, ProbeVisit, Visit
from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Further,
    ImageFacts,
    Observation,
    PageFacts,
    SoftSign,
)
from crawler.model.page_depth import ORDER, Depth, PageMark
from crawler.rules.outage.one_page import BARE, PAGE, TEXT, TITLE
from crawler.rules.urls import examine
from crawler.rules.verdict.certificate_faults import gravest_fault
from crawler.rules.verdict.clean_address import is_by_language
from crawler.state import OriginAnswer
from crawler.transport.http_status import NOT_MODIFIED, PARTIAL_CONTENT, REDIRECTS

_LONGEST_VALIDATOR = 512
_ERRORS_FROM = 400
_WALL_BYTES = 256 * 1024
"""As much of an error page as is looked through; the longest challenges have some 30 KB."""
_RULES = re.compile(
    rb"^[ \t]*(user-agent|disallow|allow|sitemap)[ \t]*:", re.IGNORECASE | re.MULTILINE
)
"""Lines of a robots.txt (RFC 9309, 2.2)."""
_WALL_HEADERS = {
    b"Cf-Mitigated": ("challenge",),
    b"X-Amzn-Waf-Action": ("challenge", "captcha"),
    b"X-Vercel-Mitigated": ("challenge",),
}
"""As Cloudflare, AWS WAF and Vercel document them."""
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
        FailureKind.OWN_MACHINE,
        FailureKind.UNEXPECTED,
    }
)
"""Not the connection's doing."""


def failed(
    visit: Visit, kind: FailureKind, detail: str | None, *, now: datetime, run: int
) -> Observation:
    """The observation of a visit that got no whole answer. A status that came in stands.

    Where a request without verification got none either, the certificate's fault is the failure.
    """
    transfer = visit.transfer
    status = transfer.status
    if status is None and transfer.fault is not None and kind not in _OURS:
        kind = _FAILURE_OF_FAULT[transfer.fault]
    fault = transfer.fault if status is not None else None
    if status in REDIRECTS:
        status = None
    if status is not None and kind in _CUT_SHORT:
        kind = FailureKind.BODY_INCOMPLETE
    return Observation(
        url=visit.begun_at,
        at=now,
        run=run,
        status=status,
        failure=kind,
        failure_detail=detail,
        hops=tuple(visit.hops),
        final_url=visit.url if visit.hops or status is not None else None,
        elapsed=_elapsed(visit),
        bytes_read=visit.transfer.body_bytes,
        certificate=gravest_fault(visit.certificate, fault),
        image=_measured(visit),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, read once. `document` is its page as it was parsed, or where nothing had to be parsed, None where there is
    none; `leads_to` is the redirect that the page makes itself."""

    seen: Observation
    document: Document | UnreadPage | None = None
    leads_to: PageRedirect | None = None


Kept = Callable[[int, PageMark], PageFacts | None]
"""The facts that are kept of a link's page, by its id and the mark under which they were read."""


def answered(
    visit: Visit, answer: Answer, *, now: datetime, run: int, kept: Kept | None = None
) -> Reading:
    """The observation of an answer: status, validators, and what its bytes say. `kept` gives what is known of a page
    whose answer did not change (rule M20); without it every page is read."""
    etag, last_modified = visit.validators
    is_part = visit.transfer.part is not None and answer.status == PARTIAL_CONTENT
    base = Observation(
        url=visit.begun_at,
        at=now,
        run=run,
        # A part that we asked for counts as a 200.
        status=200 if is_part else answer.status,
        failure=_body_failure(visit, answer),
        hops=tuple(visit.hops),
        final_url=visit.url,
        content_type=answer.text(b"Content-Type"),
        etag=None if visit.hops else _validator(etag, answer, b"ETag"),
        last_modified=(None if visit.hops else _validator(last_modified, answer, b"Last-Modified")),
        retry_after=retry_after(answer, now),
        elapsed=_elapsed(visit),
        bytes_read=visit.transfer.body_bytes,
        certificate=gravest_fault(visit.certificate, visit.transfer.fault),
        further=_further(visit),
    )
    return _with_content(base, visit, answer, kept)


def _further(visit: Visit) -> Further:
    """What the redirects say beside where they lead (rules E5, E6)."""
    by_language = visit.varies_by_language and is_by_language(visit.begun_at, visit.url)
    return Further(
        fragment=visit.fragment,
        by_language=by_language,
        is_withheld=visit.transfer.sent.is_withheld,
    )


def fingerprint(seen: Observation, answer: Answer | None = None) -> str | None:
    """The mark of an answer's page among those of other sites (`one_page`); None where there is no page.

    Its title where it has one that quotes nothing of the address that was asked for, else its words.
    """
    title = seen.page.title if seen.page is not None else None
    if seen.is_unread and answer is not None:
        title = title_in(answer.body)
    if title:
        left = without_address(title, seen.url)
        if left == title or answer is None:
            return f"{TITLE}{left}" if left else None
    if answer is None:
        return None
    kind = (answer.text(b"Content-Type") or "text/").lower()
    is_text = kind.startswith("text/") or _is_markup(answer.body)
    return _mark(answer, seen.url) if is_text and seen.image is None else None


def origin_answer(visit: Visit, answer: Answer) -> OriginAnswer:
    """How an origin answered the request for its robots.txt."""
    location = answer.header(b"Location")
    if answer.status in REDIRECTS and location is not None:
        target = examine(location_text(location), base=visit.url)
        return OriginAnswer(answer.status, None, target.url)
    is_rules = answer.status == 200 and _RULES.search(answer.body[:_WALL_BYTES]) is not None
    # Rules are a robots.txt indeed, and many sites have the same.
    return OriginAnswer(answer.status, None if is_rules else _mark(answer, visit.url))


def _mark(answer: Answer, asked: str) -> str | None:
    words = page_mark(answer.body, asked)
    if words:
        return f"{PAGE if _is_markup(answer.body) else TEXT}{words}"
    is_error = answer.status >= _ERRORS_FROM
    return f"{BARE}{answer.status}" if is_error else None


def _is_markup(body: bytes) -> bool:
    return body[:_WALL_BYTES].removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"


def retry_after(answer: Answer, now: datetime) -> float | None:
    """Retry-After in seconds from `now`, given as seconds or as a date (RFC 9110, 10.2.3)."""
    text = answer.text(b"Retry-After")
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


def _with_content(seen: Observation, visit: Visit, answer: Answer, kept: Kept | None) -> Reading:
    if header := _wall_header(answer):
        return Reading(replace(seen, sign=SoftSign.WALL, failure_detail=header))
    if not answer.body:
        return Reading(seen)
    if not 200 <= answer.status < 300:
        return Reading(_with_wall(seen, visit, answer))
    if visit.wants_image or (seen.content_type or "").lower().startswith("image/"):
        image = _image(visit, answer)
        if image.type == "HTML" and not visit.wants_image:
            # No image was expected here: a page with a wrong type is no missing image.
            return Reading(seen)
        walled = _with_barrier(seen, visit, answer) if image.type == "HTML" else seen
        return Reading(walled if walled.sign is not None else replace(walled, image=image))
    if not _is_page(seen.content_type, answer.body):
        return Reading(seen)
    if _is_left_unread(seen, visit):
        # What is known of the page stays, and so do the validators of its answer.
        mark = PageMark(Depth.STATUS)
        return Reading(replace(seen, page_mark=mark, etag=None, last_modified=None))
    digest = _digest(seen, visit, answer)
    if kept is not None and (reading := _unchanged(seen, visit, answer, digest, kept)) is not None:
        return reading
    return _with_page(seen, visit, answer, digest)


def _depth(visit: Visit) -> Depth:
    """How far the page is read; whole at the end of a redirect, as all of its words may be compared (rule E6), and at a
    second look, as its first one failed."""
    is_second = isinstance(visit, LinkVisit) and visit.is_second_look
    return Depth.WHOLE if visit.hops or is_second else visit.depth


def _is_left_unread(seen: Observation, visit: Visit) -> bool:
    """Whether the answer is all that the run wants (rule M21): of a link that is plainly well, as it still seems to be."""
    return _depth(visit) is Depth.STATUS and seen.status == 200 and seen.failure is None


def _digest(seen: Observation, visit: Visit, answer: Answer) -> str | None:
    """The digest of a page that may be the same at the next visit; None for what is read in any case."""
    is_whole = seen.status == 200 and seen.failure is None and len(answer.body) <= MAX_BODY
    return digest_of(visit, answer) if is_whole and isinstance(visit, LinkVisit) else None


def _unchanged(
    seen: Observation, visit: Visit, answer: Answer, digest: str | None, kept: Kept
) -> Reading | None:
    """The observation of a page that is the one whose facts are kept, with these; None for any other."""
    if digest is None or not isinstance(visit, LinkVisit):
        return None
    mark = visit.link.page_mark
    if mark is None or mark.digest != digest or not mark.serves(_depth(visit)):
        return None
    facts = kept(visit.link.id, mark)
    if facts is None:
        return None
    page = UnreadPage(answer.body, visit.url, seen.content_type)
    return Reading(replace(seen, page=facts, page_mark=mark), page)


def page_to_read(visit: Visit, answer: Answer) -> PageAsked | None:
    """The page that an answer brings, where it has to be read: another process may do that before the answer is passed on
    (`Answer.page`). None for all else."""
    if not isinstance(visit, LinkVisit | ProbeVisit) or visit.wants_image or not answer.body:
        return None
    kind = answer.text(b"Content-Type")
    is_image = (kind or "").lower().startswith("image/")
    if is_image or not 200 <= answer.status < 300 or not _is_page(kind, answer.body):
        return None
    if answer.status == 200 and _depth(visit) is Depth.STATUS:
        return None
    mark = visit.link.page_mark if isinstance(visit, LinkVisit) else None
    if mark is not None and mark.digest == digest_of(visit, answer):
        return None
    return _asked(visit, answer) if _wall_header(answer) is None else None


def _asked(visit: Visit, answer: Answer) -> PageAsked:
    return PageAsked(
        body=answer.body[:MAX_BODY],
        url=visit.url,
        begun_at=visit.begun_at,
        content_type=answer.text(b"Content-Type"),
        refresh=answer.text(b"Refresh"),
        # An answer of another status, or one that broke off, is read as far as most are.
        depth=max(_depth(visit), Depth.RELATED, key=ORDER.index),
        parts=visit.parts,
    )


def _with_page(seen: Observation, visit: Visit, answer: Answer, digest: str | None) -> Reading:
    asked, document = _asked(visit, answer), None
    page = answer.page
    if page is None:
        page, document = read_with_document(asked)
    if page.fault is not None:
        fault = FailureKind.CONTENT_ERROR
        return Reading(replace(seen, failure=fault, failure_detail=page.fault))
    read = document or UnreadPage(asked.body, asked.url, asked.content_type)
    if page.sign is None:
        leads_to = page.leads_to
        mark = PageMark(asked.depth, None if leads_to else digest)
        # The words of a page that only leads on are no article's.
        stub = leads_to is not None and leads_to.is_all
        facts = None if stub else page.facts
        return Reading(replace(seen, page=facts, page_mark=mark), read, leads_to)
    facts = None if page.sign.hides_page else page.facts
    mark = PageMark(asked.depth)
    found = replace(seen, page=facts, sign=page.sign, failure_detail=page.evidence, page_mark=mark)
    return Reading(found, read)


def _wall_header(answer: Answer) -> str | None:
    """The header by which a vendor marks its challenge, at any status; None for none."""
    for name, values in _WALL_HEADERS.items():
        value = (answer.text(name) or "").lower()
        if value in values:
            return f"{name.decode().lower()}: {value}"
    return None


def _with_wall(seen: Observation, visit: Visit, answer: Answer) -> Observation:
    """An answer that is no page, searched for a bot wall only: a wall's 404 says nothing of the page."""
    return _walled(seen, _error_page(visit, answer))


def _walled(seen: Observation, document: Document | None) -> Observation:
    page = extract_document(document) if document is not None else None
    if page is None or page.sign is not SoftSign.WALL:
        return seen
    return replace(seen, sign=SoftSign.WALL, failure_detail=page.evidence)


def _with_barrier(seen: Observation, visit: Visit, answer: Answer) -> Observation:
    """A page in an image's place: a wall says nothing of the image, nor does any other barrier (rules V4, V10)."""
    document = _error_page(visit, answer)
    walled = _walled(seen, document)
    if document is None or walled.sign is not None:
        return walled
    if says_gone(document) or not says_gate(document):
        return seen
    return replace(seen, further=replace(seen.further, is_gate=True))


def _error_page(visit: Visit, answer: Answer) -> Document | None:
    if not _is_markup(answer.body):
        return None
    try:
        return read_document(answer.body[:_WALL_BYTES], url=visit.url, content_type=None)
    except ContentError:
        return None


def _measured(visit: Visit) -> ImageFacts | None:
    """The image of a body that did not end, where its first bytes were enough."""
    transfer, image = visit.transfer, visit.transfer.image
    if image is None or transfer.status not in (200, PARTIAL_CONTENT):
        return None
    if not isinstance(image.found, Info):
        return None
    total = None if transfer.is_coded else transfer.total_bytes
    read, head = transfer.body_bytes, bytes(image.data)
    return to_facts(image.found, total_bytes=total, bytes_read=read, head=head)


def _image(visit: Visit, answer: Answer) -> ImageFacts:
    image = visit.transfer.image
    head = bytes(image.data) if image is not None and image.parts else answer.body
    found = image.found if image is not None else None
    return to_facts(
        found or probe(head, complete=True),
        total_bytes=_total_bytes(visit, answer),
        bytes_read=visit.transfer.body_bytes or len(answer.body),
        head=head,
        content_type=answer.text(b"Content-Type"),
    )


def _total_bytes(visit: Visit, answer: Answer) -> int | None:
    """The image's whole length: as a header says, or counted where it was read to its end."""
    transfer = visit.transfer
    if transfer.total_bytes is not None and not transfer.is_coded:
        return transfer.total_bytes
    is_part = transfer.part is not None and answer.status == PARTIAL_CONTENT
    is_whole = not is_part and not transfer.cut_late and answer.end is BodyEnd.WHOLE
    return len(answer.body) if is_whole else None


def _is_page(content_type: str | None, body: bytes) -> bool:
    if content_type is None:
        return body.lstrip()[:1] == b"<"
    kind = content_type.lower()
    return "html" in kind or "xml" in kind


def _validator(known: str | None, answer: Answer, name: bytes) -> str | None:
    """A validator verbatim; a 304 without one means that the known one still holds."""
    text = answer.text(name)
    if text is None:
        return known if answer.status == NOT_MODIFIED else None
    return text if len(text) <= _LONGEST_VALIDATOR else None


def _body_failure(visit: Visit, answer: Answer) -> FailureKind | None:
    cut = visit.transfer.cut_late or answer.end is BodyEnd.BROKEN_OFF
    return FailureKind.BODY_INCOMPLETE if cut else None


def _elapsed(visit: Visit) -> float | None:
    started, ended = visit.transfer.started, visit.transfer.ended
    if started is None:
        return None
    return round((monotonic() if ended is None else ended) - started, 3)
