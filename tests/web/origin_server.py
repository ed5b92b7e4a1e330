"""The process behind `Origin`: `python -m tests.web.origin_server`."""

from __future__ import annotations

import argparse
import asyncio
import json
import socket
import ssl
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from tests.web.authority import Authority
from tests.web.exchange import Exchange
from tests.web.origin import Endpoint
from tests.web.process import Message, serve
from tests.web.rules import Answer, Certificate, Lookup, Rules
from tests.web.wire import Asked

_BACKLOG = 1024
_HANDSHAKE_WITHIN = 60.0


class _Site:
    """The data that all connections share: the rules, the log, the counters."""

    def __init__(self, log: Path) -> None:
        self.lookup = Lookup(Rules())
        self._log = log.open("w", encoding="utf-8", buffering=1 << 16)
        self._open: Counter[str] = Counter()
        self._in_flight: Counter[str] = Counter()
        self._connection = 0
        self._reset_counters()

    def _reset_counters(self) -> None:
        self._requests = 0
        self._connections = 0
        self._most_open = Counter(self._open)
        self._most_in_flight = Counter(self._in_flight)

    def opened(self) -> int:
        self._connection += 1
        self._connections += 1
        return self._connection

    def joined(self, host: str) -> None:
        self._open[host] += 1
        self._most_open[host] = max(self._most_open[host], self._open[host])

    def closed(self, hosts: set[str]) -> None:
        for host in hosts:
            self._open[host] -= 1

    def asked(self, asked: Asked, connection: int, address: str) -> Answer:
        self._requests += 1
        host = asked.host
        self._in_flight[host] += 1
        self._most_in_flight[host] = max(self._most_in_flight[host], self._in_flight[host])
        record = {
            "at": time.time(),
            "scheme": asked.scheme,
            "host": host,
            "target": asked.target,
            "method": asked.method,
            "headers": asked.headers,
            "connection": connection,
            "address": address,
        }
        self._log.write(json.dumps(record) + "\n")
        return self.lookup.answer(asked.scheme, host, asked.target, asked.headers)

    def answered(self, host: str) -> None:
        self._in_flight[host] -= 1

    def control(self, question: Message) -> Message:
        """Carry out a request of the starting side."""
        match question["do"]:
            case "rules":
                self.lookup = Lookup(Rules.read(Path(question["path"])))
            case "flush":
                self._log.flush()
            case "count":
                return {
                    "requests": self._requests,
                    "connections": self._connections,
                    "most_connections": +self._most_open,
                    "most_in_flight": +self._most_in_flight,
                }
            case "forget":
                self._log.truncate(0)
                self._log.seek(0)
                self._reset_counters()
            case unknown:
                raise ValueError(f"no such thing to do: {unknown}")
        return {}

    def close(self) -> None:
        """Write the rest of the log."""
        self._log.close()


def _server_context(authority: Authority, site: _Site) -> ssl.SSLContext:
    """A context that shows every named host a certificate of its own."""
    context = authority.context(None)

    def choose(
        connected: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: ssl.SSLContext
    ) -> int | None:
        kind = site.lookup.certificates.get(name or "", Certificate.VALID)
        if kind is Certificate.REFUSED:
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        connected.context = authority.context(name, kind)
        return None

    context.sni_callback = choose
    return context


def _old_context(authority: Authority) -> ssl.SSLContext:
    """As `_server_context`, over old versions of TLS, which each certificate's own context has to allow too."""
    context = authority.context(None, Certificate.TOO_OLD)

    def choose(connected: ssl.SSLSocket | ssl.SSLObject, name: str | None, _: object) -> None:
        connected.context = authority.context(name, Certificate.TOO_OLD)

    context.sni_callback = choose
    return context


def _listener(endpoint: Endpoint) -> socket.socket:
    family = socket.AF_INET6 if ":" in endpoint[0] else socket.AF_INET
    listener = socket.create_server(endpoint, family=family, backlog=_BACKLOG)
    # asyncio sets it only on sockets of a named protocol; a reset would drop what Nagle holds back
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _silent(endpoint: Endpoint, stack: ExitStack) -> socket.socket:
    """A listener whose queue is full, so that the kernel drops every further SYN."""
    listener = stack.enter_context(socket.create_server(endpoint, backlog=0))
    for _ in range(2):
        filler = stack.enter_context(socket.socket())
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    return listener


async def _run(options: argparse.Namespace) -> None:
    folder, log = Path(options.folder), Path(options.log)
    site = _Site(log)
    authority = Authority(folder)
    contexts = {"https": _server_context(authority, site), "old": _old_context(authority)}
    loop = asyncio.get_running_loop()
    ready: dict[str, list[Endpoint]] = {"http": [], "https": [], "silent": [], "old": []}
    with ExitStack() as stack:
        stack.callback(site.close)
        for kind, scheme in (("http", "http"), ("https", "https"), ("old", "https")):
            context = contexts.get(kind)
            for address, port in getattr(options, kind):
                listener = _listener((address, int(port)))
                ready[kind].append(listener.getsockname()[:2])
                server = await loop.create_server(
                    lambda scheme=scheme: Exchange(site, scheme),
                    sock=listener,
                    ssl=context,
                    ssl_handshake_timeout=None if context is None else _HANDSHAKE_WITHIN,
                )
                stack.callback(server.close)
        for address, port in options.silent:
            ready["silent"].append(_silent((address, int(port)), stack).getsockname()[:2])
        await serve(dict(ready), site.control)


def main() -> None:
    """Be the origin until standard input ends."""
    parser = argparse.ArgumentParser(description="An origin that answers for every host name.")
    parser.add_argument("--folder", required=True, help="where certificates are written")
    parser.add_argument("--log", required=True, help="where requests are written, JSON lines")
    for name in ("--http", "--https", "--silent", "--old"):
        parser.add_argument(name, action="append", default=[], nargs=2, metavar=("ADDRESS", "PORT"))
    asyncio.run(_run(parser.parse_args()))


if __name__ == "__main__":
    main()
