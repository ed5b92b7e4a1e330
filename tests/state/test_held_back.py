"""What is held back, accepted and taken back, on both databases."""

from __future__ import annotations

from datetime import datetime

from crawler.model.held import Accepted, Held, HeldLink, HeldReason
from crawler.model.observation import Observation
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state import State
from tests.state.samples import DAY, NOW, article, link, reference, save, visit

ONE = [f"https://one.example/{number}" for number in range(3)]
OTHER = "https://other.example/"
OF_ONE = Held(HeldReason.MASS_CHANGE, "http-404", "one.example", 3, 2, first_run=False)
OF_OTHER = Held(HeldReason.MASS_CHANGE, "http-410", "other.example", 1, 1, first_run=True)


def filled(state: State) -> None:
    """Two files; all of their links are gone and held back."""
    save(state, article("a.md", [reference("a.md", url) for url in (*ONE, OTHER)]))
    save(state, article("b.md", [reference("b.md", ONE[0])]))
    run = state.start_run(NOW).id
    for url in ONE:
        fail(state, run, url, "http-404")
    fail(state, run, OTHER, "http-410")
    hold(state)


def fail(state: State, run: int, url: str, reason: str, at: datetime = NOW) -> None:
    verdict = Verdict(VerdictKind.BROKEN, reason, "r", since=at, failing_since=at)
    state.record(link(state, url).id, Observation(url, at, run, status=404), verdict, None)


def hold(state: State) -> None:
    of_one = [HeldLink("a.md", link(state, url).id, False) for url in ONE]
    state.hold(
        [
            *of_one,
            HeldLink("b.md", link(state, ONE[0]).id, True),
            HeldLink("a.md", link(state, OTHER).id, True),
        ]
    )


def test_what_is_held_back_by_host_and_cause(state: State) -> None:
    filled(state)
    assert state.held() == [OF_ONE, OF_OTHER]
    assert [(one.host, one.links) for one in state.held("b.md")] == [("one.example", 1)]
    assert state.held_links() == {
        **{link(state, url).id: ("http-404", "one.example") for url in ONE},
        link(state, OTHER).id: ("http-410", "other.example"),
    }


def test_a_group_is_accepted_and_taken_back(state: State) -> None:
    filled(state)
    assert state.accepted() == []
    assert state.accept([OF_ONE], NOW) == 3
    assert state.held() == [OF_OTHER]
    assert state.accepted() == [Accepted("http-404", "one.example", 3, 3)]
    assert state.accepted_links() == {link(state, url).id for url in ONE}
    assert state.accept([OF_ONE], NOW) == 0, "nothing of it is held back any more"
    assert state.take_acceptances_back(state.accepted()) == 3
    assert state.held() == [OF_ONE, OF_OTHER]
    assert state.accepted_links() == frozenset()
    assert state.take_acceptances_back([Accepted("http-404", "one.example", 3, 3)]) == 0


def test_of_one_file_its_own_links_are_accepted(state: State) -> None:
    filled(state)
    assert state.accept(state.held("b.md"), NOW, "b.md") == 1
    assert [(one.host, one.links) for one in state.held()] == [
        ("one.example", 2),
        ("other.example", 1),
    ]


def test_what_was_written_waits_no_longer(state: State) -> None:
    filled(state)
    state.accept([OF_ONE, OF_OTHER], NOW)
    state.hold(())
    assert state.accepted() == [
        Accepted("http-404", "one.example", 3, 0),
        Accepted("http-410", "other.example", 1, 0),
    ]
    assert state.take_acceptances_back(state.accepted()) == 4
    assert state.held() == []


def test_what_recovers_and_fails_again_is_accepted_anew(state: State) -> None:
    filled(state)
    state.accept([OF_OTHER], NOW)
    again = state.start_run(NOW + DAY).id
    visit(state, again, OTHER, VerdictKind.ALIVE, "http-200", at=NOW + DAY)
    assert state.accepted() == []
    fail(state, again, OTHER, "http-410", NOW + 2 * DAY)
    assert [one.host for one in state.held()] == ["one.example", "other.example"]
    assert state.accept([OF_OTHER], NOW) == 1
    assert [one.host for one in state.accepted()] == ["other.example"]
