"""A run that is forked is told from one that started by itself by its time alone."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.time_limits import HANG
from tests.web import LoopbackWeb
from tests.web.forks import Forks
from tests.web.process import PROJECT

CRAWLER = [sys.executable, "-m", "crawler"]


def by_itself(argv: list[str], env: dict[str, str], cwd: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        argv, env=env, cwd=cwd, capture_output=True, text=True, timeout=HANG, check=False
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["version"],
        ["audit", "no-such-folder"],
        ["report", ".", "--formats", "no-such-format"],
        ["explain"],
        ["no-such-command"],
    ],
    ids=" ".join,
)
def test_a_fork_says_what_a_start_says(
    web: LoopbackWeb, tmp_path: Path, arguments: list[str]
) -> None:
    environment = web.environment()
    forked = web.run([*CRAWLER, *arguments], cwd=tmp_path, env=environment)
    expected = by_itself([*CRAWLER, *arguments], environment, tmp_path)
    assert (forked.code, forked.stdout, forked.stderr) == expected


def test_a_fork_has_its_own_folder_environment_session_and_streams(
    web: LoopbackWeb, tmp_path: Path
) -> None:
    spiders = web.run([*CRAWLER[:2], "scrapy", "list"], cwd=PROJECT)
    assert (spiders.code, spiders.stderr) == (0, "")
    assert "articles" in spiders.stdout.split()
    (tmp_path / ".linkhealth.yml").write_text("contact_url: http://wrong value\n", encoding="utf-8")
    refused = web.run([*CRAWLER, "audit", "."], cwd=tmp_path)
    assert refused.code != 0
    assert ".linkhealth.yml:1" in refused.stderr


def test_a_fork_that_takes_too_long_is_killed(web: LoopbackWeb, tmp_path: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        web.run([*CRAWLER, "inspect", "--help"], cwd=tmp_path, timeout=0.0)
    assert time.monotonic() - begun < HANG


@pytest.mark.parametrize(
    ("argv", "extra", "through"),
    [
        ([sys.executable, "-c", "pass"], {}, ()),
        ([sys.executable, "-I", "-m", "crawler"], {}, ()),
        ([*CRAWLER], {"PYTHONPATH": "/elsewhere"}, ()),
        ([*CRAWLER], {"PYTHONWARNINGS": "error"}, ()),
        ([*CRAWLER], {"LC_ALL": "tr_TR.UTF-8"}, ()),
        ([*CRAWLER], {"COVERAGE_PROCESS_START": "x"}, ()),
        ([*CRAWLER], {}, ("strace",)),
        ([sys.executable, "-m", "tests.web"], {}, ()),
        ([sys.executable], {}, ()),
    ],
)
def test_what_would_run_otherwise_starts_by_itself(
    monkeypatch: pytest.MonkeyPatch,
    argv: list[str],
    extra: dict[str, str],
    through: tuple[str, ...],
) -> None:
    for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
        monkeypatch.delenv(name)
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    assert Forks().suit([*CRAWLER, "version"], env, ())
    assert not Forks().suit(argv, {**env, **extra}, through)
