"""A run's way to the web: our own resolver for names, a second layer behind it, probes for certificates, one table for
failures."""

from __future__ import annotations

import logging

from crawler.configuration import Configuration
from crawler.fetching.certificate_probes import Certificates
from crawler.fetching.visit import Visit, host_of
from crawler.model.observation import FailureKind
from crawler.reporting.words.escaping import printable
from crawler.rules.ports import port_of
from crawler.transport.egress_guard import EgressGuard
from crawler.transport.failures import classify
from crawler.transport.resolver import Resolver

logger = logging.getLogger(__name__)


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
        self.certificates = Certificates(self._resolver, configuration.ca_file)
        self._resolver.install()
        self._end_guard = self._guard.begin()

    def failure(self, visit: Visit, error: BaseException) -> tuple[FailureKind, str]:
        """Why a visit's request got no answer, and a line of detail."""
        known = self._resolver.failure_of(host_of(visit.url), port_of(visit.url))
        kind, detail = classify(error, name_failure=known)
        if kind is FailureKind.UNEXPECTED:
            logger.error("unexpected failure at %s: %s", printable(visit.url), printable(detail))
        return kind, detail

    def close(self) -> None:
        """Give the reactor its own resolver back, and begin no further probe."""
        self._resolver.uninstall()
        self.certificates.close()
        self._end_guard()
