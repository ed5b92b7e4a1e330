"""A value as YAML text: quoted as the file quotes it, and always read back as the same value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from crawler.content import nodes
from crawler.content.nodes import Node, Scalar
from crawler.rules.credentials import HIDDEN, url_without_credentials

Value = str | int | bool | Sequence["Value"] | Mapping[str, "Value"]
"""The values that an edit may write: strings, numbers, booleans, and lists and mappings of these."""

PLAIN, SINGLE, DOUBLE = "", "'", '"'

# Line breaks of YAML, characters that its readers refuse, and invisible ones: written as escapes only.
_ESCAPED = re.compile(
    '["\\\\\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]'
)
_UNQUOTED_OR_SINGLE = re.compile(
    "[^\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]*"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_SHORT_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_FIRST_OF_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=]")
_NOT_IN_PLAIN = re.compile(r":(?:\s|\Z)|\s#|\s\Z|\A\.\.\.")
_NOT_IN_FLOW = re.compile(r"[,\[\]{}?]|:[,\[\]{}]")
# Numbers of YAML 1.2 that PyYAML reads as strings.
_NUMBER = re.compile(r"[-+.]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|0[ox][0-9a-fA-F]+")
_STRING: Final = "tag:yaml.org,2002:str"
_NULL: Final = "tag:yaml.org,2002:null"


class UnwritableValueError(ValueError):
    """A value that cannot be written: no UTF-8 file can hold its text, or its shape is not supported."""


def scalar_text(
    value: str | int, style: str = PLAIN, *, flow: bool = False, before: str | None = None
) -> str:
    """The value in this style of quotes, or in the next one that can hold it: none, single, double.

    Without quotes a string must be read as a string; or, where `before` is the plain text that it replaces,
    as the same type as that one (a date stays a date). Numbers and booleans keep existing quotes and get none
    otherwise. `flow` says that the value is between brackets or braces. Raises UnwritableValueError.
    """
    text = plain_text(value)
    if _SURROGATE.search(text):
        raise UnwritableValueError("half a character, which no UTF-8 file can hold")
    if style == PLAIN and (not isinstance(value, str) or _may_be_plain(text, before, flow=flow)):
        return text
    if style != DOUBLE and _UNQUOTED_OR_SINGLE.fullmatch(text):
        return "'" + text.replace("'", "''") + "'"
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def new_scalar(value: str | int, style: str) -> str:
    """A value at a new place: `style` is that of the strings around it, numbers have no quotes."""
    return scalar_text(value, style if isinstance(value, str) else PLAIN)


def plain_text(value: str | int) -> str:
    """A scalar as text: `true` and `false` for booleans, digits for numbers."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def value_lines(value: Value, style: str, dash: int) -> list[str]:
    """A value that follows `key:` or `-` as lines, the first of them on that line itself.

    Lists begin `dash` columns to the right of their key, mappings two. Raises UnwritableValueError.
    """
    if isinstance(value, str | int):
        return [new_scalar(value, style)]
    if not value:
        raise UnwritableValueError("a list or mapping without anything in it")
    if isinstance(value, Mapping):
        return ["", *(f"  {line}" for line in pairs_lines(value, style, dash))]
    return ["", *(" " * dash + line for item in value for line in item_lines(item, style, dash))]


def pairs_lines(pairs: Mapping[str, Value], style: str, dash: int) -> list[str]:
    """Keys with their values, each key on a line of its own. Raises UnwritableValueError."""
    lines: list[str] = []
    for key, value in pairs.items():
        first, *more = value_lines(value, style, dash)
        lines += [f"{scalar_text(key)}:{first and ' '}{first}", *more]
    return lines


def item_lines(item: Value, style: str, dash: int) -> list[str]:
    """One entry of a list, its `-` in the first column. Raises UnwritableValueError."""
    if isinstance(item, str | int):
        return [f"- {new_scalar(item, style)}"]
    if not isinstance(item, Mapping) or not item:
        raise UnwritableValueError("a list directly in a list, or an entry without anything in it")
    first, *more = pairs_lines(item, style, dash)
    return [f"- {first}", *(f"  {line}" for line in more)]


def says(node: Node, value: Value) -> bool:
    """Whether a value of a file equals this one, whatever its quotes: the texts are compared, not the types.

    A URL with credentials equals the one in which they are hidden: decisions and the state know only that (rule U8).
    """
    if isinstance(value, str | int):
        text = plain_text(value)
        return isinstance(node, Scalar) and (
            node.value == text or (HIDDEN in text and url_without_credentials(node.value) == text)
        )
    if isinstance(value, Mapping):
        return (
            isinstance(node, nodes.Mapping)
            and len(node.items) == 2 * len(value)
            and all(
                key in node.by_key and says(node.by_key[key], inner) for key, inner in value.items()
            )
        )
    return (
        isinstance(node, nodes.Sequence)
        and len(node.items) == len(value)
        and all(map(says, node.items, value))
    )


def reads_as(node: Node, value: Value, before: Scalar | None = None) -> bool:
    """Whether a written value is read back as intended, its type too. `before` is the scalar that it replaced."""
    if isinstance(value, Mapping):
        return (
            isinstance(node, nodes.Mapping)
            and [getattr(key, "value", None) for key in node.items[::2]] == list(value)
            and all(reads_as(node.by_key[key], inner) for key, inner in value.items())
        )
    if not isinstance(value, str | int):
        return (
            isinstance(node, nodes.Sequence)
            and len(node.items) == len(value)
            and all(map(reads_as, node.items, value))
        )
    if not isinstance(node, Scalar) or node.tag is not None or node.value != plain_text(value):
        return False
    if not isinstance(value, str):
        return node.implicit[0] or (before is not None and not before.implicit[0])
    return nodes.is_string(node) or (
        before is not None and before.implicit[0] and _of_one_type(before.value, value)
    )


def _may_be_plain(text: str, before: str | None, *, flow: bool) -> bool:
    if not _FIRST_OF_PLAIN.match(text) or not _UNQUOTED_OR_SINGLE.fullmatch(text):
        return False
    if _NOT_IN_PLAIN.search(text) or (flow and _NOT_IN_FLOW.search(text)):
        return False
    if before is not None and _of_one_type(before, text):
        return True
    return nodes.plain_is_string(text) and not _NUMBER.fullmatch(text)


def _of_one_type(before: str, after: str) -> bool:
    """Whether two plain texts are both dates, both numbers of one kind, or both booleans."""
    kind = _type_of(before)
    return kind not in {_STRING, _NULL} and kind == _type_of(after)


def _type_of(plain: str) -> str:
    """The type that PyYAML's loader gives a plain scalar of this text."""
    resolvers = nodes.implicit_resolvers(plain)
    return next((tag for tag, pattern in resolvers if pattern.match(plain)), _STRING)


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    code = ord(character)
    return _SHORT_ESCAPES.get(character) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}")
