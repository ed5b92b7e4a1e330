from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import feedparser

from crawler.model.change import Change
from crawler.model.report import Report
from crawler.model.verdict import VerdictKind
from crawler.reporting.formats.atom_report import MOST_ENTRIES
from tests.reporting.attacked_report import RUN, written
from tests.reporting.many_links import link_entry, many, report_of_links

ENTRIES = [
    link_entry(1, VerdictKind.BROKEN, Change.NEW_BROKEN),
    link_entry(2, VerdictKind.DEAD, Change.CONFIRMED_DEAD),
    link_entry(3, VerdictKind.ALIVE, Change.RECOVERED),
    link_entry(4, VerdictKind.DEAD, Change.STILL),
    link_entry(5, VerdictKind.DEAD, Change.REASON_CHANGED),
]


def feed(report: Report) -> Any:
    found = feedparser.parse(written("atom", report))
    assert not found.bozo
    assert found.version == "atom10"
    return found


def ids(report: Report) -> list[str]:
    return [entry.id for entry in feed(report).entries]


def test_it_tells_what_is_new() -> None:
    found = feed(report_of_links(*ENTRIES))
    assert found.feed.title == "Links of articles"
    assert [entry.title for entry in found.entries] == [
        "Newly broken: https://host-1.test/000001",
        "Newly dead: https://host-2.test/000002",
        "Recovered: https://host-3.test/000003",
    ]
    first = found.entries[0]
    assert first.link == "https://host-1.test/000001"
    assert first.tags[0].term == "new-broken"
    assert "1-0.md:5" in first.content[0].value
    assert first.updated == "2026-11-22T12:00:00Z"


def test_ids_stay_and_differ_by_run_link_and_change() -> None:
    report = report_of_links(*ENTRIES)
    later = replace(report, generated_at=report.generated_at + timedelta(days=1))
    assert ids(report) == ids(later)
    assert len(set(ids(report))) == 3
    next_run = replace(report, run=replace(RUN, id=8))
    assert not set(ids(report)) & set(ids(next_run))
    again = replace(report, run=replace(RUN, started_at=RUN.started_at + timedelta(days=1)))
    assert not set(ids(report)) & set(ids(again))


def test_there_are_no_news_before_the_first_run() -> None:
    assert not ids(replace(report_of_links(*ENTRIES), run=None))


def test_what_is_left_out_is_said() -> None:
    entries = feed(many(MOST_ENTRIES + 3, Change.NEW_BROKEN)).entries
    assert len(entries) == MOST_ENTRIES + 1
    assert entries[-1].title == "… and 3 more newly broken"
