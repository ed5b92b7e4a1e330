"""Hostile files of decisions at full size: each is refused, in how much time and memory.

    python benchmarks/hostile_decisions.py [--only NAME] [--seconds 60] [--megabytes 200]

The files are those of tests/operations/hostile_decisions.py, and one large file that is fine; each is read by a
process of its own. The exit code is 1 where one was not refused, or the bounds of time or memory were passed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crawler.operations.repair.decision_bounds import MOST_ROWS
from tests.operations.hostile_decisions import CASES

_FINE = "fine.xlsx"
_READ = """
import re, sys, time
from pathlib import Path
from crawler.configuration import ConfigurationError
from crawler.operations.repair.decision_file import read_decisions

begun = time.monotonic()
try:
    told = f"{sum(1 for _ in read_decisions(Path(sys.argv[1]))):,} decisions"
except ConfigurationError as error:
    told = f"refused: {error.message}"
peak = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024
print(f"{time.monotonic() - begun:.1f}\\t{peak}\\t{told}")
"""


def fine(path: Path, rows: int) -> None:
    """A report of as many findings as are taken, each decided."""
    import openpyxl

    from crawler.reporting.formats.csv_report import COLUMNS

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(list(COLUMNS))
    for number in range(rows):
        sheet.append([f"https://a.test/{number}"] * 16 + ["keep", "", "", ""])
    book.save(path)


def measured(path: Path) -> tuple[float, int, str]:
    """Seconds, the peak of memory in MB, and what was told."""
    done = subprocess.run(
        [sys.executable, "-c", _READ, path], capture_output=True, text=True, check=True, timeout=600
    )
    seconds, peak, told = done.stdout.rstrip("\n").split("\t")
    return float(seconds), int(peak), told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="NAME", help="files with this in their name")
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="most for one hostile file (60)"
    )
    parser.add_argument(
        "--megabytes", type=int, default=200, help="most for one hostile file (200)"
    )
    options = parser.parse_args()
    slowest, largest, bad = 0.0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for name in (*CASES, _FINE):
            if options.only not in name:
                continue
            path = Path(folder, name)
            if name == _FINE:
                fine(path, MOST_ROWS - 1)
            else:
                CASES[name][0](path)
            seconds, peak, told = measured(path)
            print(f"{name:20} {path.stat().st_size:12,} bytes {seconds:6.1f} s {peak:5} MB  {told}")
            path.unlink()
            if name != _FINE:
                slowest, largest = max(slowest, seconds), max(largest, peak)
                bad += CASES[name][1] not in told
    print(f"slowest refusal, s\t{slowest:.1f}")
    print(f"largest, MB\t{largest}")
    print(f"not refused\t{bad}")
    return int(bad > 0 or slowest > options.seconds or largest > options.megabytes)


if __name__ == "__main__":
    sys.exit(main())
