"""Whether an editor's decision still counts for a link."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from crawler.model.decision import Decision
from crawler.model.verdict import Verdict


class DecisionState(StrEnum):
    """Whether a decision counts."""

    HOLDS = "holds"
    OVER = "over"
    """Its end date has passed."""
    CHANGED = "changed"
    """The evidence is no longer the one that the decision was made on."""
    NO_LINK = "no link"
    """No article holds the link any more."""


def decision_state(decision: Decision, verdict: Verdict | None, now: datetime) -> DecisionState:
    """The state of a decision at the time `now` (aware). `verdict` is the link's, None where there is no link.

    The verdict is that of the last run and includes the decision (`verdicts.decided`).
    """
    until = decision.until
    if until is not None and until <= now:
        return DecisionState.OVER
    if verdict is None:
        return DecisionState.NO_LINK
    if until is not None or verdict.reason == decision.code:
        return DecisionState.HOLDS
    return DecisionState.CHANGED
