from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from crawler.model.decision import Decision, DecisionCode, NotBroken
from crawler.model.selection import Selection
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state import State
from tests.state.samples import DAY, NOW, article, link, reference, save, save_urls, visit
from tests.strategies import model
from tests.strategies.examples import examples

URL, OTHER = "https://a.example/lost", "https://a.example/other"
LEFT_OUT = Decision(URL, "moving house", NOW, until=NOW + 9 * DAY)
WORKS = Decision(URL, "opened it", NOW, against=NotBroken("http-404", NOW - DAY))


def due(state: State, now_days: int = 0, selection: Selection | None = None) -> list[str]:
    chosen, now = selection or Selection(), NOW + now_days * DAY
    hosts = [(host.host, host.count) for host in state.due_hosts(chosen, now, 99)]
    found = [each.url for each in state.due_links("a.example", chosen, now, 99, 0, 10)]
    assert hosts == ([("a.example", len(found))] if found else [])
    return found


def test_a_decision_is_kept_until_it_is_replaced_or_taken_back(state: State) -> None:
    state.decide(WORKS)
    state.decide(replace(LEFT_OUT, url=OTHER))
    assert state.decisions() == [WORKS, replace(LEFT_OUT, url=OTHER)]
    state.decide(LEFT_OUT)
    assert state.decision_on(URL) == LEFT_OUT
    state.take_back(URL)
    state.take_back(URL)
    assert state.decision_on(URL) is None
    assert [decision.url for decision in state.decisions()] == [OTHER]


@given(decision=model.decisions)
@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_decision_comes_back_as_it_was(state: State, decision: Decision) -> None:
    state.decide(decision)
    assert state.decision_on(decision.url) == decision
    state.take_back(decision.url)


def test_a_decision_outlives_its_link(state: State) -> None:
    save_urls(state, URL)
    state.decide(LEFT_OUT)
    state.forget(["a.md"])
    state.prune(NOW, 400 * DAY)
    assert state.link_by_url(URL) is None
    save_urls(state, URL)
    assert state.decision_on(URL) == LEFT_OUT
    assert due(state) == []


@pytest.mark.parametrize("visited", [True, False])
def test_a_link_is_not_due_before_the_date_of_an_editor(state: State, visited: bool) -> None:
    save_urls(state, URL, OTHER)
    if visited:
        run = state.start_run(NOW)
        visit(state, run.id, URL, VerdictKind.BROKEN, "http-404", due_at=NOW)
    found = link(state, URL)
    verdict = replace(
        found.verdict, kind=VerdictKind.EXCLUDED, reason=DecisionCode.IGNORED.value, rule="x"
    )
    state.decide(LEFT_OUT)
    state.revise(found.id, verdict, LEFT_OUT.until, NOW)
    for day, expected in ((0, [OTHER]), (8, [OTHER]), (9, [URL, OTHER])):
        assert due(state, day) == expected
        assert due(state, day, Selection(ignore_schedule=True)) == expected


def test_a_link_that_is_not_broken_stays_due(state: State) -> None:
    save_urls(state, URL)
    run = state.start_run(NOW)
    visit(state, run.id, URL, VerdictKind.EXCLUDED, DecisionCode.NOT_BROKEN.value, due_at=NOW)
    state.decide(WORKS)
    assert due(state) == [URL]


def test_a_link_that_a_rule_excludes_is_never_due(state: State) -> None:
    save(state, article("a.md", [reference("a.md", URL, invalid="local-file")]))
    assert due(state) == []


def test_a_revision_is_noted_with_the_latest_run(state: State) -> None:
    save_urls(state, URL)
    run = state.start_run(NOW)
    visit(state, run.id, URL, VerdictKind.BROKEN, "http-404")
    assert state.summary(run.id).newly_broken == 1
    found = link(state, URL)
    excluded = Verdict(VerdictKind.EXCLUDED, "editor-not-broken", "editor-not-broken", since=NOW)
    state.revise(found.id, excluded, NOW + DAY, NOW)
    assert state.summary(run.id).newly_broken == 0
    after = link(state, URL)
    assert (after.verdict, after.due_at) == (excluded, NOW + DAY)
    assert (after.status, after.checked_at) == (found.status, found.checked_at)
    state.revise(found.id, found.verdict, None, NOW)
    assert state.summary(run.id).newly_broken == 1
    assert link(state, URL).verdict == found.verdict


def test_before_the_first_run_a_revision_is_not_noted(state: State) -> None:
    save_urls(state, URL)
    excluded = Verdict(VerdictKind.EXCLUDED, "editor-ignored", "editor-ignored", since=NOW)
    state.revise(link(state, URL).id, excluded, None, NOW)
    assert link(state, URL).verdict == excluded


def test_a_host_is_left_out_with_all_of_its_links(state: State) -> None:
    elsewhere = "https://b.example/x"
    invalid = reference("b.md", "nonsense:", invalid="unknown-scheme")
    save_urls(state, URL, OTHER, elsewhere)
    save(state, article("b.md", [invalid]))
    run = state.start_run(NOW)
    visit(state, run.id, URL, VerdictKind.BROKEN, "http-404")
    assert state.hosts() == ["a.example", "b.example"]
    for later in range(2):
        state.skip_host("a.example", NOW + later * DAY)
        skipped = [link(state, url) for url in (URL, OTHER)]
        assert state.left_out_links() == [
            (each.id, "a.example", each.url, "host-skipped") for each in skipped
        ]
        for each in skipped:
            assert (each.verdict.kind, each.verdict.reason) == (
                VerdictKind.EXCLUDED,
                "host-skipped",
            )
            assert (each.verdict.since, each.due_at) == (NOW, None)
    assert state.summary(run.id).newly_broken == 0
    assert due(state, selection=Selection(hosts=("a.*",))) == []
    assert link(state, elsewhere).verdict.kind is VerdictKind.UNCHECKED
    assert link(state, "nonsense:").verdict.kind is VerdictKind.INVALID


def test_addresses_are_left_out_by_the_configuration(state: State) -> None:
    invalid = reference("b.md", "nonsense:", invalid="unknown-scheme")
    save_urls(state, URL, OTHER)
    save(state, article("b.md", [invalid]))
    run = state.start_run(NOW)
    visit(state, run.id, URL, VerdictKind.BROKEN, "http-404")
    one, other = link(state, URL), link(state, OTHER)
    # What nobody can visit is not among them.
    assert [row[0] for row in state.addresses()] == [one.id, other.id]
    for later in range(2):
        state.exclude_links([one.id] if later == 0 else [], NOW + later * DAY)
        found = link(state, URL)
        assert (found.verdict.kind, found.verdict.reason) == (
            VerdictKind.EXCLUDED,
            "url-excluded",
        )
        assert (found.verdict.since, found.due_at) == (NOW, None)
    assert state.left_out_links() == [(one.id, "a.example", URL, "url-excluded")]
    assert state.summary(run.id).newly_broken == 0
    assert link(state, OTHER).verdict.kind is VerdictKind.UNCHECKED


def test_more_addresses_than_a_statement_takes_are_left_out(state: State) -> None:
    urls = [f"https://a.example/{number}" for number in range(1_201)]
    save_urls(state, *urls)
    state.exclude_links([row[0] for row in state.addresses()], NOW)
    assert len(state.left_out_links()) == len(urls)
