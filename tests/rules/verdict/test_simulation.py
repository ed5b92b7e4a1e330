"""Weeks of a made-up web, in small, judged as the product judges (rules S1 to S8, R1 to R8).

The whole of it is `benchmarks/simulate_verdicts.py`.
"""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    before = list(sys.path)
    module = importlib.import_module("benchmarks.simulate_verdicts")
    sys.path[:] = before
    return module


@pytest.mark.parametrize(("seed", "canaries", "cold"), [(1, 5, False), (2, 0, False), (3, 0, True)])
def test_no_false_death_and_no_late_one(
    bench: ModuleType, seed: int, canaries: int, cold: bool
) -> None:
    found: dict[str, Any] = bench.simulate(60, 300, seed, canaries, cold=cold)
    assert found["false_dead"] == []
    assert found["false_broken"] == []
    assert found["deaths"]["late"] == []
    assert found["windows_trusted_in_own_outage"] == {}
    # The proof would be worth nothing in a world in which nothing happens.
    assert found["deaths"]["visited_twelve_days_before_the_end"] >= 9
    assert set(found["windows"]) >= {"trusted", "own-network-down", "clock-jumped"}


@pytest.mark.process
def test_the_same_seed_gives_the_same_figures_in_any_process(
    bench: ModuleType, tmp_path: Path
) -> None:
    file = tmp_path / "figures.json"
    script = PROJECT / "benchmarks" / "simulate_verdicts.py"
    options = ["--days", "15", "--urls", "60", "--seeds", "4-5", "--json", str(file)]
    ended = subprocess.run(
        [sys.executable, str(script), *options], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found == {
        str(seed): json.loads(json.dumps(bench.simulate(15, 60, seed))) for seed in (4, 5)
    }
    said = ended.stdout.splitlines()
    assert {"worlds: 2", "false dead: 0", "false broken: 0"} <= set(said)


def test_weekly_runs_are_late_but_not_wrong(bench: ModuleType) -> None:
    """docs/adr/0010: looks are counted, not days, so that no rule depends on daily runs."""
    found: dict[str, Any] = bench.simulate(140, 200, 3, every=7)
    assert (found["false_dead"], found["false_broken"]) == ([], [])
    assert found["deaths"]["called_dead"] >= 9
    assert bench.is_well(found)


@pytest.mark.parametrize(
    ("changed", "well"),
    [
        ({}, True),
        ({"false_dead": ["x"]}, False),
        ({"false_broken": ["x"]}, False),
        ({"windows_trusted_in_own_outage": {"portal-200": 1}}, False),
        ({"deaths": {"late": ["x"]}}, False),
        ({"deaths": {"late": ["x"]}, "runs_a_day": 1 / 7}, True),
    ],
)
def test_what_makes_the_bench_fail(bench: ModuleType, changed: dict[str, Any], well: bool) -> None:
    found: dict[str, Any] = bench.simulate(3, 20, 1)
    assert bench.is_well(found | changed) is well
