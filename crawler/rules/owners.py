"""Who owns an article: by globs of the configuration, or by a CODEOWNERS file (rule Q6).

https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import translate
from itertools import islice
from pathlib import PurePosixPath
from typing import Final, Protocol

from crawler.rules.path_globs import is_within_glob

MOST_RULES: Final = 10_000
"""Lines with a pattern in a CODEOWNERS file; of more the last would decide, so a longer file names nobody."""
MOST_OWNERS: Final = 20
"""Names that are kept of one rule."""
LONGEST_OWNER: Final = 200
"""Characters that are kept of one name."""

_FOREIGN: Final = frozenset("![")
"""GitHub takes no negation and no range of characters: a line with one is skipped."""
_NAME = re.compile(r"@[^\s@]+|[^\s@]+@[^\s@]+")
"""A user or a team, or an e-mail address."""


class Owners(Protocol):
    """Who owns which article."""

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of the article at `path` (POSIX, relative to the content), none for nobody's."""


@dataclass(frozen=True, slots=True)
class OwnerRule:
    """The owners of the articles whose file or folder matches `glob`, as in `exclude`."""

    glob: str
    names: tuple[str, ...]

    def matches(self, path: str) -> bool:
        """Whether the rule applies to an article."""
        return is_within_glob(path, self.glob)


@dataclass(frozen=True, slots=True)
class GlobOwners:
    """The rules of the configuration; the first that matches counts."""

    rules: tuple[OwnerRule, ...] = ()

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of an article."""
        return next((rule.names for rule in self.rules if rule.matches(path)), ())


_Name = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class _Line:
    """`parts` are the tests of the names of a path, None for `**`. What is below a match matches if `is_folder` may be."""

    parts: tuple[_Name | None, ...]
    goes_below: bool
    names: tuple[str, ...]

    def matches(self, path: Sequence[str]) -> bool:
        """Whether the line is about a file, by the names of its path from the root."""
        # The reachable parts after each name: no pattern takes longer than its length times the path's.
        reached = _skipped({0}, self.parts)
        for done, name in enumerate(path):
            onward = {
                at if self.parts[at] is None else at + 1
                for at in reached
                if at < len(self.parts) and _takes(self.parts[at], name)
            }
            if not onward:
                return False
            reached = _skipped(onward, self.parts)
            if self.goes_below and len(self.parts) in reached and done < len(path) - 1:
                return True
        return len(self.parts) in reached


def _takes(part: _Name | None, name: str) -> bool:
    return part is None or bool(part(name))


def _skipped(reached: set[int], parts: Sequence[_Name | None]) -> set[int]:
    """The same with the parts behind a `**` that takes no name."""
    found = set(reached)
    for at in sorted(reached):
        step = at
        while step < len(parts) and parts[step] is None:
            step += 1
            found.add(step)
    return found


class CodeOwners:
    """The lines of a CODEOWNERS file; the last one that matches counts, one without owners too.

    `below` is the folder of the content in the repository, empty for its root.
    """

    def __init__(self, text: str, below: str = "") -> None:
        self._below = tuple(PurePosixPath(below).parts)
        lines = list(islice(_lines(text), MOST_RULES + 1))
        self._lines = lines[::-1] if len(lines) <= MOST_RULES else []

    def of(self, path: str) -> tuple[str, ...]:
        """The owners of an article; `path` is relative to the content."""
        names = (*self._below, *path.split("/"))
        return next((line.names for line in self._lines if line.matches(names)), ())


def _lines(text: str) -> Iterator[_Line]:
    for line in text.removeprefix("\ufeff").split("\n"):
        words = _words(line)
        if not words or words[0][0] in _FOREIGN or "[" in words[0]:
            continue
        names = words[1:]
        if all(_NAME.fullmatch(name) for name in names):
            parts, goes_below = _parts(words[0])
            if parts:
                owners = tuple(dict.fromkeys(name[:LONGEST_OWNER] for name in names))
                yield _Line(parts, goes_below, owners[:MOST_OWNERS])


def _words(line: str) -> list[str]:
    r"""The words of a line without its comment; `\ ` is a space in a word."""
    words: list[str] = []
    if line.lstrip().startswith("\\#"):
        # GitHub takes no escaped `#`: the line is skipped.
        return words
    for word in re.findall(r"(?:\\.|[^\s\\]|\\$)+", line):
        if word.startswith("#"):
            break
        words.append(re.sub(r"\\(.)", r"\1", word))
    return words


def _parts(pattern: str) -> tuple[tuple[_Name | None, ...], bool]:
    """The tests of a pattern, and whether what is below a match matches too."""
    is_folder = pattern.endswith("/")
    parts = [part for part in pattern.split("/") if part]
    anchored = "/" in pattern.rstrip("/")
    if not anchored:
        parts = ["**", *parts]
    if not pattern.strip("/"):
        return (), False
    if is_folder:
        parts.append("**")
    if parts[-1] == "**":
        # Only what is in it: a file of that name is no folder.
        parts.append("*")
    # `docs/*` is about the files of that folder alone, as GitHub says; a name is about all that is below it.
    goes_below = parts[-1] != "*" or not anchored
    return tuple(None if part == "**" else _test(part) for part in parts), goes_below


def _test(part: str) -> _Name:
    if not set(part) & set("*?"):
        return part.__eq__
    # `fnmatch` takes one way through each `*`; its ranges are none here.
    return re.compile(translate(part.replace("[", "[[]"))).match
