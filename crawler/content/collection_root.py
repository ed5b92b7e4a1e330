"""The root of the collection that a file or folder belongs to, found upward as Git finds its own (rule K9).

What lies above was not named by anybody: it counts where it belongs to whoever runs this, or to the owner of what was named,
as `safe.directory` has it for Git.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Final

_FILE: Final = ".linkhealth.yml"
_STATE: Final = ".linkhealth"
_REPOSITORY: Final = ".git"


class Sign(Enum):
    """What shows that a folder is a root."""

    MARK = auto()
    """A `.linkhealth.yml`, or the folder of a state."""
    REPOSITORY = auto()
    """It is the top of a Git work tree."""


@dataclass(frozen=True, slots=True)
class Root:
    """A folder, and what shows that it is a root."""

    folder: Path
    sign: Sign


@dataclass(frozen=True, slots=True)
class Above:
    """What was found from a folder upward; `others` are the marks on the way that belong to another user."""

    root: Root | None = None
    others: tuple[Path, ...] = ()


def root_above(folder: Path, home: Path | None = None) -> Above:
    """The nearest folder with a mark, from `folder` (absolute, without links) itself upward; else the top of its work tree.

    Never above that top, the user's `home`, or the file system.
    """
    others: list[Path] = []
    try:
        start = folder.stat()
    except OSError:
        return Above()
    trusted = {os.geteuid(), start.st_uid}
    for one in _upward(folder, start.st_dev, home):
        owners = {name: _owner(one / name, is_folder=name == _STATE) for name in (_FILE, _STATE)}
        others += [one / name for name, owner in owners.items() if owner not in {None, *trusted}]
        if not trusted.isdisjoint(owners.values()):
            return Above(Root(one, Sign.MARK), tuple(others))
        owner = _owner(one / _REPOSITORY, is_folder=None)
        if owner is not None:
            top = Root(one, Sign.REPOSITORY) if owner in trusted else None
            return Above(top, tuple(others))
    return Above(None, tuple(others))


def _upward(folder: Path, device: int, home: Path | None) -> Iterator[Path]:
    for one in (folder, *folder.parents):
        try:
            if one.stat().st_dev != device:
                return
        except OSError:
            return
        yield one
        if one == home:
            return


def _owner(path: Path, *, is_folder: bool | None) -> int | None:
    """Who owns a file or folder of this name; None where there is none. A file may be a link, whose target is judged when it
    is read; a folder may not."""
    try:
        facts = path.lstat()
    except (OSError, ValueError):
        return None
    if is_folder is not None and is_folder != stat.S_ISDIR(facts.st_mode):
        return None
    return facts.st_uid
