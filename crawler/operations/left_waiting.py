"""Links that a run leaves because their host asks to wait get a reason and a next visit (rule P10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler.rules.verdict.schedule import due_after_waiting
from crawler.session import Session


def note_left(session: Session, host: str, wait: float, *, is_answering: bool) -> None:
    """Note the links of a host of which nothing is known yet; it asked for `wait` seconds, and gave good answers too if it
    `is_answering`."""
    now, policy = session.configuration.clock.now(), session.configuration.policy.schedule
    asked = timedelta(seconds=min(wait, policy.first_oldest.total_seconds()))

    def due_at(since: datetime) -> datetime:
        return due_after_waiting(since, now, asked, policy, is_answering=is_answering)

    session.state.leave_waiting(host, session.selection, now, due_at)
