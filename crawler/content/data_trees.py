"""Trees of TOML and JSON in the shape of `nodes`, with the place of each value (rule K5).

The standard library says what is valid and what the values are; a scan of our own, bounded in depth and number, says where
they stand. Where the two disagree nothing is read.
"""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any, Final

import yaml

from crawler.content.nodes import DEEPEST, Mapping, Node, Scalar, Sequence, Tree, TreeError
from crawler.content.toml_bounds import has_long_key
from crawler.model.article import ProblemCode

MOST_VALUES: Final = 100_000

_STRING = json.JSONDecoder().raw_decode
_MARK: Any = yaml.Mark
_BLANK = re.compile(r"[ \t\r\n]*+")
_JSON_WORD = re.compile(r"-?[0-9][0-9.eE+-]*+|true|false|null")
_TOML_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*")
_TOML_SPACE = re.compile(r"[ \t]*+")
_TOML_KEY = re.compile(r"[A-Za-z0-9_-]++|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*+'")
_TOML_STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""{1,3}|\'\'\'(?:[^\']|\'(?!\'\'))*\'\'\'{1,3}'
    r"|\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*+'",
    re.DOTALL,
)
_TOML_WORD = re.compile(r"[^,\]}#\n]++")
_LINE = re.compile(r"line ([0-9]+)")


def end_of(node: Node) -> int:
    """The code point after a value of JSON, or after a scalar of TOML."""
    mark: Any = (node if isinstance(node, Scalar) else node.opening).end_mark
    return int(mark.index)


def json_tree(text: str, start: int, end: int, *, is_whole: bool = False) -> tuple[Tree, int]:
    """The tree of the JSON value at `start` and the code point after it; nothing behind `end` is read, and where the value
    `is_whole` nothing else may stand between the two. Raises TreeError."""
    part = text[:end]
    blank = _BLANK.match(part, start)
    start = blank.end() if blank else start
    decoder = json.JSONDecoder(object_pairs_hook=_Pairs, parse_constant=_refuse_constant)
    try:
        found, after = decoder.raw_decode(part, start)
    except RecursionError:
        raise TreeError(start, ProblemCode.TOO_DEEP, _DEEP) from None
    except ValueError as error:
        at = error.pos if isinstance(error, json.JSONDecodeError) else start
        message = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        raise TreeError(at, ProblemCode.INVALID_JSON, f"not valid JSON: {message}") from None
    if is_whole and part[after:].strip():
        message = "not valid JSON: something follows the value"
        raise TreeError(after, ProblemCode.INVALID_JSON, message)
    scan = _JsonScan(part, start)
    try:
        root = scan.value(0)
        _fill_in(root, found)
    except (_AstrayError, ValueError):
        raise TreeError(start, ProblemCode.INVALID_JSON, _ASTRAY) from None
    if scan.at != after:
        raise TreeError(start, ProblemCode.INVALID_JSON, _ASTRAY)
    return Tree(root, scan.duplicates), after


def toml_tree(text: str, start: int, end: int) -> Tree:
    """The tree of the TOML between two code points. Raises TreeError."""
    # The scan has a bound for long keys, and the library has none.
    root = _scanned(text[:end], start) if has_long_key(text, start, end) else None
    try:
        found = tomllib.loads(text[start:end])
    except RecursionError:
        raise TreeError(start, ProblemCode.TOO_DEEP, _DEEP) from None
    except ValueError as error:
        raise _invalid_toml(text, start, str(error)) from None
    root = _scanned(text[:end], start) if root is None else root
    try:
        _fill_in(root, found)
    except _AstrayError:
        raise TreeError(start, ProblemCode.INVALID_TOML, _ASTRAY) from None
    return Tree(root, [])


def _scanned(text: str, start: int) -> Mapping:
    """The places of what stands in TOML from `start` on. Raises TreeError."""
    try:
        return _TomlScan(text, start).document()
    except (_AstrayError, IndexError, ValueError):
        raise TreeError(start, ProblemCode.INVALID_TOML, _ASTRAY) from None


def _invalid_toml(text: str, start: int, message: str) -> TreeError:
    line = _LINE.search(message)
    index = start
    for _ in range(int(line[1]) - 1 if line else 0):
        index = text.find("\n", index) + 1 or index
    return TreeError(
        index, ProblemCode.INVALID_TOML, f"not valid TOML: {message.partition(' (')[0]}"
    )


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")


