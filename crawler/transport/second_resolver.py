"""The operator's second resolver: asked directly, past the machine's own, whether a name exists (rule O16)."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from scrapy.utils.defer import maybe_deferred_to_future
from twisted.names import dns
from twisted.names.client import Resolver as Client

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.configuration.option_kinds import NameServer

_TRIES = (1, 3)
"""Seconds that each query waits, one after the other."""


class SecondResolver:
    """Asks one name server. `server` is the operator's."""

    def __init__(self, reactor: Any, server: NameServer) -> None:
        self._client = Client(servers=[server], timeout=_TRIES, reactor=reactor)  # type: ignore[no-untyped-call]

    async def look_up(self, name: str) -> tuple[str, ...]:
        """The addresses of a name, IPv4 and IPv6; empty where it has none, or no answer comes."""
        found: list[str] = []
        for look_up in (self._client.lookupAddress, self._client.lookupIPV6Address):
            try:
                answers, _, _ = await maybe_deferred_to_future(look_up(name))  # type: ignore[no-untyped-call]
            except Exception:  # noqa: BLE001, S112 - refused, timed out, malformed: it does not know the name
                continue
            found += _addresses(answers)
        return tuple(dict.fromkeys(found))


def _addresses(answers: Sequence[Any]) -> list[str]:
    records = (answer.payload for answer in answers if answer.type in (dns.A, dns.AAAA))
    return [str(ip_address(record.address)) for record in records]
