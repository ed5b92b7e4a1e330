"""What of a collection is told first, on a terminal and as the JSON summary: the newest, the biggest, what asks to wait."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.model.reference import Reference
from crawler.model.verdict import VerdictKind


@dataclass(frozen=True, slots=True)
class NewestLink:
    """A link that is broken or dead, with the first of its `places` in articles' own text; None where only related
    articles hold it. `failing_since` is its first failure."""

    url: str
    kind: VerdictKind
    reason: str
    failing_since: datetime | None
    first: Reference | None
    places: int


@dataclass(frozen=True, slots=True)
class CauseGroup:
    """The links of one host that are broken or dead for one reason; `articles` hold one of them as their own."""

    cause: str
    host: str
    links: int
    articles: int


@dataclass(frozen=True, slots=True)
class AskingHost:
    """A host that asks visitors to wait: `answered` URLs got 429, `waiting` ones were not visited because of it (rule
    P10), the first of them since `since`."""

    host: str
    answered: int
    waiting: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Highlights:
    """The newest links that are broken or dead, and the biggest groups, of `all_groups` there are."""

    newest: tuple[NewestLink, ...] = ()
    groups: tuple[CauseGroup, ...] = ()
    all_groups: int = 0
    asking: tuple[AskingHost, ...] = ()
