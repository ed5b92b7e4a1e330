"""Finding values in front matter by pointer, and the text of each.

libyaml's marks are exact for keys and for scalars in flow style (plain or quoted). Its ends of block
scalars and of collections lie behind blank lines and comments that follow, so they are never used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import yaml

from crawler.content import nodes
from crawler.content.article_document import Document
from crawler.content.nodes import Mapping, Node, Scalar, Sequence
from crawler.content.refusals import EditRefused, RefusalCode

APPEND: Final = "-"
"""The last part of a pointer that means the place after a list's last entry (RFC 6901)."""

# libyaml ends a comment at U+0085, U+2028 and U+2029 too: text behind them is no comment.
_REST_OF_LINE = re.compile("(?:[ \t]*(?=\r?\n|\\Z)|[ \t]+#[^\r\n\x85\u2028\u2029]*)(?:\r?\n|\\Z)")
_LONGEST_SHOWN: Final = 200
_OF_TEXT = re.compile("body/[0-9]+")
"""The place of a link of the text, which is below the front matter."""
_BLANK = re.compile(r"[ \r\n]*")
_ONLY_SPACES = re.compile(" *")


@dataclass(frozen=True, slots=True)
class Place:
    """The place that a pointer names.

    `parent` holds the value `node` under `key`, the last part of the pointer; `position` is the number of its
    pair or entry. Where there is no value yet `node` is None and `position` the parent's length.
    """

    parent: Mapping | Sequence
    key: str
    position: int
    node: Node | None

    @property
    def key_node(self) -> Scalar | None:
        """The key of a value of a mapping."""
        if isinstance(self.parent, Mapping) and self.node is not None:
            found = self.parent.items[2 * self.position]
            return found if isinstance(found, Scalar) else None
        return None


def find(document: Document, pointer: str) -> Place:
    """The place that a pointer, as references have them, names. Raises EditRefused where the way to it is missing."""
    node: Node | None = document.root
    nearest = 0 if node is None else nodes.start_of(node)
    place: Place | None = None
    for part in pointer.split("/"):
        place = _step(node, part)
        if place is None:
            reason = f"there is no place {pointer[:_LONGEST_SHOWN]!r} in the file"
            if _OF_TEXT.fullmatch(pointer):
                reason = "it stands in the text below the front matter, which is changed by hand"
            raise EditRefused(document.line_of(nearest), RefusalCode.MISSING, reason)
        node = place.node
        nearest = nearest if node is None else nodes.start_of(node)
    assert place is not None
    return place


def _step(node: Node | None, part: str) -> Place | None:
    """The place that one part of a pointer names below `node`; None where there is none."""
    if isinstance(node, Mapping):
        pairs = len(node.items) // 2
        for position in range(pairs):
            key = node.items[2 * position]
            if isinstance(key, Scalar) and key.value == part:
                return Place(node, part, position, node.items[2 * position + 1])
        return Place(node, part, pairs, None)
    if isinstance(node, Sequence):
        entries = len(node.items)
        if part == APPEND:
            return Place(node, part, entries, None)
        if part.isascii() and part.isdigit() and len(part) < 9:
            position = int(part)
            if position < entries:
                return Place(node, part, position, node.items[position])
            if position == entries:
                return Place(node, part, position, None)
    return None


def start_of_value(document: Document, node: Node) -> int:
    """The code point at which a value begins. Raises EditRefused where it has a tag or an anchor."""
    start = nodes.start_of(node)
    event = node if isinstance(node, Scalar) else node.opening
    if event.anchor is not None or event.tag is not None:
        reason = "the value has a tag or an anchor, whose meaning is not known"
        raise EditRefused(document.line_of(start), RefusalCode.TAGGED, reason)
    return start


def end_of_scalar(document: Document, scalar: Scalar) -> int:
    """The code point after a plain or quoted scalar. Raises EditRefused for a block scalar."""
    if scalar.style in {"|", ">"}:
        line = document.line_of(nodes.start_of(scalar))
        reason = f"the value is a text of its own lines ({scalar.style}): edit it by hand"
        raise EditRefused(line, RefusalCode.BLOCK_SCALAR, reason)
    mark = scalar.end_mark
    assert mark is not None
    return int(mark.index)


def end_of(document: Document, node: Node) -> int:
    """The code point after the last character that is a value's own, comments not counted.

    Raises EditRefused where that cannot be known.
    """
    while not isinstance(node, Scalar):
        if node.opening.flow_style:
            return _end_of_flow(document, node)
        # A block collection is never empty.
        node = node.items[-1]
    return end_of_scalar(document, node)


def _end_of_flow(document: Document, node: Mapping | Sequence) -> int:
    """The end of a flow collection, found by parsing its part of the text alone."""
    start = nodes.start_of(node)
    depth = 0
    try:
        for event in yaml.parse(document.text[start : document.end], Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
                if depth == 0 and event.end_mark is not None:
                    return start + int(event.end_mark.index)
    except yaml.YAMLError:
        # The part may depend on text before it (a tag that is declared there).
        pass
    reason = "where the value ends cannot be told"
    raise EditRefused(document.line_of(start), RefusalCode.NO_PLACE, reason)


def after_line(document: Document, index: int) -> int:
    """The code point after the line on which a value ends at `index`, its own comment included.

    Raises EditRefused where something else follows on the line.
    """
    rest = _REST_OF_LINE.match(document.text, index, document.end)
    if rest is None:
        reason = "something else follows the value on its line"
        raise EditRefused(document.line_of(index), RefusalCode.NO_PLACE, reason)
    return rest.end()


def start_of_line(document: Document, index: int) -> int:
    """The code point at which the line of `index` begins."""
    return document.text.rfind("\n", 0, index) + 1


def column(document: Document, index: int) -> int:
    """Code points before `index` on its line."""
    return index - start_of_line(document, index)


def begins_line(document: Document, index: int) -> bool:
    """Whether only spaces stand before `index` on its line."""
    return _ONLY_SPACES.fullmatch(document.text, start_of_line(document, index), index) is not None


def only_blank(document: Document, start: int, end: int) -> bool:
    """Whether the text from `start` to `end` is only spaces and line ends."""
    return _BLANK.fullmatch(document.text, start, end) is not None


def is_flow(node: Mapping | Sequence) -> bool:
    """Whether a collection is written between brackets or braces."""
    return bool(node.opening.flow_style)


def dash_column(document: Document, among: Mapping | None) -> int:
    """The columns between a key and the dashes of its list in this file: by a list in `among`, else in the root."""
    for mapping in (among, document.root):
        for key, value in mapping.pairs() if mapping is not None else ():
            if isinstance(value, Sequence) and not is_flow(value) and value.items:
                indent = dash_of(document, value) - column(document, nodes.start_of(key))
                if 0 <= indent <= 8:
                    return indent
    return 2


def dash_of(document: Document, value: Sequence) -> int:
    """The column of a list's dashes."""
    first = start_of_line(document, nodes.start_of(value.items[0]))
    spaces = _ONLY_SPACES.match(document.text, first)
    assert spaces is not None
    return spaces.end() - first


def strings_of(mapping: Mapping) -> Iterator[Scalar]:
    """The strings that a mapping holds directly, in file order, without block scalars."""
    for value in mapping.items[1::2]:
        if isinstance(value, Scalar) and value.style not in {"|", ">"} and nodes.is_string(value):
            yield value
