"""YAML as a light tree, built from libyaml's events and bounded in depth.

libyaml's composer is not used: 30 KB of `[` crash it, and 487 bytes of aliases keep it busy for hours.
Nothing is ever constructed from a tag. A scalar of the tree is libyaml's own event, because making
another object for each of the five million of a large collection would cost seconds.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import yaml

from crawler.model.article import ProblemCode

DEEPEST: Final = 64
"""Levels of nesting (rule B3); real articles use 6."""
MOST_EVENTS: Final = 200_000
"""Bounds the memory that one file can take to about 100 MB; the largest real article needs 7,000."""

_PLAIN_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_PLAIN_BOOLEANS = {
    "true": True, "yes": True, "on": True, "false": False, "no": False, "off": False,
}  # fmt: skip

Scalar = yaml.ScalarEvent


class Sequence:
    """A list; `opening` is the event that began it."""

    __slots__ = ("items", "opening")

    def __init__(self, opening: yaml.CollectionStartEvent) -> None:
        self.opening = opening
        self.items: list[Node] = []


class Mapping:
    """A mapping; `items` alternates keys and values in the order of the file.

    `by_key` holds the values by the text of their keys; of duplicates the last one, as Ruby and
    Python load it.
    """

    __slots__ = ("by_key", "items", "opening")

    def __init__(self, opening: yaml.CollectionStartEvent) -> None:
        self.opening = opening
        self.items: list[Node] = []
        self.by_key: dict[str, Node] = {}

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Keys with their values."""
        items = iter(self.items)
        return zip(items, items, strict=True)


Node = Scalar | Sequence | Mapping


class TreeError(Exception):
    """No tree can be made; `index` is the code point of the cause, -1 where none is known."""

    def __init__(self, index: int, code: ProblemCode, message: str) -> None:
        super().__init__(message)
        self.index = index
        self.code = code
        self.message = message


class Tree:
    """One YAML document: its `root` (None for an empty stream) and the keys that occur twice."""

    __slots__ = ("duplicates", "root")

    def __init__(self, root: Node | None, duplicates: list[Scalar]) -> None:
        self.root = root
        self.duplicates = duplicates


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pause Python's cycle collector while trees are made and compared.

    A tree is thousands of small objects without a cycle; walking them again and again costs a fifth. As a decorator it
    lasts until the function's own trees are gone: a tree that still stands when the pause ends is walked once after all.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def start_of(node: Node) -> int:
    """The code point at which a node begins."""
    return _index(node if isinstance(node, Scalar) else node.opening)


def parse(text: str) -> Tree:
    """Read exactly one YAML document. Raises TreeError for anything that must be left alone."""
    try:
        return _tree(text)
    except yaml.reader.ReaderError as error:
        octets = text.encode()[: error.position]
        index = len(octets.decode("utf-8", "ignore"))
        message = f"a character that YAML does not allow ({error.reason})"
        raise TreeError(index, ProblemCode.INVALID_YAML, message) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if isinstance(error, yaml.scanner.ScannerError) and mark:
            _refuse_depth(text[: mark.index])
        message = f"not valid YAML: {error.problem or error.context or 'unknown problem'}"
        raise TreeError(mark.index if mark else -1, ProblemCode.INVALID_YAML, message) from None
    except UnicodeDecodeError:
        # A tag may encode bytes (`!%ED%A0%80`) that are not UTF-8; libyaml does not check them.
        raise TreeError(-1, ProblemCode.INVALID_YAML, "not valid YAML: a tag is no text") from None


def _refuse_depth(before: str) -> None:
    """Raise TreeError if the text before a fault of libyaml's scanner is nested too deeply already.

    The scanner runs up to 1,024 characters ahead of the events, so its fault hides what they would
    have shown. Such a fault is a limit of its own: libyaml 0.2.6 refuses the 1,000th level.
    """
    try:
        _tree(before)
    except TreeError as error:
        if error.code is ProblemCode.TOO_DEEP:
            raise
    except (yaml.YAMLError, UnicodeDecodeError):
        # The part has no end, or a fault of its own: the fault of the whole text is reported.
        pass


def _tree(text: str) -> Tree:
    loader = yaml.CSafeLoader(text)
    try:
        return _build(loader)
    finally:
        loader.dispose()


