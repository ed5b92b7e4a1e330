"""`owners:` of `.linkhealth.yml`: who owns which articles, by file and folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from crawler.configuration.errors import quoted
from crawler.configuration.file import Section, Text
from crawler.configuration.kinds import Schema
from crawler.configuration.paths import PATHS, path_glob
from crawler.configuration.shapes import At, ByName, texts
from crawler.rules.owners import LONGEST_OWNER, MOST_OWNERS, OwnerRule

OWNERS: Final = "owners"


@dataclass(frozen=True, slots=True)
class OwnerNames:
    """A name, or a list of names."""

    @property
    def schema(self) -> Schema:
        """See `Shape`."""
        name = {"type": ["string", "number", "boolean"], "maxLength": LONGEST_OWNER}
        names = {"type": "array", "items": name, "maxItems": MOST_OWNERS}
        return {"anyOf": [name, names, {"type": "null"}]}

    def read(self, found: Text | Section, at: At) -> tuple[str, ...]:
        """See `Shape`."""
        if isinstance(found, Section):
            raise at.error(f"{at.name} takes a name, or a list of names")
        names = texts(found)
        for owner in names:
            if len(owner) > LONGEST_OWNER or not owner.isprintable():
                message = f"{quoted(owner)} is not a name of at most {LONGEST_OWNER} characters"
                raise at.error(message)
        if len(names) > MOST_OWNERS:
            raise at.error(f"{at.name} has more than {MOST_OWNERS} owners")
        return names


OWNERS_SHAPE = ByName(path_glob, OwnerNames(), "files or folders with their owners below", PATHS)


def owner_rules(read: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[OwnerRule, ...]:
    """The rules of `owners`, in file order."""
    return tuple(OwnerRule(glob, names) for glob, names in read)
