"""A server in a process of its own, asked and answered by lines of JSON over its pipes.

The server ends when its standard input does, so it never outlives the test that started it.
"""

from __future__ import annotations

import asyncio
import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from tests.time_limits import HANG

PROJECT = Path(__file__).resolve().parent.parent.parent
_STOP_WITHIN = 30.0

Message = dict[str, Any]


class ServerError(RuntimeError):
    """A server did not start, died, or could not do what it was asked; holds its error output."""


class ServerProcess:
    """The starting side. `command` is run `through` another (as `nsenter …`); every wait is bounded in time."""

    def __init__(self, command: Sequence[str], *, through: Sequence[str] = ()) -> None:
        self._command = [*through, "env", "-C", str(PROJECT), *command]
        self._errors: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by _stop
        self._process: subprocess.Popen[bytes] | None = None
        self._received = b""
        self.ready: Message = {}

    @classmethod
    def of_module(cls, module: str, *arguments: str, through: Sequence[str] = ()) -> Self:
        """A server that is `python -m module`."""
        return cls([sys.executable, "-m", module, *arguments], through=through)

    @property
    def pid(self) -> int:
        """The process id, the same through programs that replace themselves."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )
        try:
            self.ready = self._receive(HANG)
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def ask(self, **question: Any) -> Message:
        """Ask one thing and wait for the answer."""
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(question).encode() + b"\n")
        except BrokenPipeError as error:
            raise self._failure("is gone") from error
        answer = self._receive(HANG)
        if "error" in answer:
            raise self._failure(str(answer["error"]))
        return answer

    def _receive(self, within: float) -> Message:
        assert self._process is not None
        assert self._process.stdout is not None
        until = time.monotonic() + within
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while b"\n" not in self._received:
                if not selector.select(max(0.0, until - time.monotonic())):
                    raise self._failure(f"said nothing for {within} s")
                data = os.read(self._process.stdout.fileno(), 1 << 16)
                if not data:
                    raise self._failure("ended")
                self._received += data
        line, _, self._received = self._received.partition(b"\n")
        message: Message = json.loads(line)
        return message

    def _failure(self, what: str) -> ServerError:
        self._errors.seek(0)
        said = self._errors.read()[-4000:].decode("utf-8", "replace")
        return ServerError(f"{' '.join(self._command)}: {what}\n{said}")

    def _stop(self) -> None:
        if self._process is None:
            return
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        try:
            self._process.wait(_STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()
        self._process = None


async def serve(ready: Message, answer: Callable[[Message], Message]) -> None:
    """The server's side: say that it is ready, then answer until standard input ends."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    _say(ready)
    while line := await reader.readline():
        try:
            reply = answer(json.loads(line))
        except Exception as error:  # noqa: BLE001 - the asking side raises it again
            reply = {"error": f"{type(error).__name__}: {error}"}
        _say(reply)
    transport.close()


def _say(message: Message) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()
