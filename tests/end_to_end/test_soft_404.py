"""Soft 404s and barriers that only probes show (rules N4 to N14), in whole runs, with the requests counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, Report, article, run_command
from tests.web import pages
from tests.web.origin import Request
from tests.web.rules import Answer, redirect, robots
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-soft-404")

PATH = "/news/2020/a-story-of-note"
NOT_FOUND = Answer(status=404)
WORDS = (
    "<p>" + "Every day the harbour has its own news, and this is where it is told. " * 12 + "</p>"
)
SECTION = Answer(body=pages.page("All the news", body=WORDS))
CATCH_ALL = Answer(body=pages.page("The Daily Harbour", body=WORDS))
SAYS_GONE = Answer(
    body=pages.page("The Daily Harbour", body=f"<p>This page could not be found.</p>{WORDS}")
)
SHELL = Answer(
    body="<!doctype html><title>The App</title><body><div id=root></div><noscript>"
    "This app needs JavaScript.</noscript><script src=/app.js></script>"
)
RENAMED = Answer(body=pages.page("What became of the pier", body=WORDS.replace("day", "week")))
TITLE = "A story of note"
GONE = ("broken", "soft-404")
BARRIER = ("unverifiable", "site-barrier")

Answers = Mapping[str, Answer | Sequence[Answer]]


@dataclass(frozen=True)
class Case:
    """A link on the host `NAME.example`, the answers of that host, and the expected verdict.

    `asked` is the number of requests to the host, robots.txt left out; `rule` is the rule that decided.
    """

    name: str
    answers: Answers
    expected: tuple[str, str]
    asked: int
    path: str = PATH
    title: str = TITLE
    suggestion: str | None = None

    @property
    def url(self) -> str:
        return f"https://{self.name}.example{self.path}"


CASES = [
    Case("to-section", {PATH: redirect("/news/"), "/news/": SECTION, "/": CATCH_ALL, "*": redirect("/news/")}, GONE, 5),
    Case("catch-all", {"*": CATCH_ALL}, BARRIER, 2),
    Case("says-gone", {"*": SAYS_GONE}, GONE, 2),
    Case("to-search", {PATH: redirect("/search?q=a+story+of+note"), "/search*": SECTION,
                       "*": redirect("/search?q=other+words")}, GONE, 4),
    Case("honest", {PATH: redirect("/news/"), "/news/": SECTION, "*": NOT_FOUND},
         ("alive", "redirect-general"), 4),
    Case("renamed", {PATH: RENAMED, "*": NOT_FOUND}, ("alive", "http-200"), 2),
    Case("renamed-on-catch-all", {PATH: RENAMED, "*": CATCH_ALL}, ("alive", "http-200"), 2),
    Case("shell", {"*": SHELL}, ("unverifiable", "empty-shell"), 2),
    Case("denied", {PATH: CATCH_ALL, "/robots.txt": robots(f"User-agent: *\nDisallow: /\nAllow: {PATH}\n"),
                    "*": CATCH_ALL}, ("alive", "http-200"), 1),
    Case("walled", {PATH: CATCH_ALL, "*": Answer(status=403)}, ("alive", "http-200"), 2),
    Case("number", {"/12345/an-old-name": redirect("/12345/a-new-name"), "/12345/*": RENAMED, "*": NOT_FOUND},
         ("moved", "moved-permanently"), 3, path="/12345/an-old-name",
         suggestion="https://number.example/12345/a-new-name"),
    Case("pretty", {"/p/123": redirect("/2020/a-story-of-note")}, ("moved", "moved-permanently"), 2, path="/p/123",
         suggestion="https://pretty.example/2020/a-story-of-note"),
    Case("front", {}, ("alive", "http-200"), 1, path="/news/politics/", title="Politics"),
    Case("manual", {PATH: Answer(body=pages.page("What 404 means", body=WORDS))}, ("alive", "http-200"), 1,
         title="What 404 means"),
    Case("short", {PATH: Answer(body="<title>A story of note</title><p>It happened.</p>")},
         ("alive", "http-200"), 1),
]  # fmt: skip

CLUSTER = [
    f"https://cluster.example/old/{name}"
    for name in ("one-tale", "two-tale", "three-tale", "four-tale")
]
"""Links without a known title, each of which ends as deep as it began: only together are they suspects."""
FOLDER = [f"https://folder.example/2020/0{month}/a-tale-of-{month}" for month in range(1, 7)]
"""Six suspects in folders of dates: one probe serves them all."""


@dataclass(frozen=True)
class Outcome:
    report: Report
    requests: list[Request]
    explained: str

    def asked(self, host: str) -> list[str]:
        return [one.target for one in self.requests if one.host == host]


@pytest.fixture(scope="module")
def outcome(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    rules: dict[str, Answer | Sequence[Answer]] = {
        "//cluster.example/old/*": redirect("/new/the-same-tale-for-all"),
        "//folder.example/*": CATCH_ALL,
    }
    for case in CASES:
        collection.add(f"{case.name}.md", article(case.title, web=case.url))
        rules |= {
            f"//{case.name}.example{at if at != '*' else '/*'}": one
            for at, one in case.answers.items()
        }
    collection.add(
        "cluster.md",
        article(extra="related:\n" + "".join(f"  - webUrl: {url}\n" for url in CLUSTER)),
    )
    collection.add("folder.md", article(related=FOLDER))
    module_web.set_rules(rules)
    completed = collection.audit(module_web, "--fail-on", "new-broken")
    assert completed.code == 2, completed.stderr
    assert "Traceback" not in completed.stderr
    requests, report = module_web.requests(), collection.report()
    explained = run_command(module_web, "explain", CASES[0].url, "--content", str(collection.root))
    return Outcome(report, requests, " ".join(explained.stdout.split()))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_verdict(case: Case, outcome: Outcome) -> None:
    entry = outcome.report.url(case.url)
    assert (entry["verdict"], entry["reason"]) == case.expected
    suggested = entry["suggestion"]
    assert (suggested and suggested["value"]) == case.suggestion
    assert len(outcome.asked(f"{case.name}.example")) == case.asked


def test_none_of_those_that_end_at_one_place_is_moved(outcome: Outcome) -> None:
    entries = [outcome.report.url(url) for url in CLUSTER]
    assert [(entry["verdict"], entry["reason"]) for entry in entries] == [BARRIER] * 4
    assert [entry["suggestion"] for entry in entries] == [None] * 4
    asked = outcome.asked("cluster.example")
    assert len([target for target in asked if target.startswith("/old/")]) == 5


def test_a_probe_is_asked_once_for_a_folder(outcome: Outcome) -> None:
    asked = Counter(outcome.asked("folder.example"))
    assert len(asked) == len(FOLDER) + 1
    assert set(asked.values()) == {1}
    assert {outcome.report.url(url)["reason"] for url in FOLDER} == {"site-barrier"}


def test_a_probe_is_no_link_of_the_collection(outcome: Outcome) -> None:
    assert outcome.report.summary["urls"] == len(CASES) + len(CLUSTER) + len(FOLDER)


def test_the_explanation_names_the_probe(outcome: Outcome) -> None:
    probe = next(
        one
        for one in outcome.asked("to-section.example")
        if one.startswith("/news/2020/") and one != PATH
    )
    assert f"https://to-section.example{probe}" in outcome.explained
    assert "which cannot exist, ended at the same place" in outcome.explained


def test_a_healthy_collection_makes_not_one_request_more(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = Collection(tmp_path)
    urls = [
        f"https://{host}.example/2020/the-tale-of-{number}" for host in "ab" for number in range(10)
    ]
    for number, url in enumerate(urls):
        collection.add(f"{number}.md", article(f"The tale of {number % 10}", web=url))
    moved = {
        urls[0]: redirect("/2021/the-tale-of-0"),
        urls[1]: redirect("https://www.a.example/2020/the-tale-of-1"),
    }
    module_web.set_rules(moved)
    module_web.forget()
    assert collection.audit(module_web).code == 0
    asked = Counter(request.url for request in module_web.requests())
    expected = [
        *urls,
        "https://a.example/2021/the-tale-of-0",
        "https://www.a.example/2020/the-tale-of-1",
    ]
    assert asked == Counter(expected)


def test_a_later_run_counts_the_ends_of_earlier_ones(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = Collection(tmp_path)
    rules: dict[str, Any] = {"//late.example/old/*": redirect("/new/the-same-tale-for-all")}
    urls = [f"https://late.example/old/{name}-tale" for name in ("one", "two", "three")]
    for number, url in enumerate(urls):
        module_web.set_rules(rules)
        collection.add(f"{number}.md", article(extra=f"related:\n  - webUrl: {url}\n"))
        assert collection.audit(module_web).code == 0
    found = [collection.report().url(url) for url in urls]
    # The first two are judged anew when they are due.
    assert [entry["verdict"] for entry in found] == ["moved", "moved", "unverifiable"]


@pytest.mark.parametrize(("name", "state"), [("renamed", "drifted"), ("shell", "unverified")])
def test_a_page_of_its_own_is_compared_and_a_shell_is_not(
    name: str, state: str, outcome: Outcome
) -> None:
    assert outcome.report.articles[f"{name}.md"]["freshness"]["state"] == state
