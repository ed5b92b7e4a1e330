"""A folder held open: what is written goes into this very folder, whatever its path has become meanwhile.

Each part of the way below the root is opened from the one before (openat), never through a link: a collection, which
may be a stranger's, must not choose where linkhealth writes (rule B14).
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePath

from crawler.files.reading import opened

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_NOT_A_FOLDER = frozenset((errno.ENOTDIR, errno.ELOOP))


class LinkedPathError(OSError):
    """A part of a path is a symbolic link, where linkhealth writes."""

    def __str__(self) -> str:
        return f"{self.filename}: {self.strerror}"


@dataclass(frozen=True, slots=True)
class Place:
    """A folder to write into: `base` is as the operator named it, links and all; `below` it none is followed."""

    base: Path
    below: str = ""

    @property
    def path(self) -> Path:
        """The folder's path, for people."""
        return self.base / self.below


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder. `path` is its name in messages."""

    descriptor: int
    path: Path

    @classmethod
    @contextmanager
    def opened(
        cls, base: Path, below: str | PurePath = "", *, make: bool = False
    ) -> Iterator[Folder]:
        """The folder `below` the folder `base`; with `make` the missing parts are made.

        Raises LinkedPathError where a part below is a link, else OSError.
        """
        descriptor = os.open(base, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        path = base
        try:
            for part in PurePath(below).parts:
                path /= part
                inner = _entered(descriptor, part, path, make=make)
                os.close(descriptor)
                descriptor = inner
            yield cls(descriptor, path)
        finally:
            os.close(descriptor)

    def file(self, name: str) -> AbstractContextManager[tuple[int, os.stat_result]]:
        """The regular file of this name, as `files.opened` gives it."""
        return opened(name, self.descriptor)

    def holds(self, name: str) -> bool:
        """Whether there is anything of this name, be it a link to nothing."""
        try:
            os.stat(name, dir_fd=self.descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return False
        return True

    def names(self) -> set[str]:
        """The names of all that is in it. Raises OSError."""
        return set(os.listdir(self.descriptor))  # noqa: PTH208 - it is open, whatever its path has become

    def new_file(self, name: str, mode: int = 0o600) -> int:
        """The descriptor of a new file, for reading and writing. Raises OSError, FileExistsError among them."""
        return os.open(name, _NEW_FILE, mode, dir_fd=self.descriptor)

    @contextmanager
    def temporary(self, prefix: str, suffix: str, mode: int = 0o600) -> Iterator[tuple[int, str]]:
        """A new file and its name, removed at the end if it still has that name. It is locked while it is open,
        which tells a sweep that it is in use."""
        name = f"{prefix}{secrets.token_hex(8)}{suffix}"
        descriptor = self.new_file(name, mode)
        try:
            with suppress(OSError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield descriptor, name
        finally:
            with suppress(OSError):
                os.close(descriptor)
            with suppress(FileNotFoundError):
                self.unlink(name)

    def replace(self, name: str, by: str) -> None:
        """Give the file `by` the name `name`; a file or link of that name is gone then, not what the link leads to."""
        os.replace(by, name, src_dir_fd=self.descriptor, dst_dir_fd=self.descriptor)

    def unlink(self, name: str) -> None:
        """Remove a file, or a link itself."""
        os.unlink(name, dir_fd=self.descriptor)

    def flush(self) -> None:
        """Make what happened to names last through a power cut, where the file system can."""
        # It has happened: a folder that cannot be flushed must not make it a failure.
        with suppress(OSError):
            os.fsync(self.descriptor)


def _entered(outer: int, part: str, path: Path, *, make: bool) -> int:
    """The descriptor of a folder in an open one."""
    if make:
        with suppress(FileExistsError):
            os.mkdir(part, dir_fd=outer)
    try:
        return os.open(part, _FOLDER, dir_fd=outer)
    except OSError as error:
        if error.errno in _NOT_A_FOLDER and _is_link(outer, part):
            message = "is a symbolic link; put a folder in its place"
            raise LinkedPathError(error.errno, message, str(path)) from None
        raise OSError(error.errno, error.strerror, str(path)) from None


def _is_link(outer: int, part: str) -> bool:
    with suppress(OSError):
        return stat.S_ISLNK(os.stat(part, dir_fd=outer, follow_symlinks=False).st_mode)
    return False
