"""What is done with a collection that has been audited: all reports, a run with nothing due, `explain` and `--help`.

    python benchmarks/after_the_crawl.py COLLECTION.tar.xz|AUDITED_FOLDER [--runs 3] [--processes N]

Each command is a process of its own; CPU seconds are of all that it starts. The last row is a yardstick: on a machine with
other work compare with it. `cold` is after the files of the collection and the program have left the system's cache.
An archive is crawled first (`crawl_collection.py --keep`); of a folder, a copy is worked on.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from crawler.reporting import FORMATS  # noqa: E402 - after the path

_FINE = frozenset({0, 2})
_PROGRAM = (sys.executable, "-m", "crawler")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("collection", type=Path)
    parser.add_argument("--mode", choices=("namespace", "connect-to"), default="connect-to")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--processes", type=int, help="as of LINKHEALTH_PROCESSES")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="after-the-crawl-") as folder:
        content = audited(options.collection, Path(folder) / "content", options.mode)
        environ = {**os.environ, "PYTHONPATH": str(PROJECT)} | clock_of(content)
        # Bytecode is part of an installation: without it every start costs twice as much.
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        if options.processes:
            environ["LINKHEALTH_PROCESSES"] = str(options.processes)
        measure(content, Path(folder) / "reports", environ, options.runs)


def measure(content: Path, out: Path, environ: dict[str, str], runs: int) -> None:
    """Print the medians of each command, taken in turn."""
    nothing_due = ("audit", str(content), "--fail-on", "never")
    formats = ("--format", ",".join(FORMATS))
    commands: dict[str, Sequence[str]] = {
        "reports": ("report", str(content), *formats, "--out", str(out)),
        "nothing due": nothing_due,
        "nothing due, cold": nothing_due,
        "explain": ("explain", first_url(content), str(content)),
        "help": ("--help",),
    }
    # The program that audited may have been another one: then its reports are written once more.
    run((*_PROGRAM, *nothing_due), environ)
    found: dict[str, list[tuple[float, float]]] = {}
    for _ in range(runs):
        for name, command in commands.items():
            shutil.rmtree(out, ignore_errors=True)
            if name.endswith("cold"):
                leave_cache(content, PROJECT, Path(sys.prefix))
            found.setdefault(name, []).append(run((*_PROGRAM, *command), environ))
        alone = (sys.executable, "-c", "import sqlalchemy")
        found.setdefault("import sqlalchemy", []).append(run(alone, environ))
    for name, values in found.items():
        for what, column in (("CPU s", 0), ("wall s", 1)):
            value = statistics.median(one[column] for one in values)
            print(f"{f'{name}, {what}':<28}{value:>10.2f}")


def run(command: Sequence[str], environ: dict[str, str]) -> tuple[float, float]:
    """CPU and wall seconds of a command and all that it starts. Exits where it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    ended = subprocess.run(
        command, cwd=PROJECT, env=environ, capture_output=True, text=True, check=False, timeout=1800
    )
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode not in _FINE:
        sys.exit(f"{' '.join(command)}: exit code {ended.returncode}\n{ended.stderr[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall


def audited(collection: Path, content: Path, mode: str) -> Path:
    """A copy of an audited folder; an archive is crawled."""
    if collection.is_dir():
        return Path(shutil.copytree(collection, content, symlinks=True))
    crawl = PROJECT / "benchmarks" / "crawl_collection.py"
    command = (sys.executable, crawl, collection, "--mode", mode, "--keep", content)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=1800)
    return content


def clock_of(content: Path) -> dict[str, str]:
    """The time at which the folder was audited: later more would be due."""
    (latest,) = _state(content, "SELECT max(finished_at) FROM runs")
    at = datetime.fromtimestamp(int(latest) / 1e6, UTC)
    return {"LINKHEALTH_CLOCK": at.isoformat()}


def first_url(content: Path) -> str:
    """A link that an article holds."""
    query = "SELECT url FROM links WHERE id IN (SELECT link_id FROM article_references) LIMIT 1"
    return next(map(str, _state(content, query)))


def _state(content: Path, query: str) -> Iterator[str | int]:
    path = content / ".linkhealth" / "state.sqlite3"
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as state:
        yield from (row[0] for row in state.execute(query).fetchall())


def leave_cache(*folders: Path) -> None:
    """Have the system forget what it holds of the files below folders, as far as it lets us."""
    os.sync()
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                descriptor = os.open(path, os.O_RDONLY)
                try:
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                finally:
                    os.close(descriptor)


if __name__ == "__main__":
    main()
