"""Drills: our own network fails for moments, or lies, and nothing is called broken for it (rules O5, O16, O17)."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, article
from tests.web import pages
from tests.web.nameserver import Name, Names, Nameserver, Outcome
from tests.web.namespace import EVERYTHING, PUBLIC, REFUSING, NamespaceWeb
from tests.web.rules import Answer, Ending, Rules, robots
from tests.web.running import Completed
from tests.web.web import LoopbackWeb, Web

pytestmark = pytest.mark.xdist_group("end-to-end-blips")

HOSTS = [f"site-{number}.example" for number in range(60)]
GONE = HOSTS[7::20]
"""Hosts whose pages are truly gone in the run with the blip."""
WELL, LATER = "2026-03-01T12:00:00Z", "2026-08-01T12:00:00Z"
SLOW = Answer(delay=0.05)
"""An answer that lets a blip begin and end within a run."""
BEGINS_AFTER, LASTS_FOR = 40, 40
"""Requests, or questions for names, before a blip, and in it; a run makes twice as many as there are hosts."""
HIT_AT_LEAST = 5


def link(host: str) -> str:
    scheme = "http" if HOSTS.index(host) % 3 else "https"
    return f"{scheme}://{host}/news/2020/a-story-of-{host.partition('.')[0]}"


def collection_of(root: Path, hosts: list[str]) -> Collection:
    collection = Collection(root)
    for host in hosts:
        collection.add(f"{host}.md", article(f"A story of {host}", web=link(host)))
    collection.add(".linkhealth.yml", "retries: 0\nin_flight: 4\n")
    return collection


def run(web: Web, collection: Collection, clock: str, *options: str, **env: str) -> Completed:
    given = {
        "LINKHEALTH_CLOCK": clock,
        "LINKHEALTH_NETWORK_PAUSES": "0.2",
        "LINKHEALTH_SECOND_LOOK": "3",
        **env,
    }
    arguments = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
    arguments += ["--fail-on", "new-broken", *options]
    return web.run(arguments, env=web.environment(**given))


def begin(web: Web, collection: Collection) -> None:
    """The run before the blip."""
    web.set_rules(Rules({"*": Answer()}))
    assert run(web, collection, WELL).code == 0
    web.forget()


def broken(collection: Collection) -> set[str]:
    return {
        url for url, verdict, _ in collection.report().opinions() if verdict in ("broken", "dead")
    }


@contextmanager
def blip(
    fail: Callable[[], None], mend: Callable[[], None], count: Callable[[], int]
) -> Iterator[list[int]]:
    """Fail once so much has been counted, and mend after as much again; yields how much it was."""
    over = threading.Event()
    seen: list[int] = []

    def reaches(number: int) -> bool:
        while not over.is_set() and count() < number:
            time.sleep(0.01)
        return not over.is_set()

    def fail_and_mend() -> None:
        if reaches(BEGINS_AFTER):
            fail()
            before = count()
            reaches(before + LASTS_FOR)
            mend()
            seen.append(count() - before)

    fault = threading.Thread(target=fail_and_mend)
    fault.start()
    try:
        yield seen
    finally:
        over.set()
        fault.join()


def at_present(**answers: Answer) -> dict[str, Answer]:
    """The pages as they are: some are gone."""
    lost = {link(host): Answer(status=404, delay=0.05) for host in GONE}
    return {"*": SLOW, **lost, **answers}


ANSWERS = {
    "404": Answer(status=404),
    "a reset": Answer(ending=Ending.RESET_BEFORE),
    "one page at 404": Answer(
        status=404, body=pages.page("Gone fishing", body="<p>Back soon.</p>")
    ),
}
NAMES = {
    "NXDOMAIN": Name(outcome=Outcome.NXDOMAIN),
    "NODATA": Name(outcome=Outcome.NODATA),
    "refused": Name(addresses=(REFUSING,)),
}


def on_runs(cases: Mapping[str, object], *first: str) -> list[Any]:
    """Each case on a later run, and those named on the first one too."""
    later = [pytest.param(case, True, id=f"{name}-later run") for name, case in cases.items()]
    return [*later, *(pytest.param(cases[name], False, id=f"{name}-first run") for name in first)]


@pytest.mark.parametrize(("answer", "known"), on_runs(ANSWERS, "404", "a reset"))
def test_a_blip_of_answers_breaks_nothing(
    answer: Answer, known: bool, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = collection_of(tmp_path / "content", HOSTS)
    module_web.clean()
    if known:
        begin(module_web, collection)
    everywhere = {"*": answer, **{f"//{host}/robots.txt": answer for host in HOSTS}}
    well = Rules(at_present())
    module_web.set_rules(well)
    with blip(
        lambda: module_web.set_rules(Rules(everywhere)),
        lambda: module_web.set_rules(well),
        lambda: module_web.counters().requests,
    ) as seen:
        ended = run(module_web, collection, LATER if known else WELL)
    assert seen
    assert seen[0] >= HIT_AT_LEAST
    assert broken(collection) <= {link(host) for host in GONE}
    assert ended.code in (0, 2), ended.stderr
    # A link that is gone and met the blip as a reset is not due at once.
    again = run(module_web, collection, LATER, "--due", "all", LINKHEALTH_SECOND_LOOK="0")
    assert again.code in (0, 2), again.stderr
    assert broken(collection) == {link(host) for host in GONE}


@pytest.mark.namespace
@pytest.mark.parametrize(("name", "known"), on_runs(NAMES, "NXDOMAIN"))
def test_a_blip_of_names_breaks_nothing(
    name: Name, known: bool, true_web: NamespaceWeb, tmp_path: Path
) -> None:
    """The issue's, in small."""
    collection = collection_of(tmp_path / "content", HOSTS)
    true_web.clean()
    if known:
        begin(true_web, collection)
    gone = dict.fromkeys(GONE, Name(outcome=Outcome.NXDOMAIN))
    true_web.set_rules(Rules({"*": SLOW}))
    true_web.set_names(gone)
    with blip(
        lambda: true_web.set_names(Names(name)),
        lambda: true_web.set_names(gone),
        lambda: len(true_web.questions()),
    ) as seen:
        ended = run(true_web, collection, LATER if known else WELL)
    assert seen
    assert broken(collection) <= {link(host) for host in GONE}
    assert ended.code in (0, 2), ended.stderr


