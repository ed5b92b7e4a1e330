# ruff: noqa: N802 - the names are Twisted's
from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import succeed
from twisted.internet.task import Clock

from crawler.transport.connection_pool import (
    GOOD_BYE_SECONDS,
    ConnectionPool,
    IdleConnections,
)

HOST = ("http", "a.test", 80)


class Connection:
    """What a pool needs of Twisted's protocol."""

    def __init__(self) -> None:
        self.state = "QUIESCENT"
        self.transport = self
        self.closed = False
        self.aborted = False

    def loseConnection(self) -> None:
        self.closed = True
        self.state = "CONNECTION_LOST"

    def abort(self) -> Any:
        self.aborted = True
        return succeed(None)


class Endpoint:
    def __init__(self) -> None:
        self.made: list[Connection] = []

    def connect(self, _factory: object) -> Any:
        self.made.append(Connection())
        return succeed(self.made[-1])


@pytest.fixture
def clock() -> Clock:
    return Clock()


def taken(pool: ConnectionPool, key: object, endpoint: Endpoint | None = None) -> Connection:
    found: list[Any] = []
    pool.getConnection(key, endpoint or Endpoint()).addCallback(found.append)
    assert isinstance(found[0], Connection)
    return found[0]


def put(pool: ConnectionPool, key: object) -> Connection:
    made = Connection()
    pool._putConnection(key, made)  # type: ignore[arg-type]
    return made


def test_the_one_that_was_idle_longest_is_closed(clock: Clock) -> None:
    idle = IdleConnections(3)
    pool = ConnectionPool(clock, idle, 2)
    first, second, third, fourth = (put(pool, number) for number in range(4))
    assert [one.closed for one in (first, second, third, fourth)] == [True, False, False, False]
    assert len(idle) == 3
    assert 0 not in pool._connections, "a host without a connection is forgotten"
    clock.advance(GOOD_BYE_SECONDS)
    assert first.aborted


def test_one_that_is_used_again_is_idle_no_longer(clock: Clock) -> None:
    idle = IdleConnections(2)
    pool = ConnectionPool(clock, idle, 2)
    first, second = put(pool, "a"), put(pool, "b")
    assert taken(pool, "a") is first
    assert len(idle) == 1
    put(pool, "c")
    pool._putConnection("a", first)  # type: ignore[arg-type]
    assert (first.closed, second.closed) == (False, True)


def test_pools_share_their_number(clock: Clock) -> None:
    idle = IdleConnections(2)
    pages, images = ConnectionPool(clock, idle, 2), ConnectionPool(clock, idle, 2)
    page = put(pages, HOST)
    put(images, HOST)
    put(images, HOST)
    assert page.closed
    assert len(idle) == 2


def test_the_number_of_a_host_holds_too(clock: Clock) -> None:
    idle = IdleConnections(100)
    pool = ConnectionPool(clock, idle, 2)
    several = [put(pool, HOST) for _ in range(5)]
    assert [one.closed for one in several] == [True, True, True, False, False]
    assert len(idle) == 2


def test_dead_ones_do_not_count_when_they_are_passed_over(clock: Clock) -> None:
    idle = IdleConnections(10)
    pool = ConnectionPool(clock, idle, 4)
    gone, good = put(pool, HOST), put(pool, HOST)
    gone.state = "CONNECTION_LOST"
    assert taken(pool, HOST) is good
    assert len(idle) == 0
    endpoint = Endpoint()
    assert taken(pool, HOST, endpoint) is endpoint.made[0]


def test_time_and_the_end_forget_all(clock: Clock) -> None:
    idle = IdleConnections(10)
    pool = ConnectionPool(clock, idle, 4)
    put(pool, "a")
    clock.advance(pool.cachedConnectionTimeout)
    assert (len(idle), pool._connections) == (0, {})
    put(pool, "b")
    pool.closeCachedConnections()
    assert (len(idle), pool._connections, clock.getDelayedCalls()) == (0, {}, [])


def test_half_can_be_given_back_at_once(clock: Clock) -> None:
    idle = IdleConnections(10)
    pool = ConnectionPool(clock, idle, 4)
    several = [put(pool, number) for number in range(6)]
    idle.shrink(3)
    assert [one.closed for one in several] == [True] * 3 + [False] * 3
