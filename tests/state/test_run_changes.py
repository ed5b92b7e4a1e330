"""What runs changed, as the state tells it."""

from __future__ import annotations

from datetime import timedelta

from crawler.model.change import Change
from crawler.model.verdict import VerdictKind
from crawler.state import State
from tests.state.samples import DAY, NOW, article, reference, related, save, visit

A, B, C, D, E = (f"https://{name}.example/" for name in "abcde")
ALIVE, BROKEN, DEAD = VerdictKind.ALIVE, VerdictKind.BROKEN, VerdictKind.DEAD


def history(state: State, *days: dict[str, VerdictKind]) -> list[int]:
    """A run for each day with its verdicts; returns the numbers of the runs."""
    save(
        state,
        article("one.md", [reference("one.md", A), reference("one.md", B), reference("one.md", C)]),
        article("two.md", [reference("two.md", A), reference("two.md", D), related("two.md", E)]),
    )
    runs = []
    for number, day in enumerate(days):
        run = state.start_run(NOW + number * DAY).id
        runs.append(run)
        for second, (url, kind) in enumerate(day.items()):
            at = NOW + number * DAY + timedelta(seconds=second)
            visit(state, run, url, kind, f"because-{kind}", at=at)
    return runs


def changes(state: State, after: int, until: int, path: str | None = None) -> dict[str, Change]:
    return {one.url: one.change for one in state.changed_links(after, until, path)}


def test_between_any_two_runs(state: State) -> None:
    first, second, third = history(
        state,
        {A: ALIVE, B: BROKEN, C: ALIVE, D: ALIVE, E: ALIVE},
        {A: BROKEN, B: DEAD, C: BROKEN, E: BROKEN},
        {A: DEAD, B: ALIVE, C: ALIVE},
    )
    new, dead, back = Change.NEW_BROKEN, Change.CONFIRMED_DEAD, Change.RECOVERED
    assert changes(state, first - 1, first) == {B: new}
    assert changes(state, first, second) == {A: new, B: dead, C: new, E: new}
    assert changes(state, second, third) == {A: dead, B: back, C: back}
    # What changed and changed back is left out.
    assert changes(state, first, third) == {A: dead, B: back, E: new}
    assert changes(state, 0, third) == {A: dead, E: new}
    assert changes(state, third, third) == {}
    assert changes(state, first, second, "two.md") == {A: new, E: new}
    assert changes(state, first, second, "nowhere.md") == {}


def test_places_are_the_articles_own(state: State) -> None:
    _, second = history(state, {}, {A: BROKEN, D: BROKEN, E: BROKEN})
    found = {one.url: one for one in state.changed_links(second - 1, second)}
    assert [(one.first.path if one.first else None, one.places) for one in found.values()] == [
        ("one.md", 2),
        ("two.md", 1),
        (None, 0),
    ]
    (only,) = (one for one in state.changed_links(second - 1, second, "two.md") if one.url == A)
    assert only.first is not None
    assert (only.first.path, only.places) == ("two.md", 1)
    assert only.transition.before.kind is VerdictKind.UNCHECKED
    assert (only.transition.after.kind, only.transition.after.reason) == (BROKEN, "because-broken")


def test_each_entry_says_what_the_run_made_of_it(state: State) -> None:
    first, second = history(
        state,
        {A: ALIVE, B: BROKEN, C: BROKEN, D: DEAD},
        {A: BROKEN, B: BROKEN, C: ALIVE},
    )

    def told(run_id: int | None) -> dict[str, Change | None]:
        return {one.link.url: one.change for one in state.link_entries(run_id=run_id)}

    still = Change.STILL
    assert told(second) == {
        A: Change.NEW_BROKEN,
        B: still,
        C: Change.RECOVERED,
        D: still,
        E: None,
    }
    summary = state.summary(second)
    assert (summary.newly_broken, summary.newly_dead, summary.recovered) == (1, 0, 1)
    assert state.summary(first).newly_dead == 1
    assert told(None) == {A: still, B: still, C: None, D: still, E: None}


def test_each_run_is_counted_with_how_links_stood_after_it(state: State) -> None:
    runs = history(
        state,
        {A: ALIVE, B: BROKEN, C: ALIVE, D: VerdictKind.UNVERIFIABLE},
        {A: BROKEN, B: DEAD, C: BROKEN},
        {A: DEAD, B: ALIVE, C: BROKEN},
    )

    def counts(limit: int, path: str | None = None) -> list[tuple[int, ...]]:
        return [
            (
                one.run.id,
                *(one.newly_broken, one.newly_dead, one.recovered),
                *(one.broken, one.dead, one.unverifiable),
            )
            for one in state.run_counts(limit, path)
        ]

    first, second, third = runs
    assert counts(10) == [
        (first, 1, 0, 0, 1, 0, 1),
        (second, 2, 1, 0, 2, 1, 1),
        (third, 0, 1, 1, 1, 1, 1),
    ]
    assert counts(1) == counts(10)[-1:]
    assert counts(10, "two.md")[-1] == (third, 0, 1, 0, 0, 1, 1)


def test_without_runs_there_is_no_history(state: State) -> None:
    assert state.run_counts(10) == ()


def test_many_links_are_read_in_pieces(state: State) -> None:
    urls = [f"https://a.example/{number:04}" for number in range(450)]
    save(state, article("a.md", [reference("a.md", url) for url in urls]))
    run = state.start_run(NOW).id
    for url in urls[::2]:
        visit(state, run, url, BROKEN, "http-404")
    found = list(state.changed_links(run - 1, run))
    assert [one.url for one in found] == urls[::2]
    assert {one.places for one in found} == {1}
