"""Runs of the crawler as forks of one process that has imported it: the asking side of `tests.web.forking`."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.time_limits import HANG
from tests.web.process import PROJECT

_MODULES = ("crawler", "scrapy")
_OF_THE_INTERPRETER = ("PYTHON", "LC_", "LANG", "COVERAGE_", "LD_")
_ENTER = "nsenter"
_NAMESPACES = {"--user": "user", "--net": "net", "--mount": "mnt"}
_START = [sys.executable, "-m", "tests.web.forking"]


@dataclass(frozen=True, slots=True)
class Forked:
    """A run that was started: the leader of its session, and the reading ends of its pipes.

    `figures` gives the JSON that `measure.py` writes, once the run has ended.
    """

    group: int
    output: int
    errors: int
    figures: int


@dataclass(slots=True)
class Forks:
    """The process that forks, started when the first run asks for it; it ends with this one."""

    _asking: socket.socket | None = None
    _environment: Mapping[str, str] = field(
        default_factory=lambda: {**os.environ, "PYTHONPATH": str(PROJECT)}
    )

    def suit(self, argv: Sequence[str], env: Mapping[str, str], through: Sequence[str]) -> bool:
        """Whether a command would run here as it does by itself: a module of ours, under the same interpreter's settings.

        Through other programs than `nsenter`, and where coverage is measured, processes start by themselves.
        """
        begins = [[sys.executable, "-m", module] for module in _MODULES]
        if list(argv[:3]) not in begins or (through and through[0] != _ENTER):
            return False
        settings = _settings(env)
        if any(name.startswith("COVERAGE_") for name in settings):
            return False
        return settings == _settings(self._environment)

    def start(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: Path | None,
        through: Sequence[str] = (),
    ) -> Forked:
        """Start a command that suits."""
        request = {
            "module": argv[2],
            "arguments": list(argv[3:]),
            "folder": str(cwd or Path.cwd()),
            "environment": dict(env),
            "namespaces": _namespaces(through),
        }
        with contextlib.ExitStack() as given:
            pipes = [os.pipe() for _ in range(3)]
            for _, writing in pipes:
                given.callback(os.close, writing)
            asking = self._connected()
            socket.send_fds(asking, [json.dumps(request).encode()], [one for _, one in pipes])
            group = int(asking.recv(32))
        return Forked(group, *(reading for reading, _ in pipes))

    def _connected(self) -> socket.socket:
        if self._asking is None:
            # Whole messages: a request is read at once, however long.
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with theirs:
                process = subprocess.Popen(
                    _START,
                    cwd=PROJECT,
                    env=dict(self._environment),
                    stdin=theirs.fileno(),
                    stdout=subprocess.DEVNULL,
                )
            self._asking = ours
            atexit.register(_end, ours, process)
        return self._asking


def _end(asking: socket.socket, process: subprocess.Popen[bytes]) -> None:
    asking.close()
    process.wait(HANG)


def _namespaces(through: Sequence[str]) -> list[str]:
    """The files of the namespaces that `nsenter` would enter, in its order."""
    if not through:
        return []
    target = through[list(through).index("--target") + 1]
    return [
        f"/proc/{target}/ns/{name}" for option, name in _NAMESPACES.items() if option in through
    ]


def _settings(env: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in env.items() if name.startswith(_OF_THE_INTERPRETER)}
