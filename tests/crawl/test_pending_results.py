"""Visits wait in the state until their window is judged (rule O1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.crawl.pending_results import UNSTAGED_SECONDS, PendingResults
from crawler.crawl.window_evidence import is_usual
from crawler.model.link import DueLink
from crawler.model.observation import (
    FailureKind,
    ImageFacts,
    Inconclusive,
    Observation,
    PageFacts,
)
from crawler.model.verdict import VerdictKind
from crawler.rules.outage.windows import WindowVerdict
from crawler.rules.policy import OutagePolicy
from crawler.state import State, open_state
from tests.state.samples import DAY, NOW, PAGE, link, save_urls, visit

HOST = "a.example"
URLS = [f"https://{HOST}/{number}" for number in range(6)]


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with open_state(tmp_path, None) as opened:
        save_urls(opened, *URLS)
        opened.start_run(NOW)
        yield opened


def due(state: State, url: str) -> DueLink:
    return DueLink(link(state, url).id, url, HOST, wants_image=False)


def observe(state: State, pending: PendingResults, url: str, **seen: object) -> Observation:
    observed = Observation(url, NOW, 1, **seen)  # type: ignore[arg-type]
    pending.add(due(state, url), observed)
    return observed


def test_a_trusted_window_releases_what_counts_and_holds_the_transient(state: State) -> None:
    pending = PendingResults(state, OutagePolicy())
    fine = observe(state, pending, URLS[0], status=200)
    gone = observe(state, pending, URLS[1], status=404)
    refused = observe(state, pending, URLS[2], failure=FailureKind.RESPONSE_TIMEOUT)
    reset = observe(state, pending, URLS[3], failure=FailureKind.CONNECTION_RESET)
    pending.stage()
    assert [one.observation for one in state.pending_visits()] == [fine, gone, refused, reset]
    released = pending.release(WindowVerdict.TRUSTED, lambda _host: False, NOW)
    assert [seen for _, seen in released] == [fine, gone, refused]
    assert pending.waiting == (reset,)
    released = pending.release(WindowVerdict.TRUSTED, lambda host: host == HOST, NOW)
    assert released == [(due(state, URLS[3]), reset)]
    assert not pending.waiting


def test_an_untrusted_window_releases_it_marked(state: State) -> None:
    pending = PendingResults(state, OutagePolicy())
    observe(state, pending, URLS[0], status=200, page=PAGE)
    observe(state, pending, URLS[1], status=404)
    released = pending.release(WindowVerdict.PORTAL, lambda _host: False, NOW)
    assert [(seen.inconclusive, seen.page) for _, seen in released] == [
        (Inconclusive.PORTAL, None)
    ] * 2


def test_the_memory_of_a_host_is_its_history_without_our_outages(state: State) -> None:
    """Rule O12: a host with at least 5 URLs of which 80 % turn 403, 429 or reset is blocking us."""
    for url in URLS[:4]:
        link_id = link(state, url).id
        blocked = Observation(url, NOW - DAY, 1, status=403)
        state.record(link_id, blocked, link(state, url).verdict, None)
    pending = PendingResults(state, OutagePolicy())
    seen = observe(state, pending, URLS[4], failure=FailureKind.CONNECTION_RESET)
    (released,) = pending.release(WindowVerdict.TRUSTED, lambda _host: True, NOW)
    assert released[1] == replace(seen, inconclusive=Inconclusive.HOST_BLOCKS_US)
    for url in URLS[:4]:
        ours = Observation(url, NOW, 1, status=200, inconclusive=Inconclusive.PORTAL)
        state.record(link(state, url).id, ours, link(state, url).verdict, None)
    observe(state, pending, URLS[5], failure=FailureKind.CONNECTION_RESET)
    (released,) = pending.release(WindowVerdict.TRUSTED, lambda _host: True, NOW)
    assert released[1].inconclusive is Inconclusive.HOST_BLOCKS_US


def left(pending: PendingResults) -> float | None:
    return pending.staged_in


def test_results_go_into_the_state_together(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    pending = PendingResults(state, OutagePolicy(), lambda: now[0])
    assert left(pending) is None
    first = observe(state, pending, URLS[0], status=200)
    now[0] += 0.125
    second = observe(state, pending, URLS[1], status=404)
    assert left(pending) == UNSTAGED_SECONDS - 0.125, "the first decides"
    assert state.pending_visits() == []
    now[0] += 1
    assert (left(pending) or 0.0) < 0
    pending.stage()
    assert {one.observation for one in state.pending_visits()} == {first, second}
    monkeypatch.setattr("crawler.crawl.pending_results.STAGED_AT_ONCE", 2)
    observe(state, pending, URLS[2], status=200)
    observe(state, pending, URLS[3], status=200)
    assert left(pending) == 0.0, "so many need not wait"


def test_what_is_committed_at_once_is_never_staged_and_what_waits_on_is(state: State) -> None:
    pending = PendingResults(state, OutagePolicy())
    observe(state, pending, URLS[0], status=200)
    reset = observe(state, pending, URLS[1], failure=FailureKind.CONNECTION_RESET)
    released = pending.release(WindowVerdict.TRUSTED, lambda _host: False, NOW)
    assert [due.url for due, _ in released] == [URLS[0]]
    assert [one.observation for one in state.pending_visits()] == [reset]
    assert pending.staged_in is None


def test_another_run_takes_over_what_was_left_behind(state: State) -> None:
    killed = PendingResults(state, OutagePolicy())
    seen = observe(state, killed, URLS[0], status=410)
    killed.stage()
    observe(state, killed, URLS[1], status=404)
    pending = PendingResults(state, OutagePolicy())
    assert pending.waiting == ()
    pending.recover(10)
    assert list(pending.each()) == [(link(state, URLS[0]).id, seen)]
    released = pending.release(WindowVerdict.TRUSTED, lambda _host: True, NOW)
    assert released == [(due(state, URLS[0]), seen)]


def test_of_many_that_wait_for_their_host_the_oldest_are_left_in_the_state(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.crawl.pending_results.MOST_WAITING", 2)
    pending = PendingResults(state, OutagePolicy())
    reset = FailureKind.CONNECTION_RESET
    seen = [observe(state, pending, url, failure=reset) for url in URLS[:4]]
    assert not pending.release(WindowVerdict.TRUSTED, lambda _host: False, NOW)
    assert pending.waiting == tuple(seen[2:])
    assert [one.observation for one in state.pending_visits()] == seen
    later = PendingResults(state, OutagePolicy())
    later.recover(3)
    assert later.waiting == tuple(seen[:3]), "the next run takes them over, some at a time"


@pytest.mark.parametrize(
    ("kind", "seen", "usual"),
    [
        (VerdictKind.ALIVE, {"page": PAGE}, True),
        (VerdictKind.MOVED, {"page": PageFacts(title="Another")}, True),
        (VerdictKind.ALIVE, {"page": PageFacts(title="Welcome to the Wi-Fi")}, False),
        (VerdictKind.ALIVE, {"page": PAGE, "final_url": "http://login.test/"}, False),
        (VerdictKind.ALIVE, {"image": ImageFacts("HTML", None, None, None, 9)}, False),
        (VerdictKind.BROKEN, {"page": PAGE}, None),
    ],
)
def test_whether_an_answer_is_as_usual(
    kind: VerdictKind, seen: dict[str, object], usual: bool | None, state: State
) -> None:
    url = URLS[0]
    assert is_usual(state, link(state, url).id, Observation(url, NOW, 1), None) is None
    visit(state, 1, url, kind, page=PAGE)
    now = Observation(url, NOW, 1, status=200, **seen)  # type: ignore[arg-type]
    assert is_usual(state, link(state, url).id, now, now.page.title if now.page else None) is usual


def test_a_link_that_nobody_knows_has_no_usual_answer(state: State) -> None:
    assert is_usual(state, 1_000, Observation("https://x.example/", NOW, 1), None) is None
