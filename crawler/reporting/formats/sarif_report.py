"""`report.sarif`: SARIF 2.1.0, one result for each link that is broken, dead or invalid, at its first place in an article.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO
from urllib.parse import quote

import crawler
from crawler.model.held import Held
from crawler.model.verdict import VerdictKind
from crawler.reporting.console import counted
from crawler.reporting.digest import held_told, owners_told, told
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.link_rows import LinkRow, text_key
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.wording import explain

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_MOST_HELD = 100
"""Groups held back that are told one by one."""
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
        text.write(f'"invocations":[{_json(_invocation(left_out, content.report.held))}]}}]}}\n')


def _result(row: LinkRow, rules: dict[str, int], folder: str) -> dict[str, Any]:
    digest = hashlib.sha256(text_key(row.url)).hexdigest()
    place: dict[str, Any] = {
        "artifactLocation": {"uri": _relative(folder, row.path or ""), "uriBaseId": "%SRCROOT%"}
    }
    if row.line:
        place["region"] = {"startLine": min(row.line, _LAST_LINE)}
    shown = _plain(printable(row.url, _TEXT_LIMIT))
    owned = f" {owners_told(row.owners, _plain)}" if row.owners else ""
    return {
        "ruleId": printable(row.reason),
        "ruleIndex": rules.setdefault(row.reason, len(rules)),
        "level": _LEVELS.get(row.verdict, "error"),
        "message": {"text": f"{shown}: {told(row)}{owned}"},
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
            "priority": row.priority,
            "owners": list(row.owners),
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


def _invocation(left_out: int, held: Sequence[Held]) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if notes := list(_notes(left_out, held)):
        invocation["toolExecutionNotifications"] = notes
    return invocation


def _notes(left_out: int, held: Sequence[Held]) -> Iterator[dict[str, Any]]:
    """What is true of the run and not of one line of a file: a result would have to point at one."""
    for one in held[:_MOST_HELD]:
        yield {"level": "warning", "message": {"text": held_told(one, _plain)}}
    if (more := len(held) - _MOST_HELD) > 0:
        text = f"{counted(more, 'more group')} held back: linkhealth accept --list shows all."
        yield {"level": "warning", "message": {"text": text}}
    if left_out:
        noun = "link is" if left_out == 1 else "links are"
        rest = f"{left_out:,} more {noun} in the other reports: at most {MOST_RESULTS:,} results are written, and none for a link that only related articles hold."
        yield {"level": "note", "message": {"text": rest}}


def _plain(text: str) -> str:
    return text.translate(_NOT_MARKUP)


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))
