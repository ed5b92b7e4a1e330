"""The changes of a repair as a unified diff, safe to show."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from crawler.reporting.words.escaping import printable

_LONGEST_LINE = 4_000


def unified(path: str, before: bytes, after: bytes) -> Iterator[str]:
    """The lines of a unified diff, without line ends; three lines around each change."""
    name = printable(path)
    lines = unified_diff(
        before.decode("utf-8", "replace").split("\n"),
        after.decode("utf-8", "replace").split("\n"),
        f"a/{name}",
        f"b/{name}",
        lineterm="",
    )
    for line in lines:
        yield "\t".join(printable(part, _LONGEST_LINE) for part in line.rstrip("\r").split("\t"))
