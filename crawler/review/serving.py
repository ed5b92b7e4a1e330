"""The server: the page and its requests over HTTP, on loopback alone, each bounded in time and size (rules L1 and L2).

One request for each connection: nothing is kept between two of them, and a client that is slow or silent costs a thread
for a bounded time.
"""

from __future__ import annotations

import io
import json
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Semaphore
from time import monotonic
from typing import Any, Final
from urllib.parse import parse_qs

from crawler.configuration import ConfigurationError
from crawler.review import bodies
from crawler.review.bodies import LARGEST_BODY, BadBodyError
from crawler.review.desk import BusyError, Review
from crawler.review.gate import ADDRESS, Gate, Refusal, new_secret
from crawler.review.served_report import API, ServedReport
from crawler.state import StateError, StateLocked

READ_SECONDS: Final = 15.0
"""For a whole request, from its first byte to its last."""
SEND_SECONDS: Final = 60.0
"""For a whole answer."""
MOST_CONNECTIONS: Final = 64
"""At once; more are closed without an answer."""
_DRAIN_SECONDS: Final = 2.0
_PIECE: Final = 1 << 16

_STATUS: Final = (
    (BadBodyError, HTTPStatus.BAD_REQUEST),
    (BusyError, HTTPStatus.LOCKED),
    (StateError, HTTPStatus.SERVICE_UNAVAILABLE),
    (ConfigurationError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (OSError, HTTPStatus.UNPROCESSABLE_ENTITY),
)
"""Errors whose text tells a person what to do."""
_ALWAYS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class _Reply:
    """A body with its type, and the content security policy under which a browser may show it."""

    data: bytes
    kind: str
    policy: str


def _json(found: Mapping[str, Any]) -> _Reply:
    text = json.dumps(found).encode("ascii")
    return _Reply(text, "application/json", "default-src 'none'; frame-ancestors 'none'")


def _after(query: str) -> int:
    """The number of a change that a query names. Raises BadBodyError."""
    given = parse_qs(query, max_num_fields=9).get("after", [])
    if len(given) == 1 and (text := given[0]).isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise BadBodyError("after is not the number of a change")


class ReviewServer(ThreadingHTTPServer):
    """The server of one review, bound as soon as it is made. `port` 0 lets the system choose. Raises OSError."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, review: Review, port: int = 0) -> None:
        self.review = review
        self.report = ServedReport(review.session)
        self._free = Semaphore(MOST_CONNECTIONS)
        super().__init__((ADDRESS, port), _Request)
        self.gate = Gate(new_secret(), self.server_address[1])

    def server_bind(self) -> None:
        """Bind without asking for the name of the address, which may take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = ADDRESS, self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own, unless there are too many."""
        if not self._free.acquire(blocking=False):
            self.shutdown_request(request)
            return
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """See `process_request`."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away, or stands still, is no error of ours; anything else is told on stderr."""
        del request, client_address
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            traceback.print_exc()


class _Within(io.RawIOBase):
    """What a client sends, until a moment: `TimeoutError` after it, however slowly bytes arrive."""

    def __init__(self, connection: socket.socket, seconds: float) -> None:
        super().__init__()
        self._connection = connection
        self._until = monotonic() + seconds

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """See `io.RawIOBase`."""
        left = self._until - monotonic()
        if left <= 0:
            raise TimeoutError("the request takes too long")
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


class _Request(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: ReviewServer

    def setup(self) -> None:
        """With a bound for the whole request in the place of one for each read."""
        super().setup()
        self.rfile.close()
        self.rfile = io.BufferedReader(_Within(self.connection, READ_SECONDS))

    def version_string(self) -> str:
        """What the server calls itself: no versions."""
        return "linkhealth"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class has it so
        """Nothing: a log would hold the secret of the address."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """A refusal of the base class (a request that is no HTTP, an unknown method) in our own form."""
        del explain
        status = HTTPStatus(code)
        self._refuse(status, message or status.phrase)

    def do_GET(self) -> None:
        """The page, the decisions, or what has changed."""
        asked = self._asked()
        if asked is None:
            return
        path, _, query = asked.partition("?")
        if asked == "":
            self._reply(self._page)
        elif path == f"{API}/decisions":
            self._reply(lambda: _json(self.server.review.decisions()))
        elif path == f"{API}/changes":
            self._reply(lambda: _json(self.server.review.changes(_after(query))))
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "nothing here")

    def do_POST(self) -> None:
        """A decision, a diff, or Write."""
        asked = self._asked()
        if asked is None:
            return
        work = {
            f"{API}/decisions": self._decide,
            f"{API}/diff": self._diff,
            f"{API}/write": self._write,
        }.get(asked)
        if work is None:
            self._refuse(HTTPStatus.NOT_FOUND, "nothing here")
            return
        data = self._body()
        if data is not None:
            self._reply(lambda: _json(work(bodies.read_object(data))))

    # ------------------------------------------------------------------------------- requests

    def _asked(self) -> str | None:
        headers: dict[str, list[str]] = {}
        for name, value in self.headers.items():
            headers.setdefault(name.lower(), []).append(value.strip())
        found = self.server.gate.examined(self.command, self.path, headers)
        if isinstance(found, Refusal):
            self._refuse(found.status, found.message)
            return None
        return found

    def _body(self) -> bytes | None:
        lengths = self.headers.get_all("Content-Length", [])
        if self.headers.get("Transfer-Encoding") is not None or len(lengths) != 1:
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "send a Content-Length")
            return None
        (length,) = lengths
        if not (length.isascii() and length.isdigit() and len(length) < 16):
            self._refuse(HTTPStatus.BAD_REQUEST, "the Content-Length is no number")
            return None
        if int(length) > LARGEST_BODY:
            self._refuse(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {LARGEST_BODY:,} bytes at once"
            )
            return None
        data = self.rfile.read(int(length))
        if len(data) < int(length):
            self._refuse(HTTPStatus.BAD_REQUEST, "the body ends early")
            return None
        return data

    def _page(self) -> _Reply:
        page = self.server.report.now()
        return _Reply(page.data, "text/html; charset=utf-8", page.policy)

    def _decide(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.server.review.decide(bodies.deciding(body))

    def _diff(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.server.review.diff(bodies.showing(body))

    def _write(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        return self.server.review.write(bodies.writing(body))

    # -------------------------------------------------------------------------------- answers

    def _reply(self, work: Callable[[], _Reply]) -> None:
        """Answer with what `work` makes; an error that somebody can do something about is an answer too."""
        try:
            reply = work()
        except StateLocked:
            message = "a run is at work on this collection; the decisions are kept: write when it has ended"
            self._refuse(HTTPStatus.LOCKED, message)
        except Exception as error:
            status = next((found for kind, found in _STATUS if isinstance(error, kind)), None)
            if status is None:
                self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, "see the terminal")
                raise
            self._refuse(status, str(error))
        else:
            self._send(HTTPStatus.OK, reply)

    def _refuse(self, status: HTTPStatus, message: str) -> None:
        self._send(status, _json({"error": status.phrase, "message": message}))
        self._drain()

    def _send(self, status: HTTPStatus, reply: _Reply) -> None:
        self.close_connection = True
        self.connection.settimeout(SEND_SECONDS)
        self.send_response(status)
        for name, value in _ALWAYS.items():
            self.send_header(name, value)
        self.send_header("Content-Security-Policy", reply.policy)
        self.send_header("Content-Type", reply.kind)
        self.send_header("Content-Length", str(len(reply.data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.data)

    def _drain(self) -> None:
        """Take what the client still sends, for a moment: else it loses our answer with the connection."""
        until = monotonic() + _DRAIN_SECONDS
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            while (left := until - monotonic()) > 0:
                self.connection.settimeout(left)
                if not self.connection.recv(_PIECE):
                    return
