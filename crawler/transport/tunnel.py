"""Connections through the operator's proxy: a tunnel to an address that was looked up and checked here (rule B16).

The proxy carries bytes and nothing else: it is asked by CONNECT, for http and https alike, and for addresses, never for
names. So private addresses are refused as ever, a domain that is gone is known to be, and TLS is the site's own. What the
proxy itself refuses, or does not answer, says nothing of a link.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable
from time import monotonic
from typing import Any

from twisted.internet.protocol import connectionDone
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure
from zope.interface import directlyProvides, providedBy

from crawler.configuration.proxy import Proxy

LONGEST_HEAD = 16 * 1024
"""Bytes of the proxy's answer before the tunnel."""
_AT_ONCE = 4_096
_STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3})(?: |\r)")
_END = b"\r\n\r\n"

Dial = Callable[[tuple[str, int], float], socket.socket]
"""Connects to an address within so many seconds; raises OSError."""


class ProxyFailedError(Exception):
    """The proxy did not lead to an address: it is not there, refuses, or says nothing that can be read."""


class ProxyAddress:
    """A proxy that has been looked up: `address` is one of its own."""

    def __init__(self, proxy: Proxy) -> None:
        """Raises ProxyFailedError where the proxy's name is not known."""
        self._proxy = proxy
        try:
            found = socket.getaddrinfo(proxy.host, proxy.port, type=socket.SOCK_STREAM)
        except OSError:
            raise ProxyFailedError(f"the proxy {proxy.host!a} has no address") from None
        self.address: str = str(found[0][4][0])
        self.port = proxy.port

    def request(self, host: str, port: int) -> bytes:
        """The request for a tunnel to an address."""
        authority = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
        if self._proxy.credentials is not None:
            lines.append(f"Proxy-Authorization: {self._proxy.credentials}")
        return "\r\n".join([*lines, "", ""]).encode("ascii")

    def dial(self, endpoint: tuple[str, int], seconds: float) -> socket.socket:
        """A socket to an address, through the proxy. Raises OSError."""
        deadline = monotonic() + seconds
        made = socket.create_connection((self.address, self.port), timeout=seconds)
        try:
            made.sendall(self.request(*endpoint))
            head = b""
            while _END not in head:
                made.settimeout(max(0.001, deadline - monotonic()))
                # Byte by byte at the end: what follows belongs to the tunnel.
                data = made.recv(1)
                if not data or len(head) > LONGEST_HEAD:
                    raise ConnectionRefusedError  # noqa: TRY301 - the socket is closed in one place
                head += data
            if _refusal(head) is not None:
                raise ConnectionRefusedError  # noqa: TRY301 - see above
        except BaseException:
            made.close()
            raise
        return made


def _refusal(head: bytes) -> str | None:
    """Why a proxy's answer opens no tunnel; None where it does."""
    status = _STATUS.match(head)
    if status is None:
        return "the proxy's answer cannot be read"
    return None if status[1].startswith(b"2") else f"the proxy said {status[1].decode('ascii')}"


