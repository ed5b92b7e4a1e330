"""One file as front matter and body, without changing a byte of it.

Front matter begins at a first line `---` and ends at the next line that is `---` or `...`; without such a line nobody
knows where it ends, and the file is left alone. Positions are code points of `text`; lines count LF
only, as editors do, while libyaml also counts U+0085, U+2028, U+2029 and a lone CR.
"""

from __future__ import annotations

import codecs
import re
from bisect import bisect_left
from dataclasses import dataclass

from crawler.content import nodes
from crawler.content.block import is_as_rendered
from crawler.content.nodes import Mapping, Scalar, TreeError
from crawler.model.article import Problem, ProblemCode

LARGEST_FILE = 10_000_000
"""Bytes; the largest real article has 142 KB."""
LARGEST_FRONT_MATTER = 2_000_000
"""Code points."""
BLOCK_KEY = "linkHealth"

_BOM = codecs.BOM_UTF8
_OPENING_BYTES = re.compile(rb"---[ \t]*(?:\r?\n|\Z)")
_FOREIGN = (
    ("TOML", re.compile(rb"(\+\+\+|---toml)[ \t]*(?:\r?\n|\Z)", re.IGNORECASE)),
    ("JSON", re.compile(rb"(;;;|---json)[ \t]*(?:\r?\n|\Z)", re.IGNORECASE)),
    ("JSON", re.compile(rb"(\{)\s*\"(?:[^\"\\\r\n]|\\.)*\"\s*:")),
)
"""Front matter that is not YAML, by its beginning: as Hugo and gray-matter mark it."""
_FIRST_KEY = re.compile(
    r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:[\w-]+|\"[^\"\n]+\"|'[^'\n]+')[ \t]*:(?:\s|\Z)"
)
_OPENING = re.compile(r"---[ \t]*(?:\r?\n|\Z)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)
_NO_FIRST_LINE = "no front matter: no first line ---"
_NEWLINE = re.compile(r"\n")
_BLOCK_LINES = re.compile(
    r"linkHealth:\r?\n"
    r"  schema: [0-9]+(?:\r?\n|\Z)"
    r"(?:  [A-Za-z]+:(?: [^\r\n]*)?(?:\r?\n|\Z)|    - \{[^\r\n]*\}(?:\r?\n|\Z))*"
)


class UnreadableArticle(Exception):  # noqa: N818 - it names what was found, not a fault of ours
    """A file from which nothing can be read; `problems` say why, each with its line."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class BlockSpan:
    """Where the `linkHealth` block stands, in code points; `end` is after its last line end.

    `ours` is false where it is not in the shape that this project writes (edited by hand).
    """

    start: int
    end: int
    ours: bool


class Document:
    """A file with front matter. `end` is the code point at which the front matter ends.

    `root` is the mapping, or None for front matter without any key. `byte_order_mark` says that the
    file begins with one; it is no part of `text`.
    """

    __slots__ = ("_newlines", "byte_order_mark", "duplicates", "end", "path", "root", "text")

    def __init__(self, path: str, data: bytes) -> None:
        """Read a file's bytes. Raises UnreadableArticle."""
        self.path = path
        self.byte_order_mark = data.startswith(_BOM)
        self._newlines: list[int] | None = None
        self.text = _decoded(path, data)
        # Until the front matter is known to be small, only the first line is asked for.
        self.end = 0
        opening = _OPENING.match(self.text)
        if opening is None:
            foreign = foreign_front_matter(data)
            reason = f"{foreign}: only YAML is read" if foreign else _NO_FIRST_LINE
            raise self.unreadable(0, ProblemCode.NO_FRONT_MATTER, reason)
        closing = _CLOSING.search(self.text, opening.end())
        if closing is None:
            raise self._unclosed(opening.end())
        end = closing.start()
        if end > LARGEST_FRONT_MATTER:
            message = f"front matter larger than {LARGEST_FRONT_MATTER:,} characters"
            raise self.unreadable(0, ProblemCode.FILE_TOO_LARGE, message)
        self.end = end
        tree = self._tree()
        self.duplicates = tree.duplicates
        self.root = self._root_mapping(tree)

    def line_of(self, index: int) -> int:
        """The line, from 1, on which a code point stands."""
        if self._newlines is None:
            line_ends = _NEWLINE.finditer(self.text, 0, self.end)
            self._newlines = [end.start() for end in line_ends]
        return bisect_left(self._newlines, index) + 1

    def problem(self, index: int, code: ProblemCode, message: str) -> Problem:
        """A problem at a code point."""
        return Problem(self.path, self.line_of(index), code, message)

    def unreadable(self, index: int, code: ProblemCode, message: str) -> UnreadableArticle:
        """The error to raise for a problem that leaves nothing to read."""
        return UnreadableArticle(self.problem(index, code, message))

    def _tree(self) -> nodes.Tree:
        try:
            return nodes.parse(self.text[: self.end])
        except TreeError as error:
            line = self.line_of(error.index) if error.index >= 0 else 0
            raise UnreadableArticle(Problem(self.path, line, error.code, error.message)) from None

    def _unclosed(self, start: int) -> UnreadableArticle:
        """The error for a first line `---` without a second one: front matter that never ends, or a rule above a text."""
        if _FIRST_KEY.match(self.text, start):
            message = "the first line --- is never closed: nobody knows where the front matter ends"
            return self.unreadable(0, ProblemCode.NEVER_CLOSED, message)
        message = "no front matter: the first line --- is never closed, and no key follows"
        return self.unreadable(0, ProblemCode.NO_FRONT_MATTER, message)

    def _root_mapping(self, tree: nodes.Tree) -> Mapping | None:
        root = tree.root
        if isinstance(root, Mapping):
            return root
        if root is None or nodes.is_nothing(root):
            return None
        message = "the front matter is not a mapping of keys to values"
        raise self.unreadable(nodes.start_of(root), ProblemCode.NOT_A_MAPPING, message)

    def block_span(self) -> BlockSpan | None:
        """Where the `linkHealth` block stands, None where there is none at the top level."""
        if self.root is None or BLOCK_KEY not in self.text:
            return None
        keys = (key for key in self.root.items[::2] if isinstance(key, Scalar))
        start = next((nodes.start_of(key) for key in keys if key.value == BLOCK_KEY), None)
        if start is None:
            return None
        shape = _BLOCK_LINES.match(self.text, start, self.end)
        if shape is None or self.text[start - 1] != "\n":
            return BlockSpan(start, start, ours=False)
        goes_on = self.text[shape.end() : self.end].startswith((" ", "\t"))
        lines = shape[0].replace("\r\n", "\n").removesuffix("\n") + "\n"
        return BlockSpan(start, shape.end(), ours=not goes_on and is_as_rendered(lines))


def begins_front_matter(data: bytes) -> bool:
    """Whether the first bytes of a file are a first line `---`, after a byte order mark or not."""
    return _OPENING_BYTES.match(data.removeprefix(_BOM)) is not None


def foreign_front_matter(data: bytes) -> str | None:
    """What front matter in another language than YAML the first bytes of a file are; None for none."""
    start = data.removeprefix(_BOM)
    for language, opening in _FOREIGN:
        found = opening.match(start)
        if found is not None:
            return f"{language} front matter (a first line {found[1].decode('ascii')})"
    return None


def _decoded(path: str, data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        message = f"larger than {LARGEST_FILE:,} bytes"
        raise UnreadableArticle(Problem(path, 0, ProblemCode.FILE_TOO_LARGE, message))
    try:
        return data.removeprefix(_BOM).decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"not UTF-8: {error.reason}"
        raise UnreadableArticle(Problem(path, line, ProblemCode.NOT_UTF8, message)) from None
