"""Hosts on a terminal and as JSON, and their file of decisions: numbers, what is left out, hostile names."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.model.host_certificate import HostCertificate, Validity
from crawler.model.host_overview import AmpFields, HostOverview, MovePattern
from crawler.model.verdict import VerdictKind, WarningCode
from crawler.reporting.host_decisions import COLUMNS, decision_file
from crawler.reporting.hosts_told import MOST_HOSTS, host_document, host_lines
from crawler.reporting.words.escaping import printable

NOON, DAY = datetime(2026, 11, 22, 12, tzinfo=UTC), timedelta(days=1)
FINE = HostOverview("fine.example", 4, {VerdictKind.ALIVE: 4})
PATTERN = MovePattern(
    "https://h.example/a/",
    "https://h.example/b/",
    "",
    "/",
    (("https://h.example/a/x", "https://h.example/b/x/"),) * 412,
    3,
    2,
    (("https://h.example/a/lost", "https://h.example/b/lost/"),),
)
FULL = HostOverview(
    "h.example",
    520,
    {VerdictKind.DEAD: 12, VerdictKind.BROKEN: 1, VerdictKind.MOVED: 412, VerdictKind.UNVERIFIABLE: 9},
    ("The Times", "Other"),
    {"http-429": 8, "bot-wall": 1},
    {WarningCode.CERTIFICATE_EXPIRED: 520},
    ((3, 0), (4, 5), (5, 13)),
    (PATTERN,),
    (("https://h.example/a/x", "https://h.example/b/x/"),),
    AmpFields(("https://h.example/1/amp", "https://h.example/2/amp", "=1+1"), 0, 40),
    777,
    ("robots.txt is not obeyed: ours\x1b[31m",),
    HostCertificate("h.example", Validity(NOON - 80 * DAY, NOON + 10 * DAY), NOON),
    True,
)  # fmt: skip


def test_a_host_in_full() -> None:
    assert FULL.gone == 13
    assert list(host_lines([FULL], "my articles", is_one=False)) == [
        "h.example (The Times, Other): 520 URLs, 12 dead (2%), 1 broken (0%), 412 moved (79%), 9 not sure (2%)",
        "  gone after the runs 3 to 5: 0 5 13",
        "  not sure: 8 http-429, 1 bot-wall",
        "  520 certificate-expired",
        "  certificate ends on 2 December 2026, as seen on 22 November 2026; it should have been replaced by then",
        "  412 links moved from https://h.example/a/… to https://h.example/b/…/",
        "    of the others of this form: 3 moved elsewhere; 2 still there; 1 gone: perhaps they moved so too",
        "  AMP: given up; of 40 articles 3 to drop it, 0 with an AMP page still",
        "  by .linkhealth.yml: robots.txt is not obeyed: ours\\x1b[31m",
        "  decide  linkhealth hosts 'my articles' --host h.example --decide decided.csv",
        "          linkhealth apply decided.csv --content 'my articles'   # shows it; --write does it",
        "",
    ]


def test_the_same_as_json() -> None:
    document = json.loads("".join(host_document([FULL, FINE])))
    assert [one["host"] for one in document["hosts"]] == ["h.example", "fine.example"]
    first = document["hosts"][0]
    assert first["patterns"] == [
        {
            "old": "https://h.example/a/",
            "new": "https://h.example/b/",
            "old_ending": "",
            "new_ending": "/",
            "count": 412,
            "elsewhere": 3,
            "staying": 2,
            "gone": [{"url": "https://h.example/a/lost", "perhaps": "https://h.example/b/lost/"}],
        }
    ]
    assert first["certificate"] == {
        "ends_at": "2026-12-02T12:00:00Z",
        "seen_at": "2026-11-22T12:00:00Z",
        "ends_soon": True,
    }
    assert document["hosts"][1]["certificate"] is None
    assert first["gone_by_run"][-1] == {"run": 5, "gone": 13}
    assert first["by_verdict"] == {kind.value: FULL.by_verdict.get(kind, 0) for kind in VerdictKind}
    assert (first["priority"], first["amp"]["given_up"], first["moves"]) == (777, True, 1)
    assert json.loads("".join(host_document([]))) == {"schema": 1, "hosts": []}


@pytest.mark.parametrize(
    ("host", "line"),
    [
        (
            replace(FINE, by_verdict={VerdictKind.UNVERIFIABLE: 6}, urls=8, reasons={"http-429": 6}),
            '  or, in .linkhealth.yml:  hosts: {"fine.example": {delay: 10}}',
        ),
        (
            replace(FINE, by_verdict={VerdictKind.UNVERIFIABLE: 6}, urls=8, reasons={"bot-wall": 6}),
            '  or, in .linkhealth.yml:  hosts: {"fine.example": {skip: yes}}',
        ),
        (
            replace(FINE, by_verdict={VerdictKind.UNVERIFIABLE: 6}, urls=8, reasons={"http-403": 6}),
            '  or, in .linkhealth.yml:  hosts: {"fine.example": {accept_statuses: [403]}}',
        ),
        (
            replace(FINE, by_verdict={VerdictKind.UNVERIFIABLE: 6}, urls=8, reasons={"http-403": 6}),
            '  or, in .linkhealth.yml:  hosts: {"fine.example": {skip: yes}}',
        ),
        (
            replace(FINE, by_verdict={VerdictKind.DEAD: 3, VerdictKind.BROKEN: 1}),
            "  decide  linkhealth ignore '*://fine.example/*' . --until DATE --reason TEXT",
        ),
    ],
)  # fmt: skip
def test_one_decision_is_named_for_a_host_that_walls_us_or_is_gone(
    host: HostOverview, line: str
) -> None:
    assert line in host_lines([host], ".", is_one=False)


def test_a_status_that_passes_is_never_to_be_accepted() -> None:
    walled = replace(FINE, by_verdict={VerdictKind.UNVERIFIABLE: 6}, urls=8)
    for reasons in (
        {"http-503": 6},
        {"http-429": 1, "http-403": 5},
        {"bot-wall": 4, "http-403": 2},
    ):
        told = list(host_lines([replace(walled, reasons=reasons)], ".", is_one=False))
        assert not any("accept_statuses" in line for line in told), reasons


def test_hosts_without_anything_to_tell_are_counted_or_asked_for() -> None:
    assert FINE.is_quiet
    assert not FULL.is_quiet
    assert list(host_lines([FINE], ".", is_one=False)) == ["Nothing to tell of 1 host."]
    assert list(host_lines([FINE], ".", is_one=True)) == [
        "fine.example: 4 URLs, nothing wrong",
        "",
    ]
    many = [FULL] * (MOST_HOSTS + 3)
    last = list(host_lines(many, ".", is_one=False))[-1]
    assert last.startswith("… and 3 more: ")


def test_a_file_of_decisions_is_a_row_for_each_url() -> None:
    data, decided = decision_file(FULL)
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    assert rows[0] == list(COLUMNS)
    assert decided == 4
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == [
        ("https://h.example/a/x", "accept", ""),
        ("https://h.example/1/amp", "drop", ""),
        ("https://h.example/2/amp", "drop", ""),
        ("'=1+1", "drop", ""),
        ("https://h.example/a/lost", "", "https://h.example/b/lost/"),
    ]


def test_naughty_names_move_no_cursor_and_break_no_line(shared: Path) -> None:
    for name in json.loads((shared / "suites" / "blns.json").read_text("utf-8")):
        host = replace(FULL, host=name, publishers=(name,))
        lines = list(host_lines([host], name, is_one=True))
        assert all(line == printable(line) for line in lines)
        assert len(lines) == 12
        document = "".join(host_document([host]))
        assert len(document.splitlines()) == 3
        assert len(json.loads(document)["hosts"]) == 1
