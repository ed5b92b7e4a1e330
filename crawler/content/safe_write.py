"""Replace one file's content: it is the old or the new at every moment, or the write is refused with its reason."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from crawler import files
from crawler.content.article_document import LARGEST_FILE
from crawler.content.exchange import exchange
from crawler.content.stamps import stamp_of
from crawler.files import Folder
from crawler.model.article import FileStamp, Problem, ProblemCode

_PREFIX = ".linkhealth-"
_SUFFIX = ".tmp"
_PERMISSIONS = 0o7777
_OF_THE_SYSTEM = ("security.", "trusted.")
"""Attributes that the system sets on a new file itself, or that only root may set."""
_FOR_GOOD = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG))
_NEVER_SWEPT = frozenset((".git", "node_modules"))


class WriteRefused(Exception):  # noqa: N818 - a decision, not a fault
    """The file was left as it is; `path` is relative to the root.

    `may_pass` says that the same write may succeed later: the disk was full, the file system or the file
    read-only, the network down.
    """

    def __init__(
        self, path: str, code: ProblemCode, reason: str, *, may_pass: bool = False
    ) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.code = code
        self.reason = reason
        self.may_pass = may_pass

    def problem(self) -> Problem:
        """The refusal as a problem of the file."""
        return Problem(self.path, 0, self.code, self.reason)


def replace(root: Path, path: str, expected_sha256: str, data: bytes) -> FileStamp:
    """Replace the content of a file by `data` while its bytes still have the expected hash.

    A temporary file in the same folder is written, flushed to the disk and renamed over the target,
    whose mode, owner and extended attributes it takes over. A link is written through where it stays
    inside `root`. Raises WriteRefused; the file is then untouched and no temporary file remains.
    """
    new_sha256 = sha256_of(data)
    try:
        with _target(root, path) as target:
            folder = target.folder
            facts = _expected(path, target, expected_sha256)
            with folder.temporary(_PREFIX, _SUFFIX) as (descriptor, temporary):
                _fill(descriptor, data)
                _take_over(descriptor, target, facts)
                os.fsync(descriptor)
                # Checked as late as possible: what somebody saved in the meantime must not be lost.
                if not os.path.samestat(facts, _expected(path, target, expected_sha256)):
                    raise WriteRefused(path, ProblemCode.WRITE_REFUSED, "it was replaced meanwhile")
                new = _Content(os.fstat(descriptor), new_sha256)
                old = _Content(facts, expected_sha256)
                _put_in_place(path, new, old, temporary, target)
                folder.flush()
                # After the rename, which changes the change time on most file systems.
                return stamp_of(os.fstat(descriptor), new_sha256)
    except (OSError, ValueError) as error:
        raise _failed(path, ProblemCode.WRITE_REFUSED, error) from error


@dataclass(frozen=True, slots=True)
class _Target:
    """A file by its name in an open folder."""

    folder: Folder
    name: str

    def opened(self) -> AbstractContextManager[tuple[int, os.stat_result]]:
        """The file for reading (see `files.opened`)."""
        return self.folder.file(self.name)


@contextlib.contextmanager
def _target(root: Path, path: str, *, linked: bool = True) -> Iterator[_Target]:
    """The existing file at a path: links are resolved once, and the real path is opened without following any.

    Raises WriteRefused where it leads out of `root` or, unless `linked`, where a link leads to it.
    """
    real = root.resolve(strict=True)
    found = files.inside(real, root / path)
    if found is None:
        raise WriteRefused(path, ProblemCode.LEADS_OUTSIDE, "it leads out of the folder")
    if not linked and found != real / path:
        raise WriteRefused(path, ProblemCode.WRITE_REFUSED, "a link leads to it")
    below = found.relative_to(real)
    with Folder.opened(real, below.parent) as folder:
        yield _Target(folder, below.name)


def _failed(path: str, code: ProblemCode, error: OSError | ValueError) -> WriteRefused:
    may_pass = isinstance(error, OSError) and error.errno not in {*_FOR_GOOD, None}
    return WriteRefused(path, code, _reason(error), may_pass=may_pass)


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "not a usable path"


def create(root: Path, path: str, data: bytes) -> None:
    """Create a file with `data`, and the folders that it needs: it is absent or whole at every moment.

    Raises WriteRefused; no temporary file remains then, but an empty folder may.
    """
    name = Path(path).name
    try:
        real = root.resolve(strict=True)
        below = _made_folder(real, path).relative_to(real)
        with (
            Folder.opened(real, below) as folder,
            folder.temporary(_PREFIX, _SUFFIX) as (descriptor, temporary),
        ):
            _fill(descriptor, data)
            os.fchmod(descriptor, _mode_of_new_files())
            os.fsync(descriptor)
            if folder.holds(name):
                raise WriteRefused(path, ProblemCode.WRITE_REFUSED, "it has come up meanwhile")
            folder.replace(name, temporary)
            folder.flush()
    except (OSError, ValueError) as error:
        raise WriteRefused(path, ProblemCode.WRITE_REFUSED, _reason(error)) from error


def remove(root: Path, path: str, expected_sha256: str) -> None:
    """Remove a file whose bytes still have the expected hash, and the folders that are then empty.

    Raises WriteRefused; the file is then untouched. A link is never removed, nor what it leads to.
    """
    try:
        with _target(root, path, linked=False) as target:
            _expected(path, target, expected_sha256)
            target.folder.unlink(target.name)
        real = root.resolve(strict=True)
        with contextlib.suppress(OSError):
            for emptied in Path(path).parents[:-1]:
                with Folder.opened(real, emptied.parent) as folder:
                    os.rmdir(emptied.name, dir_fd=folder.descriptor)
    except (OSError, ValueError) as error:
        raise WriteRefused(path, ProblemCode.WRITE_REFUSED, _reason(error)) from error


def sha256_of(data: bytes) -> str:
    """The lower-case hex digest that stamps and `replace` compare."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(root: Path, path: str) -> bytes:
    """A file's bytes, as `replace` would find them; at most one more than an article may have.

    Raises WriteRefused where it cannot be read or leads out of `root`.
    """
    try:
        with _target(root, path) as target, target.opened() as (descriptor, _):
            return files.read_at_most(descriptor, LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise _failed(path, ProblemCode.UNREADABLE, error) from error


def sweep(folder: Path, *, below: bool = True) -> int:
    """Remove the temporary files of killed runs; returns their number.

    `below` searches the folders below too. A file that a run is still writing is locked and stays.
    Folders that cannot be entered are skipped.
    """
    removed = 0
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if below and name not in _NEVER_SWEPT]
        for name in names:
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                with contextlib.suppress(OSError), files.opened(Path(where, name)) as (opened, _):
                    fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    Path(where, name).unlink()
                    removed += 1
    return removed


