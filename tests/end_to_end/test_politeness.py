"""How hosts are treated where nobody sets LINKHEALTH_HOST_DELAY: the delays of RULES 2, kept."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, article
from tests.web.origin import Request
from tests.web.rules import Answer, redirect, robots
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-politeness")

LATE = 0.5
"""Seconds: on a busy machine a request may arrive so much later than it was started, so that the next seems to
follow sooner. What the crawler's own clock says is a matter of tests/crawl."""


@pytest.fixture(scope="module")
def requests(
    module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Request]]:
    """What each host was asked by one crawl, in order."""
    collection = _collection(tmp_path_factory.mktemp("collection"))
    module_web.set_rules(
        {
            "//plain.example/moved-story": redirect("/articles/new-place"),
            "//plain.example/*": Answer(delay=0.2),
            "//slow.example/robots.txt": robots("User-agent: *\nCrawl-delay: 2\n"),
        }
    )
    command = module_web.run_crawler("audit", str(collection.root), LINKHEALTH_HOST_DELAY="")
    assert command.code == 0, command.stderr
    found: dict[str, list[Request]] = {}
    for request in module_web.requests(robots=True):
        found.setdefault(request.host, []).append(request)
    return found


def _collection(root: Path) -> Collection:
    collection = Collection(root)
    for name in ("first-story", "second-story", "moved-story"):
        collection.add(f"{name}.md", article(web=f"https://plain.example/{name}"))
    for number in range(2):
        collection.add(f"slow-{number}.md", article(web=f"https://slow.example/{number}"))
    pictures = [Image(f"https://pictures.example/{side}x{side}.png") for side in range(10, 16)]
    collection.add("pictures.md", article(images=pictures))
    return collection


def gaps(requests: list[Request]) -> list[float]:
    return [after.at - before.at for before, after in pairwise(requests)]


def test_a_host_is_asked_once_a_second(requests: dict[str, list[Request]]) -> None:
    """robots.txt and the redirect's end included."""
    asked = [request.target for request in requests["plain.example"]]
    assert asked[0] == "/robots.txt"
    assert sorted(asked[1:]) == [
        "/articles/new-place",
        "/first-story",
        "/moved-story",
        "/second-story",
    ]
    found = gaps(requests["plain.example"])
    assert min(found) >= 1.0 - LATE
    assert sum(found) >= 4 * 1.0 - LATE


def test_a_crawl_delay_is_obeyed(requests: dict[str, list[Request]]) -> None:
    first, second = gaps(requests["slow.example"])
    assert first >= 1.0 - LATE
    assert second >= 2.0 - LATE


def test_a_host_of_pictures_is_asked_faster(requests: dict[str, list[Request]]) -> None:
    found = gaps(requests["pictures.example"])
    assert len(found) == 6
    assert sum(found) >= 6 * 0.25 - LATE
    # Some pair at least shows it: a host of pages keeps a second between all of them.
    assert min(found) < 1.0 - LATE


def test_hosts_do_not_wait_for_each_other(requests: dict[str, list[Request]]) -> None:
    """One after the other would take as long as all of them; here each begins before any has ended."""
    assert max(asked[0].at for asked in requests.values()) < min(
        asked[-1].at for asked in requests.values()
    )


def test_every_request_says_who_asks(requests: dict[str, list[Request]]) -> None:
    agents = {request.headers["user-agent"] for asked in requests.values() for request in asked}
    assert len(agents) == 1
    assert agents.pop().startswith("linkhealth/")
