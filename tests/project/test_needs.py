"""What tests need is said by markers, and a test that says too little fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import _OF_PLACE, PROJECT, Need, needs
from tests.time_limits import HANG

CASES = """
import os, pathlib, socket, subprocess, sys, threading
import pytest

SHARED = pathlib.Path(os.environ["LINKHEALTH_SHARED"])

def start(): subprocess.run([sys.executable, "-c", ""], check=True)
def fork():
    child = os.fork()
    if not child: os._exit(0)
    os.waitpid(child, 0)
def listen(): socket.create_server(("127.0.0.1", 0)).close()
def connect():
    with socket.socket() as one: one.connect_ex(("127.0.0.1", 1))
def name(): socket.socket(socket.AF_UNIX).bind(str(own / "socket"))
def read(): (SHARED / "note").read_text()
def look(): list(SHARED.iterdir())
def beside(): SHARED.with_name("shared-not").read_text()

NEEDS = {"process": (start, fork), "server": (listen, connect), "shared_data": (read, look)}
EACH = [(need, act) for need, acts in NEEDS.items() for act in acts]
marked = [pytest.param(act, marks=getattr(pytest.mark, need)) for need, act in EACH]
unmarked = [act for _, act in EACH]

@pytest.mark.parametrize("act", marked)
def test_said(act): act()

@pytest.mark.parametrize("act", unmarked)
def test_unsaid(act): act()

@pytest.mark.parametrize("act", unmarked)
def test_caught(act):
    try: act()
    except BaseException: pass

@pytest.mark.parametrize("act", unmarked)
def test_elsewhere(act):
    threading.excepthook = lambda failed: None
    other = threading.Thread(target=act)
    other.start()
    other.join()

@pytest.fixture
def prepared(): start()

def test_prepared(prepared): pass

@pytest.fixture
def module_web(): listen(); start()

def test_in_a_web(module_web): pass

@pytest.mark.browser
def test_in_a_browser(): start()

def test_nothing(tmp_path):
    with socket.socket(socket.AF_UNIX) as one: one.bind(os.path.relpath(tmp_path / "socket"))
    (tmp_path / "a").write_text("a")
    beside()
"""


@pytest.mark.process
def test_who_does_not_say_what_is_needed_fails(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    for note in (shared / "note", tmp_path / "shared-not"):
        note.write_text("a", encoding="utf-8")
    cases = tmp_path / "test_cases.py"
    cases.write_text(CASES, encoding="utf-8")
    options = [
        "-p",
        "tests.needs",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        "-p",
        "no:unraisableexception",
        "-rA",
        "--tb=line",
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", "pyproject.toml", str(cases)],
        cwd=PROJECT,
        env={**os.environ, "LINKHEALTH_SHARED": str(shared)},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    said = ended.stdout
    passed = re.findall(r"^PASSED \S*::(\w+)", said, re.MULTILINE)
    failed = re.findall(r"^(?:FAILED|ERROR) \S*::(\w+)", said, re.MULTILINE)
    assert {name: passed.count(name) for name in passed} == {
        "test_said": 6,
        "test_in_a_web": 1,
        "test_in_a_browser": 1,
        "test_nothing": 1,
    }, said
    assert {name: failed.count(name) for name in failed} == {
        "test_unsaid": 6,
        "test_caught": 6,
        "test_elsewhere": 6,
        "test_prepared": 1,
    }, said
    for need in Need:
        assert f"mark it `{need}`" in said


WEB = {Need.PROCESS, Need.SERVER}


@pytest.mark.parametrize(
    ("name", "fixtures", "markers", "expected"),
    [
        ("tests/rules/test_urls.py::test_a", ["tmp_path"], ["parametrize"], set()),
        ("tests/rules/test_urls.py::test_a", ["shared"], [], {Need.SHARED_DATA}),
        ("tests/project/test_a.py::test_a", ["request", "web"], [], WEB),
        ("tests/project/test_a.py::test_a", ["true_web"], ["shared_data"], {*Need}),
        ("tests/state/test_a.py::test_a", [], ["postgres"], {Need.PROCESS}),
        ("tests/content/test_a.py::test_a", [], ["namespace"], WEB),
        ("tests/end_to_end/test_a.py::test_a", [], [], WEB),
    ],
)
def test_needs_are_told_by_name_fixtures_and_markers(
    name: str, fixtures: list[str], markers: list[str], expected: set[Need]
) -> None:
    assert needs(name, fixtures, markers) == expected


@pytest.mark.parametrize("place", _OF_PLACE)
def test_every_place_is_there(place: str) -> None:
    """A file that has moved on would need nothing any more."""
    name, _, test = place.partition("::")
    assert (PROJECT / name).exists()
    assert not test or f"def {test}" in (PROJECT / name).read_text(encoding="utf-8")


def test_make_quick_leaves_out_what_needs_anything() -> None:
    chosen = re.search(r"-m '(.*)'", (PROJECT / "Makefile").read_text(encoding="utf-8"))
    assert chosen is not None
    assert chosen[1] == f"not ({' or '.join([*Need, 'slow'])})"
