"""A proxy of a test's own: it takes CONNECT, keeps a log, and refuses what it is told to."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Asked:
    """One request for a tunnel."""

    target: str
    headers: dict[str, str]


class _Server(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    proxy: ConnectProxy


class _Handler(StreamRequestHandler):
    def handle(self) -> None:
        """Answer one request, then pass bytes on both ways."""
        server = self.server
        assert isinstance(server, _Server)
        first = self.rfile.readline().decode("latin-1")
        lines = iter(lambda: self.rfile.readline().decode("latin-1").strip(), "")
        asked = Asked(
            first.split(" ")[1],
            {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)},
        )
        server.proxy.asked.append(asked)
        refusal = server.proxy.answer(asked)
        if refusal is not None:
            self.wfile.write(refusal)
            return
        host, _, port = asked.target.rpartition(":")
        with socket.create_connection((host.strip("[]"), int(port))) as there:
            self.wfile.write(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n")
            back = Thread(target=_pass_on, args=(there, self.connection), daemon=True)
            back.start()
            _pass_on(self.connection, there)
            back.join()


@dataclass
class ConnectProxy:
    """Runs in threads during the block. `answer` gives the whole answer to a request, None to open the tunnel."""

    answer: Callable[[Asked], bytes | None] = lambda _: None
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The value of LINKHEALTH_PROXY."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65_536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        pass
