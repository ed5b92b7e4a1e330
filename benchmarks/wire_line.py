"""A line between a server and a client: two network namespaces, every packet delayed and counted.

`main`, in a process of its own (`image_wire.py` starts it, in a namespace), starts nginx in one namespace
and holds the other, in which a client is run (`nsenter --target PID --net`). The packets go through two
TUN devices and this process, which delays them by half the round-trip time each way, as a network card sees them:
no more than 1,500 bytes. `--rtt none` keeps both in one namespace, joined by its loopback device, as a test that
never leaves the machine does. Answers on its standard input: `do: figures` gives what was counted since the
last `do: forget`.
"""

from __future__ import annotations

import argparse
import asyncio
import ctypes
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from tests.web.process import serve  # noqa: E402 - after the path

SERVER, CLIENT = "10.99.0.1", "10.99.0.2"
_NEW_NETWORK = 0x40000000
_SET_DEVICE = 0x400454CA
_TUN_WITHOUT_INFORMATION = 0x1001
_TCP = 6
_START_WITHIN = 10.0
_SYN, _ACK = 0x02, 0x10

_CONFIGURATION = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    types {{ image/jpeg jpg; image/png png; image/webp webp; image/avif avif; image/gif gif; }}
    log_format bench '$uri $status $body_bytes_sent $bytes_sent $connection';
    access_log {folder}/access.log bench;
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    sendfile on; tcp_nopush on; keepalive_requests 100000;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.pem;
    server {{ listen {address}:80; listen {address}:443 ssl; root {folder}/pictures; }}
}}
"""


@dataclass(slots=True)
class Counted:
    """The bytes that went over the line. `bodies` are the body bytes of each answer, over plain HTTP."""

    from_server: int = 0
    from_client: int = 0
    packets: int = 0
    connections: int = 0
    bodies: list[tuple[str, int]] = field(default_factory=list)


class Meter:
    """Counts packets, and on port 80 the bytes of each request."""

    def __init__(self) -> None:
        self.counted = Counted()
        self._asked: dict[int, list[Any]] = {}

    def passes(self, packet: bytes, *, to_client: bool) -> None:
        """Count one IPv4 packet."""
        counted = self.counted
        counted.packets += 1
        if to_client:
            counted.from_server += len(packet)
        else:
            counted.from_client += len(packet)
        if packet[0] >> 4 != 4 or packet[9] != _TCP:
            return
        start = (packet[0] & 15) * 4
        sender, receiver = struct.unpack_from(">HH", packet, start)
        if not to_client and packet[start + 13] & (_SYN | _ACK) == _SYN:
            counted.connections += 1
        body = packet[start + (packet[start + 12] >> 4) * 4 :]
        if not body:
            return
        if to_client:
            self._received(receiver, body)
        elif body.startswith(b"GET /"):
            self._flush(sender)
            self._asked[sender] = [body.split(b" ", 2)[1].decode("latin-1"), 0, False]

    def _received(self, port: int, data: bytes) -> None:
        asked = self._asked.get(port)
        if asked is None:
            return
        if not asked[2]:
            # nginx sends its head in the first packet.
            asked[2] = True
            data = data.partition(b"\r\n\r\n")[2]
        asked[1] += len(data)

    def _flush(self, port: int) -> None:
        if (asked := self._asked.pop(port, None)) is not None:
            self.counted.bodies.append((asked[0], asked[1]))

    def flush(self) -> Counted:
        """All counts so far."""
        for port in list(self._asked):
            self._flush(port)
        return self.counted


class Line:
    """Two devices and the packets on their way between them."""

    def __init__(self, server: int, client: int, one_way: float, meter: Meter) -> None:
        self._one_way = one_way
        self._meter = meter
        self._loop = asyncio.get_running_loop()
        for source, target, to_client in ((server, client, True), (client, server, False)):
            under_way: deque[tuple[float, bytes]] = deque()
            self._loop.add_reader(source, self._take(source, target, under_way, to_client))

    def _take(
        self, source: int, target: int, under_way: deque[tuple[float, bytes]], to_client: bool
    ) -> Callable[[], None]:
        def deliver() -> None:
            now = self._loop.time()
            while under_way and under_way[0][0] <= now:
                os.write(target, under_way.popleft()[1])
            if under_way:
                self._loop.call_at(under_way[0][0], deliver)

        def take() -> None:
            for _ in range(64):
                try:
                    packet = os.read(source, 2_048)
                except BlockingIOError:
                    return
                self._meter.passes(packet, to_client=to_client)
                if not self._one_way:
                    os.write(target, packet)
                    continue
                under_way.append((self._loop.time() + self._one_way, packet))
                if len(under_way) == 1:
                    self._loop.call_at(under_way[0][0], deliver)

        return take


def new_network() -> None:
    """Put this process into a network namespace of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK):
        raise OSError(ctypes.get_errno(), "no network namespace can be made here")
    command("ip", "link", "set", "lo", "up")


