"""The real scrapyd: an egg that the real scrapyd-client builds and deploys, jobs to their ends, and what these ends are called."""

from __future__ import annotations

import configparser
import json
import re
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

from crawler.model.exit_code import ExitCode
from tests.end_to_end.collection import Collection, article
from tests.end_to_end.test_interruptions import wait_until
from tests.own_environment import environment_beside
from tests.time_limits import HANG
from tests.web.process import PROJECT
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("end-to-end-scrapyd")]

LINKS = [f"https://host-{host}.example/story-{number}" for host in range(4) for number in range(6)]
CONFIGURATION = PROJECT / "deploy/scrapyd/scrapy.cfg"
OF_AN_EGG = (
    "crawler",
    "spiders",
    "pipelines",
    "pyproject.toml",
    "scrapy.cfg",
    "README.md",
    "LICENSE",
)


@dataclass(frozen=True)
class Server:
    """A running scrapyd."""

    python: Path
    folder: Path
    address: str
    environment: dict[str, str]

    @property
    def log(self) -> str:
        """What scrapyd says itself."""
        return (self.folder / "scrapyd.log").read_text(encoding="utf-8")

    def client(self, module: str, *arguments: str, within: str = ".") -> str:
        """A command of scrapyd-client in a folder that names the server."""
        done = subprocess.run(
            [self.python, "-m", module, *arguments],
            cwd=self.folder / within,
            # What is compiled goes into the egg.
            env={**self.environment, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": ""},
            capture_output=True,
            text=True,
            timeout=HANG,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, action: str, **given: str) -> dict[str, str]:
        """Ask the server itself, as scrapyd-client does, without a process for it."""
        asked = urlencode({"project": "linkhealth", **given}).encode()
        with urlopen(f"{self.address}/{action}.json", asked, timeout=HANG) as answer:
            told: dict[str, str] = json.load(answer)
        assert told["status"] == "ok", told
        return told

    def schedule(self, content: Path) -> str:
        """A job's id."""
        return self.ask("schedule", spider="articles", content=str(content))["jobid"]

    def cancel(self, job: str) -> None:
        """Ask for the end of a job that runs."""
        assert self.ask("cancel", job=job)["prevstate"] == "running"

    def ended(self, job: str) -> int:
        """The exit code of a job, once it has one."""
        end = re.compile(rf"Process (finished|died: exitstatus=(\d+)).* job='{job}'")
        wait_until(lambda: end.search(self.log) is not None)
        found = end.search(self.log)
        assert found is not None
        return int(found[2] or 0)

    def crawl_log(self, job: str) -> str:
        """The log of a job."""
        return (self.folder / f"logs/linkhealth/articles/{job}.log").read_text(encoding="utf-8")


def checkout(folder: Path, server: str) -> None:
    """What Git has of the project, as far as an egg needs it; the server is named as the page says."""
    folder.mkdir()
    for name in OF_AN_EGG:
        source = PROJECT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    named = (folder / "scrapy.cfg").read_text(encoding="utf-8")
    changed = named.replace("#url = http://localhost:6800", f"url = {server}")
    assert changed != named
    (folder / "scrapy.cfg").write_text(changed, encoding="utf-8")


@contextmanager
def scrapyd(
    python: Path, folder: Path, environment: dict[str, str], *left_out: str
) -> Iterator[Server]:
    """scrapyd with the configuration that we ship, on a free port, without some sections of it."""
    shipped = configparser.ConfigParser()
    shipped.read(CONFIGURATION)
    for section in left_out:
        assert shipped.remove_section(section)
    # It takes 0 for no port at all.
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert shipped["deploy"]["url"] == f"http://localhost:{shipped['scrapyd']['http_port']}"
    shipped["scrapyd"].update({"http_port": str(port), "poll_interval": "0.1"})
    shipped["deploy"]["url"] = f"http://127.0.0.1:{port}"
    with (folder / "scrapy.cfg").open("w") as file:
        shipped.write(file)
    path = folder / "scrapyd.log"
    with path.open("w") as log:
        process = subprocess.Popen(
            [python, "-m", "scrapyd"], cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        started = f"Site starting on {port}"
        wait_until(lambda: process.poll() is not None or started in path.read_text())
        assert process.poll() is None, path.read_text()
        yield Server(python, folder, f"http://127.0.0.1:{port}", environment)
    finally:
        process.terminate()
        process.wait(HANG)


def settings(web: LoopbackWeb, folder: Path) -> dict[str, str]:
    """The environment of a server and of its jobs."""
    return web.environment(HOME=str(folder), PYTHONWARNINGS="ignore")


@pytest.fixture(scope="module")
def server(module_web: LoopbackWeb, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A scrapyd that knows linkhealth by an egg alone."""
    folder = tmp_path_factory.mktemp("scrapyd")
    python, environment = environment_beside(folder / "environment"), settings(module_web, folder)
    del environment["PYTHONPATH"]
    imported = subprocess.run(
        [python, "-c", "import crawler"],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert b"ModuleNotFoundError" in imported.stderr, "the egg would not be what runs"
    with scrapyd(python, folder, environment, "settings") as running:
        checkout(folder / "checkout", running.address)
        told = json.loads(running.client("scrapyd_client.deploy", within="checkout"))
        assert (told["status"], told["spiders"]) == ("ok", 4)
        yield running


@pytest.fixture
def collection(module_web: LoopbackWeb, tmp_path: Path) -> Collection:
    module_web.clean()
    made = Collection(tmp_path / "content")
    for number, url in enumerate(LINKS):
        made.add(f"{number}.md", article(web=url))
    return made


def test_a_job_of_an_egg_runs_to_its_end(
    server: Server, module_web: LoopbackWeb, collection: Collection
) -> None:
    assert server.client("scrapyd_client", "spiders", "-p", "linkhealth").split() == [
        "linkhealth:",
        *("amp", "articles", "images", "pages"),
    ]
    asked = ("schedule", "-p", "linkhealth", "articles", "--arg", f"content={collection.root}")
    job = server.client("scrapyd_client", *asked).split("=> ")[1].strip()
    assert server.ended(job) == ExitCode.FINE, server.log
    assert {request.url for request in module_web.requests()} == set(LINKS)
    assert all(b"linkHealth:" in data for data in collection.contents().values())
    assert "Traceback" not in server.crawl_log(job)
    assert "] ERROR: " not in server.crawl_log(job)


def test_a_second_job_is_turned_away_and_what_was_cancelled_goes_on(
    server: Server, module_web: LoopbackWeb, collection: Collection
) -> None:
    module_web.set_rules({"*": Answer(delay=3)})
    collection.add(".linkhealth.yml", "in_flight: 2\n")
    first = server.schedule(collection.root)
    wait_until(lambda: len(module_web.requests()) >= 2)
    second = server.schedule(collection.root)
    assert server.ended(second) == ExitCode.LOCKED, server.log
    server.cancel(first)
    assert server.ended(first) == ExitCode.STOPPED_EARLY, server.log
    before = Counter(request.url for request in module_web.requests())
    assert len(before) < len(LINKS)
    module_web.set_rules()
    module_web.forget()
    assert server.ended(server.schedule(collection.root)) == ExitCode.FINE, server.log
    after = Counter(request.url for request in module_web.requests())
    assert set(before) | set(after) == set(LINKS)
    assert len(set(before) & set(after)) <= 2, "what was visited is not visited again"
    assert all(
        b"linkHealth:" in data
        for name, data in collection.contents().items()
        if name.endswith(".md")
    )


def test_what_is_installed_beside_it_needs_no_egg(
    module_web: LoopbackWeb, collection: Collection, tmp_path: Path
) -> None:
    with scrapyd(Path(sys.executable), tmp_path, settings(module_web, tmp_path)) as running:
        job = running.schedule(collection.root)
        assert running.ended(job) == ExitCode.FINE, running.log
    assert {request.url for request in module_web.requests()} == set(LINKS)
