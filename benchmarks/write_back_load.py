"""Write a block into every article file of a collection, as a run does, and take it out again.

    python benchmarks/write_back_load.py COLLECTION.tar.xz|FOLDER [--runs 3] [--processes N]

For each file: read, splice, proof, safe replacement with two fsyncs; a transaction of the state for each group. Each
run is a process of its own, which may use all cores, or with `--processes 1` is alone, on a copy of the collection. CPU
seconds are of all its processes. The exit code is 1 where a file was refused, came out different after `strip`, or memory did
not stay flat.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.unpacking import unpack

T = TypeVar("T")
_FLAT = 1.1
"""The factor by which the peak may grow from the first tenth of the files to the last."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--processes", type=int, help="as of LINKHEALTH_PROCESSES")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        asked = {"LINKHEALTH_PROCESSES": str(options.processes)} if options.processes else {}
        print(json.dumps(one_run(options.collection, asked)))
        return 0
    rows: dict[str, list[float]] = {}
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory(prefix="write-back-") as folder:
            content = unpack(options.collection, Path(folder) / "content")
            for name, value in in_a_process(content, options.processes).items():
                rows.setdefault(name, []).append(value)
    for name, values in rows.items():
        print(f"{name:<36}{statistics.median(values):>12,.1f}")
    wrong = max(rows["refused"] + rows["not restored"])
    growth = max(rows["peak MB, end"]) / max(rows["peak MB, first tenth"])
    return 1 if wrong or growth > _FLAT else 0


def in_a_process(content: Path, processes: int | None) -> dict[str, float]:
    asked = ["--processes", str(processes)] if processes else []
    ended = subprocess.run(
        [sys.executable, __file__, str(content), "--child", *asked],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=1_800,
    )
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def one_run(content: Path, environ: dict[str, str]) -> dict[str, float]:
    from crawler.content import render
    from crawler.model.check import ArticleChecks
    from crawler.operations.intake import take_in
    from crawler.operations.stripping import strip_files
    from crawler.operations.write_back import carry_out, commit_plan
    from crawler.session import Session
    from crawler.state import PendingWrite

    figures: dict[str, float] = {}
    block = render(ArticleChecks(), date(2026, 11, 22))
    with Session.open({"content": str(content)}, environ) as session:
        for _ in take_in(session):
            pass
        now = session.configuration.clock.now()
        stamps = session.state.stamps(None)
        # Files that could not be read get no block.
        known = {article.path for article in session.state.known_articles(None)}
        before = {path: stamps[path].sha256 for path in stamps if path in known}
        plan = [PendingWrite(path, sha256, block, now) for path, sha256 in before.items()]
        commit_plan(session, plan)

        def tick(done: int, of: int) -> None:
            if done in {of // 10, of}:
                name = "peak MB, first tenth" if done < of else "peak MB, end"
                figures[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

        outcome, cpu, wall = timed(lambda: carry_out(session, tick))
        figures |= {"written": len(outcome.written), "refused": len(outcome.refused)}
        figures |= {"write-back, wall s": wall, "write-back, CPU s": cpu}
        stripped, cpu, wall = timed(lambda: strip_files(session))
        figures |= {"stripped": len(stripped.written)}
        figures |= {"strip, wall s": wall, "strip, CPU s": cpu}
        figures["strip, peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for path, sha256 in before.items():
        now_sha256 = hashlib.sha256((content / path).read_bytes()).hexdigest()
        figures["not restored"] = figures.get("not restored", 0) + (now_sha256 != sha256)
    return figures


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """The result of a piece of work with its CPU and wall seconds."""
    wall, cpu = time.perf_counter(), used()
    result = work()
    return result, used() - cpu, time.perf_counter() - wall


def used() -> float:
    """The CPU seconds of this process, and of those that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


if __name__ == "__main__":
    sys.exit(main())
