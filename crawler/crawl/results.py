"""Where visits end: suspects wait for their siblings, and everything for its window to be judged.

A visit is noted, settled when nothing is doubtful about it any more, staged, and committed when it is
known that the run saw the web (docs/outage.md, docs/soft-404.md).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import monotonic

from crawler.crawl.candidate_images import candidate_visits
from crawler.crawl.outage_watch import Before, OutageWatch, is_mapped, is_usual
from crawler.crawl.pending_results import Seen, Stage
from crawler.crawl.soft_404_probes import Ready, Sketching, Suspects
from crawler.fetching.observing import fingerprint
from crawler.fetching.visit import Purpose, Visit
from crawler.model.observation import Observation
from crawler.operations.judging import judge_visit
from crawler.rules.outage.windows import WindowVerdict
from crawler.session import Session


class Ledger:
    """The visits of one run. `observed` counts those of links that have come to their end.

    `run_ended` is when the last run ended whose clock was not found wrong.
    """

    def __init__(self, session: Session, run_ended: datetime | None) -> None:
        assert session.run is not None
        self._session = session
        self._run = session.run.id
        self._run_ended = run_ended
        state = session.state
        self._stage = Stage(state, session.configuration.policy.outages)
        self.suspects = Suspects(
            seed=secrets.token_hex(8), titles=state.stored_titles, ending_at=state.ending_at
        )
        self.observed = 0
        self._has_looked = False
        self.watch = self._watch(0)

    def begin(self, visits: int) -> None:
        """So many visits are due: choose whom to ask about the network."""
        self.watch = self._watch(visits)

    def recover(self) -> None:
        """Commit what a killed run saw in its last window; nobody looked at the network after it."""
        self._stage.recover()
        for link_id, seen in self._stage.each():
            self.watch.note(link_id, seen, fingerprint(seen))
        if self._stage.waiting:
            self._judge(self.released(self.watch.cut_off(monotonic()), lambda _host: True))

    def note(
        self, visit: Visit, seen: Observation, mark: str | None, sketch: Sketching | None
    ) -> list[Visit]:
        """A visit of a link or of a sibling has come to its end; gives the siblings to ask now."""
        if visit.purpose is Purpose.SIBLING:
            return self._settle(self.suspects.answered(visit, seen, sketch))
        self.observed += 1
        self.watch.note(visit.link.id, seen, mark)
        return self._settle(self.suspects.take(visit, seen, sketch))

    def end_hosts(self, is_finished: Callable[[str], bool]) -> list[Visit]:
        """Settle what waited for hosts that have nothing left to visit; gives the siblings to ask."""
        visits = []
        for host in self.suspects.hosts_waiting:
            if is_finished(host):
                visits += self._settle(self.suspects.host_finished(host))
        return visits

    def candidates(self) -> list[Visit]:
        """The visits, once in a run, of what may do better than the images that were found wanting."""
        if self._has_looked:
            return []
        self._has_looked = True
        return candidate_visits(self._session, dict(self._stage.each()), self._run)

    def flush(self) -> None:
        """The run has come to its end: nobody is waited for any more."""
        self._settle(self.suspects.flush())

    def released(self, verdict: WindowVerdict, is_finished: Callable[[str], bool]) -> list[Seen]:
        """What is to be committed of a window that was judged."""
        return self._stage.release(verdict, is_finished, self._session.configuration.clock.now())

    def cut_off(self, is_finished: Callable[[str], bool]) -> None:
        """The run was stopped in a window: commit what counts. What waits for its host is for the next run."""
        self.flush()
        self._judge(self.released(self.watch.cut_off(monotonic()), is_finished))

    def _settle(self, ready: Ready) -> list[Visit]:
        for due, seen in ready:
            self._stage.add(due, seen)
        return self.suspects.siblings_to_ask()

    def _judge(self, released: list[Seen]) -> None:
        for due, seen in released:
            judge_visit(self._session, due.id, seen)

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
            now=monotonic(),
            is_usual=partial(is_usual, state),
            is_mapped=partial(is_mapped, configuration.connect_to),
        )
