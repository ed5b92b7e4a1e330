"""Redirects: where an answer leads on to, and when it is not followed."""

from __future__ import annotations

import re

from crawler.fetching.answer import Answer
from crawler.fetching.visit import Visit
from crawler.model.observation import FailureKind, Hop
from crawler.rules.urls import examine
from crawler.rules.verdict.certificate_faults import gravest_fault
from crawler.transport.http_status import REDIRECTS

_RAW_BYTE = re.compile("[\udc80-\udcff]")


class RedirectRefusedError(Exception):
    """A redirect that cannot be followed; `kind` says why, the text quotes the Location."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind


def redirect_target(visit: Visit, answer: Answer, longest: int) -> str | None:
    """The URL that an answer redirects to, or None for no redirect.

    `longest` is the most redirects to follow. Raises RedirectRefusedError.
    """
    location = answer.header(b"Location")
    if answer.status not in REDIRECTS or location is None:
        return None
    text = location_text(location)
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


def follow(visit: Visit, answer: Answer, target: str) -> None:
    """Take a redirect's hop: the visit's next request goes to `target`."""
    visit.hops.append(Hop(visit.url, answer.status))
    visit.certificate = gravest_fault(visit.certificate, visit.transfer.fault)
    visit.url = target
    visit.retries = 0
    visit.again()


def location_text(location: bytes) -> str:
    """A Location field as browsers read it: bytes that are no UTF-8 stand for themselves, encoded."""
    text = location.decode("utf-8", "surrogateescape")
    return _RAW_BYTE.sub(lambda byte: f"%{ord(byte[0]) & 0xFF:02X}", text)
