"""A process that has imported the crawler already, and forks for each run of it: `python -m tests.web.forking`.

Half of a small run is the import of Scrapy and of the crawler. What is forked is a process like any other: a session,
folder, environment and pipes of its own, killed and waited for as others are. Nothing here starts a thread or a reactor.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import pkgutil
import runpy
import signal
import socket
import sys
import time
from collections.abc import Iterator
from types import ModuleType
from typing import Any

_PACKAGES = ("crawler", "spiders", "pipelines")
_OF_SCRAPY = ("downloadermiddlewares", "extensions", "pipelines", "spidermiddlewares")
"""Packages of Scrapy that it loads by the names in its settings, when a crawl begins."""
_NEVER = ("__main__", "twisted.internet.reactor")
_DEPRECATED = "scrapy.extensions.statsmailer"
_STREAMS = 3


def main() -> None:
    """Serve the asking side, whose socket is standard input, until it closes it; or be one of the runs."""
    _import_all()
    for name in _NEVER[1:]:
        assert name not in sys.modules, f"{name} may not be shared by runs"
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that wait for the runs
    if run := _served():
        sys.path[0] = run["folder"]
        sys.argv = [run["module"], *run["arguments"]]
        runpy.run_module(run["module"], run_name="__main__", alter_sys=True)


def _served() -> dict[str, Any] | None:
    """Fork for each request. Returns in the runs alone, each with its request, and at the end with None."""
    with socket.socket(fileno=os.dup(0)) as asking:
        while request := _received(asking):
            asked, descriptors = request
            waiting = os.fork()
            if waiting == 0:
                asking.close()
                if not _waits(asked, *descriptors):
                    return asked
                os._exit(0)
            for descriptor in descriptors:
                os.close(descriptor)
            asking.sendall(f"{waiting}\n".encode())
    return None


def _import_all() -> None:
    importlib.import_module("scrapy")  # before our commands, which are Scrapy's only then
    for package in _PACKAGES:
        for name in _modules(importlib.import_module(package)):
            importlib.import_module(name)
    importlib.import_module("scrapy.cmdline")
    for package in _OF_SCRAPY:
        for name in _modules(importlib.import_module(f"scrapy.{package}")):
            importlib.import_module(name)
    # Half of the time of a run that visits a few pages.
    loading: Any = importlib.import_module("crawler.extractors.loading")
    loading.load_all()


def _modules(package: ModuleType) -> Iterator[str]:
    """The names of all modules below a package, but for those that are programs or samples."""
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith((*_NEVER, _DEPRECATED)) and ".collection" not in found.name:
            yield found.name


def _received(asking: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """One request, and the descriptors that came with it: output, errors, and where the figures go."""
    data, descriptors, _, _ = socket.recv_fds(asking, 1 << 20, _STREAMS)
    return (json.loads(data), descriptors) if data else None


def _waits(request: dict[str, Any], output: int, errors: int, figures: int) -> bool:
    """Lead a session, in which a run begins: false there, true in the process that has waited for its end."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    start = time.perf_counter()
    run = os.fork()
    if run == 0:
        os.close(figures)
        _move(request, output, errors)
        return False
    os.close(output)
    os.close(errors)
    _, status, usage = os.wait4(run, 0)
    told = {
        "code": os.waitstatus_to_exitcode(status),
        "seconds": time.perf_counter() - start,
        "peak_rss": usage.ru_maxrss * 1024,
    }
    with os.fdopen(figures, "w", encoding="utf-8") as file:
        json.dump(told, file)
    return True


def _enter(namespaces: list[str]) -> None:
    """Go into the namespaces of these files, as `nsenter` does. This process has one thread only, as the kernel wants it."""
    # `os.setns` is there from Python 3.12 on.
    library = ctypes.CDLL(None, use_errno=True)
    files = [os.open(one, os.O_RDONLY | os.O_CLOEXEC) for one in namespaces]
    for file in files:
        if library.setns(file, 0) != 0:
            raise OSError(ctypes.get_errno(), "the namespace cannot be entered")
        os.close(file)


def _move(request: dict[str, Any], output: int, errors: int) -> None:
    """Take on the folder, environment and streams that were asked for."""
    _enter(request["namespaces"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    for given, standard in ((nothing, 0), (output, 1), (errors, 2)):
        os.dup2(given, standard)
        os.close(given)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    time.tzset()


if __name__ == "__main__":
    main()
