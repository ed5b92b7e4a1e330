"""Which CODEOWNERS file counts, and from where its patterns start (rule Q6)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.content.code_owners import LARGEST, PLACES, read_code_owners


def owners(root: Path, path: str = "a.md") -> tuple[str, ...] | None:
    found = read_code_owners(root)
    return None if found is None else found.of(path)


def put(root: Path, place: str, text: str) -> None:
    file = root / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_the_first_of_its_places_counts(tmp_path: Path) -> None:
    assert owners(tmp_path) is None
    for number, place in reversed(list(enumerate(PLACES))):
        put(tmp_path, place, f"* @a{number}")
        assert owners(tmp_path) == (f"@a{number}",)


def test_patterns_start_at_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    content = tmp_path / "site" / "news"
    content.mkdir(parents=True)
    put(tmp_path, "CODEOWNERS", "/site/news/*.md @news\n/site/news/deep/ @deep")
    put(content, "CODEOWNERS", "* @inner")
    assert owners(content) == ("@news",)
    assert owners(content, "deep/a.md") == ("@deep",)


def test_outside_of_a_repository_nothing_above_is_looked_at(tmp_path: Path) -> None:
    put(tmp_path, "CODEOWNERS", "* @above")
    content = tmp_path / "content"
    content.mkdir()
    assert owners(content) is None


def test_a_file_that_is_too_large_names_nobody(tmp_path: Path) -> None:
    put(tmp_path, "CODEOWNERS", "* @a\n" + "#" * LARGEST)
    assert owners(tmp_path) == ()


def test_bytes_that_are_no_text_do_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "CODEOWNERS").write_bytes(b"\xff\xfe @b\n* @a\n\0\0")
    assert owners(tmp_path) == ("@a",)


@pytest.mark.parametrize("place", PLACES)
def test_links_and_pipes_are_not_read(tmp_path: Path, place: str) -> None:
    secret = tmp_path / "secret"
    secret.write_text("* @a")
    root = tmp_path / "content"
    (root / place).parent.mkdir(parents=True)
    (root / place).symlink_to(secret)
    assert owners(root) is None
    (root / place).unlink()
    os.mkfifo(root / place)
    assert owners(root) is None
