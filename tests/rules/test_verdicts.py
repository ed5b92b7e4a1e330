"""RULES 1: strikes as a state machine over the history."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.model.decision import Decision, NotBroken
from crawler.model.observation import FailureKind, Hop, Inconclusive, Observation
from crawler.model.verdict import Suggestion, SuggestionKind, VerdictKind, WarningCode
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdicts import decided, judge, not_broken, override, with_warnings

START = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://news.example/2020/a-story"
POLICY = StrikePolicy()
STATUSES = {"ok": 200, "404": 404, "410": 410, "403": 403, "500": 500}
FAILURES = {
    "nxdomain": FailureKind.DNS_NXDOMAIN,
    "refused": FailureKind.CONNECT_REFUSED,
    "servfail": FailureKind.DNS_SERVFAIL,
    "badname": FailureKind.DNS_BAD_NAME,
}


def at(day: float, what: str, run: int | None = None) -> Observation:
    when = START + timedelta(days=day)
    run = int(day * 10) + 1 if run is None else run
    if what == "moved":
        hops = (Hop(URL, 301),)
        return Observation(URL, when, run, 200, hops=hops, final_url="https://news.example/new/one")
    if what in STATUSES:
        return Observation(URL, when, run, STATUSES[what], final_url=URL)
    return Observation(URL, when, run, failure=FAILURES[what])


def verdict_of(*history: tuple[float, str]) -> VerdictKind:
    return judge([at(day, what) for day, what in history], POLICY).kind


ALIVE, MOVED, BROKEN, DEAD = (
    VerdictKind.ALIVE,
    VerdictKind.MOVED,
    VerdictKind.BROKEN,
    VerdictKind.DEAD,
)
UNVERIFIABLE, INVALID = VerdictKind.UNVERIFIABLE, VerdictKind.INVALID


@pytest.mark.parametrize(
    ("history", "kind"),
    [
        ([], VerdictKind.UNCHECKED),
        ([(0, "ok")], ALIVE),
        ([(0, "moved")], MOVED),
        ([(0, "404")], BROKEN),
        ([(0, "410")], BROKEN),
        ([(0, "nxdomain")], BROKEN),
        ([(0, "refused")], UNVERIFIABLE),
        ([(0, "403")], UNVERIFIABLE),
        ([(0, "servfail")], UNVERIFIABLE),
        ([(0, "badname")], INVALID),
        # three strikes, 72 h apart, spanning seven days
        ([(0, "404"), (4, "404"), (8, "404")], DEAD),
        ([(0, "404"), (3, "404"), (6, "404")], BROKEN),
        ([(0, "404"), (1, "404"), (8, "404")], BROKEN),
        ([(0, "404"), (1, "404"), (4, "404"), (8, "404")], DEAD),
        ([(0, "404"), (8, "404")], BROKEN),
        # 410 and NXDOMAIN need two
        ([(0, "410"), (8, "410")], DEAD),
        ([(0, "nxdomain"), (8, "nxdomain")], DEAD),
        ([(0, "410"), (4, "410")], BROKEN),
        ([(0, "410"), (8, "404")], BROKEN),
        # transient failures count, unverifiable until dead
        ([(0, "refused"), (4, "refused")], UNVERIFIABLE),
        ([(0, "refused"), (4, "refused"), (8, "refused")], DEAD),
        ([(0, "404"), (4, "refused")], BROKEN),
        ([(0, "refused"), (4, "404")], BROKEN),
        # an answer that says nothing changes nothing that was known to be bad
        ([(0, "404"), (4, "403")], BROKEN),
        ([(0, "404"), (4, "403"), (8, "404")], BROKEN),
        ([(0, "404"), (4, "404"), (6, "500"), (8, "404")], DEAD),
        ([(0, "ok"), (4, "403")], UNVERIFIABLE),
        # any success resets
        ([(0, "404"), (4, "404"), (8, "ok")], ALIVE),
        ([(0, "404"), (4, "404"), (8, "404"), (9, "ok")], ALIVE),
        ([(0, "404"), (4, "404"), (6, "ok"), (8, "404")], BROKEN),
        ([(0, "404"), (4, "404"), (8, "404"), (9, "moved")], MOVED),
        # a failure too soon for a strike stands in the last one's place
        ([(0, "refused"), (3, "refused"), (6.9, "refused"), (7.1, "refused")], DEAD),
        ([(0, "410"), (6.9, "410"), (7.1, "410")], DEAD),
        ([(0, "410"), (6.9, "410"), (7.1, "404")], BROKEN),
        # the dead stay dead until they answer
        ([(0, "404"), (4, "404"), (8, "404"), (8.5, "404")], DEAD),
        ([(0, "404"), (4, "404"), (8, "404"), (12, "refused")], DEAD),
    ],
)
def test_the_table_of_histories(history: list[tuple[float, str]], kind: VerdictKind) -> None:
    assert verdict_of(*history) is kind


def test_strikes_of_one_run_never_kill() -> None:
    history = [at(day, "404", run=1) for day in (0, 4, 8, 12)]
    assert judge(history, POLICY).kind is BROKEN


def test_a_verdict_carries_its_evidence() -> None:
    verdict = judge([at(0, "ok"), at(2, "404"), at(6, "404")], POLICY)
    assert (verdict.reason, verdict.rule, verdict.strikes) == ("http-404", "status-gone", 2)
    assert verdict.since == verdict.failing_since == START + timedelta(days=2)


def test_since_begins_anew_with_another_reason() -> None:
    verdict = judge([at(0, "404"), at(4, "410")], POLICY)
    assert verdict.since == START + timedelta(days=4)
    assert verdict.failing_since == START


def test_an_early_definite_failure_turns_a_transient_strike_definite() -> None:
    verdict = judge([at(0, "refused"), at(1, "404")], POLICY)
    assert (verdict.kind, verdict.strikes) == (BROKEN, 1)


def test_a_move_suggests_its_end() -> None:
    verdict = judge([at(0, "moved")], POLICY)
    assert verdict.suggestion == Suggestion(
        SuggestionKind.REPLACE_URL, "https://news.example/new/one"
    )


def test_warnings_are_added_once() -> None:
    verdict = judge([at(0, "ok")], POLICY)
    warned = with_warnings(verdict, (WarningCode.URL_WHITE_SPACE,))
    assert warned.warnings == (WarningCode.URL_WHITE_SPACE,)
    assert with_warnings(warned, (WarningCode.URL_WHITE_SPACE,)) is warned


WHAT = st.sampled_from(sorted({*STATUSES, *FAILURES, "moved"}))
HISTORIES = st.lists(st.tuples(st.floats(0.01, 30), WHAT), max_size=12)


def walk(steps: Sequence[tuple[float, str]]) -> list[Observation]:
    day, history = 0.0, []
    for run, (gap, what) in enumerate(steps):
        day += gap
        history.append(at(day, what, run))
    return history


@given(HISTORIES, st.sampled_from(["ok", "moved"]))
def test_any_success_resets(steps: list[tuple[float, str]], success: str) -> None:
    verdict = judge(walk([*steps, (1.0, success)]), POLICY)
    assert verdict.kind in (ALIVE, MOVED)
    assert (verdict.strikes, verdict.failing_since) == (0, None)


@given(HISTORIES)
def test_never_dead_from_one_run(steps: list[tuple[float, str]]) -> None:
    day, history = 0.0, []
    for gap, what in steps:
        day += gap
        history.append(at(day, what, run=7))
    assert judge(history, POLICY).kind is not DEAD


@given(HISTORIES, st.sampled_from(["403", "500", "servfail"]))
def test_an_answer_that_says_nothing_keeps_the_evidence(
    steps: list[tuple[float, str]], nothing: str
) -> None:
    before = judge(walk(steps), POLICY)
    after = judge(walk([*steps, (1.0, nothing)]), POLICY)
    assert (after.strikes, after.failing_since) == (before.strikes, before.failing_since)
    if before.kind.is_gone:
        assert after == before


@given(HISTORIES)
def test_death_needs_its_distance_in_time(steps: list[tuple[float, str]]) -> None:
    history = walk(steps)
    verdict = judge(history, POLICY)
    if verdict.kind is DEAD:
        assert verdict.failing_since is not None
        assert history[-1].at - verdict.failing_since >= POLICY.span
        assert verdict.strikes >= POLICY.strikes_definite


@given(HISTORIES, st.lists(st.sampled_from([*STATUSES, *FAILURES, "moved"])), st.randoms())
def test_the_order_within_one_run_does_not_matter(
    steps: list[tuple[float, str]], last_run: list[str], choose: random.Random
) -> None:
    before = walk(steps)
    shuffled = choose.sample(last_run, len(last_run))
    day = sum(gap for gap, _ in steps) + 4
    verdicts = [
        judge(
            [*before, *(at(day + n / 100, what, 99) for n, what in enumerate(order))],
            POLICY,
        )
        for order in (last_run, shuffled)
    ]
    assert verdicts[0] == verdicts[1]


@pytest.mark.parametrize(
    ("within_one_run", "kind"),
    [
        (("404", "ok"), ALIVE),
        (("moved", "404"), MOVED),
        (("404", "403"), BROKEN),
        (("403", "refused", "404"), BROKEN),
        (("refused", "403"), UNVERIFIABLE),
        (("badname", "404"), INVALID),
    ],
)
def test_the_best_evidence_of_a_run_counts(
    within_one_run: tuple[str, ...], kind: VerdictKind
) -> None:
    for order in (within_one_run, within_one_run[::-1]):
        history = [at(n / 10, what, run=1) for n, what in enumerate(order)]
        assert judge(history, POLICY).kind is kind


@given(HISTORIES, st.sampled_from([code for code in Inconclusive if code.is_ours]), WHAT)
def test_an_own_outage_changes_nothing_at_all(
    steps: list[tuple[float, str]], code: Inconclusive, what: str
) -> None:
    history = walk(steps)
    outage = replace(at(999, what), inconclusive=code)
    before, after = judge(history, POLICY), judge([*history, outage], POLICY)
    if history:
        assert after == before
    else:
        assert (after.kind, after.reason) == (UNVERIFIABLE, code)


@example([(1.0, "404"), (1.0, "badname"), (2.0, "refused")], Inconclusive.HOST_BLOCKS_US)
@given(HISTORIES, st.sampled_from([Inconclusive.HOST_BLOCKS_US, Inconclusive.PASSING_FAULT]))
def test_a_blocking_host_gives_no_strike(
    steps: list[tuple[float, str]], code: Inconclusive
) -> None:
    history = walk(steps)
    before = judge(history, POLICY)
    after = judge([*history, replace(at(999, "404"), inconclusive=code)], POLICY)
    assert after.strikes == before.strikes
    assert after == before if before.kind.is_gone else after.reason == code


# "not broken", says an editor, until the evidence changes (item 3 of the issue on verdicts)

SAID = not_broken(judge([at(0, "404")], POLICY))


@pytest.mark.parametrize(
    ("history", "holds"),
    [
        ([(0, "404")], True),
        ([(0, "404"), (4, "404")], True),
        ([(0, "404"), (4, "404"), (8, "404")], True),
        ([(0, "404"), (4, "403")], True),
        ([(0, "404"), (4, "410")], False),
        ([(0, "404"), (4, "ok"), (9, "404")], False),
        ([(1, "404")], False),
    ],
)
def test_an_editors_word_holds_until_the_evidence_changes(
    history: list[tuple[float, str]], holds: bool
) -> None:
    verdict = judge([at(day, what) for day, what in history], POLICY)
    said = override(verdict, [NotBroken("parked", None), SAID])
    if holds:
        assert (said.kind, said.reason) == (VerdictKind.EXCLUDED, "editor-not-broken")
        assert (said.strikes, said.failing_since) == (verdict.strikes, verdict.failing_since)
    else:
        assert said is verdict


def test_an_editors_word_is_not_asked_about_links_that_are_well() -> None:
    verdict = judge([at(0, "ok")], POLICY)
    assert override(verdict, [not_broken(verdict)]) is verdict


NOTE = "opened it by hand"
LATER = START + timedelta(days=30)


def test_an_editors_decision_says_since_when_it_counts() -> None:
    broken = judge([at(0, "404")], POLICY)
    decision = Decision(URL, NOTE, START + timedelta(hours=9), against=not_broken(broken))
    said = decided(broken, decision, LATER)
    assert said == replace(
        broken,
        kind=VerdictKind.EXCLUDED,
        reason="editor-not-broken",
        rule="editor-not-broken",
        since=decision.decided_at,
    )
    other = judge([at(0, "410")], POLICY)
    assert decided(other, decision, LATER) is other
    assert decided(broken, replace(decision, against=None), LATER) is broken
    assert decided(broken, None, LATER) is broken


@pytest.mark.parametrize("what", ["404", "ok", "403"])
def test_a_link_is_left_out_until_its_date(what: str) -> None:
    """RULES 1, `excluded`: by rule, with a reason and, where given, an end date."""
    verdict = judge([at(0, what)], POLICY)
    decision = Decision(URL, NOTE, START, until=LATER)
    said = decided(verdict, decision, LATER - timedelta(microseconds=1))
    assert (said.kind, said.reason, said.rule) == (VerdictKind.EXCLUDED, *["editor-ignored"] * 2)
    assert (said.since, said.failing_since) == (START, verdict.failing_since)
    assert decided(verdict, decision, LATER) is verdict
