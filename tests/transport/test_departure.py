# ruff: noqa: N802 - the names are Twisted's
# mypy: disable-error-code="no-untyped-call"
"""A request leaves on a ready connection, when its host's turn has come."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import CancelledError, Deferred, succeed
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import ISSLTransport
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.web._newclient import ResponseNeverReceived
from zope.interface import implementer

from crawler.transport.departure import DeparturePool
from crawler.transport.response_head import BoundedProtocol
from crawler.transport.transfer import Transfer


@implementer(ISSLTransport)
class TlsTransport(StringTransport):
    def getPeerCertificate(self) -> None:
        return None

    def setTcpNoDelay(self, _wanted: bool) -> None:
        """Nothing to do."""


class Pool:
    """Gives out the connections that it was made with, in their order."""

    persistent = True

    def __init__(self, clock: Clock, *connections: BoundedProtocol) -> None:
        self._reactor = clock
        self._left = list(connections)

    def getConnection(self, _key: object, _endpoint: object) -> Deferred[BoundedProtocol]:
        return succeed(self._left.pop(0))


class Turns:
    """The departures of a host: each call of `wait` takes the next number."""

    def __init__(self, *waits: float) -> None:
        self._waits = list(waits)
        self.gone = 0

    def wait(self) -> float:
        return self._waits.pop(0)

    def left(self) -> None:
        self.gone += 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


def connection(transport: StringTransport | None = None) -> BoundedProtocol:
    made = BoundedProtocol()
    made.makeConnection(transport or StringTransport())
    return made


def asked(
    clock: Clock, turns: Turns, *connections: BoundedProtocol, transfer: Transfer | None = None
) -> tuple[list[Any], Deferred[Any]]:
    """What comes of asking for a connection: it, or the failure."""
    pool: Any = Pool(clock, *connections)
    found: list[Any] = []
    waits = DeparturePool(pool, transfer or Transfer(), turns).getConnection("key", None)
    return found, waits.addBoth(found.append)


def test_it_leaves_at_once_where_the_turn_has_come(clock: Clock) -> None:
    turns, ready = Turns(0.0), connection()
    found, _ = asked(clock, turns, ready)
    assert found == [ready]
    assert turns.gone == 0, "the loop has not given it to the kernel"
    clock.pump([0.0] * 4)
    assert turns.gone == 1


def test_it_asks_again_after_each_wait_and_the_time_is_not_the_hosts(clock: Clock) -> None:
    turns, ready, transfer = Turns(0.5, 0.25, 0.0), connection(), Transfer(started=10.0)
    found, _ = asked(clock, turns, ready, transfer=transfer)
    clock.pump([0.49, 0.01, 0.24])
    assert found == []
    clock.advance(0.01)
    assert found == [ready]
    assert transfer.started == 10.75


def test_over_tls_it_waits_for_the_end_of_the_handshake(clock: Clock) -> None:
    turns, ready = Turns(0.0), connection(TlsTransport())
    found, _ = asked(clock, turns, ready)
    assert found == []
    ready.handshakeCompleted()
    assert found == [ready]


def test_a_handshake_that_fails_is_an_answer_that_never_came(clock: Clock) -> None:
    reason = Failure(ConnectionLost("verification failed"))
    turns, ready = Turns(), connection(TlsTransport())
    found, _ = asked(clock, turns, ready)
    ready.connectionLost(reason)
    assert isinstance(found[0].value, ResponseNeverReceived)
    assert found[0].value.reasons == [reason]


def test_a_connection_that_was_closed_meanwhile_is_replaced(clock: Clock) -> None:
    first, second = connection(), connection()
    found, _ = asked(clock, Turns(0.5, 0.0), first, second)
    first.connectionLost(Failure(ConnectionLost()))
    clock.advance(0.5)
    assert found == [second]


@pytest.mark.parametrize("is_tls", [False, True])
def test_one_that_is_given_up_closes_its_connection(clock: Clock, is_tls: bool) -> None:
    transport = TlsTransport() if is_tls else StringTransport()
    turns = Turns(0.5)
    found, waits = asked(clock, turns, connection(transport))
    waits.cancel()
    assert found[0].check(CancelledError)
    assert transport.disconnecting
    clock.advance(9)
    assert turns.gone == 0
