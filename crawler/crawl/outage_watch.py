"""Whether this run sees the web: looks at canaries, windows between them, and pauses (rules O1, O2, O11; docs/outage.md).

A small state machine that the crawl asks at every turn. It makes no request itself: it names the canaries to ask,
releases windows with a verdict, and says when to wait and when to give up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum, auto
from urllib.parse import urlsplit

from crawler.configuration import ConnectTo
from crawler.crawl.canaries import Canaries
from crawler.crawl.window_evidence import WindowEvidence
from crawler.extractors.registered_domain import site_of
from crawler.fetching.visit import CanaryVisit, host_of
from crawler.model.observation import Observation
from crawler.rules.outage.windows import (
    NOBODY_ASKED,
    Clock,
    HostRecord,
    Names,
    NetworkEvidence,
    Window,
    WindowFinding,
    WindowVerdict,
    enough_to_judge,
    judge_window,
    was_alive,
)
from crawler.rules.policy import OutagePolicy
from crawler.state import HostSeen, OriginAnswer

LOOK_SECONDS = 15.0
"""How long a look waits for its canaries: connecting and names have 10 s each (settings)."""
MOST_IN_WINDOW = 2_000
"""Visits after which a window closes before its time: they wait in memory, and more would tell no more."""
MOST_STAGED = 5_000
"""Visits of a window after which no link goes out until it is judged: others end while its canaries are asked."""
MOST_EARLIER = 5_000
"""Hosts whose last visit in earlier windows is kept for the breaker (rule O9)."""


class _Phase(StrEnum):
    FIRST_LOOK = auto()
    OPEN = auto()
    LOOK = auto()
    LAST_LOOK = auto()
    PAUSED = auto()
    LOOK_AFTER_PAUSE = auto()
    ENDED = auto()


@dataclass(frozen=True, slots=True)
class Turn:
    """What the crawl does next: ask `canaries`; commit the pending results as `release` says; hand out no
    links while `links` is false; end the run where `ended`, early where `stop` says why."""

    canaries: tuple[CanaryVisit, ...] = ()
    release: WindowVerdict | None = None
    links: bool = True
    ended: bool = False
    stop: WindowFinding | None = None

    @property
    def is_quiet(self) -> bool:
        """Whether there is nothing to do but to go on or to wait."""
        return not self.canaries and self.release is None and not self.ended


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier runs left: hosts, the canaries' answers when the network was up, and the end of the last
    run whose clock was right."""

    hosts: Sequence[HostSeen] = ()
    answers: Mapping[str, OriginAnswer] = field(default_factory=dict)
    run_ended: datetime | None = None


