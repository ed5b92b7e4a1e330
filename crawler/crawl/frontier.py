"""The polite frontier: which host may be asked next, and when.

Every request goes through here, redirects, retries and robots.txt included: a host's delay and its number of
connections hold for all of them (rules P1, P2). A waiting host holds no slot. Among the hosts whose turn has come,
the one with most links left goes first (rule P8): the busiest host decides how long a run takes. Links come in
from the state page by page, so that memory does not grow with the collection.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

from crawler.fetching.visit import LinkVisit, Visit, host_of
from crawler.model.link import DueLink

PAGE = 50
"""Links taken from the state at a time, per host."""

SLOWEST = 60.0
"""Seconds: a host that answers 429 or 503 is never slowed down beyond this (rule P6)."""

PATIENCE = 8
"""Answers of 429 or 503 in a row after which a host is left to a later run (rule P6): at a minute each, a
large host would otherwise hold a run for hours."""

Page = Callable[[str, int, int], Sequence[DueLink]]
"""`(host, after_id, limit)`: the next due links of a host, by rising id."""


@dataclass(frozen=True, slots=True)
class HostPlan:
    """What is known of a host before its first request: links left, seconds between starts and
    connections at a time."""

    host: str
    left: int
    delay: float
    connections: int


@dataclass(slots=True, eq=False)
class _Host:
    name: str
    delay: float
    connections: int
    left: int = 0
    usual_delay: float = 0.0
    next_at: float = 0.0
    active: int = 0
    after_id: int = 0
    drained: bool = False
    refusals: int = 0
    delayed: int = 0
    """Retries that wait for their time outside this host's queues."""
    held: bool = False
    ticket: int = 0
    """The number of its valid place in a queue; 0 for none. Older places are passed over."""
    urgent: deque[Visit] = field(default_factory=deque)
    pending: deque[Visit] = field(default_factory=deque)
    parked: list[Visit] = field(default_factory=list)

    @property
    def has_work(self) -> bool:
        """Whether a request could go out if its time had come."""
        if self.urgent:
            return True
        return not self.held and (bool(self.pending) or not self.drained)

    @property
    def is_finished(self) -> bool:
        """Whether nothing of it is under way or left to ask."""
        return not (self.active or self.delayed or self.parked or self.pending or self.urgent) and (
            self.drained
        )


