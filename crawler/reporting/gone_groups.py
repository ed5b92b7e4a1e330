"""Folders of groups that are gone: removed where all in them is what we wrote, and nobody has changed it (rule Q7)."""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Container, Sequence
from contextlib import suppress
from dataclasses import dataclass

from crawler.files import Folder, Place
from crawler.reporting.words.counting import counted
from crawler.reporting.words.escaping import printable
from crawler.reporting.written import NOTE, is_as_written, read_note

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class GoneGroups:
    """The folders that were removed, and those that stay because there is more in them than our reports."""

    removed: tuple[str, ...] = ()
    staying: tuple[str, ...] = ()

    @property
    def told(self) -> str | None:
        """Both in one line; None where there are none."""
        parts = []
        if self.removed:
            folders = counted(len(self.removed), "folder")
            parts.append(f"removed {folders} of groups that are gone ({_named(self.removed)})")
        if self.staying:
            folders = counted(len(self.staying), "folder")
            parts.append(
                f"left alone {folders} with more in it than our reports, or edited ones ({_named(self.staying)})"
            )
        return "; ".join(parts) or None


def remove_gone(place: Place, folders: Container[str]) -> GoneGroups:
    """Remove the folders below a place that are of no group any more; `folders` are those of groups. Raises OSError."""
    removed: list[str] = []
    staying: list[str] = []
    with Folder.opened(place.base, place.below) as outer:
        for name in sorted(outer.names()):
            found = os.stat(name, dir_fd=outer.descriptor, follow_symlinks=False)
            if name not in folders and stat.S_ISDIR(found.st_mode):
                (removed if _is_removed(place, outer, name) else staying).append(name)
    return GoneGroups(tuple(removed), tuple(staying))


def _is_removed(place: Place, outer: Folder, name: str) -> bool:
    with suppress(OSError):
        with Folder.opened(place.base, f"{place.below}/{name}") as folder:
            # Who writes reports there holds it, shared.
            fcntl.flock(folder.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is_ours(folder):
                return False
            # What is in it, not what the note names: that may be anything.
            for file in folder.names() - {NOTE}:
                folder.unlink(file)
            # Last: a run that is killed before leaves a folder that is still known as ours.
            folder.unlink(NOTE)
        os.rmdir(name, dir_fd=outer.descriptor)
        return True
    return False


def _is_ours(folder: Folder) -> bool:
    note = read_note(folder)
    names = folder.names() - {NOTE}
    return bool(note) and all(
        (written := note.get(name)) is not None
        and is_as_written(folder, name, written, written.basis)
        for name in names
    )


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(printable(name, 100) for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown
