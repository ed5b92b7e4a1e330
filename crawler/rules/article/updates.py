"""What became of a page since it was first seen (rule F6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from crawler.model.check import UpdateKind
from crawler.model.link import Baseline
from crawler.model.observation import PageFacts

LATER_BY = timedelta(seconds=60)
"""Less is a clock's inaccuracy, no new date."""
SINCE_PUBLICATION = timedelta(days=1)

_NEWS = frozenset({UpdateKind.UPDATED, UpdateKind.UPDATED_SINCE_PUBLICATION})


def update_kind(page: PageFacts, baseline: Baseline | None, published: date | None) -> UpdateKind:
    """The page against its first visit; `published` is the article's own day of publication.

    Of a page that had changed before it was first seen, or was not changed since, its own date tells.
    """
    kind = _since_first_visit(page, baseline)
    if kind is UpdateKind.UNCHANGED and _is_since_publication(page.modified, published):
        return UpdateKind.UPDATED_SINCE_PUBLICATION
    return kind


def is_news(kind: UpdateKind, baseline: Baseline | None, published: date | None) -> bool:
    """Whether an editor should read the page again.

    A page that had news when it was first seen keeps them, whatever small things are done to it later.
    """
    before = baseline.modified if baseline else None
    return kind in _NEWS or _is_since_publication(before, published)


def _is_since_publication(text: str | None, published: date | None) -> bool:
    """Whether a page's modification is more than a day after the article's publication."""
    modified = page_moment(text)
    if modified is None or published is None:
        return False
    return modified.date() - published > SINCE_PUBLICATION


def page_moment(text: str | None) -> datetime | None:
    """The time, in UTC, of an ISO 8601 text as extractors give it; None where there is none."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def _since_first_visit(page: PageFacts, baseline: Baseline | None) -> UpdateKind:
    if baseline is None or page.content_hash is None:
        return UpdateKind.UNCHANGED
    edited = _method(page.content_hash) == _method(baseline.content_hash) and (
        page.content_hash != baseline.content_hash
    )
    before, now = page_moment(baseline.modified), page_moment(page.modified)
    later = before is not None and now is not None and now - before > LATER_BY
    if later:
        return UpdateKind.UPDATED if edited else UpdateKind.TOUCHED
    return UpdateKind.SILENT_EDIT if edited else UpdateKind.UNCHANGED


def _method(content_hash: str) -> str:
    """The method that a hash was made by; those of two methods are not to be compared."""
    return content_hash.partition(":")[0]
