from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.model.decision import Decision
from crawler.model.link import Access, Baseline
from crawler.model.observation import CertificateFault, Observation, PageFacts
from crawler.model.page_depth import Depth, PageMark
from crawler.model.run import Run
from crawler.model.selection import Selection
from crawler.model.verdict import Verdict, VerdictKind
from crawler.state import KnownReference, RecordedVisit, State, StateError
from crawler.state.json_columns import baseline_from_json
from tests.state.samples import (
    DAY,
    HOUR,
    IMAGE,
    NOW,
    PAGE,
    article,
    link,
    reference,
    related,
    save,
    save_urls,
    visit,
)
from tests.strategies import model
from tests.strategies.examples import examples

URL = "https://a.example/"
OTHER = replace(PAGE, title="Another page")


def test_runs_are_numbered_upwards_and_end(state: State) -> None:
    assert state.last_run() is None
    first = state.start_run(NOW)
    second = state.start_run(NOW + HOUR)
    assert first == Run(first.id, NOW)
    assert second.id > first.id
    state.finish_run(first.id, NOW + DAY, "finished", 12)
    ended = Run(first.id, NOW, NOW + DAY, "finished", 12)
    assert state.runs(10) == [second, ended]
    assert state.runs(1) == [second]
    assert state.last_run() == second


def test_the_histories_of_some_links_are_read_at_once(state: State) -> None:
    urls = [f"https://a.example/{number}" for number in range(4)]
    save_urls(state, *urls)
    for run_of_day in range(3):
        run = state.start_run(NOW)
        for url in urls[run_of_day:3]:
            visit(state, run.id, url, at=NOW + (2 - run_of_day) * DAY)
    ids = [link(state, url).id for url in urls]
    assert state.histories(ids[1:]) == {each: state.history(each) for each in ids[1:3]}
    assert len(state.histories(ids)[ids[2]]) == 3
    assert state.histories([]) == {}


@given(seen=model.observations, verdict=model.verdicts, due_at=model.optional_moments)
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_visit_comes_back_as_it_was(
    state: State, seen: Observation, verdict: Verdict, due_at: datetime | None
) -> None:
    save_urls(state, URL)
    run = state.start_run(NOW)
    link_id = link(state, URL).id
    seen = replace(seen, url=URL, run=run.id)
    before = len(state.history(link_id))
    state.record(link_id, seen, verdict, due_at)
    history = state.history(link_id)
    assert len(history) == before + 1
    assert seen in history
    assert list(history) == sorted(history, key=lambda each: each.at)
    found = state.link(link_id)
    assert found is not None
    assert (found.verdict, found.due_at) == (verdict, due_at)
    # Our own outage leaves the earlier answer.
    if seen.inconclusive is None or not seen.inconclusive.is_ours:
        answer = (found.checked_at, found.status, found.final_url, found.hops)
        assert answer == (seen.at, seen.status, seen.final_url, seen.hops)


def test_what_a_page_said_stays_when_a_visit_has_none(state: State) -> None:
    save_urls(state, URL)
    run = state.start_run(NOW)
    visit(state, run.id, URL, page=PAGE, image=IMAGE)
    visit(state, run.id, URL, VerdictKind.UNVERIFIABLE, "bot-wall", status=403)
    found = link(state, URL)
    assert (found.page, found.image, found.status) == (PAGE, IMAGE, 403)
    visit(state, run.id, URL, page=replace(PAGE, title="New"))
    assert link(state, URL).page == replace(PAGE, title="New")
    assert link(state, URL).image == IMAGE


