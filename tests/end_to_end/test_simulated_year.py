"""Six weeks of the simulated year, in small: by the schedulers' own lines, with the faults of a machine among them.

The whole of it is `benchmarks/simulated_year.py`.
"""

from __future__ import annotations

import importlib
import io
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.web.namespace import NamespaceWeb, namespace_obstacle

pytestmark = [
    pytest.mark.namespace,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces and cron's flock are Linux's"),
]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    before = list(sys.path)
    module = importlib.import_module("benchmarks.simulated_year")
    sys.path[:] = before
    return module


@pytest.fixture(scope="module")
def year(bench: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Any:
    if (obstacle := namespace_obstacle()) is not None:
        pytest.skip(obstacle)
    folder: Path = tmp_path_factory.mktemp("year")
    # A web of its own: a disk is mounted in its namespace.
    with NamespaceWeb() as web:
        small = bench.world(42, 3, stories=18, hosts=14, every=7)
        lived = bench.Year(
            web, folder, small, 7, 3, with_history=False, log=io.StringIO(), decides=21
        )
        lived.live()
        yield lived


def test_nothing_was_wrong(year: Any) -> None:
    assert year.figures.wrong == []
    assert year.figures.acts == 0
    assert not year.figures.false


def test_something_did_happen(year: Any) -> None:
    """The proof would be worth nothing in weeks in which nothing happens."""
    codes = year.figures.codes
    assert {"killed (-9)", "75", "1", "5"} <= set(codes)
    assert year.figures.news["new-broken"] >= 3
    assert year.figures.decisions >= 2
    assert year.figures.files_by_runs >= 18


def test_a_false_message_would_be_seen(year: Any) -> None:
    link = {"change": "new-broken", "after": {"verdict": "broken", "reason": "http-404"}}
    well = next(
        url
        for url in sorted(year.world.links())
        if not year.world.is_gone(url, 0) and url not in year._told
    )
    year._hear(0, {**link, "url": well}, "")
    year._hear(0, {**link, "url": well}, "")
    assert year.figures.false == {"new-broken": 2, "told twice": 1}
