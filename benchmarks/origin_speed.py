"""How fast the test origin answers: `python benchmarks/origin_speed.py [--requests N]`.

Prints requests per second of wall time and per second of the origin's processor time. The second is
what the origin could do on a core of its own: the client here costs about as much.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import ssl
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.web import LoopbackWeb

_CLIENTS = 16
_HOSTS = 864
_TICKS = os.sysconf("SC_CLK_TCK")


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


async def _visit(web: LoopbackWeb, count: int, context: ssl.SSLContext | None, keep: int) -> None:
    """Make requests, `keep` on each connection, to one host after the other."""
    port = web.https_port if context else web.http_port
    made = 0
    while made < count:
        host = f"host-{made % _HOSTS}.example"
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname=host if context else None
        )
        for _ in range(min(keep, count - made)):
            path = f"/articles/number-{made}.html"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.partition(b"Content-Length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
            made += 1
        writer.transport.abort()


async def _measure(
    web: LoopbackWeb, requests: int, context: ssl.SSLContext | None, keep: int
) -> tuple[float, float]:
    busy, start = _processor_seconds(web.origin.pid), time.perf_counter()
    share = requests // _CLIENTS
    await asyncio.gather(*(_visit(web, share, context, keep) for _ in range(_CLIENTS)))
    wall = time.perf_counter() - start
    made = share * _CLIENTS
    return made / wall, made / max(_processor_seconds(web.origin.pid) - busy, 1 / _TICKS)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=8000)
    options = parser.parse_args()
    with LoopbackWeb() as web:
        context = ssl.create_default_context(cafile=str(web.origin.ca_file))
        for name, tls, keep in (
            ("http, 10 requests a connection", None, 10),
            ("http, 1 request a connection", None, 1),
            ("https, 10 requests a connection", context, 10),
            ("https, 1 request a connection", context, 1),
        ):
            wall, busy = asyncio.run(_measure(web, options.requests, tls, keep))
            print(f"{name:34} {wall:7.0f} /s wall  {busy:7.0f} /s of processor time")


if __name__ == "__main__":
    main()
