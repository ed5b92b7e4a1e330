# ruff: noqa: N802 - the names are Twisted's
from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.task import Clock

from crawler.configuration import ConnectTo
from crawler.model.observation import FailureKind
from crawler.transport import resolver as module
from crawler.transport.resolver import FAILURE_KEPT_FOR, KEPT_FOR, Resolver

PUBLIC = "93.184.216.34"
PUBLIC_6 = "2606:2800:220:1::1"
PATIENCE = 20.0


class Reactor(Clock):
    """Twisted's simulated clock, with real threads that report back to the test's own."""

    def __init__(self) -> None:
        super().__init__()
        self.installed: list[Any] = ["the one before"]
        self._calls: list[Callable[[], object]] = []
        self._wake = threading.Condition()

    def callFromThread(self, call: Any, *arguments: Any, **named: Any) -> None:
        with self._wake:
            self._calls.append(lambda: call(*arguments, **named))
            self._wake.notify()

    def callInThread(self, call: Callable[[], object]) -> None:
        threading.Thread(target=call).start()

    def getThreadPool(self) -> None:
        raise AssertionError("the reactor's own pool is for others")

    def installNameResolver(self, resolver: Any) -> Any:
        self.installed.append(resolver)
        return self.installed[-2]

    def run_until(self, done: Callable[[], bool]) -> None:
        while not done():
            with self._wake:
                assert self._wake.wait_for(lambda: bool(self._calls), PATIENCE), "no answer"
                calls, self._calls = self._calls, []
            for call in calls:
                call()


@dataclass
class Receiver:
    """Twisted's IResolutionReceiver."""

    found: list[tuple[str, int]] = field(default_factory=list)
    kinds: list[type] = field(default_factory=list)
    complete: bool = False
    name: str | None = None

    def resolutionBegan(self, resolution: Any) -> None:
        self.name = resolution.name

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:
        self.found.append((address.host, address.port))
        self.kinds.append(type(address))

    def resolutionComplete(self) -> None:
        assert not self.complete
        self.complete = True


class Names:
    """A getaddrinfo that knows some names and counts what it is asked."""

    def __init__(self, **names: Sequence[str] | Exception) -> None:
        self._names = names
        self.asked: list[str] = []

    def __call__(self, host: str, port: object, **named: object) -> list[Any]:
        assert port is None
        assert named == {"type": socket.SOCK_STREAM}
        self.asked.append(host)
        found = self._names.get(host.partition(".")[0], ())
        if isinstance(found, Exception):
            raise found
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 0)) for address in found]


@pytest.fixture(autouse=True)
def every_address_has_a_route(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "reachable", list)


@contextmanager
def resolving(
    look_up: Callable[..., Sequence[Any]],
    connect_to: str = "",
    *,
    allow_private: bool = False,
    timeout: float = 5.0,
    chosen: Callable[[str], None] = lambda _: None,
) -> Iterator[tuple[Resolver, Reactor]]:
    reactor = Reactor()
    resolver = Resolver(
        reactor,
        connect_to=ConnectTo.parse(connect_to),
        allow_private=allow_private,
        timeout=timeout,
        chosen=chosen,
        look_up=look_up,
    )
    resolver.install()
    try:
        yield resolver, reactor
    finally:
        resolver.uninstall()


def ask(resolver: Resolver, reactor: Reactor, host: str, port: int = 80) -> Receiver:
    receiver = Receiver()
    resolver.resolveHostName(receiver, host, port)
    reactor.run_until(lambda: receiver.complete)
    return receiver


# --------------------------------------------------------------------------------- look-ups


def test_every_address_of_a_name_is_given_in_order_and_once() -> None:
    names = Names(a=[PUBLIC_6, PUBLIC, PUBLIC])
    with resolving(names) as (resolver, reactor):
        receiver = ask(resolver, reactor, "a.test", 8080)
        assert receiver.name == "a.test"
        assert receiver.found == [(PUBLIC_6, 8080), (PUBLIC, 8080)]
        assert receiver.kinds == [IPv6Address, IPv4Address]
        assert resolver.failure_of("a.test", 80) is None


