"""Local images, files of the collection: whether they exist, and their first bytes (rules I17, I18).

Only regular files inside of the root are opened, and only the first entries of a folder are listed.
"""

from __future__ import annotations

import errno
import os
import posixpath
import stat
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import islice
from pathlib import Path

from crawler import files
from crawler.content.stamps import mark_of

PUBLISHED = ("", "static", "assets", "public", "source", "content", "_site")
"""Folders, below the root, whose files a generator publishes at the root of the site: Jekyll's own root and
what it has built, Hugo's static, assets and content, what others call public and source."""

_ENTRIES = 10_000
"""Entries of a folder that are listed."""
_ENDINGS = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".gif", ".webp", ".avif", ".heic"),
    *(".heif", ".svg", ".bmp", ".ico", ".tif", ".tiff", ".jxl"),
)
_NOT_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ)


class Presence(Enum):
    """What was found at the path of an image."""

    THERE = auto()
    MISSING = auto()
    """There is no such file, and its folder holds other images, or its name in other letters."""
    NO_FOLDER = auto()
    """There is no such file, and no sign that the collection keeps the images of its site."""
    CLOSED = auto()
    """It leads out of the collection, or may not be read."""


@dataclass(frozen=True, slots=True)
class Look:
    """The result of looking for a file. `mark` changes whenever the file does, None for a file that changed just
    now; `detail` says more in words that may quote names of files."""

    presence: Presence
    mark: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first bytes of a file of `size` bytes, with its mark (see `Look`)."""

    head: bytes
    size: int
    mark: str | None


class LocalImages:
    """The image files below `root`, a real path. It lists each folder once, so each run makes a new one."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._listed = lru_cache(maxsize=32)(self._list)

    def look_at(self, path: str) -> Look:
        """Whether an image is there; `path` is POSIX and relative to the root. Reads no content."""
        return self._at(path) or self._missing(path)

    def is_closed(self, path: str) -> bool:
        """Whether the path leads out of the collection, or may not be read."""
        found = self._at(path)
        return found is not None and found.presence is Presence.CLOSED

    def keeps_images(self, folder: str) -> bool:
        """Whether a folder of the collection holds an image, by the names of its files."""
        return self._listed(folder).has_image

    def read_beginning(
        self, path: str, wanted: Callable[[bytes, bool], int | None]
    ) -> Beginning | Look:
        """The first bytes of an image, as many as `wanted` asks for; a `Look` where it could not be read.

        `wanted` is called with the bytes so far and whether they are all. It returns how many bytes there should
        be, or None for enough."""
        try:
            real = files.inside(self._root, self._root / path)
            if real is None or not stat.S_ISREG(real.lstat().st_mode):
                return self.look_at(path)
            with files.opened(real) as (descriptor, facts):
                head = b""
                is_all = facts.st_size == 0
                while (total := wanted(head, is_all)) is not None and not is_all:
                    head += (more := files.read_at_most(descriptor, total - len(head)))
                    is_all = not more or len(head) >= facts.st_size
                return Beginning(head, facts.st_size, mark_of(facts))
        except (OSError, ValueError) as error:
            found = self.look_at(path)
            if found.presence is not Presence.THERE:
                return found
            detail = error.strerror if isinstance(error, OSError) else None
            return Look(Presence.CLOSED, detail=detail or "not readable")

    def read_piece(self, path: str, start: int, length: int) -> bytes:
        """Bytes from the middle of an image that was there just now; none where it could not be read."""
        try:
            real = files.inside(self._root, self._root / path)
            if real is None:
                return b""
            with files.opened(real) as (descriptor, _):
                return os.pread(descriptor, length, start)
        except (OSError, ValueError, OverflowError):
            return b""

    def _at(self, path: str) -> Look | None:
        """The result for a path; None where nothing is there."""
        try:
            real = files.inside(self._root, self._root / path)
            if real is None:
                return Look(Presence.CLOSED, detail="a link out of the collection")
            facts = real.stat()
        except (OSError, ValueError) as error:
            if isinstance(error, OSError) and error.errno not in _NOT_THERE:
                return Look(Presence.CLOSED, detail=error.strerror)
            return None
        if not stat.S_ISREG(facts.st_mode):
            kind = "a folder" if stat.S_ISDIR(facts.st_mode) else "no ordinary file"
            return Look(Presence.MISSING, detail=f"{path} is {kind}")
        return Look(Presence.THERE, mark_of(facts))

    def _missing(self, path: str) -> Look:
        for folder in PUBLISHED:
            other = self._in_other_letters(posixpath.join(folder, path))
            if other is not None:
                return Look(Presence.MISSING, detail=f"but there is {other}: letters must match")
        if self.keeps_images(posixpath.dirname(path)):
            return Look(Presence.MISSING)
        return Look(Presence.NO_FOLDER)

    def _in_other_letters(self, path: str) -> str | None:
        """The path of an entry whose name differs only in upper and lower case, or in the encoding of its
        accents: Linux distinguishes such names, desktop systems do not."""
        found = ""
        for name in path.split("/"):
            listed = self._listed(found)
            match = name if name in listed.names else listed.by_folded.get(_folded(name))
            if match is None:
                return None
            found = posixpath.join(found, match)
        return found

    def _list(self, folder: str) -> _Listed:
        """The first entries of a folder; none where it cannot be listed, or lies outside of the root."""
        names: list[str] = []
        has_image = False
        try:
            real = files.inside(self._root, self._root / folder)
            if real is not None:
                with os.scandir(real) as found:
                    for entry in islice(found, _ENTRIES):
                        names.append(entry.name)
                        has_image = has_image or _is_image(entry)
        except (OSError, ValueError):
            pass
        return _Listed(frozenset(names), {_folded(name): name for name in names}, has_image)


@dataclass(frozen=True, slots=True)
class _Listed:
    names: frozenset[str]
    by_folded: Mapping[str, str]
    has_image: bool


def _is_image(entry: os.DirEntry[str]) -> bool:
    return entry.name.lower().endswith(_ENDINGS) and entry.is_file(follow_symlinks=False)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
