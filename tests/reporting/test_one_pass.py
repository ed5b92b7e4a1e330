"""A report is read once for all of its formats."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings

from crawler.model.report import ArticleEntry, Report, UrlEntry
from crawler.reporting import FORMATS, write
from crawler.reporting.findings import gathered, nothing_gathered
from crawler.reporting.one_pass import OnePass
from tests.reporting.large_report import generated
from tests.strategies.examples import examples
from tests.strategies.model import reports


def counting(report: Report, read: Counter[str]) -> Report:
    """The report, and how often each of its streams is read."""

    def urls() -> Iterator[UrlEntry]:
        read["urls"] += 1
        return report.urls()

    def articles() -> Iterator[ArticleEntry]:
        read["articles"] += 1
        return report.articles()

    return replace(report, urls=urls, articles=articles)


@pytest.mark.parametrize("names", [[*FORMATS], ["html", "json"], ["csv"], ["json"]])
def test_the_streams_are_read_once(names: list[str], tmp_path: Path) -> None:
    read = Counter[str]()
    write(counting(generated(3), read), [FORMATS[name] for name in names], tmp_path)
    assert read == {"urls": 1, "articles": 1}


def test_files_do_not_depend_on_the_other_formats(tmp_path: Path) -> None:
    write(generated(7), FORMATS.values(), tmp_path / "all")
    for name, chosen in FORMATS.items():
        write(generated(7), [chosen], tmp_path / name)
        alone, among = (tmp_path / folder / chosen.file_name for folder in (name, "all"))
        assert alone.read_bytes() == among.read_bytes()


def _whole(report: Report) -> None:
    assert list(report.urls()) == list(report.urls())
    assert list(report.articles()) == list(report.articles())


def _articles_first(report: Report) -> None:
    list(report.articles())
    list(report.urls())


def _a_part(report: Report) -> None:
    list(islice(report.urls(), 2))
    list(islice(report.articles(), 1))
    list(islice(report.articles(), 1))


@pytest.mark.parametrize("reader", [_whole, _articles_first, _a_part, lambda _report: None])
@settings(max_examples=examples(20))
@given(report=reports())
def test_findings_are_the_same_however_a_format_reads(
    reader: Callable[[Report], None], report: Report
) -> None:
    with gathered(report) as findings:
        expected = list(findings.in_file_order())
    with nothing_gathered() as findings:
        reading = OnePass(report, findings)
        reader(reading.report)
        reading.finish()
        reading.finish()
        assert list(findings.in_file_order()) == expected