_DEEP: Final = f"nested deeper than {DEEPEST} levels"
_ASTRAY: Final = "where its values stand cannot be told"


class _AstrayError(Exception):
    """The scan does not find what the standard library found."""


class _Pairs(list[tuple[str, Any]]):
    """The members of a JSON object, duplicates too."""


class _Scan:
    """Walks a text and notes where values stand; the values themselves are filled in afterwards."""

    def __init__(self, text: str, at: int) -> None:
        self.text = text
        self.at = at
        self.duplicates: list[Scalar] = []
        self._lines = 0
        self._values = 0

    def scalar(self, start: int, end: int) -> Scalar:
        self._values += 1
        if self._values > MOST_VALUES:
            message = f"more than {MOST_VALUES:,} values"
            raise TreeError(-1, ProblemCode.FILE_TOO_LARGE, message)
        made: Scalar = yaml.ScalarEvent(
            None, None, (True, False), self.text[start:end], _mark(start), _mark(end), ""
        )
        return made

    def mapping(self, start: int, *, flow: bool = True) -> Mapping:
        return Mapping(yaml.MappingStartEvent(None, None, True, _mark(start), _mark(start), flow))

    def sequence(self, start: int, *, flow: bool = True) -> Sequence:
        return Sequence(yaml.SequenceStartEvent(None, None, True, _mark(start), _mark(start), flow))

    def deeper(self, depth: int) -> int:
        if depth >= DEEPEST:
            raise TreeError(self.at, ProblemCode.TOO_DEEP, _DEEP)
        return depth + 1

    def skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def sign(self) -> str:
        return self.text[self.at : self.at + 1]

    def add(self, mapping: Mapping, key: Scalar, value: Node) -> None:
        """Keys get their texts here: they are looked up before all is filled in."""
        if key.value in mapping.by_key:
            self.duplicates.append(key)
        mapping.items += [key, value]
        mapping.by_key[key.value] = value


class _JsonScan(_Scan):
    def value(self, depth: int) -> Node:
        self.skip(_BLANK)
        start, sign = self.at, self.sign()
        if sign == "{":
            return self._object(start, self.deeper(depth))
        if sign == "[":
            return self._array(start, self.deeper(depth))
        if sign == '"':
            _, self.at = _STRING(self.text, self.at)
        else:
            self.skip(_JSON_WORD)
        return self.scalar(start, self.at)

    def _object(self, start: int, depth: int) -> Mapping:
        made = self.mapping(start)
        while self._goes_on("}"):
            at = self.at
            name, self.at = _STRING(self.text, self.at)
            key = self.scalar(at, self.at)
            _say(key, str(name), is_string=True)
            self.skip(_BLANK)
            self.at += 1  # the colon
            self.add(made, key, self.value(depth))
        made.opening.end_mark = _mark(self.at)
        return made

    def _array(self, start: int, depth: int) -> Sequence:
        made = self.sequence(start)
        while self._goes_on("]"):
            made.items.append(self.value(depth))
        made.opening.end_mark = _mark(self.at)
        return made

    def _goes_on(self, end: str) -> bool:
        """Step over the bracket or the comma before the next entry; False at the end."""
        self.skip(_BLANK)
        if self.sign() == end:
            self.at += 1
            return False
        self.at += 1
        self.skip(_BLANK)
        if self.sign() == end:
            self.at += 1
            return False
        return True


