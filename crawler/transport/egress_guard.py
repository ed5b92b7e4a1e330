"""The second layer of the address guard (rule B11): an audit hook that looks at every connection of this process.

The first layer is the resolver, which hands out no address that may not be asked (rule B6). Whatever gets past it,
through a fault of ours or a library that connects by itself, is refused here, in the interpreter, before a packet is
sent. Names are refused too: who connects by a name has asked no resolver of ours.

What the interpreter does not see: connections that C code makes by itself (libpq to the configured database, getaddrinfo to
the name server) and other processes. docs/egress.md says how to enforce the same from outside.
"""

from __future__ import annotations

import logging
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from crawler.configuration import ConnectTo
from crawler.transport.addresses import is_public, literal

logger = logging.getLogger(__name__)

_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
"""Python's audit events with a destination. `connect_ex` raises the first."""
_INTERNET = frozenset({int(socket.AF_INET), int(socket.AF_INET6)})
_LOCAL = int(getattr(socket, "AF_UNIX", -1))


REFUSED = 0x6C68
"""The errno of a refusal, which no system has: Twisted keeps of an OSError only that, and EACCES would be a firewall's."""


class EgressRefusedError(PermissionError):
    """A connection that the second layer refused."""

    def __init__(self, destination: str) -> None:
        super().__init__(REFUSED, f"{destination} is not public: refused by the second layer")


class EgressGuard:
    """What this process may connect to: public addresses, and what the operator chose.

    `allow_private` opens private addresses, as LINKHEALTH_ALLOW_PRIVATE does.
    """

    def __init__(self, connect_to: ConnectTo, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._allowed: set[str] = set()
        self.refused = 0
        for rule in connect_to.rules:
            if (address := literal(rule.address or rule.host or "")) is not None:
                self.allow(address)

    def allow(self, address: str) -> None:
        """Allow an address that the operator chose: the end of a mapping, a name server."""
        self._allowed.add(address)

    def check(self, family: int, destination: object) -> None:
        """Raise EgressRefusedError where a socket may not send to a destination."""
        if family in _INTERNET and isinstance(destination, tuple) and destination:
            host = destination[0]
            text = host.decode("latin-1") if isinstance(host, bytes | bytearray) else str(host)
            address = text.partition("%")[0]
            if address in self._allowed:
                return
            with suppress(ValueError):
                if self._allow_private or is_public(address):
                    return
        elif family == _LOCAL:
            return
        self.refused += 1
        shown = ascii(destination)[:100]
        if self.refused == 1:
            logger.error("a connection to %s was refused: please report this as a bug", shown)
        raise EgressRefusedError(shown)

    def begin(self) -> Callable[[], None]:
        """Look at every connection of this process from now on; the result ends that."""
        _install()
        _guards.append(self)
        return lambda: _guards.remove(self)


_guards: list[EgressGuard] = []
_is_installed = False


def _install() -> None:
    """An audit hook cannot be taken away again: one is installed once, and asks the guards of the moment."""
    global _is_installed  # noqa: PLW0603
    if not _is_installed:
        _is_installed = True
        sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    # Called for every audit event of the process: the first line has to be cheap.
    if event not in _EVENTS or not _guards:
        return
    given, destination = arguments[0], arguments[1]
    if destination is None:
        return  # a connected socket's sendmsg: looked at when it was connected
    for guard in _guards:
        guard.check(int(given.family), destination)
