"""Values that only the state returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.model.article import FileStamp
from crawler.model.link import DueLink
from crawler.model.observation import Observation
from crawler.model.reference import Reference
from crawler.model.role import Role
from crawler.model.verdict import Verdict


@dataclass(frozen=True, slots=True)
class HostDue:
    """A host with links to visit. `images_only` is true where each of them wants an image."""

    host: str
    count: int
    images_only: bool


@dataclass(frozen=True, slots=True)
class Extent:
    """How many references there are, to how many URLs; and how many articles have one of their own."""

    references: int
    urls: int
    articles: int


@dataclass(frozen=True, slots=True)
class KnownReference:
    """A reference with facts that its article states, to compare a page with them."""

    reference: Reference
    article_title: str | None
    article_excerpt: str | None
    article_published: datetime | None


@dataclass(frozen=True, slots=True)
class StoredText:
    """What an article stores of a page; `published` is aware."""

    title: str | None
    excerpt: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class RelativeReference:
    """A reference to an image, or of a text, whose URL is relative: the article's path, the raw URL, and what it meant when
    the article was read."""

    path: str
    role: Role
    raw: str
    url: str
    invalid: str | None


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file of the collection that articles show as an image, or link to in their text. `link.etag` is the mark of the file
    when it was last found well; `reason` is that of its verdict."""

    link: DueLink
    reason: str
    due_at: datetime | None


def newest_article(references: Iterable[KnownReference]) -> datetime | None:
    """The newest date of the articles that hold these references; None where none has a date."""
    dates = (known.article_published for known in references)
    return max((date for date in dates if date is not None), default=None)


@dataclass(frozen=True, slots=True)
class HostSeen:
    """A host that has been visited. `url` is one of its links that are alive, over a verified connection
    where it is encrypted, and `alive_run` the last run that left one alive, both None for none;
    `alive_at_latest` says that its latest visit did."""

    host: str
    url: str | None
    alive_run: int | None
    alive_at_latest: bool


@dataclass(frozen=True, slots=True)
class PendingVisit:
    """An observation whose window is still open."""

    link_id: int
    observation: Observation


@dataclass(frozen=True, slots=True)
class RecordedVisit:
    """A visit to be committed: what it saw, what is thought of its link now, and when it is due again (None: never)."""

    link_id: int
    observation: Observation
    verdict: Verdict
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OriginAnswer:
    """How an origin's robots.txt answers while the network is up. `final_url` is where it redirects to;
    `fingerprint` is that of a page in place of plain text."""

    status: int
    fingerprint: str | None = None
    final_url: str | None = None


@dataclass(frozen=True, slots=True)
class PendingWrite:
    """A planned write of a block into a file; it removes the block where `block` is None.

    `sha256` is that of the bytes for which the write was planned: a file that has changed since is not
    written. `planned_at` is aware.
    """

    path: str
    sha256: str
    block: str | None
    planned_at: datetime


@dataclass(frozen=True, slots=True)
class DoneWrite:
    """A planned write that is done: the file has this stamp and block now. References and problems at `line` or below moved
    by `shift` lines (negative: up)."""

    path: str
    stamp: FileStamp
    block: str | None
    line: int = 1
    shift: int = 0
