"""What killed runs left behind of their reports: it is removed by the next one that writes reports.

Two runs may write reports at once, because reports need no run lock. Whoever writes holds a shared lock on the folder;
who gets it alone, for a moment, knows that every temporary file in it is a killed run's.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from crawler.files import Folder

_TEMPORARY: Final = re.compile(
    r"\.(?:(?:report|index)(?:\.[a-z]{1,8}){1,2}|written)\.[0-9a-f]{16}\.tmp"
)
"""The names of reports, and of the note beside them, that are being written."""
_PREFIX: Final = "linkhealth-scratch-"
_FOLDER: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def sweep(folder: Folder) -> None:
    """Remove the temporary files of killed runs from a folder of reports; while it is open nobody removes ours."""
    descriptor = folder.descriptor
    with suppress(OSError):  # a file system without locks: nothing is removed
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove_temporary(descriptor)
        # Waits for a sweep at most: others who write hold it shared, too.
        fcntl.flock(descriptor, fcntl.LOCK_SH)


def _remove_temporary(folder: int) -> None:
    for name in os.listdir(folder):
        if _TEMPORARY.fullmatch(name):
            with suppress(OSError):
                os.unlink(name, dir_fd=folder)


def sweep_scratch() -> None:
    """Remove the scratch folders of this user's killed runs: one may have been killed when all was written."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        _remove_scratch(left)


@contextmanager
def scratch() -> Iterator[Path]:
    """Within the block the standard library's temporary files go into a folder of our own, which is gone at the end.

    A library that writes workbooks leaves its files in the system's folder when it is killed; see `sweep_scratch`.
    """
    before = tempfile.tempdir
    folder, descriptor = _new_scratch()
    tempfile.tempdir = str(folder)
    try:
        yield folder
    finally:
        tempfile.tempdir = before
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def _new_scratch() -> tuple[Path, int]:
    """A new folder, and the descriptor whose lock tells others that it is in use."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        with suppress(OSError):
            descriptor = os.open(folder, _FOLDER)
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            if folder.exists():
                return folder, descriptor
            # Another run took it for a killed one's between its making and its lock.
            os.close(descriptor)


def _remove_scratch(folder: Path) -> None:
    """Remove a scratch folder that is this user's and that nobody uses."""
    with suppress(OSError):
        descriptor = os.open(folder, _FOLDER)
        try:
            if os.fstat(descriptor).st_uid == os.geteuid():
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)
