"""`fields:` of `.linkhealth.yml`: the names under which the collection keeps its fields (docs/fields.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from crawler.configuration.errors import ConfigurationError, quoted
from crawler.configuration.file import Section, Text
from crawler.configuration.kinds import Schema, any_case
from crawler.configuration.shapes import At, Fields, Shape
from crawler.model.article_keys import SECURED
from crawler.model.field_map import (
    EACH,
    MAPPED_ROLES,
    OWN_FIELDS,
    FieldMap,
    TextField,
    Way,
    way_of,
)

FIELDS: Final = "fields"
MOST_WAYS: Final = 60
LONGEST_KEY: Final = 100
DEEPEST_WAY: Final = 8
_NOTHING: Final = ("no", "none", "off", "false")
_FOUND_OUT: Final = "auto"
_ROLES: Final = {role.value: role for role in MAPPED_ROLES}
_TEXTS: Final = {field.value: field for field in TextField}
_NEVER: Final = ("linkHealth", "related", SECURED)
_KEPT: Final = f"(?:{'|'.join(_NEVER)}|\\*)"
"""What no way begins with."""
_BELOW: Final = f"{{0,{DEEPEST_WAY - 1}}}"
_WAY_SCHEMA: Final[Schema] = {
    "anyOf": [
        {"type": ["number", "boolean"]},
        {
            "type": "string",
            "pattern": f"^ *(?!{_KEPT}(?:\\.| *$))[^./ ][^./]*(?:\\.[^./]+){_BELOW}$",
        },
        {"type": "string", "pattern": f"^ *(?!{_KEPT}/)[^/ ][^/]*/[^/]+(?:/[^/]+){_BELOW}$"},
    ]
}


@dataclass(frozen=True, slots=True)
class _PlacedWay:
    """A way, its text, and where it stands."""

    way: Way
    text: str
    at: At


@dataclass(frozen=True, slots=True)
class _Ways:
    """A field of the front matter, or a list of some."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return {"anyOf": [_WAY_SCHEMA, {"type": "array", "items": _WAY_SCHEMA}, {"type": "null"}]}

    def read(self, found: Text | Section, at: At) -> tuple[_PlacedWay, ...]:
        """See `Shape`."""
        if isinstance(found, Section):
            raise at.error(f"{at.name} takes a field like cover.image, or a list of some")
        texts = map(str.strip, found.items or ())
        return tuple(_PlacedWay(_way(text, at), text, at) for text in texts)


def _way(text: str, at: At) -> Way:
    way = way_of(text)
    keys = [key for key in way if key != EACH]
    is_wrong = len(way) > DEEPEST_WAY or not all(
        key and key.isprintable() and len(key) <= LONGEST_KEY for key in way
    )
    if is_wrong or not keys or way[0] == EACH:
        raise at.error(f"{quoted(text)} is not a field like link or cover.image")
    if way[0] in _NEVER:
        raise at.error(f"{way[0]} is read or kept as it is, and never mapped")
    return way


_ROWS: dict[str, Shape[tuple[_PlacedWay, ...]]] = dict.fromkeys((*_ROLES, *_TEXTS), _Ways())
FIELD_NAMES: Final = tuple(_ROWS)
"""What a field can be."""
_NAMES: Final = Fields(_ROWS, of="of what is read", noun="name")


@dataclass(frozen=True, slots=True)
class NamedFields:
    """What `fields` says: fields by what they are; None where their names are to be found out."""

    ways: Mapping[str, tuple[_PlacedWay, ...]] | None = None
    is_own: bool = False
    """Whether only the names of the project's own articles are read."""


@dataclass(frozen=True, slots=True)
class _NamesOrWord:
    """Names with fields below, or a word."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return {
            "anyOf": [
                _NAMES.schema,
                {"enum": [_FOUND_OUT, "no", False]},
                {"type": "string", "pattern": any_case((_FOUND_OUT, *_NOTHING))},
            ]
        }

    def read(self, found: Text | Section, at: At) -> NamedFields:
        """See `Shape`."""
        if isinstance(found, Section):
            ways = _NAMES.read(found, at)
            _refuse_twice(ways, at)
            return NamedFields(ways)
        word = "".join(found.items or ()).strip().lower()
        if found.is_list or (found.items is not None and word not in {*_NOTHING, _FOUND_OUT}):
            raise at.error(f"{at.name} must be names with fields below, or auto, or no")
        return NamedFields(is_own=word in _NOTHING)


FIELDS_SHAPE: Final = _NamesOrWord()


def _refuse_twice(ways: Mapping[str, tuple[_PlacedWay, ...]], at: At) -> None:
    """Note each field that is said to be two things. Raises ConfigurationError where there are too many."""
    taken: dict[Way, str] = {}
    for name, placed in ways.items():
        for one in placed:
            if taken.setdefault(one.way, name) != name:
                message = f"{quoted(one.text)} cannot be {name}: it is {taken[one.way]}"
                at.mistakes.note(one.at.place, message)
    if len(taken) > MOST_WAYS:
        raise at.error(f"{at.name} holds more than {MOST_WAYS} fields")


def field_map(read: NamedFields, secret: frozenset[str]) -> FieldMap | None:
    """The map of `fields`; None where the names are to be found out.

    Raises ConfigurationError where a field is mapped whose values are to be shown to nobody.
    """
    if read.ways is None:
        return OWN_FIELDS if read.is_own else None
    places, texts = [], []
    for name, placed in read.ways.items():
        for one in placed:
            _refuse_secret(one, secret)
            if name in _ROLES:
                places.append((one.way, _ROLES[name]))
            else:
                texts.append((one.way, _TEXTS[name]))
    return FieldMap(tuple(places), tuple(texts), is_settled=True, is_foreign=True)


def _refuse_secret(one: _PlacedWay, secret: frozenset[str]) -> None:
    for key in one.way:
        if key in secret:
            message = f"{quoted(key)} cannot be secret and be read: it is one of the secret_keys"
            raise ConfigurationError(one.at.place, message)