@pytest.mark.namespace
@pytest.mark.parametrize("known", [False, True], ids=["first run", "later run"])
def test_a_blip_that_outlasts_the_second_look_is_an_outage(
    known: bool, true_web: NamespaceWeb, tmp_path: Path
) -> None:
    collection = collection_of(tmp_path / "content", HOSTS)
    true_web.clean()
    if known:
        begin(true_web, collection)
    before = collection.files()
    true_web.set_rules(Rules({"*": SLOW}))
    with blip(
        lambda: true_web.set_names(Names(Name(outcome=Outcome.NXDOMAIN))),
        lambda: None,
        lambda: len(true_web.questions()),
    ):
        ended = run(true_web, collection, LATER if known else WELL)
    assert ended.code == 5, (ended.stdout, ended.stderr)
    assert broken(collection) == set()
    assert collection.files() == before


# one page from every site


@dataclass(frozen=True)
class OnePage:
    """What stands in front of every site: `body` may quote the host and the address."""

    body: str
    status: int = 404
    kind: str = "text/html"

    def at(self, host: str, path: str) -> Answer:
        return Answer(
            status=self.status,
            body=self.body.format(host=host, path=path),
            content_type=self.kind,
        )


BLOCKED = pages.page(
    "Not here", body="<p>This network has nothing at this place. Ask the desk.</p>"
)
ONE_PAGES = {
    "404": OnePage(BLOCKED),
    "410": OnePage(BLOCKED, 410),
    "451": OnePage(BLOCKED, 451),
    "200 with the host in its title": OnePage(
        "<html><title>{host} is blocked here</title><p>Ask the desk about http://{host}{path}.", 200
    ),
    "404 with the address": OnePage(
        "<h1>No way to {host}</h1><p>{path} is not on this network.</p>"
    ),
    "404 of plain text": OnePage("No {path} on {host} for guests of this house", 404, "text/plain"),
    "404 without a word": OnePage(""),
}


