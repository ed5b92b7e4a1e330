"""Replace one file's content: the old or the new, at every moment, or a refusal with its reason."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from crawler.content import files
from crawler.content.document import LARGEST_FILE
from crawler.content.stamps import stamp_of
from crawler.model.article import FileStamp, Problem, ProblemCode

_PREFIX = ".linkhealth-"
_SUFFIX = ".tmp"
_PERMISSIONS = 0o7777


class WriteRefused(Exception):  # noqa: N818 - a decision, not a fault
    """The file was left as it is; `path` is relative to the root."""

    def __init__(self, path: str, code: ProblemCode, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.code = code
        self.reason = reason

    def problem(self) -> Problem:
        """The refusal as a problem of the file."""
        return Problem(self.path, 0, self.code, self.reason)


def replace(root: Path, path: str, expected_sha256: str, data: bytes) -> FileStamp:
    """Put `data` in the place of a file whose bytes still have the expected hash.

    A temporary file in the same folder is written, flushed to the disk and renamed over the target,
    whose mode, owner and extended attributes it takes over. A link is written through where it stays
    inside `root`. Raises WriteRefused; the file is then untouched and no temporary file remains.
    """
    try:
        target = files.inside(root.resolve(strict=True), root / path)
        if target is None:
            raise WriteRefused(path, ProblemCode.LEADS_OUTSIDE, "it leads out of the folder")
        facts = _expected(path, target, expected_sha256)
        with _temporary(target) as (descriptor, temporary):
            _fill(descriptor, data)
            _take_over(descriptor, target, facts)
            os.fsync(descriptor)
            # As late as possible: whoever saved the file in the meantime keeps what they wrote.
            if not os.path.samestat(facts, _expected(path, target, expected_sha256)):
                raise WriteRefused(path, ProblemCode.WRITE_REFUSED, "it was replaced meanwhile")
            temporary.replace(target)
            _flush_folder(target.parent)
            # After the rename, which changes the change time on most file systems.
            return stamp_of(os.fstat(descriptor), sha256_of(data))
    except (OSError, ValueError) as error:
        raise WriteRefused(path, ProblemCode.WRITE_REFUSED, _reason(error)) from error


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or "not a usable path"


def create(root: Path, path: str, data: bytes) -> None:
    """Put `data` where no file is, and make the folders that this takes: nothing or all of it, at every moment.

    Raises WriteRefused; no temporary file remains then, but an empty folder may.
    """
    try:
        target = _made_folder(root.resolve(strict=True), path) / Path(path).name
        with _temporary(target) as (descriptor, temporary):
            _fill(descriptor, data)
            os.fchmod(descriptor, _mode_of_new_files())
            os.fsync(descriptor)
            if os.path.lexists(target):
                raise WriteRefused(path, ProblemCode.WRITE_REFUSED, "it has come up meanwhile")
            temporary.rename(target)
            _flush_folder(target.parent)
    except (OSError, ValueError) as error:
        raise WriteRefused(path, ProblemCode.WRITE_REFUSED, _reason(error)) from error


def remove(root: Path, path: str, expected_sha256: str) -> None:
    """Remove a file whose bytes still have the expected hash, and the folders that are then empty.

    Raises WriteRefused; the file is then untouched. A link is never removed, nor what it leads to.
    """
    try:
        real = root.resolve(strict=True)
        target = files.inside(real, root / path)
        if target is None:
            raise WriteRefused(path, ProblemCode.LEADS_OUTSIDE, "it leads out of the folder")
        if target != real / path:
            raise WriteRefused(path, ProblemCode.WRITE_REFUSED, "a link leads to it")
        _expected(path, target, expected_sha256)
        target.unlink()
        with contextlib.suppress(OSError):
            for folder in target.relative_to(real).parents[:-1]:
                (real / folder).rmdir()
    except (OSError, ValueError) as error:
        raise WriteRefused(path, ProblemCode.WRITE_REFUSED, _reason(error)) from error


def sha256_of(data: bytes) -> str:
    """The lower-case hex digest that stamps and `replace` compare."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(root: Path, path: str) -> bytes:
    """A file's bytes, as `replace` would find them; no more than an article may have, and one.

    Raises WriteRefused where it cannot be read or leads out of `root`.
    """
    try:
        target = files.inside(root.resolve(strict=True), root / path)
        if target is None:
            raise WriteRefused(path, ProblemCode.LEADS_OUTSIDE, "it leads out of the folder")
        with files.opened(target) as (descriptor, _):
            return files.read_at_most(descriptor, LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        raise WriteRefused(path, ProblemCode.UNREADABLE, _reason(error)) from error


def sweep(root: Path) -> int:
    """Remove the temporary files that a killed run left behind; gives their number.

    Only while no other run is writing. Folders that cannot be entered are passed over.
    """
    removed = 0
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in {".git", "node_modules"}]
        for name in names:
            if name.startswith(_PREFIX) and name.endswith(_SUFFIX):
                with contextlib.suppress(OSError):
                    Path(folder, name).unlink()
                    removed += 1
    return removed


def _expected(path: str, target: Path, expected_sha256: str) -> os.stat_result:
    """The facts of the target if it is a plain file with the expected content."""
    with files.opened(target) as (descriptor, facts):
        if facts.st_nlink > 1:
            reason = "it has a second name (hard link), which a new file would not share"
            raise WriteRefused(path, ProblemCode.WRITE_REFUSED, reason)
        if not os.access(target, os.W_OK):
            raise WriteRefused(path, ProblemCode.WRITE_REFUSED, "it is read-only")
        content = files.read_at_most(descriptor, LARGEST_FILE + 1)
    if sha256_of(content) != expected_sha256:
        raise WriteRefused(path, ProblemCode.WRITE_REFUSED, "it changed since it was read")
    return facts


@contextlib.contextmanager
def _temporary(target: Path) -> Iterator[tuple[int, Path]]:
    """A new file beside the target; whatever happens, none is left under its temporary name."""
    descriptor, name = tempfile.mkstemp(_SUFFIX, _PREFIX, target.parent)
    temporary = Path(name)
    try:
        yield descriptor, temporary
    finally:
        os.close(descriptor)
        temporary.unlink(missing_ok=True)


def _fill(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _take_over(descriptor: int, target: Path, facts: os.stat_result) -> None:
    """Owner, extended attributes (access lists among them) and mode of the target, in this order.

    Changing the owner clears bits of the mode. Raises OSError where the owner cannot be kept.
    """
    own = os.fstat(descriptor)
    if (own.st_uid, own.st_gid) != (facts.st_uid, facts.st_gid):
        os.fchown(descriptor, facts.st_uid, facts.st_gid)
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):
            for name in os.listxattr(target):
                with contextlib.suppress(OSError):
                    os.setxattr(descriptor, name, os.getxattr(target, name))
    os.fchmod(descriptor, facts.st_mode & _PERMISSIONS)


def _flush_folder(folder: Path) -> None:
    """Make the rename itself last through a power cut, where the file system can."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # The rename has happened: a folder that cannot be flushed is no reason to deny it.
        with contextlib.suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _made_folder(root: Path, path: str) -> Path:
    """The real folder that is to hold a file, made part by part so that no link leads out of the real `root`."""
    folder = root
    for part in Path(path).parent.parts:
        with contextlib.suppress(FileExistsError):
            (folder / part).mkdir()
        inner = files.inside(root, folder / part)
        if inner is None:
            raise WriteRefused(path, ProblemCode.LEADS_OUTSIDE, "it leads out of the folder")
        folder = inner
    return folder


def _mode_of_new_files() -> int:
    """What a shell's redirection would give a new file."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
