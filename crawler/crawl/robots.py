"""What robots.txt allows (RFC 9309; rule P3), per scheme, host and port, for the length of a run.

A visit of its own in the polite queue fetches each robots.txt; this module keeps what they say. The least recently used
are forgotten beyond `MOST_KEPT` and `MOST_ORIGINS`, and asked again where they are needed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from enum import StrEnum

from crawler.fetching.robots_reading import read
from crawler.fetching.visit import host_of, origin_of
from crawler.rules.robots_rules import RobotsRules
from crawler.transport.http_status import TOO_MANY_REQUESTS

MOST_KEPT = 16 * 1024 * 1024
"""Bytes of rules that are kept: those of ten thousands of ordinary sites, or of sixty with half a megabyte each."""

MOST_ORIGINS = 50_000
"""Origins whose robots.txt is kept, some 400 bytes each beside the rules."""

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
        self._known: OrderedDict[str, RobotsRules | Permission] = OrderedDict()
        self._size = 0
        self._waiting: dict[str, set[str]] = {}
        self._decided: dict[str, Permission] = {}

    def permission(self, url: str) -> Permission:
        """Whether `url` may be asked; UNKNOWN until its robots.txt has been read.

        A URL that was UNKNOWN is decided when its robots.txt comes in: were that forgotten before the URL's turn, it would
        be asked for again and again.
        """
        if not self._obey(host_of(url)):
            return Permission.ALLOWED
        if (decided := self._decided.pop(url, None)) is not None:
            return decided
        origin = origin_of(url)
        known = self._known.get(origin)
        if known is None:
            self._waiting.setdefault(origin, set()).add(url)
            return Permission.UNKNOWN
        self._known.move_to_end(origin)
        return _permission(known, url)

    def learn(
        self, origin: str, status: int, body: bytes, rules: RobotsRules | None = None
    ) -> None:
        """Take in the answer to robots.txt at the end of its redirects; `rules` where it has been read already."""
        if status in _SERVER_ERRORS or status == TOO_MANY_REQUESTS:
            self._keep(origin, Permission.UNREACHABLE)
        elif status == 200:
            self._keep(origin, read(body) if rules is None else rules)
        else:
            self._keep(origin, Permission.ALLOWED)

    def give_up(self, origin: str) -> None:
        """Allow everything where robots.txt gave no answer: the page's own visit names the trouble better."""
        self._keep(origin, Permission.ALLOWED)

    def forget(self) -> None:
        """Forget every robots.txt: a portal may have answered in the sites' place."""
        self._known.clear()
        self._waiting.clear()
        self._decided.clear()
        self._size = 0

    def crawl_delay(self, origin: str) -> float:
        """The Crawl-delay that applies to us (rule P4): seconds, at most the policy's longest; 0 for none."""
        known = self._known.get(origin)
        delay = known.crawl_delay if isinstance(known, RobotsRules) else None
        return min(delay, self._longest_crawl_delay) if delay else 0.0

    def _keep(self, origin: str, known: RobotsRules | Permission) -> None:
        self._drop(origin)
        self._known[origin] = known
        self._size += _size(known)
        for url in self._waiting.pop(origin, ()):
            self._decided[url] = _permission(known, url)
        while self._size > MOST_KEPT or len(self._known) > MOST_ORIGINS:
            self._drop(next(iter(self._known)))

    def _drop(self, origin: str) -> None:
        if (known := self._known.pop(origin, None)) is not None:
            self._size -= _size(known)


def _permission(known: RobotsRules | Permission, url: str) -> Permission:
    if isinstance(known, Permission):
        return known
    return Permission.ALLOWED if known.allows(url) else Permission.DENIED


def _size(known: RobotsRules | Permission) -> int:
    return known.size if isinstance(known, RobotsRules) else 0
