"""How fast pages are read, and how often each field is right, beside what other tools read.

    python benchmarks/extract_pages.py FOLDER … [--beside] [--wrong FIELD]

Each FOLDER holds `index.jsonl` with one row per page: `file` (gzipped HTML), `url` and `gt`, the truth
by field where known. Times are CPU milliseconds, each page read once after a warm-up; `structured` are
the pages that say their date, `guessed` those on which it is searched for, `extruct` the structured ones
once more, by extruct alone with Open Graph and JSON-LD.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import extruct

sys.path[:0] = [str(Path(__file__).parents[1])]

from benchmarks.other_extractors import Answer, installed  # noqa: E402 - after the path
from crawler.extractors.html.bounds import ContentError  # noqa: E402
from crawler.extractors.html.cleaning import clean_text  # noqa: E402
from crawler.extractors.page import extract_page  # noqa: E402
from crawler.rules.text_folding import plain  # noqa: E402

_JOINTS = re.compile(r"\s*(?:[;,&/|]|\band\b|\bund\b|\bet\b|\by\b)\s*", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:by|von|par|por)\s+", re.IGNORECASE)


Times = dict[str, list[float]]
"""CPU milliseconds of each page, by kind of page."""


@dataclass(frozen=True, slots=True)
class Page:
    """One row of a folder: the page and its true fields."""

    name: str
    url: str
    body: bytes
    truth: dict[str, Any]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--beside", action="store_true", help="other tools on the same pages too")
    parser.add_argument("--wrong", choices=FIELDS, help="list the pages on which a field is wrong")
    arguments = parser.parse_args()
    speed: list[str] = []
    tables: list[str] = []
    together: Times = {}
    for folder in arguments.folder:
        pages = list(read(folder))
        if arguments.wrong:
            show_wrong(pages, arguments.wrong)
        times = measure_speed(pages)
        speed += speed_lines(folder.name, times)
        for kind, spent in times.items():
            together.setdefault(kind, []).extend(spent)
        tables += compare(folder.name, pages, beside=arguments.beside)
    print(f"{'folder':14}{'pages':12}{'number':>8}{'median ms':>11}{'p95 ms':>9}{'max ms':>9}")
    if len(arguments.folder) > 1:
        speed += speed_lines("together", together)
    print("\n".join(speed))
    print(f"\n{'folder':14}{'tool':12}" + "".join(f"{field:>19}" for field in FIELDS))
    print("\n".join(tables))


def read(folder: Path) -> Iterator[Page]:
    for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        truth = row["gt"]
        body = gzip.decompress((folder / row["file"]).read_bytes())
        yield Page(row["file"], row["url"], body, {
            "title": truth.get("title"),
            "day": (truth.get("date_published") or "")[:10],
            "description": truth.get("description"),
            "author": truth.get("author") or truth.get("byline"),
            "image": truth.get("image"),
            "site_name": truth.get("site_name"),
        })  # fmt: skip


def measure_speed(pages: Sequence[Page]) -> Times:
    for page in pages[:20]:
        ours(page.body, page.url)
    times: Times = {"all": [], "structured": [], "guessed": [], "extruct": []}
    for page in pages:
        began = time.process_time()
        facts = extract_page(page.body, url=page.url, content_type=None).facts
        spent = (time.process_time() - began) * 1e3
        kind = "structured" if facts.published and not facts.published_guessed else "guessed"
        times["all"].append(spent)
        times[kind].append(spent)
        if kind == "structured":
            times["extruct"].append(by_extruct_alone(page))
    return times


def speed_lines(folder: str, times: Times) -> list[str]:
    return [
        f"{folder:14}{kind:12}{len(spent):8}{statistics.median(spent):11.2f}"
        f"{sorted(spent)[len(spent) * 95 // 100]:9.2f}{max(spent):9.2f}"
        for kind, spent in times.items()
        if spent
    ]


def by_extruct_alone(page: Page) -> float:
    """CPU milliseconds of extruct's two cheapest syntaxes: a measure of the machine and its load."""
    began = time.process_time()
    extruct.extract(
        page.body, base_url=page.url, syntaxes=["opengraph", "json-ld"], errors="ignore"
    )
    return (time.process_time() - began) * 1e3


def ours(body: bytes, url: str) -> Answer:
    facts = extract_page(body, url=url, content_type=None).facts
    return Answer(
        facts.title, facts.published, facts.description, facts.authors, facts.image, facts.site_name
    )


def compare(folder: str, pages: Sequence[Page], *, beside: bool) -> list[str]:
    tools = installed() if beside else {}
    return [
        line(folder, name, pages, tool, fields)
        for name, (tool, fields) in (tools | {"linkhealth": (ours, tuple(FIELDS))}).items()
    ]


def line(
    folder: str,
    name: str,
    pages: Sequence[Page],
    tool: Callable[[bytes, str], Answer],
    fields: Sequence[str],
) -> str:
    right: dict[str, list[bool]] = {field: [] for field in FIELDS}
    for page in pages:
        answer = read_by(tool, page)
        for field in fields:
            if page.truth[field]:
                right[field].append(FIELDS[field](answer, page.truth[field]))
    return f"{folder:14}{name:12}" + "".join(f"{share(right[field]):>19}" for field in FIELDS)


def read_by(tool: Callable[[bytes, str], Answer], page: Page) -> Answer:
    """A tool's answer for a page; an empty one where it fails."""
    try:
        return tool(page.body, page.url)
    except ContentError:
        raise
    except Exception:  # noqa: BLE001 - another tool's failure is its answer
        return Answer()


def show_wrong(pages: Sequence[Page], field: str) -> None:
    for page in pages:
        answer = ours(page.body, page.url)
        if page.truth[field] and not FIELDS[field](answer, page.truth[field]):
            have = getattr(answer, "authors" if field == "author" else field)
            print(f"  {page.name}  {page.url}\n    want {page.truth[field]}\n    have {have}")


def same_text(have: str | None, want: str) -> bool:
    return bool(have) and plain(clean_text(have)) == plain(clean_text(want))


def same_names(have: Sequence[str], want: str) -> bool:
    """Whether the same persons are named, in any order, with or without "By"."""
    return bool(have) and set(names(", ".join(have))) == set(names(want))


def names(text: str) -> Iterator[str]:
    for one in _JOINTS.split(_BYLINE.sub("", clean_text(text))):
        if one:
            yield plain(one)


def same_picture(have: str | None, want: str) -> bool:
    """By path, without scheme and query."""
    return bool(have) and place(have or "") == place(want)


def place(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.netloc, parts.path


FIELDS: dict[str, Callable[[Answer, Any], bool]] = {
    "title": lambda have, want: same_text(have.title, want),
    "day": lambda have, want: (have.day or "")[:10] == want,
    "description": lambda have, want: same_text(have.description, want),
    "author": lambda have, want: same_names(have.authors, want),
    "image": lambda have, want: same_picture(have.image, want),
    "site_name": lambda have, want: same_text(have.site_name, want),
}


def share(right: list[bool]) -> str:
    return f"{sum(right)} of {len(right)}, {100 * sum(right) / len(right):.1f} %" if right else "-"


if __name__ == "__main__":
    main()
