"""What runs changed, for a terminal and as JSON: the output of `linkhealth diff`."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from crawler.model.change import Change
from crawler.model.report import ChangedLink
from crawler.reporting.words.escaping import printable
from crawler.rules.credentials import without_credentials

HEADINGS = {
    Change.NEW_BROKEN: "newly broken",
    Change.CONFIRMED_DEAD: "newly dead",
    Change.RECOVERED: "recovered",
    Change.REASON_CHANGED: "broken or dead for another reason",
}
"""In the order in which they are told, which is that of their urgency for an editor."""


def change_lines(changed: Iterable[ChangedLink]) -> Iterator[str]:
    """The changes in groups, a line for each link, and their numbers at the end."""
    groups: dict[Change, list[str]] = {change: [] for change in HEADINGS}
    for one in changed:
        if one.change in groups:
            groups[one.change].append(_line(one))
    for change, lines in groups.items():
        if lines:
            yield f"{HEADINGS[change]}: {len(lines):,}"
            yield from lines
            yield ""
    counts = (f"{len(groups[change]):,} {HEADINGS[change]}" for change in HEADINGS)
    yield ", ".join(counts) + "."


def change_document(changed: Iterable[ChangedLink], after: int, until: int) -> Iterator[str]:
    """The same as one JSON document, in pieces."""
    counts: Counter[Change] = Counter()
    yield f'{{"from": {after}, "to": {until}, "urls": ['
    separator = "\n"
    for one in changed:
        if one.change in HEADINGS:
            counts[one.change] += 1
            yield f"{separator}{_json(_entry(one))}"
            separator = ",\n"
    yield f'\n], "counts": {_json({change.value: counts[change] for change in HEADINGS})}}}\n'


def _line(one: ChangedLink) -> str:
    where = "only in related articles"
    if one.first is not None:
        more = f" and {one.places - 1:,} more" if one.places > 1 else ""
        where = f"{printable(one.first.path)}:{one.first.line}{more}"
    before, after = one.transition.before, one.transition.after
    was = f"{before.kind} ({before.reason})"
    became = f"{after.kind} ({after.reason})"
    return f"  {where}  {printable(one.url)}  {printable(was)} -> {printable(became)}"


def _entry(one: ChangedLink) -> dict[str, Any]:
    before, after = one.transition.before, one.transition.after
    return {
        "url": one.url,
        "change": one.change.value,
        "before": {"verdict": before.kind.value, "reason": before.reason},
        "after": {"verdict": after.kind.value, "reason": after.reason},
        "path": one.first.path if one.first else None,
        "line": one.first.line if one.first else None,
        "at": one.first.pointer if one.first else None,
        "places": one.places,
    }


def _json(value: object) -> str:
    return without_credentials(json.dumps(value))