@pytest.mark.parametrize(
    ("kind", "status", "etag", "expected"),
    [
        (VerdictKind.ALIVE, 200, '"2"', ('"2"', None)),
        (VerdictKind.MOVED, 200, None, (None, None)),
        (VerdictKind.ALIVE, 304, None, ('"1"', "Sun")),
        (VerdictKind.ALIVE, 304, '"2"', ('"2"', "Sun")),
        (VerdictKind.UNVERIFIABLE, 403, '"wall"', ('"1"', "Sun")),
        (VerdictKind.BROKEN, 404, '"gone"', ('"1"', "Sun")),
    ],
)
def test_validators_are_those_of_the_last_good_answer(
    state: State,
    kind: VerdictKind,
    status: int,
    etag: str | None,
    expected: tuple[str | None, str | None],
) -> None:
    save_urls(state, URL)
    run = state.start_run(NOW)
    visit(state, run.id, URL, etag='"1"', last_modified="Sun", due_at=NOW)
    visit(state, run.id, URL, kind, status=status, etag=etag, due_at=NOW)
    (row,) = state.due_links("a.example", Selection(), NOW, run.id + 1, 0, 1)
    assert (row.etag, row.last_modified) == expected


@pytest.mark.parametrize("fault", CertificateFault)
def test_only_the_sites_own_answers_are_kept(state: State, fault: CertificateFault) -> None:
    """Rule C4: a server behind a faulty certificate may not be the site."""
    save_urls(state, URL)
    run = state.start_run(NOW)
    new = replace(PAGE, title="New")
    small = replace(IMAGE, width=1)
    visit(state, run.id, URL, page=PAGE, image=IMAGE, etag='"1"', last_modified="Sun", due_at=NOW)
    at = NOW + DAY
    visit(
        state, run.id, URL, at=at, page=new, image=small, etag='"2"', certificate=fault, due_at=at
    )
    found = link(state, URL)
    (row,) = state.due_links("a.example", Selection(), at, run.id + 1, 0, 1)
    kept = (PAGE, IMAGE, '"1"', "Sun") if fault.hides_identity else (new, small, '"2"', None)
    assert (found.page, found.image, row.etag, row.last_modified) == kept
    seen = state.history(found.id)[-1]
    assert (seen.page, seen.image, seen.certificate) == (new, small, fault), "as it was seen"


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (VerdictKind.BROKEN, "soft-404"),
        (VerdictKind.DEAD, "soft-404"),
        (VerdictKind.UNVERIFIABLE, "empty-shell"),
        (VerdictKind.ALIVE, "redirect-general"),
        (VerdictKind.ALIVE, "editor-not-broken"),
    ],
)
def test_what_stood_in_the_pages_place_is_not_kept(
    state: State, kind: VerdictKind, reason: str
) -> None:
    """Rule M15: an error page never counts as metadata, even when a wall follows it."""
    save_urls(state, URL)
    run = state.start_run(NOW)
    visit(state, run.id, URL, page=PAGE)
    visit(state, run.id, URL, kind, reason, page=replace(PAGE, title="Nothing here"))
    assert link(state, URL).page == PAGE


def test_a_visit_of_nothing_known_is_refused_whole(state: State) -> None:
    run = state.start_run(NOW)
    seen = Observation(URL, NOW, run.id, status=200)
    with pytest.raises(StateError, match="link 7 is gone"):
        state.record(7, seen, Verdict(VerdictKind.ALIVE, "ok", "r"), None)


def test_visits_of_a_batch_are_committed_together_or_not_at_all(state: State) -> None:
    urls = [f"https://a.example/{number}" for number in range(5)]
    save_urls(state, *urls)
    run = state.start_run(NOW)
    fine = Verdict(VerdictKind.ALIVE, "http-200", "r")
    visits = [
        RecordedVisit(
            link(state, url).id, Observation(url, NOW, run.id, status=200), fine, NOW + DAY
        )
        for url in urls
    ]
    gone = RecordedVisit(7_000, Observation(URL, NOW, run.id, status=200), fine, None)
    with pytest.raises(StateError, match="one of 6 links is gone"):
        state.record_all([*visits, gone])
    assert all(link(state, url).checked_at is None for url in urls)
    state.keep_all_pending([(visit.link_id, visit.observation) for visit in visits])
    assert len(state.pending_visits()) == 5
    state.record_all(visits)
    assert [link(state, url).verdict.kind for url in urls] == [VerdictKind.ALIVE] * 5
    assert [state.history(visit.link_id) for visit in visits] == [
        (visit.observation,) for visit in visits
    ]
    assert state.pending_visits() == []


