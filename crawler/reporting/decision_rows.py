"""Findings as rows of a table in which an editor decides: one row for each thing to decide.

All that is wrong with one image at one place is one row, unless there are several suggestions to choose from: the row
names the other reasons beside its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from crawler.model.check import Level
from crawler.reporting.finding import Finding, FindingKind

_LEVEL_RANK = {Level.ERROR: 0, Level.WARNING: 1, Level.INFO: 2}


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A finding, and the reasons of further findings that the same decision is about."""

    finding: Finding
    also: tuple[str, ...] = ()


def decision_rows(findings: Iterable[Finding]) -> Iterator[DecisionRow]:
    """The rows of findings in an order in which those on one image stand together: by file, or by priority."""
    for key, group in groupby(findings, key=_image):
        if key is None:
            yield from map(DecisionRow, group)
        else:
            yield from _folded(tuple(group))


def _image(finding: Finding) -> tuple[str, int, str, str] | None:
    if finding.kind is not FindingKind.IMAGE:
        return None
    return finding.path, finding.line, finding.at, finding.url


def _folded(group: tuple[Finding, ...]) -> Iterator[DecisionRow]:
    """The rows of one image: one for each suggestion, the first of them with the worst level, the highest priority and all
    other reasons."""
    if len(group) == 1:
        yield DecisionRow(group[0])
        return
    by_suggestion: dict[str | None, Finding] = {}
    for finding in sorted(group, key=lambda one: _LEVEL_RANK[one.level]):
        by_suggestion.setdefault(finding.suggestion, finding)
    rows = [finding for suggestion, finding in by_suggestion.items() if suggestion is not None]
    first, *others = rows or by_suggestion.values()
    shown = {first.reason, *(one.reason for one in others)}
    also = tuple(dict.fromkeys(one.reason for one in group if one.reason not in shown))
    worst = min((one.level for one in group), key=_LEVEL_RANK.__getitem__)
    highest = max(one.priority for one in group)
    yield DecisionRow(replace(first, level=worst, priority=highest), also)
    yield from (DecisionRow(replace(one, priority=highest)) for one in others)
