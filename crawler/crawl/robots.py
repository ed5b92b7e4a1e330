"""What robots.txt allows (RFC 9309; rule P3), per scheme, host and port, for the length of a run.

A visit of its own in the polite queue fetches each robots.txt; this module keeps and reads the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from protego import Protego

from crawler.fetching.visit import host_of, origin_of
from crawler.transport.http_status import TOO_MANY_REQUESTS

AGENT_TOKEN = "linkhealth"  # noqa: S105 - no secret
"""The name that a robots.txt calls us by."""

LONGEST = 512 * 1024
"""Bytes that are read: RFC 9309, 2.5 asks for at least 500 KiB."""

_SERVER_ERRORS = range(500, 600)


class Permission(StrEnum):
    """Whether a URL may be asked."""

    ALLOWED = "allowed"
    DENIED = "denied"
    UNREACHABLE = "unreachable"
    """The server failed at its robots.txt: RFC 9309, 2.3.1.4 then forbids everything."""
    UNKNOWN = "unknown"


class Robots:
    """Every robots.txt of a run. Where `obey` is false for a host, everything there is allowed, unasked."""

    def __init__(self, *, obey: Callable[[str], bool], longest_crawl_delay: float) -> None:
        self._obey = obey
        self._longest_crawl_delay = longest_crawl_delay
        self._known: dict[str, Protego | Permission] = {}

    def permission(self, url: str) -> Permission:
        """Whether `url` may be asked; UNKNOWN until its robots.txt has been read."""
        if not self._obey(host_of(url)):
            return Permission.ALLOWED
        known = self._known.get(origin_of(url), Permission.UNKNOWN)
        if isinstance(known, Permission):
            return known
        return Permission.ALLOWED if known.can_fetch(url, AGENT_TOKEN) else Permission.DENIED

    def learn(self, origin: str, status: int, body: bytes) -> None:
        """Take in the answer to robots.txt at the end of its redirects."""
        if status in _SERVER_ERRORS or status == TOO_MANY_REQUESTS:
            self._known[origin] = Permission.UNREACHABLE
        elif status == 200:
            self._known[origin] = _parse(body)
        else:
            self._known[origin] = Permission.ALLOWED

    def give_up(self, origin: str) -> None:
        """Allow everything where robots.txt gave no answer: the page's own visit names the trouble better."""
        self._known[origin] = Permission.ALLOWED

    def forget(self) -> None:
        """Forget every robots.txt: a portal may have answered in the sites' place."""
        self._known.clear()

    def crawl_delay(self, origin: str) -> float:
        """The Crawl-delay that applies to us (rule P4): seconds, at most the policy's longest; 0 for none."""
        known = self._known.get(origin)
        if not isinstance(known, Protego):
            return 0.0
        delay = known.crawl_delay(AGENT_TOKEN)
        return min(delay, self._longest_crawl_delay) if delay and delay > 0 else 0.0


def _parse(body: bytes) -> Protego | Permission:
    try:
        return Protego.parse(body[:LONGEST].decode("utf-8-sig", "ignore"))
    except Exception:  # noqa: BLE001 - a robots.txt that breaks the parser forbids nothing
        return Permission.ALLOWED
