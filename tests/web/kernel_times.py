"""A server that knows when each request reached this machine, by the kernel's own note: its threads may come late to it."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, Thread

from tests.web.authority import Authority

_SO_TIMESTAMPNS = 35
"""Linux, asm-generic/socket.h: Python has no name for it."""
_TIMESPEC = struct.Struct("@qq")
_PAGE = b"<!doctype html><title>A page of its own</title><h1>A page of its own</h1><p>Words."
_HEAD_ENDS = b"\r\n\r\n"


def _listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=1024)


@dataclass(slots=True)
class TimedServer:
    """Every host answers at once. `arrivals` are seconds by host, in order; a handshake takes `handshake` seconds more."""

    authority: Authority
    handshake: float
    http: socket.socket = field(default_factory=_listening)
    https: socket.socket = field(default_factory=_listening)
    _issuing: Lock = field(default_factory=Lock)
    noted: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def arrivals(self) -> Mapping[str, list[float]]:
        """When the requests to each host came in."""
        return {host: sorted(times) for host, times in self.noted.items()}

    @property
    def connect_to(self) -> str:
        """LINKHEALTH_CONNECT_TO for all hosts."""
        http, https = self.http.getsockname()[1], self.https.getsockname()[1]
        return f":80:127.0.0.1:{http},:443:127.0.0.1:{https}"

    def serve(self, listening: socket.socket) -> None:
        """Take connections until the socket is closed, each with a thread of its own."""
        with suppress(OSError):
            while True:
                taken = listening.accept()[0]
                Thread(
                    target=self._answer, args=(taken, listening is self.https), daemon=True
                ).start()

    def _context(self, host: str | None) -> ssl.SSLContext:
        with self._issuing:
            return self.authority.context(host)

    def _answer(self, taken: socket.socket, is_tls: bool) -> None:
        with taken, suppress(OSError):
            stream = _Tls(taken, self._context, self.handshake) if is_tls else _Plain(taken)
            head, came = b"", 0.0
            while (got := stream.receive()) is not None:
                data, at = got
                came = came if head else at
                head += data
                if _HEAD_ENDS not in head:
                    continue
                path, host = _asked(head)
                self.noted[host].append(came)
                is_robots = path == "/robots.txt"
                stream.send(_answer(b"" if is_robots else _PAGE, is_robots))
                head = b""


@contextmanager
def timed_server(folder: Path, handshake: float) -> Iterator[TimedServer]:
    """One that serves until the end of the block."""
    server = TimedServer(Authority(folder), handshake)
    for listening in (server.http, server.https):
        Thread(target=server.serve, args=(listening,), daemon=True).start()
    try:
        yield server
    finally:
        for listening in (server.http, server.https):
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()


class _Plain:
    def __init__(self, taken: socket.socket) -> None:
        taken.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self._taken = taken

    def receive(self) -> tuple[bytes, float] | None:
        """What came, and when; None at the end."""
        data, ancillary, _, _ = self._taken.recvmsg(1 << 16, socket.CMSG_SPACE(_TIMESPEC.size))
        if not data:
            return None
        for level, kind, value in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, _SO_TIMESTAMPNS):
                seconds, nanoseconds = _TIMESPEC.unpack(value)
                return data, seconds + nanoseconds / 1e9
        message = "the kernel did not say when it came"
        raise AssertionError(message)

    def send(self, data: bytes) -> None:
        """All of it."""
        self._taken.sendall(data)


class _Tls(_Plain):
    def __init__(
        self,
        taken: socket.socket,
        context_of: Callable[[str | None], ssl.SSLContext],
        handshake: float,
    ) -> None:
        super().__init__(taken)
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.sni_callback = lambda tls, name, _: setattr(tls, "context", context_of(name))
        self._tls = context.wrap_bio(self._in, self._out, server_side=True)
        time.sleep(handshake)
        self._is_begun = False
        self._at = 0.0

    def receive(self) -> tuple[bytes, float] | None:
        """As of a plain one, decrypted."""
        while True:
            try:
                if not self._is_begun:
                    self._tls.do_handshake()
                    self._is_begun = True
                data = self._tls.read(1 << 16)
            except ssl.SSLWantReadError:
                self._flush()
                got = super().receive()
                if got is None:
                    return None
                self._in.write(got[0])
                self._at = got[1]
            except ssl.SSLError:
                return None
            else:
                return (data, self._at) if data else None

    def send(self, data: bytes) -> None:
        """All of it."""
        self._tls.write(data)
        self._flush()

    def _flush(self) -> None:
        if self._out.pending:
            super().send(self._out.read())


def _asked(head: bytes) -> tuple[str, str]:
    first, *fields = head.decode("latin-1").split("\r\n")
    host = next(line for line in fields if line.lower().startswith("host:"))
    return first.split(" ")[1], host.partition(":")[2].strip()


def _answer(body: bytes, is_missing: bool) -> bytes:
    status = b"404 Not Found" if is_missing else b"200 OK"
    return b"HTTP/1.1 %s\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        len(body),
        body,
    )
