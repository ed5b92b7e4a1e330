"""A run is measured at its end, and what is wrong with it is noted in the state (docs/alarms.md)."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import Final

from crawler.model.alarm import Alarm, AlarmCode, RunFigures
from crawler.rules.alarms import alarms
from crawler.rules.policy import WriteBack
from crawler.session import Session

NO_ARTICLES: Final = "no-articles"
"""The finish reason of a run that had nothing to read."""


@dataclass(frozen=True, slots=True)
class CrawlMeasured:
    """What the crawl itself knows of how it went; see `RunFigures`."""

    finished: bool
    planned: int
    visited: int
    seconds: int
    least_seconds: int
    marked: int


def watch_over(session: Session, crawl: CrawlMeasured) -> None:
    """Find and note the alarms of a run that has ended, with its figures; none of one over a part, or without the network: it
    says nothing of the next one. Raises StateError."""
    if session.content.asked is not None or session.selection.is_offline:
        return
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
        marked=crawl.marked,
        free=free,
        stored=stored,
        down=state.hosts_gone_down(run),
    )
    before = [one for one in state.run_figures() if one.run < run]
    session.alarms = alarms(now, before, state.alarms())
    state.note_alarms(session.alarms, [*before, now])


def marked_before(session: Session) -> int:
    """How many files have a block before a run writes into one; 0 where it writes none: then they are somebody else's."""
    writes = session.configuration.policy.write_back is not WriteBack.NO
    return session.state.marked_files() if writes else 0


def note_articles_gone(session: Session) -> None:
    """Note a run that found no file of a collection any more, and nothing else: what is known of them stays. Raises StateError."""
    state, clock = session.state, session.configuration.clock
    standing = state.alarms()
    run = state.start_run(clock.now())
    state.finish_run(run.id, clock.now(), NO_ARTICLES, 0)
    missing = [one for one in standing if one.code is AlarmCode.ARTICLES_MISSING]
    since = missing[0].since if missing else run.id
    session.alarms = (Alarm(AlarmCode.ARTICLES_MISSING, since, 0, len(state.stamps())),)
    state.note_alarms(session.alarms)


def _room(session: Session) -> tuple[int | None, int]:
    """The bytes that are free where the state is kept, and those that it takes."""
    file = session.state.file
    if file is None:
        return None, 0
    try:
        return shutil.disk_usage(file.parent).free, file.stat().st_size
    except OSError:
        return None, 0
