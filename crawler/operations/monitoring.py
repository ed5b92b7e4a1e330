"""A run is measured at its end, and what is wrong with it is noted in the state (docs/alarms.md)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass

from crawler.model.alarm import Alarm, AlarmCode, RunFigures
from crawler.rules.alarms import alarms
from crawler.session import Session


@dataclass(frozen=True, slots=True)
class CrawlMeasured:
    """What the crawl itself knows of how it went; see `RunFigures`."""

    finished: bool
    planned: int
    visited: int
    seconds: int
    least_seconds: int


def watch_over(session: Session, crawl: CrawlMeasured) -> tuple[Alarm, ...]:
    """The alarms of a run that has ended, noted with its figures; none of one over a part, or without the network: its figures
    say nothing of the next one. Raises StateError."""
    if session.content.asked is not None or session.selection.is_offline:
        return ()
    assert session.run is not None
    state, run = session.state, session.run.id
    amounts = state.amounts()
    free, stored = _room(session)
    now = RunFigures(
        run=run,
        finished=crawl.finished,
        planned=crawl.planned,
        visited=crawl.visited,
        seconds=crawl.seconds,
        least_seconds=crawl.least_seconds,
        urls=amounts.urls,
        unverifiable=amounts.unverifiable,
        waits=amounts.waits,
        articles=amounts.articles,
        marked=amounts.marked,
        free=free,
        stored=stored,
        down=state.hosts_gone_down(run),
    )
    before = [one for one in state.run_figures() if one.run < run]
    raised = alarms(now, before, state.alarms())
    state.note_alarms(raised, [*before, now])
    return raised


def note_articles_gone(session: Session) -> Alarm:
    """Note that no file of a collection is there any more, and nothing else: what is known of them stays. Raises StateError."""
    state = session.state
    last = state.last_run()
    earlier = next((one for one in state.alarms() if one.code is AlarmCode.ARTICLES_MISSING), None)
    begun = earlier.since if earlier else (last.id if last else 0)
    raised = Alarm(AlarmCode.ARTICLES_MISSING, begun, 0, len(state.stamps()))
    state.note_alarms([raised])
    return raised


def _room(session: Session) -> tuple[int | None, int]:
    """The bytes that are free where the state is kept, and those that it takes."""
    file = session.state.file
    if file is None:
        return None, 0
    try:
        return shutil.disk_usage(file.parent).free, file.stat().st_size
    except OSError:
        return None, 0
