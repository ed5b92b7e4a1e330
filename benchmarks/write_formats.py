"""What each format of a report costs, for a generated report of the size of a real one.

    python benchmarks/write_formats.py [--urls 9182] [--repeat 3]

Prints the median CPU seconds of each format written alone, of all of them together, and the sizes of the files. A format
alone pays for gathering the findings; together they are gathered once.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from crawler.reporting import FORMATS, ReportFormat, write
from tests.reporting.large_report import generated


def cost(urls: int, formats: Iterable[ReportFormat], out: Path) -> float:
    """CPU seconds of writing these formats."""
    before = time.process_time()
    write(generated(urls), formats, out)
    return time.process_time() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--urls", type=int, default=9_182)
    parser.add_argument("--repeat", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        cost(10, FORMATS.values(), out)
        for name, chosen in FORMATS.items():
            seconds = statistics.median(
                cost(asked.urls, [chosen], out) for _ in range(asked.repeat)
            )
            size = (out / chosen.file_name).stat().st_size
            print(f"{name:8} {seconds:6.2f} s  {size:12,} bytes")
        seconds = statistics.median(
            cost(asked.urls, FORMATS.values(), out) for _ in range(asked.repeat)
        )
        print(f"{'all':8} {seconds:6.2f} s")


if __name__ == "__main__":
    main()
