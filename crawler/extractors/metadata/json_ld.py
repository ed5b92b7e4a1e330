"""JSON-LD as pages really write it: one script at a time, tolerant (rule M13), bounded (rule B2)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from crawler.extractors.html.cleaning import MAX_TEXT, clean_text

MAX_SCRIPT = 1_000_000
"""Longest script read, in characters: an empty object costs 64 bytes of memory for 2 of text."""

MAX_SCRIPTS = 50
MAX_OBJECTS = 50
"""Most objects that follow each other in one script."""

MAX_NODES = 5_000
MAX_DEPTH = 8
"""Levels of `@graph`, lists and main entities below a script's root that are walked."""

Node = Mapping[str, Any]

_OPENING = re.compile(r"(?:\s|\ufeff|<!--|//|/\*|\*/|<!\[CDATA\[)*+")
_BETWEEN = re.compile(r"[\s;,}\]]*+")
_TRAILING_COMMA = re.compile(r",(\s*+[}\]])")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")

_LONGEST_NUMBER = 15


def _number(text: str) -> float | None:
    """A number of reasonable length; a million digits would take Python minutes or an exception."""
    return float(text) if len(text) <= _LONGEST_NUMBER else None


_DECODER = json.JSONDecoder(
    strict=False, parse_int=_number, parse_float=_number, parse_constant=lambda _: None
)


def read_nodes(scripts: Iterable[str]) -> tuple[Node, ...]:
    """The objects that the page's JSON-LD scripts say about it, in document order.

    A script that cannot be read is left out and the others stay. `@graph`, lists and main entities
    are walked; things that the page merely mentions (an item list, related articles) are not.
    """
    nodes: list[Node] = []
    for _, script in zip(range(MAX_SCRIPTS), scripts, strict=False):
        for value in _values(script):
            nodes.extend(_walk(value))
            if len(nodes) > MAX_NODES:
                return tuple(nodes[:MAX_NODES])
    return tuple(nodes)


def types_of(node: Node) -> tuple[str, ...]:
    """The node's types without their vocabulary (`NewsArticle`)."""
    stated = node.get("@type")
    if isinstance(stated, str) and stated.isalpha():
        # As nearly every page writes it.
        return (stated[:MAX_TEXT],)
    return tuple(clean_text(name).rpartition("/")[2].rpartition(":")[2] for name in as_list(stated))


def as_list(value: Any) -> list[Any]:
    """A value that may stand alone or in a list, always as a list."""
    if value is None:
        return []
    return value[:MAX_OBJECTS] if isinstance(value, list) else [value]


class Graph:
    """The nodes of one page, so that `{"@id": …}` can be followed to the node that it names."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = tuple(nodes)
        self._by_id: dict[str, Node] = {}
        for node in self.nodes:
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(self._by_id.get(name, ())):
                self._by_id[name] = node

    def resolve(self, value: Any) -> Any:
        """The value, or the fuller node of the same `@id` where one is known."""
        if isinstance(value, dict) and isinstance(name := value.get("@id"), str):
            known = self._by_id.get(name)
            if known is not None and len(known) > len(value):
                return known
        return value


def _values(script: str) -> Iterator[Any]:
    if len(script) > MAX_SCRIPT:
        return
    found = list(_decode(script))
    if not found and "&quot;" in script:
        found = list(_decode(html.unescape(script)))
    if not found:
        found = list(_decode(_TRAILING_COMMA.sub(r"\1", script)))
    yield from found


def _decode(text: str) -> Iterator[Any]:
    match = _OPENING.match(text)
    position = match.end() if match else 0
    for _ in range(MAX_OBJECTS):
        if text[position : position + 1] not in ("{", "["):
            return
        try:
            value, position = _DECODER.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position


def _walk(root: Any) -> Iterator[Node]:
    pending = [(root, 0)]
    count = 0
    while pending and count < MAX_NODES:
        value, depth = pending.pop()
        count += 1
        if depth > MAX_DEPTH:
            continue
        if isinstance(value, list):
            pending.extend((item, depth + 1) for item in reversed(value[:MAX_NODES]))
        elif isinstance(value, dict):
            yield value
            nested = (value[key] for key in reversed(_NESTED) if key in value)
            pending.extend((item, depth + 1) for item in nested)
