"""How often the image prober is right, and how many bytes it needs.

    python benchmarks/measure_images.py FOLDER

FOLDER holds `index.jsonl` with one row per image: `path`, `decodes`, `disp` (displayed width and
height by a full decode).
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import Counter
from pathlib import Path

from crawler.extractors.image_header import STEPS, Info, Need, NotAnImage, probe


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    rows = [json.loads(line) for line in (folder / "index.jsonl").open(encoding="utf-8")]
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    needed: list[int] = []
    micros: list[float] = []
    wrong: list[str] = []
    turned_twice = 0
    for row in rows:
        if not row["decodes"] or "disp" not in row:
            continue
        body = (folder / row["path"]).read_bytes()
        began = time.perf_counter()
        answer = probe(body, complete=len(body) <= STEPS[-1])
        micros.append((time.perf_counter() - began) * 1e6)
        total[row["type"]] += 1
        size = displayed(answer)
        # A TIFF's decoder turns the picture itself, so `width` and `height` are what is displayed
        # and `disp`, which turns them once more, is not.
        if row["type"] == "TIFF" and size == (row["width"], row["height"]):
            turned_twice += size != tuple(row["disp"])
        if size == tuple(row["disp"]):
            right[row["type"]] += 1
            needed.append(bytes_needed(body))
        else:
            wrong.append(f"  {row['path']}: {answer}, expected {row['disp']}")
    for kind, count in sorted(total.items()):
        print(f"{kind:10} {right[kind]:4} of {count:4}")
    print("\n".join(["wrong:", *wrong]) if wrong else "none wrong")
    share = 100 * right.total() / total.total()
    print(f"right: {right.total()} of {total.total()} ({share:.1f} %)")
    print(f"of the others, {turned_twice} are TIFF files whose `disp` is turned twice")
    print(f"bytes needed: median {statistics.median(needed):.0f}, p95 {percentile(needed, 95):.0f}")
    print(f"microseconds: median {statistics.median(micros):.0f}, p95 {percentile(micros, 95):.0f}")


def displayed(answer: Info | Need | NotAnImage) -> tuple[int | None, int | None] | None:
    if isinstance(answer, Info):
        return answer.displayed_width, answer.displayed_height
    return None


def bytes_needed(body: bytes) -> int:
    """The shortest start of the file that already gives the final answer."""
    final = displayed(probe(body, complete=len(body) <= STEPS[-1]))
    low, high = 1, min(len(body), STEPS[-1])
    while low < high:
        middle = (low + high) // 2
        if displayed(probe(body[:middle])) == final:
            high = middle
        else:
            low = middle + 1
    return low


def percentile(values: list[int] | list[float], share: int) -> float:
    return sorted(values)[min(len(values) * share // 100, len(values) - 1)]


if __name__ == "__main__":
    main()
