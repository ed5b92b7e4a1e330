"""Files with front matter in TOML and JSON, in many layouts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
_TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"))
    | st.sampled_from("\"'\\#\n\t=[]{},"),
    max_size=12,
)
_BARE_KEYS = st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True).filter(
    lambda key: key != "linkHealth"
)
_KEYS = _BARE_KEYS | st.sampled_from(["a b", "ä", 'q"t', "d.t", "", "x\ty", "#", "secured", "link"])
_SCALARS = (
    _TEXTS
    | st.integers(-(10**12), 10**12)
    | st.booleans()
    | st.sampled_from([1.5, -0.25, "https://a.example/x?y=z#f", "2020-01-02"])
)
VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(_KEYS, VALUES, max_size=5)


@st.composite
def toml_files(draw: Draw) -> tuple[bytes, dict[str, Any]]:
    """A file, and the values of its front matter."""
    values: dict[str, Any] = draw(OBJECTS)
    lines: list[str] = []
    _toml_table(draw, values, (), lines)
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    text = "".join(f"{line}\n" for line in ("+++", *lines, "+++", "A text [x](https://t.example/)"))
    # A line end within a string of several lines is a part of its value.
    if newline == "\r\n" and "\n" not in json.dumps(values).replace("\\n", "\n"):
        text = text.replace("\n", newline)
    return (draw(st.sampled_from(["", "\ufeff"])) + text).encode(), values


def _toml_table(
    draw: Draw, values: Mapping[str, Any], way: tuple[str, ...], lines: list[str]
) -> None:
    """Scalars and inline values first, then tables; what is drawn late keeps the order of the mapping only by sorting."""
    later = []
    for key, value in values.items():
        is_table = isinstance(value, dict) and draw(st.booleans())
        is_array = isinstance(value, list) and value and all(isinstance(one, dict) for one in value)
        if is_table or (is_array and draw(st.booleans())):
            later.append((key, value))
            continue
        space, note = (
            draw(st.sampled_from(["", " ", "\t"])),
            draw(st.sampled_from(["", " # n", "\t#"])),
        )
        lines.append(f"{_toml_key(draw, key)}{space}={space}{_toml_value(draw, value, '')}{note}")
        if draw(st.booleans()):
            lines.append(draw(st.sampled_from(["", "# a note = 1", "   "])))
    for key, value in later:
        inner = (*way, key)
        name = ".".join(_toml_key(draw, part) for part in inner)
        for table in value if isinstance(value, list) else [value]:
            lines.append(f"[[{name}]]" if isinstance(value, list) else f"[{name}]")
            _toml_table(draw, table, inner, lines)


def _toml_key(draw: Draw, key: str) -> str:
    if key.isascii() and key and all(sign.isalnum() or sign in "_-" for sign in key):
        return str(draw(st.sampled_from([key, f'"{key}"', f"'{key}'"])))
    return json.dumps(key, ensure_ascii=False).replace("\x7f", "\\u007f")


def _toml_value(draw: Draw, value: Any, indent: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        items = [_toml_value(draw, item, indent) for item in value]
        if draw(st.booleans()):
            return "[" + ", ".join(items) + "]"
        return "[\n" + "".join(f"  {item}, # x ]\n" for item in items) + "]"
    if isinstance(value, dict):
        pairs = [
            f"{_toml_key(draw, key)} = {_toml_value(draw, one, indent)}"
            for key, one in value.items()
        ]
        return (
            "{" + ", ".join(pairs) + "}" if "\n" not in "".join(pairs) else _one_line(draw, value)
        )
    return _toml_string(draw, value)


def _one_line(draw: Draw, value: Mapping[str, Any]) -> str:
    """An inline table may not have line ends outside of its values."""
    pairs = (f"{_toml_key(draw, key)} = {_flat(one)}" for key, one in value.items())
    return "{ " + ", ".join(pairs) + " }"


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ",".join(map(_flat, value)) + "]"
    if isinstance(value, dict):
        pairs = (
            f"{json.dumps(key, ensure_ascii=False)} = {_flat(one)}" for key, one in value.items()
        )
        return "{" + ",".join(pairs) + "}"
    return json.dumps(value, ensure_ascii=False)


def _toml_string(draw: Draw, text: str) -> str:
    basic = json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
    ways = [basic, f'"""\n{basic[1:-1]}"""']
    if "'" not in text and all(sign.isprintable() or sign == "\t" for sign in text):
        ways += [f"'{text}'", f"'''{text}'''"]
    if text.endswith('"') and "\\" not in text and all(sign.isprintable() for sign in text):
        ways.append(f'"""{text}"""' if '""' not in text else basic)
    return str(draw(st.sampled_from(ways)))


@st.composite
def json_files(draw: Draw) -> tuple[bytes, dict[str, Any]]:
    """A file, and the values of its front matter."""
    values: dict[str, Any] = {"title": draw(_TEXTS), **draw(OBJECTS)}
    text = json.dumps(
        values,
        ensure_ascii=draw(st.booleans()),
        indent=draw(st.sampled_from([None, 0, 2, "\t"])),
        separators=draw(st.sampled_from([None, (",", ":"), (" , ", " : ")])),
    )
    text += draw(st.sampled_from(["", "\n", "\n\nA text [x](https://t.example/)\n"]))
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return (draw(st.sampled_from(["", "\ufeff"])) + text).encode(), values
