"""Whether this run sees the web: looks at canaries, windows between them, and pauses (rules O1, O2, O11; docs/outage.md).

A small state machine that the crawl asks at every turn. It makes no request itself: it names the canaries to ask,
releases windows with a verdict, and says when to wait and when to give up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum, auto
from urllib.parse import urlsplit

from crawler.configuration import ConnectTo
from crawler.extractors.registered_domain import site_of
from crawler.fetching.visit import CanaryVisit, host_of, origin_of
from crawler.model.observation import Observation
from crawler.model.verdict import VerdictKind
from crawler.rules.outage.network_evidence import is_maybe_a_proxy, is_surely_its_own
from crawler.rules.outage.windows import (
    Clock,
    HostRecord,
    NetworkEvidence,
    Window,
    WindowFinding,
    WindowVerdict,
    enough_to_judge,
    judge_window,
    network_evidence,
    pick_canaries,
    was_alive,
)
from crawler.rules.policy import OutagePolicy
from crawler.state import HostSeen, OriginAnswer, State

LOOK_SECONDS = 15.0
"""How long a look waits for its canaries: connecting and names have 10 s each (settings)."""
FEWEST = 5
MOST_IN_WINDOW = 2_000
"""Visits after which a window closes before its time: they wait in memory, and more would tell no more."""
MOST_STAGED = 5_000
"""Visits of a window after which no link goes out until it is judged: others end while its canaries are asked."""
MOST_EARLIER = 5_000
"""Hosts whose last visit in earlier windows is kept for the breaker (rule O9)."""
VISITS_PER_CANARY = 10
"""Visits for each canary: a run of ten visits does not ask twenty hosts."""


class _Phase(StrEnum):
    FIRST_LOOK = auto()
    OPEN = auto()
    LOOK = auto()
    LAST_LOOK = auto()
    PAUSED = auto()
    LOOK_AFTER_PAUSE = auto()
    ENDED = auto()


_GOOD = (VerdictKind.ALIVE, VerdictKind.MOVED)


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


@dataclass(slots=True)
class _Noted:
    """The evidence of one visit of this window, and what is needed to compare its answer with the usual one."""

    seen: NetworkEvidence
    link_id: int
    observation: Observation


@dataclass(frozen=True, slots=True)
class Before:
    """What earlier runs left: hosts, the canaries' answers when the network was up, and the end of the last
    run whose clock was right."""

    hosts: Sequence[HostSeen] = ()
    answers: Mapping[str, OriginAnswer] = field(default_factory=dict)
    run_ended: datetime | None = None


class OutageWatch:
    """Whether one run may trust its network. Times are monotonic seconds, `wall` is the run's clock.

    `is_usual(link_id, observation)` says whether a page is as it was at its last good visit, None where
    there was none. `is_mapped(url)` says whether the operator maps a URL's host to another (LINKHEALTH_CONNECT_TO).
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
        is_usual: Callable[[int, Observation], bool | None],
        is_mapped: Callable[[str], bool],
    ) -> None:
        self._policy = policy
        self._before = before
        self._wall = wall
        self._is_usual = is_usual
        self._is_mapped = is_mapped
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
        self._origins = self._picked(visits, configured)
        self._phase = _Phase.FIRST_LOOK
        self._until = now
        self._opened = now
        self._pauses = 0
        self._asked: set[str] = set()
        self._look: dict[str, NetworkEvidence] = {}
        self._answers: dict[str, OriginAnswer] = {}
        self._looked: tuple[NetworkEvidence, ...] = ()
        self._window: list[_Noted] = []
        self._earlier: dict[str, NetworkEvidence] = {}
        self.finding = WindowFinding(WindowVerdict.TRUSTED)
        """The latest opinion on the network."""

    # what the crawl reports -------------------------------------------------------------------

    def note(self, link_id: int, seen: Observation, fingerprint: str | None) -> None:
        """Add the result of a visit. `fingerprint` identifies its page among others, None where there is none."""
        host = host_of(seen.url)
        record = self._records.get(host)
        alive = record is not None and was_alive(record, self._policy)
        noted = network_evidence(seen, site_of(host), was_alive=alive, fingerprint=fingerprint)
        self._window.append(_Noted(noted, link_id, seen))

    def canary_answered(
        self, visit: CanaryVisit, answer: OriginAnswer | None, seen: Observation
    ) -> None:
        """Add the answer of a canary; `answer` is None where it failed."""
        host = host_of(visit.origin)
        fingerprint = answer.fingerprint if answer is not None else None
        noted = network_evidence(seen, site_of(host), was_alive=True, fingerprint=fingerprint)
        known = self._before.answers.get(visit.origin)
        usual = known == answer if known is not None else None
        self._look[visit.origin] = self._compared(noted, seen, usual)
        if answer is not None:
            self._answers[visit.origin] = answer

    def origin_answered(self, origin: str, answer: OriginAnswer) -> None:
        """Add the answer of an origin whose robots.txt the crawl read for its links."""
        self._answers[origin] = answer

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
        self._look.clear()
        verdict = self._judged(now).verdict
        self._window.clear()
        return verdict

    def trusted_answers(self) -> dict[str, OriginAnswer]:
        """How origins answered in a window that is trusted; each answer is returned once."""
        answers, self._answers = self._answers, {}
        return answers

    # the machine -----------------------------------------------------------------------------

    def _start_look(self, phase: _Phase, now: float) -> Turn:
        self._phase = phase
        self._until = now + LOOK_SECONDS
        self._asked = set(self._origins)
        self._look.clear()
        if not self._origins:
            return self._looking(now)
        return Turn(canaries=tuple(map(CanaryVisit.of, self._origins)), links=self._may_go_on)

    @property
    def _length(self) -> float:
        """Seconds of a window."""
        return self._policy.canary_every.total_seconds()

    def _is_due(self, now: float) -> bool:
        """Whether the open window has to close."""
        return now - self._opened >= self._length or len(self._window) >= MOST_IN_WINDOW

    @property
    def _may_go_on(self) -> bool:
        """Whether links are visited during a look."""
        return self._phase is _Phase.LOOK and len(self._window) < MOST_STAGED

    def _looking(self, now: float) -> Turn:
        waiting = not self._asked <= self._look.keys() and now < self._until
        if waiting:
            return Turn(links=self._may_go_on)
        if self._phase in (_Phase.FIRST_LOOK, _Phase.LOOK_AFTER_PAUSE):
            return self._begin_or_wait(now)
        return self._close_window(now)

    def _begin_or_wait(self, now: float) -> Turn:
        """End a look that has no window before it: begin, or wait for the network."""
        self.finding = judge_window(Window(self._read(now), (), self._looking_at()), self._policy)
        if self.finding.trusted:
            self._open(now)
            return Turn()
        return self._doubt(now)

    def _close_window(self, now: float) -> Turn:
        last = self._phase is _Phase.LAST_LOOK
        window = self._read_window(now)
        too_long = len(self._window) >= MOST_IN_WINDOW
        if not last and not too_long and not enough_to_judge(window, self._policy):
            self._open(now)
            return Turn()
        self.finding = self._judged(now)
        verdict = self.finding.verdict
        if self.finding.trusted:
            self._keep_for_breaker(window)
            self._pauses = 0
        else:
            self._answers.clear()
        self._window.clear()
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
        self._looked = self._looking_at()

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

    def _judged(self, now: float) -> WindowFinding:
        return judge_window(self._read_window(now), self._policy)

    def _read_window(self, now: float) -> Window:
        return Window(
            self._read(now),
            self._evidence(),
            self._looking_at(),
            self._looked,
            tuple(self._earlier.values()),
        )

    def _looking_at(self) -> tuple[NetworkEvidence, ...]:
        return tuple(self._look.values())

    def _read(self, now: float) -> Clock:
        return replace(self._clock, wall=self._wall(), monotonic=now)

    def _evidence(self) -> tuple[NetworkEvidence, ...]:
        """The evidence of the window's visits. Only pages that several sites seem to share are compared with
        the usual ones: that costs a query each."""
        sites: dict[str, set[str]] = {}
        for noted in self._window:
            if noted.seen.fingerprint is not None:
                sites.setdefault(noted.seen.fingerprint, set()).add(noted.seen.site)
        return tuple(
            self._told(noted)
            if len(sites.get(noted.seen.fingerprint or "", ())) > 1 or _leads_away(noted.seen)
            else noted.seen
            for noted in self._window
        )

    def _told(self, noted: _Noted) -> NetworkEvidence:
        usual = self._is_usual(noted.link_id, noted.observation)
        if usual is None and _leads_away(noted.seen):
            return noted.seen
        return self._compared(noted.seen, noted.observation, usual)

    def _compared(
        self, noted: NetworkEvidence, seen: Observation, usual: bool | None
    ) -> NetworkEvidence:
        """Evidence that says whether the same answer from several sites would be a sign of an outage (`is_evidence`).

        An answer that is as usual is no sign. Of new answers two are none either: a page over a verified
        connection is its site's own, and a host that the operator maps to another proves nothing.
        """
        if usual is not None:
            return replace(noted, is_evidence=not usual, changed=not usual)
        mapped = self._is_mapped(seen.final_url or seen.url)
        return replace(noted, is_evidence=not is_surely_its_own(seen) and not mapped)

    def _picked(self, visits: int, configured: Sequence[str]) -> tuple[str, ...]:
        """The origins to ask: the configured ones, and hosts of the collection that were alive."""
        urls = {host.host: host.url for host in self._before.hosts if host.url is not None}
        known = self._before.answers
        usable = [
            record
            for host, record in self._records.items()
            if (url := urls.get(host)) is not None
            and not ((answer := known.get(origin_of(url))) and is_maybe_a_proxy(answer.status))
        ]
        room = max(FEWEST, visits // VISITS_PER_CANARY)
        picked = pick_canaries(usable, self._policy)[:room]
        origins = [*configured, *(origin_of(urls[record.host] or "") for record in picked)]
        return tuple(dict.fromkeys(origins))


def _leads_away(seen: NetworkEvidence) -> bool:
    return seen.final_url is not None and urlsplit(seen.final_url).netloc != seen.host


def is_usual(state: State, link_id: int, seen: Observation) -> bool | None:
    """Whether an answer equals the link's last good one; None where there was none."""
    link = state.link(link_id)
    if link is None or link.checked_at is None or link.verdict.kind not in _GOOD:
        return None
    titles = (link.page.title, *link.page.titles) if link.page is not None else ()
    title = seen.page.title if seen.page is not None else None
    kinds = {facts.type if facts is not None else None for facts in (link.image, seen.image)}
    return (
        link.final_url == seen.final_url and len(kinds) == 1 and (title is None or title in titles)
    )


def is_mapped(connect_to: ConnectTo, url: str) -> bool:
    """Whether the operator maps a URL's host to another (LINKHEALTH_CONNECT_TO)."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return connect_to.target(parts.hostname or "", port) is not None
