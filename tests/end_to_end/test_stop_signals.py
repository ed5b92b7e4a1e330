"""SIGINT and SIGTERM in every phase of a run: the first ends it in order, the second at once, and nothing is lost."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.collection import Collection, article, scrapy_crawl
from tests.end_to_end.test_interruptions import wait_until
from tests.time_limits import HANG
from tests.web.process import PROJECT
from tests.web.rules import Answer, Ending
from tests.web.web import LoopbackWeb

AT_ONCE = 5.0
"""Seconds within which a process has to end that is told for the second time."""
BOTH = (signal.SIGINT, signal.SIGTERM)
HANGS_FOR_AN_HOUR = ("-s", "DOWNLOAD_TIMEOUT=3600")
_RUNS = "import runpy; runpy.run_module('crawler', run_name='__main__')"


def patched(prelude: str, *arguments: str) -> list[str]:
    """`linkhealth` after a line of Python, which makes a part of it hang."""
    return [sys.executable, "-c", f"{prelude}; {_RUNS}", *arguments]


@contextmanager
def ends_within(seconds: float, process: subprocess.Popen[str]) -> Iterator[None]:
    """The process ends with exit code 4 within so many seconds of what the block does."""
    yield
    began = time.monotonic()
    code = process.wait(timeout=HANG)
    took = time.monotonic() - began
    assert process.stderr is not None
    said = process.stderr.read()
    assert code == 4, said
    assert took < seconds, said
    assert "Traceback" not in said
    assert "goes on where this run stopped" in said


def tell_twice(process: subprocess.Popen[str], one: signal.Signals = signal.SIGTERM) -> None:
    """Two signals, with the time between them that a person needs."""
    process.send_signal(one)
    time.sleep(0.5)
    process.send_signal(one)


@contextmanager
def locked(state: Path) -> Iterator[None]:
    """Somebody else writes into the state: whoever wants to waits in the database, for 15 s."""
    opened = sqlite3.connect(state, isolation_level=None, timeout=HANG)
    opened.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        opened.close()


def collection_of(root: Path, number: int = 1, host: str = "hangs.example") -> Collection:
    collection = Collection(root / "content")
    for each in range(number):
        collection.add(f"{each:05}.md", article(web=f"https://{host}/a-story-{each}"))
    return collection


@pytest.mark.parametrize("blow", BOTH)
@pytest.mark.parametrize("command", ["audit", "crawl"])
def test_the_second_ends_a_run_whose_servers_hang(
    command: str, blow: signal.Signals, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = collection_of(tmp_path, 8)
    module_web.set_rules({"//hangs.example/*": Answer(ending=Ending.HANG_BEFORE)})
    module_web.forget()
    argv = (
        [sys.executable, "-m", "crawler", "audit", str(collection.root), *HANGS_FOR_AN_HOUR]
        if command == "audit"
        else scrapy_crawl("articles", collection.root, *HANGS_FOR_AN_HOUR)
    )
    with module_web.start(argv, cwd=PROJECT) as process:
        wait_until(lambda: len(module_web.requests()) >= 2 or process.poll() is not None)
        with ends_within(AT_ONCE, process):
            tell_twice(process, blow)


@pytest.mark.parametrize("times", [1, 2])
def test_a_resolver_that_hangs_keeps_nobody(
    times: int, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """The first signal waits for the time-out of a look-up, and then for none of its threads."""
    collection = collection_of(tmp_path, 3)
    asked = tmp_path / "asked"
    prelude = (
        "import socket, time, pathlib; "
        f"socket.getaddrinfo = lambda *a, **k: (pathlib.Path({str(asked)!r}).touch(), time.sleep(3600))"
    )
    argv = patched(prelude, "audit", str(collection.root), "-s", "DOWNLOAD_TIMEOUT=3")
    environment = module_web.environment() | {"LINKHEALTH_CONNECT_TO": ""}
    with module_web.start(argv, cwd=PROJECT, env=environment) as process:
        wait_until(asked.exists)
        with ends_within(3.0 + AT_ONCE if times == 1 else AT_ONCE, process):
            for _ in range(times):
                process.send_signal(signal.SIGTERM)
                time.sleep(0.5 * (times - 1))


@pytest.mark.parametrize("blow", BOTH)
def test_the_first_ends_a_run_within_the_time_of_a_request(
    blow: signal.Signals, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """And leaves files and reports to the next run."""
    collection = collection_of(tmp_path, 30)
    for number in range(30):
        collection.add(f"fine-{number}.md", article(web=f"https://fine.example/{number}-a-story"))
    before = collection.contents()
    module_web.set_rules({"//hangs.example/*": Answer(ending=Ending.HANG_BEFORE)})
    module_web.forget()
    argv = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
    argv += ["-s", "DOWNLOAD_TIMEOUT=3"]
    with module_web.start(argv, cwd=PROJECT) as process:
        wait_until(lambda: len(module_web.requests()) >= 25 or process.poll() is not None)
        with ends_within(3.0 + AT_ONCE, process):
            process.send_signal(blow)
    assert collection.contents() == before
    assert not list((collection.root / ".linkhealth" / "reports").iterdir())
    module_web.set_rules({})
    ended = collection.audit(module_web)
    assert ended.code == 0, ended.stderr
    assert collection.report().summary["by_verdict"]["alive"] == 60


def test_a_state_that_keeps_the_main_thread_waiting(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    """No handler of Python's would run: the main thread waits in the database for 15 s."""
    collection = collection_of(tmp_path, 2, "fine.example")
    module_web.set_rules({"//fine.example/*": Answer(delay=1.0)})
    module_web.forget()
    argv = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
    with module_web.start(argv, cwd=PROJECT) as process:
        wait_until(lambda: len(module_web.requests()) >= 1 or process.poll() is not None)
        with locked(collection.root / ".linkhealth" / "state.sqlite3"):
            time.sleep(2.0)
            with ends_within(AT_ONCE, process):
                tell_twice(process)


