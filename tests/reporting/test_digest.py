from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.model.change import Change
from crawler.model.verdict import VerdictKind
from crawler.reporting.digest import digest, headline, held_told, owners_told, spread, told
from crawler.reporting.findings import gathered
from tests.reporting.many_links import held_group, link_entry, report_of_links


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        ([], "Nothing new; of 0 links in 0 articles, none is broken."),
        (["alive"], "Nothing new; of 1 link in 0 articles, none is broken."),
        (["dead"], "Nothing new; of 1 link in 0 articles, 1 dead."),
        (["unchecked"], "None of 1 link in 0 articles was checked yet."),
        (["alive", "unchecked"], "Nothing new; of 2 links in 0 articles, none is broken."),
        (
            ["dead", "broken", "broken"],
            "Nothing new; of 3 links in 0 articles, 1 dead and 2 broken.",
        ),
        (
            ["dead", "broken", "invalid"],
            "Nothing new; of 3 links in 0 articles, 1 dead, 1 broken and 1 invalid.",
        ),
    ],
)
def test_the_headline_says_what_is_wrong(kinds: list[str], expected: str) -> None:
    entries = [link_entry(number, VerdictKind(kind)) for number, kind in enumerate(kinds)]
    assert headline(report_of_links(*entries).summary) == expected


def test_the_headline_begins_with_what_is_new() -> None:
    entries = [
        link_entry(1, VerdictKind.BROKEN, Change.NEW_BROKEN),
        link_entry(2, VerdictKind.DEAD, Change.CONFIRMED_DEAD),
        link_entry(3, VerdictKind.ALIVE, Change.RECOVERED),
    ]
    assert headline(report_of_links(*entries).summary) == (
        "1 newly broken, 1 newly dead, 1 recovered; of 3 links in 0 articles, 1 dead and 1 broken."
    )


def test_lists_say_how_many_they_leave_out() -> None:
    entries = [
        link_entry(number, VerdictKind.BROKEN, Change.NEW_BROKEN, places=1 + number)
        for number in range(5)
    ]
    report = report_of_links(*entries)
    with gathered(report) as findings:
        short = digest(report, findings, most=2)
    news = short.news[0]
    assert (news.heading, news.total, len(news.rows), news.more) == ("Newly broken", 5, 2, 3)
    assert news.rows[0].places == 5
    assert (len(short.causes), short.all_causes, short.more_causes) == (2, 5, 3)
    assert {tile.name: tile.amount for tile in short.tiles}["links newly broken"] == news.total


@pytest.mark.parametrize(
    ("places", "related", "expected"),
    [
        (1, 0, "In 1 place of 1 article."),
        (2, 1, "In 2 places of 2 articles, and in 1 reference of related articles."),
        (0, 3, "Only in 3 references of related articles."),
    ],
)
def test_where_a_link_stands(places: int, related: int, expected: str) -> None:
    report = report_of_links(link_entry(1, places=places, related=related))
    with gathered(report) as findings:
        (row,) = findings.links.listed()
    assert spread(row) == expected
    assert told(row).startswith("Dead since 22 November 2026 (http-404): The server says")
    assert told(row).endswith(expected)


@pytest.mark.parametrize(
    ("owners", "expected"),
    [
        ((), ""),
        (("@web",), "Owned by <@web>."),
        (("@web", "a\x1b"), "Owned by <@web> and <a\\x1b>."),
        (("a", "b", "c", "d", "e", "f", "g"), "Owned by <a>, <b>, <c>, <d>, <e> and 2 more."),
    ],
)
def test_owners_are_named(owners: tuple[str, ...], expected: str) -> None:
    assert owners_told(owners, lambda name: f"<{name}>") == expected


def test_what_is_held_back_is_told_with_the_command_that_accepts_it() -> None:
    assert held_told(held_group(first_run=True), lambda text: f"<{text}>") == (
        "<12 URLs of held-1.test (http-404) in 11 articles> are not written into the files. None of them was ever seen "
        "to work: they were so from the first run on. <linkhealth accept --host held-1.test --cause http-404> accepts them."
    )


def test_groups_held_back_are_counted_by_their_links() -> None:
    report = replace(report_of_links(), held=tuple(held_group(n, links=n + 1) for n in range(3)))
    with gathered(report) as findings:
        short = digest(report, findings, most=2)
    assert [len(short.held), short.all_held, short.more_held] == [2, 3, 1]
    assert {tile.name: tile.amount for tile in short.tiles}["links held back until accepted"] == 6
