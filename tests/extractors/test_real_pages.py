"""Rules V2, V4, N4, N6 and N7 on the real articles of the shared pages, each read once: none is taken for what it is not.

Kept in one file because reading the pages takes longest.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations, islice
from pathlib import Path
from time import process_time
from urllib.parse import urlsplit

import pytest

from crawler.extractors.html.document import read_document
from crawler.extractors.page import ExtractedPage, extract_document
from crawler.extractors.signs.gates import says_gate
from crawler.extractors.signs.likeness import Sketch, alike, sketch_page
from crawler.extractors.signs.page_signs import find_sign
from crawler.extractors.signs.said_gone import says_gone
from crawler.model.observation import Further, Observation
from crawler.rules.verdict.page_rule import Outcome
from crawler.rules.verdict.page_state import find
from crawler.rules.verdict.probe_reasons import ProbeReason, bears_title, probe_reason
from tests.time_limits import cpu_limit

pytestmark = pytest.mark.shared_data

SHARE = 3 if os.environ.get("CI") else 1
"""One page of so many is read: all of them are a twelfth of the processor time of all tests."""
PAGES = -(-1_231 // SHARE)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RealPage:
    """A real article, what is read of it, and the title that people noted.

    `seconds` is the processor time of `find_sign`.
    """

    file: str
    url: str
    noted_title: str | None
    extracted: ExtractedPage
    sketch: Sketch | None
    is_gate: bool
    is_gone: bool
    seconds: float


@pytest.fixture(scope="module")
def real_pages(shared: Path) -> list[RealPage]:
    every = (
        (folder, line)
        for name in ("trafilatura", "readability", "metascraper", "newspaper4k")
        for folder in (shared / "pages" / name,)
        for line in (folder / "index.jsonl").read_text(encoding="utf-8").splitlines()
    )
    return [_read(folder, json.loads(line)) for folder, line in islice(every, 0, None, SHARE)]


def _read(folder: Path, row: dict[str, object]) -> RealPage:
    body = gzip.decompress((folder / str(row["file"])).read_bytes())
    url = str(row["url"])
    document = read_document(body, url=url, content_type=None)
    extracted = extract_document(document)
    started = process_time()
    find_sign(document, extracted.candidates)
    seconds = process_time() - started
    truth = row["gt"]
    assert isinstance(truth, dict)
    return RealPage(
        file=str(row["file"]),
        url=url.strip(),
        noted_title=truth.get("title"),
        extracted=extracted,
        sketch=sketch_page(body, url=url, content_type=None),
        is_gate=says_gate(document),
        is_gone=says_gone(document),
        seconds=seconds,
    )


def test_none_has_a_sign(real_pages: list[RealPage]) -> None:
    assert len(real_pages) == PAGES
    for page in real_pages:
        found = page.extracted
        assert found.sign is None, (page.file, found.evidence)
        seen = Observation(page.url, NOW, 1, status=200, sign=found.sign, page=found.facts)
        assert find(seen).outcome is Outcome.ALIVE, page.file
    assert statistics.median(page.seconds for page in real_pages) < cpu_limit(0.0003)


def test_they_are_hardly_gates_and_never_gone(real_pages: list[RealPage]) -> None:
    assert [page.url for page in real_pages if page.is_gone] == []
    assert sum(page.is_gate for page in real_pages) < 0.12 * len(real_pages)


def test_those_of_one_host_are_not_alike(real_pages: list[RealPage]) -> None:
    hosts: dict[str, list[tuple[str, Sketch]]] = defaultdict(list)
    for page in real_pages:
        if page.sketch is not None and (host := urlsplit(page.url).hostname):
            hosts[host].append((page.url, page.sketch))
    pairs = {
        (one, other): alike(first, second)
        for pages in hosts.values()
        for (one, first), (other, second) in combinations(pages, 2)
        if one.removesuffix(".php") != other.removesuffix(".php")
        and not (first.is_shell and second.is_shell)
    }
    assert len(pairs) > 280 // SHARE**2
    assert max(pairs.values()) < 0.2


def test_few_under_their_own_titles_are_suspects(real_pages: list[RealPage]) -> None:
    """Each costs a request: those whose stored title, noted by people, is none of the page's."""
    found: list[ProbeReason | None] = []
    for page in real_pages:
        if page.url.startswith("http") and page.noted_title is not None:
            facts = page.extracted.facts
            is_titled = bears_title(facts, [page.noted_title])
            seen = Observation(page.url, NOW, 1, status=200, final_url=page.url, page=facts)
            found.append(probe_reason(replace(seen, further=Further(is_titled=is_titled)), 1))
    assert len(found) > 0.8 * PAGES
    assert set(found) == {None, ProbeReason.OTHER_TITLE}
    assert found.count(ProbeReason.OTHER_TITLE) < 0.015 * len(found)
