"""What `audit` and `report` print: text with the newest links, one JSON document, or nothing at all."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, article, run_command
from tests.reporting.page_contents import words_of
from tests.web.rules import Answer, Rules
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-summaries")

LOST = [f"https://lost.example/story-{number}" for number in range(3)]
BUSY = [f"https://busy.example/story-{number}" for number in range(6)]
AT_FIRST = "2026-03-01T12:00:00Z"
RULES = Rules(
    {
        "//lost.example/*": Answer(status=404),
        "//busy.example/story-*": Answer(status=429, headers=(("Retry-After", "7200"),)),
    }
)


@pytest.fixture
def collection(tmp_path: Path, module_web: LoopbackWeb) -> Collection:
    made = Collection(tmp_path / "content")
    for number, url in enumerate((*LOST, *BUSY)):
        made.add(f"{number}.md", article(web=url))
    module_web.set_rules(RULES)
    return made


def audit(web: LoopbackWeb, collection: Collection, *options: str, at: str = AT_FIRST) -> Completed:
    return collection.audit(web, *options, LINKHEALTH_CLOCK=at)


def _wait(entry: dict[str, str]) -> timedelta:
    """From the beginning of a link's wait to its next visit."""
    return datetime.fromisoformat(entry["due_at"]) - datetime.fromisoformat(entry["since"])


def test_the_terminal_names_links_groups_and_hosts(
    collection: Collection, module_web: LoopbackWeb
) -> None:
    ended = audit(module_web, collection)
    assert ended.code == 0, ended.stderr
    lines = ended.stdout.splitlines()
    start = lines.index("The newest broken links:")
    shown = {line.strip() for line in lines[start + 1 : start + 4]}
    assert shown == {f"{number}.md:4  {url}  http-404" for number, url in enumerate(LOST)}
    assert "  3 URLs of lost.example in 3 articles  http-404" in lines
    told = " ".join(ended.stdout.split())
    assert "of busy.example answered 429" in told
    assert "hosts: {busy.example: {delay: 10}}" in told
    # Two strikes of 404 are not enough: the rules say three, over a week.
    assert "may be confirmed from 8 March 2026 on" in told
    assert "unchecked" not in told


def test_the_option_that_the_hint_names_is_one(
    collection: Collection, module_web: LoopbackWeb
) -> None:
    collection.add(".linkhealth.yml", "hosts: {busy.example: {delay: 10}}\n")
    ended = audit(module_web, collection, "--limit", "1")
    assert ended.code == 0, ended.stderr


@pytest.mark.parametrize("command", ["audit", "report"])
def test_json_is_all_that_is_printed(
    command: str, collection: Collection, module_web: LoopbackWeb
) -> None:
    ended = audit(module_web, collection, "--json", "--format", "json")
    if command == "report":
        ended = run_command(
            module_web,
            "report",
            str(collection.root),
            "--json",
            "--format",
            "json",
            env={"LINKHEALTH_CLOCK": AT_FIRST},
        )
    assert ended.code == 0, ended.stderr
    document = json.loads(ended.stdout)
    report = collection.report().document
    assert document["summary"] == report["summary"]
    assert document["run"] == report["run"]["id"]
    assert {one["url"] for one in document["newest"]} == set(LOST)
    assert {(one["path"], one["line"]) for one in document["newest"]} == {
        (f"{number}.md", 4) for number in range(3)
    }
    group = {"cause": "http-404", "host": "lost.example", "links": 3, "articles": 3}
    assert document["groups"] == [group]
    assert document["confirmed_from"].startswith("2026-03-08T")
    (asking,) = document["asking"]
    assert (asking["host"], asking["answered"] + asking["waiting"]) == ("busy.example", len(BUSY))
    assert document["held"] == []
    assert [Path(path).name for path in document["reports"]] == ["report.json"]


@pytest.mark.parametrize("option", ["-q", "--quiet"])
def test_quiet_says_nothing(option: str, collection: Collection, module_web: LoopbackWeb) -> None:
    ended = audit(module_web, collection, option, "--fail-on", "broken")
    assert (ended.code, ended.stdout) == (2, "")
    reported = run_command(module_web, "report", str(collection.root), option)
    assert (reported.code, reported.stdout, reported.stderr) == (0, "", "")


def test_an_error_is_told_all_the_same(collection: Collection, module_web: LoopbackWeb) -> None:
    ended = audit(module_web, collection, "-q", "--json", "--format", "jsn")
    assert (ended.code, ended.stdout) == (3, "")
    assert "did you mean 'json'?" in ended.stderr


def test_links_whose_host_asks_to_wait_have_a_reason_a_row_and_an_end(
    collection: Collection, module_web: LoopbackWeb
) -> None:
    """Each run asks one or two of them, until the host lets them in."""
    assert audit(module_web, collection).code == 0
    first = {url: collection.report().url(url) for url in BUSY}
    waiting = [url for url, entry in first.items() if entry["reason"] == "host-asks-to-wait"]
    assert 4 <= len(waiting) <= 5
    assert all("first visit decides" in first[url]["explanation"] for url in waiting)
    assert {_wait(first[url]) for url in waiting} == {timedelta(hours=20)}

    # Not before its time, and then for as long again as it has waited: the host refuses everything.
    asked = module_web.requests()
    audit(module_web, collection, at="2026-03-01T18:00:00Z")
    assert not {one.url for one in module_web.requests()[len(asked) :]} & set(waiting)
    audit(module_web, collection, at="2026-03-04T12:00:00Z")
    left = [collection.report().url(url) for url in waiting]
    still = [entry for entry in left if entry["reason"] == "host-asks-to-wait"]
    assert {entry["since"] for entry in still} == {first[waiting[0]]["since"]}
    # Waited for three days: three more from then on.
    assert all(_wait(entry) >= timedelta(days=6, minutes=-2) for entry in still)
    page = (collection.root / ".linkhealth/reports/report.html").read_text("utf-8")
    assert "host-asks-to-wait" in words_of(page)

    module_web.set_rules(Rules({"//lost.example/*": Answer(status=404)}))
    audit(module_web, collection, at="2026-03-12T12:00:00Z")
    verdicts = {collection.report().url(url)["verdict"] for url in waiting}
    assert verdicts <= {"alive", "unverifiable"}
    assert "host-asks-to-wait" not in {collection.report().url(url)["reason"] for url in BUSY}
