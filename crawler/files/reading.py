"""Reading files safely: no pipes, no devices, no links out of the folder, no more than asked for."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_READ_ONLY = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class NotARegularFileError(OSError):
    """A pipe, a socket, a device or a folder, where a file was expected."""


class TooLargeError(OSError):
    """A file of more bytes than its reader takes."""


@contextmanager
def opened(path: Path | str, folder: int | None = None) -> Iterator[tuple[int, os.stat_result]]:
    """A file descriptor for reading, with the facts of the very file that was opened.

    `folder` is the descriptor of a folder that a relative path is below. Never blocks on a pipe and never follows a
    link in the last part of the path. Raises OSError.
    """
    descriptor = os.open(path, _READ_ONLY, dir_fd=folder)
    try:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise NotARegularFileError(None, "not a regular file", str(path))
        yield descriptor, facts
    finally:
        os.close(descriptor)


def read_at_most(descriptor: int, size: int) -> bytes:
    """Up to `size` bytes from where the descriptor stands."""
    pieces: list[bytes] = []
    while size > 0 and (piece := os.read(descriptor, min(size, 1 << 20))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def read_plain(path: Path, most: int) -> bytes:
    """The bytes of a file that a person named: links are followed, pipes and devices are not read.

    Raises TooLargeError for more than `most` bytes, OSError and ValueError where it cannot be read.
    """
    real = Path(os.path.realpath(path, strict=True))
    with opened(real) as (descriptor, facts):
        if facts.st_size > most:
            raise TooLargeError(None, f"larger than {most:,} bytes", str(path))
        data = read_at_most(descriptor, most + 1)
    if len(data) > most:
        raise TooLargeError(None, f"larger than {most:,} bytes", str(path))
    return data


def inside(root: Path, path: Path) -> Path | None:
    """The real path, if it exists and lies in the real `root`; None if it leads out of it.

    Raises OSError where a part is missing, loops or cannot be entered.
    """
    # Not Path.resolve: before Python 3.13 a loop of links raises RuntimeError there.
    real = Path(os.path.realpath(path, strict=True))
    return real if real.is_relative_to(root) else None
