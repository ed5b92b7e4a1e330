"""Rules S1 to S8: strikes as a state machine over the history."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.model.decision import Decision, NotBroken
from crawler.model.observation import FailureKind, Hop, Inconclusive, Observation, SoftSign
from crawler.model.verdict import Suggestion, SuggestionKind, VerdictKind, WarningCode
from crawler.rules.policy import StrikePolicy
from crawler.rules.verdict.verdicts import (
    decided,
    judge,
    not_broken,
    override,
    trace,
    with_warnings,
)

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
        ([(0, "refused"), (4, "refused"), (8, "refused")], UNVERIFIABLE),
        ([*((day, "refused") for day in range(10))], UNVERIFIABLE),
        ([*((day, "refused") for day in range(11))], UNVERIFIABLE),
        ([*((day, "refused") for day in range(12))], DEAD),
        ([*((day / 24, "refused") for day in range(12)), (11, "refused")], UNVERIFIABLE),
        ([*((7 * week, "refused") for week in range(10))], UNVERIFIABLE),
        ([*((7 * week, "refused") for week in range(11))], DEAD),
        # definite ones among them are looks too, or confirm each other by themselves
        ([(0, "404"), *((4 + day, "refused") for day in range(9))], BROKEN),
        ([(0, "404"), *((4 + day, "refused") for day in range(10))], DEAD),
        ([(0, "404"), (4, "404"), *((8 + day, "refused") for day in range(4))], BROKEN),
        ([(0, "404"), (4, "refused"), (8, "404"), (12, "404")], DEAD),
        ([(0, "410"), (4, "refused"), (8, "410")], DEAD),
        ([(0, "refused"), (4, "404"), (8, "404")], BROKEN),
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
        ([(0, "404"), (3, "404"), (6.9, "404"), (7.1, "404")], DEAD),
        ([(0, "410"), (6.9, "410"), (7.1, "410")], DEAD),
        ([(0, "410"), (6.9, "410"), (7.1, "404")], BROKEN),
        # the dead stay dead until they answer
        ([(0, "404"), (4, "404"), (8, "404"), (8.5, "404")], DEAD),
        ([(0, "404"), (4, "404"), (8, "404"), (12, "refused")], DEAD),
        # the slow counter: nothing but 5xx for fourteen days is broken, and never dead
        ([*((day, "500") for day in range(14))], UNVERIFIABLE),
        ([*((day, "500") for day in range(15))], BROKEN),
        ([*((day, "500") for day in range(300))], BROKEN),
        ([(0, "500"), (7, "500"), (14, "500")], UNVERIFIABLE),
        ([*((7 * week, "500") for week in range(10))], UNVERIFIABLE),
        ([*((7 * week, "500") for week in range(11))], BROKEN),
        ([*((day, "500") for day in range(14)), (14, "ok"), (15, "500")], UNVERIFIABLE),
        ([*((day, ("500", "403")[day % 2]) for day in range(20))], UNVERIFIABLE),
        ([*((day, ("500", "403")[day % 2]) for day in range(21))], BROKEN),
        ([*((day, "500") for day in range(15)), (16, "403"), (17, "servfail")], BROKEN),
        ([*((day, "500") for day in range(15)), (16, "refused")], BROKEN),
        ([*((day, "500") for day in range(15)), (16, "ok")], ALIVE),
        (
            [*((day, "500") for day in range(15)), *((20 + day, "refused") for day in range(12))],
            DEAD,
        ),
        ([(0, "404"), (4, "404"), (8, "404"), *((9 + day, "500") for day in range(15))], DEAD),
    ],
)
def test_the_table_of_histories(history: list[tuple[float, str]], kind: VerdictKind) -> None:
    assert verdict_of(*history) is kind


def test_weeks_of_server_errors_say_so_and_since_when() -> None:
    """Rule S5: 5xx are never a strike, but have a slow counter of their own, of 14 days."""
    history = [at(day, "500") for day in range(20)]
    verdict = judge(history, POLICY)
    assert (verdict.kind, verdict.reason, verdict.rule) == (
        BROKEN,
        "server-errors",
        "server-errors",
    )
    assert (verdict.failing_since, verdict.since) == (START, START + timedelta(days=14))
    assert verdict.strikes == 0


def test_better_evidence_stands_beside_server_errors() -> None:
    """Rule S6: an answer that says nothing leaves earlier evidence as it is."""
    history = [at(0, "404"), *(at(1 + day, "500") for day in range(20))]
    assert judge(history, POLICY) == judge(history[:1], POLICY)
    later = [*(at(day, "500") for day in range(15)), at(15, "404")]
    assert judge(later, POLICY).reason == "http-404"


@pytest.mark.parametrize("code", Inconclusive)
def test_errors_in_an_outage_or_of_a_host_that_blocks_us_do_not_count(code: Inconclusive) -> None:
    history = [replace(at(day, "500"), inconclusive=code) for day in range(30)]
    assert judge(history, POLICY).kind is UNVERIFIABLE


def test_a_walls_503_is_no_server_error() -> None:
    """Rule V4: a bot wall at any status."""
    history = [replace(at(day, "500"), sign=SoftSign.WALL) for day in range(30)]
    assert judge(history, POLICY).reason == "bot-wall"


def test_server_errors_of_one_run_break_nothing() -> None:
    assert judge([at(day, "500", run=1) for day in range(30)], POLICY).kind is UNVERIFIABLE


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

DENSE = st.sets(WHAT, min_size=1, max_size=3).flatmap(
    lambda kinds: st.lists(
        st.tuples(st.floats(0.3, 8), st.sampled_from(sorted(kinds))), max_size=30
    )
)
"""Long enough, and close enough together, for what takes eleven looks."""


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


@given(DENSE, DENSE)
def test_nothing_before_a_success_matters_after_it(
    before: list[tuple[float, str]], after: list[tuple[float, str]]
) -> None:
    """Issue, item 3: any success resets, the slow counter of server errors too."""
    history = walk([*before, (1.0, "ok"), *after])
    fresh = judge(history[len(before) :], POLICY)
    assert replace(judge(history, POLICY), since=None) == replace(fresh, since=None)


@given(HISTORIES)
def test_never_dead_from_one_run(steps: list[tuple[float, str]]) -> None:
    day, history = 0.0, []
    for gap, what in steps:
        day += gap
        history.append(at(day, what, run=7))
    assert judge(history, POLICY).kind is not DEAD


@given(DENSE, st.sampled_from(["403", "servfail"]))
def test_an_answer_that_says_nothing_keeps_the_evidence(
    steps: list[tuple[float, str]], nothing: str
) -> None:
    before = judge(walk(steps), POLICY)
    after = judge(walk([*steps, (1.0, nothing)]), POLICY)
    assert after.strikes == before.strikes
    if before.kind.is_gone:
        assert after == before


@given(DENSE, st.integers(0, 30), st.sampled_from(["403", "servfail", "outage"]))
def test_what_says_nothing_changes_no_later_verdict(
    steps: list[tuple[float, str]], place: int, nothing: str
) -> None:
    """Issue, item 3: unverifiable changes nothing. So it may be left out of any history that ends with
    something else."""
    history = walk([*steps, (1.0, "404")])
    place = min(place, len(history) - 1)
    now = history[place].at - timedelta(minutes=1)
    lost = replace(at(0, "404" if nothing == "outage" else nothing, 999), at=now)
    if nothing == "outage":
        lost = replace(lost, inconclusive=Inconclusive.OWN_NETWORK_DOWN)
    with_it = judge([*history[:place], lost, *history[place:]], POLICY)
    without = judge(history, POLICY)
    # `since` begins anew after an interruption; nothing else may differ.
    assert replace(with_it, since=None) == replace(without, since=None)


@given(DENSE)
def test_server_errors_are_never_what_kills(steps: list[tuple[float, str]]) -> None:
    """Rule S4: 5xx are never a strike."""
    with_errors = walk(steps)
    without = [seen for seen in with_errors if seen.status != 500]
    dead = judge(with_errors, POLICY).kind is DEAD
    assert dead == (judge(without, POLICY).kind is DEAD)


@given(DENSE)
def test_nobody_dies_at_once(steps: list[tuple[float, str]]) -> None:
    """Issue, item 3: from alive to dead only by way of broken or unverifiable."""
    kinds = [step.verdict.kind for step in trace(walk(steps), POLICY)]
    before = [VerdictKind.UNCHECKED, *kinds]
    for earlier, later in zip(before, kinds, strict=False):
        assert later is not DEAD or earlier in (BROKEN, UNVERIFIABLE, INVALID, DEAD)


def dead_by_the_rules(history: Sequence[Observation]) -> bool:
    """Rules S2 and S3, counted by hand over what has failed since the last success: strikes at least
    72 h apart, over seven days and two runs, three or two; or, with connections among them, over ten days and a
    half with eleven looks."""
    hours = timedelta(hours=1)
    failed: list[Observation] = []
    for seen in history:
        if seen.status == 200:
            failed = []
        elif seen.status in (404, 410) or seen.failure in (
            FailureKind.DNS_NXDOMAIN,
            FailureKind.CONNECT_REFUSED,
        ):
            failed.append(seen)
    definite = [seen for seen in failed if seen.failure is not FailureKind.CONNECT_REFUSED]
    quick = all(seen.status != 404 for seen in definite)

    def enough(seens: Sequence[Observation], strikes: int, span: timedelta) -> bool:
        apart = 0
        last = None
        for seen in seens:
            if last is None or seen.at - last >= 72 * hours:
                apart, last = apart + 1, seen.at
        runs = {seen.run for seen in seens}
        return apart >= strikes and len(runs) >= 2 and seens[-1].at - seens[0].at >= span

    if definite and enough(failed, 2 if quick else 3, 168 * hours):
        return True
    return len(failed) >= 11 and enough(failed, 3, 252 * hours)


@given(DENSE)
def test_death_needs_the_rules_numbers(steps: list[tuple[float, str]]) -> None:
    """The least that rule S2 asks for, counted independently of the state machine."""
    died = False
    history = walk(steps)
    for end in range(1, len(history) + 1):
        kind = judge(history[:end], POLICY).kind
        if kind is DEAD and not died:
            assert dead_by_the_rules(history[:end])
        died = kind is DEAD


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


# "not broken", says an editor, until the evidence changes (rule E4)

SAID = not_broken(judge([at(0, "404")], POLICY))


@pytest.mark.parametrize(
    ("history", "holds"),
    [
        ([(0, "404")], True),
        ([(0, "404"), (4, "404")], True),
        ([(0, "404"), (4, "404"), (8, "404")], True),
        ([(0, "404"), (4, "403")], True),
        ([(0, "404"), (4, "410")], False),
        ([(0, "404"), (1, "500"), (4, "refused"), (8, "404")], True),
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


def test_an_editors_word_holds_against_server_errors_that_go_on() -> None:
    history = [at(day, "500") for day in range(40)]
    said = not_broken(judge(history[:15], POLICY))
    assert override(judge(history, POLICY), [said]).kind is VerdictKind.EXCLUDED
    later = judge([*history, at(40, "404")], POLICY)
    assert override(later, [said]) is later


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
    """Rule V13: by rule, with a reason and, where given, an end date."""
    verdict = judge([at(0, what)], POLICY)
    decision = Decision(URL, NOTE, START, until=LATER)
    said = decided(verdict, decision, LATER - timedelta(microseconds=1))
    assert (said.kind, said.reason, said.rule) == (VerdictKind.EXCLUDED, *["editor-ignored"] * 2)
    assert (said.since, said.failing_since) == (START, verdict.failing_since)
    assert decided(verdict, decision, LATER) is verdict
