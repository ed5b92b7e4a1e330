"""How fast pages are read, and how often title and day of publication are right.

    python benchmarks/extract_pages.py FOLDER …

Each FOLDER holds `index.jsonl` with one row per page: `file` (gzipped HTML), `url` and `gt` with
`title` and `date_published` where known. Times are CPU milliseconds, each page read once after a
warm-up.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.extractors.cleaning import comparable
from crawler.extractors.page import extract_page
from crawler.model.observation import PageFacts


@dataclass(frozen=True, slots=True)
class Page:
    """One row of a folder: the page and what is true of it."""

    name: str
    url: str
    body: bytes
    title: str | None
    day: str | None


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--wrong", action="store_true", help="list the pages that are wrong")
    arguments = parser.parse_args()
    print(f"{'folder':14}{'pages':>6}{'median ms':>11}{'p95 ms':>9}{'title':>18}{'day':>18}")
    for folder in arguments.folder:
        measure(folder, show_wrong=arguments.wrong)


def measure(folder: Path, *, show_wrong: bool) -> None:
    pages = list(read(folder))
    for page in pages[:20]:
        extract_page(page.body, url=page.url, content_type=None)
    times: list[float] = []
    titles: list[bool] = []
    days: list[bool] = []
    for page in pages:
        began = time.process_time()
        facts = extract_page(page.body, url=page.url, content_type=None).facts
        times.append((time.process_time() - began) * 1e3)
        if page.title:
            titles.append(same_title(facts, page.title))
            if show_wrong and not titles[-1]:
                print(f"  title {page.name}\n    want {page.title}\n    have {facts.title}")
        if page.day:
            days.append((facts.published or "")[:10] == page.day)
            if show_wrong and not days[-1]:
                print(f"  day {page.name} want {page.day} have {facts.published}")
    p95 = sorted(times)[len(times) * 95 // 100]
    print(
        f"{folder.name:14}{len(pages):6}{statistics.median(times):11.2f}{p95:9.2f}"
        f"{share(titles):>18}{share(days):>18}"
    )


def read(folder: Path) -> Iterator[Page]:
    for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        truth = row["gt"]
        body = gzip.decompress((folder / row["file"]).read_bytes())
        day = truth.get("date_published")
        yield Page(row["file"], row["url"], body, truth.get("title"), day[:10] if day else None)


def same_title(facts: PageFacts, title: str) -> bool:
    return facts.title is not None and comparable(facts.title) == comparable(title)


def share(right: list[bool]) -> str:
    return f"{sum(right)}/{len(right)} {100 * sum(right) / len(right):.1f} %" if right else "-"


if __name__ == "__main__":
    main()
