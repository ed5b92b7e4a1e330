"""The canaries of a run: hosts whose robots.txt shows whether the network is well, and what they answer (rule O2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from crawler.extractors.registered_domain import site_of
from crawler.fetching.visit import CanaryVisit, host_of, origin_of
from crawler.model.observation import Observation
from crawler.rules.outage.network_evidence import is_maybe_a_proxy, is_surely_its_own
from crawler.rules.outage.one_page import BARE, PAGE, TEXT, labels, same_page
from crawler.rules.outage.windows import (
    HostRecord,
    NetworkEvidence,
    network_evidence,
    pick_canaries,
)
from crawler.rules.policy import OutagePolicy
from crawler.rules.verdict.statuses import GONE, is_success
from crawler.state import HostSeen, OriginAnswer

FEWEST = 5
VISITS_PER_CANARY = 10
"""Visits for each canary: a run of ten visits does not ask twenty hosts."""
MOST_STAND_INS = 200
"""Origins of this run that may stand in for canaries where none is known."""


@dataclass(slots=True)
class _Asked:
    """The answer of one canary in the look under way; `answer` is None where it failed."""

    seen: NetworkEvidence
    observation: Observation
    answer: OriginAnswer | None


class Canaries:
    """The canaries of one run. `known` has the answers of origins while the network was well.

    `is_mapped(url)` says whether the operator maps a URL's host to another.
    """

    def __init__(
        self,
        policy: OutagePolicy,
        known: Mapping[str, OriginAnswer],
        is_mapped: Callable[[str], bool],
    ) -> None:
        self._policy = policy
        self._known = known
        self._is_mapped = is_mapped
        self._origins: tuple[str, ...] = ()
        self._look: dict[str, _Asked] = {}
        self._under_way: frozenset[str] = frozenset()
        self._answers: dict[str, OriginAnswer] = {}
        self._stand_ins: dict[str, OriginAnswer] = {}

    def pick(
        self,
        hosts: Sequence[HostSeen],
        records: Mapping[str, HostRecord],
        configured: Sequence[str],
        visits: int,
    ) -> None:
        """Choose the origins to ask: the configured ones, and hosts of the collection that were alive. First those whose
        robots.txt is there: such an answer shows also that pages get lost on the way."""
        urls = {host.host: host.url for host in hosts if host.url is not None}
        usual = {host: self._known.get(origin_of(url)) for host, url in urls.items()}
        usable = [
            record
            for host, record in records.items()
            if host in urls and not ((answer := usual[host]) and is_maybe_a_proxy(answer.status))
        ]
        room = max(FEWEST, visits // VISITS_PER_CANARY)
        picked = sorted(
            pick_canaries(usable, self._policy),
            key=lambda record: (answer := usual[record.host]) is None or answer.status in GONE,
        )[:room]
        origins = [*configured, *(origin_of(urls[record.host] or "") for record in picked)]
        self._origins = tuple(dict.fromkeys(origins))

    # a look ------------------------------------------------------------------------------------

    def begin_look(self, *, in_doubt: bool) -> tuple[CanaryVisit, ...]:
        """The canaries to ask now. Where none is known, origins that answered in this run stand in while failures are
        `in_doubt`."""
        self._look.clear()
        origins = self._origins or (self._standing_in() if in_doubt else ())
        self._under_way = frozenset(origins)
        return tuple(map(CanaryVisit.of, origins))

    @property
    def are_stand_ins(self) -> bool:
        """Whether nobody knew them before this run."""
        return not self._origins

    @property
    def have_answered(self) -> bool:
        """Whether each canary of the look has answered or failed."""
        return self._under_way <= self._look.keys()

    def answered(self, visit: CanaryVisit, answer: OriginAnswer | None, seen: Observation) -> None:
        """Add the answer of a canary; `answer` is None where it failed."""
        host = host_of(visit.origin)
        noted = network_evidence(seen, site_of(host), was_alive=True)
        self._look[visit.origin] = _Asked(noted, seen, answer)
        if answer is not None:
            self._answers[visit.origin] = answer

    def forget_look(self) -> None:
        """Nobody has been asked."""
        self._look.clear()

    def looking_at(self) -> tuple[NetworkEvidence, ...]:
        """The answers of the look, each compared with the usual one and with those of the others."""
        marks = [one.answer.fingerprint for one in self._look.values() if one.answer]
        label = labels(mark for mark in marks if mark is not None)
        sites = Counter(
            label[mark]
            for mark, _ in {
                (one.answer.fingerprint, one.seen.site)
                for one in self._look.values()
                if one.answer is not None
            }
            if mark is not None
        )
        return tuple(
            self._told(origin, asked, label, sites) for origin, asked in self._look.items()
        )

    # what origins say of their robots.txt --------------------------------------------------------

    def origin_answered(self, origin: str, answer: OriginAnswer) -> None:
        """Add the answer of an origin whose robots.txt the crawl read for its links."""
        self._answers[origin] = answer
        if not self._origins and len(self._stand_ins) < MOST_STAND_INS:
            self._stand_ins.setdefault(origin, answer)

    def answer_of(self, origin: str) -> OriginAnswer | None:
        """What an origin said in this window; None where it was not asked."""
        return self._answers.get(origin)

    def drop_answers(self) -> None:
        """Forget what origins said: the window is not trusted."""
        self._answers.clear()

    def taken_answers(self) -> dict[str, OriginAnswer]:
        """How origins answered in a window that is trusted; each answer is returned once."""
        answers, self._answers = self._answers, {}
        return answers

    def _standing_in(self) -> tuple[str, ...]:
        """One origin of each of some sites; first those whose robots.txt is there."""
        of_site: dict[str, str] = {}
        for origin, answer in sorted(
            self._stand_ins.items(), key=lambda one: not is_success(one[1].status)
        ):
            if not is_maybe_a_proxy(answer.status):
                of_site.setdefault(site_of(host_of(origin)), origin)
        return tuple(of_site.values())[:FEWEST]

    def _told(
        self, origin: str, asked: _Asked, label: Mapping[str, str], sites: Mapping[str, int]
    ) -> NetworkEvidence:
        """A canary's answer as evidence.

        What is as usual is no sign. A page in place of a text, a redirect, or nothing where there was a robots.txt, is
        one by itself; other words of the same kind only where another site has them too.
        """
        seen, answer = asked.seen, asked.answer
        if answer is None:
            return seen
        mark = label.get(answer.fingerprint or "")
        seen = replace(seen, fingerprint=mark)
        known = self._known.get(origin) or (
            self._stand_ins.get(origin) if not self._origins else None
        )
        if known is None:
            own = is_surely_its_own(asked.observation) or self._is_mapped(
                asked.observation.final_url or asked.observation.url
            )
            is_page = _is_page(answer) or answer.final_url is not None
            return replace(seen, is_evidence=is_page and not own)
        is_lost = is_success(known.status) and answer.status in GONE
        is_changed = is_lost or not _is_kind_of(known, answer)
        if not is_changed and not _is_alike(known, answer):
            is_changed = sites.get(mark or "", 0) > 1
        return replace(seen, is_evidence=is_changed, changed=is_changed, is_lost=is_lost)


def _is_page(answer: OriginAnswer) -> bool:
    """Whether a page stands in a robots.txt's place."""
    mark = answer.fingerprint
    return is_success(answer.status) and mark is not None and mark.startswith(PAGE)


def _is_kind_of(known: OriginAnswer, answer: OriginAnswer) -> bool:
    """Whether a redirect leads where it always did, and a page is there only where one always was."""
    if answer.final_url != known.final_url:
        return False
    return not _is_page(answer) or (is_success(known.status) and _was_page(known))


def _was_page(known: OriginAnswer) -> bool:
    """Earlier versions kept a mark of pages alone, of another form."""
    return known.fingerprint is not None and not known.fingerprint.startswith(TEXT)


def _is_alike(known: OriginAnswer, answer: OriginAnswer) -> bool:
    """Whether an answer has the words that the origin always had, as far as these are known."""
    if known.status != answer.status:
        return False
    if known.fingerprint is None or not known.fingerprint.startswith((PAGE, TEXT, BARE)):
        return True
    return same_page(known.fingerprint, answer.fingerprint)
