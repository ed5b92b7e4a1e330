"""What is still missing before a link is `dead`, or `broken` by server errors (rules S2, S3, S5).

The arithmetic is that of `verdicts`, applied to the future."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from crawler.rules.policy import StrikePolicy
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.verdicts import QUICK_REASONS, Step, Streak, definite_strikes

_FAILED = (Outcome.GONE, Outcome.FAILING)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The least that makes a link `dead` (or `broken`) if every further visit fails as the last failed one did.

    `strikes` of `needed` are counted since `since`; at least `checks` more visits must fail, each `apart` or
    more after the one before. A failure counts from `next_from` on, and decides from `not_before` on, never
    sooner (aware, UTC). `looks` of `looks_needed` are counted where the failure may be transient, else both are 0.
    """

    strikes: int
    needed: int
    checks: int
    apart: timedelta
    next_from: datetime
    not_before: datetime
    since: datetime
    looks: int = 0
    looks_needed: int = 0


@dataclass(frozen=True, slots=True)
class _Need:
    """The strikes, their span and the failed looks that a rule requires."""

    strikes: int
    span: timedelta
    looks: int = 0


def until_dead(steps: Sequence[Step], now: datetime, policy: StrikePolicy) -> Confirmation | None:
    """What is missing after `steps`; None where nothing has failed since the last success."""
    streak = steps[-1].failures if steps else Streak()
    if not streak.strikes:
        return None
    last = next(step.finding for step in reversed(steps) if step.finding.outcome in _FAILED)
    passing = _Need(policy.strikes, policy.passing_span, policy.looks)
    ways = []
    if last.outcome is Outcome.GONE:
        strikes = definite_strikes(streak)
        reasons = {strike.finding.reason for strike in strikes} | {last.reason}
        needed = policy.strikes_definite if reasons <= QUICK_REASONS else policy.strikes
        ways.append(_missing(Streak(strikes), _Need(needed, policy.span), now, policy))
    ways.append(_missing(streak, passing, now, policy))
    # The fewest visits and the soonest end may belong to different rules; both are lower bounds.
    fewest = min(ways, key=lambda way: (way.checks, way.not_before))
    soonest = min(way.not_before for way in ways)
    return replace(fewest, not_before=soonest, next_from=min(fewest.next_from, soonest))


def until_broken(steps: Sequence[Step], now: datetime, policy: StrikePolicy) -> Confirmation | None:
    """What is missing before server errors alone make a link `broken`; None where there were none since the
    last success, or where the link is `broken` or `dead` already."""
    streak = steps[-1].errors if steps else Streak()
    if not streak.strikes or steps[-1].verdict.kind.is_gone:
        return None
    return _missing(streak, _Need(policy.strikes, policy.server_errors, policy.looks), now, policy)


def _missing(streak: Streak, need: _Need, now: datetime, policy: StrikePolicy) -> Confirmation:
    needed = max(need.strikes, policy.runs)
    strikes = max(0, needed - len(streak.strikes))
    looks = max(0, need.looks - streak.looks)
    next_strike = max(now, streak.strikes[-1].at + policy.apart)
    next_look = max(now, streak.looked + policy.looks_apart) if streak.looked else now
    not_before = max(
        now,
        streak.strikes[0].at + need.span,
        next_strike + (strikes - 1) * policy.apart if strikes else now,
        next_look + (looks - 1) * policy.looks_apart if looks else now,
    )
    if looks > strikes:
        apart, next_from = policy.looks_apart, next_look
    else:
        apart, next_from = policy.apart, next_strike if strikes else not_before
    return Confirmation(
        strikes=len(streak.strikes),
        needed=needed,
        checks=max(1, strikes, looks),
        apart=apart,
        next_from=next_from,
        not_before=not_before,
        since=streak.strikes[0].at,
        looks=min(streak.looks, need.looks),
        looks_needed=need.looks,
    )
