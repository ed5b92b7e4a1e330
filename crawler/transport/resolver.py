"""Name resolution that remembers why a name has no address, and refuses private ones.

Scrapy's own resolver is IPv4-only, and through Twisted every failure looks alike (rule V3 tells them apart);
so this one calls getaddrinfo itself and keeps its errno.
"""

from __future__ import annotations

import socket
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

import idna
from scrapy.resolver import HostResolution
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import TimeoutError as LookUpTimeoutError
from twisted.internet.interfaces import IHostnameResolver
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool
from zope.interface import implementer

from crawler.configuration import ConnectTo
from crawler.model.observation import FailureKind
from crawler.rules.ports import may_be_named
from crawler.transport.addresses import is_public, literal, reachable
from crawler.transport.machine_limits import FULL, has_no_descriptor
from crawler.transport.recently_used import RecentlyUsed

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred
    from twisted.python.failure import Failure

THREADS = 24
MOST_OF_FAMILY = 4
"""Addresses of a name that are tried, of IPv4 and of IPv6 each (rule B5)."""
MOST_NAMES = 20_000
"""Names whose last answer is kept; the least recently used is looked up again."""
KEPT_FOR = 300.0
"""Seconds an answer is believed; the run's own cache, names rarely move within it."""
FAILURE_KEPT_FOR = 60.0
TIMEOUT_KEPT_FOR = 0.5
"""A look-up that was only late, or that our machine could not make, is worth the retry that follows."""
_LONGEST_LABEL = 63
_LONGEST_NAME = 253

FAILURE_OF_ERRNO: dict[int, FailureKind] = {
    socket.EAI_NONAME: FailureKind.DNS_NXDOMAIN,
    getattr(socket, "EAI_NODATA", -5): FailureKind.DNS_NODATA,
    getattr(socket, "EAI_ADDRFAMILY", -9): FailureKind.DNS_NODATA,
    socket.EAI_AGAIN: FailureKind.DNS_UNAVAILABLE,
    socket.EAI_FAIL: FailureKind.DNS_SERVFAIL,
}
"""getaddrinfo(3). glibc says EAI_AGAIN for SERVFAIL, a timeout and a resolver that is down alike:
all of them say nothing about the name. Anything else (EAI_SYSTEM, EAI_MEMORY) is our own trouble."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """The result of a look-up: addresses, or the kind of failure; `until` is monotonic."""

    addresses: tuple[str, ...]
    failure: FailureKind | None
    until: float


@dataclass(frozen=True, slots=True)
class _Destination:
    """Where a connection really goes, the operator's mapping applied; `name` may be an address.

    `trusted` is true where the operator chose it: it may be private then.
    """

    name: str
    port: int
    trusted: bool

    @property
    def key(self) -> tuple[str, bool]:
        """What a look-up's answer holds for."""
        return self.name, self.trusted


