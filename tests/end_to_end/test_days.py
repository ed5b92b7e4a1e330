"""One collection over many days: strikes, exit codes and recoveries."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.end_to_end.collection import Collection, Report, article
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-days")

LOST, GONE, FINE = (
    "https://lost.example/a-story",
    "https://gone.example/a-story",
    "https://fine.example/a-story",
)
BAD = {LOST: Answer(status=404), GONE: Answer(status=410)}
WALL = {LOST: Answer(status=403), GONE: Answer(status=503)}


@dataclass(frozen=True)
class Day:
    code: int
    asked: frozenset[str]
    report: Report

    def opinion(self, url: str) -> tuple[str, str, int]:
        entry = self.report.url(url)
        return entry["verdict"], entry["reason"], entry["strikes"]


@pytest.fixture(scope="module")
def days(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Day]:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    for url in (LOST, GONE, FINE):
        collection.add(f"{url.split('/')[2]}.md", article(web=url))
    found: dict[str, Day] = {}

    def day(name: str, date: str, rules: dict[str, Answer], *arguments: str) -> None:
        module_web.set_rules(rules)
        module_web.forget()
        ended = collection.audit(module_web, *arguments, LINKHEALTH_CLOCK=f"{date}T12:00:00Z")
        assert ended.stderr == ""
        asked = frozenset(request.url for request in module_web.requests())
        found[name] = Day(ended.code, asked, collection.report())

    day("0", "2026-03-01", BAD, "--fail-on", "new-broken")
    day("0 again", "2026-03-01", BAD, "--fail-on", "new-broken")
    day("0 strict", "2026-03-01", BAD, "--fail-on", "broken")
    day("0 lenient", "2026-03-01", BAD, "--fail-on", "never")
    day("4", "2026-03-05", BAD, "-a", "host=lost.*")
    day("8", "2026-03-09", BAD)
    day("200", "2026-09-17", WALL, "--fail-on", "dead")
    day("400", "2027-04-05", {})
    return found


def test_the_first_finding_is_news_once(days: dict[str, Day]) -> None:
    names = ("0", "0 again", "0 strict", "0 lenient")
    assert [days[name].code for name in names] == [2, 0, 2, 0]
    assert [days[name].report.summary["newly_broken"] for name in names] == [2, 0, 0, 0]
    assert [days[name].asked for name in names] == [{LOST, GONE, FINE}, set(), set(), set()]


def test_three_times_404_over_a_week_is_dead(days: dict[str, Day]) -> None:
    assert days["0"].opinion(LOST) == ("broken", "http-404", 1)
    assert days["4"].opinion(LOST) == ("broken", "http-404", 2)
    assert days["8"].opinion(LOST) == ("dead", "http-404", 3)
    assert days["8"].report.url(LOST)["failing_since"].startswith("2026-03-01")
    assert [days[name].code for name in ("4", "8")] == [0, 2]
    assert days["8"].report.summary["newly_dead"] == 2


def test_twice_410_over_a_week_is_dead(days: dict[str, Day]) -> None:
    assert days["0"].opinion(GONE) == ("broken", "http-410", 1)
    assert days["4"].asked == {LOST}
    assert days["8"].asked == {LOST, GONE}
    assert days["8"].opinion(GONE) == ("dead", "http-410", 2)


def test_a_wall_does_not_raise_the_dead(days: dict[str, Day]) -> None:
    assert days["200"].asked == {LOST, GONE, FINE}
    assert [days["200"].opinion(url)[0] for url in (LOST, GONE, FINE)] == ["dead", "dead", "alive"]
    assert days["200"].code == 2


def test_a_page_that_is_back_has_recovered(days: dict[str, Day]) -> None:
    last = days["400"]
    assert last.report.summary["recovered"] == 2
    assert last.report.summary["by_verdict"]["alive"] == 3
    assert [last.opinion(url) for url in (LOST, GONE)] == [("alive", "http-200", 0)] * 2
    assert last.report.articles["lost.example.md"]["dead_links"] == []
    assert last.code == 0
