"""Whether answers of different sites are one page, by the likeness of their marks (rule O5).

A mark is a kind and what tells its page from others: `title …` for a title, `page:…` and `text:…` for the smallest
hashes of the words (`crawler.extractors.signs.page_mark`), `bare …` for an error without a word.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from math import ceil

TITLE, PAGE, TEXT, BARE = "title ", "page:", "text:", "bare "
ALIKE = 0.8
"""Marks at least so much alike are of one page. Ours: a page of ten words may show a time and a number beside them."""
_DIGITS = 8


def same_page(one: str | None, other: str | None) -> bool:
    """Whether two marks may be of one page; a mark without hashes of words is known to be one, and no more."""
    if one is None or other is None or one == other:
        return one == other
    first, second = _hashes(one), _hashes(other)
    if first is None or second is None:
        return False
    return _are_alike(first, second)


class Labels:
    """For each mark the first that is of the same page. Every mark is compared once, when it is first asked for."""

    def __init__(self) -> None:
        self._label: dict[str, str] = {}
        self._leaders: list[tuple[str, frozenset[int]]] = []
        self._led_by: dict[int, list[int]] = defaultdict(list)
        """The leaders that have a hash, by their places."""

    def of(self, mark: str) -> str:
        """The label of a mark, which is the mark itself where none before it is of the same page."""
        known = self._label.get(mark)
        if known is not None:
            return known
        hashes = _hashes(mark) or frozenset()
        near = (self._leaders[place] for place in self._near(hashes))
        label = next((leader for leader, its in near if _are_alike(its, hashes)), mark)
        self._label[mark] = label
        if label == mark:
            for each in hashes:
                self._led_by[each].append(len(self._leaders))
            self._leaders.append((mark, hashes))
        return label

    def _near(self, hashes: frozenset[int]) -> list[int]:
        """The places of leaders that may be alike, the first ones first: they lack too few of the hashes to have none of
        the rarest."""
        held = [self._led_by[each] for each in hashes if each in self._led_by]
        strange = len(hashes) - len(held)
        lacked = len(hashes) - ceil(ALIKE * len(hashes))
        if strange > lacked:
            return []
        rarest = sorted(held, key=len)[: lacked + 1 - strange]
        return sorted({place for places in rarest for place in places})


def labels(marks: Iterable[str]) -> dict[str, str]:
    """For each mark the first that is of the same page."""
    found = Labels()
    return {mark: found.of(mark) for mark in marks}


@lru_cache(maxsize=4_096)
def _hashes(mark: str) -> frozenset[int] | None:
    if not mark.startswith((PAGE, TEXT)):
        return None
    digits = mark[len(PAGE) :]
    return frozenset(
        int(digits[place : place + _DIGITS], 16) for place in range(0, len(digits), _DIGITS)
    )


def _are_alike(first: frozenset[int], second: frozenset[int]) -> bool:
    # What both have bounds the share from above, and most pages have little in common.
    if len(first & second) < ALIKE * max(len(first), len(second)):
        return False
    return _share(first, second) >= ALIKE


def _share(first: frozenset[int], second: frozenset[int]) -> float:
    """The share of hashes that are in both, estimated by the smallest of either (Broder 1997)."""
    smallest = sorted(first | second)[: max(len(first), len(second))]
    return sum(each in first and each in second for each in smallest) / max(1, len(smallest))
