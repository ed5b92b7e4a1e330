"""Whatever files and servers say is text in every format, and changes nothing else of it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings

from crawler.model.article import Problem, ProblemCode
from crawler.model.report import Report
from crawler.reporting import FORMATS
from crawler.reporting.formats.csv_report import COLUMNS
from crawler.reporting.words.escaping import plain_cell, printable
from tests.reporting.attacked_report import (
    ATTACKS,
    all_written,
    harmless,
    report_about,
    urls_about,
    written,
)
from tests.reporting.formats.readers import READERS, csv_table, xlsx_table
from tests.strategies.examples import examples
from tests.strategies.model import report_of, reports

_TABLES = {"csv": csv_table, "xlsx": xlsx_table}
_SHORTEST = 90
"""Characters of a text that every format shows."""
_OTHERWISE = {"csv": "\\", "xlsx": "\\_", "sarif": "\\[]{}", "teams": "{"}
"""Characters that a format writes differently in messages."""


def test_every_format_has_a_reader() -> None:
    assert {*READERS, "json", "html"} == set(FORMATS)


@cache
def _expected(names: tuple[str, ...], urls: tuple[str, ...]) -> dict[str, object]:
    """The shapes of a report without an attack."""
    made = all_written(names, report_about("text", list(urls)))
    return {name: READERS[name](data).shape for name, data in made.items()}


def check(text: str, names: tuple[str, ...] = tuple(READERS)) -> None:
    urls = urls_about(text)
    made = all_written(names, report_about(text, urls))
    expected = _expected(names, tuple(harmless(urls)))
    shown = printable(urls[0])[:_SHORTEST].rstrip("\\")
    for name in names:
        seen = READERS[name](made[name])
        assert seen.shape == expected[name], (name, text)
        if not set(shown) & set(_OTHERWISE.get(name, "")) and name != "prom":
            assert any(shown in one for one in seen.texts), (name, shown)


@pytest.mark.parametrize("text", ATTACKS, ids=range(len(ATTACKS)))
def test_attacks_are_text(text: str) -> None:
    check(text)


def naughty(shared: Path) -> list[str]:
    strings = json.loads((shared / "suites" / "blns.json").read_text("utf-8"))
    assert len(strings) > 400
    return list(filter(None, strings))


@pytest.mark.shared_data
def test_naughty_strings_are_text(shared: Path) -> None:
    names = tuple(name for name in READERS if name not in _TABLES)
    for text in naughty(shared):
        check(text, names)


@pytest.mark.shared_data
@pytest.mark.parametrize("name", _TABLES)
def test_naughty_strings_are_cells(shared: Path, name: str) -> None:
    strings = naughty(shared)
    problems = [
        Problem("a.md", number, ProblemCode.UNREADABLE, text)
        for number, text in enumerate(strings, start=1)
    ]
    rows = _TABLES[name](written(name, report_of(problem_values=problems)))
    told = [row[COLUMNS.index("actual")] for row in rows]
    assert list(map(plain_cell, told)) == strings


@settings(max_examples=examples(40))
@given(reports())
def test_any_report_can_be_read(report: Report) -> None:
    for name, data in all_written(READERS, report).items():
        READERS[name](data)
