"""`report.sarif`: SARIF 2.1.0, one result for each link that is broken, dead or invalid, at its first place in an article.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, BinaryIO
from urllib.parse import quote

import crawler
from crawler.model.verdict import VerdictKind
from crawler.reporting.digest import told
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.link_rows import LinkRow, text_key
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.wording import explain

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
MOST_RESULTS = 5_000
"""GitHub shows the first 5,000 results of a run."""
_TEXT_LIMIT = 1_000
"""Characters of a URL in a message; GitHub shows 1,024 characters."""
_LAST_LINE = (1 << 31) - 1
"""The highest line number that readers of SARIF hold."""
_LEVELS = {VerdictKind.BROKEN: "warning"}
_NOT_MARKUP = str.maketrans({"[": "%5B", "]": "%5D", "{": "%7B", "}": "%7D", "\\": "%5C"})
"""What a message reads as a link or a placeholder (3.11.5, 3.11.6), as it may stand in a URL."""


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the report into a new file, result by result."""
    rules: dict[str, int] = {}
    left_out, written = 0, 0
    with text_of(stream, "utf-8") as text:
        text.write(f'{{"$schema":{_json(SCHEMA)},"version":"2.1.0","runs":[{{\n"results":[')
        for row in content.findings.links.listed():
            if row.path is None or written == MOST_RESULTS:
                left_out += 1
                continue
            text.write("\n" if not written else ",\n")
            text.write(_json(_result(row, rules, content.report.folder)))
            written += 1
        text.write("],\n")
        text.write(f'"columnKind":"unicodeCodePoints","tool":{_json(_tool(rules))},\n')
        text.write(f'"invocations":[{_json(_invocation(left_out))}]}}]}}\n')


def _result(row: LinkRow, rules: dict[str, int], folder: str) -> dict[str, Any]:
    digest = hashlib.sha256(text_key(row.url)).hexdigest()
    place: dict[str, Any] = {
        "artifactLocation": {"uri": _relative(folder, row.path or ""), "uriBaseId": "%SRCROOT%"}
    }
    if row.line:
        place["region"] = {"startLine": min(row.line, _LAST_LINE)}
    shown = printable(row.url, _TEXT_LIMIT).translate(_NOT_MARKUP)
    return {
        "ruleId": printable(row.reason),
        "ruleIndex": rules.setdefault(row.reason, len(rules)),
        "level": _LEVELS.get(row.verdict, "error"),
        "message": {"text": f"{shown}: {told(row)}"},
        "locations": [{"physicalLocation": place}],
        # The first is what GitHub knows an alert by when lines move.
        "partialFingerprints": {
            "primaryLocationLineHash": f"{digest[:16]}:1",
            "linkhealth/url/v1": digest,
        },
        "properties": {
            "url": row.url,
            "verdict": row.verdict.value,
            "change": row.change.value if row.change else None,
            "places": row.places,
            "relatedReferences": row.related,
            "suggestion": row.suggestion,
        },
    }


def _relative(folder: str, path: str) -> str:
    """A path as a relative URI below the root of the repository."""
    whole = f"{folder}/{path}" if folder else path
    return quote(whole, safe="/", errors="backslashreplace")


def _tool(rules: dict[str, int]) -> dict[str, Any]:
    return {
        "driver": {
            "name": "linkhealth",
            "version": crawler.__version__,
            "rules": [_rule(reason) for reason in rules],
        }
    }


def _rule(reason: str) -> dict[str, Any]:
    words = explain(reason)
    return {
        "id": printable(reason),
        "shortDescription": {"text": words.meaning},
        "help": {"text": words.advice},
    }


def _invocation(left_out: int) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if left_out:
        noun = "link is" if left_out == 1 else "links are"
        more = f"{left_out:,} more {noun} in the other reports: at most {MOST_RESULTS:,} results are written, and none for a link that only related articles hold."
        invocation["toolExecutionNotifications"] = [{"level": "note", "message": {"text": more}}]
    return invocation


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
