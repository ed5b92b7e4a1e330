"""Real requests to a review's server, as a page and as strangers make them."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from tests.time_limits import HANG

PAGE = "page-one-of-tests"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.data)


@dataclass(slots=True)
class Page:
    """A page of the review, opened by one person. `after` is the last change that it has seen."""

    port: int
    secret: str
    name: str = PAGE
    after: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answered:
        """A request below the secret; a header that is None is left out."""
        given: dict[str, str | None] = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            given["Content-Type"] = "application/json"
        given |= headers or {}
        sent = {name: value for name, value in given.items() if value is not None}
        return raw(self.port, method, f"/{self.secret}/{path}", sent, data)

    def decide(self, *rows: Mapping[str, object]) -> list[Any]:
        """Decisions; the page learns of its own changes."""
        body = {"page": self.name, "after": self.after, "decisions": list(rows)}
        found = self.ask("POST", "api/decisions", body)
        assert found.status == 200, found.data
        results: list[Any] = found.json["results"]
        return results

    def open(self) -> list[Any]:
        """The decisions that wait; all changes are seen then."""
        found = self.ask("GET", "api/decisions").json
        self.after = found["version"]
        decisions: list[Any] = found["decisions"]
        return decisions

    def diff(self, **body: object) -> Any:
        found = self.ask("POST", "api/diff", body)
        assert found.status == 200, found.data
        return found.json

    def write(self, **body: object) -> Answered:
        return self.ask("POST", "api/write", {"page": self.name} | body)


def raw(
    port: int, method: str, target: str, headers: Mapping[str, str], data: bytes | None = None
) -> Answered:
    """One request with these headers and no others but Host, where that is not among them."""
    connection = HTTPConnection("127.0.0.1", port, timeout=HANG)
    try:
        connection.putrequest(method, target, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name, value)
        if data is not None:
            connection.putheader("Content-Length", str(len(data)))
        connection.endheaders(data)
        answer = connection.getresponse()
        return Answered(answer.status, dict(answer.getheaders()), answer.read())
    finally:
        connection.close()


def wire(port: int, pieces: Iterable[bytes]) -> bytes:
    """Bytes as they are, piece by piece; all that comes back until the server closes."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANG) as connection:
        for piece in pieces:
            connection.sendall(piece)
        return read_all(connection)


def read_all(connection: socket.socket) -> bytes:
    found = b""
    while piece := connection.recv(65_536):
        found += piece
    return found


def row(url: str, decision: str = "", **cells: object) -> dict[str, object]:
    """A decision on a link that was never visited; `seen` says otherwise."""
    seen = cells.pop("seen", {"verdict": "unchecked", "reason": "not-visited"})
    made: dict[str, object] = {"url": url, "seen": seen, **cells}
    return made | ({"decision": decision} if decision else {})


def states(results: Sequence[Any]) -> list[str]:
    return [one["state"] for one in results]
