"""`report.prom`: gauges for the textfile collector of Prometheus's node_exporter.

Valid as OpenMetrics 1.0 and in Prometheus's own text format, which that collector reads: hence gauges alone, and no times
beside values (https://github.com/prometheus/node_exporter#textfile-collector).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO, TextIO

from crawler.model.alarm import AlarmCode
from crawler.model.change import Change
from crawler.model.held import Held
from crawler.model.report import Report
from crawler.model.verdict import VerdictKind
from crawler.reporting.finding import FindingKind
from crawler.reporting.findings import Findings
from crawler.reporting.formats.report_format import ReportContent, text_of
from crawler.reporting.words.escaping import printable
from crawler.reporting.words.written_dates import as_utc

MOST_HOSTS = 20
"""Hosts that are told by name: each is a time series of its own."""
_TEXT_LIMIT = 300

_Sample = tuple[dict[str, str], float]


def write(content: ReportContent, stream: BinaryIO) -> None:
    """Write the figures into a new file."""
    collection = {"collection": printable(content.report.content, _TEXT_LIMIT)}
    with text_of(stream, "utf-8") as text:
        for name, help_text, samples in _gauges(content.report, content.findings):
            _write_gauge(text, f"linkhealth_{name}", help_text, collection, samples)
        text.write("# EOF\n")


def _gauges(report: Report, findings: Findings) -> Iterator[tuple[str, str, Iterable[_Sample]]]:
    summary = report.summary
    yield "articles", "Article files read.", [({}, summary.articles)]
    yield "references", "Places where a URL stands.", [({}, summary.references)]
    yield (
        "links",
        "Distinct URLs by verdict.",
        [({"verdict": kind.value}, summary.by_verdict.get(kind, 0)) for kind in VerdictKind],
    )
    changes = {
        Change.NEW_BROKEN: summary.newly_broken,
        Change.CONFIRMED_DEAD: summary.newly_dead,
        Change.RECOVERED: summary.recovered,
    }
    yield (
        "links_changed",
        "Distinct URLs that the last run changed.",
        [({"change": change.value}, amount) for change, amount in changes.items()],
    )
    largest = sorted(report.held, key=lambda one: -one.links)
    yield "held_links", "URLs held back until accepted.", [({}, sum(one.links for one in largest))]
    yield (
        "host_held_links",
        "URLs held back, of the hosts and causes with most of them.",
        [(_group(one), one.links) for one in largest[:MOST_HOSTS]],
    )
    yield (
        "host_gone_links",
        "Broken and dead URLs of the hosts with most of them.",
        [
            ({"host": printable(one.host, _TEXT_LIMIT)}, one.gone)
            for one in findings.hosts(MOST_HOSTS)
        ],
    )
    yield (
        "findings",
        "Rows to decide by kind.",
        [({"kind": kind.value}, findings.count(kind)) for kind in FindingKind],
    )
    yield (
        "freshness_articles",
        "Articles by what their page says.",
        [({"state": state.value}, amount) for state, amount in findings.freshness().items()],
    )
    raised = Counter(one.code for one in report.alarms)
    yield (
        "alarms",
        "What the last run noticed of itself.",
        [({"code": code.value}, raised[code]) for code in AlarmCode],
    )
    run = report.run
    if run is not None:
        yield "run_requests", "Requests that the last run sent.", [({}, run.requests)]
        yield "run_started_seconds", "When the last run began.", [_moment(run.started_at)]
        if run.finished_at is not None:
            yield "run_finished_seconds", "When the last run ended.", [_moment(run.finished_at)]
    yield "report_seconds", "When this was written.", [_moment(report.generated_at)]


def _group(held: Held) -> dict[str, str]:
    return {
        "host": printable(held.host, _TEXT_LIMIT),
        "cause": printable(held.cause, _TEXT_LIMIT),
    }


def _moment(moment: datetime) -> _Sample:
    return {}, int(as_utc(moment).timestamp())


def _write_gauge(
    text: TextIO, name: str, help_text: str, common: dict[str, str], samples: Iterable[_Sample]
) -> None:
    text.write(f"# TYPE {name} gauge\n# HELP {name} {help_text}\n")
    seen: set[str] = set()
    for labels, value in samples:
        pairs = ",".join(f'{key}="{_label(one)}"' for key, one in {**common, **labels}.items())
        # Two hosts may look the same once they are cut: one series has one value.
        if pairs not in seen:
            seen.add(pairs)
            text.write(f"{name}{{{pairs}}} {value}\n")


def _label(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
