"""Find the articles of a made collection, without a `.gitignore` and with one, and print what it took.

    python benchmarks/ignored_walk.py [--files 10000] [--patterns 60] [--runs 5]

Prints the articles found and the least CPU seconds of the runs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from crawler.content import Repository

_PATTERNS = (
    "_site/",
    ".sass-cache",
    "*.log",
    "*.tmp",
    "/drafts/",
    "vendor/",
    "*.py[cod]",
    "build/**/out",
    "!keep.log",
)
_IN_A_FOLDER = 100


def main() -> None:
    """Make the collection and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=10_000, choices=range(1, 200_001), metavar="N")
    parser.add_argument("--patterns", type=int, default=60, choices=range(1, 5_001), metavar="N")
    parser.add_argument("--runs", type=int, default=5, choices=range(1, 101), metavar="N")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for number in range(options.files):
            path = root / "_posts" / str(number // _IN_A_FOLDER) / f"2020-01-01-a-story-{number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("---\na: 1\n---\n")
        report("without", root, options.runs)
        lines = islice(cycle(_PATTERNS), options.patterns)
        (root / ".gitignore").write_text("\n".join(lines))
        report("with", root, options.runs)


def report(label: str, root: Path, runs: int) -> None:
    """Print the articles found and the least time of the runs."""
    times = []
    for _ in range(runs):
        began = time.process_time()
        found = sum(1 for _ in Repository(root).paths())
        times.append(time.process_time() - began)
    print(f"{label}, articles   {found:>10,}")
    print(f"{label}, CPU s      {min(times):>10.2f}")


if __name__ == "__main__":
    main()