def _expected(path: str, target: _Target, expected_sha256: str) -> os.stat_result:
    """The facts of the target if it is a plain file with the expected content."""
    with target.opened() as (descriptor, facts):
        if facts.st_nlink > 1:
            reason = "it has a second name (hard link), which a new file would not share"
            raise WriteRefused(path, ProblemCode.WRITE_REFUSED, reason)
        if not os.access(target.name, os.W_OK, dir_fd=target.folder.descriptor):
            reason = "it is read-only"
            raise WriteRefused(path, ProblemCode.WRITE_REFUSED, reason, may_pass=True)
        if not _holds(descriptor, expected_sha256):
            raise _changed(path)
    return facts


@dataclass(frozen=True, slots=True)
class _Content:
    """One file with one content: its facts and the hash of its bytes."""

    facts: os.stat_result
    sha256: str

    def stands_at(self, folder: Folder, name: str) -> bool:
        """Whether a name still leads to this file with this content."""
        with contextlib.suppress(OSError), folder.file(name) as (descriptor, facts):
            return os.path.samestat(facts, self.facts) and _holds(descriptor, self.sha256)
        return False


def _holds(descriptor: int, expected_sha256: str) -> bool:
    return sha256_of(files.read_at_most(descriptor, LARGEST_FILE + 1)) == expected_sha256


def _changed(path: str) -> WriteRefused:
    return WriteRefused(path, ProblemCode.WRITE_REFUSED, "it changed since it was read")


def _put_in_place(path: str, new: _Content, old: _Content, temporary: str, target: _Target) -> None:
    """Give the new file the target's name.

    Where the two can exchange names in one step, the old file is checked once more afterwards: if somebody
    saved it in the microseconds since the last check, it gets its name back.
    """
    folder, name = target.folder, target.name
    if not exchange(folder.descriptor, temporary, name):
        folder.replace(name, temporary)
        return
    if old.stands_at(folder, temporary):
        return
    try:
        exchange(folder.descriptor, temporary, name)
        if not new.stands_at(folder, temporary):
            # Somebody saved it once more meanwhile: the newest version stays.
            exchange(folder.descriptor, temporary, name)
    except OSError:
        folder.replace(name, temporary)
    raise _changed(path)


def _fill(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _take_over(descriptor: int, target: _Target, facts: os.stat_result) -> None:
    """Copy owner, extended attributes (access lists among them) and mode of the target, in this order.

    Changing the owner clears bits of the mode. Raises OSError where one of them cannot be kept.
    """
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (facts.st_uid, facts.st_gid):
        os.fchown(descriptor, facts.st_uid, facts.st_gid)
    if hasattr(os, "listxattr"):
        with target.opened() as (old, _):
            for name in _attributes(old):
                system = name.startswith(_OF_THE_SYSTEM)
                with contextlib.suppress(OSError) if system else contextlib.nullcontext():
                    os.setxattr(descriptor, name, os.getxattr(old, name))
    os.fchmod(descriptor, facts.st_mode & _PERMISSIONS)


def _attributes(descriptor: int) -> list[str]:
    """The names of a file's extended attributes; none where the file system has no such thing."""
    try:
        return os.listxattr(descriptor)
    except OSError as error:
        if error.errno in {errno.ENOTSUP, errno.ENOSYS}:
            return []
        raise


def _made_folder(root: Path, path: str) -> Path:
    """The real folder that is to hold a file, made part by part so that no link leads out of the real `root`."""
    made = root
    for part in Path(path).parent.parts:
        with (
            Folder.opened(root, made.relative_to(root)) as outer,
            contextlib.suppress(FileExistsError),
        ):
            os.mkdir(part, dir_fd=outer.descriptor)
        inner = files.inside(root, made / part)
        if inner is None:
            raise WriteRefused(path, ProblemCode.LEADS_OUTSIDE, "it leads out of the folder")
        made = inner
    return made


def _mode_of_new_files() -> int:
    """The mode that a shell's redirection would give a new file."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
