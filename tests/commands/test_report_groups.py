"""`linkhealth report`: the order by priority, the owners, and `--by`, in a process of its own."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from crawler.model.verdict import VerdictKind
from crawler.reporting.formats.json_report import schema
from crawler.state import open_state
from tests.commands.test_ignore import NOW, take_everything_in
from tests.end_to_end.collection import Collection, article
from tests.state.samples import DAY, visit
from tests.web.process import PROJECT
from tests.web.running import typed

pytestmark = pytest.mark.process

OLD, HOT, SHARED, QUIET, FINE, MOVED = (
    f"https://{name}.example/story" for name in ("old", "hot", "shared", "quiet", "fine", "moved")
)
EVIL = "</script>\x1b[31m\u202e|[x](javascript:1)"


def labelled(url: str, *, heat: int, topics: str, more: str = "", **fields: Any) -> str:
    extra = f"heat: {heat}\nquality: 50\ntopics: {topics}\n{more}"
    return article(web=url, extra=extra, **fields)


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = Collection(tmp_path_factory.mktemp("collection"))
    (made.root / ".git").mkdir()
    evil = json.dumps(EVIL)
    made.add("news/old.md", labelled(OLD, heat=-1, topics="[AI]"))
    made.add("news/hot.md", labelled(HOT, heat=999, topics="[AI, ai]"))
    made.add(
        "guides/quiet.md", labelled(QUIET, heat=9, topics=f"[{evil}]", more="published: false")
    )
    for number in range(3):
        shared = labelled(SHARED, heat=-1, topics="[]", more=f"author: {evil}")
        made.add(f"guides/shared-{number}.md", shared)
    made.add("guides/fine.md", labelled(FINE, heat=50, topics="[Cloud]", related=[MOVED]))
    made.add("CODEOWNERS", f"* @all\n/news/ @news docs@example.com\n/news/old.md\n*.txt {EVIL}\n")
    take_everything_in(made.root)
    with open_state(made.root, None) as state:
        run = state.start_run(NOW).id
        days = {OLD: 300, HOT: 0, SHARED: 0, QUIET: 0}
        for url, days_ago in days.items():
            at = NOW - days_ago * DAY
            visit(state, run, url, VerdictKind.DEAD, "http-404", at=at)
        visit(state, run, FINE, VerdictKind.ALIVE, "ok", at=NOW)
        visit(state, run, MOVED, VerdictKind.MOVED, "redirect-permanent", at=NOW)
    return made


def linkhealth(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {"LINKHEALTH_CLOCK": NOW.isoformat(), "NO_COLOR": "1"}
    return typed(*arguments, cwd=PROJECT, env=environment)


def read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("ascii"))
    if "groups" not in document:
        Draft202012Validator(schema()).validate(document)
    return document


def test_urls_come_by_priority_and_name_their_owners(
    collection: Collection, tmp_path: Path
) -> None:
    done = linkhealth("report", collection.root, "--format", "json,csv", "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    urls = read(tmp_path / "report.json")["urls"]
    assert [(one["url"], one["owners"]) for one in urls] == [
        (HOT, ["@news", "docs@example.com"]),  # 10 x 10 x 4
        (OLD, []),  # 10 x 10 x 1.8: its last line names nobody
        (SHARED, ["@all"]),  # 10 x 10 x 1.5
        (QUIET, ["@all"]),  # 10 x 10 x 2 x 0.25
        (MOVED, []),  # only related articles hold it
        (FINE, ["@all"]),
    ]
    scores = [one["priority"] for one in urls]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0 == scores[-1]
    assert urls[0]["priority_explanation"].startswith("10 × dead (1) × as webUrl (10)")
    assert urls[-1]["priority_explanation"] is None
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "dead-link"]
    assert [row["url"] for row in rows] == [HOT, OLD, SHARED, SHARED, SHARED, QUIET]
    assert rows[0]["owners"] == "'@news, docs@example.com"


def test_the_configuration_decides_before_codeowners(
    collection: Collection, tmp_path: Path
) -> None:
    options = collection.root / ".linkhealth.yml"
    options.write_text("owners: {'*hot*': Ada}\npriority: {heat: 0, age: 0}\n")
    try:
        linkhealth("report", collection.root, "--format", "json", "--out", tmp_path)
        urls = read(tmp_path / "report.json")["urls"]
        found = {one["url"]: one["owners"] for one in urls}
        assert found == {**{url: [] for url in found}, HOT: ["Ada"]}
        assert [one["url"] for one in urls[:3]] == [SHARED, HOT, OLD]
        options.write_text("priority:\n  heat: 9\n")
        wrong = linkhealth("report", collection.root)
        assert (wrong.returncode, wrong.stdout) == (3, "")
        assert wrong.stderr == (
            "linkhealth: .linkhealth.yml:2: heat: '9' is not a number from 0 to 5\n"
        )
    finally:
        options.unlink()


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        ("path", {"news": [HOT, OLD], "guides": [SHARED, QUIET, FINE]}),
        ("topic", {"ai": [HOT], "AI": [HOT, OLD], EVIL: [QUIET], None: [SHARED], "Cloud": [FINE]}),
        ("owner", {"@news": [HOT], "docs@example.com": [HOT], "@all": [SHARED, QUIET, FINE], None: [OLD]}),
        ("author", {EVIL: [SHARED], None: [HOT, OLD, QUIET, FINE]}),
        ("provider", {None: [HOT, OLD, SHARED, QUIET, FINE]}),
    ],
)  # fmt: skip
def test_each_group_has_a_report_with_its_own(
    collection: Collection, tmp_path: Path, by: str, groups: dict[str | None, list[str]]
) -> None:
    done = linkhealth(
        "report", collection.root, "--by", by, "--format", "json,html", "--out", tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert f"by-{by}/index.html" in done.stdout
    folder = tmp_path / f"by-{by}"
    index = read(folder / "index.json")
    found = {}
    for one in index["groups"]:
        report = read(folder / one["folder"] / "report.json")
        assert (folder / one["folder"] / "report.html").is_file()
        found[one["name"]] = [url["url"] for url in report["urls"]]
        summary = report["summary"]
        assert summary["urls"] == one["urls"] == len(report["urls"])
        assert summary["references"] == sum(
            len(url["references"]) + url["related_references"] for url in report["urls"]
        )
        assert summary["articles"] == one["articles"] == len(report["articles"])
        assert summary["by_verdict"]["dead"] == one["dead"]
        assert summary["newly_dead"] == one["newly_dead"]
        paths = {article["path"] for article in report["articles"]}
        places = (place["path"] for url in report["urls"] for place in url["references"])
        assert set(places) <= paths
    assert found == groups
    work = [one["priority"] for one in index["groups"]]
    assert work == sorted(work, reverse=True)
    names = sorted(path.name for path in folder.iterdir() if path.is_dir())
    assert names == sorted(one["folder"] for one in index["groups"])


def test_folders_of_groups_that_are_gone_are_removed_where_they_are_ours(
    collection: Collection, tmp_path: Path
) -> None:
    command = (
        "report",
        collection.root,
        "--by",
        "owner",
        "--format",
        "json,csv",
        "--out",
        tmp_path,
    )
    owners = collection.root / ".linkhealth.yml"
    folder = tmp_path / "by-owner"
    try:
        owners.write_text("owners: {'*hot*': Ada, '*old*': [Bo, Cy], '*': Dee}\n")
        assert linkhealth(*command).stderr == ""
        assert {path.name for path in folder.iterdir() if path.is_dir()} == {
            "ada",
            "bo",
            "cy",
            "dee",
        }
        before = {path: path.stat().st_mtime_ns for path in folder.glob("*/report.*")}
        assert linkhealth(*command).stderr == ""
        after = {path: path.stat().st_mtime_ns for path in folder.glob("*/report.*")}
        assert after == before, "nothing has changed: no report is written"
        with (folder / "cy" / "report.csv").open("a") as edited:
            edited.write("decided\r\n")
        owners.write_text("owners: {'*': Dee}\n")
        done = linkhealth(*command)
        assert done.returncode == 0
        assert done.stderr == (
            "linkhealth: removed 2 folders of groups that are gone (ada, bo); left alone 1 folder with more in it than "
            "our reports, or edited ones (cy)\n"
        )
        assert {path.name for path in folder.iterdir() if path.is_dir()} == {"cy", "dee"}
        assert "left alone 1 folder" in linkhealth(*command).stderr
        assert linkhealth(*command, "-q").stderr == ""
    finally:
        owners.unlink()


def test_an_unknown_group_is_refused(collection: Collection) -> None:
    done = linkhealth("report", collection.root, "--by", "topics")
    assert (done.returncode, done.stdout) == (3, "")
    assert "--by: 'topics' is nothing to group by; did you mean 'topic'?" in done.stderr


def test_a_link_in_the_place_of_a_folder_is_not_followed(
    collection: Collection, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    reports = collection.root / ".linkhealth" / "reports"
    linkhealth("report", collection.root, "--format", "json", "--by", "path")
    (reports / "by-topic").symlink_to(elsewhere)
    done = linkhealth("report", collection.root, "--format", "json", "--by", "topic")
    assert done.returncode == 1
    assert "is a symbolic link" in done.stderr
    assert list(elsewhere.iterdir()) == []
    (reports / "by-topic").unlink()
