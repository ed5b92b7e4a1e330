"""A large report, generated while it is read. Run as a script, it measures the memory that writing one takes."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from crawler.model.check import ArticleChecks, DeadLink
from crawler.model.link import Link
from crawler.model.observation import PageFacts
from crawler.model.reference import Reference, Scope
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.role import Role
from crawler.model.verdict import Verdict, VerdictKind
from crawler.reporting import FORMATS, write
from tests.strategies.model import report_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def generated(urls: int) -> Report:
    """A report whose every tenth URL is dead, made as it is read."""

    def url_entries() -> Iterator[UrlEntry]:
        for number in range(urls):
            url = f"https://host-{number % 900}.test/{number}"
            kind = VerdictKind.DEAD if number % 10 == 0 else VerdictKind.ALIVE
            reference = Reference(f"{number}.md", 5, "webUrl", Role.WEB, Scope.OWN, url, url)
            verdict = Verdict(kind, "http-404", "rule", since=NOON)
            page = PageFacts(title=f"Title {number}", description="words " * 30)
            yield UrlEntry(Link(number, url, verdict, 404, page=page), (reference,), 3)

    def article_entries() -> Iterator[ArticleEntry]:
        for number in range(0, urls, 10):
            url = f"https://host-{number % 900}.test/{number}"
            dead = DeadLink("webUrl", 5, VerdictKind.DEAD, "http-404", NOON.date(), url)
            yield ArticleEntry(f"{number}.md", f"Title {number}", ArticleChecks((dead,)), 0, 0)

    return replace(report_of(), urls=url_entries, articles=article_entries)


def peak_kib() -> int:
    """The most memory that this process ever held (Linux)."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text("ascii"))
    assert found
    return int(found[1])


def main() -> None:
    """Print the peak after a small report and after a large one, in KiB."""
    out = Path(sys.argv[1])
    for urls in (1_000, 20_000):
        write(generated(urls), FORMATS.values(), out)
        sys.stdout.write(f"{peak_kib()}\n")


if __name__ == "__main__":
    main()
