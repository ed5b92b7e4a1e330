"""Pictures that stand in for another one, by their names: logos, placeholders, notices of removal (rules E2, E6)."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from crawler.rules.verdict.host_ends import names_removed, speaks_of_removal

_STAND_IN = re.compile(
    r"(?:.{0,200}[-_. ])?(?:logo|favicon|placeholder|default|avatar|blank|no[-_ ]?image)(?:[-_. @].{0,200})?"
)


def is_stand_in(url: str) -> bool:
    """Whether an address is named after what a site shows where it has no picture. Never raises."""
    name = picture_name(url)
    return _STAND_IN.fullmatch(name) is not None or names_removed(name)


def leads_to_stand_in(asked: str, end: str) -> bool:
    """Whether redirects led to such a picture, which was not what had been asked for."""
    was, now = picture_name(asked), picture_name(end)
    is_meant = is_stand_in(asked) or speaks_of_removal(was)
    return is_stand_in(end) and "." in now and not is_meant


def picture_name(url: str) -> str:
    """The file's name in lower case; the empty text where the address has none or is malformed."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""
    return unquote(path).rsplit("/", 1)[-1].casefold()