def test_the_first_ends_a_process_that_only_opens_its_state(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = collection_of(tmp_path, 1, "fine.example")
    module_web.set_rules({})
    assert collection.audit(module_web).code == 0
    argv = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
    state = collection.root / ".linkhealth" / "state.sqlite3"
    with (
        locked(state),
        module_web.start(argv, cwd=PROJECT) as process,
    ):
        wait_until(lambda: has_open(process.pid, state))
        with ends_within(AT_ONCE, process):
            process.send_signal(signal.SIGTERM)


def has_open(pid: int, path: Path) -> bool:
    """Whether a process has a file open."""
    try:
        return path in {
            Path(f"/proc/{pid}/fd/{one.name}").resolve()
            for one in Path(f"/proc/{pid}/fd").iterdir()
        }
    except OSError:
        return False


@pytest.mark.parametrize("times", [1, 2])
def test_an_intake_of_many_files(times: int, module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = collection_of(tmp_path, 3_000, "fine.example")
    module_web.set_rules({})
    module_web.forget()
    state = collection.root / ".linkhealth" / "state.sqlite3"
    argv = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
    with module_web.start(argv, cwd=PROJECT) as process:
        wait_until(lambda: has_open(process.pid, state))
        time.sleep(0.3)
        with ends_within(20.0 + AT_ONCE if times == 1 else AT_ONCE, process):
            process.send_signal(signal.SIGINT)
            if times == 2:
                time.sleep(0.2)
                process.send_signal(signal.SIGINT)


def test_files_being_written_are_left_to_the_next_run(
    module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = Collection(tmp_path / "content")
    names = [f"{number:04}.md" for number in range(700)]
    original = article("One", web="https://one.example/a-story", extra="note: " + "n" * 2000)
    for name in names:
        collection.add(name, original)
    module_web.set_rules({})
    first = collection.root / names[0]
    argv = [sys.executable, "-m", "crawler", "audit", str(collection.root)]
    with module_web.start(argv, cwd=PROJECT) as process:
        wait_until(lambda: b"linkHealth" in first.read_bytes())
        with ends_within(20.0 + AT_ONCE, process):
            process.send_signal(signal.SIGTERM)
    complete = first.read_bytes()
    assert set(collection.contents().values()) == {original.encode(), complete}
    ended = collection.audit(module_web)
    assert ended.code == 0, ended.stderr
    assert set(collection.contents().values()) == {complete}


def test_reports_that_hang(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = collection_of(tmp_path, 1, "fine.example")
    module_web.set_rules({})
    begun = tmp_path / "begun"
    prelude = (
        "import crawler.reporting as r, pathlib, time; "
        f"r.write = lambda *a, **k: (pathlib.Path({str(begun)!r}).touch(), time.sleep(3600))"
    )
    argv = patched(prelude, "audit", str(collection.root))
    with module_web.start(argv, cwd=PROJECT) as process:
        wait_until(begun.exists)
        with ends_within(AT_ONCE, process):
            process.send_signal(signal.SIGTERM)
    ended = collection.audit(module_web)
    assert ended.code == 0, ended.stderr
    assert collection.report().summary["by_verdict"]["alive"] == 1


def test_inspect_with_a_resolver_that_hangs(module_web: LoopbackWeb, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    prelude = (
        "import socket, time, pathlib; "
        f"socket.getaddrinfo = lambda *a, **k: (pathlib.Path({str(asked)!r}).touch(), time.sleep(3600))"
    )
    argv = patched(prelude, "inspect", "https://hangs.example/a-story", "-s", "DNS_TIMEOUT=3600")
    environment = module_web.environment() | {"LINKHEALTH_CONNECT_TO": ""}
    with module_web.start(argv, cwd=PROJECT, env=environment) as process:
        wait_until(asked.exists)
        tell_twice(process)
        began = time.monotonic()
        assert process.wait(timeout=HANG) == 4
        assert time.monotonic() - began < AT_ONCE
