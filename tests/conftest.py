"""What every test may ask for: the project's folder, the shared data, a clean environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

PROJECT = Path(__file__).resolve().parent.parent

pytest_plugins = ["tests.services.postgres", "tests.web.fixtures"]

# Deadlines measure the machine, not the code; CI repeats the same examples, a developer explores.
settings.register_profile(
    "default", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


def _shared_folder() -> Path:
    """Where the shared development data should be."""
    named = os.environ.get("LINKHEALTH_SHARED")
    return Path(named).resolve() if named else PROJECT.parent / "shared"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, visibly, what needs the shared data where the folder is missing."""
    folder = _shared_folder()
    if folder.is_dir():
        return
    skip = pytest.mark.skip(
        reason="the shared data is not here; LINKHEALTH_SHARED names its folder"
    )
    for item in items:
        if item.get_closest_marker("shared_data"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder that holds pyproject.toml."""
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared development data; skips where it is missing."""
    folder = _shared_folder()
    if not folder.is_dir():
        pytest.skip("the shared data is not here; LINKHEALTH_SHARED names its folder")
    return folder


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own LINKHEALTH_* settings never reach a test."""
    for name in tuple(os.environ):
        if name.startswith("LINKHEALTH_") and name != "LINKHEALTH_SHARED":
            monkeypatch.delenv(name)
