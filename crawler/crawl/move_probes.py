"""Probes of moves: an address is suggested only where it is not one reader's own (rule E6).

A move whose end names a language or a country is asked for once more in another language, and one whose end holds a
session or tracking is asked for without them. Each costs one request, and the move waits for it. Without a clear answer
nothing is suggested.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.fetching.visit import Probed, ProbeKind, ProbeVisit
from crawler.model.link import DueLink
from crawler.model.observation import Further, Observation
from crawler.rules.verdict.clean_address import other_language
from crawler.rules.verdict.move_proofs import is_same_for_all, leads_to_same_page
from crawler.rules.verdict.new_address import unproven_address
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find

MOST_MOVES = 1_000
"""Probes of moves in a run (rule E6)."""
MOST_MOVES_OF_HOST = 20

Ready = list[tuple[DueLink, Observation]]


@dataclass(frozen=True, slots=True)
class _Held:
    """A move, and what has been asked of it."""

    link: DueLink
    seen: Observation
    asked: frozenset[ProbeKind] = frozenset()

    def further(self, **fields: object) -> _Held:
        """The same move with what a probe says of it."""
        further: Further = replace(self.seen.further, **fields)  # type: ignore[arg-type]
        return replace(self, seen=replace(self.seen, further=further))


class MoveProbes:
    """The moves and the probes of one run."""

    def __init__(self) -> None:
        self._waiting: dict[Probed, list[_Held]] = {}
        self._asked_of: Counter[str] = Counter()
        self._to_ask: list[ProbeVisit] = []

    def take(self, ready: Iterable[tuple[DueLink, Observation]]) -> Ready:
        """Take results; returns those that need no probe."""
        return [passed for link, seen in ready for passed in self._proceed(_Held(link, seen))]

    def to_ask(self) -> list[ProbeVisit]:
        """The probes that have become necessary since the last call."""
        visits, self._to_ask = self._to_ask, []
        return visits

    def answered(self, visit: ProbeVisit, answer: Observation) -> Ready:
        """Take the result of a probe: returns the moves that waited for it, decided."""
        kind = visit.probed.kind
        held = self._waiting.pop(visit.probed, ())
        return [ready for one in held for ready in self._proceed(_answered(one, kind, answer))]

    def flush(self) -> Ready:
        """Return every move that still waits, without a suggestion that nobody has proven: the run ends."""
        waiting, self._waiting = self._waiting, {}
        return [
            (held.link, _answered(held, probed.kind, None).seen)
            for probed, several in waiting.items()
            for held in several
        ]

    def _proceed(self, held: _Held) -> Ready:
        """Let a move wait for the next thing to ask, or give it out."""
        visit = _next_probe(held)
        if visit is None:
            return [(held.link, held.seen)]
        kind, host = visit.probed.kind, urlsplit(visit.url).hostname or ""
        held = replace(held, asked=held.asked | {kind})
        if visit.probed not in self._waiting:
            if self._asked_of.total() >= MOST_MOVES or self._asked_of[host] >= MOST_MOVES_OF_HOST:
                return self._proceed(_answered(held, kind, None))
            self._asked_of[host] += 1
            self._to_ask.append(visit)
        self._waiting.setdefault(visit.probed, []).append(held)
        return []


def _next_probe(held: _Held) -> ProbeVisit | None:
    """What has still to be asked before a move is suggested."""
    seen = held.seen
    if held.link.wants_image or find(seen).outcome is not Outcome.MOVED:
        return None
    end = seen.final_url or seen.url
    language = other_language(seen.url, end)
    if language is not None and ProbeKind.LANGUAGE not in held.asked:
        return ProbeVisit.of(seen.url, Probed(ProbeKind.LANGUAGE, seen.url), language)
    target = unproven_address(seen)
    if target is not None and ProbeKind.CLEAN not in held.asked:
        return ProbeVisit.of(target, Probed(ProbeKind.CLEAN, target))
    return None


def _answered(held: _Held, kind: ProbeKind, answer: Observation | None) -> _Held:
    """A move with the answer of its probe, None for none."""
    if kind is ProbeKind.LANGUAGE:
        same = answer is not None and is_same_for_all(held.seen, answer)
        return held if same else held.further(by_language=True)
    if answer is not None and leads_to_same_page(held.seen, answer):
        return held.further(clean_url=answer.url)
    return held
