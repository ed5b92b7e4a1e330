"""The root of a collection is found upward from a file (rule K9)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from crawler.content.collection_root import Above, Root, Sign, root_above


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A repository in a folder, with folders in it."""
    root = tmp_path.resolve() / "tree"
    (root / "repository/site/content/posts").mkdir(parents=True)
    (root / "repository/.git").mkdir()
    return root


def found(folder: Path, home: Path | None = None) -> Root | None:
    return root_above(folder, home).root


def test_nothing_tells_a_root(tmp_path: Path) -> None:
    assert root_above(tmp_path.resolve()) == Above()
    assert root_above(tmp_path / "missing") == Above()


def test_the_repository_is_the_root_without_a_mark(tree: Path) -> None:
    repository = tree / "repository"
    assert found(repository / "site/content/posts") == Root(repository, Sign.REPOSITORY)
    assert found(repository) == Root(repository, Sign.REPOSITORY)
    assert found(tree) is None


def test_a_work_tree_of_another_place_has_a_file_in_the_place_of_the_folder(tree: Path) -> None:
    content = tree / "repository/site/content"
    (content / ".git").write_text("gitdir: ../../.git/modules/content\n")
    assert found(content / "posts") == Root(content, Sign.REPOSITORY)


@pytest.mark.parametrize("name", [".linkhealth.yml", ".linkhealth/"])
def test_the_nearest_mark_is_the_root(tree: Path, name: str) -> None:
    repository = tree / "repository"
    posts = repository / "site/content/posts"

    def mark(folder: Path) -> None:
        path = folder / name
        path.mkdir() if name.endswith("/") else path.touch()

    mark(tree)
    assert found(posts) == Root(repository, Sign.REPOSITORY), "never above the repository"
    assert found(tree) == Root(tree, Sign.MARK)
    mark(repository)
    assert found(posts) == Root(repository, Sign.MARK)
    mark(repository / "site")
    assert found(posts) == Root(repository / "site", Sign.MARK)
    mark(posts)
    assert found(posts) == Root(posts, Sign.MARK)


def test_nobody_looks_above_the_home(tree: Path) -> None:
    (tree / ".linkhealth.yml").touch()
    home = tree / "home"
    (home / "notes").mkdir(parents=True)
    assert found(home / "notes") == Root(tree, Sign.MARK)
    assert found(home / "notes", home) is None
    (home / ".linkhealth").mkdir()
    assert found(home / "notes", home) == Root(home, Sign.MARK), "the home itself may be one"


def test_what_only_looks_like_a_mark(tree: Path) -> None:
    posts = tree / "repository/site/content/posts"
    (posts / ".linkhealth.yml").mkdir()
    (posts / ".linkhealth").touch()
    (posts.parent / "folder").mkdir()
    (posts.parent / ".linkhealth").symlink_to("folder")
    (posts.parent / ".linkhealth.yaml").touch()
    (posts.parent / "linkhealth.yml").touch()
    assert found(posts) == Root(tree / "repository", Sign.REPOSITORY)


def test_a_link_to_a_configuration_is_a_mark_as_it_is_read(tree: Path) -> None:
    posts = tree / "repository/site/content/posts"
    (posts.parent / ".linkhealth.yml").symlink_to("posts/a.yml")
    assert found(posts) == Root(posts.parent, Sign.MARK)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_marks_of_others_count_for_nothing(tree: Path) -> None:
    """In /tmp anybody may make a `.linkhealth.yml`, and its `exclude` or its state would be another's."""
    posts = tree / "repository/site/content/posts"
    marks = [tree / name for name in ("repository/site/.linkhealth.yml", ".linkhealth.yml")]
    for path in (*marks, tree / "repository/.git"):
        path.touch()
        os.chown(path, 12_345, 12_345)
    assert root_above(posts) == Above(None, (marks[0],)), "nor is one beyond another's repository"
    os.chown(posts, 12_345, 12_345)
    assert found(posts) == Root(tree / "repository/site", Sign.MARK), "all is of one owner"
    os.chown(posts, 54_321, 54_321)
    assert root_above(posts) == Above(None, (marks[0],))