def device(own: str, other: str) -> int:
    """A TUN device in the present namespace, with its address and the way to the other end."""
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, _SET_DEVICE, struct.pack("16sH", b"line", _TUN_WITHOUT_INFORMATION))
    command("ip", "address", "add", own, "peer", other, "dev", "line")
    command("ip", "link", "set", "line", "up", "txqueuelen", "10000")
    return tun


def command(*argv: str) -> None:
    subprocess.run(argv, check=True, stdout=sys.stderr, timeout=10)


def start_nginx(program: str, folder: Path, address: str) -> subprocess.Popen[bytes]:
    configuration = folder / "nginx.conf"
    text = _CONFIGURATION.format(folder=folder, address=address)
    if os.geteuid() == 0:
        text = f"user root;\n{text}"
    configuration.write_text(text, encoding="utf-8")
    (folder / "access.log").touch()
    nginx = subprocess.Popen(
        [program, "-p", str(folder), "-c", str(configuration)],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    until = time.monotonic() + _START_WITHIN
    while True:
        try:
            socket.create_connection((address, 80), _START_WITHIN).close()
        except ConnectionRefusedError:
            if nginx.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return nginx


def loopback_bytes() -> int:
    """The bytes that have gone over `lo` of this namespace, in both directions."""
    lines = Path("/proc/self/net/dev").read_text(encoding="ascii").splitlines()
    line = next(line for line in lines if line.strip().startswith("lo:"))
    return int(line.partition(":")[2].split()[0])


async def run(options: argparse.Namespace) -> None:
    meter = Meter()
    new_network()
    if options.rtt is None:
        nginx = start_nginx(options.nginx, options.folder, "127.0.0.1")
    else:
        server = device(SERVER, CLIENT)
        nginx = start_nginx(options.nginx, options.folder, SERVER)
        new_network()
        client = device(CLIENT, SERVER)
        Line(server, client, options.rtt / 2_000, meter)
    before = 0

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        nonlocal before
        if question["do"] == "forget":
            before = loopback_bytes()
            meter.counted, meter._asked = Counted(), {}  # noqa: SLF001 - begin anew
            os.truncate(options.folder / "access.log", 0)
            return {}
        counted = meter.flush()
        if options.rtt is None:
            counted.from_server = loopback_bytes() - before
        return {
            "from_server": counted.from_server,
            "from_client": counted.from_client,
            "connections": counted.connections,
            "bodies": counted.bodies,
        }

    try:
        await serve({"address": "127.0.0.1" if options.rtt is None else SERVER}, answer)
    finally:
        nginx.send_signal(signal.SIGTERM)
        nginx.wait(10)


def milliseconds(text: str) -> float | None:
    return None if text == "none" else float(text)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--nginx", required=True)
    parser.add_argument("--rtt", type=milliseconds, default=20.0)
    asyncio.run(run(parser.parse_args()))
