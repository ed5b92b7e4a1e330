"""The index of reports by group, as HTML, Markdown and JSON: which groups there are, and how much is to do in each."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from crawler.model.report_group import ReportGroup
from crawler.model.verdict import VerdictKind
from crawler.reporting.words.escaping import printable
from crawler.rules.credentials import without_credentials

LONGEST_NAME: Final = 200
SCHEMA_VERSION: Final = 1
_COUNTS: Final = ("dead", "broken", "invalid", "moved", "unverifiable", "urls", "articles")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&@:/])")
"""What Markdown may read, with what GitHub makes of names and addresses."""
_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}th,td{padding:.3rem .6rem;border-bottom:1px solid #8886;"
    "text-align:right}th:first-child,td:first-child{text-align:left;overflow-wrap:anywhere}"
    ":root{color-scheme:light dark}"
)


def index_files(by: str, groups: Sequence[ReportGroup], report_name: str) -> Mapping[str, bytes]:
    """The files of the index by name. `report_name` is that of the report to which each row leads."""
    return {
        "index.html": _html(by, groups, report_name).encode(),
        "index.md": _markdown(by, groups, report_name).encode(),
        "index.json": _json(by, groups).encode(),
    }


def _counts(group: ReportGroup) -> dict[str, int]:
    """The numbers of a row, in the order of `_COUNTS`."""
    summary = group.summary
    verdicts = {kind.value: summary.by_verdict.get(kind, 0) for kind in VerdictKind}
    known = {**verdicts, "urls": summary.urls, "articles": summary.articles}
    return {name: known[name] for name in _COUNTS}


def _shown(group: ReportGroup) -> str:
    return printable(group.name, LONGEST_NAME) if group.name else "(none)"


def _html(by: str, groups: Sequence[ReportGroup], report_name: str) -> str:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    heads = Markup("").join(
        Markup('<th scope="col">{}</th>').format(name) for name in (by, "new", "priority", *_COUNTS)
    )
    rows = Markup("\n").join(_html_row(group, report_name) for group in groups)
    return Markup(
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{}'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<title>Links by {}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n<h1>Links by {}</h1>\n"
        "<table>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody>\n</table>\n</main>\n</body>\n</html>\n"
    ).format(digest, by, Markup(_STYLE), by, heads, rows)  # noqa: S704 - a constant of this module


def _html_row(group: ReportGroup, report_name: str) -> Markup:
    name = Markup("{}").format(_shown(group))
    if group.folder is not None:
        name = Markup('<a href="{}/{}">{}</a>').format(group.folder, report_name, name)
    numbers = Markup("").join(
        Markup("<td>{}</td>").format(f"{number:,}") for number in _numbers(group)
    )
    return Markup("<tr><td>{}</td>{}</tr>").format(name, numbers)


def _numbers(group: ReportGroup) -> tuple[int, ...]:
    new = group.summary.newly_broken + group.summary.newly_dead
    return new, group.workload, *_counts(group).values()


def _markdown(by: str, groups: Sequence[ReportGroup], report_name: str) -> str:
    heads = (by, "new", "priority", *_COUNTS)
    lines = [
        f"# Links by {by}",
        "",
        f"| {' | '.join(heads)} |",
        f"|---|{'--:|' * (len(heads) - 1)}",
    ]
    for group in groups:
        name = _MARKDOWN.sub(r"\\\1", _shown(group))
        if group.folder is not None:
            name = f"[{name}]({group.folder}/{report_name})"
        numbers = " | ".join(f"{number:,}" for number in _numbers(group))
        lines.append(f"| {name} | {numbers} |")
    return "\n".join((*lines, ""))


def _json(by: str, groups: Sequence[ReportGroup]) -> str:
    rows = [json.dumps(_row(group), ensure_ascii=True) for group in groups]
    listed = ",\n".join(rows)
    head = json.dumps({"schema": SCHEMA_VERSION, "by": by})[:-1]
    return without_credentials(f'{head}, "groups": [\n{listed}\n]}}\n')


def _row(group: ReportGroup) -> dict[str, Any]:
    return {
        "name": group.name or None,
        "folder": group.folder,
        "priority": group.workload,
        "newly_broken": group.summary.newly_broken,
        "newly_dead": group.summary.newly_dead,
        "recovered": group.summary.recovered,
        **_counts(group),
    }
