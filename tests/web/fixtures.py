"""The fixtures that give a test its web; a pytest plugin named in tests/conftest.py."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from tests.time_limits import HANG
from tests.web import running
from tests.web.namespace import NamespaceWeb, namespace_obstacle
from tests.web.process import PROJECT
from tests.web.running import Completed
from tests.web.web import LoopbackWeb


class RunCli(Protocol):
    """How `run_cli` is called."""

    def __call__(
        self,
        *arguments: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = HANG,
    ) -> Completed:
        """Run `python -m crawler` with these arguments to its end."""


@pytest.fixture(scope="session")
def lasting_web() -> Iterator[LoopbackWeb]:
    """The servers behind `web`, started once: their start takes longer than most tests."""
    with LoopbackWeb() as opened:
        yield opened


@pytest.fixture
def web(lasting_web: LoopbackWeb) -> LoopbackWeb:
    """A web on free loopback ports, reached by connect-to; without rules and logs of other tests."""
    lasting_web.clean()
    return lasting_web


@pytest.fixture
def namespace_web() -> Iterator[NamespaceWeb]:
    """A web in a private namespace; skips where none can be made. Mark the test `namespace`."""
    if (obstacle := namespace_obstacle()) is not None:
        pytest.skip(obstacle)
    with NamespaceWeb() as opened:
        yield opened


@pytest.fixture
def run_cli(tmp_path: Path) -> RunCli:
    """Run the console command without a web, in `tmp_path` unless a folder is given."""

    def run(
        *arguments: str,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        timeout: float = HANG,
    ) -> Completed:
        return running.run(
            [sys.executable, "-m", "crawler", *arguments],
            env={**running.clean_environment(), "PYTHONPATH": str(PROJECT), **(env or {})},
            cwd=cwd or tmp_path,
            timeout=timeout,
        )

    return run
