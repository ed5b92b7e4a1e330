"""Building the request of a visit."""

from __future__ import annotations

from time import monotonic

from scrapy import Request

from crawler.configuration import NOTHING_SENT, Configuration, Sent
from crawler.fetching.visit import CanaryVisit, Visit
from crawler.transport.transfer import Transfer, Wanted, carry

_ACCEPT_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_ACCEPT_IMAGE = "image/*,*/*;q=0.8"


def build_request(
    visit: Visit,
    *,
    user_agent: str,
    sent: Sent = NOTHING_SENT,
) -> Request:
    """A GET for what the visit asks next, conditional where the last good answer allows it. `sent` is what it bears besides.

    Redirects and duplicates are the crawl's business: Scrapy's own redirects would not wait for the host's
    turn, and its filter would drop a redirect to a URL that was asked before (ADR 1). The URL is asked as it
    is: Scrapy would drop an empty query (rule U1).
    """
    visit.transfer.started = monotonic()
    visit.transfer.sent = sent
    request = Request(
        visit.url,
        headers=_headers(visit, user_agent),
        meta={"dont_redirect": True, "dont_retry": True, "verbatim_url": True},
        dont_filter=True,
    )
    carry(request, visit.transfer)
    return request


def borne(visit: Visit, configuration: Configuration) -> Sent:
    """What the visit's next request bears because of its host. A look at the network bears nothing."""
    if isinstance(visit, CanaryVisit):
        return NOTHING_SENT
    is_verified = visit.transfer.fault is None
    return configuration.sent(visit.url, visit.begun_at, is_verified=is_verified)


def _headers(visit: Visit, user_agent: str) -> dict[str, str | bytes]:
    transfer = visit.transfer
    headers: dict[str, str | bytes] = {**_accepted(transfer), **dict(transfer.sent.headers)}
    headers["User-Agent"] = user_agent
    if cookie := transfer.sent.cookie(visit.cookie):
        headers["Cookie"] = cookie.encode("latin-1")
    if visit.language is not None:
        headers["Accept-Language"] = visit.language
    if transfer.wanted is Wanted.ROBOTS:
        return headers
    return headers | _ranged(transfer) | _conditional(visit)


def _accepted(transfer: Transfer) -> dict[str, str | bytes]:
    match transfer.wanted:
        case Wanted.ROBOTS:
            return {"Accept": "text/plain,*/*;q=0.8"}
        case Wanted.IMAGE:
            # Compressed bytes could not be measured as they come in.
            return {"Accept": _ACCEPT_IMAGE, "Accept-Encoding": "identity"}
        case Wanted.PAGE:
            return {"Accept": _ACCEPT_PAGE}


def _ranged(transfer: Transfer) -> dict[str, str | bytes]:
    if transfer.part is None:
        return {}
    asked = {"Range": f"bytes={transfer.part.first}-{transfer.part.last}"}
    entity = transfer.image.entity if transfer.image is not None else None
    return {**asked, "If-Range": entity} if entity else {**asked}


def _conditional(visit: Visit) -> dict[str, str | bytes]:
    transfer = visit.transfer
    if transfer.image is not None and transfer.image.parts:
        # The rest of an image: a validator of an earlier visit would be about another version.
        return {}
    if visit.hops or (transfer.fault and transfer.fault.hides_identity):
        return {}
    etag, last_modified = visit.validators
    headers: dict[str, str | bytes] = {}
    if etag:
        headers["If-None-Match"] = _verbatim(etag)
    if last_modified:
        headers["If-Modified-Since"] = _verbatim(last_modified)
    return headers


def _verbatim(validator: str) -> bytes:
    """A validator as the server sent it: header values are read as Latin-1, Scrapy writes UTF-8."""
    return validator.encode("latin-1", "replace")
