"""Globs of article files and folders, as `exclude`, `stale_after` and `owners` write them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import PurePosixPath


def is_within_glob(path: str, glob: str) -> bool:
    """Whether a glob matches a file, or a folder that it is in; `path` is POSIX, relative to the content."""
    file = PurePosixPath(path)
    return any(fnmatchcase(str(part), glob) for part in (file, *file.parents[:-1]))
