"""A web of many hosts on two loopback ports, in a thread that ends with its process.

Every connection of the demonstration is led here (`LINKHEALTH_CONNECT_TO`), whatever host name it
asks for; the answer is chosen by the URL, and by the round.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from aiohttp import web

from crawler.demonstration.authority import Authority
from crawler.demonstration.scenes import Scene
from crawler.demonstration.scripted_answers import Answer, missing

LOOPBACK = "127.0.0.1"
_STARTED_WITHIN = 20.0
"""Seconds; a thread and two sockets take some milliseconds, a loaded machine some seconds."""
_SHUTDOWN = 1.0
"""Seconds that an answer under way may still take when the demonstration ends."""
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER on with no time: closing sends RST in place of FIN (socket(7))."""


class Origin:
    """The servers, as a context: they listen inside it, on ports that the system chose.

    `round` may be changed at any time. `asked` counts the requests for each URL.
    """

    def __init__(self, scenes: Mapping[str, Scene], authority: Authority) -> None:
        self.round = 1
        self.asked: Counter[str] = Counter()
        self.http_port = 0
        self.https_port = 0
        self._scenes = scenes
        self._authority = authority
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._failure: BaseException | None = None
        # A daemon thread, so that Ctrl-C in the main thread leaves nothing behind, however it is caught.
        self._thread = threading.Thread(target=self._run, name="demo-origin", daemon=True)

    @property
    def connect_to(self) -> str:
        """The value of LINKHEALTH_CONNECT_TO that leads every host here."""
        return f":80:{LOOPBACK}:{self.http_port},:443:{LOOPBACK}:{self.https_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._ready.wait(_STARTED_WITHIN):
            raise TimeoutError("the demonstration's web server did not start")
        if self._failure is not None:
            self._thread.join()
            raise self._failure
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._stop is not None:
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except OSError as error:
            self._failure = error
        finally:
            self._loop.close()
            self._ready.set()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        # Access is not logged: the audit's own output is the demonstration.
        runner = web.ServerRunner(
            web.Server(self._handle, access_log=None), shutdown_timeout=_SHUTDOWN
        )
        await runner.setup()
        try:
            self.http_port = await _listen(runner, None)
            self.https_port = await _listen(runner, self._authority)
            self._ready.set()
            await self._stop.wait()
        finally:
            await runner.cleanup()

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        url = f"{request.scheme}://{request.host}{request.raw_path}"
        self.asked[url] += 1
        scene = self._scenes.get(url)
        answer = None if scene is None else scene.answer(self.round)
        return await _respond(request, missing() if answer is None else answer)


async def _listen(runner: web.ServerRunner, authority: Authority | None) -> int:
    context = None if authority is None else authority.server_context()
    listener = socket.create_server((LOOPBACK, 0))
    await web.SockSite(runner, listener, ssl_context=context).start()
    return int(listener.getsockname()[1])


async def _respond(request: web.BaseRequest, answer: Answer) -> web.StreamResponse:
    if answer.delay:
        await asyncio.sleep(answer.delay)
    if answer.reset:
        _reset(request)
        return web.Response()
    headers = dict(answer.headers)
    if answer.size is not None:
        headers["ETag"] = answer.etag
        if request.headers.get("If-None-Match") == answer.etag:
            return web.Response(status=304, headers=headers)
    headers["Content-Type"] = answer.content_type
    return web.Response(status=answer.status, body=answer.body, headers=headers)


def _reset(request: web.BaseRequest) -> None:
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
    transport.abort()