class OutageWatch:
    """Whether one run may trust its network. Times are monotonic seconds, `wall` is the run's clock.

    `is_usual` and `is_mapped` as of `WindowEvidence`. `in_doubt(more)` are the links whose failure waits for a second
    look; `more` says that the run goes on. `names(urls)` is what the resolver made of the hosts of these.
    """

    def __init__(
        self,
        policy: OutagePolicy,
        before: Before,
        *,
        run: int,
        visits: int,
        configured: Sequence[str],
        wall: Callable[[], datetime],
        now: float,
        is_usual: Callable[[int, Observation, str | None], bool | None],
        is_mapped: Callable[[str], bool],
        in_doubt: Callable[[bool], AbstractSet[int]] = lambda _more: frozenset(),
        names: Callable[[Iterable[str]], Names] = lambda _urls: NOBODY_ASKED,
    ) -> None:
        self._policy = policy
        self._wall = wall
        self._in_doubt = in_doubt
        self._names = names
        self._clock = Clock(wall(), now, wall(), now, before.run_ended)
        self._records = {
            host.host: HostRecord(
                host.host,
                site_of(host.host),
                None if host.alive_run is None else run - host.alive_run,
                host.alive_at_latest,
            )
            for host in before.hosts
        }
        self._canaries = Canaries(policy, before.answers, is_mapped)
        self._canaries.pick(before.hosts, self._records, configured, visits)
        self._phase = _Phase.FIRST_LOOK
        self._until = now
        self._opened = now
        self._pauses = 0
        self._wants_look = False
        self._has_failed_again = False
        self._behind_one_page: frozenset[int] = frozenset()
        self._looked: tuple[NetworkEvidence, ...] = ()
        self._window = WindowEvidence(policy, self._canaries, is_usual, is_mapped)
        self._earlier: dict[str, NetworkEvidence] = {}
        self.finding = WindowFinding(WindowVerdict.TRUSTED)
        """The latest opinion on the network."""

    # what the crawl reports -------------------------------------------------------------------

    def note(
        self, link_id: int, seen: Observation, fingerprint: str | None, *, again: bool = False
    ) -> None:
        """Add the result of a visit, or of a second look. `fingerprint` is the mark of its page, None where there is none."""
        alive = self.was_alive(host_of(seen.url))
        self._window.add(link_id, seen, fingerprint, was_alive=alive, confirmed=again)

    def was_alive(self, host: str) -> bool:
        """Whether a host was alive before this run."""
        record = self._records.get(host)
        return record is not None and was_alive(record, self._policy)

    @property
    def behind_one_page(self) -> frozenset[int]:
        """The links of this window, and of the one that was closed last, that show what another site newly shows too."""
        return self._behind_one_page | self._window.behind_one_page()

    def failed_again(self, now: float) -> None:
        """A second look failed too: unless the network was seen well just before, it is looked at now."""
        self._has_failed_again = True
        near = self._policy.control_within.total_seconds()
        self._wants_look = self._wants_look or now - self._opened > near

    def canary_answered(
        self, visit: CanaryVisit, answer: OriginAnswer | None, seen: Observation
    ) -> None:
        """Add the answer of a canary; `answer` is None where it failed."""
        self._canaries.answered(visit, answer, seen)

    def origin_answered(self, origin: str, answer: OriginAnswer) -> None:
        """Add the answer of an origin whose robots.txt the crawl read for its links."""
        self._canaries.origin_answered(origin, answer)

    # what the crawl asks --------------------------------------------------------------------

    def turn(self, now: float, *, idle: bool) -> Turn:
        """The next turn. `idle` says that nothing is left to visit and nothing under way."""
        if self._phase is _Phase.OPEN:
            if idle:
                return self._start_look(_Phase.LAST_LOOK, now)
            if self._is_due(now):
                return self._start_look(_Phase.LOOK, now)
            return Turn()
        if self._phase is _Phase.PAUSED:
            if now < self._until:
                return Turn(links=False)
            return self._start_look(_Phase.LOOK_AFTER_PAUSE, now)
        if self._phase is _Phase.ENDED:
            return Turn(links=False, ended=True)
        return self._looking(now)

    def wait(self, now: float) -> float | None:
        """Seconds until `turn` changes by itself; None for never."""
        if self._phase is _Phase.OPEN:
            return 0.0 if self._is_due(now) else self._opened + self._length - now
        return None if self._phase is _Phase.ENDED else max(0.0, self._until - now)

    @property
    def is_paused(self) -> bool:
        """Whether the run waits for the network."""
        return self._phase in (_Phase.PAUSED, _Phase.LOOK_AFTER_PAUSE)

    def begin(self, now: float) -> Turn:
        """The first look."""
        return self._start_look(_Phase.FIRST_LOOK, now)

    def cut_off(self, now: float) -> WindowVerdict:
        """The verdict on the last window of a run that was stopped, without another look at the canaries."""
        if not self.finding.trusted:
            return self.finding.verdict
        self._canaries.forget_look()
        verdict = self._judged(now, more=False).verdict
        self._window.clear()
        return verdict

    def trusted_answers(self) -> dict[str, OriginAnswer]:
        """How origins answered in a window that is trusted; each answer is returned once."""
        return self._canaries.taken_answers()

    # the machine -----------------------------------------------------------------------------

    def _start_look(self, phase: _Phase, now: float) -> Turn:
        self._phase = phase
        self._until = now + LOOK_SECONDS
        self._wants_look = False
        canaries = self._canaries.begin_look(in_doubt=self._has_failed_again)
        if not canaries:
            return self._looking(now)
        return Turn(canaries=canaries, links=self._may_go_on)

    @property
    def _length(self) -> float:
        """Seconds of a window."""
        return self._policy.canary_every.total_seconds()

    def _is_due(self, now: float) -> bool:
        """Whether the open window has to close."""
        is_over = now - self._opened >= self._length or len(self._window) >= MOST_IN_WINDOW
        return is_over or self._wants_look

    @property
    def _may_go_on(self) -> bool:
        """Whether links are visited during a look."""
        return self._phase is _Phase.LOOK and len(self._window) < MOST_STAGED

    def _looking(self, now: float) -> Turn:
        if not self._canaries.have_answered and now < self._until:
            return Turn(links=self._may_go_on)
        if self._phase in (_Phase.FIRST_LOOK, _Phase.LOOK_AFTER_PAUSE):
            return self._begin_or_wait(now)
        return self._close_window(now)

    def _begin_or_wait(self, now: float) -> Turn:
        """End a look that has no window before it: begin, or wait for the network."""
        self.finding = judge_window(
            Window(self._read(now), (), self._canaries.looking_at()), self._policy
        )
        if self.finding.trusted:
            self._open(now)
            return Turn()
        return self._doubt(now)

    def _close_window(self, now: float) -> Turn:
        last = self._phase is _Phase.LAST_LOOK
        window = self._read_window(now, more=not last)
        too_long = len(self._window) >= MOST_IN_WINDOW
        if not last and not too_long and not enough_to_judge(window, self._policy):
            self._open(now)
            return Turn()
        self.finding = judge_window(window, self._policy)
        verdict = self.finding.verdict
        self._behind_one_page = (
            self._window.behind_one_page() if self.finding.trusted else frozenset()
        )
        if self.finding.trusted:
            self._keep_for_breaker(window)
            self._pauses = 0
        else:
            self._canaries.drop_answers()
        self._window.clear()
        self._has_failed_again = False
        if last:
            self._phase = _Phase.ENDED
            stop = None if self.finding.trusted else self.finding
            return Turn(release=verdict, links=False, ended=True, stop=stop)
        if self.finding.trusted:
            self._open(now)
            return Turn(release=verdict)
        return replace(self._doubt(now), release=verdict)

    def _keep_for_breaker(self, window: Window) -> None:
        for seen in window.visits:
            if seen.was_alive:
                self._earlier.pop(seen.host, None)
                self._earlier[seen.host] = seen
        for host in list(self._earlier)[:-MOST_EARLIER]:
            del self._earlier[host]

    def _open(self, now: float) -> None:
        self._phase = _Phase.OPEN
        self._opened = now
        self._wants_look = False
        self._looked = self._canaries.looking_at()

    def _doubt(self, now: float) -> Turn:
        """Wait and look again, longer each time; a wrong clock does not mend itself."""
        pauses = self._policy.pauses
        if self.finding.verdict is WindowVerdict.CLOCK_JUMPED or self._pauses >= len(pauses):
            self._phase = _Phase.ENDED
            return Turn(links=False, ended=True, stop=self.finding)
        self._until = now + pauses[self._pauses].total_seconds()
        self._pauses += 1
        self._phase = _Phase.PAUSED
        return Turn(links=False)

    def _judged(self, now: float, *, more: bool) -> WindowFinding:
        return judge_window(self._read_window(now, more=more), self._policy)

    def _read_window(self, now: float, *, more: bool) -> Window:
        return Window(
            self._read(now),
            self._window.told(self._in_doubt(more)),
            self._canaries.looking_at(),
            self._looked,
            tuple(self._earlier.values()),
            self._names(self._window.urls),
            self._canaries.are_stand_ins,
        )

    def _read(self, now: float) -> Clock:
        return replace(self._clock, wall=self._wall(), monotonic=now)


def is_mapped(connect_to: ConnectTo, url: str) -> bool:
    """Whether the operator maps a URL's host to another (LINKHEALTH_CONNECT_TO)."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return connect_to.target(parts.hostname or "", port) is not None
