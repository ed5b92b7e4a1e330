"""`report.json`: the machine contract (docs/reports.md, report.schema.json), written row by row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any, BinaryIO, TextIO

from crawler.model.article import Problem
from crawler.model.check import (
    DeadLink,
    FieldChange,
    FieldFinding,
    FieldState,
    Freshness,
    ImageSize,
    Size,
)
from crawler.model.decision import Decision
from crawler.model.host_certificate import HostCertificate
from crawler.model.observation import ImageFacts, Notice, PageFacts
from crawler.model.reference import Reference
from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.model.run import Run
from crawler.model.verdict import Suggestion
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.summary_document import held_row, summary_counts
from crawler.reporting.words.alarm_words import alarm_row
from crawler.reporting.words.priority_words import priority_told
from crawler.reporting.words.written_dates import iso_date, iso_time
from crawler.rules.article.freshness import COMPARED
from crawler.rules.certificate_ends import ending_certificates
from crawler.rules.credentials import without_credentials

SCHEMA_VERSION = 1

# ASCII only: a lone surrogate or a control character becomes an escape, and the file stays JSON.
_ENCODER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def _encoded(value: object) -> str:
    """A value as JSON, with no credentials in the URLs of its texts (rule U8)."""
    return without_credentials(_ENCODER.encode(value))


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that every `report.json` of this version meets."""
    text = (
        resources.files("crawler.reporting.formats")
        .joinpath("report.schema.json")
        .read_text("utf-8")
    )
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the report into a new file."""
    with text_of(stream, "utf-8") as text:
        write_json(content.report, text)


def write_json(report: Report, stream: TextIO) -> None:
    """Write `report` to `stream`, one URL or article per line, in flat memory."""
    stream.write("{")
    stream.write(f'"schema":{SCHEMA_VERSION},\n')
    stream.write(f'"generated_at":{_encoded(iso_time(report.generated_at))},\n')
    stream.write(f'"content":{_encoded(report.content)},\n')
    stream.write(f'"run":{_encoded(_run(report.run))},\n')
    stream.write(f'"summary":{_encoded(summary_counts(report.summary))},\n')
    _write_list(stream, "held", map(held_row, report.held))
    stream.write(",\n")
    _write_list(stream, "alarms", map(alarm_row, report.alarms))
    stream.write(",\n")
    _write_list(stream, "certificates", map(_certificate, ending_certificates(report)))
    stream.write(",\n")
    _write_list(stream, "problems", map(_problem, report.problems))
    stream.write(",\n")
    _write_list(stream, "urls", map(_url_entry, report.urls()))
    stream.write(",\n")
    _write_list(stream, "articles", map(_article_entry, report.articles()))
    stream.write("}\n")


def _write_list(stream: TextIO, name: str, entries: Iterable[Mapping[str, Any]]) -> None:
    stream.write(f'"{name}":[')
    separator = "\n"
    for entry in entries:
        stream.write(separator)
        stream.write(_encoded(entry))
        separator = ",\n"
    stream.write("]")


def _run(run: Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "id": run.id,
        "started_at": iso_time(run.started_at),
        "finished_at": iso_time(run.finished_at),
        "finish_reason": run.finish_reason,
        "requests": run.requests,
    }


def _certificate(one: HostCertificate) -> dict[str, Any]:
    ends_at, seen_at = iso_time(one.validity.ends_at), iso_time(one.seen_at)
    return {"host": one.host, "ends_at": ends_at, "seen_at": seen_at}


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line,
        "code": problem.code.value,
        "message": problem.message,
    }


def _url_entry(entry: UrlEntry) -> dict[str, Any]:
    link, verdict = entry.link, entry.link.verdict
    return {
        "url": link.url,
        "verdict": verdict.kind.value,
        "reason": verdict.reason,
        "rule": verdict.rule,
        "explanation": entry.explanation,
        "change": entry.change.value if entry.change else None,
        "since": iso_time(verdict.since),
        "status": link.status,
        "final_url": link.final_url,
        "redirects": [{"url": hop.url, "status": hop.status} for hop in link.hops],
        "strikes": verdict.strikes,
        "failing_since": iso_time(verdict.failing_since),
        "checked_at": iso_time(link.checked_at),
        "due_at": iso_time(link.due_at),
        "decision": _decision(entry.decision),
        "warnings": [code.value for code in verdict.warnings],
        "suggestion": _suggestion(verdict.suggestion),
        "image": _image(link.image),
        "page": _page(link.page),
        "priority": entry.priority.score,
        "priority_explanation": priority_told(entry.priority),
        "owners": list(entry.owners),
        "references": [_reference(reference) for reference in entry.references],
        "related_references": entry.related_references,
    }


def _decision(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "reason": decision.note,
        "decided_at": iso_time(decision.decided_at),
        "until": iso_time(decision.until),
    }


def _suggestion(suggestion: Suggestion | None) -> dict[str, Any] | None:
    if suggestion is None:
        return None
    return {"kind": suggestion.kind.value, "value": suggestion.value}


def _image(image: ImageFacts | None) -> dict[str, Any] | None:
    if image is None:
        return None
    return {
        "width": image.width,
        "height": image.height,
        "stored_width": image.stored_width,
        "stored_height": image.stored_height,
        "type": image.type,
        "animated": image.animated,
        "served_type": image.served_type,
        "bytes": image.bytes,
        "bytes_read": image.bytes_read,
    }


def _page(page: PageFacts | None) -> dict[str, Any] | None:
    if page is None:
        return None
    return {
        "title": page.title,
        "description": page.description,
        "image": page.image,
        "image_guessed": page.image_guessed,
        "canonical": page.canonical,
        "site_name": page.site_name,
        "published": page.published,
        "published_guessed": page.published_guessed,
        "modified": page.modified,
        "amphtml": page.amphtml,
        "lang": page.lang,
        "type": page.type,
        "authors": list(page.authors),
        "paywalled": page.paywalled,
    }


def _reference(reference: Reference) -> dict[str, Any]:
    return {
        "path": reference.path,
        "line": reference.line,
        "pointer": reference.pointer,
        "role": reference.role.value,
        "scope": reference.scope.value,
    }


def _article_entry(entry: ArticleEntry) -> dict[str, Any]:
    checks = entry.checks
    return {
        "path": entry.path,
        "title": entry.title,
        "priority": entry.priority.score,
        "owners": list(entry.owners),
        "freshness": _freshness(checks.freshness),
        "dead_links": [_dead_link(link) for link in checks.dead_links],
        "image_sizes": [_image_size(size) for size in checks.image_sizes],
        "amp": [_field_finding(finding) for finding in checks.amp],
        "identity": [_field_finding(finding) for finding in checks.identity],
        "suggestions": [_field_change(change) for change in checks.suggestions],
        "related": {
            "dead_links": entry.related_dead_links,
            "image_sizes": entry.related_image_sizes,
        },
    }


def _freshness(freshness: Freshness) -> dict[str, Any]:
    return {
        "state": freshness.state.value,
        "drift": list(freshness.drift),
        "modified": iso_date(freshness.modified),
        "update": freshness.update.value if freshness.update else None,
        "walled": freshness.walled.value if freshness.walled else None,
        "fields": {
            name: freshness.fields.get(name, FieldState.UNVERIFIABLE).value for name in COMPARED
        },
        "notice": _notice(freshness.notice),
    }


def _notice(notice: Notice | None) -> dict[str, Any] | None:
    return None if notice is None else {"kind": notice.kind.value, "words": notice.words}


def _dead_link(link: DeadLink) -> dict[str, Any]:
    return {
        "at": link.at,
        "line": link.line,
        "verdict": link.verdict.value,
        "reason": link.reason,
        "since": iso_date(link.since),
        "url": link.url,
    }


def _image_size(size: ImageSize) -> dict[str, Any]:
    return {
        "at": size.at,
        "line": size.line,
        "reason": size.reason,
        "level": size.level.value,
        "declared": _size(size.declared),
        "actual": _size(size.actual),
        "detail": size.detail,
        "is_cached": size.is_cached,
        "url": size.url,
    }


def _field_finding(finding: FieldFinding) -> dict[str, Any]:
    return {
        "at": finding.at,
        "line": finding.line,
        "reason": finding.reason,
        "level": finding.level.value,
        "url": finding.url,
        "expected": finding.expected,
        "actual": finding.actual,
        "others": list(finding.others),
    }


def _field_change(change: FieldChange) -> dict[str, Any]:
    return {
        "at": change.at,
        "line": change.line,
        "kind": change.kind.value,
        "old": change.old,
        "new": change.new,
        "reason": change.reason,
    }


def _size(size: Size | None) -> str | None:
    return None if size is None else str(size)
