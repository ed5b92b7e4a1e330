"""The repository that a collection lies in, by its `.git`; nothing of it is read."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Final

_HIGHEST: Final = 40
"""Levels above the content at which the root of its repository is looked for."""


def repository_of(root: Path) -> Path:
    """The root of the repository; `root` itself where it is in none."""
    above = islice((root, *root.parents), _HIGHEST)
    return next((folder for folder in above if (folder / ".git").exists()), root)


def folder_in_repository(root: Path) -> str:
    """Where the content lies below that (POSIX); empty for the root itself, or without a repository."""
    folder = root.relative_to(repository_of(root)).as_posix()
    return "" if folder == "." else folder
