"""Every page that says of itself that it was corrected or retracted, to be looked at by a person, and what it costs to look.

    python benchmarks/page_notices.py FOLDER … [--time]

Each FOLDER holds `index.jsonl` with one row per page: `file` (gzipped HTML) and `url`, as for extract_pages. With `--time`
the CPU microseconds of the look-up alone, median and 95th percentile, behind a page that is parsed already.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]

from crawler.extractors.html.bounds import ContentError  # noqa: E402 - after the path
from crawler.extractors.html.document import read_document  # noqa: E402
from crawler.extractors.metadata.notices import find_notice  # noqa: E402
from crawler.extractors.metadata.page_metadata import PageMetadata  # noqa: E402
from crawler.extractors.page import extract_page  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--time", action="store_true", help="what the look-up costs")
    arguments = parser.parse_args()
    pages, found, spent = 0, 0, []
    for folder in arguments.folder:
        for name, url, body in read(folder):
            pages += 1
            if arguments.time:
                spent.append(look_up(body, url))
                continue
            try:
                notice = extract_page(body, url=url, content_type=None).facts.notice
            except ContentError:
                continue
            if notice is not None:
                found += 1
                print(f"{folder.name}/{name}  {url}\n    {notice.kind.value}: {notice.words!r}")
    if spent:
        slow = sorted(spent)[len(spent) * 95 // 100]
        print(f"{pages} pages, median {statistics.median(spent):.0f} us, p95 {slow:.0f} us")
    else:
        print(f"{pages} pages, {found} notices")


def read(folder: Path) -> Iterator[tuple[str, str, bytes]]:
    for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield row["file"], row["url"], gzip.decompress((folder / row["file"]).read_bytes())


def look_up(body: bytes, url: str) -> float:
    """CPU microseconds of the look-up in one page."""
    try:
        page = PageMetadata(read_document(body, url=url, content_type=None))
    except ContentError:
        return 0.0
    began = time.process_time()
    find_notice(page)
    return (time.process_time() - began) * 1e6


if __name__ == "__main__":
    main()
