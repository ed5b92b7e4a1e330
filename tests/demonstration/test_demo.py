"""`linkhealth demo` from end to end, as a user starts it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from crawler.demonstration.playground import MARKER, snapshot
from crawler.demonstration.sample import COLLECTION

pytestmark = [pytest.mark.process, pytest.mark.server]

WITHIN = 900.0
"""Seconds; the demonstration promises a minute on a machine that does nothing else."""


def environment(project: Path) -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(project)}


def linkhealth(project: Path, place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "crawler", *arguments],
        cwd=place,
        env=environment(project),
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )


def freshness(report: Path) -> dict[str, tuple[str, list[str]]]:
    """The articles that are neither current nor unverified, with what drifted."""
    articles = json.loads(report.read_text(encoding="utf-8"))["articles"]
    return {
        article["path"]: (state, article["freshness"]["drift"])
        for article in articles
        if (state := article["freshness"]["state"]) not in {"current", "unverified"}
    }


def test_the_demonstration_finds_what_it_promises(project: Path, tmp_path: Path) -> None:
    done = linkhealth(project, tmp_path, "demo")
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
    folder = tmp_path / "linkhealth-demo"
    for name in ("html", "csv", "json"):
        report = folder / f".linkhealth/reports/report.{name}"
        assert report.stat().st_size > 0
        assert str(report) in done.stdout
    for words in (
        "Round 2 of 2",
        "Newly gone: 1",
        "Recovered: 1",
        "Confirmed as dead: 2",
        "Images of another size: 1",
        "2024-03-19-unclosed-quote.md:",
        " -m crawler strip ",
        "Everything was found as the demonstration has it.",
    ):
        assert words in done.stdout
    assert "\x1b" not in done.stdout
    block = done.stdout.partition("What was written into")[2]
    assert "verdict: dead, reason: http-410" in block
    assert freshness(folder / ".linkhealth/reports/report.json") == {
        "_news/2023-10-09-orchard-census.md": ("drifted", ["excerpt"]),
        "_news/2024-08-14-bridge-toll.md": ("drifted", ["title"]),
        "_news/2025-11-03-mill-street.md": ("updated", []),
        "_news/2026-02-02-choir-tuning.md": ("drifted", ["title", "excerpt"]),
    }
    # After strip the collection is as it was copied.
    assert linkhealth(project, tmp_path, "strip", str(folder)).returncode == 0
    files = snapshot(folder)
    del files[MARKER]
    assert files == snapshot(COLLECTION)


def test_a_folder_of_the_users_is_not_touched(project: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "article.md").write_text("---\ntitle: mine\n---\n", encoding="utf-8")
    before = snapshot(mine)
    done = linkhealth(project, tmp_path, "demo", "--keep", str(mine))
    assert done.returncode == 3
    assert "--keep: " in done.stderr
    assert snapshot(mine) == before


def test_an_argument_that_is_not_known_is_refused(project: Path, tmp_path: Path) -> None:
    done = linkhealth(project, tmp_path, "demo", "somewhere")
    assert done.returncode == 3
    assert "'somewhere' is not known" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_help_names_the_option(project: Path, tmp_path: Path) -> None:
    done = linkhealth(project, tmp_path, "demo", "--help")
    assert done.returncode == 0
    assert "--keep DIR" in done.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_it_leaves_no_process_behind(
    project: Path, tmp_path: Path, number: signal.Signals
) -> None:
    # A session of its own, so that its processes can be distinguished from all others.
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "crawler", "demo"],
        cwd=tmp_path,
        env=environment(project),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        # In the background of a shell SIGINT is ignored, and a child inherits that.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads here
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.startswith("Round 1"):
                break
        running.send_signal(number)
        running.stdout.read()
        assert running.wait(WITHIN) == 4
    gone_by = time.monotonic() + WITHIN
    while _group_is_alive(running.pid) and time.monotonic() < gone_by:
        time.sleep(0.05)
    assert not _group_is_alive(running.pid)


def _group_is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
