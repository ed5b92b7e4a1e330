"""Pending results, and the usual answers of canaries."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from crawler.model.observation import Hop, Inconclusive, Observation
from crawler.model.verdict import UNCHECKED, Verdict, VerdictKind, WarningCode
from crawler.state import HostSeen, OriginAnswer, PendingVisit, State, open_state
from tests.state.samples import DAY, HOUR, NOW, link, save_urls, visit
from tests.state.test_opening import connected, take_back
from tests.strategies import model
from tests.strategies.examples import examples

FIRST, SECOND = "https://a.example/1", "https://a.example/2"


@given(seen=model.observations)
@settings(max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_pending_observation_comes_back_as_it_was(state: State, seen: Observation) -> None:
    save_urls(state, FIRST)
    run = state.last_run() or state.start_run(NOW)
    link_id = link(state, FIRST).id
    seen = replace(seen, url=FIRST, run=run.id)
    before = state.history(link_id), link(state, FIRST)
    state.keep_pending(link_id, seen)
    state.keep_pending(link_id, seen)
    assert state.pending_visits() == [PendingVisit(link_id, seen)]
    assert (state.history(link_id), link(state, FIRST)) == before
    state.record(link_id, seen, replace(UNCHECKED), None)
    assert state.pending_visits() == []


def test_pending_observations_come_oldest_first_and_are_deleted_one_by_one(state: State) -> None:
    save_urls(state, FIRST, SECOND)
    run = state.start_run(NOW).id
    ids = [link(state, url).id for url in (FIRST, SECOND)]
    late = Observation(FIRST, NOW + HOUR, run, status=404)
    early = Observation(SECOND, NOW, run, status=200)
    state.keep_pending(ids[0], late)
    state.keep_pending(ids[1], early)
    assert state.pending_visits() == [PendingVisit(ids[1], early), PendingVisit(ids[0], late)]
    state.record(ids[1], early, Verdict(VerdictKind.ALIVE, "http-200", "answered"), None)
    assert state.pending_visits() == [PendingVisit(ids[0], late)]


def test_an_outage_of_ours_leaves_a_link_as_it_was_checked_before(state: State) -> None:
    save_urls(state, FIRST)
    visit(state, state.start_run(NOW).id, FIRST)
    before = link(state, FIRST)
    run = state.start_run(NOW + DAY).id
    portal = Observation(
        FIRST,
        NOW + DAY,
        run,
        status=302,
        final_url="http://login.example/",
        inconclusive=Inconclusive.PORTAL,
    )
    state.record(before.id, portal, before.verdict, before.due_at)
    assert link(state, FIRST) == replace(before, run=run)
    assert state.history(before.id)[-1] == portal
    blocked = replace(portal, status=403, inconclusive=Inconclusive.HOST_BLOCKS_US)
    state.record(before.id, blocked, before.verdict, before.due_at)
    after = link(state, FIRST)
    assert (after.status, after.checked_at) == (403, NOW + DAY)


def test_hosts_seen(state: State) -> None:
    urls = [
        "https://a.example/1",
        "https://a.example/2",
        "https://b.example/",
        "https://c.example/",
    ]
    save_urls(state, *urls)
    first, second = state.start_run(NOW).id, state.start_run(NOW + DAY).id
    visit(state, first, urls[0])
    visit(state, second, urls[1], VerdictKind.BROKEN, at=NOW + DAY)
    visit(state, second, urls[2], VerdictKind.MOVED, at=NOW + DAY)
    assert state.hosts_seen() == [
        HostSeen("a.example", urls[0], first, alive_at_latest=False),
        HostSeen("b.example", urls[2], second, alive_at_latest=True),
    ]
    visit(state, second, urls[0], VerdictKind.DEAD, at=NOW + DAY)
    assert state.hosts_seen()[0] == HostSeen("a.example", None, None, alive_at_latest=False)


def test_a_host_with_a_certificate_fault_has_no_link_for_a_canary(state: State) -> None:
    save_urls(state, FIRST, SECOND)
    run = state.start_run(NOW).id
    for url, warnings in (
        (FIRST, (WarningCode.CERTIFICATE_EXPIRED,)),
        (SECOND, (WarningCode.URL_WHITE_SPACE,)),
    ):
        found = link(state, url)
        verdict = Verdict(VerdictKind.ALIVE, "http-200", "answered", warnings=warnings)
        seen = Observation(url, NOW, run, status=200)
        state.record(found.id, seen, verdict, None)
        (host,) = state.hosts_seen()
        assert host == HostSeen("a.example", None if url == FIRST else SECOND, run, True)


@pytest.mark.parametrize(
    ("hops", "end", "asked"),
    [
        ((), "https://a.example/1", "https:"),
        ((Hop("https://a.example/1", 301),), "http://b.example/", "https:"),
        ((Hop("http://a.example/1", 301),), "https://a.example/1", "http:"),
        ((), "http://a.example/1", "http:"),
    ],
)
def test_a_canary_is_asked_over_what_answered(
    state: State, hops: tuple[Hop, ...], end: str, asked: str
) -> None:
    """Rule V17: a host that closes port 80 would be down as a canary over http."""
    url = "http://a.example/1"
    save_urls(state, url)
    verdict = Verdict(VerdictKind.ALIVE, "https-only", "answered-over-https")
    seen = Observation(url, NOW, state.start_run(NOW).id, 200, hops=hops, final_url=end)
    state.record(link(state, url).id, seen, verdict, None)
    (host,) = state.hosts_seen()
    assert host.url == f"{asked}//a.example/1"


def test_the_history_of_a_host(state: State) -> None:
    save_urls(state, FIRST, SECOND, "https://b.example/")
    run = state.start_run(NOW).id
    visit(state, run, FIRST, at=NOW - 40 * DAY)
    visit(state, run, SECOND, at=NOW)
    visit(state, run, FIRST, at=NOW - DAY)
    visit(state, run, "https://b.example/", at=NOW)
    seen = state.host_history("a.example", NOW - 30 * DAY)
    assert [(each.url, each.at) for each in seen] == [(FIRST, NOW - DAY), (SECOND, NOW)]


def test_of_a_large_hosts_history_the_newest_are_looked_at(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.state.pending_visits.MOST_OF_HOST", 2)
    save_urls(state, FIRST)
    run = state.start_run(NOW).id
    for days in (1, 3, 2):
        visit(state, run, FIRST, at=NOW - days * DAY)
    seen = state.host_history("a.example", NOW - 30 * DAY)
    assert [each.at for each in seen] == [NOW - 2 * DAY, NOW - DAY]


def test_a_run_whose_clock_was_wrong_is_passed_over(state: State) -> None:
    assert state.last_trusted_clock() is None
    first = state.start_run(NOW)
    assert state.last_trusted_clock() == (NOW, NOW)
    state.finish_run(first.id, NOW + HOUR, "finished", 1)
    ahead = state.start_run(NOW + 400 * DAY)
    state.finish_run(ahead.id, NOW + 400 * DAY, "clock-jumped", 1)
    assert state.last_trusted_clock() == (NOW, NOW + HOUR)


def test_origin_answers_are_replaced_one_by_one(state: State) -> None:
    missing = OriginAnswer(404)
    moved = OriginAnswer(301, None, "https://www.b.example/robots.txt")
    page = OriginAnswer(200, "0123")
    assert state.origin_answers() == {}
    state.note_origin_answers({})
    state.note_origin_answers({"https://a.example": missing, "https://b.example": moved})
    state.note_origin_answers({"https://a.example": page})
    assert state.origin_answers() == {"https://a.example": page, "https://b.example": moved}


def test_version_5_keeps_pending_observations(database_url: str | None, tmp_path: Path) -> None:
    with open_state(tmp_path, database_url) as state:
        save_urls(state, FIRST)
        run = state.start_run(NOW).id
    with connected(tmp_path, database_url) as connection:
        take_back(connection, 4)
    seen = Observation(FIRST, NOW, run, status=404, failure_detail="\x00\ud800")
    with open_state(tmp_path, database_url) as state:
        state.keep_pending(link(state, FIRST).id, seen)
        state.note_origin_answers({"https://a.example": OriginAnswer(200, "0123", None)})
        assert [one.observation for one in state.pending_visits()] == [seen]
        assert state.origin_answers() == {"https://a.example": OriginAnswer(200, "0123", None)}
    with connected(tmp_path, database_url) as connection:
        connection.execute(
            text("DELETE FROM links WHERE NOT EXISTS (SELECT 1 FROM article_references)")
        )