def test_an_answer_is_remembered_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    names = Names(a=[PUBLIC], gone=socket.gaierror(socket.EAI_NONAME, "no"))
    with resolving(names) as (resolver, reactor):
        for host in ("a.test", "A.test", "gone.test", "gone.test"):
            ask(resolver, reactor, host)
        assert names.asked == ["a.test", "gone.test"]
        now[0] += FAILURE_KEPT_FOR + 1
        assert ask(resolver, reactor, "a.test").found
        ask(resolver, reactor, "gone.test")
        assert names.asked == ["a.test", "gone.test", "gone.test"]
        now[0] += KEPT_FOR
        ask(resolver, reactor, "a.test", 443)
        assert names.asked[3:] == ["a.test"]


def test_a_host_is_pinned_to_what_was_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    names = Names(a=[PUBLIC_6, PUBLIC], inside=["10.0.0.1"])
    with resolving(names, "b.test:443:127.0.0.1:99") as (resolver, reactor):
        assert resolver.pinned("a.test", 443) == (), "nothing is looked up"
        assert names.asked == []
        for host in ("a.test", "inside.test"):
            ask(resolver, reactor, host)
        now[0] += KEPT_FOR + 1
        assert resolver.pinned("A.test", 443) == ((PUBLIC_6, 443), (PUBLIC, 443))
        assert resolver.pinned("inside.test", 443) == (), "the guard holds"
        assert resolver.pinned("127.0.0.1", 443) == ()
        assert resolver.pinned("b.test", 443) == (("127.0.0.1", 99),), "the operator's own word"
        assert resolver.pinned("b.test", 80) == ()


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (socket.gaierror(socket.EAI_NONAME, ""), FailureKind.DNS_NXDOMAIN),
        (socket.gaierror(-5, ""), FailureKind.DNS_NODATA),
        (socket.gaierror(-9, ""), FailureKind.DNS_NODATA),
        (socket.gaierror(socket.EAI_AGAIN, ""), FailureKind.DNS_UNAVAILABLE),
        (socket.gaierror(socket.EAI_FAIL, ""), FailureKind.DNS_SERVFAIL),
        (socket.gaierror(socket.EAI_SYSTEM, ""), FailureKind.DNS_UNAVAILABLE),
        (socket.gaierror(socket.EAI_MEMORY, ""), FailureKind.OWN_MACHINE),
        (socket.gaierror(), FailureKind.DNS_UNAVAILABLE),
        (OSError(errno.EMFILE, "too many files"), FailureKind.OWN_MACHINE),
        (OSError(errno.EIO, "a disk"), FailureKind.DNS_UNAVAILABLE),
        (MemoryError(), FailureKind.OWN_MACHINE),
        (UnicodeError("label too long"), FailureKind.DNS_BAD_NAME),
        (ValueError("embedded null"), FailureKind.DNS_BAD_NAME),
        (RuntimeError("can't start new thread"), FailureKind.DNS_UNAVAILABLE),
    ],
)
def test_why_a_name_has_no_address(error: Exception, kind: FailureKind) -> None:
    with resolving(Names(a=error)) as (resolver, reactor):
        assert ask(resolver, reactor, "a.test").found == []
        assert resolver.failure_of("a.test", 80) is kind


