"""A crawl: everything that is due in one collection, visited politely.

It knows nothing of Scrapy's engine, of sockets or of threads. It is asked for the next step, told of answers and
failures, and its steps end when it has ended. All that is asked goes through one queue, redirects, retries,
robots.txt and canaries included.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Any

from crawler.crawl.back_off import BackOff
from crawler.crawl.continuation import Continuation
from crawler.crawl.crawl_progress import CrawlProgress
from crawler.crawl.departures import HostDeparture
from crawler.crawl.due_hosts import DueHosts
from crawler.crawl.frontier import Frontier
from crawler.crawl.name_trial import Found, NameTrial
from crawler.crawl.observer import Observer
from crawler.crawl.outage_watch import Turn
from crawler.crawl.purposes import (
    CanaryPurpose,
    LinkPurpose,
    ObservedPurpose,
    ProbePurpose,
    Purpose,
    RobotsPurpose,
)
from crawler.crawl.results import Results, batches
from crawler.crawl.robots import Permission, Robots
from crawler.crawl.steps import Ask, Commit, LookUp, Step, Stop, Wait
from crawler.crawl.unrecorded import OwnMachineError, Unrecorded
from crawler.fetching.answer import Answer
from crawler.fetching.certificate_probes import Certificates
from crawler.fetching.image_ranges import Ranges
from crawler.fetching.visit import (
    CanaryVisit,
    LinkVisit,
    ProbeVisit,
    RobotsVisit,
    Visit,
    host_of,
)
from crawler.model.observation import FailureKind
from crawler.operations.exclusions import apply_exclusions
from crawler.operations.intake import IntakeCount, take_in
from crawler.operations.left_waiting import note_left
from crawler.operations.local_image_visits import visit_local_images
from crawler.operations.monitoring import CrawlMeasured, marked_before, watch_over
from crawler.rules.outage.windows import WindowFinding, WindowVerdict
from crawler.session import Session
from crawler.transport.addresses import literal

logger = logging.getLogger(__name__)

_REFUSALS = {
    Permission.DENIED: FailureKind.ROBOTS_DENIED,
    Permission.UNREACHABLE: FailureKind.ROBOTS_UNREACHABLE,
}

MOST_IN_VAIN = 5
"""Requests that our own machine could not make before the visit is given up: after 1, 2, 4, 8 and 16 s."""

_HTTPS = 443

SHUTDOWN = "shutdown"
"""Scrapy's reason of a run that a signal has stopped."""

CLOSING_SECONDS = 1.5
"""How long the results of a stopped run are committed; they stay pending in the state, and nothing is lost."""

