"""Soft-404 probes: an answer that its site may give to any address waits until a probe decides (rules N4 to N8).

A suspect (`crawler.rules.verdict.probe_reasons`) waits for the probe of its folder: an address that cannot exist there.
Each folder is probed once in a run. A redirected answer may become a suspect only because other links end at the
same URL; it waits until its host has nothing left to visit, so that the first such link is not called moved while
the third is called gone. The number of waiting answers is bounded, none waits for ever, and an answer that cannot
be decided is returned as it was observed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from crawler.extractors.signs.likeness import Sketch, alike, sketch_page
from crawler.fetching.visit import LinkVisit, ProbeVisit, Visit
from crawler.model.link import DueLink
from crawler.model.observation import FailureKind, Observation, Probe
from crawler.rules.places import same_end, same_place
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find, is_success
from crawler.rules.verdict.probe_reasons import (
    ENOUGH_ENDS,
    ProbeReason,
    folder_of,
    is_elsewhere,
    probe_reason,
    probe_url,
)

MOST_HELD = 1_000
"""Observations that wait at a time, some 15 KB each; the next one is returned undecided (rule N8)."""

MOST_FOLDERS = 2_000
"""Probes of a run. All of their answers are kept, some 15 KB each."""

MOST_OF_HOST = 20
"""Probes of one host and run: its other suspects have their turn when they are due again."""

MOST_ENDS = 20_000
MOST_TITLES = 50

Ready = list[tuple[DueLink, Observation]]
Sketching = Callable[[], Sketch | None]
"""Reads the page once more, which only a suspect is worth."""

_NOT_ASKED = frozenset({FailureKind.ROBOTS_DENIED, FailureKind.ROBOTS_UNREACHABLE})


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    link: DueLink
    seen: Observation
    sketch: Sketch | None
    titles: Sequence[str]
    reason: ProbeReason | None
    """None while only other links' ends can make it a suspect."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer of a folder's probe; `probe` is None where it could not be asked."""

    probe: Probe | None
    sketch: Sketch | None = None
    canonical: str | None = None


def sketching(visit: Visit, body: bytes, content_type: str | None) -> Sketching:
    """How to sketch the page that a visit ended at, without the words of the address it asked for."""
    return lambda: sketch_page(body, url=visit.begun_at, content_type=content_type)


class Soft404Probes:
    """The suspects and the probes of one run.

    `titles(link_id, limit)` are the stored titles of a link; `ending_at(host, final_url, limit)` the URLs of a host
    that earlier visits ended there. `seed` makes the probes' names.
    """

    def __init__(
        self,
        *,
        seed: str,
        titles: Callable[[int, int], Sequence[str]],
        ending_at: Callable[[str, str, int], Sequence[str]],
    ) -> None:
        self._seed = seed
        self._titles = titles
        self._ending_at = ending_at
        self._held = 0
        self._by_folder: dict[str, list[_Held]] = {}
        self._by_host: defaultdict[str, list[_Held]] = defaultdict(list)
        self._answers: dict[str, _Answer] = {}
        self._asked_of: Counter[str] = Counter()
        self._to_ask: list[ProbeVisit] = []
        self._ends: dict[str, set[object]] = {}
        self._under_way: Counter[str] = Counter()

    @property
    def waiting(self) -> bool:
        """Whether a suspect waits."""
        return self._held > 0

    @property
    def hosts_waiting(self) -> list[str]:
        """The hosts that suspects wait for, where no visit that has begun is still under way."""
        return [host for host in self._by_host if self._under_way[host] <= 0]

    def begun(self, visit: LinkVisit) -> None:
        """Note that the visit of a link has begun; `take` gets its result, wherever its redirects lead."""
        self._under_way[visit.link.host] += 1

    def take(self, visit: LinkVisit, seen: Observation, sketch: Sketching | None = None) -> Ready:
        """Take the result of a link: returned at once where it is no suspect, else kept."""
        link = visit.link
        self._under_way[link.host] -= 1
        if link.wants_image or not _is_doubtful(seen):
            return [(link, seen)]
        titles = self._titles(link.id, MOST_TITLES)
        ends = self._note_end(seen) if is_elsewhere(seen) else 0
        reason = probe_reason(seen, titles, ends)
        if reason is None and probe_reason(seen, titles, ENOUGH_ENDS) is None:
            return [(link, seen)]
        if self._held >= MOST_HELD:
            return [(link, seen)]
        held = _Held(link, seen, sketch() if sketch else None, titles, reason)
        self._held += 1
        return self._wait(held)

    def to_ask(self) -> list[ProbeVisit]:
        """The probes that have become necessary since the last call."""
        visits, self._to_ask = self._to_ask, []
        return visits

    def answered(
        self, visit: ProbeVisit, seen: Observation, sketch: Sketching | None = None
    ) -> Ready:
        """Take the result of a probe: returns the suspects that waited for it, decided."""
        answer = _answer_of(seen, sketch)
        self._answers[visit.folder] = answer
        return [self._decided(held, answer) for held in self._by_folder.pop(visit.folder, ())]

    def host_finished(self, host: str) -> Ready:
        """Decide about, or probe, the suspects of a host that has nothing left to visit."""
        ready: Ready = []
        for held in self._by_host.pop(host, ()):
            reason = probe_reason(held.seen, held.titles, self._count_ends(host, held.seen))
            if reason is None:
                ready.append(self._undecided(held))
            else:
                ready += self._wait(replace(held, reason=reason))
        return ready

    def flush(self) -> Ready:
        """Return every suspect that still waits, undecided: the run ends."""
        held = [*self._by_host.values(), *self._by_folder.values()]
        self._by_host.clear()
        self._by_folder.clear()
        return [self._undecided(one) for several in held for one in several]

    def _wait(self, held: _Held) -> Ready:
        folder = folder_of(held.seen.url)
        answer = self._answers.get(folder)
        if answer is not None:
            return [self._decided(held, answer)]
        if held.reason is None:
            self._by_host[held.link.host].append(held)
            return []
        if folder not in self._by_folder:
            if self._asked_of[held.link.host] >= MOST_OF_HOST or self._folders >= MOST_FOLDERS:
                return [self._undecided(held)]
            self._asked_of[held.link.host] += 1
            url = probe_url(held.seen.url, self._seed)
            self._to_ask.append(ProbeVisit.of(url, folder))
            self._by_folder[folder] = []
        self._by_folder[folder].append(held)
        return []

    @property
    def _folders(self) -> int:
        return len(self._answers) + len(self._by_folder)

    def _decided(self, held: _Held, answer: _Answer) -> tuple[DueLink, Observation]:
        self._held -= 1
        return held.link, _with_probe(held, answer)

    def _undecided(self, held: _Held) -> tuple[DueLink, Observation]:
        self._held -= 1
        return held.link, held.seen

    def _note_end(self, seen: Observation) -> int:
        """Count one more place that leads to a visit's final URL; returns how many there are."""
        end = seen.final_url or seen.url
        if end not in self._ends and len(self._ends) >= MOST_ENDS:
            return 1
        places = self._ends.setdefault(end, set())
        if len(places) < ENOUGH_ENDS:
            places.add(same_place(seen.url))
        return len(places)

    def _count_ends(self, host: str, seen: Observation) -> int:
        end = seen.final_url or seen.url
        places = set(self._ends.get(end, ()))
        if len(places) < ENOUGH_ENDS:
            # Links whose visit is not due in this run count by where they ended last.
            places |= set(map(same_place, self._ending_at(host, end, MOST_TITLES)))
        return len(places)


