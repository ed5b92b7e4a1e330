from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.model.decision import Decision, NotBroken
from crawler.model.verdict import Verdict, VerdictKind
from crawler.rules.verdict.decision_validity import DecisionState, decision_state

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("until", "reason", "state"),
    [
        (None, "editor-not-broken", DecisionState.HOLDS),
        (None, "http-404", DecisionState.CHANGED),
        (None, None, DecisionState.NO_LINK),
        (NOW + DAY, "http-404", DecisionState.HOLDS),
        (NOW + DAY, None, DecisionState.NO_LINK),
        (NOW, "editor-ignored", DecisionState.OVER),
        (NOW - DAY, None, DecisionState.OVER),
    ],
)
def test_a_decision_counts_until_its_end_or_until_the_evidence_changes(
    until: datetime | None, reason: str | None, state: DecisionState
) -> None:
    against = NotBroken("http-404", NOW - DAY) if until is None else None
    decision = Decision("https://news.example/a", "", NOW - 2 * DAY, until, against)
    verdict = Verdict(VerdictKind.BROKEN, reason, rule=reason) if reason else None
    assert decision_state(decision, verdict, NOW) is state
