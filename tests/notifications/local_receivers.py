"""Receivers of messages on loopback: real servers, told beforehand how to answer."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    import trustme
    from aiosmtpd.smtp import Envelope

MATRIX = b'{"room_id": "!a:b", "user_id": "@u:h", "access_token": "t", "event_id": "e"}'
"""Fits what every call of Matrix asks for."""


@dataclass(frozen=True)
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


class HttpReceiver:
    """Answers POST and PUT with the statuses in their order, then 200; `answer` is the body. With `hangs` it never answers,
    with `drips` it never ends to.

    `certificate` makes it speak TLS. The receiver ends with the block.
    """

    def __init__(
        self,
        statuses: Iterable[int] = (),
        *,
        answer: bytes = b"ok",
        hangs: bool = False,
        drips: bool = False,
        certificate: trustme.LeafCert | None = None,
        location: str | None = None,
    ) -> None:
        self.received: list[Received] = []
        self._ended = threading.Event()
        outer, left = self, list(statuses)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                outer.received.append(
                    Received(self.command, self.path, dict(self.headers.items()), body)
                )
                if hangs:
                    outer._ended.wait()
                    return
                while drips and not outer._ended.wait(0.02):
                    self.wfile.write(b"H")
                self.send_response(left.pop(0) if left else 200)
                if location is not None:
                    self.send_header("Location", location)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_PUT = do_GET = do_POST  # noqa: N815 - names of the library

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        # A client that does not trust the certificate breaks off, which is no news.
        self._server.handle_error = lambda *_arguments: None  # type: ignore[method-assign]
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def bodies(self) -> list[Any]:
        return [one.document for one in self.received]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass
class Mailbox:
    """What a mail server has taken; the first so many messages are refused for now."""

    refusals: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's
        if self.refusals:
            self.refusals -= 1
            return "451 come again"
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


class _AnyPort(Controller):
    """A controller that asks the kernel for a port, and then asks its server there whether it is up."""

    def _trigger_server(self) -> None:
        server: Any = self.server
        self.port = server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class MailServer:
    """A mail server with a mailbox; STARTTLS is offered with `certificate`."""

    def __init__(self, *, refusals: int = 0, certificate: trustme.LeafCert | None = None) -> None:
        self.mailbox = Mailbox(refusals)
        context = None
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
        self._controller = _AnyPort(self.mailbox, hostname="127.0.0.1", port=0, tls_context=context)

    @property
    def port(self) -> int:
        return int(self._controller.port)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()
