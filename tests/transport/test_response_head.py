from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.protocol import Protocol
from twisted.internet.testing import StringTransport
from twisted.web._newclient import Request
from twisted.web.http_headers import Headers

from crawler.transport.response_head import BoundedProtocol


class _Transport(StringTransport):
    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's interface
        """As a real one's, which lets a connection be that is being closed."""


class _Stopping(Protocol):
    """Reads a body, and closes at its first bytes as an early stop does."""

    def __init__(self, *, stops: bool) -> None:
        self.stops = stops
        self.received = b""

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's interface
        self.received += data
        if self.stops:
            transport: Any = self.transport
            transport.loseConnection()


@pytest.mark.parametrize("stops", [False, True])
def test_a_connection_that_is_being_closed_takes_no_other_request(stops: bool) -> None:
    free: list[Any] = []
    protocol = BoundedProtocol(free.append)  # type: ignore[no-untyped-call]
    transport = _Transport()  # type: ignore[no-untyped-call]
    protocol.makeConnection(transport)  # type: ignore[no-untyped-call]
    headers = Headers({b"Host": [b"a.test"]})
    answers: list[Any] = []
    protocol.request(
        Request(b"GET", b"/", headers, None, persistent=True)  # type: ignore[no-untyped-call]
    ).addCallback(answers.append)
    protocol.dataReceived(b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n")
    body = _Stopping(stops=stops)
    answers[0].deliverBody(body)
    protocol.dataReceived(b"1234")
    # What was in our own buffer comes in all the same.
    protocol.dataReceived(b"5678")
    assert body.received == b"12345678"
    assert free == ([] if stops else [protocol])
