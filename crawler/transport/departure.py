"""Departures: a request leaves when its connection is there and its host's turn has come (rule P1).

Until then it has waited for a name, a connection and a handshake, of which each takes as long as it likes: two requests that
were decided upon a second apart would arrive together.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, cast

from twisted.internet.task import deferLater

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure
    from twisted.web.client import HTTPConnectionPool

    from crawler.transport.response_head import BoundedProtocol
    from crawler.transport.transfer import Departure, Transfer

_TURNS = 3
"""Turns of Twisted's loop after which what was written has been given to the kernel: over TLS small writes are gathered in
the first, and the socket is written to in the next."""
_FREE = "QUIESCENT"
"""The state of a connection that takes a request."""


class DeparturePool:
    """Hands a connection of `pool` out when the request of `transfer` may leave on it."""

    def __init__(self, pool: HTTPConnectionPool, transfer: Transfer, departure: Departure) -> None:
        self.persistent = pool.persistent
        self._pool = pool
        self._reactor: Any = pool._reactor  # noqa: SLF001
        self._transfer = transfer
        self._departure = departure

    def getConnection(self, key: Hashable, endpoint: Any) -> Deferred[BoundedProtocol]:  # noqa: N802 - Twisted's
        """As Twisted's: an idle connection, or a new one."""
        found = cast("Deferred[BoundedProtocol]", self._pool.getConnection(key, endpoint))
        return found.addCallback(self._when_ready, key, endpoint)

    def _when_ready(
        self, connection: BoundedProtocol, key: Hashable, endpoint: Any
    ) -> BoundedProtocol | Deferred[BoundedProtocol]:
        if connection.is_ready:
            return self._at_its_turn(connection, key, endpoint)
        return connection.ready().addCallback(self._at_its_turn, key, endpoint)

    def _at_its_turn(
        self, connection: BoundedProtocol, key: Hashable, endpoint: Any
    ) -> BoundedProtocol | Deferred[BoundedProtocol]:
        if connection.state != _FREE:
            # The server has closed it meanwhile.
            return self.getConnection(key, endpoint)
        seconds = self._departure.wait()
        if seconds <= 0:
            self._note(_TURNS)
            return connection
        if self._transfer.started is not None:
            # The host has taken none of this time.
            self._transfer.started += seconds
        waited: Deferred[BoundedProtocol] = deferLater(self._reactor, seconds, lambda: connection)
        return waited.addCallbacks(
            self._at_its_turn,
            _given_up,
            callbackArgs=(key, endpoint),
            errbackArgs=(connection,),
        )

    def _note(self, turns: int) -> None:
        if turns:
            self._reactor.callLater(0, self._note, turns - 1)
        else:
            self._departure.left()


def _given_up(failure: Failure, connection: BoundedProtocol) -> Failure:
    connection.abort()  # type: ignore[no-untyped-call]
    return failure