MOST_OF_TURN = 16
"""Visits handed out before the watch is asked again: with hosts always ready a window would never close (rule O1)."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """How to crawl. `max_in_flight` requests at once, `longest_chain` redirects of a visit at most."""

    max_in_flight: int = 16
    longest_chain: int = 10
    obey_robots: bool = True
    image_ranges: bool = True


class Crawl:
    """One run over a session's collection; making it begins the run. `monotonic` gives the time, in seconds.

    `addresses(url)` as of `NameTrial`; None where no name is looked up. `unrecorded` has the visits that faults of our
    own have cost.
    """

    def __init__(
        self,
        session: Session,
        options: CrawlOptions,
        certificates: Certificates,
        monotonic: Callable[[], float] = monotonic,
        *,
        addresses: Callable[[str], Collection[str]] | None = None,
    ) -> None:
        self._session = session
        self._options = options
        self._certificates = certificates
        self._monotonic = monotonic
        self.unrecorded = Unrecorded()
        self._under_way: set[Visit] = set()
        self._handed_out = 0
        self._planned = 0
        self._least_seconds = 0.0
        self._marked = 0
        self._intake = IntakeCount()
        self._frontier: Frontier | None = None
        self._purposes: dict[type[Visit], Purpose[Any]] = {}
        configuration, state = session.configuration, session.state
        clock = state.last_trusted_clock()
        # Two runs at the same made-up time follow each other, whatever the first one took.
        made_up = configuration.clock.start is not None
        session.run = state.start_run(configuration.clock.now())
        self._observer = Observer(
            configuration.clock.now, session.run.id, configuration.manners, state.kept_page
        )
        self._trial = NameTrial(addresses or _no_addresses)
        self._asks_names = addresses is not None
        ended = clock and clock[0 if made_up else 1]
        self._results = Results(session, ended, self._trial, monotonic)
        fixed = configuration.fixed_delay is not None
        self._robots = Robots(
            obey=lambda host: options.obey_robots and configuration.manners(host).respect_robots,
            longest_crawl_delay=(
                0.0 if fixed else configuration.policy.politeness.longest_crawl_delay
            ),
        )
        self._ranges = Ranges(wanted=options.image_ranges)

    # what is asked of it ---------------------------------------------------------------------

    def take_in(self) -> Iterator[None]:
        """Bring the state up to date with the files; yields now and then."""
        for progress in take_in(self._session):
            self._intake = progress
            yield

    def steps(self) -> Iterator[Step]:
        """The next step, again and again, until nothing is due and nothing on its way."""
        for _ in self._results.recover():
            yield Wait(0.0)
        apply_exclusions(self._session)
        for visits in batches(visit_local_images(self._session)):
            yield Commit(visits)
        frontier = self._begin()
        if frontier.exhausted:
            return
        if self._asks_names and self._has_names():
            yield LookUp(self._trial.names)
        watch = self._results.watch
        turn = watch.begin(self._monotonic())
        while not turn.ended:
            yield from self._carry_out(turn, frontier)
            self._results.stage()
            has_more = yield from self._hand_out(frontier, MOST_OF_TURN)
            turn = watch.turn(self._monotonic(), idle=self._is_idle(frontier))
            if turn.is_quiet and not has_more and turn.links is not frontier.is_paused:
                yield self._pause(frontier)
                turn = watch.turn(self._monotonic(), idle=False)
        yield from self._carry_out(turn, frontier)
        if turn.stop is not None:
            yield Stop(turn.stop)

    def looked_up(self, step: LookUp, found: Found) -> None:
        """The resolver has answered: the addresses of each name, none where it has none."""
        if step.elsewhere:
            self._results.named_elsewhere({name for name, there in found.items() if there})
        else:
            self._trial.heard(found)

    def close(self, reason: str, requests: int) -> None:
        """End the run, whether or not its steps have ended: commit what counts, and tell the state.

        Where it was stopped by a signal, nobody wants to wait: what `CLOSING_SECONDS` do not suffice for is left to the next run.
        """
        session, run = self._session, self._session.run
        assert run is not None
        if reason == "finished":
            self.unrecorded.note_unended(self._results.unended)
        was_stopped = reason == SHUTDOWN
        self._results.cut_off(self._is_finished, CLOSING_SECONDS if was_stopped else None)
        self._note_certificates()
        now = session.configuration.clock.now()
        if self._frontier is not None and self.finding.trusted:
            for left in self._frontier.left_waiting:
                note_left(session, left.host, left.wait, is_answering=left.is_answering)
        session.state.finish_run(run.id, now, reason, requests)
        seconds = (now - run.started_at).total_seconds()
        watch_over(
            session,
            CrawlMeasured(
                finished=reason == "finished",
                planned=self._planned,
                visited=self._results.observed,
                seconds=max(0, round(seconds)),
                least_seconds=round(self._least_seconds),
                marked=self._marked,
            ),
        )
        if not was_stopped:
            session.state.prune(now, session.configuration.policy.history_kept)

    @property
    def finding(self) -> WindowFinding:
        """The latest opinion on our own network."""
        return self._results.watch.finding

    @property
    def waiting(self) -> int:
        """Visits that have come to their end and wait to be judged."""
        return self._results.waiting

    def progress_line(self, gone: int) -> str:
        """How far it has come; `gone` links are broken or dead."""
        return self.progress().sentence(gone)

    def progress(self) -> CrawlProgress:
        """How far it has come."""
        watch, frontier = self._results.watch, self._frontier
        return CrawlProgress(
            files_read=self._intake.seen,
            has_begun=frontier is not None,
            visited=self._results.observed,
            planned=self._planned,
            in_flight=len(self._under_way),
            waiting_hosts=frontier.waiting_hosts if frontier is not None else 0,
            next_look=watch.wait(self._monotonic()) if watch.is_paused else None,
            waiting_again=self._results.waiting_again,
            asked_again_in=self._results.asked_again_in,
        )

    # what it is told -------------------------------------------------------------------------

    def answered(self, visit: Visit, answer: Answer) -> None:
        """An answer came in."""
        self._landed(visit)
        self._certificates.answered(visit)
        self._purposes[type(visit)].answered(visit, answer)
        if isinstance(visit, LinkVisit):
            self.unrecorded.went_well()

    async def failed(self, visit: Visit, kind: FailureKind, detail: str | None) -> None:
        """No answer came in. A probe of the certificate is a connection to the host: its slot is given back
        when that has ended."""
        if kind is FailureKind.OWN_MACHINE:
            self._asked_in_vain(visit, detail)
            return
        try:
            await self._purposes[type(visit)].failed(visit, kind, detail)
        finally:
            self._landed(visit)

    @contextmanager
    def accounted(self, visit: Visit) -> Iterator[None]:
        """Give a visit back where our own code fails at it (rule B12): the run would wait for it."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - counted, told at the end, and it decides the exit code
            self._lost(visit, error)

    def _lost(self, visit: Visit, error: BaseException) -> None:
        """A fault of our own came between a visit and its record. It is given back: its link stays due."""
        self.unrecorded.note(visit.begun_at, error)
        if visit in self._under_way:
            self._landed(visit)
        self._purposes[type(visit)].lost(visit)

    def _asked_in_vain(self, visit: Visit, detail: str | None) -> None:
        """Our own machine could not make the request: make it again when it may have recovered."""
        self._landed(visit)
        if visit.vain >= MOST_IN_VAIN:
            self._lost(visit, OwnMachineError(detail))
            return
        visit.not_before = self._monotonic() + 2**visit.vain
        visit.vain += 1
        visit.again()
        assert self._frontier is not None
        self._frontier.put(visit)

    # the queue -------------------------------------------------------------------------------

    def _begin(self) -> Frontier:
        due = DueHosts(self._session)
        self._planned = due.count
        self._least_seconds = due.least_seconds
        # Before a file is written into: later these are blocks of this run.
        self._marked = marked_before(self._session)
        frontier = self._frontier = due.frontier()
        configuration = self._session.configuration
        longest_wait = configuration.policy.politeness.longest_wait
        back_off = BackOff(frontier, configuration.manners, longest_wait, self._monotonic)
        going_on = Continuation(frontier, back_off, self._certificates, self._options.longest_chain)
        observer, results, robots = self._observer, self._results, self._robots
        self._purposes = {
            LinkVisit: LinkPurpose(frontier, going_on, observer, results, self._ranges),
            ProbeVisit: ProbePurpose(frontier, going_on, observer, results),
            RobotsVisit: RobotsPurpose(frontier, going_on, robots, results),
            CanaryVisit: CanaryPurpose(frontier, robots, observer, results),
        }
        if not frontier.exhausted:
            results.begin(self._planned)
        return frontier

    def _hand_out(self, frontier: Frontier, most: int) -> Generator[Ask, None, bool]:
        """Ask for `most` visits at most; returns whether there may be more whose time has come."""
        for _ in range(most):
            if len(self._under_way) >= self._options.max_in_flight:
                return False
            visit = frontier.take(self._monotonic())
            if visit is None:
                return False
            self._under_way.add(visit)
            if isinstance(visit, LinkVisit) and not self._admit(visit):
                self._landed(visit, asked=False)
                frontier.close_all()
                continue
            permission = (
                Permission.ALLOWED if visit.is_urgent else self._robots.permission(visit.url)
            )
            if permission is Permission.ALLOWED:
                yield self._ask(visit, frontier)
                continue
            if permission is Permission.UNKNOWN:
                frontier.park(visit)
                frontier.put(RobotsVisit.of(visit))
            self._landed(visit, asked=False)
            if permission in _REFUSALS:
                purpose = self._purposes[type(visit)]
                assert isinstance(purpose, ObservedPurpose)
                purpose.not_asked(visit, _REFUSALS[permission])
        return True

    def _admit(self, visit: LinkVisit) -> bool:
        """Count a link against `limit`, once; False where the limit is reached."""
        if visit.admitted:
            return True
        if self._is_at_limit:
            return False
        self._handed_out += 1
        visit.admitted = True
        self._results.link_begun(visit)
        return True

    @property
    def _is_at_limit(self) -> bool:
        limit = self._session.selection.limit
        return bool(limit) and self._handed_out >= limit

    def _ask(self, visit: Visit, frontier: Frontier) -> Ask:
        host = host_of(visit.url)
        if frontier.has_delay(host):
            visit.transfer.departure = HostDeparture(frontier, host, self._monotonic)
        if not isinstance(visit, CanaryVisit):
            # What a canary says in doubt is no sign that the network is well.
            self._certificates.prepare(visit)
        if isinstance(visit, LinkVisit):
            self._ranges.prepare(visit)
        return Ask(visit)

    def _landed(self, visit: Visit, *, asked: bool = True) -> None:
        assert self._frontier is not None
        self._under_way.remove(visit)
        self._frontier.done(host_of(visit.url), asked=asked)

    def _pause(self, frontier: Frontier) -> Wait:
        """Wait for an answer, for the next host's turn or for the watch's."""
        now = self._monotonic()
        full = len(self._under_way) >= self._options.max_in_flight
        results = self._results
        waits = [None if full else frontier.wait(now), results.watch.wait(now), results.staged_in]
        least = min((seconds for seconds in waits if seconds is not None), default=None)
        return Wait(None if least is None else max(0.0, least))

    def _is_idle(self, frontier: Frontier) -> bool:
        """Whether nothing is left to visit and nothing under way, probes for suspects included."""
        at_end = not self._under_way and frontier.exhausted
        results = self._results
        frontier.put_all(results.end_hosts(lambda host: at_end or self._is_finished(host)))
        if not at_end or not frontier.exhausted:
            return False
        results.flush()
        further = () if self._is_at_limit else results.candidates()
        self._planned += len(further)
        again = results.second_looks(more=False)
        frontier.put_all((*further, *again))
        if further or again:
            return False
        results.give_up_second_looks()
        return True

    def _has_names(self) -> bool:
        """Whether a host that is due is found by its name, and not where the operator or its link says."""
        assert self._frontier is not None
        connect_to = self._session.configuration.connect_to
        return any(
            literal(host) is None and connect_to.target(host, _HTTPS) is None
            for host in self._frontier.hosts
        )

    def _is_finished(self, host: str) -> bool:
        return self._frontier is None or self._frontier.is_finished(host)

    # our own network (docs/outage.md) --------------------------------------------------------

    def _carry_out(self, turn: Turn, frontier: Frontier) -> Iterator[Step]:
        frontier.put_all(turn.canaries)
        if turn.links:
            frontier.resume()
        else:
            frontier.pause()
        if turn.release is not None:
            yield from self._release(turn.release, frontier, more=not turn.ended)

    def _release(self, verdict: WindowVerdict, frontier: Frontier, *, more: bool) -> Iterator[Step]:
        """Commit a window; `more` says that the run goes on. Hosts are asked meanwhile: a window's
        commits take seconds."""
        watch = self._results.watch
        self._note_certificates()
        if verdict is WindowVerdict.TRUSTED:
            if more:
                frontier.put_all(self._results.second_looks(more=True))
            nameless = self._results.nameless()
            if nameless and self._session.configuration.second_resolver is not None:
                yield LookUp(nameless, elsewhere=True)
            self._session.state.note_origin_answers(watch.trusted_answers())
        else:
            logger.info("%s", watch.finding.sentence)
            self._robots.forget()
        for visits in batches(self._results.released(verdict, self._is_finished)):
            yield Commit(visits)
            yield from self._hand_out(frontier, len(visits))

    def _note_certificates(self) -> None:
        """Whatever the window is worth: a connection that was verified is the site's."""
        found = self._certificates.taken_validities()
        if found:
            self._session.state.note_certificates(found, self._session.configuration.clock.now())


def _no_addresses(_url: str) -> tuple[str, ...]:
    return ()
