"""One `.gitignore`: which paths below its folder its patterns leave out (https://git-scm.com/docs/gitignore).

Patterns are matched name by name, so that none of them takes long over a path. Like git's they know bytes: `?` is no `é`.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

LARGEST: Final = 500_000
"""Bytes that are read; git's own has no bound."""
MOST_PATTERNS: Final = 5_000

_Name = Callable[[str], object]
"""Whether a name matches one part of a pattern; any true value does."""
_ANY_DEPTH: Final = None
_CLASSES = {
    "alnum": "a-zA-Z0-9", "alpha": "a-zA-Z", "blank": r" \t", "cntrl": r"\x00-\x1f\x7f", "digit": "0-9",
    "graph": r"\x21-\x7e", "lower": "a-z", "print": r"\x20-\x7e", "punct": r"!-/:-@\[-`{-~", "space": r"\s",
    "upper": "A-Z", "xdigit": "0-9a-fA-F",
}  # fmt: skip
_BRACKET = re.compile(r"\[([!^]?)(\]?(?:\[:\w*:\]|\\.|[^\]\\])*)\]", re.DOTALL)
_IN_BRACKET = re.compile(r"\[:(\w*):\]|\\(.)|(.)", re.DOTALL)
_TRAILING_SPACES = re.compile(r"(?<!\\)((?:\\\\)*) +\Z")


class _NeverError(Exception):
    """A pattern that git takes and that matches nothing."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`parts` are those between slashes, None for `**`; a pattern that is not `anchored` is of a name at any depth."""

    parts: tuple[_Name | None, ...]
    leaves_out: bool
    folders_only: bool
    anchored: bool

    def matches(self, names: Sequence[str]) -> bool:
        """Whether the pattern matches a path, given by its names."""
        if not self.anchored:
            only = self.parts[0]
            return only is _ANY_DEPTH or bool(only(names[-1]))
        return _matches(self.parts, names)


def _matches(parts: Sequence[_Name | None], names: Sequence[str]) -> bool:
    """Whether names match parts one by one, `**` standing for any number of names, and at the end for at least one."""
    if parts[-1] is _ANY_DEPTH:
        # What is inside a folder: its own name is not.
        parts = (*parts, bool)
    part = name = 0
    again: tuple[int, int] | None = None
    while name < len(names):
        if part < len(parts) and (wanted := parts[part]) is _ANY_DEPTH:
            part += 1
            again = part, name
        elif part < len(parts) and wanted is not None and wanted(names[name]):
            part, name = part + 1, name + 1
        elif again is not None:
            # The last `**` takes one name more.
            again = again[0], again[1] + 1
            part, name = again
        else:
            return False
    return part == len(parts)


class IgnoreFile:
    """The patterns of one file; of those that match a path the last one decides."""

    def __init__(self, data: bytes) -> None:
        self._patterns = list(_patterns(data.removeprefix(codecs.BOM_UTF8).decode("latin-1")))[::-1]

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def leaves_out(self, names: Sequence[str], *, is_folder: bool) -> bool | None:
        """Whether a path below the file's folder is left out; None where no pattern is about it."""
        names = [name if name.isascii() else os.fsencode(name).decode("latin-1") for name in names]
        for pattern in self._patterns:
            if (is_folder or not pattern.folders_only) and pattern.matches(names):
                return pattern.leaves_out
        return None


def _patterns(text: str) -> Iterator[_Pattern]:
    for count, line in enumerate(text.split("\n")):
        if count == MOST_PATTERNS:
            return
        pattern = _pattern(line.removesuffix("\r"))
        if pattern is not None:
            yield pattern


def _pattern(line: str) -> _Pattern | None:
    """A line's pattern; None for a comment, a blank line, and what matches nothing."""
    if line.startswith("#"):
        return None
    line = _TRAILING_SPACES.sub(r"\1", line)
    negated = line.startswith("!")
    glob = line.removeprefix("!")
    folders_only = glob.endswith("/")
    glob = glob.removesuffix("/")
    anchored = "/" in glob
    glob = glob.removeprefix("/")
    if not glob:
        return None
    try:
        parts = tuple(_part(part) for part in glob.split("/"))
    except _NeverError:
        return None
    return _Pattern(parts, not negated, folders_only, anchored)


def _part(glob: str) -> _Name | None:
    """The test of one name."""
    if glob == "**":
        return _ANY_DEPTH
    if not set(glob) & set("*?[\\"):
        return glob.__eq__
    if glob[0] == "*" and not set(glob[1:]) & set("*?[\\"):
        ending = glob[1:]
        return lambda name: name.endswith(ending)
    return re.compile(_expression(glob), re.DOTALL).fullmatch


def _expression(glob: str) -> str:
    """A regular expression that takes no more than one way through each `*`: the shortest one."""
    pieces: list[list[str]] = [[]]
    position = 0
    while position < len(glob):
        character = glob[position]
        if character == "*":
            pieces.append([])
        elif character == "?":
            pieces[-1].append(".")
        elif character == "[":
            bracket = _BRACKET.match(glob, position)
            if bracket is None:
                raise _NeverError
            pieces[-1].append(_bracket(bracket))
            position = bracket.end() - 1
        else:
            if character == "\\":
                position += 1
                if position == len(glob):
                    raise _NeverError
            pieces[-1].append(re.escape(glob[position]))
        position += 1
    first, *middle = map("".join, pieces)
    if not middle:
        return first
    *middle, last = middle
    # As fnmatch does it: a lookahead keeps its first match and is not tried again.
    steps = (f"(?=(?P<s{n}>.*?{piece}))(?P=s{n})" for n, piece in enumerate(filter(None, middle)))
    return f"{first}{''.join(steps)}.*{last}"


def _bracket(found: re.Match[str]) -> str:
    inside: list[str] = []
    for name, escaped, plain in _IN_BRACKET.findall(found[2]):
        if name and name not in _CLASSES:
            raise _NeverError
        inside.append(_CLASSES[name] if name else re.escape(escaped) if escaped else _plain(plain))
    text = "".join(inside)
    negation = "^" if found[1] else ""
    try:
        re.compile(f"[{negation}{text}]")
    except re.error:
        # A range that runs backwards.
        raise _NeverError from None
    return f"[{negation}{text}]"


def _plain(character: str) -> str:
    return character if character == "-" else re.escape(character)
