"""Rule M20: another version of the code reads every page again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from crawler.extractors.code_version import code_version
from tests.time_limits import HANG
from tests.web.process import PROJECT

pytestmark = pytest.mark.process


def version_of(where: Path) -> str:
    """The version as a program says it that is imported from a folder or an archive."""
    code = "from crawler.extractors.code_version import code_version as v; print(v().hex())"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        cwd=where.parent,
        env={**os.environ, "PYTHONPATH": str(where)},
        capture_output=True,
        text=True,
        timeout=HANG,
        check=True,
    )
    return ended.stdout.strip()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with the package `crawler` alone."""
    folder = tmp_path / "copy"
    shutil.copytree(
        PROJECT / "crawler", folder / "crawler", ignore=shutil.ignore_patterns("__pycache__")
    )
    return folder


def test_a_copy_has_the_same_version_wherever_it_stands(copied: Path) -> None:
    assert version_of(copied) == code_version().hex()
    archive = copied.parent / "egg.zip"
    with ZipFile(archive, "w") as written:
        for path in sorted(copied.rglob("*.py")):
            written.write(path, path.relative_to(copied))
    assert version_of(archive) == code_version().hex()


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("extractors/metadata/title_chain.py", True),
        ("rules/text_words.py", True),
        ("model/observation.py", True),
        ("reporting/digest.py", False),
    ],
)
def test_a_change_of_what_reads_pages_counts(copied: Path, name: str, counts: bool) -> None:
    with (copied / "crawler" / name).open("a", encoding="utf-8") as written:
        written.write("# changed\n")
    assert (version_of(copied) != code_version().hex()) is counts
