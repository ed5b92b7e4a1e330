"""Connections that are given up: where headers do not end, which Twisted would wait for, and at our own early stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS
from twisted.web.error import ExcessiveBufferingError

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred
    from twisted.internet.interfaces import IAddress

LONGEST = 256 * 1024
"""Bytes of status line and headers, interim answers (1xx) included. Browsers take as much (Chromium, 256 KiB)."""


class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's protocol, with a limit for the headers."""

    _head = 0

    def request(self, request: Any) -> Deferred[Any]:
        """Each answer of a connection is counted anew."""
        self._head = 0
        return super().request(request)

    def dataReceived(self, bytes: bytes) -> None:  # noqa: A002, N802 - Twisted's interface
        """Count what comes before the body."""
        parser = self._parser
        if parser is not None and parser.state in (STATUS, HEADER):
            self._head += len(bytes)
            if self._head > LONGEST:
                error = ExcessiveBufferingError(f"more than {LONGEST:,} bytes of headers")
                self._giveUp(Failure(error))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(bytes)  # type: ignore[no-untyped-call]

    def _finishResponse(self, rest: bytes) -> None:  # noqa: N802
        """A connection that is being closed takes no other request.

        After an early stop the rest of a body may have been on our side already, one TLS record behind the
        other. Twisted sees an answer that is complete, and would give the next request a dying connection.
        """
        request, transport = self._currentRequest, self.transport
        if request is not None and getattr(transport, "disconnecting", False):
            request.persistent = False
        super()._finishResponse(rest)


class BoundedFactory(_LenientHTTP11ClientFactory):
    """Makes them for a connection pool."""

    def buildProtocol(self, addr: IAddress | None) -> BoundedProtocol:  # noqa: ARG002, N802
        """Twisted's way of making a connection's protocol."""
        return BoundedProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]
