"""Rules R1 to R9: when a link is due again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.observation import (
    CertificateFault,
    FailureKind,
    Inconclusive,
    Observation,
    PageFacts,
)
from crawler.model.page_depth import Depth, PageMark
from crawler.model.verdict import VerdictKind
from crawler.rules.policy import SchedulePolicy, StrikePolicy
from crawler.rules.verdict.schedule import AT_ONCE, due_after_waiting, first_interval, next_due
from crawler.rules.verdict.verdicts import judge

NOW = datetime(2026, 1, 1, tzinfo=UTC)
POLICY = SchedulePolicy()
URL = "https://news.example/2020/a-story"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(day: float, status: int = 200, title: str | None = None, **facts: object) -> Observation:
    page = PageFacts(title=title) if title else None
    when = NOW + timedelta(days=day)
    return Observation(URL, when, int(day), status, page=page, **facts)  # type: ignore[arg-type]


def wait(*history: Observation, published: datetime | None = None) -> timedelta:
    verdict = judge(history, StrikePolicy())
    return next_due(history, verdict, published, POLICY) - history[-1].at


def about(expected: timedelta) -> object:
    return pytest.approx(expected.total_seconds(), rel=POLICY.jitter + 1e-9)


@pytest.mark.parametrize(
    ("age", "interval"),
    [
        (timedelta(0), 3 * HOUR),
        (23 * HOUR, 3 * HOUR),
        (24 * HOUR, DAY),
        (6 * DAY, DAY),
        (7 * DAY, 7 * DAY),
        (29 * DAY, 7 * DAY),
        (30 * DAY, 30 * DAY),
        (364 * DAY, 30 * DAY),
        (365 * DAY, 90 * DAY),
        (-5 * DAY, 3 * HOUR),
    ],
)
def test_the_first_interval_follows_the_articles_age(age: timedelta, interval: timedelta) -> None:
    """Rule R1: first interval by age of the article."""
    assert first_interval(NOW, NOW - age, POLICY) == interval
    assert wait(at(0), published=NOW - age).total_seconds() == about(interval)


def test_an_article_without_a_date_is_old() -> None:
    assert first_interval(NOW, None, POLICY) == 90 * DAY


def test_unchanged_pages_are_visited_less_often_and_changed_ones_more() -> None:
    """Rules R2 and R9: changed × 0.8, unchanged × 1.2; 304 counts as verified."""
    recent = NOW - 10 * DAY
    same = [at(0, title="a"), at(7, title="a")]
    other = [at(0, title="a"), at(7, title="b")]
    assert wait(*same, published=recent).total_seconds() == about(7 * DAY * 1.2)
    assert wait(*other, published=recent).total_seconds() == about(7 * DAY * 0.8)
    verified = wait(at(0, title="a"), at(7, 304), published=recent)
    assert verified.total_seconds() == about(7 * DAY * 1.2)


@pytest.mark.parametrize("number", [0, 1])
def test_a_page_of_an_unknown_server_is_no_change(number: int) -> None:
    """Rule C4: a page behind a bad certificate may not be the site's."""
    recent = NOW - 20 * DAY
    titles = ("A", "B")
    history = [at(7 * day, title=title) for day, title in enumerate(titles)]
    history[number] = replace(history[number], certificate=CertificateFault.WRONG_HOST)
    unchanged = [at(7 * day, title="A") for day in (0, 1)]
    assert wait(*history, published=recent) == wait(*unchanged, published=recent)


def test_validators_show_a_change_where_there_is_no_page() -> None:
    recent = NOW - 10 * DAY
    changed = wait(at(0, etag='"a"'), at(7, etag='"b"'), published=recent)
    assert changed.total_seconds() == about(7 * DAY * 0.8)


def test_not_modified_is_a_success_that_hides_no_later_change() -> None:
    """Rule R9: 304 counts as verified. It carries no page, so later pages are compared with the one before."""
    recent = NOW - 10 * DAY
    assert judge([at(0, 404), at(4, 304)], StrikePolicy()).kind is VerdictKind.ALIVE
    history = [at(0, title="a", etag='"a"'), at(7, 304)]
    same = wait(*history, at(16, title="a", etag='"a"'), published=recent)
    other = wait(*history, at(16, title="b", etag='"b"'), published=recent)
    assert same.total_seconds() == about(7 * DAY * 1.2 * 1.2)
    assert other.total_seconds() == about(7 * DAY * 1.2 * 0.8)
    first = wait(at(0, 304), at(7, title="a"), published=recent)
    assert first.total_seconds() == about(7 * DAY * 1.2)