@pytest.mark.parametrize("said", [socket.EAI_NONAME, socket.EAI_AGAIN, -5])
def test_without_a_descriptor_a_name_server_says_nothing(
    said: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """getaddrinfo cannot read its files then, or open a socket, and may say that the name does not exist."""
    names = Names(a=socket.gaierror(said, ""))
    monkeypatch.setattr(module, "has_no_descriptor", lambda: True)
    with resolving(names) as (resolver, reactor):
        ask(resolver, reactor, "a.test")
        assert resolver.failure_of("a.test", 80) is FailureKind.OWN_MACHINE
        # It is not believed for long: the visit is made again.
        monkeypatch.setattr(module, "monotonic", lambda: monotonic() + 1)
        ask(resolver, reactor, "a.test")
    assert names.asked == ["a.test", "a.test"]


def test_a_name_without_any_address_is_nodata() -> None:
    with resolving(Names(a=[])) as (resolver, reactor):
        ask(resolver, reactor, "a.test")
        assert resolver.failure_of("a.test", 80) is FailureKind.DNS_NODATA
        assert resolver.failure_of("never-asked.test", 80) is None


@pytest.mark.parametrize("host", ["a..test", f"{'a' * 64}.test", ".test", "", "a." * 127 + "b"])
def test_a_name_that_cannot_exist_is_not_asked_for(host: str) -> None:
    names = Names()
    with resolving(names) as (resolver, reactor):
        ask(resolver, reactor, host)
        assert resolver.failure_of(host, 80) is FailureKind.DNS_BAD_NAME
        assert names.asked == []


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("bücher.test", "xn--bcher-kva.test"),
        ("BÜCHER.test", "xn--bcher-kva.test"),
        ("my_host.test", "my_host.test"),
        ("xn--i-7iq.test", "xn--i-7iq.test"),
        ("r3---sn.test", "r3---sn.test"),
    ],
)
def test_names_are_asked_for_in_ascii(host: str, asked: str) -> None:
    names = Names()
    with resolving(names) as (resolver, reactor):
        ask(resolver, reactor, host)
        assert names.asked == [asked]
        assert resolver.failure_of(host, 80) is FailureKind.DNS_NODATA


def test_a_name_that_idna_refuses_is_a_failure_and_no_error() -> None:
    with resolving(socket.getaddrinfo) as (resolver, reactor):
        host = "\u0300" * 70 + ".invalid"
        assert ask(resolver, reactor, host).found == []
        assert resolver.failure_of(host, 80) is FailureKind.DNS_BAD_NAME


def test_a_look_up_that_hangs_is_given_up() -> None:
    free = threading.Event()

    def hang(*_: object, **__: object) -> list[Any]:
        free.wait(PATIENCE)
        return []

    with resolving(hang, timeout=5.0) as (resolver, reactor):
        receiver = Receiver()
        resolver.resolveHostName(receiver, "slow.test", 80)
        reactor.advance(4.9)
        assert not receiver.complete
        reactor.advance(0.2)
        reactor.run_until(lambda: receiver.complete)
        assert receiver.found == []
        assert resolver.failure_of("slow.test", 80) is FailureKind.DNS_TIMEOUT
        free.set()


# ------------------------------------------------------------------------ private addresses


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "::1", "fe80::1%lo", "::ffff:7f00:1"])
def test_a_name_that_leads_to_a_private_address_is_refused(address: str) -> None:
    with resolving(Names(a=[address])) as (resolver, reactor):
        assert ask(resolver, reactor, "a.test").found == []
        assert resolver.failure_of("a.test", 80) is FailureKind.ADDRESS_BLOCKED


def test_only_the_public_addresses_of_a_name_are_tried() -> None:
    with resolving(Names(a=["10.0.0.1", PUBLIC, "::1"])) as (resolver, reactor):
        assert ask(resolver, reactor, "a.test").found == [(PUBLIC, 80)]


