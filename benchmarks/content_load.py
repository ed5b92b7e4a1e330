"""Read every article file of a folder, as a first load does, and print what it took.

    python benchmarks/content_load.py FOLDER [--runs 3] [--splice]

Prints files, references, distinct URLs, megabytes, the median of the runs in CPU and wall seconds,
the time of a scan in which nothing has changed, and the peak of memory. `--splice` puts a block into
every file's bytes in memory, takes it out again and compares.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crawler.content import (
    Read,
    Repository,
    SpliceRefused,
    Unchanged,
    Unreadable,
    read_site,
    render,
    splice,
    strip,
)
from crawler.model.article import FileStamp
from crawler.model.check import ArticleChecks

T = TypeVar("T")


def load(folder: Path) -> tuple[dict[str, FileStamp], dict[str, int]]:
    """Read all files; returns the stamps and the figures."""
    stamps: dict[str, FileStamp] = {}
    urls: set[str] = set()
    references = size = problems = 0
    for found in Repository(folder, site=read_site(folder)).scan({}):
        if isinstance(found, Read):
            stamps[found.article.path] = found.stamp
            size += found.stamp.size
            references += len(found.article.references)
            problems += len(found.article.problems)
            urls.update(reference.url for reference in found.article.references)
        elif isinstance(found, Unreadable):
            problems += len(found.problems)
    figures = {
        "files": len(stamps),
        "references": references,
        "urls": len(urls),
        "problems": problems,
        "megabytes": round(size / 1e6),
    }
    return stamps, figures


def rescan(folder: Path, stamps: dict[str, FileStamp]) -> int:
    """Scan with the stamps of the load before; returns how many files were not opened."""
    found = Repository(folder).scan(stamps)
    return sum(isinstance(result, Unchanged) for result in found)


def splice_all(folder: Path) -> tuple[int, int]:
    """Put a block into every file and take it out; returns files restored and files refused."""
    block = render(ArticleChecks(), date(2026, 11, 22))
    restored = refused = 0
    for path in Repository(folder).paths():
        data = (folder / path).read_bytes()
        try:
            changed = splice(data, block).data
        except SpliceRefused as refusal:
            refused += 1
            print(f"refused: {path}:{refusal.line}: {refusal.reason}")
            continue
        if changed == data or strip(changed) != data:
            sys.exit(f"{path}: not restored")
        restored += 1
    return restored, refused


def timed(work: Callable[[], T]) -> tuple[T, float, float]:
    """The result of a piece of work with its CPU and wall seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.process_time() - cpu, time.perf_counter() - wall


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--splice", action="store_true")
    arguments = parser.parse_args()
    rows = [timed(lambda: load(arguments.folder)) for _ in range(arguments.runs)]
    (stamps, figures), _, _ = rows[-1]
    for name, value in figures.items():
        print(f"{name:24}{value:>12,}")
    print(f"{'first load, CPU s':24}{statistics.median(row[1] for row in rows):>12.1f}")
    print(f"{'first load, wall s':24}{statistics.median(row[2] for row in rows):>12.1f}")
    unchanged, cpu, wall = timed(lambda: rescan(arguments.folder, stamps))
    print(f"{'unchanged scan, CPU s':24}{cpu:>12.2f}")
    print(f"{'unchanged scan, wall s':24}{wall:>12.2f}")
    print(f"{'unopened files':24}{unchanged:>12,}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{'peak memory, MB':24}{peak / 1024:>12.0f}")
    if arguments.splice:
        (restored, refused), cpu, _ = timed(lambda: splice_all(arguments.folder))
        print(f"{'spliced and restored':24}{restored:>12,}")
        print(f"{'refused':24}{refused:>12,}")
        print(f"{'splice and strip, CPU s':24}{cpu:>12.1f}")


if __name__ == "__main__":
    main()
