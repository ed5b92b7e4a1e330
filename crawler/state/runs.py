"""The runs of a collection."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, insert, select, update

from crawler.model.run import Run
from crawler.state.part import Part, transaction
from crawler.state.schema import runs

RUN_COLUMNS = (
    runs.c.id,
    runs.c.started_at,
    runs.c.finished_at,
    runs.c.finish_reason,
    runs.c.requests,
)
_FINISHED = "finished"
"""Scrapy's finish reason of a run that came to its end."""


class Runs(Part):
    """The runs: when each began, and when and how it ended."""

    def start_run(self, now: datetime) -> Run:
        """Begin a new run; its id is higher than that of every earlier run."""
        before = self.last_run()
        return self._start(now, before.id if before else 0)

    @transaction
    def _start(self, now: datetime, after: int) -> Run:
        """The run after `after`; where the answer to its beginning was lost, the one that began then."""
        begun = select(*RUN_COLUMNS).where(runs.c.id > after)
        statement = insert(runs).values(started_at=now, requests=0).returning(*RUN_COLUMNS)
        with self._database.write() as connection:
            row = connection.execute(begun).one_or_none() or connection.execute(statement).one()
            return Run(*row)

    @transaction
    def finish_run(self, run_id: int, now: datetime, reason: str, requests: int) -> None:
        """Note how a run ended."""
        statement = (
            update(runs)
            .where(runs.c.id == run_id)
            .values(finished_at=now, finish_reason=reason, requests=requests)
        )
        with self._database.write() as connection:
            connection.execute(statement)

    def last_run(self) -> Run | None:
        """The latest run, finished or not."""
        return next(iter(self.runs(1)), None)

    @transaction
    def told_until(self) -> int:
        """The last run before the latest that came to its end, and so to its report; 0 where there is none."""
        statement = select(func.max(runs.c.id)).where(
            runs.c.id < select(func.max(runs.c.id)).scalar_subquery(),
            runs.c.finish_reason == _FINISHED,
        )
        with self._database.read() as connection:
            return connection.execute(statement).scalar_one() or 0

    @transaction
    def runs(self, limit: int) -> list[Run]:
        """The latest runs, newest first."""
        statement = select(*RUN_COLUMNS).order_by(runs.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [Run(*row) for row in connection.execute(statement)]
