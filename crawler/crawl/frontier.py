"""The polite frontier: which host may be asked next, and when.

Every request goes through here, redirects, retries and robots.txt included: a host's delay and its number of
connections hold for all of them (rules P1, P2). The delay counts from when a request leaves: it is handed out a little
before its turn, and waits with its connection. A waiting host holds no slot. Among the hosts whose turn has come,
what is urgent goes first, then the host with most links left (rule P8): the busiest host decides how long a run
takes. Of hosts that are about as busy the one goes on that was begun first, so that few are under way at a time:
each has an open connection, and a robots.txt in memory. Links come in from the state page by page, and no new one goes
out while `MOST_UNDER_WAY` visits wait for a further request, so that memory does not grow with the collection.
"""

from __future__ import annotations

import heapq
import sys
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

MOST_UNDER_WAY = 5_000
"""Visits, some 2 KB each, that have begun and wait for a further request (a hop, a retry): while there are more, no new
link goes out. Thousands of links may lead to one slow host."""

EARLY = 0.05
"""The share of a host's delay before whose end the next request is handed out: until it has a connection, its delay ends."""

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


@dataclass(frozen=True, slots=True)
class Left:
    """A host whose links a run leaves because it asks to wait: for `wait` seconds, 0 where it does not say.
    `is_answering`: it gave a good answer in this run."""

    host: str
    wait: float
    is_answering: bool


