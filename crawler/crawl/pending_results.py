"""Pending results: observations that wait until their window is judged (rules O1, O12, O13).

They go into the state by batches, so that a killed run loses no more than those of the last `UNSTAGED_SECONDS`. The
window's verdict decides which of them count, and as what.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from datetime import datetime
from time import monotonic
from urllib.parse import urlsplit

from crawler.model.link import DueLink
from crawler.model.observation import Observation
from crawler.rules.outage.release import HostInRun, leads_home, needs_host, release
from crawler.rules.outage.windows import WindowVerdict
from crawler.rules.places import is_deep
from crawler.rules.policy import OutagePolicy
from crawler.state import State

MOST_LINKS = 50
"""Links of a host that are looked at to see whether it has several."""

MOST_WAITING = 5_000
"""Results, some 2 KB each, that wait in memory for their host's end. The oldest beyond that are left in the state, where the
next run takes them over: one host may have a hundred thousand links that all time out."""

STAGED_AT_ONCE = 200
UNSTAGED_SECONDS = 0.5
"""A result goes into the state with those after it, when there are so many or the first has waited so long: a
transaction costs more than what is written in it."""

Seen = tuple[DueLink, Observation]


class PendingResults:
    """The pending results of a run, oldest first. `monotonic` gives the time, in seconds."""

    def __init__(
        self, state: State, policy: OutagePolicy, monotonic: Callable[[], float] = monotonic
    ) -> None:
        self._state = state
        self._policy = policy
        self._monotonic = monotonic
        self._waiting: dict[int, Seen] = {}
        self._unstaged: dict[int, Observation] = {}
        self._unstaged_since = 0.0

    def add(self, due: DueLink, seen: Observation) -> None:
        """Keep a result; `stage` makes it durable."""
        if not self._unstaged:
            self._unstaged_since = self._monotonic()
        self._waiting[due.id] = (due, seen)
        self._unstaged[due.id] = seen

    def stage(self) -> None:
        """Put into the state what is not there yet. Raises `StateError`."""
        if self._unstaged:
            self._state.keep_all_pending(list(self._unstaged.items()))
            self._unstaged.clear()

    @property
    def staged_in(self) -> float | None:
        """Seconds until `stage` is due, none or less for now; None where nothing waits for it."""
        if not self._unstaged:
            return None
        if len(self._unstaged) >= STAGED_AT_ONCE:
            return 0.0
        return self._unstaged_since + UNSTAGED_SECONDS - self._monotonic()

    def recover(self, most: int) -> None:
        """Take over the pending results of a killed run, the `most` oldest."""
        for pending in self._state.pending_visits(most):
            seen = pending.observation
            host = urlsplit(seen.url).hostname or ""
            self._waiting[pending.link_id] = (
                DueLink(pending.link_id, seen.url, host, wants_image=False),
                seen,
            )

    @property
    def waiting(self) -> tuple[Observation, ...]:
        """The pending observations."""
        return tuple(seen for _, seen in self._waiting.values())

    @property
    def by_link(self) -> Mapping[int, Seen]:
        """The pending results, by the ids of their links."""
        return self._waiting

    def each(self) -> Iterator[tuple[int, Observation]]:
        """The pending observations, with the ids of their links."""
        for due, seen in self._waiting.values():
            yield due.id, seen

    def release(
        self,
        verdict: WindowVerdict,
        is_finished: Callable[[str], bool],
        now: datetime,
        *,
        in_doubt: Container[int] = (),
        misled: Container[str] = (),
    ) -> list[Seen]:
        """The results to commit of a window that was judged, marked where they count for nothing.

        `is_finished` says whether a host has nothing left to visit; the rest stays pending, and so do links that are
        `in_doubt` while the window is trusted. `misled` are hosts as of `windows.Names`.
        """
        hosts = self._hosts(verdict, is_finished, now, in_doubt, misled)
        by_url = {seen.url: due for due, seen in self._waiting.values()}
        trusted = verdict is WindowVerdict.TRUSTED
        ready = [
            seen for due, seen in self._waiting.values() if not (trusted and due.id in in_doubt)
        ]
        released = release(ready, verdict, hosts, self._policy)
        committed = [(by_url[seen.url], seen) for seen in released.committed]
        for due, _ in committed:
            del self._waiting[due.id]
            # What is committed at once need not wait in the state: a run that is killed between repeats it.
            self._unstaged.pop(due.id, None)
        self.stage()
        for link_id in list(self._waiting)[:-MOST_WAITING]:
            del self._waiting[link_id]
        return committed

    def _hosts(
        self,
        verdict: WindowVerdict,
        is_finished: Callable[[str], bool],
        now: datetime,
        in_doubt: Container[int],
        misled: Container[str],
    ) -> Mapping[str, HostInRun]:
        """What the rules need of each host; its history is read only where they will look. What is in doubt says nothing of
        its host."""
        by_host: dict[str, list[Observation]] = defaultdict(list)
        doubted = {seen.url for due, seen in self._waiting.values() if due.id in in_doubt}
        for due, seen in self._waiting.values():
            by_host[due.host].append(seen)
        hosts: dict[str, HostInRun] = {}
        for host, seen_here in by_host.items():
            finished = is_finished(host)
            is_read = verdict is WindowVerdict.TRUSTED and any(map(needs_host, seen_here))
            known = (*self._lately(host, now), *seen_here) if is_read else ()
            for place in {urlsplit(seen.url).netloc for seen in seen_here}:
                here = tuple(
                    seen
                    for seen in known
                    if urlsplit(seen.url).netloc == place and seen.url not in doubted
                )
                links = self._deep_links(host, place) if any(map(leads_home, seen_here)) else 0
                hosts[place] = HostInRun(here, finished, links, place in misled)
        return hosts

    def _deep_links(self, host: str, place: str) -> int:
        """How many deep links of a site are known, up to `MOST_LINKS`."""
        known = map(urlsplit, self._state.urls_of_host(host, MOST_LINKS))
        return sum(url.netloc == place and is_deep(url) for url in known)

    def _lately(self, host: str, now: datetime) -> Iterable[Observation]:
        """The earlier observations of a host, without those of our own outages."""
        before = self._state.host_history(host, now - self._policy.blocking_memory)
        return (
            seen for seen in before if seen.inconclusive is None or not seen.inconclusive.is_ours
        )