def test_localhost_is_refused_by_the_real_resolver() -> None:
    with resolving(socket.getaddrinfo) as (resolver, reactor):
        assert ask(resolver, reactor, "localhost").found == []
        assert resolver.failure_of("localhost", 80) is FailureKind.ADDRESS_BLOCKED


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "169.254.169.254", "::ffff:10.0.0.1"])
def test_a_private_address_in_a_link_is_refused_without_a_look_up(host: str) -> None:
    names = Names()
    for connect_to in ("", ":80:127.0.0.1:8080", "::127.0.0.1:8080"):
        with resolving(names, connect_to) as (resolver, reactor):
            assert ask(resolver, reactor, host).found == []
            assert resolver.failure_of(host, 80) is FailureKind.ADDRESS_BLOCKED
    assert names.asked == []


def test_a_public_address_in_a_link_is_connected_to() -> None:
    for address in (PUBLIC, PUBLIC_6):
        with resolving(socket.getaddrinfo) as (resolver, reactor):
            assert ask(resolver, reactor, address).found == [(address, 80)]


def test_the_operator_may_allow_private_addresses() -> None:
    with resolving(Names(a=["10.0.0.1"]), allow_private=True) as (resolver, reactor):
        assert ask(resolver, reactor, "a.test").found == [("10.0.0.1", 80)]
    with resolving(socket.getaddrinfo, allow_private=True) as (resolver, reactor):
        assert ask(resolver, reactor, "127.0.0.1").found == [("127.0.0.1", 80)]


# ----------------------------------------------------------------------------- connect-to


@pytest.mark.parametrize(
    ("rules", "host", "port", "found"),
    [
        (":80:127.0.0.1:8080", "a.test", 80, ("127.0.0.1", 8080)),
        (":80:127.0.0.1:8080", "a.test", 443, (PUBLIC, 443)),
        ("a.test:80:127.0.0.1:8080", "a.test", 80, ("127.0.0.1", 8080)),
        ("b.test:80:127.0.0.1:8080", "a.test", 80, (PUBLIC, 80)),
        ("a.test::127.0.0.1:", "a.test", 80, ("127.0.0.1", 80)),
        ("a.test:80::8080", "a.test", 80, (PUBLIC, 8080)),
        ("::[::1]:8080", "a.test", 443, ("::1", 8080)),
        ("a.test:80:b.test:8080", "a.test", 80, ("93.184.216.35", 8080)),
        ("a.test:80:private.test:8080", "a.test", 80, ("10.0.0.1", 8080)),
        ("private.test:80::8080", "private.test", 80, ("10.0.0.1", 8080)),
        ("10.0.0.2:80:10.0.0.3:8080", "10.0.0.2", 80, ("10.0.0.3", 8080)),
        ("[::1]:80::8080", "::1", 80, ("::1", 8080)),
        (f"{PUBLIC}:80::8080", PUBLIC, 80, (PUBLIC, 8080)),
        ("bücher.test:80:127.0.0.1:1".encode("idna").decode(), "a.test", 80, (PUBLIC, 80)),
    ],
)
def test_the_operators_mapping_decides(
    rules: str, host: str, port: int, found: tuple[str, int]
) -> None:
    names = Names(a=[PUBLIC], b=["93.184.216.35"], private=["10.0.0.1"])
    with resolving(names, rules) as (resolver, reactor):
        assert ask(resolver, reactor, host, port).found == [found]
        assert resolver.failure_of(host, 80) is None
        assert ask(resolver, reactor, host, port).found == [found], "remembered too"


def test_a_mapping_for_one_port_does_not_leak_to_another() -> None:
    names = Names(a=["10.0.0.1"])
    with resolving(names, "a.test:80:127.0.0.1:8080") as (resolver, reactor):
        assert ask(resolver, reactor, "a.test", 80).found == [("127.0.0.1", 8080)]
        assert ask(resolver, reactor, "a.test", 443).found == []
        assert resolver.failure_of("a.test", 80) is FailureKind.ADDRESS_BLOCKED


def test_a_name_allowed_as_a_target_stays_refused_as_a_link() -> None:
    names = Names(private=["10.0.0.1"])
    with resolving(names, "a.test:80:private.test:80") as (resolver, reactor):
        assert ask(resolver, reactor, "a.test").found == [("10.0.0.1", 80)]
        assert ask(resolver, reactor, "private.test").found == []


