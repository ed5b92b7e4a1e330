from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.time_limits import HANG
from tests.web import LoopbackWeb, running
from tests.web.fixtures import RunCli
from tests.web.process import PROJECT, ServerError, ServerProcess


def alive(pid: int) -> bool:
    """Whether a process runs: neither gone nor waiting to be collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def until_dead(pid: int) -> None:
    deadline = time.monotonic() + HANG
    while alive(pid):
        assert time.monotonic() < deadline, f"process {pid} lives on"
        time.sleep(0.01)


def run(*argv: str, timeout: float = HANG, cwd: Path | None = None) -> running.Completed:
    return running.run(argv, env=dict(os.environ), timeout=timeout, cwd=cwd)


def test_a_command_reports_what_it_said_and_took(tmp_path: Path) -> None:
    code = "import sys, os; b = b'x' * 50_000_000; print(os.getcwd()); sys.exit('é')"
    completed = run(sys.executable, "-X", "utf8", "-c", code, cwd=tmp_path)
    assert (completed.code, completed.stderr) == (1, "é\n")
    assert Path(completed.stdout.strip()) == tmp_path.resolve()
    assert 50_000_000 < completed.peak_rss < 110_000_000
    assert 0 < completed.seconds < HANG


def test_the_peak_is_the_command_s_own() -> None:
    """The kernel starts a child's count at its parent's size; ours must not show through."""
    ballast = b"x" * 60_000_000
    assert run("true").peak_rss < 30_000_000
    assert len(ballast) == 60_000_000


def test_a_signal_and_a_missing_program_are_told() -> None:
    assert run("sh", "-c", "kill -TERM $$").code == -signal.SIGTERM
    assert run("no-such-program-here").code == 127


def test_a_command_that_takes_too_long_is_killed_with_its_children(tmp_path: Path) -> None:
    noted = tmp_path / "pid"
    script = f"sleep 60 & echo $! > {noted}; echo begun; wait"
    # A busy machine may need more than the first of these to start it.
    for seconds in (1.0, 4.0, 16.0, 64.0):
        with pytest.raises(subprocess.TimeoutExpired) as raised:
            run("sh", "-c", script, timeout=seconds)
        if raised.value.stdout:
            break
    assert raised.value.stdout == b"begun\n"
    until_dead(int(noted.read_text(encoding="ascii")))


def test_a_started_command_ends_with_its_block(web: LoopbackWeb) -> None:
    code = "print('begun', flush=True); import time; time.sleep(60)"
    with web.start([sys.executable, "-c", code]) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        assert alive(process.pid)
    assert process.returncode == -signal.SIGKILL


def test_the_crawler_s_environment(web: LoopbackWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKHEALTH_IN_FLIGHT", "7")
    monkeypatch.setenv("https_proxy", "http://proxy.example")
    environment = web.environment(LINKHEALTH_HOST_DELAY="2", LINKHEALTH_CLOCK="2026-11-22")
    assert environment["LINKHEALTH_CONNECT_TO"] == (
        f":80:127.0.0.1:{web.http_port},:443:127.0.0.1:{web.https_port}"
    )
    assert Path(environment["LINKHEALTH_CA_FILE"]).read_text("ascii").startswith("-----BEGIN")
    assert environment["LINKHEALTH_HOST_DELAY"] == "2"
    assert environment["LINKHEALTH_CLOCK"] == "2026-11-22"
    assert not {"LINKHEALTH_IN_FLIGHT", "https_proxy"} & environment.keys()


def test_the_command_line_is_run_where_it_is_told(run_cli: RunCli, tmp_path: Path) -> None:
    package = tmp_path / "elsewhere" / "crawler"
    package.mkdir(parents=True)
    (package / "__main__.py").write_text(
        "import os, sys\nprint(os.getcwd(), sys.argv[1:], os.environ['LINKHEALTH_CLOCK'])\n",
        encoding="utf-8",
    )
    environment = {"PYTHONPATH": str(package.parent), "LINKHEALTH_CLOCK": "now"}
    completed = run_cli("audit", "a b", env=environment)
    assert completed.stdout == f"{tmp_path.resolve()} ['audit', 'a b'] now\n"


def test_a_server_that_cannot_start_says_why() -> None:
    with (
        pytest.raises(ServerError, match="required: --folder"),
        ServerProcess.of_module("tests.web.origin_server"),
    ):
        pass


def test_a_server_says_what_it_cannot_do(web: LoopbackWeb) -> None:
    with pytest.raises(ServerError, match="no answer"):
        web.set_rules({"//a.example/": []})
    web.set_rules()


def test_servers_end_with_the_test_that_started_them(tmp_path: Path) -> None:
    code = (
        "import os\nfrom tests.web import LoopbackWeb\n"
        "web = LoopbackWeb().__enter__()\nprint(web.origin.pid, flush=True)\nos._exit(0)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": str(tmp_path)}
    completed = running.run([sys.executable, "-c", code], env=environment, timeout=HANG)
    until_dead(int(completed.stdout))
