"""Names that a run asks for trial, before it judges anything: whether the resolver tells the truth (rule O17).

Two names that cannot exist, below suffixes that are delegated (a resolver that leads wrong names to a page of its own leaves
`.invalid` alone), and one that has existed for decades. Only the resolver is asked; nothing is connected to.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from crawler.rules.outage.windows import NOBODY_ASKED, Names

SURELY_THERE = "example.com"
"""Kept for documentation for good (RFC 2606, 3)."""
_MADE_UP_BELOW = ("com", "org")

Found = Mapping[str, Sequence[str]]
"""The addresses of names; empty for a name that has none."""


class NameTrial:
    """The trial of one run. `addresses(url)` are those that connections to a URL's host went to; empty where the operator
    chose them, and where the URL spells them out."""

    def __init__(self, addresses: Callable[[str], Collection[str]]) -> None:
        self._addresses = addresses
        self._made_up = tuple(f"{secrets.token_hex(10)}.{suffix}" for suffix in _MADE_UP_BELOW)
        self._led_to: frozenset[str] = frozenset()
        self._finds_any: bool | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """What to ask the resolver."""
        return (*self._made_up, SURELY_THERE)

    def heard(self, found: Found) -> None:
        """Take the resolver's answers."""
        self._led_to = frozenset(each for name in self._made_up for each in found.get(name, ()))
        self._finds_any = any(found.values())

    def told(self, urls: Iterable[str]) -> Names:
        """What that says of the hosts of these URLs."""
        if self._finds_any is None:
            return NOBODY_ASKED
        if not self._led_to:
            return Names(finds_any=self._finds_any)
        misled = {
            urlsplit(url).netloc
            for url in urls
            if not self._led_to.isdisjoint(self._addresses(url))
        }
        return Names(frozenset(misled), self._finds_any)
