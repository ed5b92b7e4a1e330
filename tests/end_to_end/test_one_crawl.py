"""One crawl over many hosts: how often each is asked, what Retry-After does, where links end together.

The expected verdict of each kind of answer is a label of `tests/labelled_web`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Report, article
from tests.web.origin import Counters, Request
from tests.web.rules import Answer, Ending, redirect, robots
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-one-crawl")

RETRIED = 3
"""Requests of a link whose trouble does not pass: the first and two retries (rule P7)."""
NOTHING = "unverifiable"

DEFERRED = [f"https://deferred.example/news/{number}" for number in range(8)]
"""The first answer says: come back in an hour."""
BUSY = [f"https://busy.example/news/{number}" for number in range(40)]
THIRD = "https://third.example/articles/the-same-place"
SAME_END = ["https://first.example/old/one-story", "https://second.example/old/other-story", THIRD]
"""Two links redirect to the third, which is a link too (ADR 1)."""
SOON = "https://soon.example/news/2020/a-story"
"""The first answer says: come back in a second."""
ONE_EACH = {
    "https://fine.example/a-story": Answer(),
    "https://gone.example/a-story": Answer(status=404),
    "https://walled.example/a-story": Answer(status=403),
    "http://plain.example/a-story": Answer(),
    "https://broken-robots.example/a-story": Answer(),
    "https://slow-robots.example/a-story": Answer(),
    "https://moved-robots.example/a-story": Answer(),
}
ROBOTS = {
    "//broken-robots.example/robots.txt": Answer(status=503),
    "//slow-robots.example/robots.txt": Answer(ending=Ending.HANG_BEFORE),
    "//moved-robots.example/robots.txt": redirect("https://other.example/robots.txt"),
    "//other.example/robots.txt": robots("User-agent: *\nDisallow: /nothing\n"),
}


@dataclass(frozen=True)
class Outcome:
    completed: Completed
    report: Report
    requests: list[Request]
    counters: Counters
    second: Completed
    second_requests: int

    def asked(self, url: str) -> int:
        return sum(request.url == url for request in self.requests)


@pytest.fixture(scope="module")
def outcome(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    collection = _collection(tmp_path_factory.mktemp("collection"))
    rules: dict[str, Answer | Sequence[Answer]] = {
        "//deferred.example/*": Answer(status=429, headers=(("Retry-After", "3600"),)),
        "//busy.example/*": Answer(delay=0.05),
        SAME_END[0]: redirect(THIRD),
        SAME_END[1]: redirect(THIRD, 302),
        SOON: (Answer(status=429, headers=(("Retry-After", "1"),)), Answer()),
        **ONE_EACH,
        **ROBOTS,
    }
    module_web.set_rules(rules)
    limits = ("-s", "LINKHEALTH_BODY_TIMEOUT=2", "-s", "DOWNLOAD_TIMEOUT=3")
    completed = collection.audit(module_web, *limits, "--fail-on", "new-broken")
    assert completed.code == 2, completed.stderr
    requests, counters, report = (
        module_web.requests(robots=True),
        module_web.counters(),
        collection.report(),
    )
    module_web.forget()
    second = collection.audit(module_web, "-a", "host=*.example", "--limit", "3", "--due", "all")
    return Outcome(
        completed, report, requests, counters, second, len(module_web.requests(robots=False))
    )


def _collection(root: Path) -> Collection:
    collection = Collection(root)
    for number, url in enumerate([*DEFERRED, *BUSY, *SAME_END, SOON, *ONE_EACH]):
        collection.add(f"{number}.md", article(web=url))
    return collection


def test_links_that_end_at_one_place_each_get_a_verdict(outcome: Outcome) -> None:
    found = [outcome.report.url(url) for url in SAME_END]
    assert [entry["verdict"] for entry in found] == ["moved", "alive", "alive"]
    assert [entry["final_url"] for entry in found] == [THIRD] * 3
    assert [outcome.asked(url) for url in SAME_END] == [1, 1, 3]


def test_a_long_retry_after_leaves_the_rest_of_the_host_for_later(outcome: Outcome) -> None:
    verdicts = Counter(outcome.report.url(url)["verdict"] for url in DEFERRED)
    asked = [url for url in DEFERRED if outcome.asked(url)]
    # Two connections may be under way when the answer comes in.
    assert 1 <= len(asked) <= 2
    assert verdicts == {NOTHING: len(DEFERRED)}
    left = [outcome.report.url(url) for url in DEFERRED if url not in asked]
    assert {(entry["reason"], entry["checked_at"]) for entry in left} == {
        ("host-asks-to-wait", None)
    }
    assert all(entry["due_at"] > entry["since"] for entry in left)
    assert all(outcome.asked(url) == 1 for url in asked)


def test_a_short_retry_after_is_waited_for(outcome: Outcome) -> None:
    first, second = (r.at for r in outcome.requests if r.url == SOON)
    assert second - first >= 1.0


def test_every_other_link_is_asked_once(outcome: Outcome) -> None:
    assert {url: outcome.asked(url) for url in BUSY} == dict.fromkeys(BUSY, 1)
    assert all(outcome.report.url(url)["verdict"] == "alive" for url in BUSY)


def test_robots_txt_is_asked_once_for_each_origin(outcome: Outcome) -> None:
    asked = Counter(
        f"{request.scheme}://{request.host}"
        for request in outcome.requests
        if request.target == "/robots.txt"
    )
    assert asked.pop("https://slow-robots.example") == RETRIED
    asked_for_links = {f"{r.scheme}://{r.host}" for r in outcome.requests}
    assert set(asked) == asked_for_links - {"https://slow-robots.example"}
    assert set(asked.values()) == {1}


def test_a_host_never_has_more_than_two_connections(outcome: Outcome) -> None:
    assert outcome.counters.most_connections["busy.example"] == 2
    assert max(outcome.counters.most_in_flight.values()) == 2


def test_the_summary_counts_what_is_listed(outcome: Outcome) -> None:
    summary = outcome.report.summary
    listed = Counter(entry["verdict"] for entry in outcome.report.document["urls"])
    assert {kind: count for kind, count in summary["by_verdict"].items() if count} == listed
    assert summary["urls"] == len(outcome.report.urls)
    assert summary["newly_broken"] == listed["broken"]
    assert summary["articles"] == len(outcome.report.articles)
    assert outcome.report.document["run"]["finish_reason"] == "finished"


def test_a_limited_run_over_everything_asks_that_many(outcome: Outcome) -> None:
    assert outcome.second.code in (0, 2), outcome.second.stderr
    assert 1 <= outcome.second_requests <= 3 * RETRIED
    assert "Traceback" not in outcome.completed.stderr + outcome.second.stderr
