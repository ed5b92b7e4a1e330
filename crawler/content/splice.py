"""Put the `linkHealth` block into a file, or take it out, by splicing text at the marks of its values (rules W5, K5).

The rest of the file stays byte for byte. Every edit is proven before it is returned: taking the block out again
must give the old bytes, the new text without the block must read like the old one, and the
block must read like the intended text.
"""

from __future__ import annotations

from dataclasses import dataclass

from crawler.content import block_notations, nodes
from crawler.content.article_document import BLOCK_KEY, BlockSpan, Document, UnreadableArticle
from crawler.content.data_trees import end_of
from crawler.content.nodes import Node, Scalar, TreeError, collector_paused
from crawler.content.notations import Notation
from crawler.model.article import Problem, ProblemCode

_BOM = "\ufeff"
_FOLLOWING_KEY = "secured"
"""The block goes directly before it (rule W2)."""


@dataclass(frozen=True, slots=True)
class Spliced:
    """The new bytes. Text at line `line` of the old file, or after it, moved by `shift` lines."""

    data: bytes
    line: int
    shift: int


class SpliceRefused(Exception):  # noqa: N818 - a decision, not a fault
    """The file is left alone; `line` counts from 1, 0 for the whole file."""

    def __init__(self, line: int, code: ProblemCode, reason: str) -> None:
        super().__init__(reason)
        self.line = line
        self.code = code
        self.reason = reason

    def problem(self, path: str) -> Problem:
        """The refusal as a problem of the file at `path`."""
        return Problem(path, self.line, self.code, self.reason)


@dataclass(frozen=True, slots=True)
class _Edit:
    """`text` replaces the text from `start` to `end` (code points)."""

    start: int
    end: int
    text: str


def splice(data: bytes, block: str | None) -> Spliced:
    """Insert or replace the block (`block.render`), or remove it (None).

    An existing block is replaced in its place; a new one goes directly before the top-level
    key `secured`, else to the end of the front matter. Raises SpliceRefused.
    """
    if block is None and BLOCK_KEY.encode() not in data:
        return Spliced(data, 1, 0)
    with collector_paused():
        return _splice(data, block)


def _splice(data: bytes, block: str | None) -> Spliced:
    document = editable(data)
    span = _own_span(document)
    if block is None:
        if span is None:
            return Spliced(data, 1, 0)
        edit = _removal(span)
    else:
        edit = _placement(document, span, block)
    changed = _apply(document, edit)
    _prove(document, data, span, changed, block)
    # What begins within a line moves what follows that line.
    begins_line = document.text[edit.start - 1 : edit.start] == "\n"
    line = document.line_of(edit.end) + (not begins_line)
    return Spliced(changed, line, _shift(document.text, edit))


def strip(data: bytes) -> bytes:
    """The file without its block: exactly the bytes before the block was written. Raises SpliceRefused."""
    return splice(data, None).data


def editable(data: bytes) -> Document:
    """The document of a file that may be edited. Raises SpliceRefused for one that may not."""
    try:
        document = Document("", data)
    except UnreadableArticle as error:
        problem = error.problems[0]
        raise SpliceRefused(problem.line, problem.code, problem.message) from None
    front_matter = document.text[: document.end]
    lone = front_matter.replace("\r\n", "\n\n").find("\r")
    if lone >= 0:
        reason = "a carriage return without a line feed: YAML and editors count lines differently"
        raise _refused(document, lone, ProblemCode.LONE_CARRIAGE_RETURN, reason)
    if document.duplicates:
        index = nodes.start_of(document.duplicates[0])
        reason = f"the key {document.duplicates[0].value[:60]!r} occurs twice in one mapping"
        raise _refused(document, index, ProblemCode.DUPLICATE_KEY, reason)
    root = document.root
    is_yaml = document.notation is Notation.YAML
    if is_yaml and root is not None and root.items and not _begins_line(document, root.items[0]):
        reason = "the front matter is written with braces, or its keys are indented"
        raise _refused(document, nodes.start_of(root), ProblemCode.WRITE_REFUSED, reason)
    return document


def _refused(document: Document, index: int, code: ProblemCode, reason: str) -> SpliceRefused:
    return SpliceRefused(document.line_of(index), code, reason)


def _begins_line(document: Document, key: Node) -> bool:
    """Whether a key is the first thing on its line, as editors see lines."""
    return document.text[nodes.start_of(key) - 1] == "\n"


def _own_span(document: Document) -> BlockSpan | None:
    span = document.block_span()
    if span is not None and not span.ours:
        reason = "the linkHealth block was edited by hand; take it out to get a new one"
        raise _refused(document, span.start, ProblemCode.INVALID_BLOCK, reason)
    return span


