"""Faults of our own in the middle of a run: told once with their number, given back, and never an exit code of all well."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path

import pytest

from crawler.model.exit_code import ExitCode
from tests.end_to_end.collection import Collection, article, run_command, scrapy_crawl
from tests.time_limits import HANG
from tests.web.namespace import NamespaceWeb
from tests.web.process import PROJECT
from tests.web.rules import Answer
from tests.web.running import Completed
from tests.web.web import LoopbackWeb, Web

pytestmark = pytest.mark.xdist_group("end-to-end-own-faults")

HOSTS = 12
BROKEN = tuple(f"https://bad-{number}.example/story" for number in range(4))
FINE = tuple(f"https://host-{number}.example/story" for number in range(HOSTS))

BREAKING = '''
"""Breaks one place of the crawl for the links of hosts that begin with `bad-`; `FAULT` names it."""
import os
from crawler.crawl.observer import Observer
from crawler.crawl.purposes import LinkPurpose
from crawler.crawl.crawl import Crawl
from crawler.crawl.due_hosts import DueHosts
from crawler.crawl.robots import Robots
from crawler.fetching.network import Network
from crawler.state import State
from crawler.operations import judging
from pipelines import image_size, write_back
from spiders import asking

def breaks(owner, name, error, is_bad=lambda *a: "bad-" in repr(a)):
    kept = getattr(owner, name)
    def broken(*arguments, **named):
        if is_bad(*arguments, **named):
            raise error
        return kept(*arguments, **named)
    setattr(owner, name, broken)

def always(*arguments, **named):
    return True

FAULTS = {
    "callback": lambda: breaks(Observer, "answered", KeyError("broken by a test")),
    "memory": lambda: breaks(Observer, "answered", MemoryError()),
    "robots": lambda: breaks(Robots, "learn", KeyError("broken by a test")),
    "errback": lambda: breaks(Network, "failure", KeyError("broken by a test"), always),
    "judging": lambda: breaks(judging, "judge_link", KeyError("broken by a test")),
    "request": lambda: breaks(
        asking, "build_request", KeyError("broken by a test"), lambda visit, **_: "bad-" in visit.url and "story" in visit.url
    ),
    "later pipeline": lambda: breaks(image_size, "image_checks", KeyError("broken by a test"), always),
    "threads": lambda: breaks(Network, "__init__", RuntimeError("can't start new thread"), always),
    "begin": lambda: breaks(DueHosts, "frontier", KeyError("broken by a test"), always),
    "write-back": lambda: breaks(write_back, "write_back", OSError(28, "No space left"), always),
    "end": lambda: breaks(State, "finish_run", KeyError("broken by a test"), always),
}

class Breaking:
    @classmethod
    def from_crawler(cls, crawler):
        FAULTS[os.environ["FAULT"]]()
        return cls()
'''


@pytest.fixture(scope="module")
def breaking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("breaking")
    (folder / "breaking.py").write_text(BREAKING)
    return folder


def collection(root: Path, *urls: str) -> Collection:
    made = Collection(root)
    for number, url in enumerate(urls):
        made.add(f"{number}.md", article(web=url))
    made.add(".linkhealth.yml", "retries: 0\n")
    return made


def broken_run(
    web: LoopbackWeb, made: Collection, breaking: Path, fault: str, command: str = "audit"
) -> Completed:
    extensions = (
        'EXTENSIONS={"breaking.Breaking": 1, "crawler.transport.body_budget.BodyBudget": 100}'
    )
    run = made.audit if command == "audit" else made.crawl
    # Items are made where somebody reads them.
    feed = ("-o", str(made.root.parent / "items.jsonl")) if command == "feed" else ()
    words = () if command == "audit" else ("articles", *feed)
    return run(
        web,
        *words,
        "-s",
        extensions,
        "-L",
        "WARNING",
        FAULT=fault,
        PYTHONPATH=os.pathsep.join((str(PROJECT), str(breaking))),
    )


def checked(made: Collection, web: Web) -> set[str]:
    assert run_command(web, "report", str(made.root)).code == 0
    return {url for url, entry in made.report().urls.items() if entry["checked_at"] is not None}


@pytest.mark.parametrize(
    ("fault", "said", "command"),
    [
        ("callback", "4 visits could not be recorded: KeyError: 'broken by a test'", "audit"),
        ("memory", "4 visits could not be recorded: MemoryError", "crawl"),
        ("request", "4 visits could not be recorded: KeyError: 'broken by a test'", "audit"),
        ("judging", "4 visits could not be recorded: KeyError: 'broken by a test'", "audit"),
        ("judging", "4 visits could not be recorded: KeyError: 'broken by a test'", "crawl"),
    ],
)
def test_a_visit_that_cannot_be_recorded_is_given_back(
    fault: str, said: str, command: str, module_web: LoopbackWeb, breaking: Path, tmp_path: Path
) -> None:
    module_web.set_rules({})
    made = collection(tmp_path / "content", *BROKEN, *FINE)
    ended = broken_run(module_web, made, breaking, fault, command)
    assert ended.code == ExitCode.ERROR, ended.stderr
    assert said in ended.stderr
    assert ended.stderr.count("Traceback (most recent call last)") == 1, ended.stderr
    assert checked(made, module_web) == set(FINE)
    # A later run mends it: the links have stayed due.
    again = made.audit(module_web)
    assert again.code == 0, again.stderr
    assert checked(made, module_web) == {*BROKEN, *FINE}


def test_an_errback_that_fails_ends_the_run_all_the_same(
    module_web: LoopbackWeb, breaking: Path, tmp_path: Path
) -> None:
    module_web.set_rules({"//bad-*": Answer(raw=b"nothing of HTTP\r\n\r\n")})
    made = collection(tmp_path / "content", *BROKEN, *FINE)
    ended = broken_run(module_web, made, breaking, "errback")
    assert ended.code == ExitCode.ERROR, ended.stderr
    assert "visits could not be recorded: KeyError" in ended.stderr
    assert ended.stderr.count("Traceback (most recent call last)") == 1
    assert checked(made, module_web) == set(FINE)


def test_a_robots_txt_that_cannot_be_read_holds_nothing_up(
    module_web: LoopbackWeb, breaking: Path, tmp_path: Path
) -> None:
    module_web.set_rules({})
    made = collection(tmp_path / "content", *BROKEN, *FINE)
    ended = broken_run(module_web, made, breaking, "robots")
    assert ended.code == ExitCode.ERROR, ended.stderr
    assert "could not be recorded" in ended.stderr
    assert checked(made, module_web) == {*BROKEN, *FINE}


@pytest.mark.parametrize(
    ("fault", "said", "command"),
    [
        ("later pipeline", "12 visits could not be recorded", "feed"),
        ("begin", "the crawl failed", "audit"),
        ("threads", "can't start new thread", "audit"),
        ("begin", "the crawl failed", "crawl"),
        ("write-back", "The end of the run failed: OSError: [Errno 28] No space left", "audit"),
        ("write-back", "The end of the run failed: OSError: [Errno 28] No space left", "crawl"),
        ("end", "The end of the run failed: KeyError", "audit"),
    ],
)
def test_no_fault_ends_as_if_all_were_well(
    fault: str, said: str, command: str, module_web: LoopbackWeb, breaking: Path, tmp_path: Path
) -> None:
    module_web.set_rules({})
    made = collection(tmp_path / "content", *FINE)
    ended = broken_run(module_web, made, breaking, fault, command)
    assert ended.code == ExitCode.ERROR, ended.stderr
    assert said in ended.stderr
    again = made.audit(module_web)
    assert again.code == 0, again.stderr
    assert checked(made, module_web) == set(FINE)
    assert all(
        b"linkHealth:" in data for name, data in made.contents().items() if name.endswith(".md")
    )


def test_a_run_without_hope_asks_no_further(
    module_web: LoopbackWeb, breaking: Path, tmp_path: Path
) -> None:
    urls = [f"https://bad-{number}.example/story" for number in range(300)]
    module_web.set_rules({})
    module_web.forget()
    made = Collection(tmp_path / "content")
    for start in range(0, len(urls), 20):
        made.add(f"{start}.md", article(related=urls[start : start + 20]))
    ended = broken_run(module_web, made, breaking, "callback")
    assert ended.code == ExitCode.ERROR
    assert "the crawl was given up" in ended.stderr
    assert len(module_web.requests()) < 150


# ----------------------------------------------------------------- small machines


def limited(web: Web, made: Collection, limits: str, *, command: str = "audit") -> Completed:
    argv = [sys.executable, "-m", "crawler", "audit", str(made.root)]
    if command != "audit":
        argv = scrapy_crawl("articles", made.root)
    return web.run(
        ["sh", "-c", f"{limits}; exec {shlex.join(argv)}"],
        cwd=PROJECT,
        env=web.environment(),
        timeout=HANG,
    )


def test_few_descriptors_make_a_complete_run(module_web: LoopbackWeb, tmp_path: Path) -> None:
    module_web.set_rules({})
    made = Collection(tmp_path / "content")
    urls = [f"https://host-{number}.example/story" for number in range(280)]
    for start in range(0, len(urls), 20):
        made.add(f"{start}.md", article(related=urls[start : start + 20]))
    for command in ("audit", "crawl"):
        ended = limited(module_web, made, "ulimit -n 256", command=command)
        assert ended.code == 0, ended.stderr
        assert "Traceback" not in ended.stderr
        assert checked(made, module_web) == set(urls)


@pytest.mark.parametrize("command", ["audit", "crawl"])
@pytest.mark.parametrize(
    ("limits", "said"),
    [("ulimit -n 64", "may open 64 files at a time"), ("ulimit -v 204000", "MB of memory")],
)
def test_too_little_for_any_crawl_is_refused_in_one_line(
    limits: str, said: str, command: str, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.set_rules({})
    module_web.forget()
    made = collection(tmp_path / "content", *FINE)
    ended = limited(module_web, made, limits, command=command)
    assert ended.code == ExitCode.ERROR, ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sum("linkhealth: " in line for line in ended.stderr.splitlines()) == 1
    assert module_web.requests(robots=True) == []


def test_400_mb_of_address_space_make_a_complete_run(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    module_web.set_rules({})
    made = collection(tmp_path / "content", *FINE)
    ended = limited(module_web, made, "ulimit -v 409600")
    assert ended.code == 0, ended.stderr
    assert checked(made, module_web) == set(FINE)


ROOMY = '''
from crawler.transport import download_handler
from crawler.transport.machine_limits import Room
from spiders import base

class Roomy:
    """Takes the bounds of connections away: the process does run out of descriptors."""

    @classmethod
    def from_crawler(cls, crawler):
        return cls()

download_handler.room_for = base.room_for = lambda workers: Room(workers, 100_000)
'''


def test_descriptors_that_run_out_are_no_evidence(module_web: LoopbackWeb, tmp_path: Path) -> None:
    """The second line of defence: a connection that our machine cannot make is made again."""
    (tmp_path / "roomy.py").write_text(ROOMY)
    module_web.set_rules({})
    made = Collection(tmp_path / "content")
    urls = [f"https://host-{number}.example/story" for number in range(240)]
    for start in range(0, len(urls), 20):
        made.add(f"{start}.md", article(related=urls[start : start + 20]))
    extensions = 'EXTENSIONS={"roomy.Roomy": 1, "crawler.transport.body_budget.BodyBudget": 100}'
    argv = [sys.executable, "-m", "crawler", "audit", str(made.root), "-s", extensions]
    ended = module_web.run(
        ["sh", "-c", f"ulimit -n 150; exec {shlex.join(argv)}"],
        cwd=PROJECT,
        env=module_web.environment(PYTHONPATH=os.pathsep.join((str(PROJECT), str(tmp_path)))),
        timeout=HANG,
    )
    known = made.report()
    kinds = {entry["verdict"] for entry in known.urls.values()}
    assert kinds <= {"alive", "unchecked"}, kinds
    if ended.code == 0:
        assert kinds == {"alive"}
    else:
        assert ended.code in (ExitCode.ERROR, ExitCode.OWN_NETWORK_DOWN), ended.stderr
        assert "linkhealth: " in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.namespace
@pytest.mark.parametrize("limits", ["ulimit -v 409600", "ulimit -v 409600; ulimit -n 256"])
def test_400_mb_are_enough_for_the_threads_that_look_names_up(
    limits: str, true_web: NamespaceWeb, tmp_path: Path
) -> None:
    true_web.set_rules({})
    urls = {f"https://host-{number}.example/story" for number in range(60)}
    made = collection(tmp_path / "content", *urls)
    ended = limited(true_web, made, limits)
    assert ended.code == 0, ended.stderr
    assert "Traceback" not in ended.stderr
    assert checked(made, true_web) == urls
