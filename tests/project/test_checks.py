"""The static half of the gate: what `make lint` says, `make test` says too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.time_limits import HANG


@pytest.mark.process
@pytest.mark.parametrize(
    "command",
    [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]],
    ids=["ruff check", "ruff format", "mypy"],
)
def test_the_tree_is_clean(project: Path, command: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
