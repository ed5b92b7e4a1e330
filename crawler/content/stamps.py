"""Stamps of files: a later change always shows in the stamp, even within one tick of the clock."""

from __future__ import annotations

import os
import time

from crawler.model.article import FileStamp

_SETTLED_NS = 2_000_000_000
"""Two seconds: the coarsest clock of a file system still in use (FAT)."""
_NEVER = -1


def stamp_of(facts: os.stat_result, sha256: str) -> FileStamp:
    """The stamp of a file whose content has this hash and whose facts were taken before reading it.

    A file that changed just now may change again within one tick of the file system's clock. Its
    stamp gets a time that no file has, so that the next scan reads it again: git's rule for racy
    entries (https://git-scm.com/docs/racy-git). The change time decides, because nobody can set it.
    """
    return FileStamp(
        size=facts.st_size,
        mtime_ns=facts.st_mtime_ns if _is_settled(facts) else _NEVER,
        ctime_ns=facts.st_ctime_ns,
        inode=facts.st_ino,
        sha256=sha256,
    )


def mark_of(facts: os.stat_result) -> str | None:
    """A short text that changes whenever a file does, for files whose content is not hashed; None for a file
    that changed just now (see `stamp_of`)."""
    if not _is_settled(facts):
        return None
    numbers = (facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns)
    return "-".join(f"{number:x}" for number in numbers)


def _is_settled(facts: os.stat_result) -> bool:
    return time.time_ns() - facts.st_ctime_ns > _SETTLED_NS
