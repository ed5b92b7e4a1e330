"""XML written element by element, as the formats that are XML need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

_NOTHING: Mapping[str, str] = {}


class XmlElements:
    """A document that is written to `stream`, UTF-8. Texts may hold no characters that XML has not: `printable` sees to that."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        stream.write('<?xml version="1.0" encoding="utf-8"?>')

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str] = _NOTHING) -> Iterator[None]:
        """An element around what is written meanwhile; it begins on a line of its own."""
        self._stream.write(f"\n<{name}{_pairs(attributes)}>")
        yield
        self._stream.write(f"</{name}>")

    def end(self) -> None:
        """End the document, with a line end."""
        self._stream.write("\n")

    def leaf(self, name: str, text: str = "", attributes: Mapping[str, str] = _NOTHING) -> None:
        """An element that holds a text alone."""
        self._stream.write(f"<{name}{_pairs(attributes)}>{escape(text)}</{name}>")


def _pairs(attributes: Mapping[str, str]) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
