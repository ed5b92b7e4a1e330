"""Pipeline 100: judge the URL by its whole history and commit observation, verdict and due time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from crawler.fetching.item import LinkItem
from crawler.model.link import Link
from crawler.model.observation import Observation
from crawler.model.verdict import Verdict, WarningCode
from crawler.rules.schedule import next_due
from crawler.rules.urls import examine
from crawler.rules.verdicts import judge, with_warnings
from crawler.state import KnownReference
from pipelines.base import Pipeline


class RecordPipeline(Pipeline):
    """One transaction per item: what was seen is never lost, and never judged twice."""

    def process_item(self, item: LinkItem) -> LinkItem:
        """The item with its verdict."""
        state, policy = self.session.state, self.session.configuration.policy
        seen = item.observation
        history = (*state.history(item.due.id), seen)
        own = tuple(state.own_references(item.due.id))
        verdict = with_warnings(judge(history, policy.strikes), _warnings(own))
        published = max(
            (known.article_published for known in own if known.article_published is not None),
            default=None,
        )
        due_at = next_due(history, verdict, published, policy.schedule)
        state.record(item.due.id, seen, verdict, due_at)
        self.stats.inc_value(f"linkhealth/verdict/{verdict.kind.value}")
        return replace(
            item,
            link=_link(item.due.id, seen, verdict, due_at),
            own=own,
            url=seen.url,
            verdict=verdict.kind.value,
            reason=verdict.reason,
            status=seen.status,
            failure=seen.failure.value if seen.failure else None,
            final_url=seen.final_url,
            redirects=seen.hops,
            strikes=verdict.strikes,
            failing_since=verdict.failing_since,
            checked_at=seen.at,
            warnings=tuple(code.value for code in verdict.warnings),
            suggestion=verdict.suggestion,
            image=seen.kept_image,
            page=seen.kept_page,
        )


def _warnings(own: Iterable[KnownReference]) -> tuple[WarningCode, ...]:
    """What the URL warns of as it is written in the files: the link itself is normalised."""
    codes = (code for known in own for code in examine(known.reference.raw).warnings)
    return tuple(dict.fromkeys(codes))


def _link(link_id: int, seen: Observation, verdict: Verdict, due_at: datetime) -> Link:
    return Link(
        id=link_id,
        url=seen.url,
        verdict=verdict,
        status=seen.status,
        final_url=seen.final_url,
        hops=seen.hops,
        checked_at=seen.at,
        due_at=due_at,
        page=seen.kept_page,
        image=seen.kept_image,
    )
