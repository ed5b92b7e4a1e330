"""Connections for images: a server can push little more into them than is read.

A server sends as much as the receiver's buffer takes, long before a crawler has looked at the first bytes
and closed. The kernel offers 64 KB at once and grows that; an image's header is in the first few. The size of
the buffer is set before the connection is made: a window that was offered cannot be taken back.
"""

from __future__ import annotations

import socket
from typing import Any

from twisted.internet.tcp import Client, Connector
from zope.interface import directlyProvides, providedBy

RECEIVE_BYTES = 8 * 1024
"""What is asked of the kernel; Linux doubles it and offers about half of that. Measured by benchmarks/image_wire.py (ADR 15)."""


class SmallBufferClient(Client):
    """A connection with a small receive buffer, read in small pieces."""

    bufferSize = 16 * 1024  # noqa: N815 - Twisted's name

    def createInternetSocket(self) -> socket.socket:  # noqa: N802
        """Twisted's way of making a connection's socket."""
        made: socket.socket = super().createInternetSocket()  # type: ignore[no-untyped-call]
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        return made


class _SmallBufferConnector(Connector):
    def _makeTransport(self) -> SmallBufferClient:  # noqa: N802
        where = self.host, self.port, self.bindAddress
        return SmallBufferClient(*where, self, self.reactor)  # type: ignore[no-untyped-call]


class SmallBufferReactor:
    """A reactor whose TCP connections have a small receive buffer, for an endpoint; all else is the reactor's own."""

    def __init__(self, reactor: Any) -> None:
        self._reactor = reactor
        directlyProvides(self, providedBy(reactor))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._reactor, name)

    def connectTCP(  # noqa: N802
        self,
        host: str,
        port: int,
        factory: Any,
        timeout: float = 30,
        bindAddress: Any = None,  # noqa: N803
    ) -> Connector:
        """As Twisted's `PosixReactorBase.connectTCP`."""
        connector = _SmallBufferConnector(host, port, factory, timeout, bindAddress, self._reactor)
        connector.connect()
        return connector
