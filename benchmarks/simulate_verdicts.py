"""Whether verdicts can be trusted: sixty days of a made-up web, judged as the product judges.

    python benchmarks/simulate_verdicts.py [--seeds 1-20] [--every 1] [--canaries 5] [--json FILE]

Hosts flap, go down for hours to weeks, block us, die; pages die and come back; our own network fails in
seven ways, and the clock jumps. A run a day visits what is due, in windows of a minute, each judged,
pending and committed by `crawler.rules`. The exit code is 1 where a link was called dead, or broken, that
was not gone, or where with a run a day a true death took more than twelve days from its first failed visit.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT)]

from benchmarks.simulated_figures import (  # noqa: E402 - after the path
    Death,
    Record,
    figures,
    is_well,
    summary_lines,
)
from benchmarks.simulated_web import (  # noqa: E402 - after the path
    BLIP_PAGE,
    DAY,
    START,
    Host,
    Url,
    World,
    build,
    fingerprint,
)
from crawler.crawl.second_looks import SecondLooks, Standing, standing  # noqa: E402
from crawler.model.link import DueLink  # noqa: E402
from crawler.model.observation import Observation  # noqa: E402
from crawler.model.verdict import UNCHECKED, Verdict, VerdictKind  # noqa: E402
from crawler.rules.outage.release import HostInRun, release  # noqa: E402
from crawler.rules.outage.second_look import behind_one_page  # noqa: E402
from crawler.rules.outage.windows import (  # noqa: E402
    Clock,
    HostRecord,
    NetworkEvidence,
    Window,
    WindowVerdict,
    enough_to_judge,
    judge_window,
    network_evidence,
    pick_canaries,
    was_alive,
)
from crawler.rules.policy import Policy  # noqa: E402
from crawler.rules.verdict.page_rule import Outcome  # noqa: E402
from crawler.rules.verdict.page_state import find  # noqa: E402
from crawler.rules.verdict.schedule import first_interval, next_due  # noqa: E402
from crawler.rules.verdict.verdicts import SERVER_ERRORS, judge  # noqa: E402

BETWEEN_VISITS = timedelta(seconds=2)
GOOD = (VerdictKind.ALIVE, VerdictKind.MOVED)


@dataclass(slots=True)
class Known:
    """A link as the state remembers it."""

    truth: Url
    due: datetime
    history: list[Observation] = field(default_factory=list)
    verdict: Verdict = UNCHECKED


class _Run:
    """Where one run stands."""

    def __init__(
        self,
        start: datetime,
        queue: list[Known],
        looked: tuple[NetworkEvidence, ...],
        seconds: SecondLooks,
    ) -> None:
        self.seconds = seconds
        self.again: list[tuple[datetime, int]] = []
        self.looked_at = start
        self.wants_look = False
        self.start = self.now = start
        self.queue = queue
        self.looked = looked
        self.left = Counter(known.truth.host.name for known in queue)
        self.pending: list[Observation] = []
        self.visits: list[tuple[int, NetworkEvidence]] = []
        self.earlier: list[NetworkEvidence] = []
        self.outcomes: dict[str, list[Observation]] = defaultdict(list)
        self.asked = self.pauses = 0
        self.jumped = False

    @property
    def over(self) -> bool:
        """Whether nothing is left to visit."""
        return self.asked == len(self.queue) and not self.again


class Simulation:
    """The product in small: a state, daily runs, windows, verdicts."""

    def __init__(self, world: World, policy: Policy, canaries: int, *, cold: bool = False) -> None:
        self.world, self.policy = world, policy
        self.record = Record()
        self.links = [self._known(url, cold=cold) for url in world.urls]
        self.by_url = {known.truth.url: known for known in self.links}
        self.number = {known.truth.url: number for number, known in enumerate(self.links)}
        self.by_host: dict[str, list[Known]] = defaultdict(list)
        for known in self.links:
            self.by_host[known.truth.host.name].append(known)
        self.configured = [
            _robots(Host(f"canary{number}.example", secure=number % 2 == 0))
            for number in range(canaries)
        ]
        self.alive_run: dict[str, int] = {}
        self.alive_at_latest: dict[str, bool] = {}
        for known in self.links:
            if known.history:
                self.alive_run[known.truth.host.name] = 0
                self.alive_at_latest[known.truth.host.name] = True
        self.last_ended: datetime | None = None
        self.run = 0

    def _known(self, url: Url, *, cold: bool) -> Known:
        """A link after years of operation: visited once, at some time within its interval."""
        if cold or url.published >= START:
            return Known(url, url.published)
        schedule = self.policy.schedule
        interval = first_interval(START, url.published, schedule)
        share = (hash_of(url.url) % 1000) / 1000
        before = max(url.published, START - interval * share)
        seen = Observation(url.url, before, 0, 200)
        verdict = judge([seen], self.policy.strikes)
        due = next_due([seen], verdict, url.published, schedule)
        return Known(url, due, [seen], verdict)

    # one run ---------------------------------------------------------------------------------

    def day(self, start: datetime) -> None:
        """One run: visit what is due, in windows, until nothing is left or the network stays down."""
        self.run += 1
        seconds = SecondLooks(
            self.policy.outages, standing=self._standing, is_alive_host=self._was_alive
        )
        run = _Run(start, self._queue(start), self._look(start), seconds)
        while self._window(run):
            pass
        self.record.requests.append(run.asked)
        if not run.jumped:
            self.last_ended = run.now + self.world.clock_error(run.now)

    def _queue(self, start: datetime) -> list[Known]:
        """The due links, one of each host in turn, as the frontier orders them."""
        believed = start + self.world.clock_error(start)
        turns: Counter[str] = Counter()
        order = []
        for known in self.links:
            if known.due <= believed and known.truth.published <= start:
                turns[known.truth.host.name] += 1
                order.append((turns[known.truth.host.name], known))
        return [known for _, known in sorted(order, key=lambda pair: pair[0])]

    def _window(self, run: _Run) -> bool:
        """One window; whether the run goes on."""
        self._visit_for_a_minute(run)
        look = self._look(run.now)
        clock = self._clock(run.start, run.now)
        superseded = run.seconds.superseded(more=not run.over)
        visits = [
            seen if seen.confirmed or number not in superseded else replace(seen, in_doubt=True)
            for number, seen in run.visits
        ]
        window = Window(clock, visits, look, run.looked, run.earlier)
        run.looked, run.looked_at = look, run.now
        if not run.over and not enough_to_judge(window, self.policy.outages):
            return True
        verdict = judge_window(window, self.policy.outages).verdict
        self.record.windows[verdict.value] += 1
        run.jumped = run.jumped or verdict is WindowVerdict.CLOCK_JUMPED
        if verdict is WindowVerdict.TRUSTED:
            self._note_unseen(visits, run.now)
            run.earlier += visits
            run.pauses = 0
            self._ask_again(run, more=not run.over)
        else:
            self._note_disturbance(run)
            run.seconds.drop()
            run.again.clear()
        self._release(run, verdict)
        if run.over:
            return False
        return verdict is WindowVerdict.TRUSTED or self._wait_for_network(run)

    def _visit_for_a_minute(self, run: _Run) -> None:
        until = run.now + self.policy.outages.canary_every
        run.wants_look = False
        while run.now < until and not run.wants_look:
            if run.again and run.again[0][0] <= run.now:
                self._visit_again(run, self.links[run.again.pop(0)[1]])
            elif run.asked < len(run.queue):
                self._visit(run, run.queue[run.asked])
            elif run.again:
                run.now = min(until, run.again[0][0])
            elif not self._ask_again(run, more=False):
                return

    def _visit(self, run: _Run, known: Known) -> None:
        seen = self.world.visit(known.truth, run.now, self.run)
        number = self.number[known.truth.url]
        run.pending.append(seen)
        run.visits.append((number, self._evidence_of(seen)))
        run.seconds.note(number, seen, _seconds(run.now), fingerprint(seen))
        run.outcomes[known.truth.host.name].append(seen)
        run.left[known.truth.host.name] -= 1
        run.asked += 1
        run.now += BETWEEN_VISITS

    def _visit_again(self, run: _Run, known: Known) -> None:
        """A second look; where it fails too, the canaries are asked before anything else."""
        number = self.number[known.truth.url]
        seen = self.world.visit(known.truth, run.now, self.run)
        self.record.asked_again += 1
        run.visits.append((number, replace(self._evidence_of(seen), confirmed=True)))
        heard = run.seconds.heard(number, seen, fingerprint(seen))
        if heard.is_same:
            near = run.now - run.looked_at <= self.policy.outages.control_within
            run.wants_look = not near
        for one in (heard.seen, *(other for _, other in heard.others)):
            seens = run.outcomes[urlsplit(one.url).netloc]
            for kept in (run.pending, seens):
                kept[:] = [each for each in kept if each.url != one.url]
                kept.append(one)
        run.now += timedelta(0) if run.wants_look else BETWEEN_VISITS

    def _ask_again(self, run: _Run, *, more: bool) -> bool:
        """Let what failed for the first time wait for a second look; returns whether there is any."""
        pending = {
            number: (DueLink(number, seen.url, "", wants_image=False), seen)
            for seen in run.pending
            for number in [self.number[seen.url]]
        }
        suspects = behind_one_page(run.visits)
        for _, one in run.seconds.hidden(pending, suspects):
            run.pending = [each for each in run.pending if each.url != one.url]
            run.pending.append(one)
        visits = run.seconds.ask(pending, run.seconds.doubted(more=more), suspects)
        run.again += [
            (START + timedelta(seconds=visit.not_before), visit.link.id) for visit in visits
        ]
        run.again.sort()
        return bool(visits)

    def _standing(self, number: int) -> Standing:
        known = self.links[number]
        return standing(known.verdict, was_visited=bool(known.history))

    def _was_alive(self, host: str) -> bool:
        return was_alive(self._host_record(host), self.policy.outages)

    def _release(self, run: _Run, verdict: WindowVerdict) -> None:
        doubted = {self.links[number].truth.url for number in run.seconds.waiting}
        hosts = {
            host: HostInRun(
                self._lately(host, [one for one in seen if one.url not in doubted], run.now),
                finished=run.over or not run.left[host],
                links=sum(known.truth.published <= run.now for known in self.by_host[host]),
            )
            for host, seen in run.outcomes.items()
        }
        trusted = verdict is WindowVerdict.TRUSTED
        waiting = run.seconds.waiting if trusted else frozenset()
        held = [seen for seen in run.pending if self.number[seen.url] in waiting]
        ready = [seen for seen in run.pending if self.number[seen.url] not in waiting]
        released = release(ready, verdict, hosts, self.policy.outages)
        run.pending, run.visits = [*released.held, *held], []
        run.seconds.close_window()
        for one in released.committed:
            if one.inconclusive is not None and one.inconclusive.is_ours:
                # The state tells nothing of its host by it.
                seens = run.outcomes[urlsplit(one.url).netloc]
                seens[:] = [each for each in seens if each.url != one.url]
        self._commit(released.committed, run.now)

    def _wait_for_network(self, run: _Run) -> bool:
        """Pause and ask the canaries again, longer each time; whether the network came back."""
        pauses = self.policy.outages.pauses
        while run.pauses < len(pauses):
            run.now += pauses[run.pauses]
            run.pauses += 1
            run.looked = self._look(run.now)
            again = Window(self._clock(run.start, run.now), (), run.looked)
            if judge_window(again, self.policy.outages).trusted:
                return True
        self.record.stopped += 1
        return False

    def _lately(
        self, host: str, of_this_run: Sequence[Observation], now: datetime
    ) -> tuple[Observation, ...]:
        since = now - self.policy.outages.blocking_memory
        before = (
            seen
            for known in self.by_host[host]
            for seen in known.history
            if seen.run != self.run and seen.at >= since
        )
        return (*sorted(before, key=lambda seen: seen.at), *of_this_run)

    def _clock(self, start: datetime, now: datetime) -> Clock:
        error = self.world.clock_error
        passed = (now - start).total_seconds()
        return Clock(start + error(start), 0.0, now + error(now), passed, self.last_ended)

    def _look(self, now: datetime) -> tuple[NetworkEvidence, ...]:
        records = (self._host_record(host) for host in self.by_host)
        picked = pick_canaries(records, self.policy.outages)
        hosts = (self.by_host[record.host][0].truth.host for record in picked)
        asked = [*self.configured, *map(_robots, hosts)]
        self.record.canaries += len(asked)
        return tuple(self._canary(self.world.visit(url, now, self.run)) for url in asked)

    def _canary(self, seen: Observation) -> NetworkEvidence:
        """A canary's answer: each has a robots.txt, and never showed a page in its place."""
        is_page = fingerprint(seen) is not None
        is_lost = seen.status in (404, 410)
        told = replace(self._evidence_of(seen), changed=is_page or is_lost)
        return replace(told, is_lost=is_lost, secure=told.secure and not is_page)

    def _host_record(self, host: str) -> HostRecord:
        last = self.alive_run.get(host)
        since = None if last is None else self.run - last
        latest = self.alive_at_latest.get(host, False)
        fault = next((known.truth.host.certificate for known in self.by_host.get(host, ())), None)
        return HostRecord(host, host, since, latest, verified=fault is None)

    def _evidence_of(self, seen: Observation) -> NetworkEvidence:
        host = urlsplit(seen.url).netloc
        alive = was_alive(self._host_record(host), self.policy.outages)
        told = network_evidence(seen, host, was_alive=alive, fingerprint=fingerprint(seen))
        known = self.by_url.get(seen.url)
        return replace(told, changed=known is not None and _is_new_page(known, seen))

    # results ---------------------------------------------------------------------------------

    def _commit(self, committed: Sequence[Observation], now: datetime) -> None:
        for seen in committed:
            known = self.by_url[seen.url]
            known.history.append(seen)
            before = known.verdict
            known.verdict = judge(known.history, self.policy.strikes)
            known.due = next_due(
                known.history, known.verdict, known.truth.published, self.policy.schedule
            )
            host = known.truth.host.name
            good = seen.inconclusive is None and known.verdict.kind in GOOD
            self.alive_at_latest[host] = good
            if good:
                self.alive_run[host] = self.run
            at = seen.at - self.world.clock_error(now)
            self._note_death(known, find(seen).outcome, at)
            self._note_verdict(known, before.kind, at)

    def _note_verdict(self, known: Known, before: VerdictKind, at: datetime) -> None:
        url, kind = known.truth, known.verdict.kind
        if kind is VerdictKind.DEAD and before is not VerdictKind.DEAD:
            if url.truly_gone(at):
                death = self.record.deaths.get(url.url)
                if death is not None and death.called_dead is None:
                    death.called_dead = at
            elif url.host.kind == "long-refusal" or _resets_only(known):
                self.record.undecidable[url.host.kind].add(url.host.name)
            else:
                self.record.false_dead.append(f"{url.url} ({url.host.kind}) {known.verdict.reason}")
        if kind is VerdictKind.BROKEN and before is not kind:
            self._note_broken(known, at)
        if kind in GOOD and before is VerdictKind.DEAD:
            back = url.host.died.end if url.host.died else url.gone[1] if url.gone else None
            back = back or next((fault.end for fault in url.host.faults if fault.end < at), None)
            if back is not None:
                self.record.recoveries.append(at - back)

    def _note_broken(self, known: Known, at: datetime) -> None:
        url, verdict = known.truth, known.verdict
        since = url.host.errs_since(at)
        if verdict.reason == SERVER_ERRORS and since is not None and at - since >= 14 * DAY:
            self.record.errors.append(at - (verdict.failing_since or at))
        elif not url.truly_gone(at):
            self.record.false_broken.append(f"{url.url} ({url.host.kind}) {verdict.reason}")

    def _note_disturbance(self, run: _Run) -> None:
        """Count a run as disturbed once, at the end of its first window that must not be judged."""
        if not self.record.disturbed or self.record.disturbed[-1] < run.start:
            self.record.disturbed.append(run.now)

    def _note_death(self, known: Known, outcome: Outcome, at: datetime) -> None:
        """Record the first visit that could see a death, and the later visits that could not."""
        died = known.truth.death()
        if died is None or at < died or not known.truth.truly_gone(at):
            return
        death = self.record.deaths.get(known.truth.url)
        if death is None and outcome in (Outcome.GONE, Outcome.FAILING):
            death = Death(known.truth.way_of_death(), died, known.truth.back(), at)
            self.record.deaths[known.truth.url] = death
        elif death is not None and outcome is Outcome.SAYS_NOTHING:
            # Nothing is seen before the next visit.
            days = max(1, math.ceil((known.due - at) / DAY))
            death.hidden += [at + day * DAY for day in range(days)]

    def _note_unseen(self, visits: Sequence[NetworkEvidence], now: datetime) -> None:
        """Count a window that is trusted while our own network is out of order."""
        own = next((fault.trouble for fault in self.world.own if fault.at(now)), None)
        if own is not None and visits:
            self.record.unseen[own.value] += 1


