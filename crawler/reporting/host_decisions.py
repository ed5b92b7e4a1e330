"""The decisions about a host, as a file that `linkhealth apply` reads: one row for each URL (docs/repair.md)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from crawler.model.host_overview import HostOverview
from crawler.model.repair import Verb
from crawler.reporting.formats.csv_report import ENCODING
from crawler.reporting.words.escaping import csv_cell

COLUMNS: Final = ("url", "suggestion", "decision", "new_value", "note")
_PERHAPS: Final = "gone; it would be here by the pattern: look, and write replace-everywhere"


def decision_rows(one: HostOverview) -> Iterator[tuple[str, ...]]:
    """A row for each URL: what moved is accepted, AMP pairs that are to go are dropped, and what may have moved by a
    pattern has its address and no decision yet."""
    for old, new in one.moves:
        yield old, new, Verb.ACCEPT.value, "", ""
    for url in one.amp.to_drop:
        yield url, "", Verb.DROP.value, "", ""
    told: set[str] = set()
    for pattern in one.patterns:
        for url, led in pattern.gone:
            if url not in told:
                told.add(url)
                yield url, "", "", led, _PERHAPS


def decision_file(one: HostOverview) -> tuple[bytes, int]:
    """The file, and how many of its rows are decided."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    decided = 0
    for row in decision_rows(one):
        decided += bool(row[COLUMNS.index("decision")])
        writer.writerow(map(csv_cell, row))
    return text.getvalue().encode(ENCODING), decided
