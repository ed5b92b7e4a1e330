"""A run: one crawl over a collection, from its start to its finish reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Run:
    """One crawl. Times are aware, UTC; `finished_at` is None while the run goes on or after a kill.

    `finish_reason` is Scrapy's (`finished`, `shutdown`, …); `requests` counts every request sent,
    redirects, retries and robots.txt included.
    """

    id: int
    started_at: datetime
    finished_at: datetime | None = None
    finish_reason: str | None = None
    requests: int = 0
