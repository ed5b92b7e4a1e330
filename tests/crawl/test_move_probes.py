"""MoveProbes: which moves are asked for once more, and what their probes make of them (rule E6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crawler.crawl import move_probes
from crawler.crawl.move_probes import MOST_MOVES_OF_HOST, MoveProbes
from crawler.fetching.visit import Probed, ProbeKind, ProbeVisit
from crawler.model.link import DueLink
from crawler.model.observation import (
    FailureKind,
    Further,
    Hop,
    Observation,
    PageFacts,
    SoftSign,
)
from crawler.rules.text_words import sketch_of, words_of
from crawler.rules.verdict.clean_address import is_clean
from crawler.rules.verdict.page_state import find

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SITE = "https://news.example"
WORDS = sketch_of(words_of(" ".join(str(3_000 + number) for number in range(60))))
PAGE = PageFacts(title="A story of note", words=WORDS)
OTHER = PageFacts(title="Another story", words=WORDS)
NEW = f"{SITE}/culture/a-story-of-note"
DIRTY = f"{NEW};jsessionid=4F2A"
ENGLISH = f"{SITE}/en-us/culture/a-story-of-note"
GERMAN = f"{SITE}/de-de/culture/a-story-of-note"


def link(number: int = 1, *, site: str = SITE, wants_image: bool = False) -> DueLink:
    url = f"{site}/2020/a-story-of-note-{number}"
    return DueLink(number, url, "news.example", wants_image, etag='"1"', last_modified="x")


def led(
    url: str, end: str | None, hop: int = 301, page: PageFacts | None = PAGE, **facts: object
) -> Observation:
    """A visit of `url` that was led to `end`, None for a page there."""
    hops = () if end is None else (Hop(url, hop),)
    facts = {"status": 200, "hops": hops, "final_url": end or url, "page": page, **facts}
    return Observation(url, NOW, 1, **facts)  # type: ignore[arg-type]


def refused(url: str, kind: FailureKind = FailureKind.ROBOTS_DENIED) -> Observation:
    return Observation(url, NOW, 1, failure=kind)


def take(moves: MoveProbes, end: str | None, number: int = 1, **facts: object) -> move_probes.Ready:
    one = link(number)
    return moves.take([(one, led(one.url, end, **facts))])  # type: ignore[arg-type]


def asked(moves: MoveProbes) -> ProbeVisit:
    (visit,) = moves.to_ask()
    return visit


def said(ready: move_probes.Ready) -> tuple[str, str | None]:
    """Reason and suggestion of the one result."""
    ((_, observation),) = ready
    found = find(observation)
    return found.reason, found.moved_to


MOVED = "moved-permanently"
BY_LANGUAGE = ("redirect-by-language", None)


@pytest.mark.parametrize(
    ("end", "facts"),
    [
        pytest.param(None, {}, id="a page"),
        pytest.param(NEW, {}, id="a clean move"),
        pytest.param(f"{SITE}/", {}, id="a home page"),
        pytest.param(ENGLISH, {"status": 404}, id="gone"),
        pytest.param(ENGLISH, {"sign": SoftSign.WALL}, id="a wall"),
        pytest.param(DIRTY, {"sign": SoftSign.HIJACKED}, id="another owner's"),
        pytest.param(ENGLISH, {"further": Further(by_language=True)}, id="it says that it varies"),
        pytest.param(DIRTY, {"page": replace(PAGE, canonical=NEW)}, id="proven by the page"),
        pytest.param(link().url + ";jsessionid=4F2A", {}, id="trivial"),
        pytest.param(f"{SITE}/en-us/", {}, id="a home page by language"),
    ],
)
def test_what_suggests_nothing_or_is_proven_goes_straight_through(
    end: str | None, facts: dict[str, object]
) -> None:
    moves = MoveProbes()
    one = link()
    seen = replace(led(one.url, end), **facts)  # type: ignore[arg-type]
    assert moves.take([(one, seen)]) == [(one, seen)]
    assert moves.to_ask() == []


def test_what_leads_on_for_now_is_not_asked_again() -> None:
    moves = MoveProbes()
    one = link()
    seen = led(one.url, DIRTY, 302)
    assert moves.take([(one, seen)]) == [(one, seen)]
    assert moves.to_ask() == []


def test_an_image_is_not_asked_again() -> None:
    moves = MoveProbes()
    one = link(wants_image=True)
    assert len(moves.take([(one, led(one.url, ENGLISH))])) == 1
    assert moves.to_ask() == []


def test_a_move_by_language_waits_for_the_link_in_another_language() -> None:
    moves = MoveProbes()
    assert take(moves, ENGLISH) == []
    visit = asked(moves)
    assert moves.to_ask() == []
    assert (visit.url, visit.language, *visit.validators) == (link().url, "de", None, None)
    assert visit.probed == Probed(ProbeKind.LANGUAGE, link().url)


@pytest.mark.parametrize(
    ("again", "expected"),
    [
        pytest.param(led(link().url, ENGLISH), (MOVED, ENGLISH), id="the same end"),
        pytest.param(led(link().url, ENGLISH, page=OTHER), (MOVED, ENGLISH), id="changed since"),
        pytest.param(led(link().url, GERMAN), BY_LANGUAGE, id="another end"),
        pytest.param(led(link().url, None), BY_LANGUAGE, id="no redirect"),
        pytest.param(led(link().url, ENGLISH, status=404), BY_LANGUAGE, id="gone"),
        pytest.param(led(link().url, None, sign=SoftSign.WALL), BY_LANGUAGE, id="a wall"),
        pytest.param(refused(link().url), BY_LANGUAGE, id="robots.txt"),
        pytest.param(refused(link().url, FailureKind.CANCELLED), BY_LANGUAGE, id="cancelled"),
    ],
)
def test_what_the_other_language_says(again: Observation, expected: tuple[str, str | None]) -> None:
    moves = MoveProbes()
    take(moves, ENGLISH)
    assert said(moves.answered(asked(moves), again)) == expected
    assert moves.to_ask() == []
    assert moves.flush() == []


@pytest.mark.parametrize(
    ("clean", "suggestion"),
    [
        pytest.param(led(NEW, None), NEW, id="the same page"),
        pytest.param(led(NEW, f"{NEW};jsessionid=77", 302), NEW, id="back to a session"),
        pytest.param(led(NEW, None, page=OTHER), None, id="another page"),
        pytest.param(led(NEW, None, page=None), None, id="no page"),
        pytest.param(led(NEW, None, status=404), None, id="gone"),
        pytest.param(led(NEW, None, sign=SoftSign.LOGIN), None, id="a log-in"),
        pytest.param(led(NEW, f"{SITE}/start", 302), None, id="led elsewhere"),
        pytest.param(refused(NEW), None, id="robots.txt"),
        pytest.param(refused(NEW, FailureKind.RESPONSE_TIMEOUT), None, id="silence"),
    ],
)
def test_what_the_cleaned_address_says(clean: Observation, suggestion: str | None) -> None:
    moves = MoveProbes()
    assert take(moves, DIRTY) == []
    visit = asked(moves)
    assert (visit.url, visit.language) == (NEW, None)
    assert visit.probed == Probed(ProbeKind.CLEAN, NEW)
    assert said(moves.answered(visit, clean)) == (MOVED, suggestion)
    assert moves.flush() == []


@pytest.mark.parametrize(
    ("language", "kinds", "expected"),
    [
        pytest.param(f"{ENGLISH};jsessionid=8", ["language", "clean"], (MOVED, ENGLISH), id="same"),
        pytest.param(GERMAN, ["language"], BY_LANGUAGE, id="another end"),
    ],
)
def test_a_session_behind_a_language_is_asked_after_it(
    language: str, kinds: list[str], expected: tuple[str, str | None]
) -> None:
    moves = MoveProbes()
    answers = {
        ProbeKind.LANGUAGE: led(link().url, language),
        ProbeKind.CLEAN: led(ENGLISH, None),
    }
    ready = take(moves, f"{ENGLISH};jsessionid=7")
    done = []
    while visits := moves.to_ask():
        (visit,) = visits
        done.append(visit.probed.kind.value)
        assert ready == []
        ready = moves.answered(visit, answers[visit.probed.kind])
    assert (done, said(ready)) == (kinds, expected)


def test_what_moved_to_one_address_waits_for_one_request() -> None:
    moves = MoveProbes()
    assert take(moves, f"{NEW};jsessionid=1", 1) == take(moves, f"{NEW};jsessionid=2", 2) == []
    assert take(moves, f"{NEW};jsessionid=3", 3, page=OTHER) == []
    ready = moves.answered(asked(moves), led(NEW, None))
    assert [(due.id, find(seen).moved_to) for due, seen in ready] == [(1, NEW), (2, NEW), (3, None)]


def test_an_answer_that_nobody_waits_for_gives_nothing() -> None:
    visit = ProbeVisit.of(NEW, Probed(ProbeKind.CLEAN, NEW))
    assert MoveProbes().answered(visit, led(NEW, None)) == []


def test_a_host_is_asked_a_bounded_number_of_times() -> None:
    moves = MoveProbes()
    for number in range(MOST_MOVES_OF_HOST):
        assert take(moves, f"{NEW}-{number};jsessionid=1", number) == []
    assert said(take(moves, f"{NEW}-x;jsessionid=1", 100)) == (MOVED, None)
    assert said(take(moves, ENGLISH, 101)) == BY_LANGUAGE
    assert take(moves, f"{NEW}-0;jsessionid=1", 102) == [], "it waits with another"
    elsewhere = link(103, site="https://other.example")
    assert moves.take([(elsewhere, led(elsewhere.url, ENGLISH))]) == []
    assert len(moves.to_ask()) == MOST_MOVES_OF_HOST + 1


def test_a_run_asks_a_bounded_number_of_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(move_probes, "MOST_MOVES", 2)
    moves = MoveProbes()
    for number in range(2):
        one = link(number, site=f"https://site-{number}.example")
        assert moves.take([(one, led(one.url, f"{one.url}/new;jsessionid=1"))]) == []
    assert said(take(moves, DIRTY)) == (MOVED, None)
    assert said(take(moves, f"{ENGLISH};jsessionid=1")) == BY_LANGUAGE


def test_at_the_end_nothing_is_suggested_that_nobody_has_proven() -> None:
    moves = MoveProbes()
    take(moves, ENGLISH, 1)
    take(moves, DIRTY, 2)
    take(moves, f"{ENGLISH};jsessionid=1", 3)
    ready = moves.flush()
    found = {due.id: (find(seen).reason, find(seen).moved_to) for due, seen in ready}
    assert found == {1: BY_LANGUAGE, 2: (MOVED, None), 3: BY_LANGUAGE}
    assert moves.flush() == []


class Run(RuleBasedStateMachine):
    """Whatever comes in, in any order, goes out once; a suggestion is clean, and only where it was proven."""

    def __init__(self) -> None:
        super().__init__()
        self.moves = MoveProbes()
        self.given: list[int] = []
        self.out: list[int] = []
        self.asked: list[ProbeVisit] = []

    @rule(
        end=st.sampled_from([None, NEW, DIRTY, f"{NEW}?sid=9f86d081884c7d659a2f", ENGLISH, f"{ENGLISH};sid=1", GERMAN]),
        status=st.sampled_from([301, 302, 308]),
        page=st.sampled_from([PAGE, OTHER, None]),
        wants_image=st.booleans(),
    )  # fmt: skip
    def visited(
        self, end: str | None, status: int, page: PageFacts | None, wants_image: bool
    ) -> None:
        number = len(self.given)
        self.given.append(number)
        one = link(number, wants_image=wants_image)
        self._note(self.moves.take([(one, led(one.url, end, status, page))]))

    @rule(
        at=st.integers(0, 3),
        end=st.sampled_from([None, NEW, DIRTY, ENGLISH, f"{ENGLISH};sid=2", GERMAN]),
        status=st.sampled_from([200, 304, 403, 404]),
        page=st.sampled_from([PAGE, OTHER, None]),
    )
    def probe_answers(self, at: int, end: str | None, status: int, page: PageFacts | None) -> None:
        if self.asked:
            visit = self.asked.pop(at % len(self.asked))
            self._note(self.moves.answered(visit, led(visit.url, end, 301, page, status=status)))

    @invariant()
    def nothing_goes_out_twice(self) -> None:
        assert len(self.out) == len(set(self.out))
        assert bool(self.asked) is (len(self.out) < len(self.given))

    def teardown(self) -> None:
        self._note(self.moves.flush())
        assert sorted(self.out) == self.given

    def _note(self, ready: Iterable[tuple[DueLink, Observation]]) -> None:
        for due, seen in ready:
            self.out.append(due.id)
            found = find(seen)
            suggested = None if due.wants_image else found.moved_to
            if suggested is not None:
                assert is_clean(seen.url, suggested)
                assert suggested in (seen.final_url, seen.further.clean_url)
        self.asked += self.moves.to_ask()


TestRun = Run.TestCase
TestRun.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
