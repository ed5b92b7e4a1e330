"""How often the image prober is right, how many bytes it needs and how long it takes, beside others.

    python benchmarks/measure_images.py FOLDER

FOLDER holds `index.jsonl` with one row per image: `path`, `type`, `decodes`, `width` and `height` by a
full decode, `orient` (EXIF's, or what the decoder made of `irot`), `disp` (width and height as
displayed). Pillow, imagesize and filetype (`pip install -e .[bench]`) are left out, visibly, where
they are not installed; filetype tells the type alone. `bytes needed` is the shortest beginning of a
file that gives the right answer.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import json
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict

from crawler.extractors.image.header import (
    PIECE,
    STEPS,
    Info,
    Need,
    NotAnImage,
    Piece,
    probe,
    probe_piece,
    stands_behind,
)

Answer = tuple[int | None, int | None] | str | None
_SIDEWAYS = 5
_RUNS = 5

FILETYPE_NAMES = {
    "jpg": "JPEG", "tif": "TIFF", "heic": "HEIF", "jpx": "JPEG2000", "jp2": "JPEG2000",
}  # fmt: skip
SAME_TYPE = {"MPO": "JPEG", "CUR": "ICO"}


class Row(TypedDict):
    """A line of the index, as far as it is read here."""

    path: str
    type: str
    decodes: bool
    width: int
    height: int
    orient: int
    disp: list[int]


@dataclass(slots=True)
class Tool:
    """A prober: its answer for the first bytes of a file, and its results."""

    name: str
    answer: Callable[[bytes], Answer]
    by_type: bool = False
    right: Counter[str] = field(default_factory=Counter)
    needed: list[int] = field(default_factory=list)
    micros: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    warnings.simplefilter("ignore")
    with (folder / "index.jsonl").open(encoding="utf-8") as lines:
        index = [json.loads(line) for line in lines]
    rows: list[Row] = [row for row in index if row["decodes"] and "disp" in row]
    ours = Tool("linkhealth", by_linkhealth)
    tools = [ours, *others()]
    total: Counter[str] = Counter()
    wrong: list[str] = []
    corrected: Counter[str] = Counter()
    for row in rows:
        body = (folder / row["path"]).read_bytes()
        total[row["type"]] += 1
        size, why = truth(row)
        if why and list(size) != row["disp"]:
            corrected[why] += 1
        for tool in tools:
            measure(tool, body, row["type"], size)
        if by_linkhealth(body) != size:
            said = probe(body, complete=len(body) <= STEPS[-1])
            wrong.append(f"  {row['path']}: {said}, expected {size}")
    print(f"{'':10}  of" + "".join(f"  {tool.name.split()[0]:>10}" for tool in tools))
    for kind, count in sorted(total.items()):
        print(f"{kind:8} {count:5}" + "".join(f"  {tool.right[kind]:10}" for tool in tools))
    print("\n".join(["wrong or unknown:", *wrong]) if wrong else "none wrong")
    for why, count in corrected.items():
        print(f"the index is corrected for {count}: {why}")
    print()
    show(tools, total.total())
    share = 100 * ours.right.total() / total.total()
    print(f"right: {ours.right.total()} of {total.total()} ({share:.1f} %)")
    print(f"bytes needed: {spread(ours.needed)}")
    print(f"microseconds: {spread(ours.micros)}")


def truth(row: Row) -> tuple[tuple[int, int], str]:
    """Width and height as displayed, and why the index says otherwise."""
    width, height = row["width"], row["height"]
    if row["type"] == "TIFF":
        return (width, height), "TIFF, which its decoder turns itself, and `disp` once more"
    if row["orient"] >= _SIDEWAYS and row["type"] == "AVIF":
        return (height, width), "`irot`, which its decoder leaves to the caller"
    return (row["disp"][0], row["disp"][1]), ""


def measure(tool: Tool, body: bytes, kind: str, size: tuple[int, int]) -> None:
    """Measure one image: the tool's answer for the whole file, its time, and the fewest bytes that are enough."""
    expected: Answer = SAME_TYPE.get(kind, kind) if tool.by_type else size
    times = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        said = safely(tool, body)
        times.append((time.perf_counter() - began) * 1e6)
    tool.micros.append(statistics.median(times))
    if said != expected:
        return
    tool.right[kind] += 1
    low, high = 1, len(body)
    while low < high:
        middle = (low + high) // 2
        if safely(tool, body[:middle]) == expected:
            high = middle
        else:
            low = middle + 1
    tool.needed.append(low)


def safely(tool: Tool, body: bytes) -> Answer:
    """A tool's answer, whatever it raises: other tools raise many errors on files that are unknown to them or cut."""
    with contextlib.suppress(Exception):
        return tool.answer(body)
    return None


def by_linkhealth(body: bytes) -> Answer:
    answer: Info | Need | NotAnImage = probe(body)
    is_unknown = isinstance(answer, Info) and answer.width is None
    behind = stands_behind(body) if is_unknown else None
    if behind is not None:
        answer = probe_piece(body, Piece(behind, body[behind : behind + PIECE])) or answer
    if isinstance(answer, Need):
        return None
    return (answer.displayed_width, answer.displayed_height) if isinstance(answer, Info) else None


def others() -> Iterator[Tool]:
    """The tools that are installed."""
    for name, make in (("pillow", pillow), ("imagesize", image_size), ("filetype", file_type)):
        try:
            yield make()
        except ImportError:
            print(f"{name} is not installed and left out")


def pillow() -> Tool:
    image = importlib.import_module("PIL.Image")

    def answer(body: bytes) -> Answer:
        with image.open(io.BytesIO(body)) as opened:
            width, height = opened.size
            turned = opened.format != "TIFF" and opened.getexif().get(0x0112, 1) >= _SIDEWAYS
        return (height, width) if turned else (width, height)

    return Tool(f"Pillow {version('pillow')}", answer)


def image_size() -> Tool:
    get: Callable[[io.BytesIO], tuple[int, int]] = importlib.import_module("imagesize").get
    return Tool(f"imagesize {version('imagesize')}", lambda body: get(io.BytesIO(body)))


def file_type() -> Tool:
    match = importlib.import_module("filetype").image_match

    def answer(body: bytes) -> Answer:
        extension: str = match(body).extension
        return FILETYPE_NAMES.get(extension, extension.upper())

    return Tool(f"filetype {version('filetype')} (type)", answer, by_type=True)


def show(tools: list[Tool], total: int) -> None:
    """The table: a line per tool."""
    print(f"{'':25} {'right':>16}  {'bytes needed':>26}  {'microseconds':>26}")
    for tool in tools:
        count = tool.right.total()
        share = f"{count} ({100 * count / total:.1f} %)"
        print(f"{tool.name:25} {share:>16}  {spread(tool.needed):>26}  {spread(tool.micros):>26}")


def spread(values: list[int] | list[float]) -> str:
    return f"median {statistics.median(values):.0f}, p95 {percentile(values, 95):.0f}"


def percentile(values: list[int] | list[float], share: int) -> float:
    return sorted(values)[min(len(values) * share // 100, len(values) - 1)]


if __name__ == "__main__":
    main()
