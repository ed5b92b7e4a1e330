"""`owners:` of `.linkhealth.yml`: who owns which articles, by file and folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from crawler.configuration.errors import ConfigurationError, quoted
from crawler.configuration.file import Section, mapping_below, path_globs
from crawler.rules.owners import LONGEST_OWNER, MOST_OWNERS, OwnerRule

OWNERS: Final = "owners"


def owner_rules(section: Section) -> tuple[OwnerRule, ...]:
    """The rules of a mapping's `owners`, in file order. Raises ConfigurationError with the line."""
    found = mapping_below(section, OWNERS, "must be files or folders with their owners below")
    return tuple(_rules(found))


def _rules(section: Section) -> Iterator[OwnerRule]:
    for glob, found, where in path_globs(section):
        if isinstance(found, Section):
            raise ConfigurationError(where, f"{quoted(glob)} takes a name, or a list of names")
        names = tuple(dict.fromkeys(filter(None, (text.strip() for text in found.items or ()))))
        for owner in names:
            if len(owner) > LONGEST_OWNER or not owner.isprintable():
                message = f"{quoted(owner)} is not a name of at most {LONGEST_OWNER} characters"
                raise ConfigurationError(where, message)
        if len(names) > MOST_OWNERS:
            raise ConfigurationError(where, f"{quoted(glob)} has more than {MOST_OWNERS} owners")
        yield OwnerRule(glob, names)
