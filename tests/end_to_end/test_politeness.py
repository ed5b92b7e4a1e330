"""Without LINKHEALTH_HOST_DELAY a crawl keeps the delays of rules P1 and P2."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, article
from tests.web.departures import departures, noted_in
from tests.web.origin import Request
from tests.web.rules import Answer, redirect, robots
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-politeness")

LATE = 0.5
"""A share of each pause: a busy machine may take so long between the decision to send a request and its note."""


@dataclass(frozen=True)
class Crawled:
    """The requests of one crawl by host, in order, and when each request left the crawler."""

    requests: dict[str, list[Request]]
    departures: dict[str, list[float]]

    def gaps(self, host: str) -> list[float]:
        return [after - before for before, after in pairwise(self.departures[host])]


@pytest.fixture(scope="module")
def crawled(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    collection = _collection(tmp_path_factory.mktemp("collection"))
    noted = tmp_path_factory.mktemp("departures") / "noted"
    module_web.set_rules(
        {
            "//plain.example/moved-story": redirect("/articles/new-place"),
            "//plain.example/*": Answer(delay=0.2),
            "//slow.example/robots.txt": robots("User-agent: *\nCrawl-delay: 2\n"),
        }
    )
    command = collection.audit(module_web, *noted_in(noted), LINKHEALTH_HOST_DELAY="")
    assert command.code == 0, command.stderr
    found: dict[str, list[Request]] = {}
    for request in module_web.requests(robots=True):
        found.setdefault(request.host, []).append(request)
    return Crawled(found, departures(noted))


def _collection(root: Path) -> Collection:
    collection = Collection(root)
    for name in ("first-story", "second-story", "moved-story"):
        collection.add(f"{name}.md", article(web=f"https://plain.example/{name}"))
    for number in range(2):
        collection.add(f"slow-{number}.md", article(web=f"https://slow.example/{number}"))
    pictures = [Image(f"https://pictures.example/{side}x{side}.png") for side in range(10, 16)]
    collection.add("pictures.md", article(images=pictures))
    return collection


def test_every_request_is_noted(crawled: Crawled) -> None:
    noted = {host: len(moments) for host, moments in crawled.departures.items()}
    assert noted == {host: len(requests) for host, requests in crawled.requests.items()}


def test_a_host_is_asked_once_a_second(crawled: Crawled) -> None:
    """robots.txt and the redirect's end included."""
    asked = [request.target for request in crawled.requests["plain.example"]]
    assert asked[0] == "/robots.txt"
    assert sorted(asked[1:]) == [
        "/articles/new-place",
        "/first-story",
        "/moved-story",
        "/second-story",
    ]
    found = crawled.gaps("plain.example")
    assert min(found) >= 1.0 * LATE
    assert sum(found) >= 4 * 1.0 * LATE


def test_a_crawl_delay_is_obeyed(crawled: Crawled) -> None:
    first, second = crawled.gaps("slow.example")
    assert first >= 1.0 * LATE
    assert second >= 2.0 - 1.0 * LATE


def test_a_host_of_pictures_is_asked_faster(crawled: Crawled) -> None:
    found = crawled.gaps("pictures.example")
    assert len(found) == 6
    assert min(found) >= 0.25 * LATE
    # One pair is enough as proof: a host of pages keeps a second between all of its requests.
    assert min(found) < 1.0 * LATE


def test_hosts_do_not_wait_for_each_other(crawled: Crawled) -> None:
    """Each host's turn begins before that of any other has ended."""
    left = crawled.departures.values()
    assert max(moments[0] for moments in left) < min(moments[-1] for moments in left)


def test_every_request_says_who_asks(crawled: Crawled) -> None:
    agents = {
        request.headers["user-agent"] for asked in crawled.requests.values() for request in asked
    }
    assert len(agents) == 1
    assert agents.pop().startswith("linkhealth/")
