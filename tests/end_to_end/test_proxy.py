"""The operator's proxy at work: everything goes through it, addresses are still checked here, and what it refuses is
nobody's fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Report, article, run_command
from tests.web.proxy import Asked, ConnectProxy
from tests.web.rules import Answer, Certificate, Rules, redirect
from tests.web.running import Completed
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-proxy")

PASSWORD = "s3same-of-the-proxy"
ALIVE, PLAIN, MOVED, GONE, DOUBTFUL, PRIVATE, REFUSED = (
    "https://alive.example/story",
    "http://plain.example/story",
    "http://moved.example/old",
    "https://gone.example/story",
    "https://doubtful.example/story",
    "http://10.1.2.3/story",
    "https://refused.example:8443/story",
)
URLS = (ALIVE, PLAIN, MOVED, GONE, DOUBTFUL, PRIVATE, REFUSED)
RULES = Rules(
    {MOVED: redirect("https://moved.example/new"), GONE: Answer(status=404)},
    {"doubtful.example": Certificate.EXPIRED},
)


@dataclass
class Ran:
    ended: Completed
    report: Report
    asked: list[Asked]
    ports: tuple[int, int]
    connections: int

    def opinion(self, url: str) -> tuple[str, str]:
        entry = self.report.url(url)
        return entry["verdict"], entry["reason"]


@pytest.fixture(scope="module")
def ran(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    collection = Collection(tmp_path_factory.mktemp("collection"))
    for number, url in enumerate(URLS):
        collection.add(f"{number}.md", article(web=url))
    module_web.clean()
    module_web.set_rules(RULES)
    refused = f"127.0.0.1:{module_web.old_https_port}"

    def answer(asked: Asked) -> bytes | None:
        return b"HTTP/1.1 503 Too busy\r\n\r\n" if asked.target == refused else None

    with ConnectProxy(answer) as proxy:
        url = proxy.url.replace("//", f"//desk:{PASSWORD}@")
        connect_to = f"refused.example:8443:{refused},{module_web.connect_to}"
        ended = run_command(
            module_web,
            *("audit", str(collection.root), "--fail-on", "never", "-s", "LOG_LEVEL=DEBUG"),
            env={"LINKHEALTH_PROXY": url, "LINKHEALTH_CONNECT_TO": connect_to},
        )
        ports = (module_web.http_port, module_web.https_port)
        connections = module_web.counters().connections
        yield Ran(ended, collection.report(), proxy.asked, ports, connections)


def test_everything_goes_through_the_proxy(ran: Ran) -> None:
    assert ran.ended.code == 0, ran.ended.stderr
    assert ran.opinion(ALIVE)[0] == ran.opinion(PLAIN)[0] == "alive"
    assert ran.opinion(MOVED)[0] == "moved"
    assert ran.opinion(GONE) == ("broken", "http-404")
    tunnels = [one.target for one in ran.asked]
    there = [f"127.0.0.1:{port}" for port in ran.ports]
    assert set(there) < set(tunnels)
    # No connection of the origin has come another way.
    assert len(URLS) - 2 <= ran.connections <= sum(map(tunnels.count, there))


def test_the_proxy_gets_its_credentials_and_they_are_left_nowhere(ran: Ran) -> None:
    assert {one.headers["proxy-authorization"] for one in ran.asked} == {
        "Basic ZGVzazpzM3NhbWUtb2YtdGhlLXByb3h5"
    }
    assert PASSWORD not in ran.ended.stdout + ran.ended.stderr


def test_a_certificate_is_looked_at_through_the_proxy_too(ran: Ran) -> None:
    entry = ran.report.url(DOUBTFUL)
    assert (entry["verdict"], entry["warnings"]) == ("alive", ["certificate-expired"])


def test_private_addresses_are_refused_before_the_proxy_is_asked(ran: Ran) -> None:
    assert ran.opinion(PRIVATE) == ("unverifiable", "address-blocked")
    assert [one for one in ran.asked if one.target.startswith("10.")] == []


def test_what_the_proxy_refuses_says_nothing_of_the_link(ran: Ran) -> None:
    assert ran.opinion(REFUSED) == ("unverifiable", "proxy-failed")
    assert ran.report.url(REFUSED)["strikes"] == 0


@pytest.mark.parametrize(
    "said",
    [
        b"HTTP/1.1 407 Who are you\r\n\r\n",
        b"",
        b"SSH-2.0-OpenSSH_9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5_000,
    ],
    ids=["refuses", "hangs up", "is no proxy", "never ends"],
)
def test_a_proxy_that_leads_nowhere_is_an_outage_of_our_own(
    module_web: LoopbackWeb, tmp_path: Path, said: bytes
) -> None:
    collection = Collection(tmp_path)
    for number in range(6):
        collection.add(f"{number}.md", article(web=f"https://site-{number}.example/story"))
    module_web.clean()
    with ConnectProxy(lambda _: said) as proxy:
        ended = collection.audit(
            module_web, LINKHEALTH_PROXY=proxy.url, LINKHEALTH_NETWORK_PAUSES="0.1"
        )
    assert ended.code == 5, ended.stderr
    assert module_web.requests(robots=True) == []


def test_a_proxy_that_is_not_there_is_told_at_once(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path)
    collection.add("a.md", article(web=ALIVE))
    ended = collection.audit(module_web, LINKHEALTH_PROXY="http://no-such-proxy.invalid:3128")
    assert ended.code == 3
    assert "LINKHEALTH_PROXY: the proxy 'no-such-proxy.invalid' has no address" in ended.stderr
