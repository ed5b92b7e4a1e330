"""Building the request of a visit."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from scrapy import Request

from crawler.fetching.visit import Visit

_ACCEPT_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_ACCEPT_IMAGE = "image/*,*/*;q=0.8"


def build_request(
    visit: Visit,
    *,
    user_agent: str,
    callback: Callable[..., Any],
    errback: Callable[..., Any],
) -> Request:
    """A GET for what the visit asks next, conditional where the last good answer allows it.

    Redirects and duplicates are left to us: Scrapy's own redirects would not wait for the host's
    turn, and its filter would drop a redirect to a URL that was asked before (DESIGN, trap 1).
    """
    visit.started = monotonic()
    return Request(
        visit.url,
        callback=callback,
        errback=errback,
        headers=_headers(visit, user_agent),
        cb_kwargs={"visit": visit},
        meta={"dont_redirect": True, "dont_retry": True},
        dont_filter=True,
    )


def _headers(visit: Visit, user_agent: str) -> dict[str, str | bytes]:
    headers: dict[str, str | bytes] = {"User-Agent": user_agent}
    if visit.is_urgent:
        return {**headers, "Accept": "text/plain,*/*;q=0.8"}
    if visit.link.wants_image:
        # Compressed bytes could not be measured as they come in.
        headers |= {"Accept": _ACCEPT_IMAGE, "Accept-Encoding": "identity"}
    else:
        headers["Accept"] = _ACCEPT_PAGE
    if visit.range is not None:
        headers["Range"] = "bytes={}-{}".format(*visit.range)
    if visit.parts:
        # The rest of what has begun: a validator of an earlier visit would be about something else.
        return headers | ({"If-Range": visit.entity} if visit.entity else {})
    if not visit.hops and not (visit.fault and visit.fault.hides_identity):
        if visit.link.etag:
            headers["If-None-Match"] = _verbatim(visit.link.etag)
        if visit.link.last_modified:
            headers["If-Modified-Since"] = _verbatim(visit.link.last_modified)
    return headers


def _verbatim(validator: str) -> bytes:
    """A validator as the server sent it: header values are read as Latin-1, Scrapy writes UTF-8."""
    return validator.encode("latin-1", "replace")
