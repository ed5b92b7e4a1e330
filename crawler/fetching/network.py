"""A run's way to the web: our own resolver for names, a second layer behind it, probes for certificates, one table for
failures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from crawler.configuration import Configuration
from crawler.fetching.certificate_probes import Certificates
from crawler.fetching.visit import Visit, host_of
from crawler.model.observation import FailureKind
from crawler.reporting.words.escaping import printable
from crawler.rules.ports import port_of
from crawler.transport.addresses import literal
from crawler.transport.egress_guard import EgressGuard
from crawler.transport.failures import classify
from crawler.transport.resolver import Resolver
from crawler.transport.tunnel import ProxyAddress

if TYPE_CHECKING:
    from crawler.transport.second_resolver import SecondResolver

logger = logging.getLogger(__name__)

LOOKED_UP_AT_ONCE = 16
"""Names that are looked up at a time, without a connection."""


class Network:
    """Replaces the reactor's resolver until it is closed. `dns_timeout` is seconds."""

    def __init__(self, configuration: Configuration, dns_timeout: float) -> None:
        # Importing it installs one: only a process of Scrapy's may do that.
        from twisted.internet import reactor

        self._guard = EgressGuard(
            configuration.connect_to, allow_private=configuration.allow_private
        )
        self._resolver = Resolver(
            reactor,
            connect_to=configuration.connect_to,
            allow_private=configuration.allow_private,
            timeout=dns_timeout,
            chosen=self._guard.allow,
        )
        self._connect_to = configuration.connect_to
        self._second: SecondResolver | None = None
        if configuration.second_resolver is not None:
            # Only who names one needs it.
            from crawler.transport.second_resolver import SecondResolver

            self._guard.allow(configuration.second_resolver[0])
            self._second = SecondResolver(reactor, configuration.second_resolver)
        if configuration.proxy is None:
            self.certificates = Certificates(self._resolver, configuration.ca_file)
        else:
            proxy = ProxyAddress(configuration.proxy)
            self._guard.allow(proxy.address)
            self.certificates = Certificates(self._resolver, configuration.ca_file, dial=proxy.dial)
        self._resolver.install()
        self._end_guard = self._guard.begin()

    def failure(self, visit: Visit, error: BaseException) -> tuple[FailureKind, str]:
        """Why a visit's request got no answer, and a line of detail."""
        known = self._resolver.failure_of(host_of(visit.url), port_of(visit.url))
        kind, detail = classify(error, name_failure=known)
        if kind is FailureKind.UNEXPECTED:
            logger.error("unexpected failure at %s: %s", printable(visit.url), printable(detail))
        return kind, detail

    def prepare(self, visit: Visit) -> None:
        """Forget what is remembered of a visit's host where the visit is to look anew."""
        if visit.transfer.is_fresh:
            self._resolver.forget(host_of(visit.url), port_of(visit.url))

    def addresses(self, url: str) -> frozenset[str]:
        """Where connections to a URL's host went by its name; empty where the operator or the URL says where to."""
        host, port = host_of(url), port_of(url)
        if literal(host) is not None or self._connect_to.target(host, port) is not None:
            return frozenset()
        return frozenset(address for address, _ in self._resolver.pinned(host, port))

    async def look_up(self, names: Iterable[str], *, elsewhere: bool) -> dict[str, tuple[str, ...]]:
        """The addresses of names, of which some are asked at a time; empty for one that has none."""
        resolver = self._second if elsewhere else self._resolver
        assert resolver is not None
        turn = asyncio.Semaphore(LOOKED_UP_AT_ONCE)

        async def one(name: str) -> tuple[str, tuple[str, ...]]:
            async with turn:
                return name, await resolver.look_up(name)

        return dict(await asyncio.gather(*map(one, names)))

    def close(self) -> None:
        """Give the reactor its own resolver back, and begin no further probe."""
        self._resolver.uninstall()
        self.certificates.close()
        self._end_guard()
