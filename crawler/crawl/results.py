"""The results of a run, from a visit's end to its commit.

A result is counted as evidence on the network, is compared with what is known of its page, waits for its
soft-404 probe where it is suspect, stays pending until its window is judged, and is then committed (docs/outage.md, docs/soft-404.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice
from time import monotonic
from urllib.parse import urlsplit

from crawler.crawl.candidate_images import candidate_visits
from crawler.crawl.move_probes import MoveProbes
from crawler.crawl.name_trial import NameTrial
from crawler.crawl.outage_watch import MOST_STAGED, Before, OutageWatch, is_mapped
from crawler.crawl.owner_check import OwnerCheck
from crawler.crawl.pending_results import PendingResults, Seen
from crawler.crawl.second_looks import SecondLooks, Standing, standing
from crawler.crawl.soft_404_probes import Ready, Soft404Probes
from crawler.crawl.window_evidence import is_usual
from crawler.extractors.html.document import Document, UnreadPage
from crawler.fetching.observing import fingerprint
from crawler.fetching.visit import LinkVisit, ProbeKind, ProbeVisit, Visit, host_of
from crawler.model.link import DueLink
from crawler.model.observation import Inconclusive, Observation
from crawler.operations.judging import judge_visits
from crawler.rules.outage.release import as_inconclusive
from crawler.rules.outage.second_look import FirstFailure, sort_of
from crawler.rules.outage.windows import WindowVerdict
from crawler.rules.verdict.any_address import answered_as_itself
from crawler.rules.verdict.page_state import is_good
from crawler.session import Session

COMMITTED_AT_ONCE = 100
"""Results that are judged and committed in one transaction: answers wait meanwhile, for some hundredths of a second."""


def batches(results: Iterable[Seen]) -> Iterator[Sequence[Seen]]:
    """Results, in the batches in which they are committed."""
    rest = iter(results)
    while batch := tuple(islice(rest, COMMITTED_AT_ONCE)):
        yield batch


class Results:
    """The results of one run. `observed` counts the visits of links that have come to their end.

    `run_ended` is when the last run ended whose clock was not found wrong. `trial` are the names that it asks for trial.
    `monotonic` gives the time, in seconds.
    """

    def __init__(
        self,
        session: Session,
        run_ended: datetime | None,
        trial: NameTrial,
        monotonic: Callable[[], float] = monotonic,
    ) -> None:
        assert session.run is not None
        self._session = session
        self._trial = trial
        self._run = session.run.id
        self._run_ended = run_ended
        self._monotonic = monotonic
        state = session.state
        self._pending = PendingResults(state, session.configuration.policy.outages, monotonic)
        self._probes = Soft404Probes(
            seed=secrets.token_hex(8),
            titles=state.stored_titles,
            ending_at=state.ending_at,
            lately=self._answered_lately,
        )
        self._moves = MoveProbes()
        self._seconds = SecondLooks(
            session.configuration.policy.outages,
            standing=self._standing,
            is_alive_host=self._was_alive,
        )
        self._owners = OwnerCheck(state)
        self.observed = 0
        self._under_way: set[int] = set()
        self._has_looked = False
        self.watch = self._watch(0)

    def begin(self, visits: int) -> None:
        """Choose the canaries of a run that will make so many visits."""
        self.watch = self._watch(visits)

    def recover(self) -> Iterator[None]:
        """Commit the pending results of a killed run, as far as they count without a look at the network; yields after
        each batch. They are judged a window at a time, the oldest first."""
        while True:
            self._pending.recover(MOST_STAGED)
            if not self._pending.waiting:
                return
            for link_id, seen in self._pending.each():
                self.watch.note(link_id, seen, fingerprint(seen))
                self._seconds.note(link_id, seen, seen.at.timestamp())
            self._give_up_doubted()
            verdict = self.watch.cut_off(self._monotonic())
            released = self.released(verdict, lambda _host: True)
            if not released:
                return
            yield from self._judge(released)

    def link_begun(self, visit: LinkVisit) -> None:
        """Note that the visit of a link has begun; `link_ended` gets its result, wherever its redirects lead."""
        self._under_way.add(visit.link.id)
        self._probes.begun(visit)

    def link_lost(self, visit: LinkVisit) -> None:
        """Note that the visit of a link ends without a result: nothing waits for it any more, and it stays due."""
        if visit.link.id in self._under_way:
            self._under_way.remove(visit.link.id)
            self._probes.lost(visit)

    @property
    def unended(self) -> int:
        """Visits of links that have begun and have neither ended nor been lost."""
        return len(self._under_way)

    def link_ended(
        self,
        visit: LinkVisit,
        seen: Observation,
        mark: str | None,
        document: Document | UnreadPage | None,
    ) -> Sequence[Visit]:
        """Take the result of a link; returns the probes to ask now."""
        link_id, now = visit.link.id, self._monotonic()
        again = visit.is_second_look and link_id in self._seconds.waiting
        self.observed += not visit.is_second_look
        self.watch.note(link_id, seen, mark, again=again)
        seen = self._owners.checked(visit.link, seen, document)
        self._under_way.discard(link_id)
        if again:
            seen = self._heard_again(link_id, seen, mark)
        else:
            self._seconds.note(link_id, seen, now, mark)
        return self._settle(self._probes.take(visit, seen, document))

    def second_looks(self, *, more: bool) -> Sequence[LinkVisit]:
        """The links to ask again, because of what failed in this window; `more` says that the run goes on."""
        doubted = self._seconds.doubted(more=more)
        behind_one_page = self.watch.behind_one_page
        self._keep(self._seconds.hidden(self._pending.by_link, behind_one_page))
        visits = self._seconds.ask(self._pending.by_link, doubted, behind_one_page)
        for visit in visits:
            self._probes.begun(visit)
        return visits

    @property
    def waiting_again(self) -> int:
        """How many failures wait for a second look."""
        return len(self._seconds.waiting)

    @property
    def asked_again_in(self) -> float:
        """Seconds until the last second look may be made."""
        return self._seconds.seconds_left(self._monotonic())

    def nameless(self) -> tuple[str, ...]:
        """The hosts whose names failed, with nothing left to wait for."""
        return tuple(sorted({host for host, _, _ in self._nameless()}))

    def named_elsewhere(self, hosts: Collection[str]) -> None:
        """Take back the failures of hosts whose names another resolver knows."""
        for host, due, seen in list(self._nameless()):
            if host in hosts:
                self._pending.add(due, as_inconclusive(seen, Inconclusive.UNCONFIRMED))

    def probe_ended(
        self, visit: ProbeVisit, seen: Observation, document: Document | UnreadPage | None
    ) -> Sequence[Visit]:
        """Take the result of a probe; returns the probes to ask now."""
        if visit.probed.kind in (ProbeKind.LANGUAGE, ProbeKind.CLEAN):
            self._keep(self._moves.answered(visit, seen))
            return self._moves.to_ask()
        return self._settle(self._probes.answered(visit, seen, document))

    def end_hosts(self, is_finished: Callable[[str], bool]) -> Sequence[Visit]:
        """Decide what waits for hosts that have nothing left to visit; returns the probes to ask now."""
        visits: list[Visit] = []
        for host in self._probes.hosts_waiting:
            if is_finished(host):
                visits += self._settle(self._probes.host_finished(host))
        return visits

    def candidates(self) -> Sequence[LinkVisit]:
        """The visits, once in a run, of candidates for images that are gone or too small."""
        if self._has_looked:
            return []
        self._has_looked = True
        return candidate_visits(self._session, dict(self._pending.each()), self._run)

    def flush(self) -> None:
        """Wait for no probe any more: the run ends."""
        self._settle(self._probes.flush())
        self._keep(self._moves.flush())

    @property
    def waiting(self) -> int:
        """The results that wait to be judged."""
        return len(self._pending.by_link)

    @property
    def staged_in(self) -> float | None:
        """Seconds until results have to be put into the state; None where all of them are there."""
        return self._pending.staged_in

    def stage(self) -> None:
        """Put the results that wait into the state, where it is time. Raises `StateError`."""
        left = self._pending.staged_in
        if left is not None and left <= 0:
            self._pending.stage()

    def give_up_second_looks(self) -> None:
        """What nobody can ask again in this run is unconfirmed."""
        self._keep(self._seconds.flush())

    def released(self, verdict: WindowVerdict, is_finished: Callable[[str], bool]) -> list[Seen]:
        """The results to commit of a window that was judged."""
        if verdict is not WindowVerdict.TRUSTED:
            self._seconds.drop()
        self._seconds.close_window()
        misled = self._trial.told(seen.url for seen in self._pending.waiting).misled
        return self._pending.release(
            verdict,
            is_finished,
            self._session.configuration.clock.now(),
            in_doubt=self._seconds.waiting,
            misled=misled,
        )

    def cut_off(self, is_finished: Callable[[str], bool], seconds: float | None) -> None:
        """Commit what counts of a run that was stopped. Results that wait for their host stay pending, and so do those
        for which `seconds` do not suffice: the next run commits them."""
        ends = None if seconds is None else self._monotonic() + seconds
        self.flush()
        self._give_up_doubted()
        self._pending.stage()
        released = self.released(self.watch.cut_off(self._monotonic()), is_finished)
        for _ in self._judge(released):
            if ends is not None and self._monotonic() >= ends:
                return

    def _settle(self, ready: Ready) -> Sequence[Visit]:
        self._keep(self._moves.take(ready))
        return [*self._probes.to_ask(), *self._moves.to_ask()]

    def _keep(self, ready: Ready) -> None:
        for due, seen in ready:
            self._pending.add(due, seen)

    def _heard_again(self, link_id: int, seen: Observation, mark: str | None) -> Observation:
        """What stands for a link after its second look; those that it spoke for are settled too."""
        heard = self._seconds.heard(link_id, seen, mark)
        if heard.is_same:
            self.watch.failed_again(self._monotonic())
        self._keep(heard.others)
        return heard.seen

    def _nameless(self) -> Iterator[tuple[str, DueLink, Observation]]:
        """Host, link and observation of what is pending, waits for no second look, and found no name at the link's own
        host."""
        for link_id, (due, seen) in self._pending.by_link.items():
            is_settled = link_id not in self._seconds.waiting and seen.inconclusive is None
            if is_settled and sort_of(seen) is FirstFailure.NAME and not seen.hops:
                yield host_of(seen.url), due, seen

    def _give_up_doubted(self) -> None:
        """The failures that would be asked again, where nobody can any more."""
        doubted = self._seconds.doubted(more=False)
        for link_id, (due, seen) in list(self._pending.by_link.items()):
            if link_id in doubted:
                self._pending.add(due, as_inconclusive(seen, Inconclusive.UNCONFIRMED))
        self._seconds.drop()

    def _was_alive(self, host: str) -> bool:
        return self.watch.was_alive(host)

    def _standing(self, link_id: int) -> Standing:
        link = self._session.state.link(link_id)
        if link is None:
            return Standing()
        return standing(link.verdict, was_visited=link.checked_at is not None)

    def _judge(self, released: Sequence[Seen]) -> Iterator[None]:
        for batch in batches(released):
            judge_visits(self._session, [(due.id, seen) for due, seen in batch])
            yield

    def _answered_lately(self, netloc: str, at: datetime) -> bool:
        """Whether another link of a site was answered as itself in the time before."""
        host = urlsplit(f"//{netloc}").hostname or ""
        since = at - self._session.configuration.policy.outages.blocking_memory
        return any(
            urlsplit(seen.url).netloc == netloc and is_good(seen) and answered_as_itself(seen)
            for seen in self._session.state.host_history(host, since)
        )

    def _watch(self, visits: int) -> OutageWatch:
        configuration, state = self._session.configuration, self._session.state
        hosts = [seen for seen in state.hosts_seen() if not configuration.manners(seen.host).skip]
        known = Before(hosts, state.origin_answers(), self._run_ended)
        return OutageWatch(
            configuration.policy.outages,
            known,
            run=self._run,
            visits=visits,
            configured=configuration.canaries,
            wall=configuration.clock.now,
            now=self._monotonic(),
            is_usual=partial(is_usual, state),
            is_mapped=partial(is_mapped, configuration.connect_to),
            in_doubt=lambda more: self._seconds.superseded(more=more),
            names=self._trial.told,
        )
