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

FILE_NAME = ".linkhealth.yml"
LARGEST_FILE = 65_536
"""Bytes. A collection with a hundred `exclude` globs and ten profiles takes 6 KB."""
DEEPEST = 6
"""Levels: the file, `profiles`, one profile, its `hosts`, one host, one value."""

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


def read(folder: Path) -> Section:
    """The top mapping of a collection's file; empty where there is no file.

    Raises ConfigurationError naming file and line where it is not a small, plain YAML mapping, or where it is a link
    out of the folder.
    """
    text = _read_text(folder)
    if text is None:
        return EMPTY
    try:
        return _document(_events(text))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = 1 if mark is None else mark.line + 1
        # YAML reads a glob such as *.example.com as an alias.
        hint = "; quote a name that begins with *" if error.context == _ALIAS else ""
        raise _wrong(line, f"not YAML ({error.problem or 'unreadable'}){hint}") from None
    except yaml.reader.ReaderError as error:
        # The C reader counts bytes, the Python one characters: only the line of ASCII files is
        # certain, so none is named.
        raise _wrong(1, f"a character that YAML does not allow ({error.reason})") from None


def mapping_below(section: Section, name: str, wrong: str) -> Section:
    """The mapping under a key, empty where there is none. Raises ConfigurationError, which `wrong` explains."""
    found = section.entries.get(name)
    if found is None or (isinstance(found, Text) and found.items is None):
        return EMPTY
    if not isinstance(found, Section):
        raise ConfigurationError(place(found.line), f"{name} {wrong}")
    return found


def path_globs(section: Section) -> Iterator[tuple[str, Text | Section, str]]:
    """The entries of a mapping of files and folders: the glob of each, its value, and its place.

    Raises ConfigurationError with the line for a key that is no glob.
    """
    for name, found in section.entries.items():
        where = place(section.lines[name])
        glob = name.strip().removeprefix("./").strip("/")
        if not glob:
            message = f"{quoted(name)} is not a file, a folder or a glob of some"
            raise ConfigurationError(where, message)
        yield glob, found, where


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


def _document(events: Iterator[Any]) -> Section:
    """The only document's mapping."""
    found = EMPTY
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _wrong(_line(event), "a second document; keep only the first")
        elif isinstance(event, yaml.NodeEvent):
            found = _top(event, events)
    return found


def _top(event: Any, events: Iterator[Any]) -> Section:
    _refuse_references(event)
    if isinstance(event, yaml.MappingStartEvent):
        return _section(event, events, 1)
    if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and event.value in _NULLS:
        return EMPTY
    raise _wrong(_line(event), "the file holds no options; write one `name: value` a line")


def _section(start: Any, events: Iterator[Any], depth: int) -> Section:
    entries: dict[str, Text | Section] = {}
    lines: dict[str, int] = {}
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            break
        _refuse_references(key)
        if not isinstance(key, yaml.ScalarEvent):
            raise _wrong(_line(key), "a key must be a name")
        name = key.value
        if name in entries:
            raise _wrong(
                _line(key), f"{quoted(name)} stands twice (first in line {lines[name]}); drop one"
            )
        lines[name] = _line(key)
        entries[name] = _value(next(events), events, depth + 1)
    return Section(_line(start), entries, lines)


def _value(event: Any, events: Iterator[Any], depth: int) -> Text | Section:
    _refuse_references(event)
    if depth > DEEPEST:
        raise _wrong(_line(event), f"nested more than {DEEPEST} levels deep; no option is")
    if isinstance(event, yaml.MappingStartEvent):
        return _section(event, events, depth)
    if isinstance(event, yaml.SequenceStartEvent):
        return Text(_line(event), tuple(_items(events)), is_list=True)
    is_null = event.implicit[0] and event.value in _NULLS
    return Text(_line(event), None if is_null else (event.value,))


def _items(events: Iterator[Any]) -> Iterator[str]:
    for event in events:
        if isinstance(event, yaml.SequenceEndEvent):
            return
        _refuse_references(event)
        if not isinstance(event, yaml.ScalarEvent):
            raise _wrong(_line(event), "a list holds plain values only")
        yield event.value


def _refuse_references(event: Any) -> None:
    """Raise ConfigurationError for anchors, aliases and tags: none has a use here, and each can attack a reader."""
    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise _wrong(
            _line(event),
            "anchors (&) and aliases (*) are not read; write values out, and quote a name that begins with *",
        )
    if event.tag is not None:
        raise _wrong(_line(event), f"the tag {quoted(event.tag)} is not read; leave it out")


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1
