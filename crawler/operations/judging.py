"""Judging visits by their links' whole histories. Observation and verdict are committed together: no observation
is lost, and none is judged twice."""

from __future__ import annotations

from collections.abc import Sequence
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
from crawler.state import KnownReference, RecordedVisit, newest_article


@dataclass(frozen=True, slots=True)
class Judged:
    """A link as it stands after a visit, the references of articles that hold it as their own, and what the visit made of
    it."""

    link: Link
    own: tuple[KnownReference, ...]
    change: Change | None = None


def judge_visit(session: Session, link_id: int, seen: Observation) -> Judged:
    """The same for one visit."""
    return judge_visits(session, [(link_id, seen)])[0]


def judge_visits(session: Session, visits: Sequence[tuple[int, Observation]]) -> list[Judged]:
    """Commit visits, each of another link and a few hundred at most, with verdicts and due times, in one transaction.

    What is known of their links is read before, one query each for all of them. Raises `StateError`.
    """
    state, policy = session.state, session.configuration.policy
    ids = [link_id for link_id, _ in visits]
    histories, held = state.histories(ids), state.own_references_of(ids)
    decided = state.decisions_on([seen.url for _, seen in visits])
    recorded, judged = [], []
    for link_id, seen in visits:
        own = held[link_id]
        judgement = judge_link(
            sorted((*histories.get(link_id, ()), seen), key=lambda each: each.at),
            (known.reference.raw for known in own),
            newest_article(own),
            decided.get(seen.url),
            seen.at,
            policy,
        )
        verdict, due_at = judgement.verdict, judgement.due_at
        recorded.append(RecordedVisit(link_id, seen, verdict, due_at))
        change = change_of(Transition(Opinion.of(judgement.before), Opinion.of(verdict)))
        judged.append(Judged(_link(link_id, seen, verdict, due_at), own, change))
    state.record_all(recorded)
    return judged


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
