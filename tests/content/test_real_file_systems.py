"""Replacing files where the disk is full, the folder closed, or somebody else writes as well."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.time_limits import HANG
from tests.web.namespace import namespace_obstacle

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform != "linux", reason="tmpfs and its limits are Linux's"),
]


def seen(case: str, folder: Path, project: Path, *, mounts: bool = False) -> list[dict[str, Any]]:
    """The output of a case of `on_file_system`."""
    through: tuple[str, ...] = ()
    if mounts:
        if (obstacle := namespace_obstacle()) is not None:
            pytest.skip(obstacle)
        user = () if os.geteuid() == 0 else ("--user", "--map-root-user")
        through = ("unshare", *user, "--mount", "--propagation", "private", "--")
    ended = subprocess.run(
        [*through, sys.executable, "-m", "tests.content.on_file_system", case, str(folder)],
        cwd=project,
        capture_output=True,
        text=True,
        timeout=HANG,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: list[dict[str, Any]] = json.loads(ended.stdout)
    return found


def check_two_tries(found: list[dict[str, Any]], reason: str) -> None:
    """First the file stays, for a reason that may pass; then it is replaced; nothing else is left."""
    first, second = found
    assert (first["reason"], first["may_pass"], first["content"]) == (reason, True, "old")
    assert (second["reason"], second["content"]) == ("", "new")
    assert set(first["names"]) - {"filler"} == set(second["names"]) == {"a.md"}


@pytest.mark.namespace
@pytest.mark.parametrize(
    ("case", "reason"),
    [("full_disk", "No space left on device"), ("read_only", "it is read-only")],
)
def test_a_file_system_that_takes_nothing(
    case: str, reason: str, tmp_path: Path, project: Path
) -> None:
    check_two_tries(seen(case, tmp_path, project, mounts=True), reason)


@pytest.mark.namespace
def test_a_root_is_not_looked_for_on_another_file_system(tmp_path: Path, project: Path) -> None:
    found = seen("mark_on_another", tmp_path, project, mounts=True)
    assert [one["root"] for one in found] == [tmp_path.name, None, "mounted"]


@pytest.mark.namespace
def test_a_folder_that_is_closed(tmp_path: Path, project: Path) -> None:
    found = seen("closed_folder", tmp_path, project, mounts=os.geteuid() == 0)
    check_two_tries(found, "Permission denied")


def test_a_limit_on_the_size_of_files(tmp_path: Path, project: Path) -> None:
    check_two_tries(seen("size_limit", tmp_path, project), "File too large")


def test_a_person_who_saves_at_the_same_moment(tmp_path: Path, project: Path) -> None:
    (found,) = seen("a_person_saves", tmp_path, project)
    assert found["lost"] == 0
    assert 0 < found["refused"] < found["rounds"], "the two must meet to prove anything"
    assert found["names"] == ["a.md"]


def test_two_writers_without_a_common_lock(tmp_path: Path, project: Path) -> None:
    (found,) = seen("two_writers", tmp_path, project)
    assert found["wrong"] == 0
    assert found["ours"] > 0
    assert found["theirs"] > 0
    assert found["names"] == ["a.md"]
