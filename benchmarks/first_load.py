"""What a run does before its first request: read every article file into the state; then look again.

The first load parses all files and fills the database; the re-scan finds nothing changed. Each is a
process of its own, which may use all cores, or with `--processes 1` is alone. CPU seconds are of all its processes.

    python benchmarks/first_load.py COLLECTION.tar.xz|FOLDER [--runs 3] [--processes N]
"""

from __future__ import annotations

import argparse
import json
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
    parser.add_argument("--processes", type=int, help="as of LINKHEALTH_PROCESSES")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        print(json.dumps(one_load(options.collection, environ_of(options.processes))))
        return
    with tempfile.TemporaryDirectory(prefix="first-load-") as folder:
        content = unpack(options.collection, Path(folder) / "content")
        rows: dict[str, list[float]] = {}
        for _ in range(options.runs):
            shutil.rmtree(content / ".linkhealth", ignore_errors=True)
            for step in ("first load", "re-scan"):
                for name, value in in_a_process(content, options.processes).items():
                    rows.setdefault(f"{step}, {name}", []).append(value)
    for name, values in rows.items():
        print(f"{name:<28}{statistics.median(values):>12,.2f}")


def environ_of(processes: int | None) -> dict[str, str]:
    return {"LINKHEALTH_PROCESSES": str(processes)} if processes else {}


def in_a_process(content: Path, processes: int | None) -> dict[str, float]:
    asked = ["--processes", str(processes)] if processes else []
    ended = subprocess.run(
        [sys.executable, __file__, str(content), "--child", *asked],
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    found: dict[str, float] = json.loads(ended.stdout)
    return found


def one_load(content: Path, environ: dict[str, str]) -> dict[str, float]:
    from crawler.operations.intake import take_in
    from crawler.session import Session

    wall, cpu = time.monotonic(), time.process_time()
    with Session.open({"content": str(content)}, environ) as session:
        for count in take_in(session):
            last = count
    usage, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {
        "wall s": time.monotonic() - wall,
        "CPU s": time.process_time() - cpu + others.ru_utime + others.ru_stime,
        "files read": float(last.read),
        "peak MB": usage.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    main()
