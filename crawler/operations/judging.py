"""Judging a visit by its link's whole history. Observation and verdict are committed together: no observation
is lost, and none is judged twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.model.change import Change, Opinion, Transition
from crawler.model.link import Link
from crawler.model.observation import Observation
from crawler.model.verdict import Verdict
from crawler.rules.verdict.judgement import judge_link
from crawler.rules.verdict.page_evidence import shows_page
from crawler.rules.verdict.transitions import change_of
from crawler.session import Session
from crawler.state import KnownReference, newest_article


@dataclass(frozen=True, slots=True)
class Judged:
    """A link as it stands after a visit, the references of articles that hold it as their own, and what the visit made of
    it."""

    link: Link
    own: tuple[KnownReference, ...]
    change: Change | None = None


def judge_visit(session: Session, link_id: int, seen: Observation) -> Judged:
    """Commit one visit with its verdict and due time, in one transaction. Raises `StateError`."""
    state = session.state
    own = tuple(state.own_references(link_id))
    judgement = judge_link(
        sorted((*state.history(link_id), seen), key=lambda each: each.at),
        (known.reference.raw for known in own),
        newest_article(own),
        state.decision_on(seen.url),
        seen.at,
        session.configuration.policy,
    )
    state.record(link_id, seen, judgement.verdict, judgement.due_at)
    change = change_of(Transition(Opinion.of(judgement.before), Opinion.of(judgement.verdict)))
    return Judged(_link(link_id, seen, judgement.verdict, judgement.due_at), own, change)


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
        page=seen.kept_page if shows_page(verdict) else None,
        image=seen.kept_image,
    )