# The operator leads every host to one place here, where on a first run one page at 200 is no wonder.
@pytest.mark.parametrize(
    ("page", "known"),
    on_runs(ONE_PAGES, *(name for name, page in ONE_PAGES.items() if page.status != 200)),
)
def test_one_page_from_every_site_is_not_the_sites(
    page: OnePage, known: bool, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    hosts = HOSTS[:24]
    collection = collection_of(tmp_path / "content", hosts)
    module_web.clean()
    if known:
        begin(module_web, collection)
    before = collection.files()
    paths = {host: link(host).partition(host)[2] for host in hosts}
    module_web.set_rules(
        Rules(
            {f"//{host}{paths[host]}": page.at(host, paths[host]) for host in hosts}
            | {f"//{host}/robots.txt": page.at(host, "/robots.txt") for host in hosts}
        )
    )
    ended = run(module_web, collection, LATER if known else WELL)
    assert ended.code == 5, (ended.stdout, ended.stderr)
    assert broken(collection) == set()
    assert collection.files() == before


def test_dead_links_with_one_make_of_server_are_dead_links(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """The near miss: one error page is the same on thousands of healthy sites."""
    nginx = Answer(
        status=404,
        body="<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1>"
        "</center><hr><center>nginx</center></body></html>",
    )
    collection = collection_of(tmp_path / "content", HOSTS[:12])
    module_web.clean()
    begin(module_web, collection)
    dead = HOSTS[:6]
    fine = {f"//{host}/robots.txt": robots("User-agent: *\nDisallow:\n") for host in HOSTS[::2]}
    bare = {f"//{host}/robots.txt": nginx for host in HOSTS[1::2]}
    module_web.set_rules(Rules({**fine, **bare, **{link(host): nginx for host in dead}}))
    assert run(module_web, collection, LATER).code == 2
    assert broken(collection) == {link(host) for host in dead}
    # A run that re-checks nothing but these.
    ended = run(module_web, collection, "2026-08-05T12:00:00Z")
    assert ended.code == 0, ended.stderr
    assert {collection.report().url(link(host))["strikes"] for host in dead} == {2}


# names that a resolver makes up


FEW = HOSTS[:3]


@pytest.mark.namespace
@pytest.mark.parametrize("status", [404, 200])
def test_a_first_run_behind_a_resolver_that_lies(
    status: int, true_web: NamespaceWeb, tmp_path: Path
) -> None:
    """It leads every name to one server, which answers in the place of three sites in ways of their own."""
    collection = collection_of(tmp_path / "content", FEW)
    before = collection.files()
    true_web.clean()
    true_web.set_names(Names(Name(addresses=(PUBLIC[1],))))
    true_web.set_rules(Rules({"*": Answer(status=status)}))
    # https is not trusted in the liar's place; here it would be.
    plain = [host for host in FEW if link(host).startswith("http:")]
    for host in set(FEW) - set(plain):
        (collection.root / f"{host}.md").unlink()
        del before[f"{host}.md"]
    ended = run(true_web, collection, WELL)
    assert ended.code == 5, (ended.stdout, ended.stderr)
    assert "names that do not exist" in ended.stderr
    assert collection.files() == before
    assert broken(collection) == set()


@pytest.mark.namespace
def test_a_newcomer_whose_only_link_has_no_name(true_web: NamespaceWeb, tmp_path: Path) -> None:
    """Where other names are found it is broken; where none is, nobody can say."""
    collection = collection_of(tmp_path / "content", HOSTS[1:2])
    true_web.clean()
    true_web.set_names(Names(Name(outcome=Outcome.NXDOMAIN)))
    ended = run(true_web, collection, WELL)
    assert ended.code == 5, (ended.stdout, ended.stderr)
    assert "not even one that surely exists" in ended.stderr
    assert broken(collection) == set()
    gone = {HOSTS[1]: Name(outcome=Outcome.NXDOMAIN)}
    true_web.set_names(gone)
    assert run(true_web, collection, WELL).code == 2
    assert broken(collection) == {link(HOSTS[1])}


@pytest.mark.namespace
def test_names_are_asked_for_trial_only_where_names_matter(
    true_web: NamespaceWeb, tmp_path: Path
) -> None:
    collection = collection_of(tmp_path / "content", FEW)
    true_web.clean()
    assert run(true_web, collection, WELL).code == 0
    asked = {question.name for question in true_web.questions()}
    assert len(asked - set(FEW)) == 3
    assert {name.rpartition(".")[2] for name in asked - set(FEW)} == {"com", "org"}
    true_web.forget()
    mapped = f":80:{PUBLIC[0]}:80,:443:{PUBLIC[0]}:443"
    assert run(true_web, collection, LATER, LINKHEALTH_CONNECT_TO=mapped).code == 0
    assert true_web.questions() == []


@pytest.mark.namespace
def test_a_second_resolver_knows_better(true_web: NamespaceWeb, tmp_path: Path) -> None:
    """A resolver that forgot one name for good is contradicted by the operator's second one."""
    collection = collection_of(tmp_path / "content", HOSTS[:8])
    true_web.clean()
    begin(true_web, collection)
    lost, really = HOSTS[1], HOSTS[2]
    gone = {host: Name(outcome=Outcome.NXDOMAIN) for host in (lost, really)}
    true_web.set_names(gone)
    with Nameserver(tmp_path, endpoint=(PUBLIC[2], 53), through=true_web._through) as second:
        second.set_names(Names(EVERYTHING.default, {really: gone[really]}))
        ended = run(true_web, collection, LATER, LINKHEALTH_SECOND_RESOLVER=PUBLIC[2])
        asked = {question.name for question in second.questions()}
    assert ended.code == 2, ended.stderr
    assert broken(collection) == {link(really)}
    assert collection.report().url(link(lost))["verdict"] == "alive"
    assert asked == {lost, really}
