"""The `linkHealth` block in front matter that is TOML or JSON: the same values, in the notation of the file (rule K5).

The state and all comparisons know the block as YAML (`block.render`). In TOML it is a table behind all others, in JSON the
last member of the object, on one line.
"""

from __future__ import annotations

import json
import re
from typing import Final

from crawler.content import nodes
from crawler.content.block import rendered_from
from crawler.content.nodes import Mapping, Node, Scalar, Sequence
from crawler.content.notations import Notation
from crawler.content.scalars import UnwritableValueError, plain_text

KEY: Final = "linkHealth"
_BARE = re.compile(
    r"true|false|-?[0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,18}(?:Z|[-+][0-9:]{5})?)?"
)
_SURROGATE = re.compile("[\ud800-\udfff]")
_NOT_LITERAL = re.compile("['\x00-\x1f\x7f]")


def written(block: str, notation: Notation) -> str:
    """A block in a notation, LF line ends: a table of TOML with its last line end, or the value of a JSON member."""
    root = nodes.parse(block).root
    value = root.by_key[KEY] if isinstance(root, Mapping) else None
    assert isinstance(value, Mapping)
    if notation is Notation.JSON:
        return json.dumps(_plain(value), ensure_ascii=False)
    lines = [f"[{KEY}]"]
    for key, inner in value.by_key.items():
        if isinstance(inner, Sequence) and inner.items:
            lines += [f"{key} = [", *(f"  {_toml(item)}," for item in inner.items), "]"]
        else:
            lines.append(f"{key} = {_toml(inner)}")
    return "\n".join(lines) + "\n"


def read(value: Node, text: str, notation: Notation, start: int) -> tuple[str, int] | None:
    """The block, as YAML, that stands at `start` in exactly the shape in which it is written, and where it ends; None for
    any other text. Lines of TOML may end as the file's do."""
    block = rendered_from(value)
    if block is None:
        return None
    shape = written(block, notation)
    for lines in (shape, shape.replace("\n", "\r\n")):
        if text.startswith(lines, start):
            return block, start + len(lines)
    return None


def _toml(node: Node) -> str:
    if isinstance(node, Mapping):
        pairs = (f"{key} = {_toml(inner)}" for key, inner in node.by_key.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(node, Sequence):
        return "[" + ", ".join(map(_toml, node.items)) + "]"
    return toml_text(node.value) if nodes.is_string(node) else node.value


def toml_text(text: str) -> str:
    """A string of TOML: literal where it can be, else with escapes."""
    return _quoted(text) if _NOT_LITERAL.search(text) else f"'{text}'"


def _quoted(text: str) -> str:
    """A string of JSON, which is one of TOML too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def data_text(value: str | int, before: Scalar, notation: Notation) -> str:
    """A value in the place of another one: a number or a date without quotes stays one where the new text may be one.

    Whether it reads as it was meant is proven by whoever writes it. Raises UnwritableValueError.
    """
    text = plain_text(value)
    if _SURROGATE.search(text):
        raise UnwritableValueError("half a character, which no UTF-8 file can hold")
    is_bare = not isinstance(value, str) or not nodes.is_string(before)
    if is_bare and _BARE.fullmatch(text):
        return text
    is_literal = notation is Notation.TOML and before.style != '"'
    return toml_text(text) if is_literal else _quoted(text)


def _plain(node: Node) -> object:
    if isinstance(node, Mapping):
        return {key: _plain(inner) for key, inner in node.by_key.items()}
    if isinstance(node, Sequence):
        return [_plain(item) for item in node.items]
    return node.value if nodes.is_string(node) else int(node.value)
