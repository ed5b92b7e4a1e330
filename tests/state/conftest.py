"""A state on each engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from crawler.state import State, open_state

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """Every test that uses a state runs on both."""
    return str(request.param)


@pytest.fixture
def database_url(engine: str, request: pytest.FixtureRequest) -> str | None:
    """What `open_state` takes: None is SQLite under the content root."""
    return request.getfixturevalue("postgres_url") if engine == "postgresql" else None


@pytest.fixture
def state(database_url: str | None, tmp_path: Path) -> Iterator[State]:
    """An open, empty state."""
    with open_state(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
def new_state(
    engine: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], State]]:
    """As many empty states as a property test wants."""
    numbers = count()
    server = request.getfixturevalue("postgres_server") if engine == "postgresql" else None
    with ExitStack() as opened:

        def make() -> State:
            root = tmp_path / str(next(numbers))
            root.mkdir()
            url = None if server is None else server.new_url()
            return opened.enter_context(open_state(root, url))

        yield make
