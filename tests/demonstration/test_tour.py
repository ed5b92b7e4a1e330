"""The audits of a demonstration can reach nothing but its own web."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.configuration import FILE_NAME, load
from crawler.demonstration import tour as tour_module
from crawler.demonstration.playground import make_playground
from crawler.demonstration.tour import AuditFailedError, child_environment, tour

CLOCK = datetime(2026, 11, 15, 7, 0, 30, 250, tzinfo=UTC)


def test_the_operators_own_settings_stay_outside(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    authority.touch()
    environ = {
        "PATH": "/bin",
        "NO_COLOR": "1",
        "LINKHEALTH_DATABASE_URL": "postgresql://db.example/x",
        "https_proxy": "http://proxy.example",
        "HTTP_PROXY": "http://proxy.example",
        "PYTHONPATH": "/more",
    }
    child = child_environment(environ, ":80:127.0.0.1:8080", authority, CLOCK)
    assert (child["PATH"], child["NO_COLOR"]) == ("/bin", "1")
    assert not {"https_proxy", "HTTP_PROXY", "LINKHEALTH_DATABASE_URL"} & child.keys()
    first, second = child["PYTHONPATH"].split(os.pathsep)
    assert (Path(first) / "crawler").is_dir()
    assert second == "/more"


def test_linkhealth_understands_the_environment_of_the_audits(tmp_path: Path) -> None:
    authority = tmp_path / "authority.pem"
    authority.touch()
    child = child_environment({}, ":80:127.0.0.1:8080,:443:127.0.0.1:8443", authority, CLOCK)
    configuration = load(tmp_path, {}, child)
    assert configuration.connect_to.target("any.example", 443) == ("127.0.0.1", 8443)
    assert configuration.ca_file == authority
    assert configuration.fixed_delay == 0.05
    assert configuration.clock.start == CLOCK.replace(microsecond=0)


@pytest.mark.process
@pytest.mark.server
def test_findings_missing_from_the_reports_are_named(tmp_path: Path) -> None:
    folder = make_playground(tmp_path / "demo")
    kept = folder / "_news/2022-03-30-redwood-school.md"
    for path in folder.rglob("*.md"):
        if path != kept:
            path.unlink()
    said: list[str] = []
    wrong = tour(folder, "linkhealth", said.append, said.append)
    missing = "https://lowtidepress.example/salt-maps"
    assert f"round 1: {missing}: expected broken, not in the report" in wrong
    assert f"round 2: {missing}: expected dead, not in the report" in wrong
    assert not [line for line in wrong if "redwoodstandard.example" in line]
    assert "Newly gone: 0" in said


@pytest.mark.process
@pytest.mark.server
def test_an_audit_that_fails_ends_the_demonstration(tmp_path: Path) -> None:
    folder = make_playground(tmp_path / "demo")
    (folder / FILE_NAME).write_text("no_such_option: 1\n", encoding="utf-8")
    said: list[str] = []
    with pytest.raises(AuditFailedError, match="round 1 ended with exit code 3"):
        tour(folder, "linkhealth", said.append, said.append)
    assert said[-1] == "Round 1 of 2"


@pytest.mark.process
def test_an_audit_that_does_not_stop_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tour_module, "_STOPPED_WITHIN", 0.1)
    ready = tmp_path / "ready"
    program = (
        "import pathlib, signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "time.sleep(600)\n"
    )
    command = [sys.executable, "-c", program, str(ready)]
    with tour_module._running(command, os.environ) as child:
        given_up = time.monotonic() + 60
        while not ready.exists() and time.monotonic() < given_up:
            time.sleep(0.01)
        assert ready.exists()
    assert child.returncode == -9
