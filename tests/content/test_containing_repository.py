from __future__ import annotations

from pathlib import Path

import pytest

from crawler.content.containing_repository import folder_in_repository


@pytest.mark.parametrize(
    ("repository", "content", "expected"),
    [("r", "r", ""), ("r", "r/a", "a"), ("r", "r/a b/ü", "a b/ü"), ("r/a", "r/a/b", "b")],
)
@pytest.mark.parametrize("is_worktree", [False, True])
def test_the_folder_below_the_root_of_the_repository(
    tmp_path: Path, repository: str, content: str, expected: str, is_worktree: bool
) -> None:
    (tmp_path / content).mkdir(parents=True)
    mark = tmp_path / repository / ".git"
    if is_worktree:
        mark.write_text("gitdir: elsewhere")
    else:
        mark.mkdir()
    assert folder_in_repository(tmp_path / content) == expected


def test_a_content_in_no_repository_has_no_folder() -> None:
    assert folder_in_repository(Path("/nowhere/at/all")) == ""
