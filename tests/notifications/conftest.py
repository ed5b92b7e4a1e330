"""A collection in a state with three runs, and receivers on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from crawler.session import Session
from tests.notifications.local_receivers import HttpReceiver
from tests.notifications.three_runs import NOW, Opened, three_runs


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The collection, to be copied; see `three_runs`."""
    return three_runs(tmp_path_factory.mktemp("crawled") / "news")


@pytest.fixture
def root(crawled: Path, tmp_path: Path) -> Path:
    """The collection of one test."""
    return Path(shutil.copytree(crawled, tmp_path / "news"))


@pytest.fixture
def opened(root: Path) -> Opened:
    """Opens the collection with variables, at noon of the third run unless these say otherwise."""

    @contextmanager
    def open_session(**environ: str) -> Iterator[Session]:
        given = {"LINKHEALTH_CLOCK": NOW.isoformat(), **environ}
        with Session.open({"content": str(root)}, given, exclusive=False) as session:
            yield session

    return open_session


@pytest.fixture
def http() -> Iterator[HttpReceiver]:
    """A receiver of requests that takes everything."""
    with HttpReceiver() as receiver:
        yield receiver
