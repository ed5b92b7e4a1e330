"""The verdict on a URL: a small state machine over its whole history of observations (RULES 1).

After InternetArchiveBot (strikes; any success resets), tightened: a verdict is a pure function, so
that the same history always gives the same answer and a rule can be changed and run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from crawler.model.observation import FailureKind, Observation
from crawler.model.verdict import (
    UNCHECKED,
    Suggestion,
    SuggestionKind,
    Verdict,
    VerdictKind,
    WarningCode,
)
from crawler.rules.page_state import Finding, Outcome, find, http_reason
from crawler.rules.policy import StrikePolicy

_QUICK_REASONS = frozenset({http_reason(410), FailureKind.DNS_NXDOMAIN.value})
"""Two strikes are enough: the server, or the name system, said it in so many words."""


@dataclass(slots=True)
class _Strike:
    at: datetime
    run: int
    finding: Finding


@dataclass(slots=True)
class _Tally:
    """Where the state machine stands after the observations so far."""

    verdict: Verdict = UNCHECKED
    strikes: list[_Strike] = field(default_factory=list)
    gone: bool = False
    """Whether definite evidence is among what has failed since the last success."""


def judge(history: Sequence[Observation], policy: StrikePolicy) -> Verdict:
    """The verdict after `history`, oldest first. An empty history is `unchecked`."""
    tally = _Tally()
    for seen in history:
        _count(tally, seen, policy)
    return tally.verdict


def with_warnings(verdict: Verdict, warnings: tuple[WarningCode, ...]) -> Verdict:
    """The same verdict, with what the URL itself warns of added."""
    missing = tuple(code for code in warnings if code not in verdict.warnings)
    return replace(verdict, warnings=verdict.warnings + missing) if missing else verdict


def _count(tally: _Tally, seen: Observation, policy: StrikePolicy) -> None:
    finding = find(seen)
    match finding.outcome:
        case Outcome.ALIVE | Outcome.MOVED:
            tally.strikes.clear()
            tally.gone = False
            _settle(tally, seen, finding, _kind_alive(finding))
        case Outcome.IMPOSSIBLE:
            _settle(tally, seen, finding, VerdictKind.INVALID)
        case Outcome.SAYS_NOTHING:
            if not tally.verdict.kind.is_gone:
                _settle(tally, seen, finding, VerdictKind.UNVERIFIABLE)
        case _:
            _strike(tally, seen, finding, policy)


def _kind_alive(finding: Finding) -> VerdictKind:
    return VerdictKind.MOVED if finding.outcome is Outcome.MOVED else VerdictKind.ALIVE


def _strike(tally: _Tally, seen: Observation, finding: Finding, policy: StrikePolicy) -> None:
    last = tally.strikes[-1] if tally.strikes else None
    if last is None or seen.at - last.at >= policy.apart:
        tally.strikes.append(_Strike(seen.at, seen.run, finding))
    elif finding.outcome is Outcome.GONE and last.finding.outcome is Outcome.FAILING:
        # Too soon for another strike, but the evidence of this one has become definite.
        last.finding = finding
    tally.gone = tally.gone or finding.outcome is Outcome.GONE
    if _confirmed(tally.strikes, policy) or tally.verdict.kind is VerdictKind.DEAD:
        _settle(tally, seen, finding, VerdictKind.DEAD)
    elif finding.outcome is Outcome.GONE:
        _settle(tally, seen, finding, VerdictKind.BROKEN)
    elif not tally.gone:
        _settle(tally, seen, finding, VerdictKind.UNVERIFIABLE)


def _confirmed(strikes: Sequence[_Strike], policy: StrikePolicy) -> bool:
    quick = all(strike.finding.reason in _QUICK_REASONS for strike in strikes)
    needed = policy.strikes_definite if quick else policy.strikes
    return (
        len(strikes) >= needed
        and strikes[-1].at - strikes[0].at >= policy.span
        and len({strike.run for strike in strikes}) >= policy.runs
    )


def _settle(tally: _Tally, seen: Observation, finding: Finding, kind: VerdictKind) -> None:
    before = tally.verdict
    same = (before.kind, before.reason) == (kind, finding.reason)
    tally.verdict = Verdict(
        kind=kind,
        reason=finding.reason,
        rule=finding.rule,
        strikes=len(tally.strikes),
        since=before.since if same else seen.at,
        failing_since=tally.strikes[0].at if tally.strikes else None,
        warnings=finding.warnings,
        suggestion=(
            Suggestion(SuggestionKind.REPLACE_URL, finding.moved_to) if finding.moved_to else None
        ),
    )
