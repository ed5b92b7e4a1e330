"""The fingerprint of what reports show: it changes with every change, and with nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from crawler.model.article import Problem, ProblemCode
from crawler.model.decision import Decision
from crawler.model.held import HeldLink
from crawler.model.host_certificate import Validity
from crawler.model.link import Access, Baseline
from crawler.model.selection import Selection
from crawler.model.verdict import VerdictKind
from crawler.state import State
from tests.state.samples import DAY, NOW, article, link, reference, save, stamp, visit

URL, OTHER = "https://a.example/", "https://b.example/"


def filled(state: State) -> int:
    save(state, article("a.md", [reference("a.md", URL), reference("a.md", OTHER)]))
    run = state.start_run(NOW).id
    visit(state, run, URL, VerdictKind.BROKEN, "http-404")
    state.hold([HeldLink("a.md", link(state, URL).id, False)])
    state.finish_run(run, NOW, "finished", 1)
    return run


def mark(state: State, run: int | None) -> str:
    return state.fingerprint(run, state.told_until(), NOW)


def _new_article(state: State) -> None:
    save(state, article("b.md", [reference("b.md", URL)]))


def _accept(state: State) -> None:
    assert state.accept(state.held(), NOW) == 1


CHANGES: dict[str, Callable[[State], None]] = {
    "a visit": lambda state: visit(state, 1, URL, VerdictKind.BROKEN, "http-404", at=NOW + DAY),
    "a decision": lambda state: state.decide(Decision(URL, "no", NOW, NOW + DAY)),
    "a verdict without a visit": lambda state: state.revise(
        link(state, OTHER).id, link(state, URL).verdict, None, NOW
    ),
    "an article": _new_article,
    "a block": lambda state: state.complete_write("a.md", stamp("other"), "linkHealth:\n", 1, 1),
    "a problem": lambda state: state.save_write_problems(
        [Problem("a.md", 1, ProblemCode.WRITE_REFUSED, "no")]
    ),
    "what is held back": lambda state: state.hold(()),
    "what is accepted of it": _accept,
    "a certificate": lambda state: state.note_certificates(
        {"a.example": Validity(NOW, NOW + DAY)}, NOW
    ),
    "a baseline": lambda state: state.move_baseline(
        link(state, URL).id, Baseline("1:a", None, Access.FREE)
    ),
    "a link that waits": lambda state: state.leave_waiting(
        "b.example", Selection(), NOW, lambda since: since + DAY
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_shows(change: Callable[[State], None], state: State) -> None:
    run = filled(state)
    before = mark(state, run)
    assert mark(state, run) == before
    change(state)
    assert mark(state, run) != before


def test_runs_that_change_nothing_are_alike(state: State) -> None:
    first = filled(state)
    with_changes = mark(state, first)
    marks = []
    for number in (1, 2):
        run = state.start_run(NOW + number * DAY).id
        state.finish_run(run, NOW + number * DAY, "finished", 0)
        marks.append(mark(state, run))
    # What was new in the first run is no news any more.
    assert marks[0] != with_changes
    assert marks[0] == marks[1]


def test_what_becomes_due_is_told_in_other_words(state: State) -> None:
    run = filled(state)
    told = state.told_until()
    assert state.fingerprint(run, told, NOW) != state.fingerprint(run, told, NOW + 31 * DAY)


def test_before_the_first_run(state: State) -> None:
    assert len(mark(state, None)) == 64