class _LookUp(Thread):
    """A thread that does not keep the process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, daemon=True, **kwargs)


class _LookUps(ThreadPool):
    """Threads that nobody waits for: getaddrinfo may hang for as long as resolv.conf says, and then the answer comes to a
    reactor that has ended."""

    threadFactory = _LookUp  # noqa: N815 - Twisted's name

    def leave(self) -> None:
        """Begin no further look-up; those under way are left to end. `stop` would join their threads."""
        self.joined = True
        self.started = False
        self._team.quit()


@implementer(IHostnameResolver)
class Resolver:
    """Looks names up in threads; see the module. One per run, installed on the reactor.

    `chosen` is told each address that the operator's mapping chose by a name. `timeout` is seconds for one look-up. `look_up` is getaddrinfo, except where a test of the
    timeout needs one that blocks.
    """

    def __init__(
        self,
        reactor: Any,
        *,
        connect_to: ConnectTo,
        allow_private: bool,
        timeout: float,
        chosen: Callable[[str], None] = lambda _: None,
        look_up: Callable[..., Sequence[Any]] = socket.getaddrinfo,
    ) -> None:
        self._reactor = reactor
        self._connect_to = connect_to
        self._allow_private = allow_private
        self._timeout = timeout
        self._chosen = chosen
        self._look_up = look_up
        # All of them at the start: a thread that cannot be started later would look like a name without an answer.
        self._pool = _LookUps(minthreads=THREADS, maxthreads=THREADS, name="resolver")
        self._known = RecentlyUsed[tuple[str, bool], Resolution](MOST_NAMES)
        self._failures = RecentlyUsed[str, FailureKind | None](MOST_NAMES)
        self._previous: Any = None

    def install(self) -> None:
        """Answer for the reactor's names from now on. Raises RuntimeError where the machine gives no threads."""
        try:
            self._pool.start()
        except RuntimeError:
            # Those that were started would keep the process from ending.
            self._pool.stop()
            raise
        self._previous = self._reactor.installNameResolver(self)

    def uninstall(self) -> None:
        """Give the reactor its earlier resolver back. Look-ups under way are left to end."""
        if self._previous is None:
            return
        self._reactor.installNameResolver(self._previous)
        self._previous = None
        self._pool.leave()

    def failure_of(self, host: str, port: int) -> FailureKind | None:
        """Why a connection to a host and port got no address: the port's fault, or the last look-up's; None where
        that gave an address."""
        name = _ascii(host)
        return (
            self._failures.get(name) if self._is_open(name, port) else FailureKind.ADDRESS_BLOCKED
        )

    def pinned(self, host: str, port: int) -> tuple[tuple[str, int], ...]:
        """Where connections to a host and port last went: addresses that the guard let pass,
        with their port. Empty where none was. Looks nothing up."""
        name = _ascii(host)
        if not self._is_open(name, port):
            return ()
        destination = self._destination(name, port)
        known = self._spelt_out(name, destination) or self._known.get(destination.key)
        return tuple((address, destination.port) for address in known.addresses) if known else ()

    def forget(self, host: str, port: int) -> None:
        """Look a host up anew at its next connection."""
        self._known.forget(self._destination(_ascii(host), port).key)

    async def look_up(self, name: str) -> tuple[str, ...]:
        """The addresses that the resolver gives for a name, the guarded ones too: nobody may connect to them. Empty
        where it gives none, for whatever reason. Nothing is remembered."""
        looked_up: Deferred[tuple[str, ...]] = deferToThreadPool(
            self._reactor, self._pool, self._addresses, name
        )
        looked_up.addTimeout(self._timeout, self._reactor)
        try:
            return await maybe_deferred_to_future(looked_up)
        except LookUpTimeoutError:
            return ()

    def _addresses(self, name: str) -> tuple[str, ...]:
        """In a thread."""
        try:
            found = self._look_up(name, None, type=socket.SOCK_STREAM)
        except (OSError, ValueError):
            return ()
        return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))

    def resolveHostName(  # noqa: N802 - Twisted's interface
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: object = None,  # noqa: ARG002, N803
        transportSemantics: str = "TCP",  # noqa: ARG002, N803
    ) -> HostResolution:
        """Twisted's IHostnameResolver: calls the receiver back with every usable address."""
        resolution = HostResolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)
        host = _ascii(hostName)
        if not self._is_open(host, portNumber):
            resolutionReceiver.resolutionComplete()
            return resolution
        destination = self._destination(host, portNumber)
        known = self._remembered(host, destination)
        if known is not None:
            self._tell(resolutionReceiver, host, known, destination)
            return resolution
        looked_up: Deferred[Resolution] = deferToThreadPool(
            self._reactor, self._pool, self._resolve, destination
        )
        looked_up.addTimeout(self._timeout, self._reactor)
        looked_up.addErrback(self._no_answer)
        looked_up.addCallback(self._remember, host, resolutionReceiver, destination)
        return resolution

    def _is_open(self, host: str, port: int) -> bool:
        """Whether the port of a URL may be connected to (rule B10). A rule of the operator's that names it opens it; where
        the mapping leads does not matter."""
        return port == 0 or may_be_named(port) or self._connect_to.names_port(host, port)

    def _destination(self, host: str, port: int) -> _Destination:
        """By the operator's own mapping (LINKHEALTH_CONNECT_TO), which may lead anywhere."""
        target = self._connect_to.target(host, port)
        if target is None:
            return _Destination(host, port, trusted=False)
        name = target[0].strip("[]")
        return _Destination(name, target[1], trusted=name != host or self._connect_to.names(host))

    def _remembered(self, host: str, destination: _Destination) -> Resolution | None:
        """What is known without a look-up."""
        known = self._spelt_out(host, destination)
        if known is not None:
            return known
        known = self._known.get(destination.key)
        return known if known is not None and known.until > monotonic() else None

    def _spelt_out(self, host: str, destination: _Destination) -> Resolution | None:
        """What needs no look-up at all. A private address that a link spells out stays refused unless
        the mapping names that very host."""
        address = literal(host)
        if address is not None and not self._allowed(address) and not self._connect_to.names(host):
            return _failed(FailureKind.ADDRESS_BLOCKED)
        if destination.trusted and literal(destination.name) is not None:
            return Resolution((destination.name,), None, monotonic() + KEPT_FOR)
        return None

    def _resolve(self, destination: _Destination) -> Resolution:
        """In a thread: look a name up. Only getaddrinfo's own errors come out as failures."""
        host = destination.name
        if not _is_sound(host):
            return _failed(FailureKind.DNS_BAD_NAME)
        try:
            found = self._look_up(host, None, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            if error.errno == socket.EAI_MEMORY or has_no_descriptor():
                # Without a file to read or a socket to ask with, getaddrinfo may say anything.
                return _failed(FailureKind.OWN_MACHINE)
            return _failed(FAILURE_OF_ERRNO.get(error.errno or 0, FailureKind.DNS_UNAVAILABLE))
        except (UnicodeError, ValueError):
            return _failed(FailureKind.DNS_BAD_NAME)
        except OSError as error:
            is_ours = error.errno in FULL
            return _failed(FailureKind.OWN_MACHINE if is_ours else FailureKind.DNS_UNAVAILABLE)
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        if destination.trusted:
            for address in addresses:
                self._chosen(address)
        allowed = reachable(
            address for address in addresses if destination.trusted or self._allowed(address)
        )
        if not allowed:
            return _failed(FailureKind.ADDRESS_BLOCKED if addresses else FailureKind.DNS_NODATA)
        return Resolution(_few(allowed), None, monotonic() + KEPT_FOR)

    def _allowed(self, address: str) -> bool:
        return self._allow_private or is_public(address)

    def _no_answer(self, failure: Failure) -> Resolution:
        if isinstance(failure.value, LookUpTimeoutError):
            return _failed(FailureKind.DNS_TIMEOUT)
        is_ours = isinstance(failure.value, MemoryError)
        return _failed(FailureKind.OWN_MACHINE if is_ours else FailureKind.DNS_UNAVAILABLE)

    def _remember(
        self, resolution: Resolution, host: str, receiver: Any, destination: _Destination
    ) -> None:
        self._known.put(destination.key, resolution)
        self._tell(receiver, host, resolution, destination)

    def _tell(
        self, receiver: Any, host: str, resolution: Resolution, destination: _Destination
    ) -> None:
        self._failures.put(host, resolution.failure)
        for address in resolution.addresses:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, destination.port))
        receiver.resolutionComplete()


def _few(addresses: Sequence[str]) -> tuple[str, ...]:
    """The first of each family, in their order: all are tried side by side, and each has a descriptor."""
    families: Counter[bool] = Counter()
    few = []
    for address in addresses:
        families[":" in address] += 1
        if families[":" in address] <= MOST_OF_FAMILY:
            few.append(address)
    return tuple(few)


def _failed(kind: FailureKind) -> Resolution:
    is_passing = kind in (FailureKind.DNS_TIMEOUT, FailureKind.OWN_MACHINE)
    kept = TIMEOUT_KEPT_FOR if is_passing else FAILURE_KEPT_FOR
    return Resolution((), kind, monotonic() + kept)


def _is_sound(host: str) -> bool:
    """Whether a name can exist in the DNS at all: `a..test` would hang until the timeout."""
    labels = host.removesuffix(".").split(".")
    return len(host) <= _LONGEST_NAME and all(0 < len(label) <= _LONGEST_LABEL for label in labels)


def _ascii(host: str) -> str:
    """The name as it is asked for. Twisted hands IDN hosts over in Unicode."""
    if host.isascii():
        return host.lower()
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host.lower()
