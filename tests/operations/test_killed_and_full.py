"""No write is lost: not by a kill at any moment, not by a full disk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.operations.killing import FILES
from tests.operations.killing_phases import PHASES, WRONG
from tests.time_limits import HANG
from tests.web.namespace import namespace_obstacle

pytestmark = pytest.mark.process

ROUNDS = 12
"""benchmarks/kill_every_phase.py makes 150."""


def seen(command: list[str], project: Path) -> dict[str, Any]:
    """The output of a case of `killing`."""
    ended = subprocess.run(
        command, cwd=project, capture_output=True, text=True, timeout=HANG, check=False
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_kills_at_random_moments(tmp_path: Path, project: Path) -> None:
    module = [sys.executable, "-m", "tests.operations.killing"]
    found = seen([*module, "kills", str(tmp_path), str(ROUNDS)], project)
    wrong = ("torn", "lost writes", "refused", "left behind", "second runs that wrote")
    assert {name: found[name] for name in wrong} == dict.fromkeys(wrong, 0)
    assert found["killed halfway"] > 0, "no kill fell into the writing: nothing was tried"
    assert found["finished by the next run"] > 0


@pytest.mark.parametrize("phase", PHASES)
def test_kills_in_every_other_phase(tmp_path: Path, project: Path, phase: str) -> None:
    module = [sys.executable, "-m", "tests.operations.killing_phases"]
    found = seen([*module, str(tmp_path), "3", phase], project)[phase]
    assert {name: found.get(name) for name in WRONG} == dict.fromkeys(WRONG, 0), found
    assert found["killed"] > 0


@pytest.mark.namespace
def test_a_full_disk_keeps_every_write_for_the_next_run(tmp_path: Path, project: Path) -> None:
    if (obstacle := namespace_obstacle()) is not None:
        pytest.skip(obstacle)
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    through = ["unshare", *user, "--mount", "--propagation", "private", "--"]
    module = [sys.executable, "-m", "tests.operations.killing"]
    found = seen([*through, *module, "full_disk", str(tmp_path)], project)
    assert found == {
        "first": [0, ["No space left on device; the next run tries again"]],
        "untouched": True,
        "left": [[], []],
        "second": [FILES, 0],
        "third": [0, 0],
    }
