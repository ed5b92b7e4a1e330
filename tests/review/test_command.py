"""`linkhealth review` as a process: its address, its end, and that a kill loses nothing that was acknowledged."""

from __future__ import annotations

import os
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.after_a_crawl import FOUND, LOST, NEW, NOW, OLD
from tests.end_to_end.collection import Collection
from tests.review.asking import Page, raw, row, states
from tests.time_limits import HANG
from tests.web.running import clean_environment, typed

pytestmark = [pytest.mark.process, pytest.mark.server]

PROJECT = Path(__file__).resolve().parents[2]
BROKEN = {"verdict": "broken", "reason": "http-404"}
MOVED = {"verdict": "moved", "reason": "redirect-permanent", "suggestion": NEW}
REPLACED = row(LOST, "replace", seen=BROKEN, new_value=FOUND)

Start = Callable[..., tuple["subprocess.Popen[str]", Page]]


def environment(**more: str) -> dict[str, str]:
    return {
        **clean_environment(),
        "PYTHONPATH": str(PROJECT),
        "LINKHEALTH_CLOCK": NOW.isoformat(),
        **more,
    }


@pytest.fixture
def start(collection: Collection) -> Iterator[Start]:
    """Start the command; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin(*arguments: str) -> tuple[subprocess.Popen[str], Page]:
        process = subprocess.Popen(
            [sys.executable, "-m", "crawler", "review", str(collection.root), *arguments],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/([A-Za-z0-9_-]{43})/$", line.strip())
        assert found is not None, (line, process.stderr and process.stderr.read())
        return process, Page(int(found[1]), found[2])

    yield begin
    for process in started:
        process.kill()
        process.communicate(timeout=HANG)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_line(start: Start, number: signal.Signals) -> None:
    process, page = start()
    assert states(page.decide(REPLACED)) == ["kept"]
    process.send_signal(number)
    out, err = process.communicate(timeout=HANG)
    assert (process.returncode, err) == (0, "")
    assert out.splitlines()[-1] == "ended; 1 decision kept for the next time"


def test_a_kill_loses_nothing_and_the_same_decision_is_kept_once(
    start: Start, collection: Collection
) -> None:
    process, page = start()
    assert states(page.decide(REPLACED)) == ["kept"]
    process.kill()
    process.wait(HANG)
    _, again = start()
    assert again.secret != page.secret
    again.after = page.after
    # The page never heard the answer, say: it sends the same once more.
    (kept,) = again.decide(REPLACED)
    assert (kept["state"], kept["version"]) == ("kept", 1)
    assert len(again.open()) == 1
    assert again.write().json["settled"] == 1
    assert f'webUrl: "{FOUND}"' in (collection.root / "lost.md").read_text("utf-8")


def test_two_servers_of_one_collection_see_each_others_decisions(start: Start) -> None:
    _, one = start()
    _, other = start()
    other.name = "page-of-person-two"
    assert states(one.decide(REPLACED)) == ["kept"]
    (late,) = other.decide(row(LOST, "not-broken", seen=BROKEN, note="it is there"))
    assert (late["state"], late["others"][0]["page"]) == ("changed", one.name)
    (heard,) = other.ask("GET", "api/changes?after=0").json["decisions"]
    assert heard["row"]["new_value"] == FOUND


def test_related_places_are_changed_where_that_is_asked_for(
    start: Start, collection: Collection
) -> None:
    _, page = start("--related")
    page.decide(row(OLD, "accept", seen=MOVED))
    page.write()
    assert OLD not in (collection.root / "also.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--port", "x"], "--port"),
        (["--port", "65536"], "--port"),
        (["--max-files", "0"], "--max-files"),
        (["one", "two"], "one PATH"),
    ],
)
def test_what_makes_no_sense_is_refused(
    collection: Collection, arguments: list[str], says: str
) -> None:
    done = typed("review", *arguments, cwd=collection.root)
    assert (done.returncode, says in done.stderr, done.stdout) == (3, True, "")


def test_a_port_that_is_taken_is_said(start: Start, collection: Collection) -> None:
    _, page = start()
    done = typed("review", collection.root, "--port", str(page.port))
    assert (done.returncode, "name another" in done.stderr) == (3, True)


@pytest.mark.parametrize("wanted", [True, False])
def test_from_a_terminal_a_browser_is_opened_without_the_secret_in_its_arguments(
    collection: Collection, tmp_path: Path, wanted: bool
) -> None:
    """The browser is a script that notes its arguments and copies the file that they name."""
    noted, copied = tmp_path / "noted", tmp_path / "copied"
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\nstat -c %a "${{1#file://}}" > {noted}\ncp "${{1#file://}}" {copied}.tmp\n'
        f'echo "$@" >> {noted}\nmv {copied}.tmp {copied}\n',
        "utf-8",
    )
    browser.chmod(browser.stat().st_mode | stat.S_IXUSR)
    terminal, end = os.openpty()
    arguments = [] if wanted else ["--no-browser"]
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "review", str(collection.root), *arguments],
        env=environment(BROWSER=f"{browser} %s"),
        stdout=end,
        stderr=subprocess.PIPE,
    )
    os.close(end)
    try:
        with os.fdopen(terminal, "rb", buffering=0) as shown:
            said = b""
            while b"Ctrl-C" not in said:
                said += shown.read(1_000)
            found = re.search(rb"http://127\.0\.0\.1:(\d+)/([A-Za-z0-9_-]{43})/", said)
            assert found is not None
            # The page is served once the browser was asked to open it.
            raw(int(found[1]), "GET", "/", {})
            process.send_signal(signal.SIGINT)
            assert process.wait(HANG) == 0
    finally:
        process.kill()
        process.communicate(timeout=HANG)
    assert copied.exists() == wanted
    if wanted:
        rights, asked = noted.read_text("utf-8").splitlines()
        assert rights == "600"
        assert found[2].decode() not in asked
        assert found[0].decode() in copied.read_text("utf-8")
