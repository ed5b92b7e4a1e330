"""What every test may ask for: the project's folder, a clean environment; and how Hypothesis runs."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

PROJECT = Path(__file__).resolve().parent.parent

pytest_plugins = ["tests.needs", "tests.services.postgres", "tests.web.fixtures"]

# Deadlines measure the machine, not the code; CI repeats the same examples, fewer of them; a developer explores.
settings.register_profile(
    "default", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True, max_examples=20)
# What `make quick` asks for: enough to notice a mistake, `make test` looks for it.
settings.register_profile("quick", settings.get_profile("default"), max_examples=15)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def pytest_collection_finish() -> None:
    """The collected tests are no garbage: each search of Python's collector through them takes a second of every worker."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder that holds pyproject.toml."""
    return PROJECT


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own LINKHEALTH_* settings never reach a test."""
    for name in tuple(os.environ):
        if name.startswith("LINKHEALTH_") and name != "LINKHEALTH_SHARED":
            monkeypatch.delenv(name)
