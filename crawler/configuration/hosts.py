"""`hosts:` of `.linkhealth.yml`: how single hosts are treated, by globs of their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from crawler.configuration.errors import quoted
from crawler.configuration.kinds import FLAG, SECONDS
from crawler.configuration.options import CONNECTIONS, TRIES, Option
from crawler.configuration.shapes import ByName, Fields

HOSTS = "hosts"
_GLOB = re.compile(r"[a-z0-9._*?!\[\]-]+|(?=.*:.*:)[0-9a-f:.*?]+")
"""A host name, or an IPv6 address, as links hold them: lower case, without port and brackets."""


@dataclass(frozen=True, slots=True)
class HostRule:
    """The options of the hosts that match `glob`; None for an option that is not given. `delay` is seconds."""

    glob: str
    delay: float | None = None
    connections: int | None = None
    retries: int | None = None
    respect_robots: bool | None = None
    skip: bool | None = None

    def matches(self, host: str) -> bool:
        """Whether the rule is about `host`, in lower case without port."""
        return fnmatchcase(host, self.glob)


@dataclass(frozen=True, slots=True)
class Manners:
    """How one host is treated. `delay` is seconds between the starts of two requests."""

    delay: float
    connections: int
    retries: int
    respect_robots: bool
    skip: bool


def _glob(name: str) -> str:
    glob = name.strip().lower()
    if not _GLOB.fullmatch(glob):
        raise ValueError(
            f"{quoted(name)} is not a host name or a glob of some: write it without https://, port and "
            "path, other letters than a to z in their xn-- form"
        )
    return glob


HOST_OPTIONS: dict[str, Option[Any]] = {
    option.name: option
    for option in (
        Option("delay", SECONDS),
        Option("connections", CONNECTIONS),
        Option("retries", TRIES),
        Option("respect_robots", FLAG),
        Option("skip", FLAG, "no"),
    )
}
"""The options of one host below `hosts`; where one has no value, that of all hosts counts."""

HOSTS_SHAPE = ByName(
    _glob,
    Fields({name: option.shape for name, option in HOST_OPTIONS.items()}, of="of a host"),
    "host names with options below",
    {
        "pattern": r"^ *(?:[A-Za-z0-9._*?!\[\]-]+|[0-9A-Fa-f.*?]*:[0-9A-Fa-f.*?]*:[0-9A-Fa-f:.*?]*) *$"
    },
)


def host_rules(read: tuple[tuple[str, Mapping[str, Any]], ...]) -> tuple[HostRule, ...]:
    """The rules of `hosts`, in file order."""
    return tuple(HostRule(glob, **values) for glob, values in read)
