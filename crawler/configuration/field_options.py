"""`fields:` of `.linkhealth.yml`: the names under which the collection keeps its fields (docs/fields.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crawler.configuration.errors import ConfigurationError, did_you_mean, quoted
from crawler.configuration.file import Section, Text, place
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
_NOTHING: Final = frozenset(("no", "none", "off", "false"))
_FOUND_OUT: Final = "auto"
_ROLES: Final = {role.value: role for role in MAPPED_ROLES}
_TEXTS: Final = {field.value: field for field in TextField}
_NEVER: Final = frozenset(("linkHealth", "related", SECURED))


def field_map(section: Section) -> FieldMap | None:
    """The map of a mapping's `fields`; None where the names are to be found out. Raises ConfigurationError with the line."""
    found = section.entries.get(FIELDS)
    if found is None or (isinstance(found, Text) and found.items is None):
        return None
    if isinstance(found, Text):
        word = "".join(found.items or ()).strip().lower()
        if found.is_list or word not in {*_NOTHING, _FOUND_OUT}:
            message = f"{FIELDS} must be names with fields below, or auto, or no"
            raise ConfigurationError(place(found.line), message)
        return None if word == _FOUND_OUT else OWN_FIELDS
    places, texts = [], []
    for name, way in _ways(found):
        if name in _ROLES:
            places.append((way, _ROLES[name]))
        else:
            texts.append((way, _TEXTS[name]))
    return FieldMap(tuple(places), tuple(texts), is_settled=True, is_foreign=True)


def _ways(section: Section) -> Iterator[tuple[str, Way]]:
    """Each way with the name that it stands for, in the order of the file."""
    taken: dict[Way, str] = {}
    for name, found in section.entries.items():
        where = place(section.lines[name])
        if name not in {*_ROLES, *_TEXTS}:
            hint = did_you_mean(name, (*_ROLES, *_TEXTS))
            raise ConfigurationError(where, f"{quoted(name)} is nothing that is read; {hint}")
        if isinstance(found, Section):
            message = f"{name} takes a field like cover.image, or a list of some"
            raise ConfigurationError(where, message)
        for text in found.items or ():
            way = _way(text.strip(), where)
            if taken.setdefault(way, name) != name:
                message = f"{quoted(text)} cannot be {name}: it is {taken[way]}"
                raise ConfigurationError(where, message)
            yield name, way
    if len(taken) > MOST_WAYS:
        raise ConfigurationError(place(section.line), f"more than {MOST_WAYS} fields")


def _way(text: str, where: str) -> Way:
    way = way_of(text)
    keys = [key for key in way if key != EACH]
    is_wrong = len(way) > DEEPEST_WAY or not all(
        key and key.isprintable() and len(key) <= LONGEST_KEY for key in way
    )
    if is_wrong or not keys or way[0] == EACH:
        raise ConfigurationError(where, f"{quoted(text)} is not a field like link or cover.image")
    if way[0] in _NEVER:
        raise ConfigurationError(where, f"{way[0]} is read or kept as it is, and never mapped")
    return way


def refuse_secret(found: FieldMap | None, secret: frozenset[str]) -> None:
    """Raise ConfigurationError where a field is mapped whose values are to be shown to nobody."""
    ways = [way for way, _ in (*found.places, *found.texts)] if found else []
    for key in (key for way in ways for key in way if key in secret):
        message = f"{quoted(key)} cannot be secret and be read: it is one of the secret_keys"
        raise ConfigurationError(FIELDS, message)
