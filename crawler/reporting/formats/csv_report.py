"""`report.csv`: one row for each thing to decide (`crawler.reporting.decision_rows`), with room for the decision.

For spreadsheets: UTF-8 with a byte order mark, RFC 4180 (comma, CRLF, quotes doubled), and no cell
that a program would evaluate (`crawler.reporting.words.escaping.csv_cell`).
"""

from __future__ import annotations

import csv
from typing import BinaryIO, TextIO

from crawler.reporting.decision_rows import DecisionRow, decision_rows
from crawler.reporting.findings import Findings
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.words.escaping import csv_cell
from crawler.reporting.words.written_dates import iso_date

FINDING_COLUMNS = (
    "path",
    "line",
    "at",
    "kind",
    "verdict",
    "reason",
    "level",
    "also",
    "url",
    "status",
    "final_url",
    "suggestion",
    "declared",
    "actual",
    "since",
    "change",
    "title",
    "explanation",
    "priority",
    "owners",
)
DECISION_COLUMNS = ("decision", "new_value", "until", "note")
"""Left empty: the editor fills them in."""
COLUMNS = FINDING_COLUMNS + DECISION_COLUMNS

ENCODING = "utf-8-sig"
_UNDECIDED = ("",) * len(DECISION_COLUMNS)


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the report into a new file."""
    with text_of(stream, ENCODING) as text:
        write_csv(content.findings, text)


def write_csv(findings: Findings, stream: TextIO) -> None:
    """Write every row to `stream`, which was opened with `ENCODING` and `newline=""`."""
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in decision_rows(findings.by_priority()):
        writer.writerow((*map(csv_cell, cells(row)), *_UNDECIDED))


def cells(row: DecisionRow) -> tuple[str, ...]:
    """The cells of `FINDING_COLUMNS`, empty where the finding has no value."""
    finding = row.finding
    return (
        finding.path,
        str(finding.line) if finding.line else "",
        finding.at,
        finding.kind.value,
        finding.verdict.value if finding.verdict else "",
        finding.reason,
        finding.level.value,
        " ".join(row.also),
        finding.url,
        "" if finding.status is None else str(finding.status),
        finding.final_url or "",
        finding.suggestion or "",
        finding.declared or "",
        finding.actual or "",
        iso_date(finding.since) or "",
        finding.change.value if finding.change else "",
        finding.title or "",
        finding.explanation or "",
        str(finding.priority) if finding.priority else "",
        ", ".join(finding.owners),
    )
