"""Runs that are stopped, killed or in each other's way: nothing is lost, nothing is done twice."""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.crawl.pending_results import UNSTAGED_SECONDS
from tests.end_to_end.collection import Collection, article
from tests.time_limits import HANG
from tests.web.rules import Answer, Ending
from tests.web.web import LoopbackWeb

LINKS = [f"https://host-{host}.example/story-{number}" for host in range(6) for number in range(12)]
MOST_UNDER_WAY = 12
"""Two connections to each of the six hosts."""
ASKED = 54
DELAY, SLACK = 0.5, 1.0
"""Seconds: of an answer; and how much later a busy machine may put a result into the state."""


def wait_until(condition: Callable[[], bool], seconds: float = HANG) -> None:
    """Poll until the condition holds; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


def audit_command(collection: Collection, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "crawler", "audit", str(collection.root), *arguments]


@pytest.mark.parametrize(
    ("blow", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 4), (signal.SIGTERM, 4)]
)
def test_a_stopped_run_is_finished_by_the_next(
    blow: signal.Signals, code: int, module_web: LoopbackWeb, tmp_path: Path
) -> None:
    collection = Collection(tmp_path / "content")
    for number, url in enumerate(LINKS):
        collection.add(f"{number}.md", article(web=url))
    before = collection.contents()
    module_web.set_rules({"*": Answer(delay=DELAY)})
    module_web.forget()
    with module_web.start(audit_command(collection), cwd=tmp_path) as process:
        wait_until(lambda: len(module_web.requests()) >= ASKED)
        before_blow = module_web.requests()
        process.send_signal(blow)
        assert process.wait(timeout=HANG) == code
        assert process.stderr is not None
        said = process.stderr.read()
    assert "Traceback" not in said
    assert ("goes on where this run stopped" in said) == (blow is not signal.SIGKILL)
    assert collection.contents() == before

    told = module_web.run_crawler("report", str(collection.root))
    assert told.code == 0, told.stderr
    known = collection.report()
    visited = {url for url, entry in known.urls.items() if entry["checked_at"] is not None}
    # The results of a killed run are pending; the next run takes them over and does not ask again.
    least = 0 if blow is signal.SIGKILL else ASKED - MOST_UNDER_WAY
    assert least <= len(visited) < len(LINKS)
    reason = known.document["run"]["finish_reason"]
    assert reason == (None if blow is signal.SIGKILL else "shutdown")

    module_web.set_rules({})
    ended = collection.audit(module_web)
    assert ended.code == 0, ended.stderr
    asked = Counter(request.url for request in module_web.requests())
    assert set(asked) == set(LINKS)
    assert {asked[url] for url in visited} <= {1}
    # What came in within the last half second before a kill is asked again too, as if it were still under way.
    since = before_blow[-1].at - DELAY - UNSTAGED_SECONDS - SLACK
    early = {request.url for request in before_blow if request.at < since}
    assert {asked[url] for url in early} <= {1}
    again = len(before_blow) - len(early) if blow is signal.SIGKILL else 0
    assert sum(asked.values()) <= len(LINKS) + MOST_UNDER_WAY + again
    assert collection.report().summary["by_verdict"]["alive"] == len(LINKS)
    assert all(b"linkHealth:" in data for data in collection.contents().values())


def test_a_second_run_is_turned_away(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    collection.add("a.md", article(web="https://slow.example/a-story"))
    # The first run waits for its answer for as long as the four others need.
    module_web.set_rules({"//slow.example/a-story": Answer(ending=Ending.HANG_BEFORE)})
    module_web.forget()
    patient = audit_command(collection, "-s", "DOWNLOAD_TIMEOUT=3600")
    with module_web.start(patient, cwd=tmp_path) as first:
        wait_until(lambda: len(module_web.requests()) == 1)
        second = collection.audit(module_web)
        third = collection.crawl(module_web, "pages", "-L", "ERROR")
        stripped = module_web.run_crawler("strip", str(collection.root))
        told = module_web.run_crawler("report", str(collection.root))
        assert first.poll() is None
    assert [ended.code for ended in (second, third, stripped)] == [75, 75, 75]
    for ended in (second, third, stripped):
        assert ended.stderr.startswith("linkhealth: ")
        assert "another run is at work" in ended.stderr
        assert ended.stderr.count("\n") == 1
    # A report only reads.
    assert told.code == 0
    assert len(module_web.requests()) == 1


def test_a_kill_while_files_are_written(module_web: LoopbackWeb, tmp_path: Path) -> None:
    collection = Collection(tmp_path / "content")
    names = [f"{number:04}.md" for number in range(500)]
    original = article("One", web="https://one.example/a-story", extra="note: " + "n" * 2000)
    for name in names:
        collection.add(name, original)
    module_web.set_rules({})
    module_web.forget()
    first = collection.root / names[0]
    with module_web.start(audit_command(collection), cwd=tmp_path) as process:
        wait_until(lambda: b"linkHealth" in first.read_bytes())
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=HANG)
    complete = first.read_bytes()
    halfway = collection.contents()
    assert {halfway[name] for name in names} == {original.encode(), complete}

    # The kill may have left no temporary file, so that one is added here.
    collection.add(".linkhealth-left.tmp", original)
    ended = collection.audit(module_web)
    assert ended.code == 0, ended.stderr
    assert len(module_web.requests()) == 1
    finished = collection.contents()
    assert set(finished) == set(names)
    assert set(finished.values()) == {complete}

    stripped = module_web.run_crawler("strip", str(collection.root))
    assert stripped.code == 0, stripped.stderr
    assert set(collection.contents().values()) == {original.encode()}
