"""Editors' decisions as a table for a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.model.decision import Decision
from crawler.model.link import Link
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.written_dates import iso_date
from crawler.rules.verdict.decision_validity import decision_state

_NOTE_WIDTH = 40
_HEAD = ("STATE", "UNTIL", "SAID", "REASON", "URL")


@dataclass(frozen=True, slots=True)
class DecidedLink:
    """A decision with its link, None where the link is no longer known."""

    decision: Decision
    link: Link | None


def decision_table(decided: Iterable[DecidedLink], now: datetime) -> list[str]:
    """One line for each decision, below a head. The URL stands last and is not cut, so that it can be copied."""
    rows = [_HEAD, *(_cells(each, now) for each in decided)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD) - 1)]
    return [
        "  ".join(
            [*(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=False)), row[-1]]
        )
        for row in rows
    ]


def _cells(each: DecidedLink, now: datetime) -> tuple[str, ...]:
    decision = each.decision
    verdict = each.link.verdict if each.link else None
    return (
        decision_state(decision, verdict, now).value,
        iso_date(decision.until) or "evidence changes",
        iso_date(decision.decided_at) or "",
        printable(" ".join(decision.note.split()), _NOTE_WIDTH),
        printable(decision.url),
    )
