"""Credentials of hosts: named in `.linkhealth.yml`, held in the environment, sent only where the operator allows it.

The file is the collection's, and may be a stranger's. So it names variables that begin with `LINKHEALTH_CREDENTIAL_`, no others,
and beside each the operator says which hosts may get it: `LINKHEALTH_CREDENTIAL_DOCS=…` with
`LINKHEALTH_CREDENTIAL_DOCS_HOSTS=docs.example`.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Final
from urllib.parse import quote

from crawler.configuration.errors import ConfigurationError, quoted
from crawler.configuration.file import FILE_NAME
from crawler.configuration.kinds import Kind
from crawler.configuration.options import VARIABLES

PREFIX: Final = f"{VARIABLES}CREDENTIAL_"
HOSTS_OF: Final = "_HOSTS"
"""What follows the name of a secret in the name of the variable that says where it may go."""
SHORTEST: Final = 8
"""Characters of a secret: a shorter one could be guessed, and could not be told from other text in an answer."""
_LONGEST: Final = 4_096
_NAME: Final = re.compile(rf"{PREFIX}[A-Z0-9](?:[A-Z0-9_]{{0,60}}[A-Z0-9])?", re.ASCII)
_HOST: Final = re.compile(r"(\*\.)?([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)(?::([0-9]{1,5}))?", re.ASCII)
_HTTPS: Final = 443
_MAGIC: Final = frozenset("*?[]!")


@dataclass(frozen=True, slots=True)
class SecretName:
    """The name of an environment variable that holds a credential of at least so many characters."""

    name: str
    shortest: int = SHORTEST

    @property
    def hosts_variable(self) -> str:
        """The variable that says which hosts may get it."""
        return f"{self.name}{HOSTS_OF}"


def _secret_name(text: str) -> SecretName:
    # What stands here may be the credential itself: it is not quoted.
    if not _NAME.fullmatch(text) or text.endswith(HOSTS_OF):
        raise ValueError(
            f"is not the name of a variable that begins with {PREFIX}, like {PREFIX}DOCS"
        )
    return SecretName(text)


SECRET_NAME = Kind(
    _secret_name,
    {"type": "string", "pattern": f"^ *{_NAME.pattern}(?<!{HOSTS_OF}) *$"},
)


@dataclass(frozen=True, slots=True)
class Place:
    """Hosts that may get a secret: one name, or all below one (`*.docs.example`), at one port."""

    name: str
    below: bool
    port: int

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read `docs.example`, `docs.example:8443` or `*.docs.example`. Raises ValueError."""
        found = _HOST.fullmatch(text.strip().lower())
        port = int(found[3] or _HTTPS) if found else 0
        if not found or not 0 < port <= 65_535:
            raise ValueError(
                f"{quoted(text)} is not a host like docs.example, *.docs.example or docs.example:8443"
            )
        return cls(found[2], bool(found[1]), port)

    def has(self, host: str, port: int) -> bool:
        """Whether a host at a port is one of them."""
        named = host.endswith(f".{self.name}") if self.below else host == self.name
        return named and port == self.port

    def covers(self, glob: str) -> bool:
        """Whether every host that a glob matches is one of them, at some port."""
        if self.below:
            return glob.endswith(f".{self.name}") and not _MAGIC & set(self.name)
        return glob == self.name


@dataclass(frozen=True, slots=True)
class Secret:
    """A credential, and where it may go. Its value is in no `repr`."""

    value: str = field(repr=False)
    places: tuple[Place, ...]

    def may_go_to(self, host: str, port: int) -> bool:
        """Whether the operator allows it."""
        return any(place.has(host, port) for place in self.places)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The secrets that the rules of hosts name, by variable; `faults` says which are missing or may not go where they should."""

    known: Mapping[str, Secret] = field(default_factory=dict, repr=False)
    faults: tuple[ConfigurationError, ...] = ()

    def get(self, names: Iterable[SecretName], host: str, port: int) -> dict[str, str] | None:
        """The values by variable; None where one of them is missing or may not go to the host."""
        values = {}
        for one in names:
            secret = self.known.get(one.name)
            if secret is None or not secret.may_go_to(host, port):
                return None
            values[one.name] = secret.value
        return values


def read_secrets(wanted: Iterable[tuple[str, SecretName]], environ: Mapping[str, str]) -> Secrets:
    """The secrets of an environment; `wanted` are globs of hosts and what they are to get."""
    known: dict[str, Secret] = {}
    faults: list[ConfigurationError] = []
    for glob, name in dict.fromkeys(wanted):
        try:
            known[name.name] = _read(name, glob, environ)
        except ConfigurationError as error:
            faults.append(error)
    return Secrets(known, tuple({str(error): error for error in faults}.values()))


def _read(name: SecretName, glob: str, environ: Mapping[str, str]) -> Secret:
    """Raises ConfigurationError, which never quotes a value."""
    value = environ.get(name.name, "").strip()
    hosts = environ.get(name.hosts_variable, "").strip()
    if not value:
        raise ConfigurationError(
            name.name,
            f"is not set; {FILE_NAME} wants it for {quoted(glob)}. Set it, or leave the host out with skip: yes",
        )
    if not (name.shortest <= len(value) <= _LONGEST and value.isascii() and value.isprintable()):
        message = f"is not printable ASCII of {name.shortest} to {_LONGEST:,} characters"
        raise ConfigurationError(name.name, message)
    if not hosts:
        raise ConfigurationError(
            name.hosts_variable,
            f"is not set; it says which hosts {name.name} may be sent to, like docs.example",
        )
    try:
        places = tuple(Place.parse(part) for part in hosts.split(",") if part.strip())
    except ValueError as error:
        raise ConfigurationError(name.hosts_variable, str(error)) from None
    if not any(place.covers(glob) for place in places):
        message = f"does not allow {quoted(glob)}, for which {FILE_NAME} wants {name.name}"
        raise ConfigurationError(name.hosts_variable, message)
    return Secret(value, places)


def basic(user: str, password: str) -> str:
    """The value of Authorization for a user and a password (RFC 7617)."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode('ascii')}"


def spellings(secret: str) -> Iterator[bytes]:
    """How a server may write a secret that it was sent."""
    spelt = (
        secret,
        quote(secret, safe=""),
        quote(secret),
        escape(secret),
        escape(secret, quote=False),
    )
    yield from (one.encode() for one in dict.fromkeys(spelt))