# ---------------------------------------------------------------------------------------- edits


def _removal(span: BlockSpan) -> _Edit:
    return _Edit(span.start, span.end, "")


def _placement(document: Document, span: BlockSpan | None, block: str) -> _Edit:
    newline = "\r\n" if document.text.partition("\n")[0].endswith("\r") else "\n"
    if document.notation is Notation.JSON:
        return _member(document, span, block)
    if document.notation is Notation.TOML:
        block = block_notations.written(block, Notation.TOML)
    lines = block.removesuffix("\n").replace("\n", newline) + newline
    if span is not None:
        return _Edit(span.start, span.end, lines)
    at = document.end if document.notation is Notation.TOML else _insertion_point(document)
    return _Edit(at, at, lines)


def _member(document: Document, span: BlockSpan | None, block: str) -> _Edit:
    """The block as the last member of a JSON object, laid out like its first one."""
    root, text = document.root, document.text
    value = f'"{BLOCK_KEY}": {block_notations.written(block, Notation.JSON)}'
    if span is not None:
        lead = text[span.start : text.index(f'"{BLOCK_KEY}"', span.start)]
        return _Edit(span.start, span.end, f"{lead}{value}")
    if root is None or not root.items:
        raise _refused(document, 0, ProblemCode.WRITE_REFUSED, "the front matter has no member")
    opening, first = nodes.start_of(root) + 1, nodes.start_of(root.items[0])
    at = end_of(root.items[-1])
    return _Edit(at, at, f",{text[opening:first] or ' '}{value}")


def _insertion_point(document: Document) -> int:
    if document.root is not None:
        for key in document.root.items[::2]:
            if isinstance(key, Scalar) and key.value == _FOLLOWING_KEY:
                if not _begins_line(document, key):
                    index, reason = nodes.start_of(key), "the key secured does not begin its line"
                    raise _refused(document, index, ProblemCode.WRITE_REFUSED, reason)
                return nodes.start_of(key)
    return document.end


def _apply(document: Document, edit: _Edit) -> bytes:
    text = document.text
    mark = _BOM if document.byte_order_mark else ""
    return f"{mark}{text[: edit.start]}{edit.text}{text[edit.end :]}".encode()


def _shift(text: str, edit: _Edit) -> int:
    return edit.text.count("\n") - text.count("\n", edit.start, edit.end)


# ---------------------------------------------------------------------------------------- proof


def _prove(
    before: Document, data: bytes, span: BlockSpan | None, changed: bytes, block: str | None
) -> None:
    """Raise SpliceRefused unless the edit had the intended effect and no other."""
    try:
        after = Document("", changed)
    except UnreadableArticle as error:
        raise _unproven(error.problems[0].message) from None
    old, _ = _without_block(before)
    new, written = _without_block(after)
    same = len(old) == len(new) and all(map(nodes.same_tree, old, new))
    if not same or before.text[before.end :] != after.text[after.end :]:
        raise _unproven("the rest of the file would read differently")
    written_span = after.block_span()
    if before.notation is Notation.YAML:
        is_meant = nodes.same_tree(written, _meant(block))
    else:
        is_meant = written_span is None if block is None else _says(written_span, block)
    if after.notation is not before.notation or not is_meant:
        raise _unproven("the block would not read as it was meant")
    if block is None:
        if written_span is not None:
            raise _unproven("a block would remain")
        return
    if written_span is None or not written_span.ours:
        raise _unproven("the block would not be recognised again")
    original = data if span is None else _apply(before, _removal(span))
    if _apply(after, _removal(written_span)) != original:
        raise _unproven("taking the block out would not restore the file")


def _says(span: BlockSpan | None, block: str) -> bool:
    return span is not None and span.block == block


def _without_block(document: Document) -> tuple[list[Node], Node | None]:
    """The root's keys and values without the block, and the block's value."""
    items: list[Node] = []
    block: Node | None = None
    if document.root is not None:
        for key, value in document.root.pairs():
            if isinstance(key, Scalar) and key.value == BLOCK_KEY:
                block = value
            else:
                items += (key, value)
    return items, block


def _meant(block: str | None) -> Node | None:
    if block is None:
        return None
    try:
        root = nodes.parse(block).root
    except TreeError as error:
        raise _unproven(error.message) from None
    if not isinstance(root, nodes.Mapping):
        raise _unproven("the block is not a mapping")
    return root.by_key.get(BLOCK_KEY)


def _unproven(reason: str) -> SpliceRefused:
    return SpliceRefused(0, ProblemCode.WRITE_REFUSED, f"an edit could not be proven: {reason}")
