"""The output of `linkhealth diff`."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.change import Change, Opinion, Transition
from crawler.model.reference import Reference, Scope
from crawler.model.report import ChangedLink
from crawler.model.role import Role
from crawler.model.verdict import VerdictKind
from crawler.reporting.changes_told import HEADINGS, change_document, change_lines
from crawler.reporting.console import printable
from tests.strategies.model import texts


def changed(
    url: str, change: Change = Change.NEW_BROKEN, places: int = 1, path: str = "a.md"
) -> ChangedLink:
    first = Reference(path, 7, "webUrl", Role.WEB, Scope.OWN, url, url) if places else None
    before = Opinion(VerdictKind.ALIVE, "http-200")
    after = Opinion(VerdictKind.BROKEN, "http-404")
    return ChangedLink(url, change, Transition(before, after), first, places)


def test_groups_in_the_order_of_urgency() -> None:
    found = [
        changed("https://a.test/", Change.RECOVERED, 3),
        changed("https://b.test/"),
        changed("https://c.test/", places=0),
        changed("https://d.test/", Change.STILL),
        changed("https://e.test/", Change.CONFIRMED_DEAD),
    ]
    was = "alive (http-200) -> broken (http-404)"
    assert list(change_lines(found)) == [
        "newly broken: 2",
        f"  a.md:7  https://b.test/  {was}",
        f"  only in related articles  https://c.test/  {was}",
        "",
        "newly dead: 1",
        f"  a.md:7  https://e.test/  {was}",
        "",
        "recovered: 1",
        f"  a.md:7 and 2 more  https://a.test/  {was}",
        "",
        "2 newly broken, 1 newly dead, 1 recovered, 0 broken or dead for another reason.",
    ]
    document = json.loads("".join(change_document(found, 3, 4)))
    assert (document["from"], document["to"]) == (3, 4)
    assert [entry["url"][8] for entry in document["urls"]] == ["a", "b", "c", "e"]
    assert document["urls"][2] == {
        "url": "https://c.test/",
        "change": "new-broken",
        "before": {"verdict": "alive", "reason": "http-200"},
        "after": {"verdict": "broken", "reason": "http-404"},
        "path": None,
        "line": None,
        "at": None,
        "places": 0,
    }
    assert document["counts"] == {
        "new-broken": 2,
        "confirmed-dead": 1,
        "recovered": 1,
        "reason-changed": 0,
    }


def test_nothing_changed() -> None:
    (line,) = change_lines([])
    assert line.startswith("0 newly broken")
    assert json.loads("".join(change_document([], 0, 1)))["urls"] == []


@pytest.mark.parametrize("change", HEADINGS)
@given(url=texts, path=texts, places=st.integers(0, 3))
def test_what_comes_from_outside_obeys(change: Change, url: str, path: str, places: int) -> None:
    found = [changed(url, change, places, path)]
    lines = list(change_lines(found))
    assert len(lines) == 4
    assert all(printable(line) == line for line in lines)
    assert len(json.loads("".join(change_document(found, 1, 2)))["urls"]) == 1
