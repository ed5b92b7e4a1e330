from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from crawler.model.report import ArticleEntry
from crawler.reporting import FORMATS, ReportFormat, write
from tests.reporting.large_report import generated
from tests.strategies.model import report_of


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.process
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's /proc")
def test_memory_stays_flat(project: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.reporting.large_report", str(tmp_path)]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    small, large = map(int, done.stdout.split())
    assert (tmp_path / "report.json").stat().st_size > 10_000_000
    # The page keeps an index and its compressed data, less than a kilobyte for each URL; all else is flat.
    assert large - small < 19_000
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert sum(1 for _ in csv.reader(stream)) == 2_001


def test_the_files_and_their_order(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "er"
    paths = write(report_of(), [FORMATS["html"], FORMATS["json"], FORMATS["html"]], out)
    assert paths == (out / "report.html", out / "report.json")
    assert names_in(out) == ["report.html", "report.json"]
    assert json.loads(paths[1].read_bytes())["schema"] == 1
    names = [chosen.file_name for chosen in FORMATS.values() if chosen.is_default]
    assert names == ["report.json", "report.csv", "report.html"]


def test_no_format_writes_nothing(tmp_path: Path) -> None:
    assert write(report_of(), [], tmp_path) == ()
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("chosen", FORMATS.values(), ids=FORMATS)
def test_a_failure_leaves_the_old_report_and_no_trace(tmp_path: Path, chosen: ReportFormat) -> None:
    old = tmp_path / chosen.file_name
    old.write_text("old")

    def failing() -> Iterator[ArticleEntry]:
        yield next(iter(generated(1).articles()))
        raise RuntimeError("the state is gone")

    with pytest.raises(RuntimeError, match="the state is gone"):
        write(replace(generated(1), articles=failing), [chosen], tmp_path)
    assert old.read_text() == "old"
    assert names_in(tmp_path) == [old.name]


def test_a_report_replaces_a_link_and_not_what_it_points_at(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.json").symlink_to(outside)
    write(report_of(), [FORMATS["json"]], out)
    assert outside.read_text() == "mine"
    assert not (out / "report.json").is_symlink()


def test_reports_may_be_read_by_others(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        (path,) = write(report_of(), [FORMATS["json"]], tmp_path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o644
