"""Which references of an article lead nowhere (rule V1)."""

from __future__ import annotations

from collections.abc import Iterable

from crawler.model.check import DeadLink, LinkedReference


def dead_links(references: Iterable[LinkedReference]) -> tuple[DeadLink, ...]:
    """The references whose URL is broken, dead or invalid, in the order given."""
    return tuple(
        DeadLink(
            at=linked.reference.pointer,
            line=linked.reference.line,
            verdict=linked.link.verdict.kind,
            reason=linked.link.verdict.reason,
            since=since.date() if since else None,
            url=linked.reference.raw,
        )
        for linked in references
        if linked.link.verdict.kind.is_written_back
        for since in [linked.link.verdict.failing_since or linked.link.verdict.since]
    )
