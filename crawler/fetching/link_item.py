"""The item of a visit, for pipelines and feed exports: one URL with its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crawler.model.link import Link
from crawler.model.observation import Hop, ImageFacts, Observation, PageFacts
from crawler.model.verdict import Suggestion
from crawler.state import KnownReference


@dataclass(frozen=True, slots=True)
class LinkItem:
    """One URL that was visited, judged and committed: the link as it now stands, and the references of articles that hold
    it as their own. `link_verdicts` says it for feeds; the check pipelines add the findings for these references.

    The fields from `url` on are what a feed export shows (`FEED_EXPORT_FIELDS`), named as in
    report.json.
    """

    observation: Observation
    link: Link
    own: tuple[KnownReference, ...] = ()
    url: str = ""
    verdict: str = ""
    reason: str = ""
    change: str | None = None
    status: int | None = None
    failure: str | None = None
    final_url: str | None = None
    redirects: tuple[Hop, ...] = ()
    strikes: int = 0
    failing_since: datetime | None = None
    checked_at: datetime | None = None
    warnings: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    image: ImageFacts | None = None
    page: PageFacts | None = None
    dead_links: tuple[dict[str, Any], ...] = ()
    freshness: tuple[dict[str, Any], ...] = ()
    image_sizes: tuple[dict[str, Any], ...] = ()
