"""A rule on a page: what a newcomer adds to read one more thing out of one answer.

A rule is a function from an observation to a finding, or to None where it has nothing to say. Its place in
`RULES` (`page_state.py`) is its rank: the first rule that gives a finding decides. The shortest one:

>>> def _teapot(seen: Observation) -> Finding | None:
...     if seen.status == 418:
...         return Finding(Outcome.SAYS_NOTHING, reason="teapot", rule="status-teapot")
...     return None

>>> from datetime import UTC, datetime
>>> seen = Observation("https://tea.example/", datetime(2026, 1, 1, tzinfo=UTC), run=1, status=418)
>>> first_finding([_teapot], seen)
Finding(outcome=<Outcome.SAYS_NOTHING: 'says-nothing'>, reason='teapot', rule='status-teapot', ...)

A new `reason` needs its words in `crawler/reporting/words/wording.py`; `rule` needs none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from crawler.model.observation import Observation
from crawler.model.verdict import WarningCode


class Outcome(StrEnum):
    """What an answer is worth in the count of strikes."""

    ALIVE = "alive"
    MOVED = "moved"
    GONE = "gone"
    """Definite evidence: the first strike already makes the link broken."""
    FAILING = "failing"
    """Transient: a strike, but unverifiable until enough of them make the link dead."""
    SAYS_NOTHING = "says-nothing"
    """A wall, a limit, an outage: no strike, earlier evidence stands."""
    IMPOSSIBLE = "impossible"
    """No crawler could make this visit."""
    INCONCLUSIVE = "inconclusive"
    """Our own outage: it tells nothing, not even that the page could not be verified."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one observation: the reason code and the name of the rule that matched."""

    outcome: Outcome
    reason: str
    rule: str
    warnings: tuple[WarningCode, ...] = ()
    moved_to: str | None = None


PageRule = Callable[[Observation], Finding | None]
"""What an observation says of its page by one rule; None for nothing. Pure, and never an error."""


def first_finding(rules: Iterable[PageRule], seen: Observation) -> Finding | None:
    """The finding of the first rule that has one."""
    return next((found for rule in rules if (found := rule(seen)) is not None), None)
