"""What `--json` prints: the summary of a run as one JSON document (docs/commands.md, "JSON summary")."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.model.article import ProblemCode
from crawler.model.held import Held
from crawler.model.highlights import Highlights, NewestLink
from crawler.model.report import Report, Summary
from crawler.model.verdict import VerdictKind
from crawler.reporting.words.alarm_words import alarm_row
from crawler.reporting.words.written_dates import iso_time
from crawler.rules.credentials import without_credentials


def summary_document(
    report: Report,
    highlights: Highlights,
    paths: Sequence[Path],
    messages: Sequence[Mapping[str, str]] = (),
) -> str:
    """The document, ASCII, without credentials. `paths` are those of the reports, `messages` the rows on channels that a
    run has told."""
    document = {**_document(report, highlights, paths), "messages": list(messages)}
    return without_credentials(json.dumps(document, indent=1))


def summary_counts(summary: Summary) -> dict[str, Any]:
    """The counts, as `summary` of report.json has them."""
    return {
        "articles": summary.articles,
        "references": summary.references,
        "urls": summary.urls,
        "by_verdict": {kind.value: summary.by_verdict.get(kind, 0) for kind in VerdictKind},
        "newly_broken": summary.newly_broken,
        "newly_dead": summary.newly_dead,
        "recovered": summary.recovered,
    }


def held_row(held: Held) -> dict[str, Any]:
    """One group that the guard on mass change holds back, as report.json has it."""
    return {
        "reason": held.reason.value,
        "cause": held.cause,
        "host": held.host,
        "links": held.links,
        "articles": held.articles,
        "first_run": held.first_run,
        "priority": held.priority,
    }


def _document(report: Report, highlights: Highlights, paths: Sequence[Path]) -> dict[str, Any]:
    return {
        "schema": 1,
        "content": report.content,
        "run": report.run.id if report.run else None,
        "summary": summary_counts(report.summary),
        "confirmed_from": iso_time(report.summary.confirmed_from),
        "problems": len(report.problems),
        "ended": [
            {"path": one.path, "line": one.line, "message": one.message}
            for one in report.problems
            if one.code is ProblemCode.IGNORE_EXPIRED
        ],
        "newest": [_newest(one) for one in highlights.newest],
        "groups": [
            {
                "cause": one.cause,
                "host": one.host,
                "links": one.links,
                "articles": one.articles,
            }
            for one in highlights.groups
        ],
        "all_groups": highlights.all_groups,
        "asking": [
            {
                "host": one.host,
                "answered": one.answered,
                "waiting": one.waiting,
                "since": iso_time(one.since),
            }
            for one in highlights.asking
        ],
        "held": [held_row(one) for one in report.held],
        "alarms": [alarm_row(one) for one in report.alarms],
        "reports": [str(path) for path in paths],
    }


def _newest(one: NewestLink) -> dict[str, Any]:
    return {
        "url": one.url,
        "verdict": one.kind.value,
        "reason": one.reason,
        "failing_since": iso_time(one.failing_since),
        "path": one.first.path if one.first else None,
        "line": one.first.line if one.first else None,
        "at": one.first.pointer if one.first else None,
        "places": one.places,
    }
