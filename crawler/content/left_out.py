"""What is no article, whatever it begins with (rule W8): what is built, installed, a template, hidden or ignored.

`exclude` leaves out more, `include` reads what would be left out. Both are shell patterns of paths below the root, in which
`*` stands for `/` too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from crawler import files
from crawler.content.built_folders import built_folders
from crawler.content.ignore_file import LARGEST, IgnoreFile

IGNORE_FILE: Final = ".gitignore"
_NEVER = frozenset((".git", ".linkhealth"))
"""Not even `include` has these read."""
_ALWAYS_BUILT = frozenset(("_site", "node_modules", "bower_components", "__pycache__"))
_BUILT_OF_A_SITE = frozenset(("public", "vendor"))
"""At the root of a site. Deeper down they are what a folder of articles may be called."""
_BUILT_OF_A_PROJECT = frozenset(
    ("public", "vendor", "dist", "build", "_build", "out", "target", "venv")
)
_TEMPLATES = frozenset(("_layouts", "_includes", "_sass", "_plugins"))
_TEMPLATES_OF_HUGO = frozenset(("archetypes", "layouts", "themes"))
"""Folders of a site that hold templates: what begins like an article there is none."""
_PROJECT = frozenset((
    "_config.yml", "_config.yaml", "_config.toml", "hugo.toml", "hugo.yaml", "hugo.json", "config.toml",
    "package.json", "composer.json", "Gemfile", "go.mod", "Cargo.toml", "pyproject.toml", "mkdocs.yml", "book.toml",
    "conf.py", "eleventy.config.js", ".eleventy.js", "astro.config.mjs", "gatsby-config.js", "netlify.toml",
))  # fmt: skip
"""Files that show that a folder is the root of a site or of a project."""
_HUGO = frozenset((
    "config", "hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json", "config.toml", "config.yaml", "config.yml", "config.json",
))  # fmt: skip
"""What stands at the root of a site of Hugo, beside its folder `content`."""
_HIGHEST = 40
"""Levels above the root at which `.gitignore` is looked for."""
_WILD = re.compile(r"[*?\[]")


class Place(Enum):
    """What a file or folder is for the walk."""

    IN = auto()
    OUT = auto()
    PASSAGE = auto()
    """A folder that is left out, with something in it that `include` names."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder on the way: the files about its content, each with the names that lead from theirs to this one."""

    path: str = ""
    is_passage: bool = False
    is_project: bool = False
    is_hugo: bool = False
    ignoring: tuple[tuple[tuple[str, ...], IgnoreFile], ...] = ()


class LeftOut:
    """What is left out below `root`."""

    def __init__(self, root: Path, exclude: Sequence[str], include: Sequence[str]) -> None:
        self._root = root
        self._exclude = tuple(pattern.rstrip("/") for pattern in exclude)
        self._include = tuple(pattern.rstrip("/") for pattern in include)
        self._built = built_folders(root)

    def top(self) -> Folder:
        """The root itself, before its entries are known."""
        return Folder(ignoring=tuple(_above(self._root)))

    def below(self, folder: Folder, name: str, place: Place) -> Folder:
        """A folder in a folder, before its entries are known."""
        ignoring = tuple(((*lead, name), patterns) for lead, patterns in folder.ignoring)
        return Folder(_joined(folder, name), is_passage=place is Place.PASSAGE, ignoring=ignoring)

    def entered(self, folder: Folder, names: Collection[str]) -> Folder:
        """The folder with what its entries say, by their names."""
        ignoring = folder.ignoring
        if IGNORE_FILE in names:
            own = _read(self._root / folder.path / IGNORE_FILE)
            ignoring = (((), own), *ignoring) if own else ignoring
        return replace(
            folder,
            is_project=not _PROJECT.isdisjoint(names),
            is_hugo=not _HUGO.isdisjoint(names) and "content" in names,
            ignoring=ignoring,
        )

    def place_of(self, folder: Folder, name: str, *, is_folder: bool) -> Place:
        """Whether an entry of a folder is in or out."""
        path = _joined(folder, name)
        if name in _NEVER or any(fnmatchcase(path, pattern) for pattern in self._exclude):
            return Place.OUT
        if self._include and self._is_included(path):
            return Place.IN
        is_out = (
            folder.is_passage
            or name.startswith(".")
            or (is_folder and self._is_built(folder, path, name))
            or (bool(folder.ignoring) and self._is_ignored(folder, path, name, is_folder=is_folder))
        )
        if not is_out:
            return Place.IN
        return Place.PASSAGE if is_folder and self._leads_to_included(path) else Place.OUT

    def _is_included(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self._include)

    def _leads_to_included(self, path: str) -> bool:
        """Whether a pattern names something below a folder: by the part before its first wildcard."""
        return any(_WILD.split(one, maxsplit=1)[0].startswith(f"{path}/") for one in self._include)

    def _is_built(self, folder: Folder, path: str, name: str) -> bool:
        return (
            name in _ALWAYS_BUILT
            or path in self._built
            or (name in _BUILT_OF_A_SITE and not folder.path)
            or (name in _BUILT_OF_A_PROJECT and folder.is_project)
            or (name in _TEMPLATES and folder.is_project)
            or (name in _TEMPLATES_OF_HUGO and folder.is_hugo)
        )

    def _is_ignored(self, folder: Folder, path: str, name: str, *, is_folder: bool) -> bool:
        """Whether git would leave it out: the file nearest to it decides. What is in an included folder is not."""
        for lead, patterns in folder.ignoring:
            verdict = patterns.leaves_out((*lead, name), is_folder=is_folder)
            if verdict is not None:
                return verdict and not self._is_below_included(path)
        return False

    def _is_below_included(self, path: str) -> bool:
        parts = path.split("/")
        return any(self._is_included("/".join(parts[:end])) for end in range(1, len(parts)))


def _joined(folder: Folder, name: str) -> str:
    return f"{folder.path}/{name}" if folder.path else name


def _above(root: Path) -> list[tuple[tuple[str, ...], IgnoreFile]]:
    """The files above a root that lies in a Git repository, nearest first; none where they ignore the root itself: whoever
    names a folder wants it."""
    found: list[tuple[tuple[str, ...], IgnoreFile]] = []
    lead: tuple[str, ...] = ()
    folder = root
    for _ in range(_HIGHEST):
        if (folder / ".git").exists():
            break
        if folder.parent == folder:
            return []
        lead, folder = (folder.name, *lead), folder.parent
        if patterns := _read(folder / IGNORE_FILE):
            found.append((lead, patterns))
    else:
        return []
    for names, patterns in found:
        ways = (names[:end] for end in range(1, len(names) + 1))
        if any(patterns.leaves_out(way, is_folder=True) for way in ways):
            return []
    return found


def _read(path: Path) -> IgnoreFile | None:
    """The patterns of a file; None where there are none. Links are not followed, as by git."""
    try:
        with files.opened(path) as (descriptor, _):
            return IgnoreFile(files.read_at_most(descriptor, LARGEST)) or None
    except OSError:
        return None
