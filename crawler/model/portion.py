"""A portion: the files and folders of a collection that a command was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

_MOST_NAMED = 3


@dataclass(frozen=True)
class Portion:
    """A part of a collection: files, and folders with all below them, POSIX and relative to the root.

    `is_list` says that nobody named the files one by one: those that are no articles, or are left out, are passed over, as
    when the whole collection is read. Else a file is read as an article whatever its name and place.
    """

    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    is_list: bool = False

    @classmethod
    def of_file(cls, path: str) -> Portion:
        """The portion that is one file, by its name."""
        return cls(frozenset({path}))

    def __contains__(self, path: str) -> bool:
        return path in self.files or any(
            path[:at] in self.folders for at, sign in enumerate(path) if sign == "/"
        )

    def leads_to(self, folder: str) -> bool:
        """Whether something of the portion is the folder, is below it, or holds it."""
        return folder in self._way or f"{folder}/" in self

    @cached_property
    def _way(self) -> frozenset[str]:
        """The folders, and those in which something of the portion lies."""
        return self.folders | frozenset(
            path[:at]
            for path in (*self.files, *self.folders)
            for at, sign in enumerate(path)
            if sign == "/"
        )

    @property
    def file(self) -> str | None:
        """The file, where the portion is a single one."""
        return next(iter(self.files)) if len(self.files) == 1 and not self.folders else None

    def __str__(self) -> str:
        """The first names, and how many there are more."""
        names = [*sorted(self.folders), *sorted(self.files)]
        more = len(names) - _MOST_NAMED
        named = ", ".join(names[:_MOST_NAMED])
        return f"{named} and {more:,} more" if more > 0 else named


Within = Portion | str | None
"""What is asked for: a part of a collection, one file by its path, or (None) all of it."""
