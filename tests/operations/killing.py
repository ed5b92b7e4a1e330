"""A write-back that is killed again and again, or finds its disk full, and is finished by the next run.

    python -m tests.operations.killing kills FOLDER [ROUNDS]
    unshare --mount … python -m tests.operations.killing full_disk FOLDER

No web is needed: the articles refer to addresses that no crawler could visit, which is known at once.
Tells what it saw in one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from crawler.operations.intake import take_in
from crawler.operations.write_back import Outcome, write_back
from crawler.session import Session

FILES = 60
_ARTICLE = """---
title: "A title"
webUrl: "http://not a host.test/{number}"
# a note
note: {filling}
secured: "x"
---
Text
"""


def originals(newline: str = "\n") -> dict[str, bytes]:
    """The collection: some files larger than a page, some with CRLF."""
    found = {}
    for number in range(FILES):
        text = _ARTICLE.format(number=number, filling="n" * (number % 5) * 3_000 or "short")
        found[f"{number:03}.md"] = text.replace("\n", "\r\n" if number % 3 else newline).encode()
    return found


def set_up(root: Path, contents: dict[str, bytes]) -> None:
    """Write every file's first content, as a checkout would."""
    for name, data in contents.items():
        (root / name).write_bytes(data)


def run(
    root: Path,
    environ: dict[str, str] | None = None,
    begins: Callable[[], object] | None = None,
) -> Outcome:
    """A whole run without its crawl: open, read, write. `begins` is called when it starts writing."""
    with Session.open({"content": str(root)}, environ or {}) as session:
        for _ in take_in(session):
            pass
        if begins is not None:
            begins()
        outcome = write_back(session)
        assert {write.path for write in session.state.pending_writes()} == {
            problem.path for problem in outcome.refused
        }
        return outcome


def left(root: Path) -> list[str]:
    """The temporary files in the folder."""
    return sorted(found.name for found in root.glob(".linkhealth-*"))


def kills(root: Path, rounds: int) -> dict[str, Any]:
    """Kill a write-back at a random moment, look at every file, run again; until as many kills as asked
    have hit a run."""
    old = originals()
    set_up(root, old)
    began: list[float] = []
    run(root, begins=lambda: began.append(time.perf_counter()))
    whole = time.perf_counter() - began[0]
    new = {name: (root / name).read_bytes() for name in old}
    assert all(b"linkHealth:" in data for data in new.values())
    chance = random.Random(7)
    counts: Counter[str] = Counter()
    while counts["killed"] < rounds and counts["rounds"] < 4 * rounds:
        counts["rounds"] += 1
        set_up(root, old)
        counts.update(_one_kill(root, old, new, chance.random() * whole))
        outcome = run(root)
        now = {name: (root / name).read_bytes() for name in old}
        counts["lost writes"] += sum(now[name] != new[name] for name in old)
        counts["refused"] += len(outcome.refused)
        counts["left behind"] += len(left(root))
        counts["finished by the next run"] += len(outcome.written)
        counts["second runs that wrote"] += bool(run(root).written)
    return {"files": FILES, **counts}


def _one_kill(
    root: Path, old: dict[str, bytes], new: dict[str, bytes], delay: float
) -> dict[str, int]:
    """Kill one run so many seconds after it began to write."""
    begun, begins = os.pipe()
    child = os.fork()
    if not child:
        os.close(begun)
        run(root, begins=lambda: os.write(begins, b"."))
        os._exit(0)
    os.close(begins)
    os.read(begun, 1)
    os.close(begun)
    end = time.perf_counter() + delay
    while time.perf_counter() < end:
        pass
    os.kill(child, signal.SIGKILL)
    killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    now = {name: (root / name).read_bytes() for name in old}
    written = sum(now[name] == new[name] for name in old)
    return {
        "killed": killed,
        "killed halfway": 0 < written < len(old),
        "torn": sum(now[name] not in {old[name], new[name]} for name in old),
        "temporary files after the kill": len(left(root)),
    }


def full_disk(folder: Path) -> dict[str, Any]:
    """No room for any file: every write stays pending. The next run, with room, finishes them."""
    root = folder / "content"
    root.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(root)]
    subprocess.run(mount, check=True)
    old = originals()
    set_up(root, old)
    environ = {"LINKHEALTH_DATABASE_URL": f"sqlite:///{folder / 'state.sqlite3'}"}
    filler = root / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while stream.write(b"x" * 4_096):
                pass
        except OSError:
            pass
    first = run(root, environ)
    untouched = all((root / name).read_bytes() == data for name, data in old.items())
    after_first = left(root)
    filler.unlink()
    second = run(root, environ)
    third = run(root, environ)
    return {
        "first": [len(first.written), sorted({problem.message for problem in first.refused})],
        "untouched": untouched,
        "left": [after_first, left(root)],
        "second": [len(second.written), len(second.refused)],
        "third": [len(third.written), len(third.refused)],
    }


if __name__ == "__main__":
    _, case, where, *more = sys.argv
    result = full_disk(Path(where)) if case == "full_disk" else kills(Path(where), int(more[0]))
    sys.stdout.write(json.dumps(result))
