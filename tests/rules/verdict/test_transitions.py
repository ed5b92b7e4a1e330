"""What became of a link, by the table of docs/commands.md."""

from __future__ import annotations

from itertools import product

import pytest

from crawler.model.change import Change, Opinion, Transition
from crawler.model.verdict import VerdictKind
from crawler.rules.verdict.transitions import change_of

GONE = {"broken", "dead"}
HEALTHY = {"alive", "moved"}


def change(
    before: str, after: str, *, reason: str = "http-404", was: str = "http-404"
) -> str | None:
    found = change_of(
        Transition(Opinion(VerdictKind(before), was), Opinion(VerdictKind(after), reason))
    )
    return found.value if found else None


@pytest.mark.parametrize(
    ("before", "after", "was", "reason", "expected"),
    [
        ("alive", "broken", "http-200", "http-404", "new-broken"),
        ("unchecked", "broken", "not-visited", "http-410", "new-broken"),
        ("unverifiable", "broken", "http-503", "server-errors", "new-broken"),
        ("excluded", "broken", "editor-not-broken", "http-404", "new-broken"),
        ("broken", "dead", "http-404", "http-404", "confirmed-dead"),
        ("unverifiable", "dead", "connect-refused", "connect-refused", "confirmed-dead"),
        ("alive", "dead", "http-200", "http-410", "confirmed-dead"),
        ("broken", "broken", "http-404", "http-404", "still"),
        ("dead", "dead", "http-404", "http-404", "still"),
        ("broken", "broken", "http-404", "http-410", "reason-changed"),
        ("dead", "dead", "http-404", "dns-nxdomain", "reason-changed"),
        ("dead", "broken", "http-404", "http-404", "reason-changed"),
        ("broken", "alive", "http-404", "http-200", "recovered"),
        ("dead", "moved", "http-404", "moved-permanently", "recovered"),
        ("broken", "unverifiable", "http-404", "http-403", None),
        ("dead", "excluded", "http-404", "editor-not-broken", None),
        ("alive", "moved", "http-200", "moved-permanently", None),
        ("alive", "unverifiable", "http-200", "http-503", None),
        ("invalid", "alive", "no-scheme", "http-200", None),
    ],
)
def test_each_row_of_the_table(
    before: str, after: str, was: str, reason: str, expected: str | None
) -> None:
    assert change(before, after, was=was, reason=reason) == expected


def test_every_pair_has_its_place() -> None:
    for before, after in product(VerdictKind, VerdictKind):
        found = change(before, after)
        assert (found in {"new-broken", "confirmed-dead", "reason-changed", "still"}) == (
            after in GONE
        )
        assert (found == "recovered") == (before in GONE and after in HEALTHY)
        assert (found == "still") == (before == after and after in GONE)
    assert {"new-broken", "confirmed-dead", "recovered", "reason-changed", "still"} == set(Change)
