"""The changes of a repair as a unified diff, safe to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from crawler.content import Shown, shown_lines
from crawler.model.repair import Repair
from crawler.reporting.words.escaping import printable

_LONGEST_LINE = 4_000
_NOTHING_MORE = Shown()


def unified(path: str, before: bytes, after: bytes, shown: Shown = _NOTHING_MORE) -> Iterator[str]:
    """The lines of a unified diff, without line ends; three lines around each change, of which only what `shown` allows
    is shown."""
    name = printable(path)
    lines = unified_diff(
        shown_lines(path, before, shown),
        shown_lines(path, after, shown),
        f"a/{name}",
        f"b/{name}",
        lineterm="",
    )
    for line in lines:
        yield "\t".join(printable(part, _LONGEST_LINE) for part in line.rstrip("\r").split("\t"))


def shown_around(repairs: Iterable[Repair], secret: frozenset[str]) -> Shown:
    """What may be shown around these repairs: the values of their keys, and of those that linkhealth reads."""
    keys = (part for repair in repairs for part in repair.change.at.split("/"))
    return Shown(frozenset(keys) - secret, secret)
