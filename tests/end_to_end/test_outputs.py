"""The outputs of a run for people and programs: reports by their schema, a feed, a clean terminal."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crawler.fetching.link_item import LinkItem
from crawler.model.exit_code import ExitCode
from crawler.model.repair import Instruction
from crawler.operations.repair.decision_file import read_decisions
from crawler.reporting import FORMATS
from crawler.reporting.formats.json_report import schema
from crawler.reporting.words.escaping import printable
from crawler.settings import FEED_EXPORT_FIELDS
from tests.end_to_end.collection import Collection, Image, Report, article
from tests.reporting.page_contents import words_of
from tests.web import pages
from tests.web.rules import Answer, Ending, redirect
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-outputs")

EVIL = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202e\u2028<script>alert(1)</script>=1+1"
BROKEN_YAML = f"---\ntitle: fine\nwebUrl: 'https://x.example/\nother: \x1b[2J{EVIL}\n---\n"
HOSTILE_NAME = "evil-\x1b[31m\x9b2J\u202e.md"

RULES = {
    "//evil.example/title": Answer(body=pages.page(EVIL, description=EVIL)),
    "//evil.example/redirect": redirect(b"/to/\x1b[31m\x9b?" + EVIL.encode()),
    "//evil.example/bad-redirect": redirect("javascript:" + "\x1b[31m\x9b2J"),
    "//evil.example/reason": Answer(status=404, reason="\x1b[31mNo\x9b"),
    "//evil.example/raw": Answer(raw=b"\x1b[31mHTTP/9 what\x9b\r\n\r\n"),
    "//evil.example/header": Answer(headers=((b"ETag", b'"\x1b[31m\x9b"'),)),
    "//evil.example/hang-in-body": Answer(ending=Ending.CLOSE_IN_BODY),
}
URLS = [
    *(f"https:{key}" for key in RULES),
    f"https://evil.example/{EVIL}",
    f"nothing:{EVIL}",
    "https://fine.example/a-story",
]


@dataclass(frozen=True)
class Outputs:
    collection: Collection
    audit: Completed
    crawl: Completed
    report: Report
    items: list[dict[str, Any]]
    feed: str


@pytest.fixture(scope="module")
def outputs(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    for number, url in enumerate(URLS):
        collection.add(f"{number}.md", article(EVIL, web=url))
    collection.add(HOSTILE_NAME, article(EVIL, images=[Image("https://evil.example/10x10.png")]))
    collection.add("broken/yaml.md", BROKEN_YAML)
    collection.add("broken/date.md", article(web=URLS[-1], published="2026-02-30"))
    collection.add("broken/latin.md", b"---\ntitle: x\nwebUrl: caf\xe9\n---\n")
    collection.add("notes.md", "No article.\n")
    module_web.set_rules(RULES)
    feed = tmp_path_factory.mktemp("feed") / "out.jsonl"
    audit = collection.audit(module_web, "-s", "DOWNLOAD_TIMEOUT=5", "--fail-on", "new-broken")
    report = collection.report()
    crawl = collection.crawl(
        module_web, "articles", "-a", "due=all", "-O", str(feed), "-L", "DEBUG"
    )
    text = feed.read_text(encoding="utf-8")
    items = [json.loads(line) for line in text.split("\n") if line]
    return Outputs(collection, audit, crawl, report, items, text)


def controls(text: str) -> set[str]:
    """Characters that a terminal may act on, other than the line feed."""
    return {
        character
        for character in text
        if (ord(character) < 0x20 and character != "\n")
        or 0x7F <= ord(character) < 0xA0
        or character in "\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffd"
    }


def test_the_audit_ends_well(outputs: Outputs) -> None:
    assert outputs.audit.code == 2
    assert outputs.audit.stderr == ""
    assert outputs.crawl.code == 0, outputs.crawl.stderr


def test_a_terminal_gets_nothing_to_act_on(outputs: Outputs) -> None:
    assert controls(outputs.audit.stdout) == set()
    assert controls(outputs.audit.stderr) == set()


def test_even_a_debugging_log_gives_a_terminal_nothing_to_act_on(outputs: Outputs) -> None:
    assert "DEBUG" in outputs.crawl.stderr
    # U+FFFD is a page's own text here: its server sent bytes that are no UTF-8.
    assert controls(outputs.crawl.stderr.replace("\ufffd", "")) == set()
    assert outputs.crawl.stdout == ""
    assert "Traceback" not in outputs.crawl.stderr
    assert " ERROR: " not in outputs.crawl.stderr


def test_report_json_meets_its_schema(outputs: Outputs) -> None:
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate(outputs.report.document)


def test_report_json_covers_everything(outputs: Outputs) -> None:
    report = outputs.report
    assert set(report.articles) == {
        *(f"{number}.md" for number in range(len(URLS))),
        HOSTILE_NAME,
        "broken/date.md",
    }
    listed = [
        (reference["path"], reference["pointer"])
        for entry in report.document["urls"]
        for reference in entry["references"]
    ]
    assert len(listed) == len(set(listed)) == report.summary["references"] == len(URLS) + 2
    assert {verdict for _, verdict, _ in report.opinions()} == {
        "alive",
        "broken",
        "unverifiable",
        "invalid",
    } | {"moved"}


def test_broken_files_are_named_with_their_lines(outputs: Outputs) -> None:
    found = {
        (problem["path"], problem["line"], problem["code"])
        for problem in outputs.report.document["problems"]
    }
    assert found == {
        ("broken/yaml.md", 4, "invalid-yaml"),
        ("broken/date.md", 3, "invalid-date"),
        ("broken/latin.md", 3, "not-utf-8"),
    }
    contents = outputs.collection.contents()
    assert contents["broken/yaml.md"] == BROKEN_YAML.encode()
    assert contents["notes.md"] == b"No article.\n"
    assert "3 problems in files were found" in outputs.audit.stdout


def test_the_other_reports_are_there(outputs: Outputs) -> None:
    folder = outputs.collection.root / ".linkhealth" / "reports"
    with (folder / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    assert not any(cell[:1] in {"=", "+", "-", "@"} for row in rows for cell in row)
    assert all(printable(cell) == cell for row in rows for cell in row)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in page
    assert "<script>alert(1)" in words_of(page)
    assert "\x1b" not in page
    for path in folder.glob("report.*"):
        assert str(path) in outputs.audit.stdout


def test_the_feed_has_one_item_for_each_url(outputs: Outputs) -> None:
    visited = [url for url, verdict, _ in outputs.report.opinions() if verdict != "invalid"]
    assert sorted(item["url"] for item in outputs.items) == sorted(visited)
    assert all(list(item) == FEED_EXPORT_FIELDS for item in outputs.items)


def test_feed_and_report_say_the_same(outputs: Outputs) -> None:
    names = ("verdict", "reason", "status", "final_url", "redirects")
    for item in outputs.items:
        entry = outputs.report.url(item["url"])
        assert {name: item[name] for name in names} == {name: entry[name] for name in names}


def test_the_settings_export_every_field_that_is_for_people() -> None:
    inner = ("due", "observation", "link", "own")
    names = [field.name for field in fields(LinkItem) if field.name not in inner]
    assert names == FEED_EXPORT_FIELDS


def test_nothing_is_coloured_outside_a_terminal(outputs: Outputs) -> None:
    assert "\x1b" not in outputs.audit.stdout + outputs.audit.stderr


def test_reports_are_written_again_without_a_crawl(
    outputs: Outputs, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.forget()
    told = module_web.run_crawler(
        "report", str(outputs.collection.root), "--out", str(tmp_path), "--format", "json"
    )
    assert told.code == 0, told.stderr
    assert module_web.requests(robots=True) == []
    again = Report.read(tmp_path / "report.json")
    assert set(again.urls) == set(outputs.report.urls)
    assert controls(told.stdout + told.stderr) == set()


def test_every_format_is_written_and_an_unknown_one_refused(
    outputs: Outputs, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    wanted = ",".join((*FORMATS, "sarf"))
    told = module_web.run_crawler(
        "report", str(outputs.collection.root), "--out", str(tmp_path), "--format", wanted
    )
    assert told.code == ExitCode.CONFIGURATION
    assert "unknown format 'sarf'; did you mean 'sarif'?" in told.stderr
    files = {path.name for path in tmp_path.iterdir()}
    assert files == {".written.json", *(one.file_name for one in FORMATS.values())}


def test_formats_agree_on_the_numbers(
    outputs: Outputs, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    told = module_web.run_crawler(
        "report",
        str(outputs.collection.root),
        "--out",
        str(tmp_path),
        "--format",
        "sarif,prom,md,json",
    )
    assert told.code == 0, told.stderr
    document = json.loads((tmp_path / "report.json").read_text("ascii"))
    wrong = [one for one in document["urls"] if one["verdict"] in ("dead", "broken", "invalid")]
    assert wrong
    (run,) = json.loads((tmp_path / "report.sarif").read_text("ascii"))["runs"]
    listed = {
        one["properties"]["url"]: one["locations"][0]["physicalLocation"] for one in run["results"]
    }
    assert set(listed) == {one["url"] for one in wrong if one["references"]}
    for one in wrong:
        if one["references"]:
            first = min(one["references"], key=lambda each: (each["path"], each["line"]))
            assert listed[one["url"]]["region"]["startLine"] == first["line"]
    text = (tmp_path / "report.prom").read_text("utf-8")
    for verdict, amount in document["summary"]["by_verdict"].items():
        assert re.search(
            rf'^linkhealth_links{{.*verdict="{verdict}"}} {amount}$', text, re.MULTILINE
        )
    noun = "link" if len(wrong) == 1 else "links"
    assert f"## To repair: {len(wrong)} {noun}\n" in (tmp_path / "report.md").read_text("utf-8")


def test_a_hostile_row_is_still_a_decision_about_its_file_and_value(
    outputs: Outputs, tmp_path: Path
) -> None:
    report = outputs.collection.root / ".linkhealth" / "reports" / "report.csv"
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / "decided.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"decision": "keep"} for row in rows)
    read = [one for one in read_decisions(tmp_path / "decided.csv") if isinstance(one, Instruction)]
    assert len(read) == len(rows)
    assert {one.path for one in read} <= outputs.collection.files().keys()
    assert HOSTILE_NAME in {one.path for one in read}
    assert {URLS[-3], URLS[-2]} <= {one.url for one in read}