class _TomlScan(_Scan):
    def document(self) -> Mapping:
        root = self.mapping(self.at, flow=False)
        table = root
        while True:
            self.skip(_TOML_BLANK)
            if self.at >= len(self.text):
                return root
            if self.sign() == "[":
                table = self._header(root)
            else:
                self._pair(table, 0)

    def _header(self, root: Mapping) -> Mapping:
        start = self.at
        is_array = self.text.startswith("[[", start)
        self.at += 2 if is_array else 1
        *way, last = self._keys(self.deeper(0))
        self.at += 2 if is_array else 1
        above = root
        for key in way:
            above = self._below(above, key, start)
        if is_array:
            listed = above.by_key.get(last.value)
            if listed is None:
                listed = self.sequence(start, flow=False)
                self.add(above, last, listed)
            table = self.mapping(start, flow=False)
            _sequence(listed).items.append(table)
            return table
        known = above.by_key.get(last.value)
        if known is None:
            known = self.mapping(start, flow=False)
            self.add(above, last, known)
        return _mapping(known)

    def _below(self, above: Mapping, key: Scalar, start: int) -> Mapping:
        found = above.by_key.get(key.value)
        if found is None:
            found = self.mapping(start, flow=False)
            self.add(above, key, found)
        return _mapping(found.items[-1] if isinstance(found, Sequence) else found)

    def _pair(self, table: Mapping, depth: int) -> None:
        start = self.at
        *way, last = self._keys(self.deeper(depth))
        for key in way:
            table = self._below(table, key, start)
        self.skip(_TOML_SPACE)
        if self.sign() != "=":
            raise _AstrayError
        self.at += 1
        self.skip(_TOML_SPACE)
        self.add(table, last, self._value(depth + len(way)))

    def _keys(self, depth: int) -> list[Scalar]:
        keys: list[Scalar] = []
        while True:
            self.skip(_TOML_SPACE)
            found = _TOML_KEY.match(self.text, self.at)
            if found is None:
                raise _AstrayError
            key = self.scalar(found.start(), found.end())
            _say(key, _key_text(found[0]), is_string=True)
            keys.append(key)
            self.at = found.end()
            depth = self.deeper(depth)
            self.skip(_TOML_SPACE)
            if self.sign() != ".":
                return keys
            self.at += 1

    def _value(self, depth: int) -> Node:
        start, sign = self.at, self.sign()
        if sign == "[":
            return self._array(start, self.deeper(depth))
        if sign == "{":
            return self._inline(start, self.deeper(depth))
        pattern = _TOML_STRING if sign in "\"'" else _TOML_WORD
        found = pattern.match(self.text, start)
        if found is None:
            raise _AstrayError
        self.at = found.end()
        end = start + len(found[0].rstrip(" \t\r")) if pattern is _TOML_WORD else found.end()
        return self.scalar(start, end)

    def _array(self, start: int, depth: int) -> Sequence:
        made = self.sequence(start)
        while self._goes_on("]"):
            made.items.append(self._value(depth))
        return made

    def _inline(self, start: int, depth: int) -> Mapping:
        made = self.mapping(start)
        while self._goes_on("}"):
            self._pair(made, depth)
        return made

    def _goes_on(self, end: str) -> bool:
        self.skip(_TOML_BLANK)
        if self.sign() != end:
            self.at += 1
            self.skip(_TOML_BLANK)
        if self.sign() == end:
            self.at += 1
            return False
        if self.at >= len(self.text):
            raise _AstrayError
        return True


def _mapping(node: Node) -> Mapping:
    if not isinstance(node, Mapping):
        raise _AstrayError
    return node


def _sequence(node: Node) -> Sequence:
    if not isinstance(node, Sequence):
        raise _AstrayError
    return node


def _key_text(key: str) -> str:
    if key[0] == '"':
        return str(next(iter(tomllib.loads(f"{key} = 1"))))
    return key[1:-1] if key[0] == "'" else key


def _mark(index: int) -> Any:
    return _MARK(None, index, 0, 0, None, None)


def _say(scalar: Scalar, text: str, *, is_string: bool) -> None:
    """Give a scalar its text; the quote that begins it in the file is its style."""
    scalar.style = scalar.value[:1] if is_string else ""
    scalar.value = text
    scalar.implicit = (not is_string, is_string)


def _fill_in(node: Node, value: object) -> None:
    """Give each scalar what the standard library read there. Raises where the two are not of one shape."""
    if isinstance(node, Mapping):
        if not isinstance(value, dict | _Pairs) or len(node.items) != 2 * len(value):
            raise _AstrayError
        pairs = list(value.items()) if isinstance(value, dict) else value
        for (key, below), (name, found) in zip(node.pairs(), pairs, strict=True):
            if not isinstance(key, Scalar) or key.value != name:
                raise _AstrayError
            _fill_in(below, found)
    elif isinstance(node, Sequence):
        if (
            not isinstance(value, list)
            or isinstance(value, _Pairs)
            or len(node.items) != len(value)
        ):
            raise _AstrayError
        for below, found in zip(node.items, value, strict=True):
            _fill_in(below, found)
    elif isinstance(value, dict | list):
        raise _AstrayError
    else:
        # A number, a date or a truth keeps its own notation; JSON's null is YAML's.
        _say(
            node, value if isinstance(value, str) else node.value, is_string=isinstance(value, str)
        )
