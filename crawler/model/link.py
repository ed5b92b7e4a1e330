"""A link: one distinct URL with its current verdict and the evidence for it. It is visited once (rule U6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crawler.model.observation import Hop, ImageFacts, PageFacts
from crawler.model.page_depth import Depth, PageMark
from crawler.model.role import Role
from crawler.model.verdict import Verdict


class Access(StrEnum):
    """Who may read a page (rule F10)."""

    FREE = "free"
    PAYWALL = "paywall"
    LOGIN = "login"


@dataclass(frozen=True, slots=True)
class Baseline:
    """A page as it was at the first visit that got it, or when an editor had last seen it (`is_seen`).

    `content_hash` is None where the page had too little text for one. `access` is None where an older version did not
    note it. `notice` are the words of the notice that the editor saw.
    """

    content_hash: str | None
    modified: str | None
    access: Access | None = None
    is_seen: bool = False
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """What is known of one URL now; times are aware, UTC.

    `page` and `image` are of the last visit that got the page or image itself: a wall never replaces them.
    `baseline` is of the first such visit, until an editor moves it (rule F7). `run` is that of the last visit.
    """

    id: int
    url: str
    verdict: Verdict
    status: int | None = None
    final_url: str | None = None
    hops: tuple[Hop, ...] = ()
    checked_at: datetime | None = None
    due_at: datetime | None = None
    page: PageFacts | None = None
    image: ImageFacts | None = None
    baseline: Baseline | None = None
    run: int | None = None


@dataclass(frozen=True, slots=True)
class TroubledLink:
    """A URL that needs an editor, with what its priority is made of: the roles and paths of the articles' own
    references, and the number of the related ones."""

    id: int
    url: str
    verdict: Verdict
    own: tuple[tuple[Role, str], ...]
    related: int


@dataclass(frozen=True, slots=True)
class DueLink:
    """A URL whose visit is due, with what the request needs.

    `wants_image` is true where every reference expects an image; `etag` and `last_modified` are the
    validators of the last good answer, verbatim. `parts` are references that name a part or a text of the page (rule K8).
    `depth` is how far its references need the page to be read, `page_mark` how far the page that is kept was read.
    """

    id: int
    url: str
    host: str
    wants_image: bool
    etag: str | None = None
    last_modified: str | None = None
    parts: tuple[str, ...] = ()
    depth: Depth = Depth.WHOLE
    page_mark: PageMark | None = None
