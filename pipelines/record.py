"""Pipeline 100: judge the URL by its whole history and commit observation, verdict and due time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property

from crawler.fetching.item import LinkItem
from crawler.model.decision import Decision
from crawler.model.link import Link
from crawler.model.observation import Observation
from crawler.model.verdict import Verdict
from crawler.rules.judgement import judge_link
from crawler.state import newest_article
from pipelines.base import Pipeline


class RecordPipeline(Pipeline):
    """One transaction per item: what was seen is never lost, and never judged twice."""

    @cached_property
    def decisions(self) -> dict[str, Decision]:
        """What editors decided, by URL: none can come in while this run holds the lock."""
        return {decision.url: decision for decision in self.session.state.decisions()}

    def process_item(self, item: LinkItem) -> LinkItem:
        """The item with its verdict."""
        state, policy = self.session.state, self.session.configuration.policy
        seen = item.observation
        own = tuple(state.own_references(item.due.id))
        judgement = judge_link(
            (*state.history(item.due.id), seen),
            (known.reference.raw for known in own),
            newest_article(own),
            self.decisions.get(seen.url),
            seen.at,
            policy,
        )
        verdict, due_at = judgement.verdict, judgement.due_at
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
            image=seen.image,
            page=seen.page,
        )


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
        page=seen.page,
        image=seen.image,
    )
