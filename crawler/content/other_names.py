"""Reading fields that stand under a collection's own names, by its field map (rule K1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from crawler.content import nodes
from crawler.content.nodes import Mapping, Node, Scalar, Sequence
from crawler.model.field_map import EACH, SIDES, URL_KEYS, FieldMap, TextField, Way
from crawler.model.reference import NOTHING_DECLARED, Declared
from crawler.model.role import Role
from crawler.rules.typed_sizes import pixels_of


@dataclass(frozen=True, slots=True)
class MappedAddress:
    """What stands where an address should: `sides` is what the same mapping declares of an image's size."""

    node: Node
    pointer: str
    role: Role
    sides: Declared = NOTHING_DECLARED


@dataclass(frozen=True, slots=True)
class _Place:
    """A key of the map: the role of the addresses there, and the keys below it."""

    role: Role | None = None
    below: dict[str, _Place] = field(default_factory=dict)


class OtherNames:
    """The fields of one document under the names of a map.

    `taken` says which texts were found so: their usual names with the pointers. `unfit` are values that are no such text, each with what
    should be there.
    """

    def __init__(self, field_map: FieldMap, root: Mapping | None) -> None:
        self.taken: list[tuple[str, str]] = []
        self.unfit: list[tuple[Way, Node, str]] = []
        self._map = field_map
        self._root = root
        self._places = _places_of(field_map)
        self._keys = {way[0] for way, _ in field_map.texts} | self._places.keys()

    def begins_way(self, key: str) -> bool:
        """Whether something is read below a key of the front matter's top level."""
        return key in self._keys

    def addresses(self, value: Node, key: str) -> Iterator[MappedAddress]:
        """What stands where addresses should below a key, in the order of the file; of a list every entry."""
        place = self._places.get(key)
        if place is not None:
            yield from _below(value, key, place)

    def text(self, wanted: TextField, fits: Callable[[str], bool]) -> str | None:
        """The text of the first name that has one that fits."""
        for way in self._map.ways_of(wanted):
            value = self._at(way)
            if value is None or nodes.is_nothing(value):
                continue
            if isinstance(value, Scalar) and fits(value.value):
                self.taken.append((wanted.seed_name, "/".join(way)))
                return value.value
            kind = "a date" if wanted is TextField.PUBLISHED else "a text"
            self.unfit.append((way, value, kind))
        return None

    def values(self, wanted: TextField) -> Iterator[Node | None]:
        """The values of a text's other names, of any kind."""
        return map(self._at, self._map.ways_of(wanted))

    def _at(self, way: Way) -> Node | None:
        node: Node | None = self._root
        for key in way:
            node = node.by_key.get(key) if isinstance(node, Mapping) else None
        return node


@lru_cache(maxsize=4)
def _places_of(field_map: FieldMap) -> dict[str, _Place]:
    """The places of a map by their keys; entries of lists need no key."""
    root = _Place()
    for way, role in field_map.places:
        *lead, last = (part for part in way if part != EACH)
        above = root
        for key in lead:
            above = above.below.setdefault(key, _Place())
        above.below[last] = replace(above.below.get(last, _Place()), role=role)
    return root.below


def _below(
    value: Node, pointer: str, place: _Place, beside: Mapping | None = None
) -> Iterator[MappedAddress]:
    """The addresses of a place; `beside` is the mapping that holds the value."""
    if isinstance(value, Sequence):
        for position, item in enumerate(value.items):
            yield from _below(item, f"{pointer}/{position}", place)
        return
    if isinstance(value, Mapping):
        for key, below in place.below.items():
            found = value.by_key.get(key)
            if found is not None:
                yield from _below(found, f"{pointer}/{key}", below, value)
        if place.role is not None and not place.below.keys() & value.by_key.keys():
            yield _in_mapping(value, pointer, place.role)
    elif place.role is not None and not nodes.is_null(value):
        yield MappedAddress(value, pointer, place.role, _sides(beside, place.role))


def _in_mapping(value: Mapping, pointer: str, role: Role) -> MappedAddress:
    key = url_key(value)
    if key is None:
        return MappedAddress(value, pointer, role)
    return MappedAddress(value.by_key[key], f"{pointer}/{key}", role, _sides(value, role))


def url_key(mapping: Mapping) -> str | None:
    """The key of a mapping's address, the first of the usual ones that has a text; None where none has."""
    return next((key for key in URL_KEYS if has_text(mapping.by_key.get(key))), None)


def has_text(value: Node | None) -> bool:
    """Whether a value is a text, a number or the like, and not nothing."""
    return isinstance(value, Scalar) and not nodes.is_null(value)


def _sides(mapping: Mapping | None, role: Role) -> Declared:
    """The declared size beside the address of an image; a value of another kind is none."""
    if mapping is None or not role.is_image:
        return NOTHING_DECLARED
    values = (mapping.by_key.get(name) for name in SIDES)
    width, height = (pixels_of(one.value) if isinstance(one, Scalar) else None for one in values)
    return Declared(width=width, height=height)
