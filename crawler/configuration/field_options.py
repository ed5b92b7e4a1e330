"""`fields:` of `.linkhealth.yml`: the names under which the collection keeps its fields (docs/fields.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from crawler.configuration.configuration import Configuration
from crawler.configuration.errors import ConfigurationError, quoted
from crawler.configuration.file import Section, Text, place
from crawler.configuration.kinds import NO, Schema, one_of
from crawler.configuration.shapes import At, Fields, texts
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
_FOUND_OUT: Final = "auto"
_ROLES: Final = {role.value: role for role in MAPPED_ROLES}
_TEXTS: Final = {field.value: field for field in TextField}
_NEVER: Final = frozenset(("linkHealth", "related", SECURED))
_FIELD: Final[Schema] = {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class _Ways:
    """A field like `cover.image`, or a list of some."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        several = {"type": "array", "items": _FIELD, "maxItems": MOST_WAYS}
        return {"anyOf": [_FIELD, several, {"type": "null"}]}

    def read(self, found: Text | Section, at: At) -> tuple[Way, ...]:
        """See `Shape`."""
        if isinstance(found, Section):
            raise at.error(f"{at.name} takes a field like cover.image, or a list of some")
        return tuple(_way(text, at) for text in texts(found))


def _way(text: str, at: At) -> Way:
    way = way_of(text)
    is_one = len(way) <= DEEPEST_WAY and all(
        key and key.isprintable() and len(key) <= LONGEST_KEY for key in way
    )
    if not is_one or way[0] == EACH:
        raise at.error(f"{quoted(text)} is not a field like link or cover.image")
    if way[0] in _NEVER:
        raise at.error(f"{way[0]} is read or kept as it is, and never mapped")
    return way


_ROWS: Final = Fields(
    dict.fromkeys((*_ROLES, *_TEXTS), _Ways()), "of fields", wanted="names with fields below"
)


@dataclass(frozen=True, slots=True)
class _Map:
    """Names with fields below, or a word: whether they are found out."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        return {"anyOf": [one_of((_FOUND_OUT, *NO)), {"enum": [False, 0]}, _ROWS.schema]}

    def read(self, found: Text | Section, at: At) -> FieldMap | None:
        """The map; None where the names are to be found out."""
        if isinstance(found, Text):
            word = "".join(found.items or ()).strip().lower()
            if found.is_list or word not in {"", _FOUND_OUT, *NO}:
                raise at.error(f"{at.name} must hold {_ROWS.wanted}, or say auto or no")
            return OWN_FIELDS if word in NO else None
        return _map(_ROWS.read(found, at), found, at)


def _map(values: Mapping[str, Any], section: Section, at: At) -> FieldMap:
    named = list(_named(values, section, at))
    if len(named) > MOST_WAYS:
        raise at.error(f"{at.name} holds more than {MOST_WAYS}")
    places = tuple((way, _ROLES[name]) for name, way in named if name in _ROLES)
    kept = tuple((way, _TEXTS[name]) for name, way in named if name in _TEXTS)
    return FieldMap(places, kept, is_settled=True, is_foreign=True)


def _named(
    values: Mapping[str, tuple[Way, ...]], section: Section, at: At
) -> Iterator[tuple[str, Way]]:
    """Each way with the name that it stands for; one that stands for two is a mistake."""
    taken: dict[Way, str] = {}
    for name, ways in values.items():
        for way in ways:
            if taken.setdefault(way, name) == name:
                yield name, way
            else:
                shown = quoted(".".join(way))
                message = f"{shown} cannot be {name}: it is {taken[way]}"
                at.mistakes.note(place(section.lines[name]), message)


FIELDS_SHAPE: Final = _Map()


def with_fields(configuration: Configuration, read: FieldMap | None) -> Configuration:
    """The configuration with the fields. Raises ConfigurationError for one whose values are to be shown to nobody."""
    ways = [way for way, _ in (*read.places, *read.texts)] if read is not None else []
    for key in (key for way in ways for key in way if key in configuration.secret_keys):
        message = f"{quoted(key)} cannot be secret and be read: it is one of the secret_keys"
        raise ConfigurationError(FIELDS, message)
    return replace(configuration, fields=read)
