"""Drills: our own network fails in every way, and nothing is called broken for it (rules O1 to O14).

Each begins with a run in which all is well, so that the collection's hosts are known to be alive.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, Image, article
from tests.web import pages
from tests.web.nameserver import Name, Names, Outcome
from tests.web.namespace import EVERYTHING, REFUSING, SILENT, UNROUTED, NamespaceWeb
from tests.web.rules import Answer, Certificate, Ending, Rules, redirect, robots
from tests.web.running import Completed
from tests.web.web import LoopbackWeb, Web

HOSTS = [f"site-{number}.example" for number in range(12)]
FEW = HOSTS[:3]
"""Too few hosts to detect an outage by the visits alone."""
WELL, LATER = "2026-03-01T12:00:00Z", "2026-08-01T12:00:00Z"
"""By the second date every link is due again."""
CANARIES = 5
"""Canaries asked in one look where so many hosts are known."""
QUICKLY = "0.2"
"""Seconds of the only pause: one is enough to show that a run pauses."""
SHORT = ("-s", "LINKHEALTH_CONNECT_TIMEOUT=1", "-s", "DOWNLOAD_TIMEOUT=2", "-s", "DNS_TIMEOUT=2")
"""Limits for hosts that never answer."""
PATIENT = (
    *("-s", "LINKHEALTH_CONNECT_TIMEOUT=100", "-s", "LINKHEALTH_BODY_TIMEOUT=100"),
    *("-s", "DOWNLOAD_TIMEOUT=120", "-s", "DNS_TIMEOUT=100"),
)
"""Limits where the sites are well: a busy machine answers late, and that is no outage."""

PORTAL = pages.page("Welcome to the Wi-Fi of the Grand Hotel", body="<p>Please log in.</p>")
BLOCKED = pages.page("Blocked", body="<p>Your organisation does not allow this site.</p>")


def link(host: str) -> str:
    """Every third site still speaks plain HTTP."""
    scheme = "http" if HOSTS.index(host) % 3 == 2 else "https"
    return f"{scheme}://{host}/news/2020/a-story-of-{host.partition('.')[0]}"


def everywhere(answer: Answer) -> dict[str, Answer]:
    """The same answer to everything, robots.txt included."""
    return {"*": answer, **{f"//{host}/robots.txt": answer for host in HOSTS}}


@dataclass(frozen=True)
class Drill:
    """One way in which our network fails; `says` is a part of the message that the run must print."""

    answers: Mapping[str, Answer | Sequence[Answer]] = field(default_factory=dict)
    certificate: Certificate = Certificate.VALID
    says: str = ""

    @property
    def rules(self) -> Rules:
        return Rules(self.answers, dict.fromkeys(HOSTS, self.certificate))


DRILLS = {
    "a portal answers 200 to everything": Drill(
        everywhere(Answer(body=PORTAL)), Certificate.SELF_SIGNED
    ),
    "a portal with a certificate that is trusted": Drill(everywhere(Answer(body=PORTAL))),
    "a portal redirects everything": Drill(
        {
            **everywhere(redirect("http://login.hotel.example/welcome?id=1", 302)),
            "http://login.hotel.example/welcome?id=1": Answer(body=PORTAL),
        },
        Certificate.WRONG_HOST,
    ),
    "a portal redirects everything to its root": Drill(
        {
            **everywhere(redirect("http://hotel.example/", 302)),
            "http://hotel.example/": Answer(body=PORTAL),
        }
    ),
    "a portal answers plain HTTP only": Drill(everywhere(Answer(body=PORTAL)), Certificate.REFUSED),
    "a proxy answers 403 to everything": Drill(everywhere(Answer(status=403, body=BLOCKED))),
    "a proxy asks for a login": Drill(everywhere(Answer(status=407, body=BLOCKED))),
    "a gateway has lost its way out": Drill(everywhere(Answer(status=502))),
    "every connection is reset": Drill(everywhere(Answer(ending=Ending.RESET_BEFORE))),
    "nothing answers in time": Drill(everywhere(Answer(ending=Ending.HANG_BEFORE))),
}
NAMES = {
    "the resolver is down": Name(outcome=Outcome.SERVFAIL),
    "the resolver is silent": Name(outcome=Outcome.SILENCE),
    "the resolver knows no name": Name(outcome=Outcome.NXDOMAIN),
    "the resolver has lost its data": Name(outcome=Outcome.NODATA),
    "every name leads into the private network": Name(addresses=("192.168.1.1",)),
    "there is no route": Name(addresses=(UNROUTED,)),
    "a firewall drops everything": Name(addresses=(SILENT,)),
    "a firewall refuses everything": Name(addresses=(REFUSING,)),
}


def collection_of(root: Path, hosts: Sequence[str], options: str = "") -> Collection:
    collection = Collection(root)
    for host in hosts:
        image = Image(f"https://{host}/pictures/one.png", (640, 480))
        collection.add(f"{host}.md", article(f"A story of {host}", web=link(host), images=[image]))
    collection.add(".linkhealth.yml", f"retries: 0\n{options}")
    return collection


def run(
    web: Web,
    collection: Collection,
    clock: str,
    *arguments: str,
    limits: Sequence[str] = PATIENT,
    pauses: str = QUICKLY,
    delay: str = "0",
) -> Completed:
    return collection.audit(
        web,
        *limits,
        *("--fail-on", "new-broken"),
        *arguments,
        LINKHEALTH_CLOCK=clock,
        LINKHEALTH_NETWORK_PAUSES=pauses,
        LINKHEALTH_HOST_DELAY=delay,
    )


def begin(web: Web, collection: Collection) -> None:
    """The run before the outage."""
    web.set_rules(Rules({"*": Answer()}))
    first = run(web, collection, WELL)
    assert first.code == 0, first.stderr
    assert collection.report().summary["by_verdict"]["alive"] == 2 * len(collection.files()) - 2
    web.forget()


def begun(web: Web, factory: pytest.TempPathFactory, hosts: Sequence[str]) -> Path:
    collection = collection_of(factory.mktemp("begun"), hosts)
    begin(web, collection)
    return collection.root


@pytest.fixture(scope="module")
def begun_many(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A collection of twelve sites after the run before the outage; to be copied."""
    return begun(module_web, tmp_path_factory, HOSTS)


