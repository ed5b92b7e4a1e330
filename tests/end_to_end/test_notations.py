"""Front matter in TOML and JSON, and none at all: visited, reported, written where that is possible."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, run_command
from tests.web.pages import page
from tests.web.rules import Answer, redirect
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-notations")

LOST, MOVED, NEW = (f"https://links.example/{name}-a-story" for name in ("lost", "old", "new"))
RULES = {
    "//links.example/lost-a-story": Answer(status=404),
    "//links.example/old-a-story": redirect(NEW, 301),
    "//links.example/new-a-story": Answer(body=page("A story")),
}
TOML = f"""\
+++
title = "A post"
date = 2020-01-02T10:00:00Z
link = "{MOVED}"  # moved

[params]
tags = ["a"]
+++

A [lost]({LOST}) one.
"""
JSON = f"""\
{{
  "title": "A post",
  "link": "{LOST}"
}}

A [moved]({MOVED}) one.
"""
DAY = "2026-03-01T12:00:00Z"


def test_toml_and_json_are_read_written_and_repaired(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.set_rules(RULES)
    collection = Collection(tmp_path / "content")
    collection.add("toml.md", TOML)
    collection.add("json.md", JSON.replace("\n", "\r\n"))
    collection.add("broken.md", "+++\ntitle = \n+++\n")
    ended = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=DAY)
    assert ended.code == 0
    assert ended.stderr == "linkhealth: reads: link (2 files), links of the text (2)\n"
    report = collection.report()
    assert report.url(LOST)["verdict"] == "broken"
    assert [(one["path"], one["line"], one["code"]) for one in report.document["problems"]] == [
        ("broken.md", 2, "invalid-toml")
    ]
    found = {
        path: [(link["at"], link["line"]) for link in entry["dead_links"]]
        for path, entry in report.articles.items()
    }
    assert found == {"json.md": [("link", 3)], "toml.md": [("body/0", 18)]}
    written = {name: data.decode() for name, data in collection.contents().items()}
    assert written["toml.md"] == TOML.replace(
        "+++\n\nA",
        "[linkHealth]\nschema = 1\nsince = '2026-03-01'\ndeadLinks = [\n"
        "  {at = 'body/0', verdict = 'broken', reason = 'http-404', since = '2026-03-01', "
        f"url = '{LOST}'}},\n]\n"
        "freshness = {state = 'unverified'}\nimageSizes = []\n+++\n\nA",
    )
    assert ',\r\n  "linkHealth": {"schema": 1, ' in written["json.md"]

    before = collection.contents()
    again = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=DAY)
    assert (again.code, collection.contents()) == (0, before)

    content = ("--content", str(collection.root), "--write")
    applied = run_command(module_web, "apply", "--suggested", "moves", *content)
    assert applied.code == 0, applied.stderr
    assert f'link = "{NEW}"  # moved\n' in collection.contents()["toml.md"].decode()
    with (collection.root / ".linkhealth/reports/report.csv").open(newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["at"] == "link" and row["url"] == LOST)
    decided = tmp_path / "decided.csv"
    with decided.open("w", newline="") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row | {"decision": "replace", "new_value": NEW})
    assert run_command(module_web, "apply", str(decided), *content).code == 0
    assert f'"link": "{NEW}",\r\n' in collection.contents()["json.md"].decode()

    assert run_command(module_web, "strip", str(collection.root)).code == 0
    stripped = {name: data.decode() for name, data in collection.contents().items()}
    assert stripped["toml.md"] == TOML.replace(MOVED, NEW)
    assert stripped["json.md"] == JSON.replace(LOST, NEW).replace("\n", "\r\n")


def test_files_without_front_matter_are_visited_and_left_alone(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.set_rules(RULES)
    collection = Collection(tmp_path / "content")
    collection.add("index.md", f"# A guide\n\nSee [this]({LOST}).\n")
    collection.add("deep/page.md", "Words alone.\n")
    before = collection.contents()
    for _ in range(2):
        ended = collection.audit(module_web, "--fail-on", "never", LINKHEALTH_CLOCK=DAY)
        assert ended.code == 0
        said, note = ended.stderr.splitlines()
        assert said == "linkhealth: reads: links of the text (1 file)"
        assert note.startswith("linkhealth: one article has no front matter")
        assert collection.contents() == before
    report = collection.report()
    assert report.document["problems"] == []
    (entry,) = report.articles.values()
    assert (entry["path"], entry["title"]) == ("index.md", "A guide")
    assert [(link["at"], link["line"]) for link in entry["dead_links"]] == [("body/0", 3)]
    beside = collection.audit(
        module_web, "--fail-on", "never", "-a", "write_back=sidecar", LINKHEALTH_CLOCK=DAY
    )
    assert (beside.code, beside.stderr) == (0, f"{said}\n")
    assert any(LOST.encode() in data for data in collection.contents().values())
