"""What the guard on mass change holds back (rule O14): an editor accepts it, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class HeldReason(StrEnum):
    """Why something is held back; documented in docs/reasons.md."""

    MASS_CHANGE = "mass-change"


@dataclass(frozen=True, slots=True)
class Held:
    """The links of one host that are gone by one cause and are not written into the files yet.

    `cause` is the reason of their verdict (`http-404`); `host` is empty for files of the collection. `links` are distinct
    URLs, `articles` the files that hold them. With `first_run` none of them was ever seen to work: they were so when
    the first run met them, and nothing has happened to the host since. `priority` is 0 where nobody has asked for it
    (rule Q10).
    """

    reason: HeldReason
    cause: str
    host: str
    links: int
    articles: int
    first_run: bool
    priority: int = 0


@dataclass(frozen=True, slots=True)
class Accepted:
    """The links of one host that an editor has accepted as gone by one cause: so many URLs, of which the files do not say
    so yet of `waiting`."""

    cause: str
    host: str
    links: int
    waiting: int


@dataclass(frozen=True, slots=True)
class HeldLink:
    """One link that would be newly broken or dead in one article. `is_first`: it was never seen to work."""

    path: str
    link_id: int
    is_first: bool
