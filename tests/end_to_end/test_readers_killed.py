"""A crawl whose other processes are killed at random gives what an undisturbed one gives (docs/adr/0048)."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.collection import Collection, article
from tests.time_limits import HANG
from tests.web import pages
from tests.web.rules import Answer
from tests.web.web import LoopbackWeb

pytestmark = pytest.mark.xdist_group("end-to-end-readers-killed")

URLS = [f"https://host-{host}.example/2020/story-{number}" for host in range(16) for number in range(20)]  # fmt: skip
KILLS = int(os.environ.get("LINKHEALTH_KILLS_OF_READERS", "2"))
MOST_RUNS = 10 * KILLS


def text_of(number: int) -> str:
    """A page that takes a while to read."""
    rows = "".join(f"<p>Line {line} of page {number} says that the pier is open.</p>" for line in range(120))  # fmt: skip
    return pages.page(f"Story {number}", head=f'<meta name=author content="Author {number}">', body=rows)  # fmt: skip


def made(root: Path) -> Collection:
    collection = Collection(root)
    for number, url in enumerate(URLS):
        collection.add(f"{number}.md", article(web=url))
    return collection


def rows(collection: Collection) -> list[tuple[Any, ...]]:
    with sqlite3.connect(collection.root / ".linkhealth" / "state.sqlite3") as database:
        return database.execute(
            "SELECT url, kind, reason, status, strikes, page, page_mark, baseline FROM links ORDER BY url"
        ).fetchall()


def readers_of(pid: int) -> Iterator[int]:
    """The processes that read pages for another one."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    for child in children.read_text().split() if children.exists() else ():
        try:
            if b"work_program.py" in Path(f"/proc/{child}/cmdline").read_bytes():
                yield int(child)
        except OSError:
            continue


def crawl(collection: Collection, web: LoopbackWeb, processes: int, chance: random.Random | None) -> int:  # fmt: skip
    """Crawl, and kill a reader now and then; returns how many."""
    command = [sys.executable, "-m", "crawler", "crawl", "articles", "-a", f"content={collection.root}", "-a", "write_back=no"]  # fmt: skip
    env = web.environment(LINKHEALTH_PROCESSES=str(processes), LINKHEALTH_IN_FLIGHT="64")
    kills = 0
    with web.start(command, cwd=collection.root.parent, env=env) as process:
        end = time.monotonic() + HANG
        while process.poll() is None:
            assert time.monotonic() < end, "the run never ended"
            alive = list(readers_of(process.pid)) if chance is not None else []
            if chance is not None and alive:
                time.sleep(chance.uniform(0.0, 0.6))
                try:
                    os.kill(chance.choice(alive), chance.choice([signal.SIGKILL, signal.SIGSEGV]))
                    kills += 1
                except ProcessLookupError:
                    pass
            time.sleep(0.05)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    return kills


def test_a_crawl_whose_readers_are_killed(module_web: LoopbackWeb, tmp_path: Path) -> None:
    module_web.set_rules({url: Answer(body=text_of(number)) for number, url in enumerate(URLS)})
    undisturbed = made(tmp_path / "undisturbed")
    crawl(undisturbed, module_web, 1, None)
    expected = rows(undisturbed)
    assert {row[1] for row in expected} == {"alive"}
    assert all(row[5] for row in expected), "each page was read"
    chance, kills, runs = random.Random(6), 0, 0
    while kills < KILLS:
        runs += 1
        assert runs < MOST_RUNS, "readers were never seen"
        disturbed = made(tmp_path / f"disturbed-{runs}")
        kills += crawl(disturbed, module_web, 3, chance)
        assert rows(disturbed) == expected
