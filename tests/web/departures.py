"""When each request leaves the crawler, by its own clock: a Scrapy add-on.

On a busy machine a request arrives at the origin late, and the next seems to follow too soon.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from scrapy import Request, signals

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

_SETTING = "TEST_DEPARTURES"


class Departures:
    """Adds a line for each request to the file that the setting names."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy as its other add-ons are, and kept until the crawl has ended."""
        made = cls(Path(crawler.settings[_SETTING]))
        crawler.signals.connect(made.note, signals.request_reached_downloader)
        return made

    def note(self, request: Request) -> None:
        """Add the line."""
        with self._file.open("a", encoding="utf-8") as file:
            file.write(f"{monotonic()} {request.url}\n")


def noted_in(file: Path) -> Iterator[str]:
    """The arguments of a crawl that writes its departures into a file."""
    name = f"{Departures.__module__}.{Departures.__qualname__}"
    yield from ("-s", f'ADDONS={{"{name}": 1}}', "-s", f"{_SETTING}={file}")


def departures(file: Path) -> dict[str, list[float]]:
    """The moments in seconds, in order, by host."""
    found: dict[str, list[float]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        at, _, url = line.partition(" ")
        found.setdefault(urlsplit(url).netloc, []).append(float(at))
    return found
