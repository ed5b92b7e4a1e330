"""What `report.html` holds, read as its script reads it: the data behind the page, and every word of it."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_BLOCK = re.compile(
    r'<script type="application/octet-stream" id="data-([a-z]+)">([A-Za-z0-9+/=]*)</script>'
)


@dataclass(frozen=True)
class PageContents:
    """The blocks of a page. `head` is one object; `urls` and `details` have a row for each URL."""

    head: dict[str, Any]
    urls: list[list[Any]]
    texts: list[str]
    details: list[list[Any]]
    related: list[list[int]]

    def text(self, value: str | int) -> str:
        """A text of a row, which stands there itself or is a number in the table."""
        if isinstance(value, str):
            return value
        return self.texts[value - 1] if value else ""

    def cell(self, row: list[Any], index: int) -> Any:
        """A value of a row, 0 where the row ends before."""
        return row[index] if index < len(row) else 0

    def explanation(self, url: str) -> str:
        """The explanation of a URL."""
        (number,) = (n for n, row in enumerate(self.urls) if self.cell(row, 0) == url)
        return self.text(self.cell(self.details[number], 0))

    def places(self, number: int) -> list[tuple[str, int, str]]:
        """Path, line and pointer of each of the articles' own places of a URL."""
        flat = self.cell(self.urls[number], 11) or []
        return [self._place(*flat[at : at + 3]) for at in range(0, len(flat), 3)]

    def related_places(self) -> Iterator[tuple[str, tuple[str, int, str]]]:
        """Each URL with each of its places in related articles, in the order of the files."""
        for file, *flat in self.related:
            url = line = pointer = 0
            for at in range(0, len(flat), 3):
                url, line, pointer = url + flat[at], line + flat[at + 1], pointer + flat[at + 2]
                yield self.cell(self.urls[url], 0), self._place(file, line, pointer)

    def _place(self, file: int, line: int, pointer: int) -> tuple[str, int, str]:
        return self.head["files"][file], line, self.head["pointers"][pointer][0]


def data_of(html: str) -> PageContents:
    """The data of a page."""
    blocks = {
        name: json.loads(zlib.decompress(base64.b64decode(packed)))
        for name, packed in _BLOCK.findall(html)
    }
    (blocks["head"],) = blocks["head"]
    return PageContents(**blocks)


def words_of(html: str) -> str:
    """Every text of a page, each on a line of its own: those of its data and of its frame."""
    data = data_of(html)
    frame = _BLOCK.sub("", html).rpartition("<script>")[0]
    found = [frame]
    for block in (data.head, data.urls, data.texts, data.details):
        found += _texts(block)
    return "\n".join(found)


def page_words(path: Path) -> str:
    """Every text of a page in a file."""
    return words_of(path.read_text(encoding="utf-8"))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
