"""`exclude_urls:` of `.linkhealth.yml` at work: left out for a reason, until a day, and back when it has come."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Report, article, run_command
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-exclude-urls")

SHOP, OTHER_SHOP, TRACKED, FINE = (
    "https://shop.example/a/story",
    "https://shop.example/b/story?x=1",
    "https://news.example/story?utm_source=x",
    "https://news.example/story",
)
GONE = Answer(status=404)
OPTIONS = """\
exclude_urls:
  "https://Shop.example/*":
    reason: the shop moves in March
    owner: Ada
    until: 2026-03-10
  "*utm_source=*":
    reason: the same page
"""
DAYS = {
    "2026-03-01": "",
    "2026-03-05": OPTIONS,
    "2026-03-10": OPTIONS,
    "2026-03-20": OPTIONS.replace("2026-03-10", "2026-04-01").replace("shop moves", "shop rests"),
}


@dataclass(frozen=True)
class Day:
    ended: Completed
    asked: frozenset[str]
    report: Report
    blocks: dict[str, bytes]
    summary: dict[str, object]
    explained: str

    def opinion(self, url: str) -> tuple[str, str]:
        entry = self.report.url(url)
        return entry["verdict"], entry["reason"]


@pytest.fixture(scope="module")
def days(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Day]:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    for name, url in zip("abcd", (SHOP, OTHER_SHOP, TRACKED, FINE), strict=True):
        collection.add(f"{name}.md", article(web=url))
    module_web.set_rules({SHOP: GONE, OTHER_SHOP: GONE, TRACKED: GONE})
    found = {}
    for day, options in DAYS.items():
        collection.add(".linkhealth.yml", f"contact_url: https://own.example\n{options}")
        module_web.forget()
        clock = {"LINKHEALTH_CLOCK": f"{day}T12:00:00Z"}
        root = str(collection.root)
        ended = run_command(
            module_web, "audit", root, "--due", "all", "--fail-on", "never", env=clock
        )
        assert (ended.code, ended.stderr) == (0, "")
        asked = frozenset(request.url for request in module_web.requests())
        summary = json.loads(run_command(module_web, "report", root, "--json", env=clock).stdout)
        explained = run_command(module_web, "explain", SHOP, root, env=clock).stdout
        found[day] = Day(
            ended, asked, collection.report(), collection.contents(), summary, explained
        )
    return found


def test_addresses_that_match_are_left_out(days: dict[str, Day]) -> None:
    before, after = days["2026-03-01"], days["2026-03-05"]
    assert before.asked == {SHOP, OTHER_SHOP, TRACKED, FINE}
    assert after.asked == {FINE}
    for url in (SHOP, OTHER_SHOP, TRACKED):
        assert before.opinion(url) == ("broken", "http-404")
        assert after.opinion(url) == ("excluded", "url-excluded")
        assert after.report.url(url)["due_at"] is None
    assert b"broken" in before.blocks["a.md"]
    assert b"broken" not in after.blocks["a.md"]


def test_why_is_told(days: dict[str, Day]) -> None:
    day = days["2026-03-05"]
    entry = day.report.url(SHOP)
    said = (
        "the configuration (.linkhealth.yml:3) leaves it out until 10 March 2026, 00:00 UTC, for Ada: "
        "“the shop moves in March”"
    )
    assert said in entry["explanation"]
    assert entry["decision"].pop("decided_at").startswith("2026-03-05T12:0")
    assert entry["decision"] == {
        "reason": "the shop moves in March",
        "until": "2026-03-10T00:00:00Z",
    }
    assert "for Ada" in " ".join(day.explained.split())
    assert day.report.url(TRACKED)["decision"]["until"] is None
    assert day.report.document["problems"] == []
    assert "ignore expired" not in day.ended.stdout
    assert day.summary["ended"] == []


def test_from_its_day_on_it_is_back_and_told(days: dict[str, Day]) -> None:
    day = days["2026-03-10"]
    assert day.asked == {SHOP, OTHER_SHOP, FINE}
    assert day.opinion(SHOP) == ("broken", "http-404")
    assert day.opinion(TRACKED) == ("excluded", "url-excluded")
    assert b"broken" in day.blocks["a.md"]
    message = (
        "https://shop.example/* was left out until 2026-03-10, for Ada: the shop moves in March"
    )
    told = {"path": ".linkhealth.yml", "line": 3, "message": message}
    assert day.report.document["problems"] == [{**told, "code": "ignore-expired"}]
    assert day.summary["ended"] == [told]
    lines = " ".join(day.ended.stdout.split())
    assert f"ignore expired .linkhealth.yml:3 {message}" in lines
    assert "That is over." in " ".join(day.explained.split())


def test_another_day_leaves_it_out_again(days: dict[str, Day]) -> None:
    day = days["2026-03-20"]
    assert day.asked == {FINE}
    assert day.opinion(SHOP) == ("excluded", "url-excluded")
    assert day.report.document["problems"] == []


def test_a_skipped_host_goes_before(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    collection.add("a.md", article(web=SHOP))
    module_web.set_rules({SHOP: GONE})
    opinions = []
    for options in (
        "hosts: {shop.example: {skip: yes}}\n" + OPTIONS,
        OPTIONS,
        "hosts: {shop.example: {skip: yes}}\n",
        "",
    ):
        collection.add(".linkhealth.yml", options)
        ended = collection.audit(module_web, LINKHEALTH_CLOCK="2026-03-05T12:00:00Z")
        assert ended.code in (0, 2), ended.stderr
        opinions.append(collection.report().url(SHOP)["reason"])
    assert opinions == ["host-skipped", "url-excluded", "host-skipped", "http-404"]
