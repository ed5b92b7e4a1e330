"""The origin: one server that is every host, over HTTP and HTTPS, in a process of its own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.web.process import ServerProcess
from tests.web.rules import Rules

_LOOPBACK = (("127.0.0.1", 0),)

Endpoint = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as the origin saw it.

    `at` is seconds of the epoch, `target` path and query as sent, `connection` a number of the
    server's, `address` the server's own address that was connected to. Header names are lower case.
    """

    at: float
    scheme: str
    host: str
    target: str
    method: str
    headers: dict[str, str]
    connection: int
    address: str

    @property
    def url(self) -> str:
        """The URL that was asked for."""
        return f"{self.scheme}://{self.host}{self.target}"


@dataclass(frozen=True, slots=True)
class Counters:
    """Totals since the start or the last `forget`; the two mappings are by host."""

    requests: int
    connections: int
    most_connections: Mapping[str, int]
    most_in_flight: Mapping[str, int]


class Origin:
    """The origin as its user sees it. Files live in `folder`; give endpoints to fix the ports.

    `http` and `https` are the (address, port) pairs that listen. A connection to a `silent` endpoint
    is never answered, as behind a firewall that drops. An `old` one is HTTPS over TLS 1.0 and 1.1 only.
    """

    def __init__(
        self,
        folder: Path,
        *,
        http: Sequence[Endpoint] = _LOOPBACK,
        https: Sequence[Endpoint] = _LOOPBACK,
        silent: Sequence[Endpoint] = (),
        old: Sequence[Endpoint] = (),
        through: Sequence[str] = (),
    ) -> None:
        self._folder = folder
        self._log = folder / "requests.jsonl"
        arguments = ["--folder", str(folder), "--log", str(self._log)]
        listening = (("--http", http), ("--https", https), ("--silent", silent), ("--old", old))
        for name, endpoints in listening:
            for address, port in endpoints:
                arguments += [name, address, str(port)]
        self._server = ServerProcess.of_module(
            "tests.web.origin_server", *arguments, through=through
        )
        self.http: tuple[Endpoint, ...] = ()
        self.https: tuple[Endpoint, ...] = ()
        self.silent: tuple[Endpoint, ...] = ()
        self.old: tuple[Endpoint, ...] = ()
        self.ca_file = folder / "authority.pem"

    def __enter__(self) -> Self:
        ready = self._server.__enter__().ready
        self.http = tuple((address, port) for address, port in ready["http"])
        self.https = tuple((address, port) for address, port in ready["https"])
        self.silent = tuple((address, port) for address, port in ready["silent"])
        self.old = tuple((address, port) for address, port in ready["old"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.__exit__(kind, error, trace)

    @property
    def pid(self) -> int:
        """The process that answers."""
        return self._server.pid

    def set_rules(self, rules: Rules) -> None:
        """Replace all rules; requests that arrive from now on are answered by these."""
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".json") as file:
            rules.write(Path(file.name))
            self._server.ask(do="rules", path=file.name)

    def requests(self) -> list[Request]:
        """Every request since the start or the last `forget`, in order of arrival."""
        return list(self.each_request())

    def each_request(self) -> Iterator[Request]:
        """As `requests`, one at a time for long logs."""
        self._server.ask(do="flush")
        with self._log.open(encoding="utf-8") as lines:
            for line in lines:
                yield Request(**json.loads(line))

    def counters(self) -> Counters:
        """Totals and the most simultaneous connections and requests of each host."""
        return Counters(**self._server.ask(do="count"))

    def forget(self) -> None:
        """Begin the log and the counters anew."""
        self._server.ask(do="forget")
