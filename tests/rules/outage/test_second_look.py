"""Rule O16: which first failures are asked again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.model.observation import FailureKind, Hop, Observation, SoftSign
from crawler.rules.outage.network_evidence import NetworkEvidence
from crawler.rules.outage.second_look import (
    FirstFailure,
    Look,
    Rest,
    behind_one_page,
    sort_of,
    sort_of_reason,
    to_ask_again,
)
from crawler.rules.policy import OutagePolicy

NAME, GONE, REFUSED, RESET, ONE_PAGE = FirstFailure
POLICY = OutagePolicy()
NOW = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://a.example/story"


def row(text: str, *, begin: float = 0.0, apart: float = 1.0) -> list[Look]:
    """A letter for each look, each of a site of its own: `.` well, `g` gone, `G` gone that was well, `k` known to be
    gone, `n` no name, `N` no name of a host that was alive, `r` refused, `R` refused that was well."""
    sorts = {"g": GONE, "k": GONE, "n": NAME, "r": REFUSED}
    return [
        Look(
            number,
            begin + number * apart,
            f"{begin}-{number}",
            sorts.get(letter.lower()),
            was_well=letter.isupper(),
            is_known=letter == "k",
        )
        for number, letter in enumerate(text)
    ]


def asked(looks: Sequence[Look], rest: Rest | None = None, *, more: bool = False) -> list[int]:
    return sorted(to_ask_again(looks, rest or Rest(), POLICY, more=more))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("." * 50, []),
        ("..G..", [2]),
        ("..N..", [2]),
        # A connection that fails may pass: one counts for little.
        ("..R..", []),
        # What nobody knows, or is known to be gone, alone.
        ("..g..", []),
        ("..k..", []),
        ("..n.r..", []),
        # Beside one that was well, of the same sort.
        ("..gG.", [2, 3]),
        ("..kG.", [2, 3]),
        ("..nG.", [3]),
        ("..rN.", [3]),
        # Bursts.
        ("." * 40 + "ggg" + "." * 40, [40, 41, 42]),
        ("." * 40 + "gg" + "." * 40, [40, 41]),
        ("." * 12 + "gg" + "." * 12, []),
        ("." * 40 + "g.g" + "." * 40, []),
        ("." * 40 + "g.g.g.g" + "." * 40, []),
        ("." * 40 + "rrrr" + "." * 40, []),
        ("." * 40 + "rrrrr" + "." * 40, [40, 41, 42, 43, 44]),
        ("." * 40 + "RRRRR" + "." * 40, [40, 41, 42, 43, 44]),
        ("." * 40 + "gkgkg" + "." * 40, [40, 41, 42, 43, 44]),
        ("." * 40 + "kkkkk" + "." * 40, []),
        ("." * 40 + "nrgnrg" + "." * 40, []),
        # An old collection: every fourth page is gone, and that does not stand out.
        ("g..." * 30, []),
        ("gg......" * 15, []),
        ("g..." * 30 + "g" * 12 + "..g." * 30, [112, 116, *range(120, 132), 134, 138]),
        ("." * 40 + "gggg......g" + "." * 40, [40, 41, 42, 43, 50]),
        ("." * 40 + "gggg" + "." * 12 + "g" + "." * 40, [40, 41, 42, 43]),
        # A blip at the end, at the beginning, and all of the run.
        ("." * 60 + "nnnnn", [60, 61, 62, 63, 64]),
        ("nnnnn" + "." * 60, [0, 1, 2, 3, 4]),
        ("g" * 30, list(range(30))),
        ("ggg", []),
    ],
)  # fmt: skip
def test_what_is_asked_again(text: str, expected: list[int]) -> None:
    assert asked(row(text)) == expected


def test_a_burst_is_of_unrelated_sites() -> None:
    looks = row("." * 40 + "gggggg" + "." * 40)
    one_site = [
        Look(look.link_id, look.at, "one" if look.failed else look.site, look.failed)
        for look in looks
    ]
    assert asked(looks) != []
    assert asked(one_site) == []


def test_what_is_near_is_of_another_site_and_of_the_same_minute() -> None:
    well = Look(1, 100.0, "a", GONE, was_well=True)
    assert asked([Look(2, 41.0, "b", GONE), well]) == [1, 2]
    assert asked([Look(2, 39.0, "b", GONE), well]) == [1]
    assert asked([Look(2, 99.0, "a", GONE), well]) == [1], "another page of a site that lost one"
    assert asked([Look(2, 99.0, "b", GONE, is_known=True), well]) == [1, 2], "it may have come back"


def test_earlier_windows_say_what_is_usual() -> None:
    looks = row("ggg......")
    assert asked(looks) == []
    assert asked(looks, Rest().and_these(row("." * 300))) == [0, 1, 2]
    old = Rest().and_these(row("g." * 150)).and_these(row("g." * 150))
    assert (old.looks, old.failed) == (600, {GONE: 300})
    assert asked(looks, old) == []
    assert Rest().and_these(row("kk.")).failed == {}


def test_a_burst_may_go_on_behind_the_window() -> None:
    looks = row("." * 12 + "gg")
    assert asked(looks, more=True) == [12, 13]
    assert asked(looks) == []
    assert asked(row("." * 12 + "g"), more=True) == []
    assert asked(row("." * 12 + "gg..."), more=True) == []


@pytest.mark.parametrize(
    ("facts", "sort"),
    [
        ({"status": 200}, None),
        ({"status": 404}, GONE),
        ({"status": 410}, GONE),
        ({"status": 403}, None),
        ({"status": 503}, None),
        ({"status": 404, "sign": SoftSign.WALL}, None),
        ({"status": 404, "failure": FailureKind.BODY_INCOMPLETE}, GONE),
        ({"failure": FailureKind.DNS_NXDOMAIN}, NAME),
        ({"failure": FailureKind.DNS_NODATA}, NAME),
        ({"failure": FailureKind.DNS_SERVFAIL}, None),
        ({"failure": FailureKind.DNS_BAD_NAME}, None),
        ({"failure": FailureKind.CONNECT_REFUSED}, REFUSED),
        ({"failure": FailureKind.CONNECTION_RESET}, RESET),
        ({"failure": FailureKind.CONNECT_TIMEOUT}, None),
        ({"failure": FailureKind.ROBOTS_DENIED}, None),
        ({"failure": FailureKind.DNS_NXDOMAIN, "hops": (Hop(URL, 301),)}, NAME),
        ({"status": 200, "failure": FailureKind.CONNECTION_RESET}, None),
        ({"status": 200, "sign": SoftSign.NOT_FOUND}, None),
    ],
)
def test_sorts_of_failures(facts: dict[str, object], sort: FirstFailure | None) -> None:
    assert sort_of(Observation(URL, NOW, 1, **facts)) is sort  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reason", "sort"),
    [("http-404", GONE), ("http-410", GONE), ("dns-nodata", NAME), ("soft-404", None), ("connect-refused", REFUSED)],
)  # fmt: skip
def test_sorts_of_reasons(reason: str, sort: FirstFailure | None) -> None:
    assert sort_of_reason(reason) is sort


@given(st.text("..gGknNrR", max_size=80), st.booleans())
def test_only_failures_are_asked_again_and_all_that_were_well(text: str, more: bool) -> None:
    looks = row(text)
    found = to_ask_again(looks, Rest(), POLICY, more=more)
    assert found <= {look.link_id for look in looks if look.failed is not None}
    assert found >= {number for number, letter in enumerate(text) if letter in "GN"}


def evidence(number: int, mark: str | None, **facts: Any) -> tuple[int, NetworkEvidence]:
    host = f"h{number}.test"
    return number, NetworkEvidence(host, host, 200, fingerprint=mark, **facts)


def test_what_is_behind_one_page() -> None:
    new, old = evidence(1, "page", changed=True), evidence(2, "page")
    assert behind_one_page([new, old, evidence(3, "other"), evidence(4, None)]) == {1, 2}
    assert behind_one_page([new, evidence(3, "other")]) == frozenset()
    assert behind_one_page([old, evidence(3, "page")]) == frozenset(), "a chain of sites"
    assert behind_one_page([new, evidence(2, "page", is_evidence=False)]) == frozenset()
    assert behind_one_page([]) == frozenset()
