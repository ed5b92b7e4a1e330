"""What a run does before its first request: read every article file into the state; then look again.

The first load parses all files and fills the database; the re-scan finds nothing changed. Each is a
process of its own, bound to one core where the system allows that.

    python benchmarks/first_load.py COLLECTION.tar.xz|FOLDER [--runs 3]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.unpacking import unpack


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(one_load(options.collection)))
        return
    with tempfile.TemporaryDirectory(prefix="first-load-") as folder:
        content = unpack(options.collection, Path(folder) / "content")
        rows: dict[str, list[float]] = {}
        for _ in range(options.runs):
            shutil.rmtree(content / ".linkhealth", ignore_errors=True)
            for step in ("first load", "re-scan"):
                for name, value in in_a_process(content).items():
                    rows.setdefault(f"{step}, {name}", []).append(value)
    for name, values in rows.items():
        print(f"{name:<28}{statistics.median(values):>12,.2f}")


def in_a_process(content: Path) -> dict[str, float]:
    ended = subprocess.run(
        [sys.executable, __file__, str(content), "--child"],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def one_load(content: Path) -> dict[str, float]:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    from crawler.operations.intake import take_in
    from crawler.session import Session

    wall, cpu = time.monotonic(), time.process_time()
    with Session.open({"content": str(content)}, {}) as session:
        for count in take_in(session):
            last = count
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "wall s": time.monotonic() - wall,
        "CPU s": time.process_time() - cpu,
        "files read": float(last.read),
        "peak MB": usage.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
