"""The head of an answer as browsers read it, and connections that are given up: where headers do not end, which Twisted would
wait for, and at our own early stop."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHandshakeListener, ISSLTransport
from twisted.internet.protocol import connectionDone
from twisted.python.failure import Failure
from twisted.web._newclient import HEADER, STATUS, ResponseNeverReceived
from twisted.web.error import ExcessiveBufferingError
from zope.interface import implementer

if TYPE_CHECKING:
    from twisted.internet.interfaces import IAddress

LONGEST = 256 * 1024
"""Bytes of status line and headers, interim answers (1xx) included. Browsers take as much (Chromium, 256 KiB)."""

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FRAMING = (b"contentlength", b"transferencoding")
"""The letters of the names by which the end of a body is found."""
_NO_LETTER = re.compile(rb"[^a-z]")


class BrowserlikeParser(_LenientHTTPClientParser):
    """Scrapy's parser, which takes the lines of a head as browsers do (rule B15).

    Chromium (`HttpUtil::HeadersIterator`) and Firefox (`nsHttpHeaderArray`) skip a line whose name is no token, where Twisted
    refuses the whole answer; Chromium and RFC 9112, 5.1, take off the white space before its colon.
    """

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - Twisted's interface
        """A line that continues nothing is skipped."""
        if self.state == HEADER and self._partialHeader is None and line[:1] in (b" ", b"\t"):
            return
        super().lineReceived(line)

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802
        """Skip a line without a name. Lengths are as strict as they were: of two that differ none is believed."""
        trimmed = name.rstrip(b" \t")
        is_name = _TOKEN.fullmatch(trimmed) is not None
        if not (is_name and trimmed == name) and _NO_LETTER.sub(b"", name.lower()) in _FRAMING:
            # Others on the way may have read it in the other way: no second answer is taken from here.
            self.request.persistent = False
        if is_name:
            super().headerReceived(trimmed, value)  # type: ignore[no-untyped-call]


@implementer(IHandshakeListener)
class BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's protocol, with our parser and a limit for the headers.

    To Twisted a connection is made before its handshake; it `is_ready` when that has ended.
    """

    is_ready = True
    _head = 0
    _waiting: Deferred[BoundedProtocol] | None = None

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's interface
        """Over TLS the handshake follows."""
        super().connectionMade()
        self.is_ready = not ISSLTransport.providedBy(self.transport)

    def handshakeCompleted(self) -> None:  # noqa: N802
        """What is written now leaves at once."""
        self.is_ready = True
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(self)

    def ready(self) -> Deferred[BoundedProtocol]:
        """The connection when its handshake has ended; fails as a request on it would."""
        self._waiting = waiting = Deferred[BoundedProtocol](lambda _: self._give_up_waiting())
        return waiting

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        """Whoever waits for the handshake hears of it as one who waits for an answer."""
        super().connectionLost(reason)  # type: ignore[no-untyped-call]
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            error = ResponseNeverReceived([reason])  # type: ignore[no-untyped-call]
            waiting.errback(Failure(error))  # type: ignore[no-untyped-call]

    def _give_up_waiting(self) -> None:
        self._waiting = None
        self.abort()  # type: ignore[no-untyped-call]

    def request(self, request: Any) -> Deferred[Any]:
        """Each answer of a connection is counted anew."""
        self._head = 0
        answer = super().request(request)
        # As Scrapy itself does it: Twisted lets nobody choose the parser's class, which holds no state of its own.
        assert self._parser is not None
        self._parser.__class__ = BrowserlikeParser
        return answer

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
