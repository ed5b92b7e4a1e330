"""Judging a visit by its link's whole history, and committing both: what was seen is never lost, and
never judged twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crawler.model.link import Link
from crawler.model.observation import Observation
from crawler.model.verdict import Verdict, WarningCode
from crawler.rules.schedule import next_due
from crawler.rules.urls import examine
from crawler.rules.verdicts import judge, with_warnings
from crawler.session import Session
from crawler.state import KnownReference


@dataclass(frozen=True, slots=True)
class Judged:
    """A link as it stands after a visit, and the references of articles that hold it as their own."""

    link: Link
    own: tuple[KnownReference, ...]


def judge_visit(session: Session, link_id: int, seen: Observation) -> Judged:
    """Commit one visit with its verdict and due time, in one transaction. Raises `StateError`."""
    state, policy = session.state, session.configuration.policy
    history = sorted((*state.history(link_id), seen), key=lambda each: each.at)
    own = tuple(state.own_references(link_id))
    verdict = with_warnings(judge(history, policy.strikes), _warnings(own))
    published = max(
        (known.article_published for known in own if known.article_published is not None),
        default=None,
    )
    due_at = next_due(history, verdict, published, policy.schedule)
    state.record(link_id, seen, verdict, due_at)
    return Judged(_link(link_id, seen, verdict, due_at), own)


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
