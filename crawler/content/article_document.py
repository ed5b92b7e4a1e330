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

from crawler.content import block_notations, nodes
from crawler.content.block import is_as_rendered
from crawler.content.data_trees import end_of, json_tree, toml_tree
from crawler.content.nodes import Mapping, Scalar, TreeError
from crawler.content.notations import Notation, Opening, opening_of
from crawler.model.article import Problem, ProblemCode

LARGEST_FILE = 10_000_000
"""Bytes; the largest real article has 142 KB."""
LARGEST_FRONT_MATTER = 2_000_000
"""Code points."""
BLOCK_KEY = "linkHealth"

_BOM = codecs.BOM_UTF8
_FIRST_KEY = re.compile(
    r"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:[\w-]+|\"[^\"\n]+\"|'[^'\n]+')[ \t]*:(?:\s|\Z)"
)
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

    `ours` is false where it is not in the shape that this project writes (edited by hand). `block` is its text as YAML,
    whatever the notation, with LF line ends.
    """

    start: int
    end: int
    ours: bool
    block: str = ""


class Document:
    """A file with front matter. `end` is the code point at which the front matter ends, `body` that at which the text
    below it begins.

    `root` is the mapping, or None for front matter without any key. `byte_order_mark` says that the
    file begins with one; it is no part of `text`. A `plain` file has no front matter: it is all text.
    """

    __slots__ = (
        "_newlines",
        "body",
        "byte_order_mark",
        "duplicates",
        "end",
        "notation",
        "path",
        "root",
        "text",
    )

    def __init__(self, path: str, data: bytes, *, may_be_plain: bool = False) -> None:
        """Read a file's bytes; `may_be_plain` reads one without front matter too. Raises UnreadableArticle."""
        self.path = path
        self.byte_order_mark = data.startswith(_BOM)
        self._newlines: list[int] | None = None
        self.text = _decoded(path, data)
        # Until the front matter is known to be small, only the first line is asked for.
        self.end = self.body = 0
        self.duplicates: list[Scalar] = []
        self.root: Mapping | None = None
        self.notation = Notation.NONE
        opening = opening_of(self.text)
        if opening is None:
            if not may_be_plain:
                raise self.unreadable(0, ProblemCode.NO_FRONT_MATTER, _NO_FIRST_LINE)
            return
        self.notation = opening.notation
        self.end = self._end_of(opening)
        tree = self._tree(opening)
        self.duplicates = tree.duplicates
        self.root = self._root_mapping(tree)
        self.body = self.text.find("\n", self.end) + 1 or len(self.text)

    def _end_of(self, opening: Opening) -> int:
        """Where the front matter ends; the furthest it may go where only its own brace says that."""
        if opening.closing is None:
            return min(len(self.text), LARGEST_FRONT_MATTER)
        closing = opening.closing.search(self.text, opening.start)
        if closing is None:
            raise self._unclosed(opening)
        if closing.start() > LARGEST_FRONT_MATTER:
            message = f"front matter larger than {LARGEST_FRONT_MATTER:,} characters"
            raise self.unreadable(0, ProblemCode.FILE_TOO_LARGE, message)
        return closing.start()

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

    def _tree(self, opening: Opening) -> nodes.Tree:
        try:
            match opening.notation:
                case Notation.TOML:
                    return toml_tree(self.text, opening.start, self.end)
                case Notation.JSON:
                    is_whole = opening.closing is not None
                    tree, end = json_tree(self.text, opening.start, self.end, is_whole=is_whole)
                    self.end = self.end if is_whole else end
                    return tree
                case _:
                    return nodes.parse(self.text[: self.end])
        except TreeError as error:
            line = self.line_of(error.index) if error.index >= 0 else 0
            raise UnreadableArticle(Problem(self.path, line, error.code, error.message)) from None

    def _unclosed(self, opening: Opening) -> UnreadableArticle:
        """The error for a first line without a second one: front matter that never ends, or a rule above a text."""
        if opening.notation is not Notation.YAML or _FIRST_KEY.match(self.text, opening.start):
            first = self.text.partition("\n")[0].strip()
            message = (
                f"the first line {first} is never closed: nobody knows where the front matter ends"
            )
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
        if self.notation is not Notation.YAML:
            return self._data_span(self.root)
        keys = (key for key in self.root.items[::2] if isinstance(key, Scalar))
        start = next((nodes.start_of(key) for key in keys if key.value == BLOCK_KEY), None)
        if start is None:
            return None
        shape = _BLOCK_LINES.match(self.text, start, self.end)
        if shape is None or self.text[start - 1] != "\n":
            return BlockSpan(start, start, ours=False)
        goes_on = self.text[shape.end() : self.end].startswith((" ", "\t"))
        lines = shape[0].replace("\r\n", "\n").removesuffix("\n") + "\n"
        ours = not goes_on and is_as_rendered(lines)
        return BlockSpan(start, shape.end(), ours, lines)

    def _data_span(self, root: Mapping) -> BlockSpan | None:
        """The block in TOML or JSON; in JSON the comma before it is its own."""
        names = [key.value if isinstance(key, Scalar) else None for key in root.items[::2]]
        if BLOCK_KEY not in names:
            return None
        position = names.index(BLOCK_KEY)
        key, value = root.items[2 * position : 2 * position + 2]
        if self.notation is Notation.TOML:
            start = nodes.start_of(value)
            found = block_notations.read(value, self.text, self.notation, start)
            if found is None or not self.text.startswith("[", start):
                return BlockSpan(start, start, ours=False)
            return BlockSpan(start, found[1], ours=True, block=found[0])
        start = nodes.start_of(value)
        before = end_of(root.items[2 * position - 1]) if position else nodes.start_of(root) + 1
        lead = self.text[before : nodes.start_of(key)]
        found = block_notations.read(value, self.text, self.notation, start)
        is_plain = self.text[nodes.start_of(key) : start] == f'"{BLOCK_KEY}": '
        if found is None or not is_plain or lead.strip() != ("," if position else ""):
            return BlockSpan(before, before, ours=False)
        return BlockSpan(before, found[1], ours=True, block=found[0])


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
