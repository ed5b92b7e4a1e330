"""`hosts:` of `.linkhealth.yml`: how single hosts are treated, by globs of their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from crawler.configuration.errors import quoted
from crawler.configuration.host_headers import HEADER_SHAPES, Basic, Named
from crawler.configuration.host_secrets import SecretName
from crawler.configuration.kinds import (
    FLAG,
    LONGEST_TEXT,
    NO,
    SECONDS,
    YES,
    Kind,
    any_case,
    is_yes,
    whole_number,
)
from crawler.configuration.options import CONNECTIONS, TRIES, Option
from crawler.configuration.shapes import ByName, Fields, Shape

HOSTS = "hosts"
_GLOB = re.compile(r"[a-z0-9._*?!\[\]-]+|(?=.*:.*:)[0-9a-f:.*?]+")
"""A host name, or an IPv6 address, as links hold them: lower case, without port and brackets."""
_STATUS = whole_number(400, 999)
_TELLING = {
    404: "says that the page is not there; exclude_urls leaves a link out",
    407: "is a proxy's, not the host's",
    410: "says that the page is gone; exclude_urls leaves a link out",
    429: "asks to wait; a longer delay helps",
}
"""Statuses that cannot be accepted, and why."""
_REASON = {
    "type": ["string", "number"],
    "minLength": 1,
    "maxLength": LONGEST_TEXT,
    "not": {"anyOf": [{"enum": [0, 1]}, {"type": "string", "pattern": any_case((*YES, *NO))}]},
}
_RESPECT = {"anyOf": [{"enum": [True, "yes", 1]}, {"type": "string", "pattern": any_case(YES)}]}
_ACCEPTED = {**_STATUS.schema, "not": {"enum": [*_TELLING, *map(str, _TELLING)]}}
_STATUSES = {"anyOf": [_ACCEPTED, {"type": "string", "pattern": ","}, {"enum": [None, ""]}]}


@dataclass(frozen=True, slots=True)
class HostRule:
    """The options of the hosts that match `glob`; None for an option that is not given.

    `delay` is seconds. `ignore_robots` is the reason why robots.txt is not obeyed. `accept_statuses` are those of an answer
    with which all is well.
    """

    glob: str
    delay: float | None = None
    connections: int | None = None
    retries: int | None = None
    respect_robots: bool | None = None
    ignore_robots: str | None = None
    skip: bool | None = None
    accept_statuses: frozenset[int] = frozenset()
    headers: Named = ()
    cookies: Named = ()
    basic: Basic | None = None
    bearer: SecretName | None = None

    def matches(self, host: str) -> bool:
        """Whether the rule is about `host`, in lower case without port."""
        return fnmatchcase(host, self.glob)

    @property
    def secrets(self) -> tuple[SecretName, ...]:
        """The variables whose values requests are to bear."""
        named = [value for _, value in (*self.headers, *self.cookies)]
        named += [self.basic.user, self.basic.password] if self.basic else []
        named.append(self.bearer or "")
        return tuple(value for value in named if isinstance(value, SecretName))


@dataclass(frozen=True, slots=True)
class Manners:
    """How one host is treated. `delay` is seconds between the starts of two requests; `accept_statuses` are those of an
    answer with which all is well."""

    delay: float
    connections: int
    retries: int
    respect_robots: bool
    skip: bool
    accept_statuses: frozenset[int] = frozenset()


def _glob(name: str) -> str:
    glob = name.strip().lower()
    if not _GLOB.fullmatch(glob):
        raise ValueError(
            f"{quoted(name)} is not a host name or a glob of some: write it without https://, port and "
            "path, other letters than a to z in their xn-- form"
        )
    return glob


def _respect(text: str) -> bool:
    if is_yes(text):
        return True
    raise ValueError("say why it is not obeyed: write ignore_robots with the reason in its place")


def _reason(text: str) -> str:
    if not text or len(text) > LONGEST_TEXT or not text.isprintable():
        raise ValueError(f"{quoted(text)} is not a reason of at most {LONGEST_TEXT} letters")
    if text.lower() in (*YES, *NO):
        raise ValueError(f"{quoted(text)} is not a reason; write whose site it is, and who agreed")
    return text


def _statuses(text: str) -> frozenset[int]:
    found = frozenset(_STATUS.parse(part.strip()) for part in text.split(",") if part.strip())
    if told := sorted(found & _TELLING.keys()):
        raise ValueError(f"{told[0]} {_TELLING[told[0]]}")
    return found


HOST_OPTIONS: dict[str, Option[Any]] = {
    option.name: option
    for option in (
        Option("delay", SECONDS),
        Option("connections", CONNECTIONS),
        Option("retries", TRIES),
        Option("respect_robots", Kind(_respect, _RESPECT)),
        Option("ignore_robots", Kind(_reason, _REASON)),
        Option("skip", FLAG, "no"),
        Option("accept_statuses", Kind(_statuses, _STATUSES), is_list=True, item=_ACCEPTED),
    )
}
"""The options of one host below `hosts`; where one has no value, that of all hosts counts."""

HOST_SHAPES: dict[str, Shape[Any]] = {
    **{name: option.shape for name, option in HOST_OPTIONS.items()},
    **HEADER_SHAPES,
}
"""Every key below a host, in the order of docs/configuration.md."""


HOSTS_SHAPE = ByName(
    _glob,
    Fields(HOST_SHAPES, of="of a host", apart=("basic", "bearer")),
    "host names with options below",
    {
        "pattern": r"^ *(?:[A-Za-z0-9._*?!\[\]-]+|[0-9A-Fa-f.*?]*:[0-9A-Fa-f.*?]*:[0-9A-Fa-f:.*?]*) *$"
    },
)


def host_rules(read: tuple[tuple[str, Mapping[str, Any]], ...]) -> tuple[HostRule, ...]:
    """The rules of `hosts`, in file order."""
    return tuple(HostRule(glob, **values) for glob, values in read)
