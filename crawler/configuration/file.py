"""Reading `.linkhealth.yml`: every value as text with its line, nothing interpreted.

YAML is read as events, never composed: a composer resolves aliases and recurses into nesting, and
typed scalars would turn `write_back: no` into a boolean (docs/adr/0004).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import yaml

from crawler import files
from crawler.configuration.errors import ConfigurationError, quoted
from crawler.configuration.mistakes import Mistakes

FILE_NAME = ".linkhealth.yml"
LARGEST_FILE = 65_536
"""Bytes. A collection with a hundred `exclude` globs and ten profiles takes 6 KB."""
DEEPEST = 8
"""Levels: the file, `profiles`, one profile, its `hosts`, one host, its `headers`, one header, its variable."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ALIAS = "while scanning an alias"
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Text:
    """A scalar, or a list of scalars, as it stands in the file; `line` counts from 1.

    `items` holds one text for a scalar; None stands for YAML's null.
    """

    line: int
    items: tuple[str, ...] | None
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A mapping of the file; `line` counts from 1."""

    line: int
    entries: Mapping[str, Text | Section]
    lines: Mapping[str, int]
    """The line of each key."""


EMPTY = Section(0, {}, {})


def read(folder: Path, mistakes: Mistakes) -> Section:
    """The top mapping of a collection's file; empty where there is no file.

    `mistakes` is told, with file and line, where it is not a small, plain YAML mapping, or where it is a link out of the
    folder; what can be read all the same is.
    """
    with mistakes.noting():
        text = _read_text(folder)
        if text is not None:
            return _Document(text, mistakes).read()
    return EMPTY


def place(line: int) -> str:
    """How messages and sources name a line of the file."""
    return f"{FILE_NAME}:{line}"


def _wrong(line: int, message: str) -> ConfigurationError:
    return ConfigurationError(place(line), message)


def _read_text(folder: Path) -> str | None:
    try:
        root = folder.resolve(strict=True)
        found = files.inside(root, root / FILE_NAME)
        if found is None:
            # Not even its content is looked at: a message about it might quote another person's file.
            message = "is a link out of the collection; replace it by a file"
            raise ConfigurationError(FILE_NAME, message)
        below = found.relative_to(root)
        with (
            files.Folder.opened(root, below.parent) as inner,
            inner.file(below.name) as (descriptor, _),
        ):
            data = files.read_at_most(descriptor, LARGEST_FILE + 1)
    except FileNotFoundError:
        return None
    except files.NotARegularFileError:
        raise ConfigurationError(FILE_NAME, "is not a regular file; replace it by one") from None
    except OSError as error:
        raise ConfigurationError(FILE_NAME, f"cannot be read ({error.strerror})") from None
    if len(data) > LARGEST_FILE:
        raise ConfigurationError(FILE_NAME, f"is larger than {LARGEST_FILE:,} bytes; shorten it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _wrong(line, "is not UTF-8; save it as UTF-8") from None


def _events(text: str) -> Iterator[Any]:
    """YAML's events, in order; raises yaml.YAMLError.

    libyaml's scanner runs up to 1,024 characters ahead of the events. Where it finds a fault (for
    libyaml 0.2.6, the 1,000th level is one), the collections that open before the fault come first.
    """
    given = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            given += 1
            yield event
    except yaml.scanner.ScannerError as error:
        if error.problem_mark is not None:
            yield from _openings(text[: error.problem_mark.index], given)
        raise


def _openings(text: str, first: int) -> Iterator[Any]:
    """The document and collections that open one in another from the event of this number on."""
    with suppress(yaml.YAMLError):
        for event in islice(yaml.parse(text, Loader=_LOADER), first, None):
            if not isinstance(event, yaml.DocumentStartEvent | yaml.CollectionStartEvent):
                break
            yield event


class _Document:
    """The only document of a file, event by event. Where the file is no YAML any more, what came before stands."""

    def __init__(self, text: str, mistakes: Mistakes) -> None:
        self._mistakes = mistakes
        self._events = self._until_fault(text)

    def read(self) -> Section:
        """The document's mapping."""
        found, documents = EMPTY, 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._note(_line(event), "a second document; keep only the first")
                    break
            elif isinstance(event, yaml.NodeEvent):
                found = self._top(event)
        return found

    def _until_fault(self, text: str) -> Iterator[Any]:
        try:
            yield from _events(text)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = 1 if mark is None else mark.line + 1
            # YAML reads a glob such as *.example.com as an alias.
            hint = "; quote a name that begins with *" if error.context == _ALIAS else ""
            self._note(line, f"not YAML ({error.problem or 'unreadable'}){hint}")
        except yaml.reader.ReaderError as error:
            # The C reader counts bytes, the Python one characters: only the line of ASCII files is
            # certain, so none is named.
            self._note(1, f"a character that YAML does not allow ({error.reason})")

    def _top(self, event: Any) -> Section:
        self._refuse_references(event)
        if isinstance(event, yaml.MappingStartEvent):
            return self._section(event, 1)
        is_scalar = isinstance(event, yaml.ScalarEvent)
        if not (is_scalar and event.implicit[0] and event.value in _NULLS):
            message = "the file holds no options; write one `name: value` a line"
            self._note(_line(event), message)
        self._pass_over(event)
        return EMPTY

    def _section(self, start: Any, depth: int) -> Section:
        entries: dict[str, Text | Section] = {}
        lines: dict[str, int] = {}
        for key in self._events:
            if isinstance(key, yaml.MappingEndEvent):
                break
            name = self._name(key)
            found = self._next_value(depth + 1)
            if name is None or found is None:
                continue
            if name in entries:
                message = f"{quoted(name)} stands twice (first in line {lines[name]}); drop one"
                self._note(_line(key), message)
                continue
            entries[name], lines[name] = found, _line(key)
        return Section(_line(start), entries, lines)

    def _name(self, key: Any) -> str | None:
        """The name that a key is; None for anything else, which is passed over."""
        self._refuse_references(key)
        if isinstance(key, yaml.ScalarEvent):
            return str(key.value)
        if not isinstance(key, yaml.AliasEvent):
            self._note(_line(key), "a key must be a name")
        self._pass_over(key)
        return None

    def _next_value(self, depth: int) -> Text | Section | None:
        event = next(self._events, None)
        return None if event is None else self._value(event, depth)

    def _value(self, event: Any, depth: int) -> Text | Section | None:
        """A value; None for one that cannot be read, which has been told."""
        self._refuse_references(event)
        if isinstance(event, yaml.AliasEvent):
            return None
        if depth > DEEPEST:
            self._note(_line(event), f"nested more than {DEEPEST} levels deep; no option is")
            self._pass_over(event)
            return None
        if isinstance(event, yaml.MappingStartEvent):
            return self._section(event, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return Text(_line(event), tuple(self._items()), is_list=True)
        is_null = event.implicit[0] and event.value in _NULLS
        return Text(_line(event), None if is_null else (event.value,))

    def _items(self) -> Iterator[str]:
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return
            self._refuse_references(event)
            if isinstance(event, yaml.ScalarEvent):
                yield event.value
                continue
            if not isinstance(event, yaml.AliasEvent):
                self._note(_line(event), "a list holds plain values only")
            self._pass_over(event)

    def _pass_over(self, event: Any) -> None:
        """Leave out a node with all that it holds."""
        open_nodes = int(isinstance(event, yaml.CollectionStartEvent))
        while open_nodes:
            inner = next(self._events, None)
            if inner is None:
                return
            open_nodes += isinstance(inner, yaml.CollectionStartEvent)
            open_nodes -= isinstance(inner, yaml.CollectionEndEvent)

    def _refuse_references(self, event: Any) -> None:
        """Note anchors, aliases and tags: none has a use here, and each can attack a reader."""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._note(
                _line(event),
                "anchors (&) and aliases (*) are not read; write values out, and quote a name that begins with *",
            )
        elif event.tag is not None:
            self._note(_line(event), f"the tag {quoted(event.tag)} is not read; leave it out")

    def _note(self, line: int, message: str) -> None:
        self._mistakes.note(place(line), message)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
