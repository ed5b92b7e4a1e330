"""A crawl of very many hosts with a link each, under the limits of a small machine.

Every name is led to one server on the loopback interface. What is shown: how the crawl ended, how many links were
committed, the pace, and the most descriptors and memory that the process had.

    python benchmarks/many_hosts.py [--hosts 20000] [--links 1] [--descriptors 1024] [--memory 400] [--seconds 600]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from multiprocessing import Process, Queue
from pathlib import Path
from typing import Any

_PAGE = (
    b"<!doctype html><title>A page of its own</title><h1>A page of its own</h1>"
    + b"<p>Words.</p>" * 20
)
_ROBOTS = b"User-agent: *\nDisallow: /never\n"
_PER_ARTICLE = 20
_SAMPLE_SECONDS = 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--hosts", type=int, default=20_000)
    parser.add_argument("--links", type=int, default=1, help="links of each host (1)")
    parser.add_argument("--descriptors", type=int, help="soft and hard RLIMIT_NOFILE of the crawl")
    parser.add_argument("--memory", type=int, help="RLIMIT_AS of the crawl, in MB")
    parser.add_argument("--cgroup", type=Path, help="folder of a control group to run the crawl in")
    parser.add_argument("--seconds", type=float, default=600, help="after that it is stopped (600)")
    parser.add_argument("--in-flight", type=int, help="the option of that name")
    parser.add_argument("--log", type=Path, help="where the crawl's output goes")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="many-hosts-") as folder, _server() as port:
        root = Path(folder) / "content"
        _write_collection(root, options.hosts, options.links)
        log = options.log or Path(folder) / "log"
        measured = _audit(root, port, log, options)
        committed = _committed(root)
        text = log.read_text(errors="replace")
    print(f"{'exit code':<24}{measured.code:>10}")
    print(f"{'seconds':<24}{measured.seconds:>10.1f}")
    print(f"{'links committed':<24}{committed:>10,} of {options.hosts * options.links:,}")
    print(f"{'links a second':<24}{committed / measured.seconds:>10.1f}")
    print(f"{'CPU seconds':<24}{measured.cpu:>10.1f}")
    print(f"{'most descriptors':<24}{max(measured.descriptors, default=0):>10,}")
    print(f"{'most memory, MB':<24}{max(measured.memory, default=0):>10,.0f}")
    print(f"{'tracebacks':<24}{text.count('Traceback (most recent'):>10,}")
    print("\n".join(text.splitlines()[-4:]))


@dataclass(slots=True)
class Measured:
    """How a crawl ended, and what it held while it ran."""

    code: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    descriptors: list[int] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def _write_collection(root: Path, hosts: int, links: int) -> None:
    root.mkdir()
    urls = [
        f"http://www.site-{host}.example/{link}" for host in range(hosts) for link in range(links)
    ]
    for first in range(0, len(urls), _PER_ARTICLE):
        lines = [
            "---",
            f"title: Article {first}",
            "publishedDateTime: 2024-03-04T05:06:07Z",
            "related:",
        ]
        for url in urls[first : first + _PER_ARTICLE]:
            lines += ["  - title: One", f"    webUrl: {url}"]
        (root / f"article-{first}.md").write_text("\n".join((*lines, "---", "")))
    (root / ".linkhealth.yml").write_text("retries: 0\n")


def _audit(root: Path, port: int, log: Path, options: argparse.Namespace) -> Measured:
    environment = {
        name: text for name, text in os.environ.items() if not name.startswith("LINKHEALTH_")
    }
    environment["LINKHEALTH_CONNECT_TO"] = f":80:127.0.0.1:{port}"
    if options.in_flight:
        environment["LINKHEALTH_IN_FLIGHT"] = str(options.in_flight)
    measured = Measured()
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *_limited(options),
                sys.executable,
                "-m",
                "crawler",
                "audit",
                str(root),
                "--format",
                "json",
            ],
            env=environment,
            cwd=Path(__file__).resolve().parent.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        while process.poll() is None:
            _sample(process.pid, measured)
            if time.monotonic() - started > options.seconds:
                process.send_signal(signal.SIGKILL)
            time.sleep(_SAMPLE_SECONDS)
    measured.code = process.returncode
    measured.seconds = time.monotonic() - started
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    measured.cpu = usage.ru_utime + usage.ru_stime
    return measured


def _limited(options: argparse.Namespace) -> list[str]:
    """A shell that sets the limits and becomes the crawl."""
    limits = [f"ulimit -n {options.descriptors}"] if options.descriptors else []
    limits += [f"ulimit -v {options.memory * 1024}"] if options.memory else []
    limits += [f"echo $$ > {options.cgroup / 'cgroup.procs'}"] if options.cgroup else []
    return ["sh", "-c", "; ".join([*limits, 'exec "$@"']), "sh"]


def _sample(pid: int, measured: Measured) -> None:
    try:
        measured.descriptors.append(sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()))
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            measured.memory.append(int(line.split()[1]) / 1024)


def _committed(root: Path) -> int:
    state = root / ".linkhealth" / "state.sqlite3"
    if not state.exists():
        return 0
    with closing(sqlite3.connect(f"file:{state}?mode=ro", uri=True)) as database:
        return int(
            database.execute("SELECT count(DISTINCT link_id) FROM observations").fetchone()[0]
        )


# ------------------------------------------------------------------------------------ the server


@contextmanager
def _server() -> Iterator[int]:
    ports: Queue[int] = Queue()
    server = Process(target=_serve, args=(ports,), daemon=True)
    server.start()
    try:
        yield ports.get(timeout=20)
    finally:
        server.terminate()
        server.join(5)


def _serve(ports: Queue[int]) -> None:
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))

    async def run() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(_Answering, "127.0.0.1", 0, backlog=4096)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


class _Answering(asyncio.Protocol):
    """Answers every request on a connection that stays open, as servers do."""

    def __init__(self) -> None:
        self._transport: Any = None
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, self._data = self._data.partition(b"\r\n\r\n")
            is_robots = head.split(b" ", 2)[1] == b"/robots.txt"
            body, kind = (_ROBOTS, b"text/plain") if is_robots else (_PAGE, b"text/html")
            self._transport.write(
                b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                % (kind, len(body), body)
            )


if __name__ == "__main__":
    main()
