"""A name server for a test web: every name leads to the origin unless a rule says otherwise."""

from __future__ import annotations

import dataclasses
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.web.origin import Endpoint
from tests.web.process import ServerProcess

_MADE_UP = re.compile(r"[0-9a-f]{20}\.(com|org)")


class Outcome(StrEnum):
    """The result of a query for a name; `SILENCE` gives no reply at all."""

    ANSWER = "answer"
    NODATA = "nodata"
    NXDOMAIN = "nxdomain"
    REFUSED = "refused"
    SERVFAIL = "servfail"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True)
class Name:
    """The records of a name: IPv4 and IPv6 `addresses` in order; a `cname` comes before them.

    Names without an address of the asked family give no data. `truncated` sends the asker to TCP.
    `delay` is seconds before the reply.
    """

    outcome: Outcome = Outcome.ANSWER
    addresses: tuple[str, ...] = ()
    cname: str | None = None
    truncated: bool = False
    delay: float = 0.0
    ttl: int = 60


@dataclass(frozen=True, slots=True)
class Names:
    """`names` by lower-case host or `*.zone` (anything below it); all others are `default`. `made_up`, where it is given,
    is for names that nobody has: twenty random hexadecimal digits below com or org."""

    default: Name = Name(addresses=("127.0.0.1",))
    names: Mapping[str, Name] = field(default_factory=dict)
    made_up: Name | None = None

    def find(self, host: str) -> Name:
        """The rule for a host, the nearest zone's where it has none of its own."""
        if self.made_up is not None and _MADE_UP.fullmatch(host):
            return self.made_up
        found = self.names.get(host)
        zone = host
        while found is None and "." in zone:
            zone = zone.partition(".")[2]
            found = self.names.get(f"*.{zone}")
        return found or self.default

    def write(self, path: Path) -> None:
        """Write the rules as JSON."""
        path.write_text(json.dumps(dataclasses.asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read what `write` wrote."""
        document = json.loads(path.read_text(encoding="utf-8"))
        names = {host: _name(fields) for host, fields in document["names"].items()}
        made_up = document["made_up"]
        return cls(_name(document["default"]), names, _name(made_up) if made_up else None)


@dataclass(frozen=True, slots=True)
class Question:
    """One question that came in; `type` is `A`, `AAAA` …, `transport` is `udp` or `tcp`."""

    at: float
    name: str
    type: str
    transport: str


class Nameserver:
    """The name server as its user sees it, on one port of UDP and TCP."""

    def __init__(
        self,
        folder: Path,
        *,
        endpoint: Endpoint = ("127.0.0.1", 0),
        through: tuple[str, ...] = (),
    ) -> None:
        self._folder = folder
        arguments = (endpoint[0], str(endpoint[1]))
        self._server = ServerProcess.of_module(
            "tests.web.nameserver_server", *arguments, through=through
        )
        self.endpoint = endpoint

    def __enter__(self) -> Self:
        ready = self._server.__enter__().ready
        self.endpoint = (ready["address"], ready["port"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.__exit__(kind, error, trace)

    def set_names(self, names: Names) -> None:
        """Replace all rules."""
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".json") as file:
            names.write(Path(file.name))
            self._server.ask(do="names", path=file.name)

    def questions(self) -> list[Question]:
        """Every question since the start or the last `forget`."""
        return [Question(**one) for one in self._server.ask(do="questions")["questions"]]

    def forget(self) -> None:
        """Begin the log of questions anew."""
        self._server.ask(do="forget")


def _name(fields: dict[str, Any]) -> Name:
    return Name(
        **{
            **fields,
            "outcome": Outcome(fields["outcome"]),
            "addresses": tuple(fields["addresses"]),
        }
    )
