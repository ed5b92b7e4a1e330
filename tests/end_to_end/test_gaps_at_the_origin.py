"""No request reaches a host before 95 % of its delay have passed, though all cores of the crawler's machine are busy (rule P1).

Measured by the kernel where it arrives. Handshakes that take a while are among it: the first request of a host leaves long after it was
decided upon, and the next one goes over the same connection at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, article
from tests.time_limits import HANG
from tests.web.kernel_times import TimedServer, timed_server
from tests.web.process import PROJECT
from tests.web.running import clean_environment, run

pytestmark = [
    pytest.mark.process,
    pytest.mark.server,
    pytest.mark.xdist_group("end-to-end-gaps"),
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel's note of when data came"),
]

LEAST = 0.95
HOSTS = 24
OF_EACH = 6
HANDSHAKE = 0.3
_BUSY = "while True: sum(range(10_000))"


@contextmanager
def busy_cores() -> Iterator[None]:
    """More work than the machine has cores."""
    workers = [
        subprocess.Popen([sys.executable, "-c", _BUSY]) for _ in range(2 * (os.cpu_count() or 1))
    ]
    try:
        yield
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TimedServer]:
    """After a crawl of hosts over HTTP and HTTPS, and of hosts that serve only images."""
    collection = _collection(tmp_path_factory.mktemp("collection"))
    with timed_server(tmp_path_factory.mktemp("authority"), HANDSHAKE) as server:
        environment = {
            **clean_environment(),
            "PYTHONPATH": str(PROJECT),
            "LINKHEALTH_CA_FILE": str(server.authority.path),
            "LINKHEALTH_CONNECT_TO": server.connect_to,
        }
        command = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
        with busy_cores():
            ended = run(command, env=environment, timeout=HANG)
        assert ended.code == 0, ended.stderr
        yield server


def _collection(root: Path) -> Collection:
    collection = Collection(root)
    for host in range(HOSTS):
        scheme = "https" if host % 2 else "http"
        for number in range(OF_EACH):
            address = f"{scheme}://pages-{host}.example/story-{number}"
            picture = Image(f"{scheme}://pictures-{host}.example/{number}.png")
            collection.add(f"{host}-{number}.md", article(web=address, images=[picture]))
    return collection


def gaps(served: TimedServer, kind: str) -> list[float]:
    return [
        after - before
        for host, times in served.arrivals.items()
        if host.startswith(kind)
        for before, after in pairwise(times)
    ]


@pytest.mark.parametrize(("kind", "delay"), [("pages", 1.0), ("pictures", 0.25)])
def test_no_gap_is_shorter_than_the_delay(served: TimedServer, kind: str, delay: float) -> None:
    found = sorted(gaps(served, kind))
    # robots.txt and each link, of each host.
    assert len(found) == HOSTS * OF_EACH
    assert found[0] >= LEAST * delay, found[:10]
