"""How a page changed since it was first seen (rule F6)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from crawler.model.check import UpdateKind
from crawler.model.link import Baseline, Link
from crawler.model.observation import Notice, PageFacts
from crawler.rules.article.access import access_of, access_of_page

LATER_BY = timedelta(seconds=60)
"""A smaller difference is a clock's inaccuracy, no new date."""
SINCE_PUBLICATION = timedelta(days=1)

_NEWS = frozenset({UpdateKind.UPDATED, UpdateKind.UPDATED_SINCE_PUBLICATION})


def update_kind(page: PageFacts, baseline: Baseline | None, published: date | None) -> UpdateKind:
    """How the page differs from its first visit; `published` is the article's own day of publication.

    Where nothing changed since the first visit, the page's own date decides whether it changed since publication; but
    not where an editor has seen the page since.
    """
    kind = _since_baseline(page, baseline)
    is_seen = baseline is not None and baseline.is_seen
    if (
        kind is UpdateKind.UNCHANGED
        and not is_seen
        and _is_since_publication(page.modified, published)
    ):
        return UpdateKind.UPDATED_SINCE_PUBLICATION
    return kind


def is_news(kind: UpdateKind, baseline: Baseline | None, published: date | None) -> bool:
    """Whether an editor should read the page again.

    A page that was already updated when it was first visited stays so, whatever small changes follow, until an editor
    has seen it.
    """
    if kind in _NEWS or baseline is None or baseline.is_seen:
        return kind in _NEWS
    return _is_since_publication(baseline.modified, published)


def first_baseline(page: PageFacts) -> Baseline | None:
    """What later visits are compared with after the first one; None for a page with too little text (rule F7)."""
    if page.content_hash is None:
        return None
    return Baseline(page.content_hash, page.modified, access_of_page(page))


def seen_baseline(link: Link) -> Baseline | None:
    """What later visits are compared with after an editor has seen the page as it is now; None where it was never read."""
    if link.page is None:
        return None
    notice = link.page.notice
    return Baseline(
        link.page.content_hash,
        link.page.modified,
        access_of(link),
        is_seen=True,
        notice=notice.words if notice else None,
    )


def told_notice(page: PageFacts, baseline: Baseline | None) -> Notice | None:
    """The page's notice of a correction or retraction, unless an editor has seen it in these words (rule F11)."""
    if page.notice is None or (baseline is not None and baseline.notice == page.notice.words):
        return None
    return page.notice


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


def _since_baseline(page: PageFacts, baseline: Baseline | None) -> UpdateKind:
    if baseline is None or (page.content_hash is None and not baseline.is_seen):
        return UpdateKind.UNCHANGED
    before, now = page_moment(baseline.modified), page_moment(page.modified)
    later = before is not None and now is not None and now - before > LATER_BY
    if _can_compare(page.content_hash, baseline.content_hash):
        edited = page.content_hash != baseline.content_hash
    else:
        # The date of a page that an editor has seen is the only sign of the next change.
        edited = later and baseline.is_seen
    if later:
        return UpdateKind.UPDATED if edited else UpdateKind.TOUCHED
    return UpdateKind.SILENT_EDIT if edited else UpdateKind.UNCHANGED


def _can_compare(one: str | None, other: str | None) -> bool:
    """Whether both are hashes of one method."""
    return one is not None and other is not None and _method(one) == _method(other)


def _method(content_hash: str) -> str:
    return content_hash.partition(":")[0]
