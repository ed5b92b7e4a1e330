"""What the summary tells first, as the state knows it."""

from __future__ import annotations

from crawler.model.highlights import CauseGroup
from crawler.model.selection import Selection
from crawler.model.verdict import VerdictKind
from crawler.state import State
from tests.state.samples import DAY, NOW, article, link, reference, related, save, visit

BROKEN, DEAD, ALIVE = VerdictKind.BROKEN, VerdictKind.DEAD, VerdictKind.ALIVE
OLD, NEW, APART = "https://a.example/old", "https://a.example/new", "https://b.example/apart"
WELL = "https://b.example/well"


def filled(state: State) -> int:
    save(
        state,
        article("one.md", [reference("one.md", OLD), reference("one.md", WELL)]),
        article(
            "two.md",
            [reference("two.md", NEW, line=7), reference("two.md", OLD), related("two.md", APART)],
        ),
    )
    run = state.start_run(NOW).id
    visit(state, run, OLD, DEAD, "http-404", at=NOW)
    visit(state, run, APART, BROKEN, "http-410", at=NOW + DAY)
    visit(state, run, NEW, BROKEN, "http-404", at=NOW + 2 * DAY)
    visit(state, run, WELL, ALIVE, at=NOW)
    return run


def test_the_newest_come_first_with_their_first_place(state: State) -> None:
    filled(state)
    found = state.highlights().newest
    assert [one.url for one in found] == [NEW, APART, OLD]
    assert [one.places for one in found] == [1, 0, 2]
    places = [(one.first.path, one.first.line) if one.first else None for one in found]
    assert places == [("two.md", 7), None, ("one.md", 3)]
    assert [one.url for one in state.highlights("one.md").newest] == [OLD]


def test_groups_are_by_cause_and_host(state: State) -> None:
    filled(state)
    found = state.highlights()
    assert found.groups == (
        CauseGroup("http-404", "a.example", 2, 2),
        CauseGroup("http-410", "b.example", 1, 0),
    )
    assert found.all_groups == 2


def test_at_most_ten_links_and_five_groups_are_told(state: State) -> None:
    urls = [f"https://{number}.example/" for number in range(12)]
    save(state, article("one.md", [reference("one.md", url) for url in urls]))
    run = state.start_run(NOW).id
    for url in urls:
        visit(state, run, url, BROKEN, "http-404", at=NOW)
    found = state.highlights()
    assert (len(found.newest), len(found.groups), found.all_groups) == (10, 5, 12)


def test_links_that_wait_keep_the_time_since_which_they_do(state: State) -> None:
    urls = [f"https://a.example/{number}" for number in range(3)]
    save(state, article("one.md", [reference("one.md", url) for url in urls]))
    run = state.start_run(NOW).id
    visit(state, run, urls[0], VerdictKind.UNVERIFIABLE, "http-429", at=NOW, status=429)
    state.leave_waiting("a.example", Selection(), NOW, lambda since: since + DAY)
    state.leave_waiting("a.example", Selection(), NOW + DAY, lambda since: since + 3 * DAY)
    state.leave_waiting("other.example", Selection(), NOW + DAY, lambda since: since)
    left = link(state, urls[1])
    verdict = (left.verdict.kind, left.verdict.reason, left.verdict.since)
    assert verdict == (VerdictKind.UNVERIFIABLE, "host-asks-to-wait", NOW)
    assert (left.checked_at, left.due_at) == (None, NOW + 3 * DAY)
    assert link(state, urls[0]).verdict.reason == "http-429"
    (asking,) = state.highlights().asking
    assert (asking.host, asking.answered, asking.waiting) == ("a.example", 1, 2)
    assert asking.since == NOW
    later = state.start_run(NOW + DAY).id
    due = state.due_links("a.example", Selection(), NOW + 2 * DAY, later, 0, 50)
    assert not {one.url for one in due} & set(urls[1:])
    due = state.due_links("a.example", Selection(), NOW + 3 * DAY, later, 0, 50)
    assert {one.url for one in due} >= set(urls[1:])
    visit(state, later, urls[1], ALIVE, at=NOW + 3 * DAY)
    assert state.highlights().asking[0].waiting == 1


def test_a_first_page_that_waits_changes_no_count_of_a_run(state: State) -> None:
    save(state, article("one.md", [reference("one.md", OLD)]))
    run = state.start_run(NOW).id
    state.leave_waiting("a.example", Selection(), NOW, lambda since: since + DAY)
    summary = state.summary(run)
    assert (summary.newly_broken, summary.newly_dead, summary.recovered) == (0, 0, 0)
    assert summary.by_verdict[VerdictKind.UNVERIFIABLE] == 1
