from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings

from crawler.model.check import Level
from crawler.model.report import Report
from crawler.reporting.decision_rows import DecisionRow, decision_rows
from crawler.reporting.finding import Finding, FindingKind
from crawler.reporting.findings import gathered
from tests.strategies.examples import examples
from tests.strategies.model import reports

IMAGE = Finding(
    FindingKind.IMAGE,
    "a.md",
    "image-card",
    Level.INFO,
    line=7,
    at="images/0",
    url="https://i.test/",
)
SIZE = replace(IMAGE, reason="size-mismatch", level=Level.WARNING, suggestion="2x1")
SHAPE = replace(SIZE, reason="aspect-mismatch")
SMALL = replace(IMAGE, reason="image-too-small", level=Level.WARNING, suggestion="https://b.test/")
HEAVY = replace(IMAGE, reason="image-weight", level=Level.ERROR)
OTHER = replace(IMAGE, at="images/1", url="https://j.test/")
DEAD = Finding(FindingKind.DEAD_LINK, "a.md", "http-404", Level.ERROR, line=7, at="images/0")


def test_all_that_is_wrong_with_an_image_is_one_row() -> None:
    assert list(decision_rows([IMAGE, HEAVY])) == [DecisionRow(HEAVY, ("image-card",))]


def test_the_row_takes_the_suggestion_and_the_worst_level() -> None:
    (row,) = decision_rows([IMAGE, HEAVY, SIZE, SHAPE])
    assert row.finding == replace(SIZE, level=Level.ERROR)
    assert row.also == ("image-card", "image-weight", "aspect-mismatch")


def test_the_row_takes_the_highest_priority() -> None:
    (row,) = decision_rows([replace(IMAGE, priority=2), replace(HEAVY, priority=100)])
    assert row.finding.priority == 100
    (row,) = decision_rows([replace(SIZE, priority=10), replace(HEAVY, priority=100)])
    assert (row.finding.suggestion, row.finding.priority) == ("2x1", 100)


def test_two_suggestions_are_two_decisions() -> None:
    rows = list(decision_rows([IMAGE, SIZE, SMALL]))
    assert rows == [DecisionRow(SIZE, ("image-card",)), DecisionRow(SMALL)]


def test_other_rows_stand_for_themselves() -> None:
    found = [DEAD, DEAD, IMAGE, OTHER, replace(IMAGE, path="b.md")]
    assert list(decision_rows(found)) == list(map(DecisionRow, found))


@settings(max_examples=examples(50))
@given(reports())
def test_every_finding_is_in_a_row(report: Report) -> None:
    def seen(finding: Finding, reason: str) -> tuple[str, int, str, str, str]:
        return finding.path, finding.line, finding.at, finding.url, reason

    with gathered(report) as findings:
        every = {seen(one, one.reason) for one in findings.in_file_order()}
        rows = list(decision_rows(findings.in_file_order()))
    told = {seen(row.finding, reason) for row in rows for reason in (row.finding.reason, *row.also)}
    assert told == every


@settings(max_examples=examples(50))
@given(reports())
def test_an_image_is_one_row_by_priority_too(report: Report) -> None:
    with gathered(report) as findings:
        by_file, by_priority = (
            sorted(
                (repr(replace(row.finding, priority=0)), row.also, row.finding.priority)
                for row in decision_rows(found)
            )
            for found in (findings.in_file_order(), findings.by_priority())
        )
        told = [row.finding.priority for row in decision_rows(findings.by_priority())]
    assert by_file == by_priority
    assert told == sorted(told, reverse=True)