def _is_doubtful(seen: Observation) -> bool:
    """Whether an answer can be a suspect at all. Cheap: most pages state the time of their publication."""
    if seen.page is None or (seen.page.stated is not None and not is_elsewhere(seen)):
        return False
    return find(seen).outcome in (Outcome.ALIVE, Outcome.MOVED)


def _answer_of(seen: Observation, sketch: Sketching | None) -> _Answer:
    if seen.failure in _NOT_ASKED:
        return _Answer(None)
    # A wall's 200 or 404 says as little as no answer.
    status = None if find(seen).outcome is Outcome.SAYS_NOTHING else seen.status
    probe = Probe(seen.url, status, seen.final_url)
    if not is_success(status):
        return _Answer(probe)
    canonical = seen.page.canonical if seen.page else None
    return _Answer(probe, sketch() if sketch and seen.page else None, canonical)


def _with_probe(held: _Held, answer: _Answer) -> Observation:
    """A suspect's observation with the probe's answer; unchanged where that says nothing of it."""
    seen, probe = held.seen, answer.probe
    if probe is None:
        return seen
    if not is_success(probe.status):
        return replace(seen, probe=probe)
    together = same_end(seen.final_url or seen.url, probe.final_url or probe.url)
    if held.reason is None and not together:
        return seen
    if answer.canonical and same_place(answer.canonical) == same_place(seen.url):
        # The site shows this very page under any name: another part of the address identifies it.
        return seen
    likeness = _likeness(held.sketch, answer.sketch, together=together)
    seen = replace(seen, probe=replace(probe, alike=likeness))
    # The words of a shell are not the page's, as those of a wall are not.
    return replace(seen, page=None) if likeness is None else seen


def _likeness(one: Sketch | None, other: Sketch | None, *, together: bool) -> float | None:
    """How alike two pages are; None where neither has words to compare.

    Where both ended at one URL the redirect is the evidence, and a page of nothing but links will do.
    """
    if one is None or other is None:
        return 0.0
    empty = all(page.is_blank if together else page.is_shell for page in (one, other))
    return None if empty else round(alike(one, other), 3)
