from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.protocol import Protocol
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
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


def answer_to(head: bytes) -> tuple[Any, list[Any]]:
    """The response that a head gives, its body read to the end, and the connections that take another request."""
    free: list[Any] = []
    protocol = BoundedProtocol(free.append)  # type: ignore[no-untyped-call]
    protocol.makeConnection(_Transport())  # type: ignore[no-untyped-call]
    answers: list[Any] = []
    request = Request(b"GET", b"/", Headers({b"Host": [b"a.test"]}), None, persistent=True)  # type: ignore[no-untyped-call]
    protocol.request(request).addBoth(answers.append)
    protocol.dataReceived(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\nhi")
    if not isinstance(answers[0], Failure):
        answers[0].deliverBody(_Stopping(stops=False))
    return answers[0], free


@pytest.mark.parametrize(
    ("head", "kept", "is_free"),
    [
        (b"Content-Length: 2\r\nX-A: 1", {b"X-A": [b"1"]}, True),
        (b"Content-Length: 2\r\nX-A : 1\r\nX-A\t: 2", {b"X-A": [b"1", b"2"]}, True),
        ("Content-Length: 2\r\n“X-A”: 1\r\nX-B: 2".encode(), {b"X-B": [b"2"]}, True),
        (b"Content-Length: 2\r\n: 1\r\n : 2", {}, True),
        (b" X-A: 1\r\nContent-Length: 2", {}, True),
        (b"Content-Length: 2\r\nX-A: 1\r\n 2", {b"X-A": [b"1 2"]}, True),
        (b"Content-Length: 2\r\nX A: 1\r\n goes on: 2\r\nX-B: 3", {b"X-B": [b"3"]}, True),
        (b"Content-Length : 2", {}, False),
        (b'Content-Length: 2\r\n"Content-Length": 9', {}, False),
        (b"Content-Length: 2\r\nTransfer\x0b-Encoding: chunked", {}, False),
        ("Content-Length: 2\r\n‘Transfer-Encoding’: chunked".encode(), {}, False),
        (b"Content-Length: 2\r\nX-Content-Length: 9", {b"X-Content-Length": [b"9"]}, True),
    ],
)
def test_odd_lines_are_skipped_or_trimmed(
    head: bytes, kept: dict[bytes, list[bytes]], is_free: bool
) -> None:
    answer, free = answer_to(head)
    assert dict(answer.headers.getAllRawHeaders()) == kept
    assert answer.length == 2
    assert bool(free) is is_free


@pytest.mark.parametrize(
    "head",
    [
        b"Content-Length: 2\r\nContent-Length : 3",
        b"Content-Length : 2, 3",
        b"Content-Length : -2",
        b"Transfer-Encoding : what",
    ],
)
def test_lengths_that_contradict_each_other_are_refused(head: bytes) -> None:
    answer, free = answer_to(head)
    assert isinstance(answer, Failure)
    assert free == []
