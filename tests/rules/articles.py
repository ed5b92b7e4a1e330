"""Known articles for tests of checks, short to write."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from crawler.model.check import KnownArticle, LinkedReference
from crawler.model.link import Baseline, Link
from crawler.model.observation import Hop, ImageFacts, PageFacts
from crawler.model.reference import Declared, Reference, Scope
from crawler.model.role import Role
from crawler.model.verdict import (
    Suggestion,
    SuggestionKind,
    Verdict,
    VerdictKind,
    WarningCode,
)

SINCE = datetime(2026, 11, 22, 10, tzinfo=UTC)


def linked(
    role: Role = Role.WEB,
    kind: VerdictKind = VerdictKind.ALIVE,
    *,
    url: str = "https://news.example/a",
    pointer: str = "webUrl",
    reason: str = "http-200",
    page: PageFacts | None = None,
    image: ImageFacts | None = None,
    declared: Declared | None = None,
    failing_since: datetime | None = None,
    final_url: str | None = None,
    hops: Sequence[int] = (),
    warnings: tuple[WarningCode, ...] = (),
    suggestion: str | None = None,
    invalid: str | None = None,
    baseline: Baseline | None = None,
    run: int | None = None,
) -> LinkedReference:
    """One reference with its link; `hops` are the statuses of its redirects."""
    reference = Reference(
        "a.md", 7, pointer, role, Scope.OWN, url, url, invalid, declared or Declared()
    )
    moved = Suggestion(SuggestionKind.REPLACE_URL, suggestion) if suggestion else None
    verdict = Verdict(
        kind,
        reason,
        "rule",
        since=SINCE,
        failing_since=failing_since,
        warnings=warnings,
        suggestion=moved,
    )
    chain = tuple(Hop(url, status) for status in hops)
    link = Link(1, url, verdict, final_url=final_url, hops=chain, page=page, image=image)
    link = replace(link, baseline=baseline, run=run)
    return LinkedReference(reference, link)


def article(
    *own: LinkedReference,
    title: str | None = "A story of note",
    excerpt: str | None = None,
    published: date | None = date(2020, 6, 10),
    path: str = "a.md",
) -> KnownArticle:
    """An article with its own references."""
    return KnownArticle(path, title, excerpt, published, None, own)
