"""Mapping of hosts to other addresses: curl's `--connect-to` for the whole crawl."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address

import idna

LONGEST = 1_000_000
"""Characters; rules for all hosts of a large collection take some 50 KB."""
HIGHEST_PORT = 65_535
LONGEST_NAME = 253
"""Characters, RFC 1035; encoding a longer one takes time and cannot succeed."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One `HOST:PORT:ADDRESS:PORT`; None stands for an empty part."""

    host: str | None
    port: int | None
    address: str | None
    address_port: int | None


@dataclass(frozen=True, slots=True)
class ConnectTo:
    """Rules in the operator's order; as with curl, the first that matches decides."""

    rules: tuple[Rule, ...] = ()
    _order: dict[tuple[str | None, int | None], int] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        for index, rule in enumerate(self.rules):
            self._order.setdefault((rule.host, rule.port), index)

    @classmethod
    def parse(cls, text: str) -> ConnectTo:
        """Read `HOST:PORT:ADDRESS:PORT`, comma-separated; IPv6 in brackets, an empty part is any.

        An empty ADDRESS or second PORT means "as asked". Raises ValueError naming the bad rule.
        """
        if len(text) > LONGEST:
            raise ValueError(f"longer than {LONGEST:,} characters")
        parts = (part.strip() for part in text.split(","))
        return cls(tuple(_parse_rule(part) for part in parts if part))

    def target(self, host: str, port: int) -> tuple[str, int] | None:
        """The address and port to connect to in place of `host` and `port`; None for no rule."""
        order = self._deciding(host, port)
        if order is None:
            return None
        rule = self.rules[order]
        return (
            host if rule.address is None else rule.address,
            port if rule.address_port is None else rule.address_port,
        )

    def names(self, host: str) -> bool:
        """Whether a rule names `host` itself: the operator then means exactly that host."""
        name = _same_name(host)
        return any(rule.host == name for rule in self.rules)

    def names_port(self, host: str, port: int) -> bool:
        """Whether the rule that decides about `host` and `port` names the port: the operator then means that port."""
        order = self._deciding(host, port)
        return order is not None and self.rules[order].port is not None

    def _deciding(self, host: str, port: int) -> int | None:
        """The number of the rule that decides; None for none."""
        if not self.rules:
            return None
        name = _same_name(host)
        keys = ((name, port), (name, None), (None, port), (None, None))
        return min((self._order[key] for key in keys if key in self._order), default=None)

    def __str__(self) -> str:
        return ",".join(_rule_text(rule) for rule in self.rules)


def _parse_rule(text: str) -> Rule:
    parts = list(_split(text))
    if len(parts) != len(("HOST", "PORT", "ADDRESS", "PORT")):
        raise ValueError(f"{text[:80]!a} is not HOST:PORT:ADDRESS:PORT")
    host, port, address, address_port = parts
    return Rule(
        _name(host, text), _port(port, text), _name(address, text), _port(address_port, text)
    )


def _split(text: str) -> Iterator[str]:
    """Split at colons that stand outside brackets."""
    part, in_brackets = "", False
    for character in text:
        if character == ":" and not in_brackets:
            yield part
            part = ""
            continue
        if character in "[]":
            in_brackets = character == "["
        part += character
    yield part


def _port(text: str, rule: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(HIGHEST_PORT))):
        raise ValueError(f"{rule[:80]!a}: {text[:20]!a} is not a port")
    port = int(text)
    if not 0 < port <= HIGHEST_PORT:
        raise ValueError(f"{rule[:80]!a}: a port is between 1 and {HIGHEST_PORT}")
    return port


def _name(text: str, rule: str) -> str | None:
    if not text:
        return None
    if text.startswith("[") != text.endswith("]"):
        raise ValueError(f"{rule[:80]!a}: the bracket is not closed")
    if text.startswith("["):
        try:
            return ip_address(text[1:-1]).compressed
        except ValueError:
            raise ValueError(f"{rule[:80]!a}: {text[:60]!a} is not an IPv6 address") from None
    name = _same_name(text)
    if not name or any(not (c.isascii() and (c.isalnum() or c in "-._")) for c in name):
        raise ValueError(f"{rule[:80]!a}: {text[:60]!a} is not a host name")
    return name


def _same_name(host: str) -> str:
    """The one spelling of a host: ASCII, lower case, no brackets, no final dot, short IPv6."""
    name = host.strip("[]").removesuffix(".").lower()
    if ":" in name:
        try:
            return ip_address(name).compressed
        except ValueError:
            return name
    if name.isascii() or len(name) > LONGEST_NAME:
        return name
    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except idna.IDNAError:
        return name


def _rule_text(rule: Rule) -> str:
    parts = (rule.host, rule.port, rule.address, rule.address_port)
    return ":".join(
        "" if part is None else f"[{part}]" if ":" in str(part) else str(part) for part in parts
    )
