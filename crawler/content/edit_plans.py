"""Planning an edit of a value: the piece of text to replace, and the change of the tree that follows."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from crawler.content import nodes, pointers, scalars
from crawler.content.article_document import BLOCK_KEY, Document
from crawler.content.block_notations import data_text
from crawler.content.nodes import Mapping, Node, Scalar, Sequence
from crawler.content.notations import Notation
from crawler.content.pointers import Place
from crawler.content.refusals import EditRefused, RefusalCode
from crawler.content.scalars import UnwritableValueError, Value
from crawler.model.article_keys import SECURED
from crawler.rules.credentials import url_without_credentials

PROTECTED: Final = frozenset((BLOCK_KEY, SECURED))
"""Keys of the root that are never edited: our own block, and `secured`, which only its owner may change."""

_BEHIND = {
    "width": ("url",),
    "height": ("width", "url"),
    "originalUrl": ("webUrl",),
    "ampWebUrl": ("webUrl", "originalUrl"),
    "cdnAmpWebUrl": ("ampWebUrl", "webUrl", "originalUrl"),
    "excerpt": ("title",),
}
"""By new key: the keys behind which it goes, the first that exists; else it goes to the end of its mapping."""

_DASHES = re.compile(r" *(?:- +)+")
_LONGEST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one value. `pointer` is a reference's: `webUrl`, `related/3/ampWebUrl`, `images/0/width`.

    `old` is the value on which the decision was made: the edit is made only where the file still has it. None
    as `old` adds a key, or an entry at a list's end (`images/-`), where none is; None as `new` removes the key.
    A pointer to an image that is a mapping means its `url` where one text replaces another.
    """

    pointer: str
    old: Value | None
    new: Value | None

    def __post_init__(self) -> None:
        if self.old is None and self.new is None:
            raise ValueError("an edit has an old or a new value")


@dataclass(frozen=True, slots=True)
class Change:
    """Text that replaces [start, end), in code points; None where the file has the value already.

    The change of the tree: the value `replaced` becomes `value`; or the pair of `parent` at `removed`
    is removed; or `value` is added to `parent` before its pair or entry `added`, under `key` in a mapping.
    """

    line: int
    parent: Mapping | Sequence
    key: str
    start: int = 0
    end: int = 0
    text: str | None = None
    column: int = 0
    order: int = 0
    value: Value | None = None
    replaced: Scalar | None = None
    removed: int | None = None
    added: int | None = None

    @property
    def rank(self) -> tuple[int, int, int, bool, int]:
        """The sort key of changes: of lines added at one place the deepest come first, entries before keys."""
        is_key = isinstance(self.parent, Mapping)
        return self.start, self.end, -self.column, is_key, self.order

    def clashes(self, other: Change) -> bool:
        """Whether both change the same text or the same key; two new entries of one list do not clash."""
        if (
            self.parent is other.parent
            and self.key == other.key
            and isinstance(self.parent, Mapping)
        ):
            return True
        return self.start < other.end and other.start < self.end


def plan(document: Document, edit: Edit, order: int) -> Change:
    """The change that an edit needs. `order` is its number among the edits of its file. Raises EditRefused."""
    if edit.pointer.partition("/")[0] in PROTECTED:
        reason = f"{edit.pointer.partition('/')[0]} is not edited"
        raise EditRefused(0, RefusalCode.PROTECTED, reason)
    place = pointers.find(document, edit.pointer)
    is_yaml = document.notation is Notation.YAML
    if not is_yaml and (edit.old is None or edit.new is None):
        reason = f"the front matter is {document.notation}: there only single values are replaced"
        raise _refused(document, place, RefusalCode.NOTATION, reason)
    try:
        if edit.new is None:
            assert edit.old is not None
            change = _removal(document, place, edit.old)
        elif edit.old is None:
            change = _addition(document, place, edit.new)
        else:
            change = _replacement(document, _meant(document, place, edit), edit.old, edit.new)
    except UnwritableValueError as error:
        raise _refused(document, place, RefusalCode.UNWRITABLE, str(error)) from None
    return replace(change, order=order)


def _meant(document: Document, place: Place, edit: Edit) -> Place:
    """The place itself; or the address of an image, where a reference's pointer names the image."""
    if (
        isinstance(place.node, Mapping)
        and isinstance(place.parent, Sequence)
        and "url" in place.node.by_key
        and isinstance(edit.new, str)
    ):
        return pointers.find(document, f"{edit.pointer}/url")
    return place


