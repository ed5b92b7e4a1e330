"""A field map: the names under which a collection keeps what linkhealth reads (docs/fields.md).

The names of the project's own articles (`webUrl`, `images`, …) are always read. A map adds others to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from crawler.model.role import Role

Way = tuple[str, ...]
"""The keys that lead from the top of the front matter to a value; `EACH` stands for every entry of a list."""

EACH: Final = "*"
URL_KEYS: Final = ("url", "src", "path", "image", "href", "link", "file")
"""Where a value is a mapping: the keys under which its address is looked for, the first that is there."""
SIDES: Final = ("width", "height")


class TextField(StrEnum):
    """What is read of an article besides its addresses."""

    TITLE = "title"
    EXCERPT = "excerpt"
    PUBLISHED = "published"
    AUTHOR = "author"

    @property
    def seed_name(self) -> str:
        """The key of the project's own articles, under which reports speak of it."""
        return "publishedDateTime" if self is TextField.PUBLISHED else self.value


MAPPED_ROLES: Final = tuple(role for role in Role if role is not Role.BODY)
"""The roles that a field of the front matter can have."""


@dataclass(frozen=True, slots=True)
class FieldMap:
    """Other names of fields: of addresses with their roles, and of texts, of which the first that is there counts.

    `is_settled` means that a person wrote the map, so that a value of the wrong kind is a fault of the file. `is_foreign`
    means that the collection's articles are not of the project's own shape: what stands under its names may mean anything.
    `is_plain` means that Markdown files without front matter are articles too.
    """

    places: tuple[tuple[Way, Role], ...] = ()
    texts: tuple[tuple[Way, TextField], ...] = ()
    is_settled: bool = False
    is_foreign: bool = False
    is_plain: bool = False

    def role_at(self, pointer: str) -> Role | None:
        """The role to which the address at a pointer is mapped, as references have them; None where it is not."""
        if not self.places:
            return None
        keys = tuple(part for part in pointer.split("/") if not part.isdecimal())
        for way, role in self.places:
            known = tuple(part for part in way if part != EACH)
            rest = keys[len(known) :]
            if keys[: len(known)] == known and (
                not rest or (len(rest) == 1 and rest[0] in URL_KEYS)
            ):
                return role
        return None

    def is_image(self, pointer: str) -> bool:
        """Whether the address at a pointer is mapped to a role of images."""
        role = self.role_at(pointer)
        return role is not None and role.is_image

    def first_way(self, role: Role) -> Way | None:
        """Where an address of a role is mapped to first; None where it is not mapped."""
        return next((way for way, mapped in self.places if mapped is role), None)

    def ways_of(self, field: TextField) -> Iterator[Way]:
        """The other names of a text, in their order."""
        return (way for way, mapped in self.texts if mapped is field)


def in_words(way: Way) -> str:
    """A way as people write it: `cover.image`; with slashes where a key has a dot."""
    return ("/" if any("." in part for part in way) else ".").join(way)


def way_of(text: str) -> Way:
    """The reverse of `in_words`."""
    return tuple(text.split("/" if "/" in text else "."))


OWN_FIELDS: Final = FieldMap()
"""The names of the project's own articles alone."""
