"""Soft-404 probes: an answer that its site may give to any address waits until probes decide (rules N4 to N13).

A suspect (`crawler.rules.verdict.probe_reasons`) waits for the probe of its folder: an address that cannot exist there.
Each folder is probed once in a run. Where the site answers both alike, the rest of the host speaks: the suspect waits until
its host has nothing left to visit, and then perhaps for the root of the site, which is asked once in a run too. So does a
redirected answer that may become a suspect only because other links end at the same URL: the first such link is not called
moved while the third is called gone. The number of waiting answers is bounded, none waits for ever, and an answer that
cannot be decided is returned as it was observed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.extractors.html.document import Document, UnreadPage, parsed
from crawler.extractors.signs.gates import says_gate
from crawler.extractors.signs.likeness import Sketch, alike, sketch_document
from crawler.extractors.signs.said_gone import says_gone
from crawler.fetching.visit import LinkVisit, Probed, ProbeKind, ProbeVisit, origin_of
from crawler.model.link import DueLink
from crawler.model.observation import FailureKind, Neighbour, Observation, Probe
from crawler.rules.places import is_search, same_end, same_place
from crawler.rules.verdict.any_address import (
    answered_as_itself,
    is_root_worth_asking,
    lacks_evidence,
    like_its_probe,
    would_be_gone,
)
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find, is_good
from crawler.rules.verdict.probe_reasons import (
    ENOUGH_ENDS,
    ProbeReason,
    bears_title,
    echoes_search,
    folder_of,
    is_elsewhere,
    probe_reason,
    probe_url,
)
from crawler.rules.verdict.redirect_ends import is_front_in_question
from crawler.rules.verdict.statuses import is_success
from crawler.transport.recently_used import RecentlyUsed

MOST_HELD = 1_000
"""Observations that wait at a time, some 15 KB each; the next one is returned undecided (rule N8)."""

MOST_PROBES = 2_000
"""Probes of folders and of roots in a run. All of their answers are kept, some 15 KB each."""

MOST_OF_HOST = 20
"""Probes of one host and run: its other suspects have their turn when they are due again."""

MOST_ENDS = 20_000
MOST_SITES = 20_000
"""Sites of which it is kept when they last answered as themselves, the latest; of others the state is asked."""
MOST_TITLES = 50

Ready = list[tuple[DueLink, Observation]]

_NOT_ASKED = frozenset({FailureKind.ROBOTS_DENIED, FailureKind.ROBOTS_UNREACHABLE})


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """A suspect. `reason` is None while only other links' ends can make it one; `is_last` says that its host has nothing
    left to visit."""

    link: DueLink
    seen: Observation
    sketch: Sketch | None
    reason: ProbeReason | None
    is_last: bool = False
    is_echo: bool = False
    """Whether its page is titled as a search that the link did not ask for (rule N14)."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """The answer of a probe; `probe` is None where it could not be asked. `is_echo` as of `_Held`."""

    probe: Probe | None
    sketch: Sketch | None = None
    canonical: str | None = None
    is_echo: bool = False


_NO_ANSWER = _Answer(None)


class Soft404Probes:
    """The suspects and the probes of one run.

    `titles(link_id, limit)` are the stored titles of a link; `ending_at(host, final_url, limit)` the URLs of a host
    that earlier visits ended there; `lately(host, at)` says whether another link of a host was answered as itself in the
    time before. `seed` makes the probes' names.
    """

    def __init__(
        self,
        *,
        seed: str,
        titles: Callable[[int, int], Sequence[str]],
        ending_at: Callable[[str, str, int], Sequence[str]],
        lately: Callable[[str, datetime], bool],
    ) -> None:
        self._seed = seed
        self._titles = titles
        self._ending_at = ending_at
        self._lately = lately
        self._held = 0
        self._waiting: dict[Probed, list[_Held]] = {}
        self._by_host: defaultdict[str, list[_Held]] = defaultdict(list)
        self._answers: dict[Probed, _Answer] = {}
        self._asked_of: Counter[str] = Counter()
        self._to_ask: list[ProbeVisit] = []
        self._ends: dict[str, set[object]] = {}
        self._under_way: Counter[str] = Counter()
        self._answered_at = RecentlyUsed[str, datetime](MOST_SITES)

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

    def lost(self, visit: LinkVisit) -> None:
        """Note that the visit of a link has ended without a result."""
        self._under_way[visit.link.host] -= 1

    def take(
        self,
        visit: LinkVisit,
        seen: Observation,
        document: Document | UnreadPage | None = None,
    ) -> Ready:
        """Take the result of a link: returned at once where it is no suspect, else kept."""
        link = visit.link
        self._under_way[link.host] -= 1
        if self._under_way[link.host] <= 0:
            del self._under_way[link.host]
        if link.wants_image:
            return [(link, seen)]
        if not _is_doubtful(seen):
            return [self._passed(link, seen)]
        is_titled = (
            bears_title(seen.page, self._titles(link.id, MOST_TITLES)) if seen.page else None
        )
        seen = replace(seen, further=replace(seen.further, is_titled=is_titled))
        if not is_good(seen):
            return [(link, seen)]
        ends = self._note_end(seen) if is_elsewhere(seen) else 0
        reason = probe_reason(seen, ends)
        if reason is None and probe_reason(seen, ENOUGH_ENDS) is None:
            return [self._passed(link, seen)]
        if self._held >= MOST_HELD:
            return [(link, seen)]
        self._held += 1
        return self._proceed(_hold(link, seen, document, visit.begun_at, reason))

    def to_ask(self) -> list[ProbeVisit]:
        """The probes that have become necessary since the last call."""
        visits, self._to_ask = self._to_ask, []
        return visits

    def answered(
        self,
        visit: ProbeVisit,
        seen: Observation,
        document: Document | UnreadPage | None = None,
    ) -> Ready:
        """Take the result of a probe: returns the suspects that are decided by it."""
        self._answers[visit.probed] = _answer_of(visit, seen, document)
        held = self._waiting.pop(visit.probed, ())
        return [ready for one in held for ready in self._proceed(one)]

    def host_finished(self, host: str) -> Ready:
        """Decide about, or probe, the suspects of a host that has nothing left to visit."""
        ready: Ready = []
        for held in self._by_host.pop(host, ()):
            if held.reason is not None:
                ready += self._proceed(replace(held, is_last=True))
                continue
            reason = probe_reason(held.seen, self._count_ends(host, held.seen))
            if reason is None:
                ready.append(self._released(held))
            else:
                ready += self._proceed(replace(held, reason=reason))
        return ready

    def flush(self) -> Ready:
        """Return every suspect that still waits, undecided: the run ends."""
        held = [*self._by_host.values(), *self._waiting.values()]
        self._by_host.clear()
        self._waiting.clear()
        return [self._released(one) for several in held for one in several]

    # what a suspect waits for --------------------------------------------------------------

    def _proceed(self, held: _Held) -> Ready:
        """Decide about a suspect, or let it wait for what is missing."""
        if is_front_in_question(held.seen):
            origin = origin_of(held.seen.final_url or held.seen.url)
            if (root := self._answer(_root(origin), f"{origin}/", held)) is None:
                return []
            held = replace(held, seen=_with_root(held, root))
            if not is_good(held.seen):
                return [self._released(held)]
        if held.seen.probe is None:
            folder = folder_of(held.seen.url)
            probed = Probed(ProbeKind.FOLDER, folder)
            if held.reason is None and probed not in self._answers:
                self._by_host[held.link.host].append(held)
                return []
            url = probe_url(held.seen.url, self._seed)
            if (answer := self._answer(probed, url, held)) is None:
                return []
            held = replace(held, seen=_with_probe(held, answer))
        return self._heard_out(held)

    def _heard_out(self, held: _Held) -> Ready:
        """Ask what the rest of the host says, where the site answers the probe as it answered the suspect."""
        if not lacks_evidence(find(held.seen)):
            return [self._released(held)]
        if not held.is_last:
            self._by_host[held.link.host].append(held)
            return []
        further = replace(held.seen.further, neighbour=self._neighbour(held))
        held = replace(held, seen=replace(held.seen, further=further))
        if is_root_worth_asking(held.seen):
            origin = origin_of(held.seen.url)
            if (root := self._answer(_root(origin), f"{origin}/", held)) is None:
                return []
            held = replace(held, seen=_with_root(held, root))
        if would_be_gone(held.seen):
            again = Probed(ProbeKind.AGAIN, folder_of(held.seen.url))
            url = probe_url(held.seen.url, f"{self._seed}again")
            if (answer := self._answer(again, url, held)) is None:
                return []
            held = replace(held, seen=_asked_again(held, answer))
        return [self._released(held)]

    def _answer(self, probed: Probed, url: str, held: _Held) -> _Answer | None:
        """The answer of a probe; None where the suspect has to wait for it."""
        if (known := self._answers.get(probed)) is not None:
            return known
        if probed not in self._waiting:
            host = urlsplit(url).hostname or ""
            if self._asked_of[host] >= MOST_OF_HOST or self._asked >= MOST_PROBES:
                return _NO_ANSWER
            self._asked_of[host] += 1
            self._to_ask.append(ProbeVisit.of(url, probed))
            self._waiting[probed] = []
        self._waiting[probed].append(held)
        return None

    @property
    def _asked(self) -> int:
        return len(self._answers) + len(self._waiting)

    def _neighbour(self, held: _Held) -> Neighbour | None:
        host = urlsplit(held.seen.url).netloc
        answered_at = self._answered_at.get(host)
        if answered_at is not None and answered_at >= held.seen.at:
            return Neighbour.SINCE
        lately = answered_at is not None or self._lately(host, held.seen.at)
        return Neighbour.LATELY if lately else None

    def _released(self, held: _Held) -> tuple[DueLink, Observation]:
        self._held -= 1
        seen = held.seen
        if seen.further.is_gate and seen.further.is_titled is False and is_good(seen):
            # It may stand in front of the page: its words are not the page's, and are never suggested.
            seen = replace(seen, page=None)
        return self._passed(held.link, seen)

    def _passed(self, link: DueLink, seen: Observation) -> tuple[DueLink, Observation]:
        """Note that a host answers as itself, where this answer shows it."""
        if is_good(seen) and answered_as_itself(seen):
            host = urlsplit(seen.url).netloc
            self._answered_at.put(host, max(seen.at, self._answered_at.get(host) or seen.at))
        return link, seen

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


def _root(origin: str) -> Probed:
    return Probed(ProbeKind.ROOT, origin)


def _is_doubtful(seen: Observation) -> bool:
    """Whether an answer can be a suspect at all. Cheap: most pages state the time of their publication."""
    if seen.page is None or (seen.page.stated is not None and not is_elsewhere(seen)):
        return False
    return is_elsewhere(seen) or is_good(seen)


def _hold(
    link: DueLink,
    seen: Observation,
    page: Document | UnreadPage | None,
    asked: str,
    reason: ProbeReason | None,
) -> _Held:
    """A suspect with what its page says; read now, because no page is kept."""
    document = parsed(page)
    if document is None:
        return _Held(link, seen, None, reason)
    sketch = sketch_document(document, asked)
    is_echo = _is_echo(seen)
    further = replace(
        seen.further,
        spoken=sketch.spoken,
        says_gone=is_echo or says_gone(document),
        is_gate=says_gate(document),
    )
    return _Held(link, replace(seen, further=further), sketch, reason, is_echo=is_echo)


def _is_echo(seen: Observation) -> bool:
    asked_for_it = is_search(urlsplit(seen.url))
    return seen.page is not None and not asked_for_it and echoes_search(seen.page)


def _answer_of(visit: ProbeVisit, seen: Observation, page: Document | UnreadPage | None) -> _Answer:
    if seen.failure in _NOT_ASKED:
        return _NO_ANSWER
    # A wall's 200 or 404 says as little as no answer.
    status = None if find(seen).outcome is Outcome.SAYS_NOTHING else seen.status
    probe = Probe(seen.url, status, seen.final_url)
    if not is_success(status):
        return _Answer(probe)
    canonical = seen.page.canonical if seen.page else None
    document = parsed(page) if seen.page else None
    sketch = sketch_document(document, visit.begun_at) if document else None
    return _Answer(probe, sketch, canonical, _is_echo(seen))


def _with_root(held: _Held, root: _Answer) -> Observation:
    """A suspect's observation with what the root of the site gave; where nobody could ask, as if it gave nothing."""
    seen = held.seen
    if root.probe is None:
        origin = origin_of(seen.final_url or seen.url)
        front = Probe(f"{origin}/")
    else:
        likeness = alike(held.sketch, root.sketch) if held.sketch and root.sketch else None
        front = replace(root.probe, alike=None if likeness is None else round(likeness, 3))
    return replace(seen, further=replace(seen.further, front=front))


def _asked_again(held: _Held, answer: _Answer) -> Observation:
    """A suspect's observation with whether the site still gives its one answer."""
    seen = held.seen
    again = _with_probe(replace(held, seen=replace(seen, probe=None)), answer)
    is_lasting = like_its_probe(again) is not None
    return replace(seen, further=replace(seen.further, is_lasting=is_lasting))


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
    if held.is_echo and answer.is_echo:
        # Two searches for other words are one answer, whatever they repeat of these words.
        likeness = 1.0
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
