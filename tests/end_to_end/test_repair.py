"""An editor's round trip: crawl, decide in the report, look at the diff, apply, crawl again."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, Report, article, run_command
from tests.web.pages import page
from tests.web.rules import Answer, redirect
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-repair")

MOVED = "https://moved.example/old/a-long-story#the-part"
MOVED_TO = "https://moved.example/new/a-long-story"
GONE, NEW_HOME = "https://gone.example/a-story-lost", "https://home.example/a-story-found"
BACK = "https://back.example/a-story-away"
FLAKY = "https://flaky.example/a-story-ill"
TYPED = "https://typed.example/a-story-by-hand"
DRIFTED = "https://drifted.example/a-story-renamed"
AMP, AMP_PAGE = "https://amp.example/a-story-of-amp", "https://amp.example/a-story-of-amp/amp"
CACHE = "https://amp-example.cdn.ampproject.org/c/s/amp.example/a-story-of-amp/amp"
WRONG_CACHE = CACHE.replace("amp-example", "other-example")
PICTURE = "https://pictures.example/one.png"
OLD_TITLE, NEW_TITLE = "What it was called before", "What the page is called by now"


def amp_of(url: str) -> str:
    return (
        f"<!doctype html><html amp><head><meta charset=utf-8><title>A title</title>"
        '<script async src="https://cdn.ampproject.org/v0.js"></script>'
        f'<link rel="canonical" href="{url}"><meta name="viewport" content="width=device-width">'
        "<style amp-boilerplate></style></head><body><h1>A title</h1><p>Words."
    )


RULES: dict[str, Answer] = {
    MOVED.partition("#")[0]: redirect(MOVED_TO, 301),
    MOVED_TO: Answer(body=page("A title")),
    GONE: Answer(status=404),
    NEW_HOME: Answer(body=page("A title")),
    BACK: Answer(status=404),
    FLAKY: Answer(status=404),
    TYPED: Answer(status=410),
    DRIFTED: Answer(body=page(NEW_TITLE)),
    AMP: Answer(body=page("A title", head=f'<link rel="amphtml" href="{AMP_PAGE}">')),
    AMP_PAGE: Answer(body=amp_of(AMP)),
    CACHE: Answer(body=amp_of(AMP)),
    WRONG_CACHE: Answer(body=amp_of(AMP)),
    PICTURE: Answer(image=(1200, 675)),
}
DECISIONS = {
    (MOVED, "moved"): {"decision": "accept"},
    (GONE, "dead-link"): {"decision": "replace", "new_value": NEW_HOME},
    (FLAKY, "dead-link"): {"decision": "not-broken", "note": "opens in every browser"},
    (TYPED, "dead-link"): {"decision": "drob"},
    (DRIFTED, "metadata"): {"decision": "accept"},
    (WRONG_CACHE, "amp"): {"decision": "accept"},
    (PICTURE, "image"): {"decision": "accept"},
}
REPAIRED = {MOVED, GONE, WRONG_CACHE}
"""Addresses that no file holds any more."""


@dataclass(frozen=True)
class RoundTrip:
    before: Mapping[str, bytes]
    dry: Completed
    after_dry: Mapping[str, bytes]
    written: Completed
    after: Mapping[str, bytes]
    again: Completed
    after_again: Mapping[str, bytes]
    report: Report
    findings: list[dict[str, str]]


def csv_rows(collection: Collection) -> list[dict[str, str]]:
    path = collection.root / ".linkhealth" / "reports" / "report.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def decide(collection: Collection, path: Path) -> None:
    """Fill the report in, as in a spreadsheet."""
    rows = csv_rows(collection)
    decided = set()
    for row in rows:
        finding = row["url"], row["kind"]
        if finding in DECISIONS:
            row.update(DECISIONS[finding])
            decided.add(finding)
    assert decided == set(DECISIONS)
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def trip(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> RoundTrip:
    made = Collection(tmp_path_factory.mktemp("collection"))
    urls = {"moved": MOVED, "gone": GONE, "back": BACK, "flaky": FLAKY, "typed": TYPED}
    for name, url in urls.items():
        made.add(f"{name}.md", article(web=url))
    made.add("drifted.md", article(OLD_TITLE, web=DRIFTED).replace("\n", "\r\n"))
    made.add("amp.md", article(web=AMP, amp=AMP_PAGE, amp_cache=WRONG_CACHE))
    made.add("picture.md", article(web=NEW_HOME, images=[Image(PICTURE, (1400, 787))]))
    made.add("related.md", article(web=NEW_HOME, related=[MOVED, GONE]))
    decisions = tmp_path_factory.mktemp("decisions") / "decided.csv"

    def audit(day: str) -> None:
        ended = made.audit(module_web, "--due", "all", LINKHEALTH_CLOCK=f"{day}T12:00:00Z")
        assert ended.stderr == ""

    def apply(*arguments: str) -> Completed:
        clock = {"LINKHEALTH_CLOCK": "2026-03-01T18:00:00Z"}
        where = ("--content", str(made.root))
        return run_command(module_web, "apply", str(decisions), *where, *arguments, env=clock)

    module_web.set_rules(RULES)
    audit("2026-03-01")
    decide(made, decisions)
    before = made.contents()
    dry, after_dry = apply(), made.contents()
    written, after = apply("--write"), made.contents()
    again, after_again = apply("--write"), made.contents()
    module_web.set_rules(RULES | {BACK: Answer(body=page("A title"))})
    audit("2026-03-02")
    return RoundTrip(
        before, dry, after_dry, written, after, again, after_again, made.report(), csv_rows(made)
    )


def changed_lines(before: bytes, after: bytes) -> list[str]:
    lines = difflib.unified_diff(before.decode().split("\n"), after.decode().split("\n"), n=0)
    changed = [line.rstrip("\r") for line in list(lines)[2:] if not line.startswith("@@")]
    return [f"{line[0]} {line[1:]}" for line in changed]


def test_a_dry_run_changes_nothing_and_shows_all(trip: RoundTrip) -> None:
    assert trip.after_dry == trip.before
    assert f'-webUrl: "{MOVED}"' in trip.dry.stdout
    assert f'+webUrl: "{MOVED_TO}#the-part"' in trip.dry.stdout
    assert "--write does it" in trip.dry.stdout
    assert trip.dry.stdout.count("\n--- a/") + trip.dry.stdout.startswith("--- a/") == 5


def test_only_what_was_decided_is_changed(trip: RoundTrip) -> None:
    changes = {
        name: lines
        for name, data in trip.before.items()
        if (lines := changed_lines(data, trip.after[name]))
    }
    assert changes == {
        "moved.md": [f'- webUrl: "{MOVED}"', f'+ webUrl: "{MOVED_TO}#the-part"'],
        "gone.md": [f'- webUrl: "{GONE}"', f'+ webUrl: "{NEW_HOME}"'],
        "drifted.md": [f'- title: "{OLD_TITLE}"', f'+ title: "{NEW_TITLE}"'],
        "amp.md": [f'- cdnAmpWebUrl: "{WRONG_CACHE}"', f'+ cdnAmpWebUrl: "{CACHE}"'],
        "picture.md": [
            "-     width: 1400",
            "-     height: 787",
            "+     width: 1200",
            "+     height: 675",
        ],
    }
    assert trip.after["drifted.md"].count(b"\r\n") == trip.after["drifted.md"].count(b"\n")


def test_impossible_decisions_are_reported_and_the_rest_is_done(trip: RoundTrip) -> None:
    for ended in (trip.dry, trip.written, trip.again):
        assert ended.code == 2
        assert "decided.csv:" in ended.stderr
        assert "did you mean 'drop'?" in ended.stderr


def test_applying_twice_changes_nothing(trip: RoundTrip) -> None:
    assert trip.after_again == trip.after
    assert trip.again.stdout.startswith("0 files changed\n")
    assert "stand there already" in trip.again.stdout


def test_the_next_report_has_none_of_the_repaired(trip: RoundTrip) -> None:
    assert not REPAIRED & {row["url"] for row in trip.findings if row["path"] != "related.md"}
    assert trip.report.url(FLAKY)["verdict"] == "excluded"
    kinds = {(row["path"], row["kind"]) for row in trip.findings}
    assert not kinds & {
        ("moved.md", "moved"),
        ("gone.md", "dead-link"),
        ("flaky.md", "dead-link"),
        ("drifted.md", "metadata"),
        ("picture.md", "image"),
    }
    assert ("typed.md", "dead-link") in kinds


def test_the_next_report_shows_what_recovered(trip: RoundTrip) -> None:
    assert trip.report.summary["recovered"] == 1
    assert trip.report.url(BACK)["verdict"] == "alive"