class _Tunnel(ProtocolWrapper):
    """One connection: first the proxy's answer, then the bytes of the protocol that wanted it."""

    factory: Any
    wrappedProtocol: Any  # noqa: N815 - Twisted's
    transport: Any = None

    def makeConnection(self, transport: Any) -> None:  # noqa: N802 - Twisted's
        """The proxy is reached: ask it. The protocol learns of its connection when the tunnel stands."""
        directlyProvides(self, providedBy(transport))
        self.transport = transport
        self.connected = 1
        self._head = b""
        self._is_open = False
        self.factory.registerProtocol(self)
        self._late = self.factory.late(self._fail_late)
        transport.write(self.factory.request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's
        """Read the proxy's answer, and pass on what follows."""
        if self._is_open:
            self.wrappedProtocol.dataReceived(data)
            return
        self._head += data
        head, end, rest = self._head.partition(_END)
        if not end:
            if len(self._head) > LONGEST_HEAD:
                self._fail("the proxy's answer does not end")
            return
        refusal = _refusal(head + b"\r")
        if refusal is not None:
            self._fail(refusal)
            return
        self._is_open, self._head = True, b""
        self._withdraw()
        self.wrappedProtocol.makeConnection(self)
        if rest:
            self.wrappedProtocol.dataReceived(rest)

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802 - Twisted's
        """The end of the connection, or of what would have been one."""
        self._withdraw()
        if self._is_open:
            super().connectionLost(reason)  # type: ignore[no-untyped-call]
            return
        self.factory.unregisterProtocol(self)
        self.factory.fail("the proxy hung up")

    def give_up(self) -> None:
        """End a connection whose tunnel nobody waits for any more."""
        self._withdraw()
        if self.transport is not None:
            self.transport.abortConnection()

    def _fail_late(self) -> None:
        self._fail("the proxy did not answer in time")

    def _fail(self, why: str) -> None:
        self.factory.fail(why)
        self.give_up()

    def _withdraw(self) -> None:
        if self._late.active():
            self._late.cancel()


class _Connecting:
    """A connector as endpoints see it: to give up means the tunnel too, not only the way to the proxy."""

    def __init__(self, connector: Any, factory: _TunnelFactory) -> None:
        self._connector = connector
        self._factory = factory

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connector, name)

    def stopConnecting(self) -> None:  # noqa: N802 - Twisted's
        """Twisted's own raises once the proxy is connected."""
        if self._factory.give_up():
            return
        self._connector.stopConnecting()


class _TunnelFactory(WrappingFactory):
    """Makes one connection for the factory of an endpoint."""

    protocol = _Tunnel
    noisy = False

    def __init__(
        self, wrapped: Any, request: bytes, late: Callable[[Callable[[], None]], Any]
    ) -> None:
        super().__init__(wrapped)  # type: ignore[no-untyped-call]
        self.request = request
        self.late = late
        self._connecting: _Connecting | None = None
        self._has_failed = False

    def startedConnecting(self, connector: Any) -> None:  # noqa: N802 - Twisted's
        """Hand on a connector that knows of the tunnel."""
        self._connecting = _Connecting(connector, self)
        self.wrappedFactory.startedConnecting(self._connecting)

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:  # noqa: ARG002, N802 - Twisted's
        """The way to the proxy: its failure says nothing of the address that was wanted."""
        self.fail(f"the proxy cannot be reached: {reason.getErrorMessage()}")

    def clientConnectionLost(self, connector: Any, reason: Failure) -> None:  # noqa: ARG002, N802 - Twisted's
        """The end of a tunnel that stood."""
        if not self._has_failed:
            self.wrappedFactory.clientConnectionLost(self._connecting, reason)

    def fail(self, why: str) -> None:
        """Tell the endpoint, once, that there is no connection."""
        if not self._has_failed:
            self._has_failed = True
            failure = Failure(ProxyFailedError(why))  # type: ignore[no-untyped-call]
            self.wrappedFactory.clientConnectionFailed(self._connecting, failure)

    def give_up(self) -> bool:
        """End what is not a tunnel yet; returns whether there was a connection to the proxy."""
        self._has_failed = True
        waiting = list(self.protocols)
        for one in waiting:
            one.give_up()
        return bool(waiting)


class TunnelReactor:
    """A reactor whose TCP connections go through the proxy, for an endpoint; all else is the reactor's own."""

    def __init__(self, reactor: Any, proxy: ProxyAddress) -> None:
        self._reactor = reactor
        self._proxy = proxy
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
    ) -> Any:
        """As Twisted's; the proxy has as long to answer as it has to be connected to."""
        request = self._proxy.request(host, port)
        late = self._reactor.callLater

        def after(call: Callable[[], None]) -> Any:
            return late(timeout, call)

        tunnel = _TunnelFactory(factory, request, after)
        where = self._proxy.address, self._proxy.port
        return self._reactor.connectTCP(*where, tunnel, timeout, bindAddress)
