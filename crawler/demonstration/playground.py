"""The folder that a demonstration works in: a fresh copy of the sample collection."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

from crawler.demonstration.sample import COLLECTION

MARKER = ".linkhealth-demo"
"""A file of this name says that the folder was made by the demonstration and may be made anew."""
_MARKER_TEXT = "Made by `linkhealth demo`, which replaces this folder when it runs again.\n"
STATE_FOLDER = ".linkhealth"
REPORTS = Path(STATE_FOLDER, "reports")
BLOCK = "linkHealth:"


class FolderNotOursError(Exception):
    """A folder, a file or a link stands where the demonstration should go."""


def make_playground(folder: Path) -> Path:
    """A copy of the sample collection in `folder`; its absolute path.

    A folder that an earlier demonstration made is replaced. Raises FolderNotOursError for anything
    else that is there, and OSError where the folder cannot be made.
    """
    if folder.is_symlink() or (folder.exists() and not _is_empty_or_ours(folder)):
        raise FolderNotOursError(
            f"{folder} is there already and was not made by the demonstration; name another folder"
        )
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    # The marker comes first: a copy that was interrupted can be replaced too.
    (folder / MARKER).write_text(_MARKER_TEXT, encoding="utf-8")
    shutil.copytree(COLLECTION, folder, dirs_exist_ok=True)
    return folder.resolve()


def snapshot(folder: Path) -> dict[str, str]:
    """The hash of every file of the collection by its POSIX path; the state is no part of it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(paths)
        if not (name := path.relative_to(folder).as_posix()).startswith(f"{STATE_FOLDER}/")
    }


def written_block(path: Path) -> str | None:
    """The `linkHealth` block of a file, without its last line end; None where there is none."""
    if not path.is_file():
        return None
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    if BLOCK not in lines:
        return None
    start = lines.index(BLOCK)
    end = start + 1
    while end < len(lines) and lines[end].startswith(" "):
        end += 1
    return "\n".join(lines[start:end])


def _is_empty_or_ours(folder: Path) -> bool:
    return folder.is_dir() and ((folder / MARKER).is_file() or not any(folder.iterdir()))
