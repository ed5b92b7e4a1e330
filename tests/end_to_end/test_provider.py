"""Rules D3 to D5 by a whole run: a publisher that is right, a wrong name, a page that moved to another owner; and the repair."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Report, article, run_command
from tests.web.pages import page
from tests.web.rules import Answer, redirect
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-provider")

TITLE = "A story of note"
RIGHT = "https://www.daily-courier.example/2020/a-story-of-note"
WRONG = "https://gamingbolt.example/2020/a-story-of-note"
OLD = "https://old-paper.example/2019/a-story-of-note"
NEW = "https://other-owner.example/2019/a-story-of-note"


def called(name: str) -> Answer:
    return Answer(body=page(TITLE, head=f'<meta property="og:site_name" content="{name}">'))


RULES: dict[str, Answer] = {
    RIGHT: called("The Daily-Courier"),
    WRONG: called("GamingBolt"),
    OLD: redirect(NEW, 301),
    NEW: called("Other Owner"),
}


def provider(name: str, domain: str) -> str:
    return f"provider:\n  name: {name}  # theirs\n  domain: {domain}\n  more: [1, 2]"


FILES = {
    "right.md": article(TITLE, web=RIGHT, extra=provider("DAILY COURIER", "www.daily-courier.example")),
    "wrong.md": article(TITLE, web=WRONG, extra=provider("'From \"C#\" Software'", "gamingbolt.example")).replace("\n", "\r\n"),
    "moved.md": article(TITLE, web=OLD, extra=provider('"Old Paper"', "old-paper.example")),
    "plain.md": article(TITLE, web=WRONG, extra="provider: From Software"),
    "odd.md": article(TITLE, web=WRONG, extra="provider:\n  name: [From, Software]\n  domain: {a: 1}"),
}  # fmt: skip
WRITTEN = {
    "wrong.md": FILES["wrong.md"].replace("'From \"C#\" Software'", "'GamingBolt'"),
    "moved.md": FILES["moved.md"]
    .replace('"Old Paper"', '"Other Owner"')
    .replace("domain: old-paper.example", "domain: other-owner.example"),
}


@dataclass(frozen=True)
class RoundTrip:
    report: Report
    rows: list[dict[str, str]]
    dry: Completed
    after_dry: Mapping[str, bytes]
    accepted: Completed
    after: Mapping[str, bytes]
    suggested: Completed
    at_last: Mapping[str, bytes]
    again: Report


@pytest.fixture(scope="module")
def trip(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> RoundTrip:
    made = Collection(tmp_path_factory.mktemp("collection"))
    for name, text in FILES.items():
        made.add(name, text)
    module_web.set_rules(RULES)

    def audit(day: str) -> None:
        arguments = ("-a", "write_back=no", "--fail-on", "never", "--due", "all")
        ended = made.audit(module_web, *arguments, LINKHEALTH_CLOCK=f"{day}T12:00:00Z")
        assert (ended.code, ended.stderr) == (0, "")

    def apply(*arguments: str) -> Completed:
        clock = {"LINKHEALTH_CLOCK": "2026-03-01T18:00:00Z"}
        return run_command(module_web, "apply", *arguments, "--content", str(made.root), env=clock)

    audit("2026-03-01")
    path = made.root / ".linkhealth" / "reports" / "report.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    decided = tmp_path_factory.mktemp("decisions") / "decided.csv"
    accept(rows, decided)
    report = made.report()
    dry, after_dry = apply(str(decided)), made.contents()
    accepted, after = apply(str(decided), "--write"), made.contents()
    suggested = apply("--suggested", "provider", "--write")
    at_last = made.contents()
    audit("2026-03-02")
    return RoundTrip(
        report, rows, dry, after_dry, accepted, after, suggested, at_last, made.report()
    )


def accept(rows: list[dict[str, str]], path: Path) -> None:
    """Accept what is suggested for one article, as in a spreadsheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        for row in rows:
            is_it = (row["path"], row["reason"]) == ("wrong.md", "provider-mismatch")
            writer.writerow(row | {"decision": "accept" if is_it else ""})


def told(report: Report) -> dict[str, list[tuple[str, str, str | None]]]:
    return {
        path: [
            (one["at"], one["url"], one["expected"])
            for one in entry["identity"]
            if one["reason"] == "provider-mismatch"
        ]
        for path, entry in report.articles.items()
    }


def test_only_what_another_owner_publishes_is_told(trip: RoundTrip) -> None:
    assert told(trip.report) == {
        "right.md": [],
        "plain.md": [],
        "odd.md": [],
        "wrong.md": [("provider/name", 'From "C#" Software', "GamingBolt")],
        "moved.md": [
            ("provider/domain", "old-paper.example", "other-owner.example"),
            ("provider/name", "Old Paper", "Other Owner"),
        ],
    }
    (domain, _) = trip.report.articles["moved.md"]["identity"]
    assert (domain["actual"], domain["level"], domain["line"]) == (NEW, "info", 7)
    odd = [one["message"] for one in trip.report.document["problems"] if one["path"] == "odd.md"]
    assert odd == [
        "provider/name: a list stands where a text should",
        "provider/domain: a mapping stands where a text should",
    ]


def test_the_rows_can_be_decided(trip: RoundTrip) -> None:
    rows = [row for row in trip.rows if row["reason"] == "provider-mismatch"]
    shown = [(row["path"], row["line"], row["at"], row["kind"], row["suggestion"]) for row in rows]
    assert sorted(shown) == [
        ("moved.md", "6", "provider/name", "identity", "Other Owner"),
        ("moved.md", "7", "provider/domain", "identity", "other-owner.example"),
        ("wrong.md", "6", "provider/name", "identity", "GamingBolt"),
    ]


def test_an_accepted_row_changes_that_value_alone(trip: RoundTrip) -> None:
    assert trip.after_dry == {name: text.encode() for name, text in FILES.items()}
    assert "GamingBolt" in trip.dry.stdout
    assert trip.accepted.code == 0, trip.accepted.stdout + trip.accepted.stderr
    changed = {name: text.encode() for name, text in FILES.items()}
    changed["wrong.md"] = WRITTEN["wrong.md"].encode()
    assert trip.after == changed


def test_all_suggestions_of_the_kind_are_taken(trip: RoundTrip) -> None:
    assert trip.suggested.code == 0, trip.suggested.stdout + trip.suggested.stderr
    assert trip.at_last == {name: text.encode() for name, text in (FILES | WRITTEN).items()}


def test_nothing_is_told_of_what_was_repaired(trip: RoundTrip) -> None:
    assert {path: found for path, found in told(trip.again).items() if found} == {}
