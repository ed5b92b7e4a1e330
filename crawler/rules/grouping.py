"""Reports by group: to which groups an article belongs, and what their folders are called (rule Q7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from crawler.model.article_labels import LabelledArticle
from crawler.rules.owners import Owners

MOST_GROUPS: Final = 1_000
"""Groups that get a report of their own; the index lists all."""
LONGEST_FOLDER: Final = 60
"""Characters of a folder's name, before its number."""
NO_GROUP: Final = ""
"""The group of what belongs to none."""

_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_FIRST_NUMBER: Final = 2
_RESERVED: Final = frozenset(
    ("con", "prn", "aux", "nul", "none", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)  # fmt: skip
"""Names that Windows keeps for devices, and ours of `NO_GROUP`."""
_FOLDER_OF_NONE: Final = "none"


class GroupBy(StrEnum):
    """What reports are grouped by; the values of `--by`."""

    PATH = "path"
    TOPIC = "topic"
    PROVIDER = "provider"
    AUTHOR = "author"
    OWNER = "owner"


def groups_of(
    article: LabelledArticle, by: GroupBy, owners: Owners, page_authors: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The groups of an article, each once; `NO_GROUP` alone where it has none.

    `page_authors` are those that its page names: they count where the file names no author.
    """
    match by:
        case GroupBy.PATH:
            names: Iterable[str | None] = (PurePosixPath(article.path).parent.as_posix(),)
        case GroupBy.TOPIC:
            names = article.labels.topics
        case GroupBy.PROVIDER:
            provider = article.provider
            names = ((provider.name or provider.domain) if provider else None,)
        case GroupBy.AUTHOR:
            names = article.labels.authors or page_authors
        case _:  # owner
            names = owners.of(article.path)
    return tuple(dict.fromkeys(name for name in names if name)) or (NO_GROUP,)


def folder_names(groups: Iterable[str]) -> dict[str, str]:
    """A folder's name for each group: plain letters, digits and `-`, different on every file system.

    The names do not depend on the order in which the groups come, only on which there are.
    """
    taken: set[str] = {_FOLDER_OF_NONE}
    found: dict[str, str] = {}
    for group in sorted(set(groups)):
        if group == NO_GROUP:
            found[group] = _FOLDER_OF_NONE
            continue
        plain = name = _plain(group)
        number = _FIRST_NUMBER
        while name in taken:
            name = f"{plain}-{number}"
            number += 1
        taken.add(name)
        found[group] = name
    return found


def _plain(group: str) -> str:
    letters = unicodedata.normalize("NFKD", group).casefold().encode("ascii", "ignore").decode()
    plain = _NOT_PLAIN.sub("-", letters)[:LONGEST_FOLDER].strip("-")
    return f"group-{plain}".rstrip("-") if not plain or plain in _RESERVED else plain
