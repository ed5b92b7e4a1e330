"""What a test needs beside Python and a folder of its own: said by markers, held by a guard.

A pytest plugin, named in tests/conftest.py. `make quick` runs the tests that need nothing. Markers come from
the names of fixtures and from folders where that tells the need; a test says the rest by a marker of its own. The guard
fails a test that starts a process, uses a socket of the network or reads the shared data without saying so.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path

import pytest
import tldextract  # noqa: F401 - its HTTP client tries a socket out while it is first imported

PROJECT = Path(__file__).resolve().parent.parent


class Need(StrEnum):
    """The markers that the guard holds tests to."""

    PROCESS = "process"
    SERVER = "server"
    SHARED_DATA = "shared_data"


_WEB = frozenset({Need.PROCESS, Need.SERVER})
_OF_MARKER = {
    "postgres": frozenset({Need.PROCESS}),
    "browser": frozenset({Need.PROCESS}),
    "namespace": _WEB,
}
"""What a marker includes."""
_OF_FIXTURE = {
    "shared": frozenset({Need.SHARED_DATA}),
    "run_cli": frozenset({Need.PROCESS}),
    "repository": frozenset({Need.PROCESS}),
    "postgres_server": frozenset({Need.PROCESS}),
    "own_postgres": frozenset({Need.PROCESS}),
}
"""What a fixture needs; one that is called `web` or `…_web` gives a running web."""
_OF_PLACE = {
    "tests/end_to_end/": _WEB,
    "tests/labelled_web/": _WEB,
    "tests/web_harness/": _WEB,
    "tests/fetching/test_certificate_probes.py": _WEB,
    "tests/fetching/test_image_reading.py": _WEB,
    "tests/fetching/test_one_off.py": _WEB,
    "tests/transport/test_addresses.py::test_there_is_always_a_route": frozenset({Need.SERVER}),
    "tests/review/test_serving.py": frozenset({Need.SERVER}),
    "tests/review/test_deciding.py": frozenset({Need.SERVER}),
    "tests/transport/test_download_handler.py": _WEB,
    "tests/transport/test_tls_probe.py": _WEB,
    "tests/transport/test_traps.py": _WEB,
}
"""Beginnings of names of tests that are whole runs, or about servers."""

_NEEDED_BY = {
    "subprocess.Popen": Need.PROCESS,
    "os.exec": Need.PROCESS,
    "os.fork": Need.PROCESS,
    "os.forkpty": Need.PROCESS,
    "os.posix_spawn": Need.PROCESS,
    "os.spawn": Need.PROCESS,
    "os.system": Need.PROCESS,
    "socket.bind": Need.SERVER,
    "socket.connect": Need.SERVER,
    "open": Need.SHARED_DATA,
    "os.listdir": Need.SHARED_DATA,
    "os.scandir": Need.SHARED_DATA,
}
"""Python's audit events that show a need. What a C library does by itself raises none."""
_NOT_HERE = "the shared data is not here; LINKHEALTH_SHARED names its folder"
_DOES = {
    Need.PROCESS: "starts a process",
    Need.SERVER: "uses a socket of the network",
    Need.SHARED_DATA: "reads the shared data",
}


@cache
def _shared_folder() -> Path:
    """Where the shared development data should be."""
    named = os.environ.get("LINKHEALTH_SHARED")
    return (Path(named) if named else PROJECT.parent / "shared").resolve()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared development data; skips where it is missing."""
    folder = _shared_folder()
    if not folder.is_dir():
        pytest.skip(_NOT_HERE)
    return folder


def needs(name: str, fixtures: Iterable[str], markers: Iterable[str]) -> frozenset[Need]:
    """What a test needs by its full name, its fixtures and its own markers."""
    found = {Need(marker) for marker in markers if marker in set(Need)}
    for marker in markers:
        found |= _OF_MARKER.get(marker, frozenset())
    for fixture in fixtures:
        found |= _OF_FIXTURE.get(fixture, frozenset())
        if fixture == "web" or fixture.endswith("_web"):
            found |= _WEB
    for start, of_place in _OF_PLACE.items():
        if name.startswith(start):
            found |= of_place
    return frozenset(found)


class _Guard:
    """Compares what happens with what the test that runs has said."""

    def __init__(self) -> None:
        self._said: frozenset[str] | None = None
        """The markers of the test that runs; None between tests."""
        self._broken = ""
        self._shared = str(_shared_folder())

    def begin(self, markers: Iterable[str]) -> None:
        self._said, self._broken = frozenset(markers), ""

    def end(self) -> str:
        """What the test did and had not said, empty if nothing."""
        self._said = None
        return self._broken

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        """An audit hook: raises where the test that runs has not said that it needs this."""
        said = self._said
        if said is None or event not in _NEEDED_BY:
            return
        need = _NEEDED_BY[event]
        if need in said or not self._is_meant(need, arguments):
            return
        what = repr(arguments[1 if need is Need.SERVER else 0]) if arguments else ""
        self._broken = (
            f"the test {_DOES[need]} ({event} {what}): mark it `{need}`, "
            "so that `make quick` leaves it out (CONTRIBUTING.md, Tests)"
        )
        pytest.fail(self._broken)

    def _is_meant(self, need: Need, arguments: tuple[object, ...]) -> bool:
        match need:
            case Need.SERVER:
                # A Unix socket's address is a path: a file of the test's own folder.
                return isinstance(arguments[1], tuple)
            case Need.SHARED_DATA:
                path = arguments[0]
                return isinstance(path, str | os.PathLike) and self._is_shared(os.fspath(path))
            case _:
                return True

    def _is_shared(self, path: str | bytes) -> bool:
        # Not resolved: this runs whenever a file is opened.
        return (
            isinstance(path, str)
            and path.startswith(self._shared)
            and path[len(self._shared) :][:1] in ("", os.sep)
        )


_guard = _Guard()
# An audit hook is there until the process ends; between tests it lets all pass.
sys.addaudithook(_guard.hear)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by what it needs, before `-m` selects; skip, visibly, what has no shared data here."""
    skip = pytest.mark.skip(reason=_NOT_HERE)
    without_shared = not _shared_folder().is_dir()
    for item in items:
        markers = [marker.name for marker in item.iter_markers()]
        needed = needs(item.nodeid, getattr(item, "fixturenames", ()), markers)
        for need in sorted(needed.difference(markers)):
            item.add_marker(need.value)
        if without_shared and Need.SHARED_DATA in needed:
            item.add_marker(skip)


def _guarded(item: pytest.Item) -> Iterator[None]:
    _guard.begin(marker.name for marker in item.iter_markers())
    try:
        yield
    finally:
        broken = _guard.end()
    # The test may have caught what the hook raised.
    if broken:
        pytest.fail(broken)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    """A fixture that many share is set up by the first test that asks for it, which then needs what it needs."""
    yield from _guarded(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """The teardown is not guarded: the last test of all takes down what others have used."""
    yield from _guarded(item)
