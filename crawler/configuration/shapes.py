r"""Shapes: what may stand at a key of `.linkhealth.yml`, how it is read, and what editors complete by.

A key is one row of a table: its name and its shape. The loader, its messages and the JSON Schema all come from there.
The shortest table:

>>> from crawler.configuration.kinds import whole_number
>>> Fields({"most": One(whole_number(1, 9))}, of="of nothing").schema["properties"].keys()
dict_keys(['most'])
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from crawler.configuration.errors import ConfigurationError, quoted
from crawler.configuration.file import Section, Text, place
from crawler.configuration.kinds import Kind, Schema
from crawler.configuration.mistakes import Mistakes

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class At:
    """Where a value stands: the name of its key as messages show it, its line, and who is told of mistakes."""

    name: str
    line: int
    mistakes: Mistakes

    @property
    def place(self) -> str:
        """The file and the line."""
        return place(self.line)

    def error(self, message: str) -> ConfigurationError:
        """The error about this key; the caller raises it."""
        return ConfigurationError(self.place, message)


class Shape(Protocol[T_co]):
    """What may stand at a key. `schema` is the same as JSON Schema."""

    @property
    def schema(self) -> Schema:
        """For editors."""

    def read(self, found: Text | Section, at: At) -> T_co:
        """The value of a key.

        Raises ConfigurationError where there is none; what is wrong further below is told to `at.mistakes`, and left out.
        """


@dataclass(frozen=True, slots=True)
class One(Generic[T]):
    """A single value; `what` names it in messages."""

    kind: Kind[T]
    what: str = "one value"

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return self.kind.schema

    def read(self, found: Text | Section, at: At) -> T:
        """See `Shape`."""
        if isinstance(found, Section):
            raise at.error(f"{at.name} takes {self.what}, not a mapping")
        if found.is_list:
            raise at.error(f"{at.name} takes {self.what}, not a list")
        return parsed(self.kind, "".join(found.items or ()), at)


@dataclass(frozen=True, slots=True)
class Many(Generic[T]):
    """A value, several with commas between them, or a list; all of them are read as one text."""

    kind: Kind[T]
    item: Schema
    """What stands in a list."""
    least: int = 0
    """How many have to stand there."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        listed = {"type": "array", "items": self.item}
        return {
            "anyOf": [
                self.kind.schema,
                {**listed, "minItems": self.least} if self.least else listed,
            ]
        }

    def read(self, found: Text | Section, at: At) -> T:
        """See `Shape`."""
        if isinstance(found, Section):
            raise at.error(f"{at.name} takes values, not a mapping")
        return parsed(self.kind, ",".join(found.items or ()), at)


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping whose keys are known.

    `of` ends the sentence about an unknown key, which is called a `noun`; `wanted` says what has to stand below. The
    `required` keys have to be there, and not all of those that stand `apart`. `refused` are keys that must not stand here, with
    the reason, in which `{}` is the key.
    """

    rows: Mapping[str, Shape[Any]]
    of: str
    wanted: str = "options"
    noun: str = "option"
    refused: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        below: dict[str, Any] = {
            "properties": {name: shape.schema for name, shape in self.rows.items()},
            "additionalProperties": False,
        }
        if self.apart:
            below["not"] = {"type": "object", "required": list(self.apart)}
        if self.required:
            return {"type": "object", **below, "required": list(self.required)}
        return {"type": ["object", "null"], **below}

    def read(self, found: Text | Section, at: At) -> dict[str, Any]:
        """The values by key, without those that are wrong."""
        section = _mapping(found, at, self.wanted)
        values: dict[str, Any] = {}
        for name, below in section.entries.items():
            line = section.lines[name]
            if name in self.refused:
                at.mistakes.note(place(line), self.refused[name].format(name))
                continue
            if name not in self.rows:
                what = " ".join(filter(None, ("unknown", self.noun, "{}", self.of)))
                at.mistakes.unknown(place(line), what, name, self.rows)
                continue
            with at.mistakes.noting():
                values[name] = self.rows[name].read(below, At(name, line, at.mistakes))
        if self.apart and section.entries.keys() >= set(self.apart):
            raise at.error(f"{at.name} takes {' or '.join(self.apart)}, not both")
        if missing := [name for name in self.required if name not in section.entries]:
            raise at.error(f"{at.name} needs a {' and a '.join(missing)}")
        return values


@dataclass(frozen=True, slots=True)
class ByName(Generic[T]):
    """A mapping whose keys are globs or names of the writer's own, in the order of the file.

    `name` reads a key, and raises ValueError with what is wrong; so does `check`, of a key and its value. `wanted` says what
    has to stand below. Messages call a key by its `label`, in which `{}` is the key. There are `most` keys at most.
    """

    name: Callable[[str], str]
    value: Shape[T]
    wanted: str
    names: Schema = field(default_factory=dict)
    """The schema of a key."""
    label: str = "{}"
    check: Callable[[str, T], None] | None = None
    most: int | None = None

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        below: dict[str, Any] = {
            "type": ["object", "null"],
            "additionalProperties": self.value.schema,
        }
        if self.names:
            below["propertyNames"] = self.names
        if self.most is not None:
            below["maxProperties"] = self.most
        return below

    def read(self, found: Text | Section, at: At) -> tuple[tuple[str, T], ...]:
        """The keys and their values, without those that are wrong."""
        section = _mapping(found, at, self.wanted)
        if self.most is not None and len(section.entries) > self.most:
            raise at.error(f"{at.name} holds more than {self.most}")
        values: list[tuple[str, T]] = []
        for name, below in section.entries.items():
            inner = At(self.label.format(quoted(name)), section.lines[name], at.mistakes)
            with at.mistakes.noting():
                values.append(self._one(name, below, inner))
        return tuple(values)

    def _one(self, name: str, below: Text | Section, at: At) -> tuple[str, T]:
        try:
            key = self.name(name)
        except ValueError as error:
            raise at.error(str(error)) from None
        value = self.value.read(below, at)
        if self.check is not None:
            try:
                self.check(key, value)
            except ValueError as error:
                raise at.error(f"{at.name} {error}") from None
        return key, value


def parsed(kind: Kind[T], text: str, at: At) -> T:
    """The value of a text. Raises ConfigurationError naming the key."""
    try:
        return kind.parse(text.strip())
    except ValueError as error:
        raise at.error(f"{at.name}: {error}") from None


def texts(found: Text) -> tuple[str, ...]:
    """The texts of a scalar or a list, each once, without white space around it and without empty ones."""
    return tuple(dict.fromkeys(filter(None, map(str.strip, found.items or ()))))


def _mapping(found: Text | Section, at: At, wanted: str) -> Section:
    if isinstance(found, Section):
        return found
    if found.items is None:
        return Section(found.line, {}, {})
    raise at.error(f"{at.name} must hold {wanted}")
