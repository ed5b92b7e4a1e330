"""`stale_after:` of `.linkhealth.yml`: the age from which articles are stale, by file and folder."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from crawler.configuration.errors import ConfigurationError, quoted
from crawler.configuration.file import Section, Text, path_globs, place
from crawler.configuration.options import STALE_AFTER_DAYS
from crawler.rules.policy import AgeRule

STALE_AFTER = "stale_after"
_NEVER = "never"


def age_rules(section: Section) -> tuple[AgeRule, ...]:
    """The rules of a mapping's `stale_after`, in file order. Raises ConfigurationError with the line."""
    found = section.entries.get(STALE_AFTER)
    if found is None or (isinstance(found, Text) and found.items is None):
        return ()
    if not isinstance(found, Section):
        message = (
            f"{STALE_AFTER} must be files or folders with their days below; one limit for all "
            f"articles is {STALE_AFTER_DAYS.name}"
        )
        raise ConfigurationError(place(found.line), message)
    return tuple(_rules(found))


def _rules(section: Section) -> Iterator[AgeRule]:
    for glob, found, where in path_globs(section):
        if isinstance(found, Section) or found.is_list:
            raise ConfigurationError(where, f"{quoted(glob)} takes one number of days")
        yield AgeRule(glob, _limit(glob, "".join(found.items or ()).strip(), where))


def _limit(name: str, text: str, where: str) -> timedelta | None:
    if text.lower() == _NEVER:
        return None
    try:
        days = STALE_AFTER_DAYS.parse(text)
    except ValueError as error:
        raise ConfigurationError(where, f"{quoted(name)}: {error}, nor {_NEVER}") from None
    if days is None:
        raise ConfigurationError(where, f"{quoted(name)} takes a number of days, or {_NEVER}")
    return timedelta(days=days)