def _line(document: Document, place: Place) -> int:
    node: Node = place.parent if place.node is None else place.key_node or place.node
    return document.line_of(nodes.start_of(node))


def _refused(document: Document, place: Place, code: RefusalCode, reason: str) -> EditRefused:
    return EditRefused(_line(document, place), code, reason)


def _already(document: Document, place: Place) -> Change:
    return Change(_line(document, place), place.parent, place.key)


def _differs(document: Document, place: Place, wanted: str) -> EditRefused:
    node = place.node
    found = f"a {type(node).__name__.lower()}"
    if isinstance(node, Scalar):
        found = _shown(node.value)
    reason = f"{place.key} is {found} now, not {wanted}"
    return _refused(document, place, RefusalCode.VALUE_DIFFERS, reason)


def _shown(value: Value) -> str:
    """A value for a message: on one line and short."""
    if not isinstance(value, str):
        return "a list or mapping" if not isinstance(value, int) else scalars.plain_text(value)
    value = url_without_credentials(value)
    return repr(value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…")


# ---------------------------------------------------------------------------------------- replace


def _replacement(document: Document, place: Place, old: Value, new: Value) -> Change:
    node = place.node
    if node is None:
        reason = f"there is no {place.key} whose value could be replaced"
        raise _refused(document, place, RefusalCode.MISSING, reason)
    if scalars.says(node, new):
        return _already(document, place)
    if not scalars.says(node, old):
        raise _differs(document, place, _shown(old))
    if not isinstance(node, Scalar) or not isinstance(new, str | int):
        reason = "only single values are replaced, not lists or mappings"
        raise _refused(document, place, RefusalCode.NOT_A_VALUE, reason)
    return _in_place_of(document, place, node, new)


def _in_place_of(document: Document, place: Place, node: Scalar, new: str | int) -> Change:
    start = pointers.start_of_value(document, node)
    end = pointers.end_of_scalar(document, node)
    line = document.line_of(start)
    if document.notation is not Notation.YAML:
        text = data_text(new, node, document.notation)
        return Change(line, place.parent, place.key, start, end, text, value=new, replaced=node)
    flow = pointers.is_flow(place.parent)
    if start == end:
        if flow:
            reason = "nothing stands between the braces there, and nothing is put there"
            raise _refused(document, place, RefusalCode.FLOW, reason)
        text = " " + scalars.new_scalar(new, _style(place.parent, None))
    else:
        before = node.value if node.implicit[0] else None
        text = scalars.scalar_text(new, node.style or scalars.PLAIN, flow=flow, before=before)
    return Change(line, place.parent, place.key, start, end, text, value=new, replaced=node)


# -------------------------------------------------------------------------------------------- add


def _addition(document: Document, place: Place, new: Value) -> Change:
    node = place.node
    if node is not None and scalars.says(node, new):
        return _already(document, place)
    if node is not None and not nodes.is_nothing(node):
        raise _differs(document, place, "nothing")
    if pointers.is_flow(place.parent):
        reason = "nothing is added between brackets or braces"
        raise _refused(document, place, RefusalCode.FLOW, reason)
    if node is not None:
        assert isinstance(node, Scalar)
        if isinstance(new, str | int):
            return _in_place_of(document, place, node, new)
        return _below_a_key(document, place, node, new)
    if isinstance(place.parent, Mapping):
        return _new_key(document, place, place.parent, new)
    if any(scalars.says(entry, new) for entry in place.parent.items):
        return _already(document, place)
    return _new_entry(document, place, place.parent, new)


def _below_a_key(document: Document, place: Place, node: Scalar, new: Value) -> Change:
    """A list or mapping for a key that has no value yet."""
    end = pointers.end_of_scalar(document, node)
    if pointers.start_of_value(document, node) != end or not isinstance(place.parent, Mapping):
        reason = "a null is written there, and no list or mapping is put in its place"
        raise _refused(document, place, RefusalCode.NO_PLACE, reason)
    key = place.parent.items[2 * place.position]
    column = pointers.column(document, nodes.start_of(key))
    dash = pointers.dash_column(document, place.parent)
    _, *lines = scalars.value_lines(new, _style(place.parent, None), dash)
    at = pointers.after_line(document, end)
    text = _whole_lines(document, at, column, lines)
    line = _line(document, place)
    return Change(line, place.parent, place.key, at, at, text, column + 1, value=new, replaced=node)


def _new_key(document: Document, place: Place, parent: Mapping, new: Value) -> Change:
    at, behind = _behind(document, place, parent)
    neighbour = parent.items[2 * behind + 1]
    key = parent.items[2 * behind]
    column = pointers.column(document, nodes.start_of(key))
    style = _style(parent, neighbour)
    dash = pointers.dash_column(document, parent)
    lines = scalars.pairs_lines({place.key: new}, style, dash)
    text = _whole_lines(document, at, column, lines)
    line = document.line_of(nodes.start_of(key))
    return Change(line, parent, place.key, at, at, text, column, value=new, added=behind + 1)


def _behind(document: Document, place: Place, parent: Mapping) -> tuple[int, int]:
    """The code point at which a new key goes, and the position of the pair before it."""
    names = [getattr(key, "value", None) for key in parent.items[::2]]
    first = [names.index(name) for name in _BEHIND.get(place.key, ()) if name in names]
    rest = [position for position in reversed(range(len(names))) if position not in first]
    for position in (*first, *rest):
        if parent is document.root and names[position] in PROTECTED:
            continue
        try:
            end = pointers.end_of(document, parent.items[2 * position + 1])
            return pointers.after_line(document, end), position
        except EditRefused:
            continue
    reason = f"there is no line behind which {place.key} could be put for sure"
    raise _refused(document, place, RefusalCode.NO_PLACE, reason)


def _new_entry(document: Document, place: Place, parent: Sequence, new: Value) -> Change:
    last = parent.items[-1]
    at = pointers.after_line(document, pointers.end_of(document, last))
    inner = last.by_key.get("url") if isinstance(last, Mapping) else last
    if isinstance(inner, Scalar) and nodes.is_string(inner):
        style = inner.style or scalars.PLAIN
    else:
        style = _style(document.root, None)
    dash = pointers.dash_column(document, document.root)
    lines = scalars.item_lines(new, style, dash)
    column = pointers.dash_of(document, parent)
    text = _whole_lines(document, at, column, lines)
    line = document.line_of(nodes.start_of(last))
    return Change(line, parent, place.key, at, at, text, column, value=new, added=place.position)


def _style(parent: Mapping | Sequence | None, neighbour: Node | None) -> str:
    """The quotes for a new text: those of its neighbour, else of the first text of the mapping."""
    texts = list(pointers.strings_of(parent)) if isinstance(parent, Mapping) else []
    if not texts:
        return scalars.PLAIN
    nearest = next((text for text in texts if text is neighbour), texts[0])
    return nearest.style or scalars.PLAIN


def _whole_lines(document: Document, at: int, column: int, lines: list[str]) -> str:
    """Lines to put at the start of a line."""
    newline = "\r\n" if document.text[:at].endswith("\r\n") else "\n"
    return newline.join(" " * column + line for line in lines) + newline


# ----------------------------------------------------------------------------------------- remove


def _removal(document: Document, place: Place, old: Value) -> Change:
    parent, node, key = place.parent, place.node, place.key_node
    if not isinstance(parent, Mapping):
        reason = "only keys are taken out, not entries of lists"
        raise _refused(document, place, RefusalCode.NOT_A_VALUE, reason)
    if node is None:
        return _already(document, place)
    if not scalars.says(node, old):
        raise _differs(document, place, _shown(old))
    if pointers.is_flow(parent):
        reason = "nothing is taken out between braces"
        raise _refused(document, place, RefusalCode.FLOW, reason)
    if len(parent.items) == 2:
        reason = "it is the only key of its mapping, which would become null"
        raise _refused(document, place, RefusalCode.ONLY_KEY, reason)
    assert key is not None
    start = nodes.start_of(key)
    end = pointers.after_line(document, pointers.end_of(document, node))
    if pointers.begins_line(document, start):
        start = pointers.start_of_line(document, start)
    else:
        end = _next_key(document, place, parent, end)
    line = _line(document, place)
    return Change(line, parent, place.key, start, end, "", removed=place.position)


def _next_key(document: Document, place: Place, parent: Mapping, end: int) -> int:
    """The start of the second key of a list's entry: it takes the first key's place behind the dash."""
    start = nodes.start_of(parent.items[0])
    following = nodes.start_of(parent.items[2])
    behind_dash = _DASHES.fullmatch(document.text, pointers.start_of_line(document, start), start)
    if place.position or behind_dash is None:
        reason = f"{place.key} does not begin its line"
        raise _refused(document, place, RefusalCode.NO_PLACE, reason)
    if not pointers.only_blank(document, end, following):
        reason = "a comment stands between the first key of the entry and the second"
        raise _refused(document, place, RefusalCode.NO_PLACE, reason)
    return following
