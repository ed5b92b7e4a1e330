"""What is still missing before a link is `dead` (RULES 1, strikes): the same arithmetic as `verdicts`,
read forwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.rules.page_state import Outcome
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdicts import QUICK_REASONS, Step

_FAILED = (Outcome.GONE, Outcome.FAILING)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The least that makes a link `dead`, while every check fails as the last failed one did.

    `strikes` of `needed` are counted; at least `checks` more must fail, `apart` or more from one to the
    next. A failure counts from `next_from` on, and makes the link dead from `not_before` on, never
    sooner (aware, UTC).
    """

    strikes: int
    needed: int
    checks: int
    apart: timedelta
    next_from: datetime
    not_before: datetime


def until_dead(steps: Sequence[Step], now: datetime, policy: StrikePolicy) -> Confirmation | None:
    """What is missing after `steps`; None where nothing has failed since the last success."""
    strikes = steps[-1].strikes if steps else ()
    if not strikes:
        return None
    reasons = {strike.finding.reason for strike in strikes} | {_last_failure(steps)}
    needed = policy.strikes_definite if reasons <= QUICK_REASONS else policy.strikes
    needed = max(needed, policy.runs)
    missing = needed - len(strikes)
    confirmed_from = strikes[0].at + policy.span
    if missing <= 0:
        # Enough strikes, too close together: one more failure at the end of the span decides.
        at = max(now, confirmed_from)
        return Confirmation(len(strikes), needed, 1, policy.apart, at, at)
    next_from = max(now, strikes[-1].at + policy.apart)
    last_from = next_from + (missing - 1) * policy.apart
    not_before = max(last_from, confirmed_from)
    return Confirmation(len(strikes), needed, missing, policy.apart, next_from, not_before)


def _last_failure(steps: Sequence[Step]) -> str:
    """The reason of the last failure, a strike or not: the next one is expected to be like it."""
    return next(step.finding.reason for step in reversed(steps) if step.finding.outcome in _FAILED)
