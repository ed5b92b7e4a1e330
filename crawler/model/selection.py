"""A selection: the links of the collection that a run may visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase

from crawler.model.portion import Within
from crawler.model.reference import Scope
from crawler.model.role import Role

ALL_ROLES = frozenset(Role)
ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True, slots=True)
class Selection:
    """The links that a run may visit: those with at least one reference that meets every condition.

    `hosts` are shell globs matched against the lower-case host (empty: any). `published_since` is
    compared with the article's date, aware. `asked` restricts to a part of the collection.
    Of links of the text `own_texts` takes only those of articles whose front matter names no page of theirs.
    `is_offline` takes files of the collection alone. `reads_pages` is False where links that are well need no more than an answer (rule M21). `ignore_schedule` takes links that are not due yet; `limit` is the most links to visit, 0 for all.
    """

    roles: frozenset[Role] = ALL_ROLES
    scopes: frozenset[Scope] = ALL_SCOPES
    hosts: tuple[str, ...] = ()
    published_since: datetime | None = None
    listed_only: bool = False
    ignore_schedule: bool = False
    limit: int = 0
    asked: Within = None
    own_texts: bool = False
    is_offline: bool = False
    reads_pages: bool = True

    def meets_host(self, host: str) -> bool:
        """Whether a host, in lower case, is among those that the run may visit; files of the collection have none."""
        if self.is_offline and host:
            return False
        return not self.hosts or any(fnmatchcase(host, glob.lower()) for glob in self.hosts)
