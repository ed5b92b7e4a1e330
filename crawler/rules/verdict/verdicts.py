"""The verdict on a URL: a small state machine over its whole history of observations (rules S1 to S8).

The rules are InternetArchiveBot's (strikes; any success resets), tightened. A verdict is a pure function: the
same history always gives the same answer, and a changed rule can be run again over it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.model.decision import Decision, DecisionCode, NotBroken
from crawler.model.observation import FailureKind, Observation
from crawler.model.verdict import (
    UNCHECKED,
    Suggestion,
    SuggestionKind,
    Verdict,
    VerdictKind,
    WarningCode,
)
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdict.page_rule import Finding, Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.statuses import http_reason

QUICK_REASONS = frozenset({http_reason(410), FailureKind.DNS_NXDOMAIN.value})
"""Two strikes are enough (rule S2): the server, or DNS, says explicitly that the page is gone."""
SERVER_ERRORS = "server-errors"
"""Reason and rule of a link that has given nothing but 5xx for weeks."""
_SERVER_ERROR_REASONS = frozenset(map(http_reason, range(500, 600)))


@dataclass(frozen=True, slots=True)
class Strike:
    """A failed visit that counts towards `dead`; `at` is aware, UTC."""

    at: datetime
    run: int
    finding: Finding


@dataclass(frozen=True, slots=True)
class Streak:
    """The failures of one sort since the last success.

    `strikes` are at least `StrikePolicy.apart` from each other, oldest first. `looks` counts the failed
    looks, which may be closer together than strikes; the last of them was at `looked`.
    """

    strikes: tuple[Strike, ...] = ()
    looks: int = 0
    looked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """The effect of one run: `finding` is the best evidence of its `visits`, the other fields what follows from it.

    `failures` may make the link dead; `errors` are the server's own (5xx) and never do.
    """

    visits: tuple[Observation, ...]
    finding: Finding
    verdict: Verdict
    failures: Streak
    errors: Streak

    @property
    def strikes(self) -> tuple[Strike, ...]:
        """All strikes since the last success."""
        return self.failures.strikes

    @property
    def is_strike(self) -> bool:
        """Whether this run made the last of the strikes."""
        return bool(self.strikes) and self.strikes[-1].run == self.visits[0].run


@dataclass(slots=True)
class _Tally:
    """The state of the machine after the observations so far."""

    verdict: Verdict = UNCHECKED
    failures: Streak = Streak()
    errors: Streak = Streak()
    gone: bool = False
    """Whether any failure since the last success made the link broken."""


_BEST_FIRST = (
    Outcome.ALIVE,
    Outcome.MOVED,
    Outcome.IMPOSSIBLE,
    Outcome.GONE,
    Outcome.FAILING,
    Outcome.SAYS_NOTHING,
    Outcome.INCONCLUSIVE,
)


def judge(history: Sequence[Observation], policy: StrikePolicy) -> Verdict:
    """The verdict after `history`, oldest first. An empty history is `unchecked`.

    Each run counts once, with its best evidence (rule S7): if a URL is visited twice within one run, the order
    of the answers does not matter.
    """
    return before_and_after(history, policy)[1]


def before_and_after(
    history: Sequence[Observation], policy: StrikePolicy
) -> tuple[Verdict, Verdict]:
    """The verdict before the last run of `history`, and the one after it."""
    tally = _Tally()
    before = tally.verdict
    for visits in _by_run(history):
        before = tally.verdict
        _count(tally, *_best(visits), policy)
    return before, tally.verdict


def trace(history: Sequence[Observation], policy: StrikePolicy) -> tuple[Step, ...]:
    """The steps by which `judge` reaches its verdict, run by run."""
    tally = _Tally()
    steps = []
    for visits in _by_run(history):
        finding, at, run = _best(visits)
        _count(tally, finding, at, run, policy)
        steps.append(Step(tuple(visits), finding, tally.verdict, tally.failures, tally.errors))
    return tuple(steps)


def _by_run(history: Sequence[Observation]) -> Iterator[Sequence[Observation]]:
    runs: dict[int, list[Observation]] = defaultdict(list)
    for seen in history:
        runs[seen.run].append(seen)
    yield from runs.values()


def _best(visits: Sequence[Observation]) -> tuple[Finding, datetime, int]:
    """The best finding of one run, the time of its last visit, and its number."""
    finding = min((find(seen) for seen in visits), key=_worth)
    return finding, max(seen.at for seen in visits), visits[0].run


def _worth(finding: Finding) -> tuple[object, ...]:
    # Among equals the reason that needs more strikes goes first.
    quick = finding.reason in QUICK_REASONS
    rank = _BEST_FIRST.index(finding.outcome)
    return (rank, quick, finding.reason, finding.rule, finding.moved_to or "", finding.warnings)


def not_broken(verdict: Verdict) -> NotBroken:
    """The decision of an editor who saw a link with this `verdict` and found that it works."""
    return NotBroken(verdict.reason, verdict.failing_since)


def override(verdict: Verdict, decisions: Iterable[NotBroken]) -> Verdict:
    """The verdict after the editors' `decisions` that a link is not broken.

    A decision holds until the evidence changes (rule E4): while the same reason goes on since the same first
    failure. More strikes of the same kind are no new evidence; another reason is, and so is a failure after a
    recovery. While it holds, the link is `excluded`: nothing is written back, and visits go on as before.
    """
    if not verdict.kind.is_gone or not_broken(verdict) not in decisions:
        return verdict
    return _excluded(verdict, DecisionCode.NOT_BROKEN)


def decided(verdict: Verdict, decision: Decision | None, now: datetime) -> Verdict:
    """The verdict after an editor's decision; the same verdict for None.

    Until the decision's end date the link is `excluded`, whatever its verdict (rule V13); from then on it is judged as
    before. A decision without an end date goes by `override`.
    """
    if decision is None:
        return verdict
    if decision.until is not None:
        changed = _excluded(verdict, DecisionCode.IGNORED) if now < decision.until else verdict
    else:
        changed = override(verdict, [decision.against] if decision.against else [])
    return verdict if changed is verdict else replace(changed, since=decision.decided_at)


def _excluded(verdict: Verdict, code: DecisionCode) -> Verdict:
    return replace(verdict, kind=VerdictKind.EXCLUDED, reason=code.value, rule=code.value)


def with_warnings(verdict: Verdict, warnings: tuple[WarningCode, ...]) -> Verdict:
    """The same verdict, with the warnings about the URL itself added."""
    missing = tuple(code for code in warnings if code not in verdict.warnings)
    return replace(verdict, warnings=verdict.warnings + missing) if missing else verdict


def is_server_error(finding: Finding) -> bool:
    """Whether the server reported a fault of its own: any 5xx that is no wall and no outage of ours."""
    return finding.reason in _SERVER_ERROR_REASONS


def _count(tally: _Tally, finding: Finding, at: datetime, run: int, policy: StrikePolicy) -> None:
    match finding.outcome:
        case Outcome.ALIVE | Outcome.MOVED:
            # Any success resets all counts (rule S6).
            tally.failures = tally.errors = Streak()
            tally.gone = False
            _settle(tally, at, finding, _kind_alive(finding))
        case Outcome.IMPOSSIBLE:
            _settle(tally, at, finding, VerdictKind.INVALID)
        case Outcome.SAYS_NOTHING if is_server_error(finding):
            _server_error(tally, Strike(at, run, finding), policy)
        case Outcome.SAYS_NOTHING:
            if not tally.verdict.kind.is_gone:
                _settle(tally, at, finding, VerdictKind.UNVERIFIABLE)
        case Outcome.INCONCLUSIVE:
            if tally.verdict.kind is VerdictKind.UNCHECKED:
                _settle(tally, at, finding, VerdictKind.UNVERIFIABLE)
        case _:
            _strike(tally, Strike(at, run, finding), policy)


def _kind_alive(finding: Finding) -> VerdictKind:
    return VerdictKind.MOVED if finding.outcome is Outcome.MOVED else VerdictKind.ALIVE


def _strike(tally: _Tally, new: Strike, policy: StrikePolicy) -> None:
    finding, at = new.finding, new.at
    tally.failures = _longer(tally.failures, new, policy)
    tally.gone = tally.gone or finding.outcome is Outcome.GONE
    if _confirmed(tally.failures, new, policy) or tally.verdict.kind is VerdictKind.DEAD:
        _settle(tally, at, finding, VerdictKind.DEAD)
    elif finding.outcome is Outcome.GONE:
        _settle(tally, at, finding, VerdictKind.BROKEN)
    elif not tally.gone:
        _settle(tally, at, finding, VerdictKind.UNVERIFIABLE)
    else:
        # The definite verdict stands; only the count of strikes grows.
        tally.verdict = replace(tally.verdict, strikes=len(tally.failures.strikes))


def _server_error(tally: _Tally, new: Strike, policy: StrikePolicy) -> None:
    """Count a server error (rule S5): it is never a strike, so the count ends at `broken`. Answers that say
    nothing of the page neither feed nor stop the count, and better evidence stands."""
    tally.errors = _longer(tally.errors, new, policy)
    if tally.verdict.kind.is_gone:
        return
    if not _errors_confirmed(tally.errors, new, policy):
        _settle(tally, new.at, new.finding, VerdictKind.UNVERIFIABLE)
        return
    tally.gone = True
    lasting = replace(new.finding, reason=SERVER_ERRORS, rule=SERVER_ERRORS)
    _settle(tally, new.at, lasting, VerdictKind.BROKEN)
    tally.verdict = replace(tally.verdict, failing_since=tally.errors.strikes[0].at)


def _longer(streak: Streak, new: Strike, policy: StrikePolicy) -> Streak:
    """The streak with one more failure, which adds a strike, a look, both, or neither if it comes too soon (rule S8)."""
    strikes, looks, looked = streak.strikes, streak.looks, streak.looked
    last = strikes[-1] if strikes else None
    if last is None or new.at - last.at >= policy.apart:
        strikes = (*strikes, new)
    elif new.finding.outcome is Outcome.GONE and last.finding.outcome is Outcome.FAILING:
        # The failure is too soon for a new strike, but it makes the last strike's evidence definite.
        strikes = (*strikes[:-1], replace(last, finding=new.finding))
    if looked is None or new.at - looked >= policy.looks_apart:
        looks, looked = looks + 1, new.at
    return Streak(strikes, looks, looked)


def _confirmed(streak: Streak, new: Strike, policy: StrikePolicy) -> bool:
    """Whether the failures make the link dead: the definite ones alone, or all of them over a longer span (rules S2, S3).

    A failure too soon for a strike of its own may take the place of the last strike: it is far enough from
    the strikes before that one, and the span reaches to it.
    """
    definite = definite_strikes(streak)
    reasons = {strike.finding.reason for strike in (*definite, new)}
    needed = policy.strikes_definite if reasons <= QUICK_REASONS else policy.strikes
    if new.finding.outcome is Outcome.GONE and _spread(definite, new, needed, policy.span, policy):
        return True
    return streak.looks >= policy.looks and _spread(
        streak.strikes, new, policy.strikes, policy.passing_span, policy
    )


def definite_strikes(streak: Streak) -> tuple[Strike, ...]:
    """The strikes whose evidence alone says that the page is gone."""
    return tuple(strike for strike in streak.strikes if strike.finding.outcome is Outcome.GONE)


def _errors_confirmed(streak: Streak, new: Strike, policy: StrikePolicy) -> bool:
    return streak.looks >= policy.looks and _spread(
        streak.strikes, new, policy.strikes, policy.server_errors, policy
    )


def _spread(
    strikes: Sequence[Strike], new: Strike, needed: int, span: timedelta, policy: StrikePolicy
) -> bool:
    return (
        len(strikes) >= needed
        and new.at - strikes[0].at >= span
        and len({strike.run for strike in strikes}) >= policy.runs
    )


def _settle(tally: _Tally, at: datetime, finding: Finding, kind: VerdictKind) -> None:
    before, strikes = tally.verdict, tally.failures.strikes
    same = (before.kind, before.reason) == (kind, finding.reason)
    tally.verdict = Verdict(
        kind=kind,
        reason=finding.reason,
        rule=finding.rule,
        strikes=len(strikes),
        since=before.since if same else at,
        failing_since=strikes[0].at if strikes else None,
        warnings=finding.warnings,
        suggestion=(
            Suggestion(SuggestionKind.REPLACE_URL, finding.moved_to) if finding.moved_to else None
        ),
    )
