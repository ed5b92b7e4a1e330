"""Decisions of a review: what is kept, what is outdated, and that nothing is lost between several pages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from crawler.model.review_decision import Kept, Outdated, Proposal, Stage, Standing
from crawler.model.verdict import Suggestion, SuggestionKind, Verdict, VerdictKind
from crawler.state import State, open_state
from tests.state.samples import DAY, NOW, link, save_urls, visit
from tests.strategies.model import NASTY_TEXTS

URL, OTHER = "https://a.example/lost", "https://a.example/other"
UNCHECKED = Standing("unchecked", "not-visited")
DEAD = Standing("dead", "http-404")


def dropped(url: str = URL, **cells: str) -> Proposal:
    return Proposal({"url": url, "decision": "drop"} | cells, url, UNCHECKED)


def keep(state: State, *proposals: Proposal, after: int = 0, page: str = "one") -> list[object]:
    return list(state.keep_review_decisions(proposals, after, page, NOW))


def versions(state: State) -> list[int]:
    return [one.version for one in state.review_decisions()]


def test_decisions_are_kept_in_their_order_and_replaced_by_later_ones(state: State) -> None:
    save_urls(state, URL, OTHER)
    assert (state.review_version(), state.open_review_count()) == (0, 0)
    first, second = keep(state, dropped(), dropped(OTHER))
    assert isinstance(first, Kept)
    assert isinstance(second, Kept)
    assert (first.version, second.version) == (1, 2)
    (third,) = keep(state, replace(dropped(), cells={"url": URL, "decision": "keep"}))
    assert third == Kept(first.key, 3)
    assert [(one.cells["url"], one.cells["decision"]) for one in state.open_review_decisions()] == [
        (OTHER, "drop"),
        (URL, "keep"),
    ]
    assert [one.version for one in state.review_decisions(after=2)] == [3]
    assert (state.review_version(), state.open_review_count()) == (3, 2)


def test_a_decision_that_is_sent_again_is_kept_once(state: State) -> None:
    save_urls(state, URL)
    assert keep(state, dropped()) == keep(state, dropped())
    assert versions(state) == [1]


def test_of_two_decisions_at_once_about_one_thing_the_later_stands(state: State) -> None:
    save_urls(state, URL)
    again = replace(dropped(), cells={"url": URL, "decision": "keep"})
    assert [one.version for one in keep(state, dropped(), again)] == [1, 2]  # type: ignore[attr-defined]
    (kept,) = state.open_review_decisions()
    assert kept.cells["decision"] == "keep"


def test_places_and_faults_are_decided_by_themselves(state: State) -> None:
    save_urls(state, URL)
    results = keep(
        state,
        dropped(),
        dropped(path="a.md"),
        dropped(path="a.md", at="ampWebUrl"),
        dropped(path="a.md", at="ampWebUrl", reason="amp-gone"),
    )
    assert len({one.key for one in results if isinstance(one, Kept)}) == 4


def test_an_undo_is_known_to_others_and_can_be_undone(state: State) -> None:
    save_urls(state, URL)
    (kept,) = keep(state, dropped())
    assert isinstance(kept, Kept)
    undo = replace(dropped(), withdraws=True)
    assert keep(state, undo) == [Kept(kept.key, 2)]
    assert state.open_review_decisions() == []
    (told,) = state.review_decisions(after=1)
    assert (told.key, told.stage) == (kept.key, Stage.WITHDRAWN)
    assert keep(state, dropped()) == [Kept(kept.key, 3)]
    assert state.open_review_count() == 1


def test_an_undo_of_nothing_changes_nothing(state: State) -> None:
    (result,) = keep(state, Proposal({"url": URL}, withdraws=True))
    assert isinstance(result, Kept)
    assert (result.version, versions(state)) == (0, [])


def test_another_pages_decision_is_shown_before_it_is_replaced(state: State) -> None:
    save_urls(state, URL, OTHER)
    keep(state, dropped())
    late = replace(dropped(), cells={"url": URL, "decision": "keep"})
    outdated, kept = keep(state, late, dropped(OTHER), page="two")
    assert isinstance(outdated, Outdated)
    assert isinstance(kept, Kept)
    assert outdated.now == UNCHECKED
    assert [one.cells["decision"] for one in outdated.others] == ["drop"]
    assert [one.author for one in outdated.others] == ["one"]
    assert isinstance(keep(state, late, after=1, page="two")[0], Kept)


def test_another_place_of_the_link_is_a_decision_on_it_too(state: State) -> None:
    save_urls(state, URL)
    keep(state, dropped(path="a.md", at="webUrl"))
    (outdated,) = keep(state, dropped(), page="two")
    assert isinstance(outdated, Outdated)
    assert outdated.others[0].cells["path"] == "a.md"


def test_another_pages_undo_and_write_are_seen_before_they_are_overruled(state: State) -> None:
    save_urls(state, URL)
    keep(state, dropped())
    keep(state, replace(dropped(), withdraws=True), after=1, page="two")
    late = replace(dropped(), cells={"url": URL, "decision": "keep"})
    (outdated,) = keep(state, late, after=1)
    assert isinstance(outdated, Outdated)
    assert [one.stage for one in outdated.others] == [Stage.WITHDRAWN]


def test_a_link_that_a_run_has_changed_is_shown_again(state: State) -> None:
    save_urls(state, URL, OTHER)
    visit(state, state.start_run(NOW).id, URL, VerdictKind.DEAD, "http-404")
    outdated, kept = keep(state, dropped(), dropped(OTHER))
    assert outdated == Outdated(outdated.key, DEAD)  # type: ignore[attr-defined]
    assert isinstance(kept, Kept)
    assert isinstance(keep(state, replace(dropped(), seen=DEAD))[0], Kept)


def test_an_undo_asks_for_no_standing(state: State) -> None:
    save_urls(state, URL)
    keep(state, dropped())
    visit(state, state.start_run(NOW).id, URL, VerdictKind.DEAD, "http-404")
    assert isinstance(keep(state, replace(dropped(), withdraws=True))[0], Kept)


def test_another_suggestion_is_another_standing_and_credentials_of_it_are_hidden(
    state: State,
) -> None:
    save_urls(state, URL)
    found = link(state, URL)
    for suggested in ("https://a.example/1", "https://me:secret@a.example/2"):
        verdict = Verdict(
            VerdictKind.MOVED,
            "redirect-permanent",
            "r",
            suggestion=Suggestion(SuggestionKind.REPLACE_URL, suggested),
        )
        state.revise(found.id, verdict, None, NOW)
        (outdated,) = keep(state, dropped())
        assert isinstance(outdated, Outdated)
        shown = suggested.replace("me:secret", "***")
        assert outdated.now == Standing("moved", "redirect-permanent", shown)
        assert state.standings([URL, OTHER]) == {URL: outdated.now}


def test_a_link_that_has_gone_is_no_link_to_decide_on(state: State) -> None:
    (outdated,) = keep(state, dropped())
    assert isinstance(outdated, Outdated)
    assert outdated.now is None
    assert isinstance(keep(state, Proposal({"path": "a.md", "decision": "keep"}))[0], Kept)


def test_a_row_that_was_read_from_a_file_says_nothing_of_how_the_link_stood(state: State) -> None:
    save_urls(state, URL)
    assert isinstance(keep(state, replace(dropped(), seen=None))[0], Kept)
    (outdated,) = keep(state, replace(dropped(), seen=None), page="two")
    assert isinstance(outdated, Outdated), "another page decided on it all the same"


def test_what_is_carried_out_is_told_and_what_changed_meanwhile_stays_open(state: State) -> None:
    save_urls(state, URL, OTHER)
    keep(state, dropped(), dropped(OTHER))
    both = state.open_review_decisions()
    keep(state, replace(dropped(OTHER), cells={"url": OTHER, "decision": "keep"}))
    assert state.settle_review_decisions(both, "two", NOW + DAY) == 1
    assert state.settle_review_decisions(both, "two", NOW + DAY) == 0
    (told,) = state.review_decisions(after=3)
    assert (told.cells["url"], told.stage, told.author) == (URL, Stage.WRITTEN, "two")
    assert [one.cells["url"] for one in state.open_review_decisions()] == [OTHER]


def test_any_text_comes_back_as_it_was(state: State) -> None:
    for number, nasty in enumerate(NASTY_TEXTS):
        cells = {"url": nasty, "note": nasty, "new_value": f"{number}{nasty}"}
        keep(state, Proposal(cells))
        assert state.review_decisions()[-1].cells == cells


def test_pages_that_decide_at_once_lose_nothing(database_url: str | None, tmp_path: Path) -> None:
    """Four processes would do the same: each thread has connections of its own."""
    urls = [f"https://a.example/{number}" for number in range(40)]
    with open_state(tmp_path, database_url) as state:
        save_urls(state, *urls)

    def decide(page: int) -> list[object]:
        with open_state(tmp_path, database_url) as own:
            return [
                one
                for url in urls[page::4]
                for one in own.keep_review_decisions([dropped(url)], 0, f"page {page}", NOW)
            ]

    with ThreadPoolExecutor(4) as pool:
        results = [one for found in pool.map(decide, range(4)) for one in found]
    with open_state(tmp_path, database_url) as state:
        kept = state.open_review_decisions()
    assert {one.cells["url"] for one in kept} == set(urls)
    assert [one.version for one in kept] == list(range(1, 41))
    assert {one.version for one in results if isinstance(one, Kept)} == set(range(1, 41))