def test_the_jitter_is_a_tenth_either_way_and_the_same_for_the_same_url() -> None:
    """Rule R3: ± 10 % jitter."""
    waits = []
    for number in range(500):
        seen = Observation(f"{URL}-{number}", NOW, 1, 200)
        dues = {next_due([seen], judge([seen], StrikePolicy()), None, POLICY) for _ in "ab"}
        assert len(dues) == 1
        waits.append((dues.pop() - NOW) / (90 * DAY))
    assert 0.9 <= min(waits) < 0.91
    assert 1.09 < max(waits) <= 1.1


def test_a_visit_by_hand_does_not_stretch_the_interval() -> None:
    by_hand = [at(0, title="a"), at(0.01, title="a"), at(0.02, title="a")]
    assert wait(*by_hand, published=NOW).total_seconds() == about(3 * HOUR)


def test_a_strike_is_checked_again_after_its_distance_and_never_before() -> None:
    """Rule R4: a strike is re-checked after 72 h."""
    assert wait(at(0, 404)) >= StrikePolicy().apart
    assert wait(at(0, 404)) <= StrikePolicy().apart * 1.25


def test_walls_are_left_alone_longer_and_longer() -> None:
    history = [at(day, 403) for day in range(12)]
    waits = [wait(*history[: n + 1]) for n in range(12)]
    assert waits == sorted(waits)
    assert waits[0].total_seconds() == about(DAY)
    assert waits[1].total_seconds() == about(2 * DAY)
    assert waits[-1].total_seconds() == about(90 * DAY)


def test_no_jitter_brings_a_strikes_check_forward() -> None:
    for number in range(200):
        seen = Observation(f"{URL}-{number}", NOW, 1, 404)
        due = next_due([seen], judge([seen], StrikePolicy()), None, POLICY)
        assert StrikePolicy().apart <= due - NOW <= StrikePolicy().apart * 1.25


def test_a_transient_failure_is_checked_again_in_the_next_daily_run() -> None:
    refused = Observation(URL, NOW, 1, failure=FailureKind.CONNECT_REFUSED)
    passing = replace(refused, inconclusive=Inconclusive.PASSING_FAULT)
    for seen in (refused, passing):
        due = next_due([seen], judge([seen], StrikePolicy()), None, POLICY)
        assert 12 * HOUR < due - NOW < DAY


def failed(day: float, kind: FailureKind = FailureKind.CONNECT_REFUSED) -> Observation:
    return Observation(URL, NOW + timedelta(days=day), int(day), failure=kind)


def test_a_streak_with_a_failed_connection_in_it_is_looked_at_daily() -> None:
    """docs/adr/0010: transient failures need eleven looks."""
    assert wait(failed(0), failed(1), at(2, 404)) < DAY
    assert wait(failed(0), at(1, 200), at(2, 404)) >= StrikePolicy().apart
    assert wait(at(0, 404), at(4, 404)) >= StrikePolicy().apart


def test_server_errors_are_looked_at_daily_until_they_break_the_link() -> None:
    """Rules S5 and R5: the slow counter of 14 days grows only with further visits."""
    errors = [at(day, 503) for day in range(60)]
    for count in range(1, 15):
        assert wait(*errors[:count]) < DAY
    assert wait(*errors[:15]).total_seconds() == about(14 * DAY)
    assert wait(*errors[:15], at(29, 503)).total_seconds() == about(29 * DAY)
    assert wait(*errors[:15], at(29, 403)).total_seconds() == about(29 * DAY)
    assert wait(*errors[:15], at(120, 503)).total_seconds() == about(90 * DAY)
    # where there is better evidence, only so long as that may still be confirmed
    assert wait(at(0, 404), at(4, 503)) < DAY
    assert wait(at(0, 404), at(4, 503), at(5, 404)) < DAY
    late = [at(0, 404), *(at(day, 503) for day in range(4, 30))]
    assert wait(*late).total_seconds() == about(3 * DAY)


def test_a_wall_is_not_asked_more_often_for_the_errors_before_it() -> None:
    walls = [at(day, 403) for day in range(1, 5)]
    assert wait(at(0, 503), *walls) >= wait(*walls) >= 7 * DAY


