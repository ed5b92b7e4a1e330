"""Idle connections that are kept for a host's next request: few of one host, and a bounded number of all hosts together.

Twisted keeps those of every host for four minutes: a crawl of 20,000 hosts ran out of descriptors. Here the one
that has been idle longest is closed where there are too many, and a host without any is forgotten.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from twisted.web.client import HTTPConnectionPool

from crawler.transport.response_head import BoundedFactory

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred
    from twisted.web._newclient import HTTP11ClientProtocol

GOOD_BYE_SECONDS = 2.0
"""How long a server may take to close its side of an idle connection that is closed before its time."""


class IdleConnections:
    """The idle connections of several pools, `most` of them at a time, longest idle first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._idle: OrderedDict[HTTP11ClientProtocol, tuple[ConnectionPool, Hashable]] = (
            OrderedDict()
        )

    def __len__(self) -> int:
        return len(self._idle)

    def add(self, connection: HTTP11ClientProtocol, pool: ConnectionPool, key: Hashable) -> None:
        """Keep one more, and close what is too many."""
        self._idle[connection] = (pool, key)
        self.shrink(self.most)

    def discard(self, connection: HTTP11ClientProtocol) -> None:
        """Keep it no longer: it is in use again, or closed."""
        self._idle.pop(connection, None)

    def shrink(self, most: int) -> None:
        """Close those that have been idle longest, until there are `most`."""
        while len(self._idle) > most:
            connection, (pool, key) = next(iter(self._idle.items()))
            pool.close_idle(key, connection)


class ConnectionPool(HTTPConnectionPool):
    """Twisted's, with the idle ones counted by `idle`. `per_host` of them are kept for one scheme, host and port."""

    def __init__(self, reactor: Any, idle: IdleConnections, per_host: int) -> None:
        super().__init__(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self.maxPersistentPerHost = per_host
        # Twisted would ask again at once; retries are the polite queue's.
        self.retryAutomatically = False
        self._factory = BoundedFactory
        self._idle = idle

    def close_idle(self, key: Hashable, connection: HTTP11ClientProtocol) -> None:
        """Close an idle connection before its time."""
        self._timeouts[connection].cancel()
        self._removeConnection(key, connection)
        # Over TLS a connection is closed when the other side has said good-bye too: some never do.
        self._reactor.callLater(GOOD_BYE_SECONDS, connection.abort)

    def getConnection(  # noqa: N802 - Twisted's
        self, key: Hashable, endpoint: Any
    ) -> Deferred[HTTP11ClientProtocol]:
        """As Twisted's: an idle connection, or a new one."""
        before = list(self._connections.get(key, ()))
        found: Deferred[HTTP11ClientProtocol] = super().getConnection(key, endpoint)
        kept = self._connections.get(key, ())
        for connection in before:
            if connection not in kept:
                self._idle.discard(connection)
        self._forget(key)
        return found

    def _putConnection(self, key: Hashable, connection: HTTP11ClientProtocol) -> None:  # noqa: N802
        before = list(self._connections.get(key, ()))
        super()._putConnection(key, connection)  # type: ignore[no-untyped-call]
        kept = self._connections.get(key, ())
        for one in before:
            if one not in kept:
                self._idle.discard(one)
        if connection in kept:
            self._idle.add(connection, self, key)

    def _removeConnection(self, key: Hashable, connection: HTTP11ClientProtocol) -> None:  # noqa: N802
        super()._removeConnection(key, connection)  # type: ignore[no-untyped-call]
        self._idle.discard(connection)
        self._forget(key)

    def closeCachedConnections(self) -> Any:  # noqa: N802
        """As Twisted's: close all idle ones."""
        for connections in self._connections.values():
            for connection in connections:
                self._idle.discard(connection)
        return super().closeCachedConnections()  # type: ignore[no-untyped-call]

    def _forget(self, key: Hashable) -> None:
        if not self._connections.get(key, True):
            del self._connections[key]