def _build(loader: yaml.CSafeLoader) -> Tree:
    """The loop over all events. Its names are local, because it runs millions of times."""
    next_event: Callable[[], Any] = loader.get_event
    scalar, mapping_start, mapping_end = Scalar, yaml.MappingStartEvent, yaml.MappingEndEvent
    sequence_start, sequence_end = yaml.SequenceStartEvent, yaml.SequenceEndEvent
    top = items = list[Node]()
    mapping: Mapping | None = None
    opened: list[tuple[list[Node], Mapping | None]] = []
    duplicates: list[Scalar] = []
    for _ in range(MOST_EVENTS):
        event = next_event()
        kind = type(event)
        if kind is scalar:
            items.append(event)
        elif kind is mapping_start or kind is sequence_start:
            if len(opened) == DEEPEST:
                message = f"nested deeper than {DEEPEST} levels"
                raise TreeError(_index(event), ProblemCode.TOO_DEEP, message)
            opened.append((items, mapping))
            if kind is mapping_start:
                mapping = Mapping(event)
                items.append(mapping)
                items = mapping.items
            else:
                sequence = Sequence(event)
                items.append(sequence)
                items, mapping = sequence.items, None
        elif kind is mapping_end:
            assert mapping is not None
            _index_keys(mapping, duplicates)
            items, mapping = opened.pop()
        elif kind is sequence_end:
            items, mapping = opened.pop()
        elif kind is yaml.AliasEvent:
            message = "an alias (*…); aliases are not read"
            raise TreeError(_index(event), ProblemCode.ALIAS, message)
        elif kind is yaml.DocumentStartEvent and items:
            message = "a second YAML document in one file"
            raise TreeError(_index(event), ProblemCode.INVALID_YAML, message)
        elif kind is yaml.StreamEndEvent:
            return Tree(top[0] if top else None, duplicates)
    message = f"more than {MOST_EVENTS:,} values"
    raise TreeError(-1, ProblemCode.FILE_TOO_LARGE, message)


def _index(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else -1


def _index_keys(mapping: Mapping, duplicates: list[Scalar]) -> None:
    """Fill `by_key` and collect keys that occur twice. Raises TreeError for a merge key."""
    keys, values = mapping.items[::2], mapping.items[1::2]
    by_key = mapping.by_key
    for key, value in zip(keys, values, strict=True):
        if type(key) is Scalar:
            text = key.value
            if text in by_key:
                duplicates.append(key)
            elif text == "<<" and key.implicit[0]:
                message = "a merge key (<<); merge keys are not read"
                raise TreeError(_index(key), ProblemCode.MERGE_KEY, message)
            by_key[text] = value


# ----------------------------------------------------------------------------- what scalars mean


def plain_is_string(text: str) -> bool:
    """Whether a plain scalar of this text is no number, date, boolean or null, by PyYAML's own table.

    `y` and `n` count as booleans: YAML 1.1 says so, PyYAML does not, other readers do.
    """
    return text.lower() not in {"y", "n"} and not any(
        pattern.match(text) for _, pattern in implicit_resolvers(text)
    )


def implicit_resolvers(text: str) -> Iterable[tuple[str, re.Pattern[str]]]:
    """The tags and patterns of PyYAML's own table that may apply to a plain scalar of this text."""
    found: Iterable[tuple[str, re.Pattern[str]]] = yaml.SafeLoader.yaml_implicit_resolvers.get(
        text[:1], ()
    )
    return found


def is_null(scalar: Scalar) -> bool:
    """Whether a scalar is null (`key:`, `~`, `null`)."""
    return scalar.implicit[0] and scalar.value in _PLAIN_NULLS


def is_nothing(node: Node) -> bool:
    """Whether a value is null: the key is there without a value."""
    return isinstance(node, Scalar) and is_null(node)


def is_string(scalar: Scalar) -> bool:
    """Whether a loader reads a string: quoted, or plain and like no number, date or boolean."""
    return not scalar.implicit[0] or plain_is_string(scalar.value)


def boolean_of(scalar: Scalar) -> bool | None:
    """The boolean that a scalar states, quoted or not; None if it states none."""
    return _PLAIN_BOOLEANS.get(scalar.value.lower())


def same_tree(one: Node | None, other: Node | None) -> bool:
    """Whether two trees hold the same tags, values and order."""
    pending = [(one, other)]
    while pending:
        left, right = pending.pop()
        if isinstance(left, Scalar) and isinstance(right, Scalar):
            if (left.value, left.tag, left.implicit) != (right.value, right.tag, right.implicit):
                return False
        elif isinstance(left, Sequence | Mapping) and type(left) is type(right):
            assert isinstance(right, Sequence | Mapping)
            if left.opening.tag != right.opening.tag or len(left.items) != len(right.items):
                return False
            pending.extend(zip(left.items, right.items, strict=True))
        elif left is not right:
            return False
    return True
