"""Commands run to their end, bounded in time, with their output, seconds and memory."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.time_limits import HANG
from tests.web.forks import Forks
from tests.web.process import PROJECT

_FORKS = Forks()
_MEASURE = Path(__file__).with_name("measure.py")
_OVER_OWN = ("LINKHEALTH_",)


@dataclass(frozen=True, slots=True)
class Completed:
    """How a command ended. A negative `code` is the signal that killed it.

    `seconds` is wall time; `peak_rss` is bytes, of the largest single process.
    """

    code: int
    stdout: str
    stderr: str
    seconds: float
    peak_rss: int


def clean_environment() -> dict[str, str]:
    """This process's environment without the settings and proxies that would change a crawl."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OVER_OWN) and not name.lower().endswith("_proxy")
    }


def command(
    argv: Sequence[str], *, cwd: Path | None = None, through: Sequence[str] = ()
) -> list[str]:
    """The command as it is started: inside its namespace, and only there in its folder."""
    return [*through, "env", "-C", str(cwd or Path.cwd()), *argv]


def run(
    argv: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path | None = None,
    timeout: float = HANG,
    through: Sequence[str] = (),
) -> Completed:
    """Run a command to its end; kills it with all its children after `timeout` seconds.

    Raises `subprocess.TimeoutExpired` with the command's output until then.
    """
    if _FORKS.suit(argv, env, through):
        return _forked(argv, env, cwd, timeout, through)
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "figures.json"
        measured = [sys.executable, "-I", "-S", str(_MEASURE), str(result), *argv]
        with subprocess.Popen(
            command(measured, cwd=cwd, through=through),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=dict(env),
            start_new_session=True,
        ) as process:
            try:
                stdout, stderr = process.communicate(timeout=timeout)
            except subprocess.TimeoutExpired as expired:
                kill_group(process.pid)
                expired.stdout, expired.stderr = process.communicate()
                raise
            except BaseException:
                kill_group(process.pid)
                raise
        if not result.exists():
            raise RuntimeError(f"{argv}: not started\n{stderr.decode('utf-8', 'replace')}")
        figures = json.loads(result.read_text(encoding="utf-8"))
    return Completed(
        stdout=stdout.decode("utf-8", "replace"),
        stderr=stderr.decode("utf-8", "replace"),
        **figures,
    )


def typed(
    *arguments: str | Path,
    module: str = "crawler",
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float = HANG,
) -> subprocess.CompletedProcess[str]:
    """What somebody types, outside of any web: `linkhealth`, or `scrapy`, with these arguments.

    `env` goes into this process's environment.
    """
    done = run(
        [sys.executable, "-m", module, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(PROJECT), **(env or {})},
        cwd=cwd,
        timeout=timeout,
    )
    return subprocess.CompletedProcess(arguments, done.code, done.stdout, done.stderr)


def _forked(
    argv: Sequence[str],
    env: Mapping[str, str],
    cwd: Path | None,
    timeout: float,
    through: Sequence[str],
) -> Completed:
    """`run` by a fork of the process that has imported the crawler."""
    started = _FORKS.start(argv, env, cwd, through)
    with ExitStack() as stack:
        pipes = (started.output, started.errors, started.figures)
        files = [stack.enter_context(os.fdopen(pipe, "rb")) for pipe in pipes]
        readers = stack.enter_context(ThreadPoolExecutor(len(files)))
        stack.callback(kill_group, started.group)
        output, errors, figures = reading = [readers.submit(file.read) for file in files]
        _, late = wait(reading, timeout)
        if late:
            kill_group(started.group)
            raise subprocess.TimeoutExpired(argv, timeout, output.result(), errors.result())
    return Completed(
        stdout=output.result().decode("utf-8", "replace"),
        stderr=errors.result().decode("utf-8", "replace"),
        **json.loads(figures.result()),
    )


def kill_group(group: int) -> None:
    """Kill every process of a session that was started for a command."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
