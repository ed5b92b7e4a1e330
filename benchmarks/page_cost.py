"""What reading a page costs, by kind of page and by who needs it, and where the time goes.

    python benchmarks/page_cost.py [FOLDER …] [--pages 60] [--rounds 3]

Made pages are ordinary ones (`ordinary_pages.py`): 20 to 60 KB with Open Graph and JSON-LD. Each FOLDER holds `index.jsonl` with
one row per page, as for `extract_pages.py`: `dated` are its pages that state their date, `dateless` those on which it is searched
for. Times are CPU milliseconds from an answer to its observation; of each page the least of some rounds, as other work on the
machine can only add. `whole` is an article's own page, `related` one that only related references name, `unchanged` one whose bytes
are those of the visit before, `304` one without bytes.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1])]

from benchmarks.ordinary_pages import ordinary_pages  # noqa: E402 - after the path
from crawler.extractors.loading import load_all  # noqa: E402
from crawler.fetching.answer import Answer  # noqa: E402
from crawler.fetching.observing import answered  # noqa: E402
from crawler.fetching.visit import LinkVisit, host_of  # noqa: E402
from crawler.model.link import DueLink  # noqa: E402
from crawler.model.observation import Observation  # noqa: E402
from crawler.model.page_depth import Depth  # noqa: E402

NOW = datetime(2026, 11, 1, tzinfo=UTC)
HEADERS = {b"content-type": b"text/html"}
EXTRACTORS = "crawler.extractors"
STEPS = {
    "bounds": f"{EXTRACTORS}.html.document:check_bounds",
    "encoding": f"{EXTRACTORS}.html.document:utf8",
    "parser": f"{EXTRACTORS}.html.document:_parse",
    "elements": f"{EXTRACTORS}.html.document:_collect",
    "properties": f"{EXTRACTORS}.metadata.page_metadata:read_properties",
    "JSON-LD": f"{EXTRACTORS}.metadata.page_metadata:read_nodes",
    "microdata": f"{EXTRACTORS}.metadata.page_metadata:date_properties",
    "signs": f"{EXTRACTORS}.page:find_sign",
    "main text": f"{EXTRACTORS}.page:main_text",
    "text hash": f"{EXTRACTORS}.page:content_hash",
    "words": f"{EXTRACTORS}.page:words_of",
    "sketch": f"{EXTRACTORS}.page:sketch_of",
    "AMP": f"{EXTRACTORS}.page:amp_lacks",
    "notices": f"{EXTRACTORS}.page:find_notice",
    "guesses": f"{EXTRACTORS}.page:_guess",
}
"""Functions whose time is told; what is left is the chains of the fields and the observation."""


@dataclass(frozen=True, slots=True)
class Page:
    """An answer, and the link as it is due after it was read once."""

    answer: Answer
    link: DueLink
    seen: Observation

    def read(self, depth: Depth) -> Observation:
        """The observation of its first visit, for an article (whole) or for related references."""
        return _observed(replace(self.link, depth=depth, page_mark=None), self.answer)

    def see_again(self) -> Observation:
        """The observation of a second visit that gets the same bytes."""
        return _observed(self.link, self.answer, self.seen)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="*")
    parser.add_argument("--pages", type=int, default=60, help="made pages")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    load_all()
    kinds = {"made": [page_of(*one) for one in ordinary_pages(arguments.pages)]}
    real = [page_of(*one) for folder in arguments.folder for one in real_pages(folder)]
    for page in real:
        facts = page.seen.page
        kind = "dated" if facts and facts.stated else "dateless"
        kinds.setdefault(kind, []).append(page)
    print(f"{'pages':10}{'read':11}{'number':>8}{'median ms':>11}{'p95 ms':>9}")
    for kind, pages in kinds.items():
        for name, read in READINGS.items():
            print(line(kind, name, [spent(read, page, arguments.rounds) for page in pages]))
    for kind, pages in kinds.items():
        print(f"\nshare of each step, {kind} pages, read whole:")
        for step, share in shares(pages):
            print(f"  {step:12}{share:7.1%}")


def page_of(url: str, body: bytes) -> Page:
    answer = Answer(200, HEADERS, body)
    link = DueLink(1, url or "https://www.example.com/", host_of(url), wants_image=False)
    seen = _observed(link, answer)
    return Page(answer, replace(link, page_mark=seen.page_mark), seen)


def real_pages(folder: Path) -> Iterator[tuple[str, bytes]]:
    for row in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        page = json.loads(row)
        yield page["url"], gzip.decompress((folder / page["file"]).read_bytes())


def _observed(link: DueLink, answer: Answer, before: Observation | None = None) -> Observation:
    kept = before.page if before is not None else None
    reading = answered(LinkVisit.of(link), answer, now=NOW, run=1, kept=lambda _id, _mark: kept)
    return reading.seen


READINGS: dict[str, Callable[[Page], object]] = {
    "whole": lambda page: page.read(Depth.WHOLE),
    "related": lambda page: page.read(Depth.RELATED),
    "unchanged": Page.see_again,
    "304": lambda page: _observed(page.link, Answer(304)),
}


def spent(read: Callable[[Page], object], page: Page, rounds: int) -> float:
    """CPU milliseconds, the least of some rounds."""
    times = []
    for _ in range(rounds):
        began = time.process_time()
        read(page)
        times.append((time.process_time() - began) * 1e3)
    return min(times)


def line(kind: str, name: str, times: Sequence[float]) -> str:
    p95 = sorted(times)[len(times) * 95 // 100]
    return f"{kind:10}{name:11}{len(times):8}{statistics.median(times):11.3f}{p95:9.3f}"


def shares(pages: Sequence[Page]) -> list[tuple[str, float]]:
    """The share of all time that each step took, the largest first."""
    times: dict[str, float] = defaultdict(float)
    originals = {step: _timed(step, place, times) for step, place in STEPS.items()}
    try:
        began = time.process_time()
        for page in pages:
            page.read(Depth.WHOLE)
        whole = time.process_time() - began
    finally:
        for place, original in originals.values():
            _put(place, original)
    times["the rest"] = whole - sum(times.values())
    return sorted(((step, took / whole) for step, took in times.items()), key=lambda one: -one[1])


def _timed(step: str, place: str, times: dict[str, float]) -> tuple[str, Callable[..., Any]]:
    """Put a function that adds up its time in the place of one; returns what was there."""
    module, name = place.split(":")
    original: Callable[..., Any] = getattr(importlib.import_module(module), name)

    def timed(*arguments: Any, **named: Any) -> Any:
        began = time.process_time()
        try:
            return original(*arguments, **named)
        finally:
            times[step] += time.process_time() - began

    _put(place, timed)
    return place, original


def _put(place: str, function: Callable[..., Any]) -> None:
    module, name = place.split(":")
    setattr(importlib.import_module(module), name, function)


if __name__ == "__main__":
    main()
