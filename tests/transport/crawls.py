"""Small crawls through the whole program, for tests that need real sockets."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.time_limits import HANG
from tests.web import Completed, LoopbackWeb

SHORT_TIMES = (
    "DOWNLOAD_TIMEOUT=12",
    "LINKHEALTH_BODY_TIMEOUT=10",
    "LINKHEALTH_CONNECT_TIMEOUT=8",
)
"""Shorter than the defaults, for what will never answer; long enough for what a busy machine answers late."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a crawl ended, and its items by URL."""

    completed: Completed
    items: dict[str, dict[str, Any]]

    def failure(self, url: str) -> str | None:
        failure: str | None = self.items[url]["failure"]
        return failure

    def verdict(self, url: str) -> str:
        return str(self.items[url]["verdict"])


def write_article(
    folder: Path, urls: Iterable[str], images: Iterable[str] = (), *, options: str = "retries: 0\n"
) -> Path:
    """A collection of one article with these links; gives its folder."""
    folder.mkdir(exist_ok=True)
    lines = ["---", "title: Links", "images:"]
    for url in images:
        lines += [f"  - url: {json.dumps(url)}", "    width: 10", "    height: 20"]
    lines.append("related:")
    for url in urls:
        lines += ["  - title: One", f"    webUrl: {json.dumps(url)}"]
    (folder / "article.md").write_text("\n".join((*lines, "---", "")), encoding="utf-8")
    (folder / ".linkhealth.yml").write_text(options)
    return folder


def crawl(
    web: LoopbackWeb,
    content: Path,
    *arguments: str,
    settings: Iterable[str] = (),
    **environment: str,
) -> Crawled:
    """Run `crawl articles` with a feed; every setting is `NAME=VALUE`."""
    feed = content.parent / "items.jsonl"
    given = [part for setting in settings for part in ("-s", setting)]
    completed = web.run_crawler(
        "crawl",
        "articles",
        "-a",
        f"content={content}",
        "-O",
        str(feed),
        *given,
        *arguments,
        cwd=content.parent,
        timeout=HANG,
        **environment,
    )
    text = feed.read_text(encoding="utf-8") if feed.exists() else ""
    items = [json.loads(line) for line in text.splitlines()]
    by_url = {item["url"]: item for item in items}
    assert len(by_url) == len(items), "an item twice"
    return Crawled(completed, by_url)