def test_what_is_known_of_several_links_is_what_is_known_of_each(state: State) -> None:
    shared, other = "https://a.example/one", "https://a.example/other"
    save(
        state,
        article("a.md", [reference("a.md", shared), related("a.md", other)]),
        article("b.md", [reference("b.md", shared, line=9), reference("b.md", URL, line=3)]),
    )
    ids = [link(state, url).id for url in (shared, other, URL)]
    assert state.own_references_of([*ids, 7_000]) == {
        **{link_id: tuple(state.own_references(link_id)) for link_id in ids},
        7_000: (),
    }
    assert [len(state.own_references(link_id)) for link_id in ids] == [2, 0, 1]
    decision = Decision(URL, "kept", NOW)
    state.decide(decision)
    assert state.decisions_on([shared, URL, "https://nobody.example/"]) == {URL: decision}
    assert state.decisions_on([]) == {}


def test_a_failing_step_of_a_visit_undoes_the_others(state: State) -> None:
    save_urls(state, URL)
    link_id = link(state, URL).id
    seen = Observation(URL, NOW, 99, status=200)
    with pytest.raises(StateError):
        state.record(link_id, seen, Verdict(VerdictKind.ALIVE, "ok", "r"), None)
    assert state.history(link_id) == ()
    assert link(state, URL).checked_at is None


def test_own_references_come_with_their_article(state: State) -> None:
    second = reference("b.md", URL, line=5)
    save(
        state,
        article("b.md", [second], published=None),
        article("a.md", [related("a.md", URL), reference("a.md", "https://b.example/")]),
    )
    first = reference("a.md", URL)
    save(state, article("a.md", [related("a.md", URL), first]))
    assert state.own_references(link(state, URL).id) == [
        KnownReference(first, "Title of a.md", "Excerpt", NOW),
        KnownReference(second, "Title of b.md", "Excerpt", None),
    ]


def test_an_unknown_link_is_none(state: State) -> None:
    assert state.link(1) is None
    assert state.link_by_url(URL) is None
    assert state.history(1) == ()


def test_history_is_pruned_by_age_but_never_below_twenty(state: State) -> None:
    save_urls(state, URL, "https://a.example/2")
    run = state.start_run(NOW)
    for day in range(30):
        visit(state, run.id, URL, at=NOW - day * DAY)
    for day in range(3):
        visit(state, run.id, "https://a.example/2", at=NOW - day * DAY)
    state.prune(NOW, keep=24 * DAY)
    assert len(state.history(link(state, URL).id)) == 25
    state.prune(NOW, keep=DAY)
    kept = state.history(link(state, URL).id)
    assert [each.at for each in kept] == [NOW - day * DAY for day in reversed(range(20))]
    assert len(state.history(link(state, "https://a.example/2").id)) == 3


def test_links_without_references_go_a_year_after_their_last_visit(state: State) -> None:
    save_urls(state, URL, "https://a.example/never")
    save_urls(state, "https://a.example/used", path="b.md")
    run = state.start_run(NOW)
    visit(state, run.id, URL, at=NOW)
    visit(state, run.id, "https://a.example/used", at=NOW)
    state.forget(["a.md"])
    state.prune(NOW + 365 * DAY, keep=9999 * DAY)
    assert state.link_by_url("https://a.example/never") is None
    assert len(state.history(link(state, URL).id)) == 1
    state.prune(NOW + 366 * DAY, keep=9999 * DAY)
    assert state.link_by_url(URL) is None
    assert link(state, "https://a.example/used").status == 200


@given(st.data())
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_articles_with_hostile_texts_come_back_as_they_were(
    state: State, data: st.DataObject
) -> None:
    path = data.draw(model.paths)
    found = data.draw(st.lists(model.references_at(path=st.just(path)), max_size=4))
    given_article = replace(article(path), references=tuple(found), title=data.draw(model.texts))
    save(state, given_article)
    run = state.start_run(NOW)
    for url in {each.url for each in found}:
        # Links of the body are listed from their first visit on.
        visit(state, run.id, url)
    listed = [
        each for entry in state.link_entries(path, all_references=True) for each in entry.references
    ]
    assert Counter(listed) == Counter(found)
    assert list(state.stamps(path)) == [path]


