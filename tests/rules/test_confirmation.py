"""RULES 1, strikes read forwards: what is missing before a link is dead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.observation import FailureKind, Inconclusive, Observation
from crawler.model.verdict import VerdictKind
from crawler.rules.confirmation import Confirmation, until_dead
from crawler.rules.page_state import Outcome, find
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdicts import judge, trace

START = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://news.example/2020/a-story"
POLICY = StrikePolicy()
SECOND = timedelta(seconds=1)
SEEN = {
    "ok": Observation(URL, START, 1, 200, final_url=URL),
    "404": Observation(URL, START, 1, 404, final_url=URL),
    "410": Observation(URL, START, 1, 410, final_url=URL),
    "403": Observation(URL, START, 1, 403, final_url=URL),
    "nxdomain": Observation(URL, START, 1, failure=FailureKind.DNS_NXDOMAIN),
    "refused": Observation(URL, START, 1, failure=FailureKind.CONNECT_REFUSED),
    "bad name": Observation(URL, START, 1, failure=FailureKind.DNS_BAD_NAME),
    "outage": Observation(URL, START, 1, 404, inconclusive=Inconclusive.OWN_NETWORK_DOWN),
}


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def history(*visits: tuple[float, str]) -> list[Observation]:
    """Each in a run of its own."""
    return [
        replace(SEEN[what], at=day(when), run=run) for run, (when, what) in enumerate(visits, 1)
    ]


def missing(
    seen: Sequence[Observation], now: datetime, policy: StrikePolicy = POLICY
) -> Confirmation | None:
    return until_dead(trace(seen, policy), now, policy)


@pytest.mark.parametrize(
    "visits",
    [
        [],
        [(0, "ok")],
        [(0, "403")],
        [(0, "outage")],
        [(0, "404"), (4, "ok")],
        [(0, "404"), (4, "404"), (8, "404"), (9, "ok")],
    ],
)
def test_nothing_is_missing_where_nothing_has_failed(visits: list[tuple[float, str]]) -> None:
    assert missing(history(*visits), day(10)) is None


@pytest.mark.parametrize(
    ("visits", "now", "strikes", "needed", "checks", "next_from", "not_before"),
    [
        ([(0, "404")], 0, 1, 3, 2, 3, 7),
        ([(0, "404"), (4, "404")], 4, 2, 3, 1, 7, 7),
        ([(0, "404"), (5, "404")], 5, 2, 3, 1, 8, 8),
        ([(0, "404"), (4, "404")], 20, 2, 3, 1, 20, 20),
        ([(0, "404")], 6, 1, 3, 2, 6, 9),
        ([(0, "404"), (3, "404"), (6, "404")], 6, 3, 3, 1, 7, 7),
        ([(0, "410")], 0, 1, 2, 1, 3, 7),
        ([(0, "nxdomain")], 0, 1, 2, 1, 3, 7),
        ([(0, "410"), (3, "410")], 3, 2, 2, 1, 7, 7),
        ([(0, "410"), (3, "404")], 3, 2, 3, 1, 6, 7),
        ([(0, "410"), (1, "404")], 1, 1, 3, 2, 3, 7),
        ([(0, "refused"), (1, "refused")], 1, 1, 3, 2, 3, 7),
        ([(0, "404"), (4, "403"), (5, "outage")], 5, 1, 3, 2, 5, 8),
        ([(0, "404"), (1, "ok"), (2, "404")], 2, 1, 3, 2, 5, 9),
    ],
)
def test_what_is_missing(
    visits: list[tuple[float, str]],
    now: float,
    strikes: int,
    needed: int,
    checks: int,
    next_from: float,
    not_before: float,
) -> None:
    expected = Confirmation(strikes, needed, checks, POLICY.apart, day(next_from), day(not_before))
    assert missing(history(*visits), day(now)) == expected


def test_a_policy_of_one_strike_still_needs_its_runs() -> None:
    found = missing(history((0, "404")), day(0), StrikePolicy(strikes=1, runs=2))
    assert found is not None
    assert (found.needed, found.checks) == (2, 1)


visits = st.lists(
    st.tuples(st.integers(0, 24 * 20), st.sampled_from(sorted(SEEN))), min_size=1, max_size=8
).map(sorted)


@given(visits=visits, waited=st.integers(0, 24 * 20))
def test_the_checks_that_are_missing_make_it_dead_and_no_fewer(
    visits: list[tuple[int, str]], waited: int
) -> None:
    seen = history(*((hours / 24, what) for hours, what in visits))
    now = seen[-1].at + timedelta(hours=waited)
    found = missing(seen, now)
    if found is None or judge(seen, POLICY).kind is VerdictKind.DEAD:
        return
    failed = [each for each in seen if find(each).outcome in (Outcome.GONE, Outcome.FAILING)]
    run = len(seen)

    def after(times: Sequence[datetime]) -> VerdictKind:
        more = [
            replace(failed[-1], at=time, run=run + number) for number, time in enumerate(times, 1)
        ]
        return judge([*seen, *more], POLICY).kind

    earlier = [found.next_from + number * found.apart for number in range(found.checks - 1)]
    assert found.not_before >= found.next_from >= now
    assert after([*earlier, found.not_before]) is VerdictKind.DEAD
    if found.not_before > now:
        assert after([*earlier, found.not_before - SECOND]) is not VerdictKind.DEAD
    if earlier:
        assert after([*earlier[:-1], found.not_before]) is not VerdictKind.DEAD


@given(visits=visits)
def test_a_trace_ends_at_the_verdict(visits: list[tuple[int, str]]) -> None:
    seen = history(*((hours / 24, what) for hours, what in visits))
    steps = trace(seen, POLICY)
    assert steps[-1].verdict == judge(seen, POLICY)
    assert [each for step in steps for each in step.visits] == seen
    assert [len(step.strikes) for step in steps] == [step.verdict.strikes for step in steps]


def test_a_transient_strike_after_a_definite_one_is_counted() -> None:
    verdict = judge(history((0, "404"), (4, "refused")), POLICY)
    assert (verdict.kind, verdict.reason, verdict.strikes) == (VerdictKind.BROKEN, "http-404", 2)


def test_a_run_is_one_step_with_its_best_evidence() -> None:
    first, second, third = history((0, "404"), (0.1, "refused"), (4, "403"))
    steps = trace([first, replace(second, run=first.run), third], POLICY)
    assert [len(step.visits) for step in steps] == [2, 1]
    assert [step.finding.reason for step in steps] == ["http-404", "http-403"]
    assert [step.is_strike for step in steps] == [True, False]
    assert trace([], POLICY) == ()
