"""Redirects: where an answer leads on to, and when it is not followed."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from crawler.fetching.answer import Answer
from crawler.fetching.cookies import Cookies
from crawler.fetching.visit import LinkVisit, Visit
from crawler.model.observation import FailureKind, Hop, Observation
from crawler.rules.credentials import url_without_credentials
from crawler.rules.ports import may_be_led_to, port_of
from crawler.rules.urls import examine
from crawler.rules.verdict.certificate_faults import gravest_fault
from crawler.transport.http_status import REDIRECTS

_NOT_CONNECTED = frozenset(
    {
        FailureKind.CONNECT_REFUSED,
        FailureKind.CONNECT_TIMEOUT,
        FailureKind.CONNECTION_RESET,
    }
)
_FRAGMENT_SAFE = "!#$%&'()*+,-./:;=?@[\\]^_{|}~"
"""WHATWG URL, fragment percent-encode set: what is not in it stays as it is."""
_TAB_AND_NEWLINE = str.maketrans("", "", "\t\n\r")
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
        shown = url_without_credentials(text)
        raise RedirectRefusedError(
            FailureKind.REDIRECT_BAD_LOCATION, f"{examined.invalid.value}: {shown[:200]!r}"
        )
    port = port_of(examined.url)
    if not may_be_led_to(port, visit.begun_at):
        raise RedirectRefusedError(FailureKind.ADDRESS_BLOCKED, f"to port {port} (rule B10)")
    _keep_cookies(visit, answer)
    if not leads_on(visit, examined.url):
        raise RedirectRefusedError(FailureKind.REDIRECT_LOOP, examined.url)
    if len(visit.hops) >= longest:
        raise RedirectRefusedError(FailureKind.REDIRECT_TOO_MANY, f"more than {longest}")
    return examined.url


def in_page_target(visit: Visit, answer: Answer, target: str, longest: int) -> str | None:
    """The URL that a page leads on to of its own accord; None where a visit cannot follow.

    Unlike a Location it is only a wish: a browser that cannot follow it shows the page. `longest` is as in
    `redirect_target`.
    """
    examined = examine(target, base=visit.url)
    if examined.invalid is not None or len(visit.hops) >= longest:
        return None
    if not may_be_led_to(port_of(examined.url), visit.begun_at):
        return None
    _keep_cookies(visit, answer)
    return examined.url if leads_on(visit, examined.url) else None


def leads_on(visit: Visit, target: str) -> bool:
    """Whether a request for `target` is one that the visit has not made: a loop is one only with the same cookies."""
    cookie = visit.cookies.header(target) if visit.cookies is not None else None
    return (target, cookie) not in visit.trail


def follow(visit: Visit, answer: Answer, target: str) -> None:
    """Take a redirect's hop: the visit's next request goes to `target`."""
    visit.hops.append(Hop(visit.url, answer.status))
    visit.varies_by_language |= _varies_by_language(answer)
    location = answer.header(b"Location")
    if location is not None and (fragment := _fragment(location_text(location))) is not None:
        visit.fragment = fragment
    visit.certificate = gravest_fault(visit.certificate, visit.transfer.fault)
    visit.url = target
    visit.retries = 0
    visit.again()


def ask_over_https(visit: LinkVisit, failed: Observation) -> bool:
    """Ask the same address over https where plain http cannot be connected to (rule V3); returns whether it is asked.

    Many hosts serve https only and keep port 80 closed: readers' browsers ask https by themselves. It is asked
    once in a visit; `failed` is what plain http gave.
    """
    parts = urlsplit(visit.url)
    closed = failed.failure in _NOT_CONNECTED and failed.status is None
    if (
        not closed
        or parts.scheme != "http"
        or parts.port is not None
        or visit.over_http is not None
    ):
        return False
    visit.over_http = failed
    visit.url = f"https{visit.url.removeprefix('http')}"
    visit.retries = 0
    visit.again()
    return True


def _keep_cookies(visit: Visit, answer: Answer) -> None:
    visit.trail.add((visit.url, visit.cookie))
    if answer.cookies:
        visit.cookies = visit.cookies or Cookies()
        visit.cookies.keep(visit.url, answer.cookies)


def _fragment(location: str) -> str | None:
    """The fragment that a Location names, encoded as browsers do; None for none (RFC 9110, 10.2.2)."""
    _, has_fragment, fragment = location.strip().translate(_TAB_AND_NEWLINE).partition("#")
    return quote(fragment, safe=_FRAGMENT_SAFE) if has_fragment else None


def _varies_by_language(answer: Answer) -> bool:
    """Whether an answer says that it depends on the reader's language (RFC 9110, 12.5.5)."""
    names = (answer.text(b"Vary") or "").lower().split(",")
    return "accept-language" in map(str.strip, names)


def location_text(location: bytes) -> str:
    """A Location field as browsers read it: bytes that are no UTF-8 stand for themselves, encoded."""
    text = location.decode("utf-8", "surrogateescape")
    return _RAW_BYTE.sub(lambda byte: f"%{ord(byte[0]) & 0xFF:02X}", text)
