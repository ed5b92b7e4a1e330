"""`stale_after:` of `.linkhealth.yml`: the age from which articles are stale, by file and folder."""

from __future__ import annotations

from datetime import timedelta

from crawler.configuration.kinds import Kind, one_of, whole_number
from crawler.configuration.paths import PATHS, path_glob
from crawler.configuration.shapes import ByName, One
from crawler.rules.policy import AgeRule

STALE_AFTER = "stale_after"
_NEVER = "never"
_DAYS = whole_number(1, 36_500)


def _limit(text: str) -> timedelta | None:
    if text.lower() == _NEVER:
        return None
    try:
        return timedelta(days=_DAYS.parse(text))
    except ValueError as error:
        raise ValueError(f"{error}, nor {_NEVER}") from None


AGES_SHAPE = ByName(
    path_glob,
    One(Kind(_limit, {"anyOf": [_DAYS.schema, one_of([_NEVER])]}), "one number of days"),
    "files or folders with their days below (one limit for all articles is stale_after_days)",
    PATHS,
)


def age_rules(read: tuple[tuple[str, timedelta | None], ...]) -> tuple[AgeRule, ...]:
    """The rules of `stale_after`, in file order."""
    return tuple(AgeRule(glob, limit) for glob, limit in read)
