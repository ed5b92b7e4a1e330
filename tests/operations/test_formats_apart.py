"""Formats that other processes write are those that this one would write, whatever becomes of the others."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from crawler.model.report import Report
from crawler.operations.formats_apart import WORTH_IT, FormatsApart, formats_apart
from crawler.operations.work_apart import WorkApart
from crawler.reporting import FORMATS, write
from crawler.reporting.format_task import FormatTask, write_apart
from tests.reporting.large_report import generated
from tests.strategies.model import report_of

pytestmark = pytest.mark.process
LISTED = {"report.csv", "report.xlsx"}
"""The files of the formats that list every finding."""


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def report() -> Report:
    return generated(400)


@pytest.fixture(scope="module")
def expected(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What one process writes."""
    folder = tmp_path_factory.mktemp("one")
    write(report, FORMATS.values(), folder)
    return files(folder)


class Watched:
    """Other processes, and what is seen of them. `at_work` is called while they are."""

    def __init__(self, at_work: Callable[[WorkApart[FormatTask, FormatTask]], None]) -> None:
        self.tasks: list[str] = []
        self.meanwhile = 0
        self._at_work = at_work

    def __call__(
        self, tasks: Sequence[FormatTask], meanwhile: Callable[[], None]
    ) -> Iterator[FormatTask]:
        self.tasks = [task.name for task in tasks]

        def items() -> Iterator[FormatTask]:
            yield from tasks
            self._at_work(apart)
            meanwhile()
            self.meanwhile += 1

        with WorkApart(write_apart, FormatTask, 2, worth=len(tasks)) as apart:
            yield from apart.results(items())


def test_two_processes_write_the_bytes_of_one(
    report: Report, expected: dict[str, bytes], tmp_path: Path
) -> None:
    told: list[str] = []
    made = write(report, FORMATS.values(), tmp_path, elsewhere=FormatsApart(2), tell=told.append)
    assert files(tmp_path) == expected
    assert [path.name for path in made] == [one.file_name for one in FORMATS.values()]
    assert set(map("writing {}".format, expected)) <= set(told)


def test_this_process_does_not_write_what_others_do(
    report: Report, expected: dict[str, bytes], tmp_path: Path
) -> None:
    written: list[str] = []

    def elsewhere(
        tasks: Sequence[FormatTask], meanwhile: Callable[[], None]
    ) -> Iterator[FormatTask]:
        meanwhile()
        written.extend(one.name for one in tmp_path.iterdir() if one.name in expected)
        yield from FormatsApart(2)(tasks, lambda: None)

    write(report, FORMATS.values(), tmp_path, elsewhere=elsewhere)
    assert set(written) == expected.keys() - LISTED
    assert files(tmp_path) == expected


def _kill(processes: int, apart: WorkApart[FormatTask, FormatTask]) -> None:
    others = apart.processes[:processes]
    assert len(others) == processes
    for other in others:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()


@pytest.mark.parametrize("killed", [1, 2])
def test_a_process_that_is_killed_costs_nothing(
    report: Report, expected: dict[str, bytes], tmp_path: Path, killed: int
) -> None:
    watched = Watched(partial(_kill, killed))
    write(report, FORMATS.values(), tmp_path, elsewhere=watched)
    assert watched.tasks == ["csv", "xlsx"]
    assert watched.meanwhile == 1
    assert files(tmp_path) == expected


def test_a_system_that_starts_no_process_is_no_error(
    report: Report, expected: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    write(report, FORMATS.values(), tmp_path, elsewhere=FormatsApart(2))
    assert files(tmp_path) == expected


def test_what_cannot_be_written_is_an_error_wherever_it_is_written(
    report: Report, tmp_path: Path
) -> None:
    def elsewhere(
        tasks: Sequence[FormatTask], meanwhile: Callable[[], None]
    ) -> Iterator[FormatTask]:
        tasks[0].findings.unlink()
        return FormatsApart(2)(tasks, meanwhile)

    with pytest.raises(sqlite3.OperationalError):
        write(report, FORMATS.values(), tmp_path, elsewhere=elsewhere)
    left = files(tmp_path).keys()
    assert not LISTED & left
    assert not any(name.endswith(".tmp") for name in left)


@pytest.mark.parametrize("names", [["xlsx"], ["json", "html", "md"]])
def test_one_file_and_formats_that_are_soon_written_are_not_shared(
    report: Report, expected: dict[str, bytes], tmp_path: Path, names: list[str]
) -> None:
    watched = Watched(lambda _apart: None)
    write(report, [FORMATS[name] for name in names], tmp_path, elsewhere=watched)
    assert watched.tasks == []
    assert files(tmp_path) == {f"report.{name}": expected[f"report.{name}"] for name in names}


@pytest.mark.parametrize(
    ("articles", "processes", "is_shared"),
    [(WORTH_IT, 2, True), (WORTH_IT - 1, 2, False), (WORTH_IT, 1, False)],
)
def test_only_large_reports_are_shared(articles: int, processes: int, is_shared: bool) -> None:
    report = report_of()
    large = replace(report, summary=replace(report.summary, articles=articles))
    assert (formats_apart(large, processes) is not None) is is_shared