def test_a_rule_for_all_ports_does_not_allow_a_private_name() -> None:
    with resolving(Names(private=["10.0.0.1"]), ":80::8080") as (resolver, reactor):
        assert ask(resolver, reactor, "private.test").found == []


# ------------------------------------------------------------------------------- the reactor


def test_the_reactor_gets_its_earlier_resolver_back() -> None:
    with resolving(Names()) as (resolver, reactor):
        expected: list[Any] = ["the one before", resolver]
        assert reactor.installed == expected
        resolver.uninstall()
        resolver.uninstall()
        assert reactor.installed == [*expected, "the one before"]


# ---------------------------------------------------------------------------------- ports


@pytest.mark.parametrize("port", [22, 25, 81, 445, 5060, 6667, 10080])
def test_ports_of_other_protocols_are_refused_without_a_look_up(port: int) -> None:
    names = Names(a=[PUBLIC])
    for connect_to in ("", ":80:127.0.0.1:8080", "a.test::127.0.0.1:8080", f"b.test:{port}::"):
        with resolving(names, connect_to) as (resolver, reactor):
            for host in ("a.test", PUBLIC):
                assert ask(resolver, reactor, host, port).found == []
                assert resolver.failure_of(host, port) is FailureKind.ADDRESS_BLOCKED
                assert resolver.pinned(host, port) == ()
    assert names.asked == []


def test_a_refused_port_says_nothing_of_the_others_of_its_host() -> None:
    with resolving(Names(a=[PUBLIC])) as (resolver, reactor):
        assert ask(resolver, reactor, "a.test", 8080).found == [(PUBLIC, 8080)]
        assert ask(resolver, reactor, "a.test", 25).found == []
        assert resolver.failure_of("a.test", 8080) is None
        assert resolver.failure_of("a.test", 25) is FailureKind.ADDRESS_BLOCKED


@pytest.mark.parametrize("connect_to", ["a.test:25::", ":25::", "a.test:25:a.test:25"])
def test_a_rule_that_names_a_port_opens_it(connect_to: str) -> None:
    with resolving(Names(a=[PUBLIC]), connect_to) as (resolver, reactor):
        assert ask(resolver, reactor, "a.test", 25).found == [(PUBLIC, 25)]
        assert resolver.failure_of("a.test", 25) is None


def test_the_port_that_a_mapping_leads_to_does_not_matter() -> None:
    with resolving(Names(), "a.test:80:127.0.0.1:25") as (resolver, reactor):
        assert ask(resolver, reactor, "a.test", 80).found == [("127.0.0.1", 25)]


def test_addresses_that_the_operator_chose_by_name_are_told() -> None:
    told: list[str] = []
    names = Names(a=[PUBLIC], inner=["10.0.0.1", "10.0.0.2"])
    with resolving(names, "a.test:80:inner.test:80", chosen=told.append) as (resolver, reactor):
        ask(resolver, reactor, "a.test", 80)
        ask(resolver, reactor, "a.test", 443)
        ask(resolver, reactor, "inner.test", 443)
    assert told == ["10.0.0.1", "10.0.0.2"]


def test_few_addresses_of_a_name_are_tried() -> None:
    """Each of them has a descriptor while all are tried side by side (rule B5)."""
    old = [f"93.184.216.{number}" for number in range(30)]
    new = [f"2606:2800:220:1::{number:x}" for number in range(1, 30)]
    with resolving(Names(a=[*new, *old], b=[*old[:2], *new, *old[2:]])) as (resolver, reactor):
        found = [address for address, _ in ask(resolver, reactor, "a.test").found]
        assert found == [*new[:4], *old[:4]]
        found = [address for address, _ in ask(resolver, reactor, "b.test").found]
        assert found == [*old[:2], *new[:4], *old[2:4]]
