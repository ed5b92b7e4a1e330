from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.model.decision import Decision
from crawler.model.observation import Observation
from crawler.model.verdict import UNCHECKED, VerdictKind, WarningCode
from crawler.rules.policy import Policy
from crawler.rules.verdict.judgement import judge_link
from crawler.rules.verdict.schedule import next_due
from crawler.rules.verdict.verdicts import judge, not_broken

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://lost.example/a-story"
LOST = Observation(URL, NOW, 1, 404, final_url=URL)
POLICY = Policy()


def test_a_link_is_judged_by_its_visits_and_how_it_is_written() -> None:
    """The address that is visited is normalised; what the file holds is warned of."""
    found = judge_link([LOST], [f" {URL} ", URL, f" {URL}"], None, None, NOW, POLICY)
    expected = replace(judge([LOST], POLICY.strikes), warnings=(WarningCode.URL_WHITE_SPACE,))
    assert found.verdict == found.by_visits == expected
    assert found.due_at == next_due([LOST], expected, None, POLICY.schedule)


def test_a_link_that_was_never_visited_is_due() -> None:
    found = judge_link([], [URL], None, None, NOW, POLICY)
    assert (found.verdict, found.due_at) == (UNCHECKED, NOW)


@pytest.mark.parametrize(
    ("until", "due_after"), [(1 * DAY, None), (40 * DAY, 40 * DAY), (-1 * DAY, None)]
)
def test_nothing_is_due_before_the_date_of_an_editor(
    until: timedelta, due_after: timedelta | None
) -> None:
    """Rule V13: `excluded` with an end date."""
    usual = judge_link([LOST], [], None, None, NOW, POLICY).due_at
    decision = Decision(URL, "moving house", NOW - 2 * DAY, until=NOW + until)
    found = judge_link([LOST], [], None, decision, NOW, POLICY)
    assert found.due_at == (usual if due_after is None else NOW + due_after)
    assert (found.verdict.kind is VerdictKind.EXCLUDED) == (until > timedelta(0))


def test_a_link_that_is_not_broken_is_visited_on_as_before() -> None:
    """Rule E4: "not broken" until the evidence changes."""
    usual = judge_link([LOST], [], None, None, NOW, POLICY)
    decision = Decision(URL, "it works", NOW, against=not_broken(usual.verdict))
    found = judge_link([LOST], [], None, decision, NOW, POLICY)
    assert found.verdict.kind is VerdictKind.EXCLUDED
    assert (found.by_visits, found.due_at) == (usual.verdict, usual.due_at)
