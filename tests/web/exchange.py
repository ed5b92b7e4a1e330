"""One connection to the origin: it reads requests and sends rendered answers, also broken ones."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Protocol

from tests.web.rules import Answer, Ending
from tests.web.wire import Asked, octets, render

_LARGEST_HEAD = 256 * 1024
_ENDLESS_PIECE = 16 * 1024
_LINGER_ZERO = struct.pack("ii", 1, 0)
"""SO_LINGER that makes a close a reset."""


class Site(Protocol):
    """The part of the origin that a connection needs."""

    def opened(self) -> int:
        """Number a new connection."""

    def asked(self, asked: Asked, connection: int, address: str) -> Answer:
        """Log a request and choose its answer."""

    def joined(self, host: str) -> None:
        """Count a connection for a host that it asks for the first time."""

    def answered(self, host: str) -> None:
        """Count a request as no longer in flight."""

    def closed(self, hosts: set[str]) -> None:
        """Forget a connection with the hosts that it asked for."""


class Exchange(asyncio.Protocol):
    """HTTP/1.1 over one connection, requests strictly one after the other."""

    def __init__(self, site: Site, scheme: str) -> None:
        self._site = site
        self._scheme = scheme
        self._number = 0
        self._address = ""
        self._hosts: set[str] = set()
        self._buffer = b""
        self._transport: asyncio.Transport | None = None
        self._task: asyncio.Task[None] | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._address = transport.get_extra_info("sockname")[0]
        self._number = self._site.opened()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._writable.set()
        if self._task is not None:
            self._task.cancel()
        self._site.closed(self._hosts)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._continue()

    def _continue(self) -> None:
        while self._task is None and self._transport is not None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                if len(self._buffer) > _LARGEST_HEAD:
                    self._refuse()
                return
            head = self._buffer[:end]
            asked = self._parsed(head)
            if asked is None:
                self._refuse()
                return
            length = asked.headers.get("content-length", "0")
            size = end + 4 + (int(length) if length.isascii() and length.isdigit() else 0)
            if len(self._buffer) < size:
                return
            self._buffer = self._buffer[size:]
            self._answer(asked)

    def _parsed(self, head: bytes) -> Asked | None:
        first, *lines = head.decode("utf-8", "surrogateescape").split("\r\n")
        words = first.split(" ")
        if len(words) != 3:
            return None
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        port = ":443" if self._scheme == "https" else ":80"
        host = headers.get("host", "").lower().removesuffix(port)
        return Asked(words[0], self._scheme, host, words[1], headers)

    def _refuse(self) -> None:
        assert self._transport is not None
        self._transport.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        self._transport.close()
        self._transport = None

    def _answer(self, asked: Asked) -> None:
        assert self._transport is not None
        if asked.host not in self._hosts:
            self._hosts.add(asked.host)
            self._site.joined(asked.host)
        answer = self._site.asked(asked, self._number, self._address)
        if answer.is_immediate:
            rendered = render(asked, answer)
            self._transport.write(b"".join((rendered.head, *rendered.pieces)))
            self._site.answered(asked.host)
            if rendered.close:
                self._transport.close()
                self._transport = None
            return
        self._task = asyncio.get_running_loop().create_task(self._perform(asked, answer))
        self._task.add_done_callback(lambda task: self._performed(task, asked.host))

    def _performed(self, task: asyncio.Task[None], host: str) -> None:
        self._task = None
        self._site.answered(host)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._reset()
            raise error
        self._continue()

    async def _perform(self, asked: Asked, answer: Answer) -> None:
        await asyncio.sleep(answer.delay)
        if answer.raw is not None:
            await self._send(octets(answer.raw))
            self._close()
            return
        match answer.ending:
            case Ending.RESET_BEFORE:
                self._reset()
            case Ending.CLOSE_BEFORE:
                self._close()
            case Ending.HANG_BEFORE:
                await asyncio.get_running_loop().create_future()
            case Ending.ENDLESS_HEADERS:
                await self._send(b"HTTP/1.1 200 OK\r\n")
                await self._repeat(b"X-Endless: and another one\r\n")
            case _:
                await self._send_body(asked, answer)

    async def _send_body(self, asked: Asked, answer: Answer) -> None:
        rendered = render(asked, answer)
        await self._send(rendered.head)
        pieces = rendered.pieces
        if answer.ending in (Ending.CLOSE_IN_BODY, Ending.RESET_IN_BODY, Ending.HANG_IN_BODY):
            whole = b"".join(pieces)
            pieces = (whole[: len(whole) // 2],)
        for piece in pieces:
            if answer.drip is not None:
                await asyncio.sleep(answer.drip.pause)
            await self._send(piece)
        match answer.ending:
            case Ending.RESET_IN_BODY:
                self._reset()
            case Ending.HANG_IN_BODY:
                await asyncio.get_running_loop().create_future()
            case Ending.ENDLESS_BODY:
                await self._repeat(b"".join(pieces) or b"\0")
            case _:
                if rendered.close:
                    self._close()

    async def _repeat(self, piece: bytes) -> None:
        """Send a piece again and again until the client has had enough."""
        block = piece * max(1, _ENDLESS_PIECE // len(piece))
        while self._transport is not None:
            await self._send(block)
            await asyncio.sleep(0)

    async def _send(self, data: bytes) -> None:
        await self._writable.wait()
        if self._transport is not None:
            self._transport.write(data)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def _reset(self) -> None:
        if self._transport is not None:
            connected = self._transport.get_extra_info("socket")
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_ZERO)
            self._transport.abort()
            self._transport = None