def _seconds(now: datetime) -> float:
    return (now - START).total_seconds()


def _is_new_page(known: Known, seen: Observation) -> bool:
    """Whether a link shows the page of a blip, which it never did before."""
    return seen.failure_detail == BLIP_PAGE and bool(known.history)


def hash_of(text: str) -> int:
    """A number that is the same in every process."""
    return sum(ord(letter) * (place + 1) * 2_654_435_761 for place, letter in enumerate(text)) >> 8


def simulate(
    days: int = 60,
    urls: int = 2000,
    seed: int = 1,
    canaries: int = 5,
    *,
    cold: bool = False,
    every: int = 1,
    blips: float = 0.0,
    policy: Policy | None = None,
) -> dict[str, Any]:
    """The figures of one simulation with a run every so many days, ready for JSON."""
    simulation = Simulation(build(urls, days, seed, blips), policy or Policy(), canaries, cold=cold)
    for day in range(0, days, every):
        simulation.day(START + day * DAY)
    end = START + days * DAY
    return figures(simulation.record, simulation.world, simulation.run, end, every * DAY)


def _robots(host: Host) -> Url:
    """The URL that a canary requests."""
    return Url(f"{host.root}/robots.txt", host, START)


def _resets_only(known: Known) -> bool:
    """Whether the link's host blocks us and every visit since its last good answer failed: it looks like a dead host."""
    since = [seen for seen in known.history if seen.inconclusive is None]
    alive = [place for place, seen in enumerate(since) if seen.status == 200]
    failed = since[max(alive, default=-1) + 1 :]
    return known.truth.host.kind == "blocks" and all(seen.failure for seen in failed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--urls", type=int, default=2000)
    parser.add_argument("--seeds", type=_seeds, default=[1], metavar="N|N-M", help="worlds")
    parser.add_argument("--every", type=int, default=1, help="days from one run to the next")
    parser.add_argument("--canaries", type=int, default=5, help="configured ones; 0 for none")
    parser.add_argument("--cold", action="store_true", help="begin with a first run of everything")
    parser.add_argument("--blips", type=float, default=0.5, help="share of the days with one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures of each world")
    options = parser.parse_args()
    started = time.perf_counter()
    worlds = {
        seed: simulate(
            options.days,
            options.urls,
            seed,
            options.canaries,
            cold=options.cold,
            every=options.every,
            blips=options.blips,
        )
        for seed in options.seeds
    }
    for line in summary_lines(worlds.values()):
        print(line)
    print(f"seconds: {time.perf_counter() - started:.0f}")
    if options.json:
        options.json.write_text(json.dumps(worlds, indent=1) + "\n", encoding="utf-8")
    return 0 if all(map(is_well, worlds.values())) else 1


def _seeds(text: str) -> Sequence[int]:
    """`3` or `1-20`."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


if __name__ == "__main__":
    raise SystemExit(main())
