"""Known articles for tests of checks, short to write."""

from __future__ import annotations

from datetime import UTC, date, datetime

from crawler.model.check import KnownArticle, LinkedReference
from crawler.model.link import Link
from crawler.model.observation import ImageFacts, PageFacts
from crawler.model.reference import Declared, Reference, Role, Scope
from crawler.model.verdict import Verdict, VerdictKind

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
) -> LinkedReference:
    """One reference with what is known of its URL."""
    reference = Reference(
        "a.md", 7, pointer, role, Scope.OWN, url, url, None, declared or Declared()
    )
    verdict = Verdict(kind, reason, "rule", since=SINCE, failing_since=failing_since)
    return LinkedReference(reference, Link(1, url, verdict, page=page, image=image))


def article(
    *own: LinkedReference,
    title: str | None = "A story of note",
    excerpt: str | None = None,
    published: date | None = date(2020, 6, 10),
) -> KnownArticle:
    """An article with its own references."""
    return KnownArticle("a.md", title, excerpt, published, None, own)