@dataclass(slots=True, eq=False)
class _Host:
    name: str
    delay: float
    connections: int
    left: int = 0
    usual_delay: float = 0.0
    next_at: float = 0.0
    held_until: float = 0.0
    free_at: float = 0.0
    """When the next request may leave for it."""
    is_leaving: bool = False
    """Whether a request may leave and has not been seen to have left."""
    active: int = 0
    after_id: int = 0
    drained: bool = False
    refusals: int = 0
    delayed: int = 0
    """Retries that wait for their time outside this host's queues."""
    wait: float | None = None
    """How long the host asked to be left alone, in seconds, where its links are left to a later run; else None."""
    answered: bool = False
    """Whether it gave a good answer in this run."""
    held: bool = False
    ticket: int = 0
    """The number of its valid place in a queue; 0 for none. Older places are passed over."""
    begun: int = sys.maxsize
    """Its number among the hosts that have been asked for something."""
    # Lists, because most hosts have few visits, and an empty deque is ten times as large as an empty list.
    urgent: list[Visit] = field(default_factory=list)
    pending: list[Visit] = field(default_factory=list)
    parked: list[Visit] = field(default_factory=list)

    @property
    def has_work(self) -> bool:
        """Whether a request could go out if its time had come."""
        if self.urgent:
            return True
        return not self.held and (bool(self.pending) or not self.drained)

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        """Its place among the hosts whose turn has come, the least first (rule P8)."""
        return not self.urgent, -(self.left // PAGE), self.begun, -self.left

    @property
    def is_finished(self) -> bool:
        """Whether nothing of it is under way or left to ask."""
        return not (self.active or self.delayed or self.parked or self.pending or self.urgent) and (
            self.drained
        )

    @property
    def has_begun_visit(self) -> bool:
        """Whether what it would be asked next belongs to a visit that has begun."""
        return bool(self.urgent) or (
            not self.held and bool(self.pending) and self.pending[0].outlives_limit
        )


class Frontier:
    """The queue of hosts. All times are monotonic seconds, given by the caller.

    `page(host, after_id, limit)` reads more links of a host from the state. `newcomer` plans for a host
    that has no links of its own, to which a redirect leads. `early`: see `EARLY`.
    """

    def __init__(
        self,
        plans: Iterable[HostPlan],
        page: Page,
        *,
        newcomer: Callable[[str], HostPlan],
        early: float = EARLY,
    ) -> None:
        self._early = early
        self._page = page
        self._newcomer = newcomer
        self._hosts: dict[str, _Host] = {}
        self._waiting: list[tuple[float, int, _Host]] = []
        self._ready: list[tuple[tuple[bool, int, int, int], int, _Host]] = []
        self._delayed: list[tuple[float, int, Visit]] = []
        self._order = count(1)
        self._paused = False
        self._aside: set[_Host] = set()
        self._open: set[_Host] = set()
        """The hosts with something left to ask, so that no turn has to look at all hosts."""
        self._begun = 0
        """Visits that have begun and wait here."""
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
            self._sort(host)

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
        if self._aside and not self._paused and self._begun < MOST_UNDER_WAY * 0.9:
            self._take_back()
        while (due := self._first_waiting()) is not None and due[0] <= now:
            _, ticket, host = heapq.heappop(self._waiting)
            heapq.heappush(self._ready, (host.rank, ticket, host))
        while self._ready:
            _, ticket, host = heapq.heappop(self._ready)
            if host.ticket != ticket:
                continue
            host.ticket = 0
            if self._has_to_wait(host):
                self._aside.add(host)
                continue
            visit = self._next_visit(host)
            self._sort(host)
            if visit is None:
                continue
            self._begun -= visit.outlives_limit
            if visit.leave_queue():
                host.left = max(0, host.left - 1)
            host.begun = min(host.begun, ticket)
            host.active += 1
            host.next_at = now + host.delay * (1 - self._early)
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
        return not self._delayed and not self._open

    def pause(self) -> None:
        """Hand out nothing but what is urgent until `resume`: our network may be down."""
        self._paused = True

    def resume(self) -> None:
        """Go on with the links."""
        if self._paused:
            self._paused = False
            self._take_back()

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
        self._begun += visit.outlives_limit
        if visit.not_before > 0:
            self._host(host_of(visit.url)).delayed += 1
            heapq.heappush(self._delayed, (visit.not_before, next(self._order), visit))
            return
        self._queue(visit)

    def put_all(self, visits: Iterable[Visit]) -> None:
        """Queue several."""
        for visit in visits:
            self.put(visit)

    def park(self, visit: Visit) -> None:
        """Hold a link, and its host, until `release`: its robots.txt is on its way."""
        host = self._host(host_of(visit.url))
        host.parked.append(visit)
        self._begun += visit.outlives_limit
        host.held = True
        self._sort(host)

    def release(self, name: str) -> None:
        """Go on with a held host."""
        host = self._host(name)
        host.held = False
        host.pending[:0] = host.parked
        host.parked.clear()
        self._enqueue(host)
        self._sort(host)

    def done(self, name: str, *, asked: bool = True) -> None:
        """Take a visit back that `take` returned. `asked` is false where no request was made: the host's
        next turn then does not wait for its delay."""
        host = self._host(name)
        host.active -= 1
        if not asked:
            host.next_at = 0.0
            host.ticket = 0
        self._enqueue(host)

    @property
    def left_waiting(self) -> list[Left]:
        """The hosts whose remaining links were left to a later run."""
        return [
            Left(host.name, host.wait, host.answered)
            for host in self._hosts.values()
            if host.wait is not None
        ]

    def drop(self, name: str, wait: float = 0.0) -> int:
        """Leave a host's remaining links for a later run, since it asks to wait (for `wait` seconds, if it says how long);
        returns how many."""
        host = self._host(name)
        host.wait = max(wait, host.wait or 0.0)
        dropped = host.left
        host.left = 0
        host.drained = True
        self._begun -= sum(visit.outlives_limit for visit in host.pending)
        host.pending = [visit for visit in host.pending if visit.outlives_drop]
        self._begun += sum(visit.outlives_limit for visit in host.pending)
        host.ticket = 0
        self._enqueue(host)
        self._sort(host)
        return dropped

    def close_all(self) -> None:
        """Hand out no further links of any host; what is under way may end."""
        for host in self._hosts.values():
            host.left = 0
            host.drained = True
            host.pending = [visit for visit in host.pending if visit.outlives_limit]
            self._sort(host)

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

    def has_delay(self, name: str) -> bool:
        """Whether a host is to have any pause between two requests."""
        return self._host(name).delay > 0

    def may_leave(self, name: str, now: float) -> float:
        """Seconds after which a request that has been handed out is to ask again; 0 where it leaves now. `has_left` has to follow."""
        host = self._host(name)
        if host.is_leaving:
            return host.delay
        if host.free_at > now:
            return host.free_at - now
        host.is_leaving = host.delay > 0
        return 0.0

    def has_left(self, name: str, now: float) -> None:
        """Count a host's delay from `now`: a request has left for it."""
        host = self._host(name)
        host.is_leaving = False
        host.free_at = now + host.delay
        host.next_at = max(host.held_until, host.free_at - host.delay * self._early)
        host.ticket = 0
        self._enqueue(host)

    def speed_up(self, name: str) -> None:
        """Halve the delay of a host that answered well, down to its usual one."""
        host = self._host(name)
        host.answered = True
        host.delay = max(host.usual_delay, host.delay / 2)
        host.refusals = 0

    def hold_until(self, name: str, moment: float) -> None:
        """Ask the host for nothing before `moment` (Retry-After)."""
        host = self._host(name)
        host.held_until = max(host.held_until, moment)
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

    def _queue(self, visit: Visit) -> None:
        host = self._host(host_of(visit.url))
        if visit.is_urgent:
            host.urgent.append(visit)
            host.ticket = 0  # its place was that of its links
        else:
            host.pending.insert(0, visit)
        self._enqueue(host)
        self._sort(host)

    def _sort(self, host: _Host) -> None:
        """Keep in mind whether anything is left to ask of a host."""
        if host.parked or host.has_work:
            self._open.add(host)
        else:
            self._open.discard(host)

    def _has_to_wait(self, host: _Host) -> bool:
        if self._paused:
            return not host.urgent
        return self._begun >= MOST_UNDER_WAY and not host.has_begun_visit

    def _take_back(self) -> None:
        for host in self._aside:
            self._enqueue(host)
        self._aside.clear()

    def _first_waiting(self) -> tuple[float, int, _Host] | None:
        while self._waiting and self._waiting[0][2].ticket != self._waiting[0][1]:
            heapq.heappop(self._waiting)
        return self._waiting[0] if self._waiting else None

    def _wake_delayed(self, now: float) -> None:
        while self._delayed and self._delayed[0][0] <= now:
            visit = heapq.heappop(self._delayed)[2]
            visit.not_before = 0.0
            self._host(host_of(visit.url)).delayed -= 1
            self._queue(visit)

    def _next_visit(self, host: _Host) -> Visit | None:
        if host.urgent:
            return host.urgent.pop(0)
        if host.held:
            return None
        if not host.pending and not host.drained:
            self._refill(host)
        return host.pending.pop(0) if host.pending else None

    def _refill(self, host: _Host) -> None:
        links = self._page(host.name, host.after_id, PAGE)
        host.drained = len(links) < PAGE
        if links:
            host.after_id = links[-1].id
            host.pending.extend(LinkVisit.of(link) for link in links)