class Frontier:
    """The queue of hosts. All times are monotonic seconds, given by the caller.

    `page(host, after_id, limit)` reads more links of a host from the state. `newcomer` plans for a host
    that has no links of its own, to which a redirect leads.
    """

    def __init__(
        self, plans: Iterable[HostPlan], page: Page, *, newcomer: Callable[[str], HostPlan]
    ) -> None:
        self._page = page
        self._newcomer = newcomer
        self._hosts: dict[str, _Host] = {}
        self._waiting: list[tuple[float, int, _Host]] = []
        self._ready: list[tuple[int, int, _Host]] = []
        self._delayed: list[tuple[float, int, Visit]] = []
        self._order = count(1)
        self._paused = False
        self._aside: set[_Host] = set()
        for plan in plans:
            host = _Host(
                plan.host,
                plan.delay,
                plan.connections,
                left=plan.left,
                usual_delay=plan.delay,
            )
            self._hosts[plan.host] = host
            self._enqueue(host)

    @property
    def hosts(self) -> Iterable[str]:
        """The hosts that are known."""
        return self._hosts.keys()

    @property
    def left(self) -> int:
        """Links not yet handed out."""
        return sum(host.left for host in self._hosts.values())

    @property
    def waiting_hosts(self) -> int:
        """Hosts that have work and whose turn has not come."""
        return sum(1 for _, ticket, host in self._waiting if host.ticket == ticket)

    def take(self, now: float) -> Visit | None:
        """The next visit whose time has come, or None. Give it back by `done`."""
        self._wake_delayed(now)
        while (due := self._first_waiting()) is not None and due[0] <= now:
            _, ticket, host = heapq.heappop(self._waiting)
            heapq.heappush(self._ready, (-host.left, ticket, host))
        while self._ready:
            _, ticket, host = heapq.heappop(self._ready)
            if host.ticket != ticket:
                continue
            host.ticket = 0
            if self._paused and not host.urgent:
                self._aside.add(host)
                continue
            visit = self._next_visit(host)
            if visit is None:
                continue
            if visit.leave_queue():
                host.left = max(0, host.left - 1)
            host.active += 1
            host.next_at = now + host.delay
            self._enqueue(host)
            return visit
        return None

    def wait(self, now: float) -> float | None:
        """Seconds until a host's turn may come; None when only an answer can bring one."""
        due = self._first_waiting()
        times = [entry[0] for entry in (due, self._delayed[0] if self._delayed else None) if entry]
        return max(0.0, min(times) - now) if times else None

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left to ask but what is on its way."""
        return not self._delayed and not any(
            host.parked or host.has_work for host in self._hosts.values()
        )

    def pause(self) -> None:
        """Hand out nothing but what is urgent until `resume`: our network may be down."""
        self._paused = True

    def resume(self) -> None:
        """Go on with the links."""
        self._paused = False
        for host in self._aside:
            self._enqueue(host)
        self._aside.clear()

    @property
    def is_paused(self) -> bool:
        """Whether links are held back."""
        return self._paused

    def is_finished(self, name: str) -> bool:
        """Whether a host has nothing under way or left in this run; true of a host that is not known."""
        host = self._hosts.get(name)
        return host is None or host.is_finished

    def put(self, visit: Visit) -> None:
        """Queue a redirect's next hop, a retry, a robots.txt or a canary: before the host's links."""
        if visit.not_before > 0:
            self._host(host_of(visit.url)).delayed += 1
            heapq.heappush(self._delayed, (visit.not_before, next(self._order), visit))
            return
        host = self._host(host_of(visit.url))
        if visit.is_urgent:
            host.urgent.append(visit)
        else:
            host.pending.appendleft(visit)
        self._enqueue(host)

    def put_all(self, visits: Iterable[Visit]) -> None:
        """Queue several."""
        for visit in visits:
            self.put(visit)

    def park(self, visit: Visit) -> None:
        """Hold a link, and its host, until `release`: its robots.txt is on its way."""
        host = self._host(host_of(visit.url))
        host.parked.append(visit)
        host.held = True

    def release(self, name: str) -> None:
        """Go on with a held host."""
        host = self._host(name)
        host.held = False
        host.pending.extendleft(reversed(host.parked))
        host.parked.clear()
        self._enqueue(host)

    def done(self, name: str, *, asked: bool = True) -> None:
        """Take a visit back that `take` returned. `asked` is false where no request was made: the host's
        next turn then does not wait for its delay."""
        host = self._host(name)
        host.active -= 1
        if not asked:
            host.next_at = 0.0
            host.ticket = 0
        self._enqueue(host)

    def drop(self, name: str) -> int:
        """Leave a host's remaining links for a later run; returns how many."""
        host = self._host(name)
        dropped = host.left
        host.left = 0
        host.drained = True
        host.pending = deque(visit for visit in host.pending if visit.outlives_drop)
        host.ticket = 0
        self._enqueue(host)
        return dropped

    def close_all(self) -> None:
        """Hand out no further links of any host; what is under way may end."""
        for host in self._hosts.values():
            host.left = 0
            host.drained = True
            host.pending = deque(visit for visit in host.pending if visit.outlives_limit)

    def set_minimum_delay(self, name: str, seconds: float) -> None:
        """Wait at least `seconds` between requests to a host: its Crawl-delay (rule P4)."""
        host = self._host(name)
        host.usual_delay = max(host.usual_delay, seconds)
        host.delay = max(host.delay, seconds)

    def slow_down(self, name: str, wait: float) -> None:
        """Double the delay of a host that asked for less. With a `wait` of its own (seconds, kept by
        `hold_until`) even a host without a delay gets one."""
        host = self._host(name)
        slower = min(SLOWEST, max(host.delay * 2, 1.0 if wait > 0 else 0.0))
        host.delay = max(slower, host.delay, host.usual_delay)
        host.refusals += 1
        if host.refusals >= PATIENCE:
            self.drop(name)

    def speed_up(self, name: str) -> None:
        """Halve the delay of a host that answered well, down to its usual one."""
        host = self._host(name)
        host.delay = max(host.usual_delay, host.delay / 2)
        host.refusals = 0

    def hold_until(self, name: str, moment: float) -> None:
        """Ask the host for nothing before `moment` (Retry-After)."""
        host = self._host(name)
        host.next_at = max(host.next_at, moment)
        host.ticket = 0
        self._enqueue(host)

    def _host(self, name: str) -> _Host:
        host = self._hosts.get(name)
        if host is None:
            plan = self._newcomer(name)
            host = _Host(name, plan.delay, plan.connections, usual_delay=plan.delay, drained=True)
            self._hosts[name] = host
        return host

    def _enqueue(self, host: _Host) -> None:
        if host.ticket or host.active >= host.connections or not host.has_work:
            return
        host.ticket = next(self._order)
        heapq.heappush(self._waiting, (host.next_at, host.ticket, host))

    def _first_waiting(self) -> tuple[float, int, _Host] | None:
        while self._waiting and self._waiting[0][2].ticket != self._waiting[0][1]:
            heapq.heappop(self._waiting)
        return self._waiting[0] if self._waiting else None

    def _wake_delayed(self, now: float) -> None:
        while self._delayed and self._delayed[0][0] <= now:
            visit = heapq.heappop(self._delayed)[2]
            visit.not_before = 0.0
            self._host(host_of(visit.url)).delayed -= 1
            self.put(visit)

    def _next_visit(self, host: _Host) -> Visit | None:
        if host.urgent:
            return host.urgent.popleft()
        if host.held:
            return None
        if not host.pending and not host.drained:
            self._refill(host)
        return host.pending.popleft() if host.pending else None

    def _refill(self, host: _Host) -> None:
        links = self._page(host.name, host.after_id, PAGE)
        host.drained = len(links) < PAGE
        if links:
            host.after_id = links[-1].id
            host.pending.extend(LinkVisit.of(link) for link in links)
