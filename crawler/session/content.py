"""What a command works on: a collection by its root, and the part of it that was asked for (rule K9)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Final

from crawler.configuration import ConfigurationError
from crawler.configuration.errors import quoted, quoted_few
from crawler.content.collection_root import Above, Root, Sign, root_above
from crawler.model.portion import Portion

MOST_FILES: Final = 10_000
"""Files that may be asked for by name. Questions to the state name each of them."""


@dataclass(frozen=True, slots=True)
class Content:
    """Where the articles are: the root of a collection, and the part of it that was asked for, None for all.

    `told` is what a user should know of how this was found. `is_complete` is False where something that was named could not
    be taken. `missing` are the files of a list that do not exist: they may be known, and are gone then;
    with `may_be_gone` nobody wonders at that.
    """

    root: Path
    asked: Portion | None = None
    told: tuple[str, ...] = field(default=(), compare=False)
    is_complete: bool = field(default=True, compare=False)
    missing: frozenset[str] = field(default=frozenset(), compare=False)
    may_be_gone: bool = field(default=False, compare=False)

    @classmethod
    def at(cls, text: str) -> Content:
        """The content that one PATH names. Raises ConfigurationError where there is none."""
        return _of_one(_found(text))

    @classmethod
    def of(
        cls,
        named: Sequence[str],
        listed: Sequence[str] | None = None,
        *,
        as_list: bool = False,
        may_be_gone: bool = False,
    ) -> Content:
        """The content of several PATHs, and of the files of a list, which count from the current folder.

        `as_list` takes the PATHs for such a list. Raises ConfigurationError where the PATHs are not of one collection.
        """
        if listed is None and len(named) == 1 and not as_list:
            return cls.at(named[0])
        return _Gathering(as_list, may_be_gone).content(named, listed or ())

    @property
    def is_list(self) -> bool:
        """Whether files are asked for that nobody named one by one."""
        return self.asked is not None and self.asked.is_list

    @property
    def is_missing(self) -> bool:
        """Whether nothing that is asked for is there, which is a mistake."""
        return (
            self.asked is not None
            and self.is_list
            and not self.may_be_gone
            and not self.asked.folders
            and self.asked.files == self.missing
        )

    def asks_for(self, path: str) -> bool:
        """Whether a file is asked for."""
        return self.asked is None or path in self.asked

    def narrowed(self, files: Iterable[str]) -> Content:
        """The same with these files alone, relative to the root, some of which may be gone. Raises ConfigurationError for too
        many."""
        wanted = frozenset(files)
        _check_number(len(wanted))
        missing = frozenset(path for path in wanted if not os.path.lexists(self.root / path))
        portion = Portion(wanted, is_list=True)
        return replace(self, asked=portion, missing=missing, may_be_gone=True)

    @property
    def name(self) -> str:
        """The name in reports: that of the root, or what was asked for."""
        return self.root.name if self.asked is None else str(self.asked)

    @property
    def place(self) -> str:
        """The place in messages."""
        return str(self.root) if self.asked is None else str(self.asked)

    @property
    def digest(self) -> str:
        """A mark of what was asked for; empty for all."""
        if self.asked is None:
            return ""
        whole = repr((sorted(self.asked.files), sorted(self.asked.folders), self.asked.is_list))
        return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def folder_at(text: str) -> Path:
    """The folder that a PATH names, or the one of the file. Raises ConfigurationError where there is none."""
    return _found(text).folder


@dataclass(frozen=True, slots=True)
class _Found:
    """A PATH as it was typed, and what it is: a folder, or a file of this name in a folder."""

    text: str
    folder: Path
    name: str = ""
    is_listed: bool = False
    is_there: bool = True

    @property
    def path(self) -> Path:
        return self.folder / self.name

    def within(self, root: Path) -> str | None:
        """The path relative to a root, empty for the root itself; None where it lies outside."""
        if not self.path.is_relative_to(root):
            return None
        path = self.path.relative_to(root).as_posix()
        return "" if path == "." else path


def _found(text: str) -> _Found:
    """What a PATH is. Raises ConfigurationError where nothing is there."""
    place = Path(text)
    try:
        found = place.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigurationError(
            "content", f"{quoted(text)} cannot be read: {_why(error)}; give a folder or a file"
        ) from None
    if found.is_dir():
        return _Found(text, found)
    # The path may be a symbolic link: the collection is the link's own folder, not its target's.
    return _Found(text, place.parent.resolve(), place.name)


def _listed(text: str) -> _Found:
    """What an entry of a list is; a file that does not exist may be one that is known."""
    try:
        return replace(_found(text), is_listed=True)
    except ConfigurationError:
        place = Path(text)
    try:
        folder = place.parent.resolve()
        return _Found(text, folder, place.name, is_listed=True, is_there=False)
    except (OSError, RuntimeError, ValueError):
        return _Found(text, Path("/"), is_listed=True, is_there=False)


def _of_one(one: _Found) -> Content:
    """The content of one PATH. A folder without a mark at or above it is a root itself."""
    above = _above(one.folder)
    root = above.root
    if root is None or (not one.name and root.sign is Sign.REPOSITORY):
        root = Root(one.folder, Sign.MARK)
    if one.name or root.folder != one.folder:
        _refuse_others(root.folder, above)
    path = one.within(root.folder)
    asked = _portion([path or ""], [one], is_list=False)
    return Content(root.folder, asked, _told(root.folder, one.folder, above.others))


class _Gathering:
    """Several PATHs and a list, which have to be of one collection."""

    def __init__(self, is_list: bool, may_be_gone: bool) -> None:
        self._is_list = is_list
        self._may_be_gone = may_be_gone
        self._told: list[str] = []
        self._is_complete = True
        self._above = cache(_above)

    def content(self, named: Sequence[str], listed: Sequence[str]) -> Content:
        every = [*self._existing(named), *map(_listed, listed)]
        there = [one for one in every if one.is_there]
        root = self._root(there)
        is_named = any(root == one.folder and not one.name for one in there)
        if not is_named:
            _refuse_others(root, self._above(root))
        inside: list[_Found] = []
        outside: list[_Found] = []
        for one in every:
            (outside if one.within(root) is None else inside).append(one)
        for one in outside:
            if not one.is_listed:
                raise ConfigurationError(
                    "content",
                    f"{quoted(one.text)} lies outside {quoted(str(root))}, the root of the other PATHs; "
                    "one command works on one collection",
                )
        missing = [one for one in inside if not one.is_there]
        self._tell(outside, f"outside {quoted(str(root))}, and left out")
        if not self._may_be_gone:
            self._tell(missing, "not there")
        paths = [one.within(root) or "" for one in inside]
        others = tuple(path for one in there for path in self._above(one.folder).others)
        here = root if is_named else Path.cwd().resolve()
        return Content(
            root,
            _portion(paths, inside, is_list=self._is_list or bool(listed)),
            (*_told(root, here, tuple(dict.fromkeys(others))), *self._told),
            self._is_complete,
            frozenset(one.within(root) or "" for one in missing),
            self._may_be_gone,
        )

    def _existing(self, named: Sequence[str]) -> list[_Found]:
        """The PATHs that are there; of the others it is told. Raises ConfigurationError where none is there."""
        if self._is_list:
            return [_listed(text) for text in named]
        found, errors = [], []
        for text in named:
            try:
                found.append(_found(text))
            except ConfigurationError as error:
                errors.append(error)
        if errors and not found:
            raise errors[0]
        self._told += [str(error) for error in errors]
        self._is_complete = not errors
        return found

    def _root(self, there: Sequence[_Found]) -> Path:
        """The root that they share. Raises ConfigurationError where there are several, or none."""
        roots = [(one, self._above(one.folder).root) for one in there]
        for sign in Sign:
            of_sign = {root.folder: one for one, root in roots if root and root.sign is sign}
            if len(of_sign) > 1:
                raise _several(of_sign.items())
            if of_sign:
                return next(iter(of_sign))
            if sign is Sign.MARK and (folder := _that_holds_all(there)):
                return folder
        folders = {one.folder: one for one in there}
        here = Path.cwd().resolve()
        if not there:
            root = self._above(here).root
            return root.folder if root is not None else here
        if len(folders) == 1:
            return next(iter(folders))
        if all(folder.is_relative_to(here) for folder in folders):
            return here
        raise _several(folders.items())

    def _tell(self, found: Sequence[_Found], what: str) -> None:
        if found:
            self._told.append(f"{what}: {quoted_few([one.text for one in found])}")


def _that_holds_all(there: Sequence[_Found]) -> Path | None:
    """The folder among the PATHs that holds all others that were named."""
    named = [one for one in there if not one.is_listed]
    for one in named:
        if not one.name and all(other.folder.is_relative_to(one.folder) for other in named):
            return one.folder
    return None


def _several(roots: Iterable[tuple[Path, _Found]]) -> ConfigurationError:
    (one, first), (other, second) = list(roots)[:2]
    return ConfigurationError(
        "content",
        f"{quoted(first.text)} belongs to the collection {quoted(str(one))}, and {quoted(second.text)} to "
        f"{quoted(str(other))}; one command works on one collection (`linkhealth init` marks its root)",
    )


def _refuse_others(folder: Path, above: Above) -> None:
    """What another user has put into a root that nobody named would be read."""
    for path in above.others:
        if path.parent == folder:
            raise ConfigurationError(
                "content",
                f"{quoted(str(path))} belongs to another user; give the folder itself, where you trust it",
            )


def _portion(paths: Sequence[str], found: Sequence[_Found], *, is_list: bool) -> Portion | None:
    """The part of these paths; None where the root is among them. Raises ConfigurationError for too many."""
    pairs = list(zip(paths, found, strict=True))
    if any(not path for path, _ in pairs):
        return None
    _check_number(len(pairs))
    return Portion(
        frozenset(path for path, one in pairs if one.name),
        frozenset(path for path, one in pairs if not one.name),
        is_list,
    )


def _check_number(files: int) -> None:
    if files > MOST_FILES:
        message = f"{files:,} files, where {MOST_FILES:,} may be listed; give their folder"
        raise ConfigurationError("content", message)


def _told(root: Path, named: Path, others: tuple[Path, ...]) -> tuple[str, ...]:
    told = [
        f"{quoted(str(path))} belongs to another user, and is not looked at"
        for path in others
        if path.parent != root
    ]
    if root != named:
        told.append(f"collection: {quoted(str(root))}")
    return tuple(told)


def _above(folder: Path) -> Above:
    return root_above(folder, _home())


def _home() -> Path | None:
    try:
        home = Path.home()
        return home.resolve() if home.is_absolute() else None
    except (OSError, RuntimeError):
        return None


def _why(error: Exception) -> str:
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else "bad name"