def test_a_baseline_moves_when_it_is_told_to(state: State) -> None:
    save_urls(state, URL)
    run = state.start_run(NOW).id
    first = PageFacts("First", content_hash="1:a", modified="2026-01-01", paywalled=True)
    visit(state, run, URL, page=first)
    assert link(state, URL).baseline == Baseline("1:a", "2026-01-01", Access.PAYWALL)
    for moved in (
        Baseline("1:b", None, Access.LOGIN, is_seen=True),
        Baseline(None, "2026-02-02", None, is_seen=True),
        Baseline("1:b", None, Access.FREE, is_seen=True, notice="Correction: it was 3."),
    ):
        state.move_baseline(link(state, URL).id, moved)
        visit(state, run, URL, page=PageFacts("Next", content_hash="1:c"), at=NOW + DAY)
        assert link(state, URL).baseline == moved


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('["1:a","2026-01-01"]', Baseline("1:a", "2026-01-01")),
        ('["1:a",null]', Baseline("1:a", None)),
        ('["1:a",null,"free",true]', Baseline("1:a", None, Access.FREE, is_seen=True)),
        ('["1:a",null,"toll",1]', Baseline("1:a", None)),
        ('["1:a",null,["free"],"yes"]', Baseline("1:a", None)),
        ('["1:a",null,"login",false,{}]', Baseline("1:a", None, Access.LOGIN)),
        ('["1:a",null,"free",true,"Words"]', Baseline("1:a", None, Access.FREE, True, "Words")),
        ("[]", None),
        ('[1,"2026-01-01"]', None),
        ("{}", None),
        ("nonsense", None),
        (None, None),
    ],
)
def test_baselines_of_other_versions(text: str | None, expected: Baseline | None) -> None:
    assert baseline_from_json(text) == expected


def test_what_is_told_ends_with_the_last_finished_run(state: State) -> None:
    assert state.told_until() == 0
    runs = []
    for number, reason in enumerate(("finished", "shutdown", None, "finished", "finished")):
        run = state.start_run(NOW + number * DAY)
        runs.append(run.id)
        expected = 0 if number == 0 else runs[3] if number == 4 else runs[0]
        assert state.told_until() == expected
        if reason is not None:
            state.finish_run(run.id, NOW + number * DAY, reason, 1)
        assert state.told_until() == expected


def test_a_page_and_its_mark_are_kept_together(state: State) -> None:
    """Rule M20: facts are never taken for those of other bytes."""
    url, first, second = "https://a.example/", *(PageMark(Depth.WHOLE, one * 32) for one in "ab")
    save_urls(state, url)
    run = state.start_run(NOW).id
    visit(state, run, url, page=PAGE, mark=first)
    link_id = link(state, url).id
    assert state.kept_page(link_id, first) == PAGE
    assert state.kept_page(link_id, second) is None
    assert state.kept_page(link_id, replace(first, depth=Depth.RELATED)) is None
    # Not modified, broken, another's in its place: what is kept stays what it was.
    visit(state, run, url, status=304, at=NOW + HOUR)
    visit(
        state, run, url, VerdictKind.BROKEN, "http-404", page=OTHER, mark=second, at=NOW + 2 * HOUR
    )
    fault = CertificateFault.WRONG_HOST
    visit(state, run, url, page=OTHER, mark=second, certificate=fault, at=NOW + 3 * HOUR)
    assert (state.kept_page(link_id, first), state.kept_page(link_id, second)) == (PAGE, None)
    visit(state, run, url, page=OTHER, mark=second, at=NOW + 4 * HOUR)
    assert (state.kept_page(link_id, first), state.kept_page(link_id, second)) == (None, OTHER)
    # A page that was read without a mark must not keep the one before.
    visit(state, run, url, page=PAGE, at=NOW + 5 * HOUR)
    assert state.kept_page(link_id, second) is None
    assert link(state, url).page == PAGE
