"""Rules S2, S3 and S5, applied to the future: what is missing before a link is dead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.observation import FailureKind, Inconclusive, Observation
from crawler.model.verdict import VerdictKind
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdict.confirmation import Confirmation, until_broken, until_dead
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.verdicts import judge, trace

START = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://news.example/2020/a-story"
POLICY = StrikePolicy()
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
SEEN = {
    "ok": Observation(URL, START, 1, 200, final_url=URL),
    "404": Observation(URL, START, 1, 404, final_url=URL),
    "410": Observation(URL, START, 1, 410, final_url=URL),
    "503": Observation(URL, START, 1, 503, final_url=URL),
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
    found = missing(history(*visits), day(now))
    assert found is not None
    assert (found.strikes, found.needed, found.checks) == (strikes, needed, checks)
    assert (found.apart, found.next_from, found.not_before) == (
        POLICY.apart,
        day(next_from),
        day(not_before),
    )
    assert (found.looks, found.looks_needed) == (0, 0)


@pytest.mark.parametrize(
    ("visits", "now", "looks", "checks", "apart", "next_from", "not_before"),
    [
        ([(0, "refused")], 0, 1, 10, 12, 0.5, 10.5),
        ([(0, "refused"), (1, "refused")], 1, 2, 9, 12, 1.5, 10.5),
        ([(0, "refused"), (0.1, "refused")], 0.1, 1, 10, 12, 0.5, 10.5),
        ([(7 * week, "refused") for week in range(10)], 63, 10, 1, 12, 63.5, 63.5),
        ([(0.9 * day, "refused") for day in range(11)], 9, 11, 1, 72, 10.5, 10.5),
        ([(0, "404"), (4, "refused")], 4, 2, 9, 12, 4.5, 10.5),
        ([(0, "refused")], 100, 1, 10, 12, 100, 104.5),
        # what is definite at last may confirm itself, or end what others began, whichever is sooner
        ([(0.9 * day, "refused") for day in range(10)] + [(9, "404")], 9, 11, 1, 72, 10.5, 10.5),
    ],
)
def test_what_is_missing_where_connections_fail(
    visits: list[tuple[float, str]],
    now: float,
    looks: int,
    checks: int,
    apart: int,
    next_from: float,
    not_before: float,
) -> None:
    """docs/adr/0010: eleven looks over ten days and a half."""
    found = missing(history(*visits), day(now))
    assert found is not None
    assert (found.looks, found.looks_needed, found.checks) == (looks, 11, checks)
    assert (found.apart, found.next_from, found.not_before) == (
        timedelta(hours=apart),
        day(next_from),
        day(not_before),
    )


@pytest.mark.parametrize(
    ("visits", "looks", "checks", "not_before"),
    [
        ([(0, "503")], 1, 10, 14),
        ([(day, "503") for day in range(12)], 11, 1, 14),
        ([(day, "503") for day in range(5)] + [(5, "403"), (6, "outage")], 5, 6, 14),
        ([(7 * week, "503") for week in range(4)], 4, 7, 24.5),
    ],
)
def test_what_is_missing_before_server_errors_break_a_link(
    visits: list[tuple[float, str]], looks: int, checks: int, not_before: float
) -> None:
    """Rule S5: the slow counter of 14 days."""
    seen = history(*visits)
    found = until_broken(trace(seen, POLICY), seen[-1].at, POLICY)
    assert found is not None
    assert (found.since, found.looks, found.checks) == (START, looks, checks)
    assert found.not_before == day(not_before)
    assert until_dead(trace(seen, POLICY), seen[-1].at, POLICY) is None


@pytest.mark.parametrize(
    "visits",
    [
        [],
        [(0, "ok")],
        [(0, "403")],
        [(0, "503"), (1, "ok")],
        [(0, "404"), (1, "503")],
        [(day, "503") for day in range(15)],
    ],
)
def test_nothing_is_missing_where_no_errors_count(visits: list[tuple[float, str]]) -> None:
    assert until_broken(trace(history(*visits), POLICY), day(20), POLICY) is None


def test_a_policy_of_one_strike_still_needs_its_runs() -> None:
    found = missing(history((0, "404")), day(0), StrikePolicy(strikes=1, runs=2))
    assert found is not None
    assert (found.needed, found.checks) == (2, 1)


visits = st.lists(
    st.tuples(st.integers(0, 24 * 20), st.sampled_from(sorted(SEEN))), min_size=1, max_size=12
).map(sorted)


@given(visits=visits, waited=st.integers(0, 24 * 20))
def test_the_checks_that_are_missing_decide_and_no_fewer(
    visits: list[tuple[int, str]], waited: int
) -> None:
    seen = history(*((hours / 24, what) for hours, what in visits))
    now = seen[-1].at + timedelta(hours=waited)
    found = missing(seen, now)
    if found is None or judge(seen, POLICY).kind is VerdictKind.DEAD:
        return
    failed = [each for each in seen if find(each).outcome in (Outcome.GONE, Outcome.FAILING)]
    _holds(found, seen, failed[-1], now, VerdictKind.DEAD)


@given(visits=visits, waited=st.integers(0, 24 * 20))
def test_the_errors_that_are_missing_decide_and_no_fewer(
    visits: list[tuple[int, str]], waited: int
) -> None:
    seen = history(*((hours / 24, what) for hours, what in visits))
    now = seen[-1].at + timedelta(hours=waited)
    found = until_broken(trace(seen, POLICY), now, POLICY)
    if found is not None:
        _holds(found, seen, SEEN["503"], now, VerdictKind.BROKEN)


def _holds(
    found: Confirmation,
    seen: Sequence[Observation],
    like: Observation,
    now: datetime,
    kind: VerdictKind,
) -> None:
    """With hourly visits the verdict comes at the announced time; with rare visits, after the announced number."""
    run = len(seen)

    def after(times: Sequence[datetime]) -> bool:
        more = [replace(like, at=time, run=run + number) for number, time in enumerate(times, 1)]
        return judge([*seen, *more], POLICY).kind is kind

    assert found.not_before >= found.next_from >= now
    hours = int((found.not_before - now) / HOUR)
    hourly = [now + hour * HOUR for hour in range(hours)]
    assert after([*hourly, found.not_before])
    if found.not_before > now:
        assert not after([*hourly, found.not_before - SECOND])
    rarely = [found.not_before + (4 + number) * 100 * HOUR for number in range(found.checks)]
    assert after(rarely)
    assert not after(rarely[:-1])


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
