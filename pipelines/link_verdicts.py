"""Pipeline 100: the verdict on a URL, as feeds and the other pipelines read it. It has been committed before."""

from __future__ import annotations

from dataclasses import replace

from crawler.fetching.link_item import LinkItem
from crawler.model.observation import Hop, PageFacts
from crawler.rules.credentials import without_credentials
from pipelines.base import Pipeline


class LinkVerdictsPipeline(Pipeline):
    """Fills in what `crawler.operations.judging` made of the visit."""

    def process_item(self, item: LinkItem) -> LinkItem:
        """The item with its verdict."""
        seen = item.observation
        verdict = item.link.verdict
        return replace(
            item,
            url=without_credentials(seen.url),
            verdict=verdict.kind.value,
            reason=verdict.reason,
            status=seen.status,
            failure=seen.failure.value if seen.failure else None,
            final_url=without_credentials(seen.final_url) if seen.final_url else None,
            redirects=tuple(Hop(without_credentials(hop.url), hop.status) for hop in seen.hops),
            strikes=verdict.strikes,
            failing_since=verdict.failing_since,
            checked_at=seen.at,
            warnings=tuple(code.value for code in verdict.warnings),
            suggestion=verdict.suggestion,
            image=seen.kept_image,
            page=_shown(seen.kept_page),
        )


def _shown(page: PageFacts | None) -> PageFacts | None:
    """A page's facts for a feed, without credentials in the addresses within its addresses (rule U8)."""
    if page is None:
        return None
    image, canonical, amphtml = (
        None if one is None else without_credentials(one)
        for one in (page.image, page.canonical, page.amphtml)
    )
    return replace(page, image=image, canonical=canonical, amphtml=amphtml)