@pytest.fixture(scope="module")
def begun_few(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of three sites."""
    return begun(module_web, tmp_path_factory, FEW)


@pytest.fixture
def many(begun_many: Path, module_web: LoopbackWeb, tmp_path: Path) -> Collection:
    """Twelve sites of which all was well."""
    module_web.clean()
    return Collection(shutil.copytree(begun_many, tmp_path / "content"))


@pytest.fixture
def few(begun_few: Path, module_web: LoopbackWeb, tmp_path: Path) -> Collection:
    """Three sites of which all was well."""
    module_web.clean()
    return Collection(shutil.copytree(begun_few, tmp_path / "content"))


@pytest.fixture(params=["many", "few"], ids=["twelve sites", "three sites"])
def known(request: pytest.FixtureRequest, module_web: LoopbackWeb) -> Collection:
    """Each of the two."""
    collection: Collection = request.getfixturevalue(request.param)
    return collection


def assert_nothing_judged(collection: Collection, before: object, ended: Completed) -> None:
    assert ended.code == 5, (ended.stdout, ended.stderr)
    assert "Traceback" not in ended.stderr
    assert collection.files() == before
    report = collection.report()
    assert report.summary["newly_broken"] == 0
    assert {entry["verdict"] for entry in report.document["urls"]} == {"alive"}
    assert {entry["checked_at"][:10] for entry in report.document["urls"]} == {WELL[:10]}


@pytest.mark.parametrize("drill", DRILLS.values(), ids=DRILLS)
def test_our_own_outage_breaks_nothing(
    drill: Drill, known: Collection, module_web: LoopbackWeb
) -> None:
    before = known.files()
    module_web.set_rules(drill.rules)
    ended = run(module_web, known, LATER, limits=SHORT)
    assert_nothing_judged(known, before, ended)
    assert re.search(r"(?m)^linkhealth: .+ The next run makes these visits again\.$", ended.stderr)


def test_after_an_outage_the_visits_are_made_again(
    known: Collection, module_web: LoopbackWeb
) -> None:
    module_web.set_rules(DRILLS["a proxy answers 403 to everything"].rules)
    assert run(module_web, known, LATER).code == 5
    module_web.set_rules(Rules({"*": Answer()}))
    after = run(module_web, known, LATER)
    assert after.code == 0, after.stderr
    checked = {entry["checked_at"][:10] for entry in known.report().document["urls"]}
    assert checked == {LATER[:10]}


@pytest.mark.namespace
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_our_own_outage_of_names_and_routes(
    name: Name, known: Collection, true_web: NamespaceWeb
) -> None:
    before = known.files()
    true_web.set_names(Names(name))
    true_web.forget()
    ended = run(true_web, known, LATER, limits=SHORT)
    assert_nothing_judged(known, before, ended)
    assert true_web.requests() == []


FIRST = {
    **{name: (drill, Names(EVERYTHING.default)) for name, drill in DRILLS.items()},
    **{title: (Drill(), Names(name)) for title, name in NAMES.items()},
}
# A trusted certificate shows whose page it is, so one page in front of all sites is then no sign of a portal.
del FIRST["a portal with a certificate that is trusted"]
UNSEEN = ("a portal answers plain HTTP only", "every name leads into the private network")
"""Drills that a first run cannot distinguish from a collection of such sites: it breaks nothing, and is judged."""


@pytest.mark.namespace
@pytest.mark.parametrize("title", FIRST)
def test_a_first_run_that_does_not_see_the_web(
    title: str, true_web: NamespaceWeb, tmp_path: Path
) -> None:
    """No host is known yet and there is no canary: the failure of twelve sites at once shows the outage all the same."""
    drill, names = FIRST[title]
    collection = collection_of(tmp_path / "content", HOSTS)
    before = collection.files()
    true_web.set_names(names)
    true_web.set_rules(drill.rules)
    ended = run(true_web, collection, WELL, limits=SHORT)
    if title not in UNSEEN:
        assert ended.code == 5, (ended.stdout, ended.stderr)
        assert collection.files() == before
    verdicts = {entry["verdict"] for entry in collection.report().document["urls"]}
    assert verdicts <= {"unverifiable", "unchecked"}


def test_true_ends_are_still_seen(many: Collection, module_web: LoopbackWeb) -> None:
    """A quarter of the sites lose their pages in one night: their own answers say so."""
    lost = {f"//{host}/news/*": Answer(status=404) for host in HOSTS[:3]}
    module_web.set_rules(Rules({"*": Answer(), **lost}))
    ended = run(module_web, many, LATER)
    assert ended.code == 2, ended.stderr
    broken = {url for url, verdict, _ in many.report().opinions() if verdict == "broken"}
    assert broken == {link(host) for host in HOSTS[:3]}


def test_an_outage_in_the_middle_of_a_run_is_waited_for(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """The network fails until the run has noticed. The visits made meanwhile are made again, by this run's second looks or by the
    next run."""
    collection = collection_of(tmp_path / "content", HOSTS, "canary_interval: 1\n")
    for number in range(240):
        host = HOSTS[number % len(HOSTS)]
        collection.add(f"more/{number}.md", article(web=f"https://{host}/news/2020/no-{number}"))
    module_web.set_rules(Rules({"*": Answer()}))
    assert run(module_web, collection, WELL).code == 0
    module_web.forget()

    def looks() -> int:
        asked = module_web.requests(robots=True)
        return sum(request.target == "/robots.txt" for request in asked) // CANARIES

    over = threading.Event()
    hit: set[str] = set()

    def fail_and_mend() -> None:
        while module_web.counters().requests < 60 and not over.is_set():
            time.sleep(0.02)
        for _ in range(8):
            # Right after a look links are asked before the next one; not so where this thread was kept waiting.
            before = looks()
            while looks() == before and not over.is_set():
                time.sleep(0.02)
            links = len(module_web.requests())
            module_web.set_rules(DRILLS["every connection is reset"].rules)
            before = looks()
            while looks() < before + 2 and not over.is_set():
                time.sleep(0.02)
            hit.update(request.url for request in module_web.requests()[links:])
            module_web.set_rules(Rules({"*": Answer()}))
            if len(hit) >= 3 or over.is_set():
                return

    fault = threading.Thread(target=fail_and_mend)
    fault.start()
    pauses = ",".join(["0.5"] * 200)
    try:
        ended = run(module_web, collection, LATER, pauses=pauses, delay="0.5")
    finally:
        over.set()
        fault.join()
    assert ended.code == 0, ended.stderr
    report = collection.report()
    # A reset after which the canaries answered again may be a single strike; nothing is broken by it.
    verdicts = {kind: count for kind, count in report.summary["by_verdict"].items() if count}
    assert verdicts.keys() <= {"alive", "unverifiable"}
    assert verdicts.get("unverifiable", 0) <= 8
    checked = [entry["checked_at"][:10] for entry in report.document["urls"]]
    again = checked.count(WELL[:10])
    assert again < len(checked) / 2
    asked = Counter(request.url for request in module_web.requests())
    module_web.forget()
    assert run(module_web, collection, LATER).code == 0
    repeated = Counter(request.url for request in module_web.requests())
    assert len(repeated) == again
    # Some of them may have been answered just before.
    assert hit
    assert sum((asked + repeated)[url] > 1 for url in hit) >= len(hit) - len(HOSTS)


def test_a_clock_that_runs_backwards_breaks_nothing(
    few: Collection, module_web: LoopbackWeb
) -> None:
    before = few.files()
    module_web.set_rules(Rules({"//*": Answer(status=404)}))
    ended = run(module_web, few, "2026-02-01T12:00:00Z", "--due", "all")
    assert_nothing_judged(few, before, ended)
    assert "The clock says 2026-02-01 12:00 UTC" in ended.stderr
    # The run with the wrong clock does not stop those after it.
    after = run(module_web, few, LATER)
    assert after.code == 2, after.stderr


@pytest.mark.namespace
def test_too_many_hosts_at_once_are_not_believed(true_web: NamespaceWeb, tmp_path: Path) -> None:
    """The breaker: the canaries are well, and more than a fifth of the hosts cannot be reached."""
    hosts = [f"host-{number}.example" for number in range(40)]
    collection = Collection(tmp_path / "content")
    for host in hosts:
        collection.add(f"{host}.md", article(web=f"https://{host}/news/2020/a-story"))
    collection.add(".linkhealth.yml", "retries: 0\n")
    true_web.set_names()
    true_web.set_rules(Rules({"*": Answer()}))
    assert run(true_web, collection, WELL).code == 0
    before = collection.files()
    gone = dict.fromkeys(hosts[25:], Name(outcome=Outcome.NXDOMAIN))
    true_web.set_names(gone)
    ended = run(true_web, collection, LATER)
    assert ended.code == 5, ended.stderr
    assert "15 of the last 40 hosts" in ended.stderr
    assert collection.files() == before
    assert collection.report().summary["by_verdict"]["alive"] == len(hosts)
    # A few of them may well be gone.
    true_web.set_names(dict(list(gone.items())[:4]))
    ended = run(true_web, collection, LATER)
    assert ended.code == 2, ended.stderr
    assert collection.report().summary["by_verdict"]["broken"] == 4


def test_a_mass_change_is_not_written_unseen(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    for number in range(30):
        lost = "lost" if number < 12 else "kept"
        collection.add(f"{number}.md", article(web=f"https://{lost}.example/news/2020/no-{number}"))
    module_web.set_rules(Rules({"//lost.example/*": Answer(status=404)}))
    codes = [run(module_web, collection, f"2026-03-{day:02}T12:00:00Z").code for day in (1, 5)]
    assert codes == [2, 0]
    before = collection.files()
    third = run(module_web, collection, "2026-03-09T12:00:00Z")
    assert third.code == 2
    assert "12 of 30 articles would be newly marked broken or dead in one run" in third.stderr
    assert "--accept-mass-change" in third.stderr
    assert collection.report().summary["by_verdict"]["dead"] == 12
    assert collection.files() == before
    accepted = run(module_web, collection, "2026-03-09T12:00:00Z", "--accept-mass-change")
    assert accepted.code == 0, accepted.stderr
    written = [data for data in collection.contents().values() if b"verdict: dead" in data]
    assert len(written) == 12
    assert run(module_web, collection, "2026-03-09T12:00:00Z").code == 0


@pytest.mark.parametrize("mode", ["own", "sidecar"])
def test_many_newly_broken_articles_are_not_written_unseen(
    mode: str, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """One host loses its pages; they were well before, so that it is news."""
    collection = Collection(tmp_path / "content")
    for number in range(30):
        lost = "lost" if number < 12 else "kept"
        collection.add(f"{number}.md", article(web=f"https://{lost}.example/news/2020/no-{number}"))
    collection.add(".linkhealth.yml", f"write_back: {mode}\n")
    module_web.set_rules(Rules({"*": Answer()}))
    assert run(module_web, collection, WELL).code == 0
    before = collection.files()
    module_web.set_rules(Rules({"//lost.example/*": Answer(status=404)}))
    held = run(module_web, collection, LATER)
    assert held.code == 2
    assert "12 of 30 articles would be newly marked broken or dead in one run" in held.stderr
    assert collection.files() == before
    accepted = run(module_web, collection, LATER, "--accept-mass-change")
    assert accepted.code == 0, accepted.stderr
    assert collection.files() != before


def test_a_host_that_turns_us_away_gets_no_strikes(module_web: LoopbackWeb, tmp_path: Path) -> None:
    urls = [f"https://wary.example/news/2020/no-{number}" for number in range(6)]
    collection = Collection(tmp_path / "content")
    for number, url in enumerate(urls):
        collection.add(f"{number}.md", article(web=url))
    collection.add(".linkhealth.yml", "retries: 0\n")
    reset = Answer(ending=Ending.RESET_BEFORE)
    refusals = [reset, reset, Answer(status=403), Answer(status=403), Answer(status=403), Answer()]
    robots = {"//wary.example/robots.txt": Answer(status=404, keep_alive=False)}
    module_web.set_rules(Rules({**dict(zip(urls, refusals, strict=True)), **robots}))
    for day in (1, 5, 9, 13):
        ended = run(module_web, collection, f"2026-03-{day:02}T12:00:00Z", "--due", "all")
        assert ended.code == 0, ended.stderr
    report = collection.report()
    assert [report.url(url)["strikes"] for url in urls] == [0] * 6
    reasons = [report.url(url)["reason"] for url in urls]
    assert reasons == ["host-blocks-us"] * 5 + ["http-200"]


def test_what_a_canary_says_of_robots_is_obeyed_and_not_asked_again(
    many: Collection, module_web: LoopbackWeb
) -> None:
    denied = {f"//{host}/robots.txt": robots("User-agent: *\nDisallow: /news/\n") for host in FEW}
    module_web.set_rules(Rules({"*": Answer(), **denied}))
    arguments = ("-a", f"host={','.join(FEW)}")
    ended = run(module_web, many, LATER, *arguments)
    assert ended.code == 0, ended.stderr
    asked = [request.url for request in module_web.requests(robots=True)]
    assert not any("/news/" in url for url in asked)
    for host in FEW:
        schemes = {"https", link(host).partition(":")[0]}
        texts = [url for url in asked if url.endswith(f"{host}/robots.txt")]
        # One look at the start and one at the end for a canary, else once for each origin.
        assert len(texts) <= len(schemes) + 1


def test_a_run_asks_canaries_lightly(module_web: LoopbackWeb, tmp_path: Path) -> None:
    """One robots.txt of each at the start and at the end; none on a first run, or with nothing due."""
    collection = collection_of(tmp_path / "content", HOSTS)
    module_web.set_rules(Rules({"*": Answer()}))
    module_web.forget()
    assert run(module_web, collection, WELL).code == 0
    asked = [request.url for request in module_web.requests(robots=True)]
    assert len(asked) == len(set(asked))
    module_web.forget()
    assert run(module_web, collection, WELL).code == 0
    assert module_web.requests(robots=True) == []
    one = link(HOSTS[0])
    ended = run(module_web, collection, LATER, "-a", f"host={HOSTS[0]}", "--limit", "1")
    assert ended.code == 0, ended.stderr
    asked = [request.url for request in module_web.requests(robots=True)]
    assert [url for url in asked if not url.endswith("/robots.txt")] in (
        [one],
        [f"https://{HOSTS[0]}/pictures/one.png"],
    )
    canaries = [url for url in asked if url.endswith("/robots.txt")]
    assert len(set(canaries)) == CANARIES
    assert max(canaries.count(url) for url in canaries) <= 3
