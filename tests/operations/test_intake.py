"""Changes of files on disk, or of how they are read, go into the state."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.operations import intake
from crawler.operations.intake import IntakeCount, take_in
from crawler.session import Session

ARTICLE = "---\ntitle: One\nwebUrl: https://one.example/a\nimages:\n  - /pictures/a.png\n---\n"


def taken_in(root: Path) -> IntakeCount:
    with Session.open({"content": str(root)}, {}) as session:
        *_, last = take_in(session)
        return last


def urls(root: Path) -> list[str]:
    with Session.open({"content": str(root)}, {}) as session:
        return [entry.link.url for entry in session.state.link_entries()]


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    (tmp_path / "a.md").write_text(ARTICLE)
    (tmp_path / "b.md").write_text(ARTICLE.replace("one", "two"))
    return tmp_path


def test_an_unchanged_file_is_not_read_again(collection: Path) -> None:
    assert taken_in(collection).read == 2
    assert taken_in(collection).read == 0
    (collection / "a.md").write_text(ARTICLE.replace("/a\n", "/c\n"))
    assert taken_in(collection).read == 1
    assert "https://one.example/c" in urls(collection)


def test_a_file_that_was_only_touched_keeps_what_is_known(collection: Path) -> None:
    taken_in(collection)
    os.utime(collection / "a.md", (1, 1))
    assert taken_in(collection).read == 0


def test_a_file_that_is_gone_takes_its_references_along(collection: Path) -> None:
    taken_in(collection)
    (collection / "b.md").unlink()
    assert taken_in(collection).gone == 1
    assert "https://two.example/a" not in urls(collection)


def test_another_site_address_makes_every_file_be_read_again(collection: Path) -> None:
    taken_in(collection)
    assert "pictures/a.png" in urls(collection)
    (collection / ".linkhealth.yml").write_text("site_url: https://site.example/blog\n")
    assert taken_in(collection).read == 2
    assert "https://site.example/blog/pictures/a.png" in urls(collection)
    assert taken_in(collection).read == 0


def test_a_link_that_led_outside_leaves_no_problem_behind(collection: Path) -> None:
    (collection / "out.md").symlink_to(collection.parent / "elsewhere.md")
    (collection.parent / "elsewhere.md").write_text(ARTICLE)
    taken_in(collection)
    with Session.open({"content": str(collection)}, {}) as session:
        assert [problem.path for problem in session.state.problems()] == ["out.md"]
    (collection / "out.md").unlink()
    taken_in(collection)
    with Session.open({"content": str(collection)}, {}) as session:
        assert session.state.problems() == []


def test_a_folder_that_is_ignored_now_is_no_longer_of_the_collection(collection: Path) -> None:
    (collection / "old").mkdir()
    (collection / "old" / "c.md").write_text(ARTICLE.replace("one", "three"))
    assert taken_in(collection).read == 3
    (collection / ".gitignore").write_text("old/\n")
    assert taken_in(collection).gone == 1
    assert "https://three.example/a" not in urls(collection)
    (collection / ".linkhealth.yml").write_text("include: old\n")
    assert taken_in(collection).read == 1
    assert "https://three.example/a" in urls(collection)


def test_files_that_another_version_read_are_read_again(
    collection: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (collection / "c.md").write_text(ARTICLE.replace("https://one.example/a", "www.one.example/a"))
    taken_in(collection)
    monkeypatch.setattr(intake, "_READING", intake._READING + 1)
    assert taken_in(collection).read == 3
    assert taken_in(collection).read == 0
