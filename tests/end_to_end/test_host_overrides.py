"""`hosts:` of `.linkhealth.yml` at work: gaps, connections, retries and robots.txt as the origin saw them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, article, run_command
from tests.web.departures import departures, noted_in
from tests.web.origin import Request
from tests.web.rules import Answer, redirect, robots
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-host-overrides")

DELAY = 1.5
LATE = DELAY / 2
"""Seconds: a busy machine may take so long between the decision to send a request and its note. Without its rule the
host would be asked every 0.05 seconds."""

OPTIONS = f"""\
host_delay: 0.05
hosts:
  slow.example: {{delay: {DELAY}, connections: 1}}
  own.example: {{ignore_robots: our own site}}
  once.example: {{retries: 0}}
  walled.example: {{accept_statuses: [403, 999]}}
  "*.skipped.example": {{skip: yes}}
"""
WALLED = [
    "https://walled.example/story-0",
    "https://walled.example/story-1",
    "https://walled.example/gone",
]
NAMES = (
    *("slow.example", "usual.example", "own.example", "once.example"),
    *("www.skipped.example", "skipped.example"),
)


def urls(host: str) -> list[str]:
    return [f"https://{host}/story-{number}" for number in range(2)]


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Collection:
    made = Collection(tmp_path_factory.mktemp("collection"))
    made.add(".linkhealth.yml", OPTIONS)
    for host in NAMES:
        for number, url in enumerate(urls(host)):
            made.add(f"{host}-{number}.md", article(web=url))
    made.add("moved.md", article(web="https://usual.example/moved"))
    for number, url in enumerate(WALLED):
        made.add(f"walled-{number}.md", article(web=url))
    return made


@pytest.fixture(scope="module")
def noted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file into which the crawl writes when each request leaves."""
    return tmp_path_factory.mktemp("departures") / "noted"


@pytest.fixture(scope="module")
def requests(
    module_web: LoopbackWeb, collection: Collection, noted: Path
) -> dict[str, list[Request]]:
    """The requests of one crawl by host, in order."""
    module_web.set_rules(
        {
            "//own.example/robots.txt": robots("User-agent: *\nDisallow: /\n"),
            "//usual.example/moved": redirect("https://slow.example/moved-here"),
            "//once.example/story-*": Answer(status=502),
            "//walled.example/story-0": Answer(status=403),
            "//walled.example/story-1": Answer(status=999),
            "//walled.example/gone": Answer(status=404),
        }
    )
    ended = collection.audit(module_web, *noted_in(noted), LINKHEALTH_HOST_DELAY="")
    assert ended.stderr == ""
    found: dict[str, list[Request]] = {}
    for request in module_web.requests(robots=True):
        found.setdefault(request.host, []).append(request)
    return found


def gaps(noted: Path, host: str) -> list[float]:
    return [after - before for before, after in pairwise(departures(noted)[host])]


def test_a_host_has_its_own_delay(requests: dict[str, list[Request]], noted: Path) -> None:
    """robots.txt, and the end of another host's redirect, included."""
    asked = [request.target for request in requests["slow.example"]]
    assert sorted(asked) == ["/moved-here", "/robots.txt", "/story-0", "/story-1"]
    found = gaps(noted, "slow.example")
    assert len(found) == 3
    assert min(found) >= DELAY - LATE
    assert sum(found) >= 3 * DELAY - LATE


def test_other_hosts_keep_the_usual_delay(requests: dict[str, list[Request]], noted: Path) -> None:
    assert len(requests["usual.example"]) == 4
    assert min(gaps(noted, "usual.example")) < DELAY - LATE


def test_a_host_may_be_asked_without_its_robots_txt(
    requests: dict[str, list[Request]], collection: Collection
) -> None:
    # In any order: they leave so soon one after the other that the second may arrive first.
    asked = sorted(request.target for request in requests["own.example"])
    assert asked == ["/story-0", "/story-1"]
    assert collection.report().url(urls("own.example")[0])["verdict"] == "alive"


def test_a_host_may_be_asked_only_once(requests: dict[str, list[Request]]) -> None:
    first, *targets = (request.target for request in requests["once.example"])
    assert (first, sorted(targets)) == ("/robots.txt", ["/story-0", "/story-1"])


def test_a_status_of_a_host_may_be_accepted(
    requests: dict[str, list[Request]], collection: Collection
) -> None:
    found = [collection.report().url(url) for url in WALLED]
    assert [(one["verdict"], one["reason"]) for one in found] == [
        ("alive", "accepted-status"),
        ("alive", "accepted-status"),
        ("broken", "http-404"),
    ]


def test_why_a_host_is_treated_so_is_told(
    requests: dict[str, list[Request]], collection: Collection, module_web: LoopbackWeb
) -> None:
    root = str(collection.root)
    explained = run_command(module_web, "explain", urls("own.example")[0], root).stdout
    assert "Host rule     robots.txt is not obeyed: our own site." in explained
    assert (
        "Host rule" not in run_command(module_web, "explain", urls("usual.example")[0], root).stdout
    )
    told = run_command(module_web, "hosts", root, "--host", "walled.example").stdout
    assert "  by .linkhealth.yml: all is well with the status 403, 999\n" in told


def test_a_skipped_host_is_left_alone(
    requests: dict[str, list[Request]], collection: Collection
) -> None:
    assert "www.skipped.example" not in requests
    assert "skipped.example" in requests, "the glob does not match the bare name"
    entry = collection.report().url(urls("www.skipped.example")[0])
    assert (entry["verdict"], entry["reason"], entry["due_at"]) == (
        "excluded",
        "host-skipped",
        None,
    )
    assert "Only another rule for its host in .linkhealth.yml changes that" in entry["explanation"]


def test_a_broken_link_is_skipped_and_comes_back(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    file = collection.add("a.md", article(web="https://lost.example/a"))
    module_web.set_rules({"https://lost.example/a": Answer(status=404)})
    blocks = []
    for options, opinion in (
        ("", ("broken", "http-404")),
        ("hosts: {lost.example: {skip: yes}}\n", ("excluded", "host-skipped")),
        ("hosts: {lost.example: {skip: no}}\n", ("broken", "http-404")),
    ):
        collection.add(".linkhealth.yml", options)
        ended = collection.audit(module_web, LINKHEALTH_CLOCK="2026-03-01T12:00:00Z")
        assert ended.stderr == ""
        entry = collection.report().url("https://lost.example/a")
        assert (entry["verdict"], entry["reason"]) == opinion
        blocks.append(file.read_bytes())
    assert blocks[0] == blocks[2] != blocks[1]
    assert len(module_web.requests()) > 0