def test_walls_do_not_keep_a_dead_link_from_being_confirmed() -> None:
    history = [at(0, 404), *(at(4 + day, 403) for day in range(9))]
    assert wait(*history) <= 72 * HOUR * 1.1


def test_the_dead_are_asked_again_after_as_long_as_they_have_failed() -> None:
    dead = [at(0, 404), at(4, 404), at(8, 404)]
    assert wait(*dead).total_seconds() == about(8 * DAY)
    assert wait(*dead, at(40, 404)).total_seconds() == about(40 * DAY)
    assert wait(*dead, at(400, 404)).total_seconds() == about(90 * DAY)


def test_the_dead_without_a_first_failure_are_asked_after_a_strikes_distance() -> None:
    dead = replace(judge([at(0, 404)], StrikePolicy()), kind=VerdictKind.DEAD, failing_since=None)
    due = next_due([at(0, 404)], dead, None, POLICY)
    assert (due - NOW).total_seconds() == about(3 * DAY)


def test_our_own_outage_leaves_the_due_time_as_it_was() -> None:
    recent = NOW - 10 * DAY
    lost = at(999, 404, inconclusive=Inconclusive.OWN_NETWORK_DOWN)
    history = [at(0, 200)]
    verdict = judge(history, StrikePolicy())
    expected = next_due(history, verdict, recent, POLICY)
    assert next_due([*history, lost], verdict, recent, POLICY) == expected
    assert next_due([lost], judge([lost], StrikePolicy()), recent, POLICY) == AT_ONCE


def test_retry_after_is_the_least_wait() -> None:
    """Rule P5: obeyed, so no jitter shortens it."""
    for status in (429, 503, 404):
        assert wait(at(0, status, retry_after=5 * 86_400.0)) == 5 * DAY
        assert wait(at(0, status, retry_after=1e9)) == 180 * DAY
        assert wait(at(0, status, retry_after=1.0)) == wait(at(0, status))


def test_failures_do_not_count_as_steps_of_the_interval() -> None:
    recent = NOW - 10 * DAY
    history = [at(0, title="a"), at(7, 404), at(14, title="a")]
    assert wait(*history, published=recent).total_seconds() == about(7 * DAY * 1.2)


@given(
    st.lists(st.tuples(st.floats(0.1, 300), st.sampled_from([200, 304])), min_size=1, max_size=20),
    st.floats(-1, 4000),
)
def test_the_interval_stays_within_its_bounds(
    steps: list[tuple[float, int]], age_days: float
) -> None:
    """Rule R2: within 3 h and 180 d."""
    day, history = 0.0, []
    for gap, status in steps:
        day += gap
        history.append(at(day, status))
    found = wait(*history, published=NOW - timedelta(days=age_days))
    assert POLICY.shortest * 0.9 <= found <= POLICY.longest * 1.1


@pytest.mark.parametrize(
    ("waited", "asked", "is_answering", "expected"),
    [
        (timedelta(0), timedelta(0), False, 20 * HOUR),
        (3 * DAY, timedelta(0), False, 3 * DAY),
        (3 * DAY, timedelta(0), True, 20 * HOUR),
        (3 * DAY, 4 * DAY, True, 4 * DAY),
        (400 * DAY, timedelta(0), False, 90 * DAY),
    ],
)
def test_what_waits_for_its_host_is_asked_ever_more_seldom(
    waited: timedelta, asked: timedelta, is_answering: bool, expected: timedelta
) -> None:
    """Rule P10: a host that answers something is asked in every daily run."""
    due = due_after_waiting(NOW - waited, NOW, asked, POLICY, is_answering=is_answering)
    assert due - NOW == expected


def test_a_visit_that_read_no_page_says_nothing_of_its_changes() -> None:
    """Rule M21: the interval stays, and the pages before and after are compared with each other."""
    unread = PageMark(Depth.STATUS)
    first, last = at(0, title="A", etag="1"), at(90, title="B", etag="2")
    between = [at(day, page_mark=unread) for day in (30, 60)]
    old = NOW - timedelta(days=400)
    assert wait(first, *between, published=old) == wait(first, published=old)
    assert wait(first, *between, last, published=old) < wait(first, published=old)
    assert wait(first, *between, replace(last, page=first.page), published=old) > wait(first, published=old)  # fmt: skip
    assert wait(*between, published=old).total_seconds() == about(90 * DAY)
