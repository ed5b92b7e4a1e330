"""Pruning: observations are deleted by age, but never those that a verdict needs (rule R10).

It goes through the links by their ids, some at a time. Each step that deletes is a transaction of its own, so that no other
process waits for long, and a killed one has pruned less and torn nothing. What there is to delete is found by indexes: a step
reads as much however long the history is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
)

from crawler.state.columns import Moment
from crawler.state.noted import note, noted
from crawler.state.part import ONE, Part, among, chunks, transaction
from crawler.state.schema import host_certificates, links, observations, references

PRUNED: Final = "pruned"
"""The name under which the state notes that observations have gone: it changes with each step that deletes some."""

_UNTIL: Final = "pruned-until"
"""The name under which it notes how far it came where its time was up."""
_ALWAYS_KEPT: Final = 20
_UNREFERENCED: Final = timedelta(days=365)
_LINKS_AT_ONCE: Final = 2_000
_ROWS_AT_ONCE: Final = 5_000
"""Observations that one transaction deletes, of some 1.3 KB each."""
_SECONDS: Final = 60.0
"""For pruning at the end of a run; the run after it goes on from there."""
_SPARE: Final = 0.1
"""The share of the file that may be free: the next visits fill it."""
_LINKS_DELETED_AT_ONCE: Final = 100
"""With all that is known of them."""
_INCREMENTAL: Final = 2
"""A file whose free pages can be given back (https://www.sqlite.org/pragma.html#pragma_auto_vacuum)."""
_PAGES_AT_ONCE: Final = 1_000
"""Pages of the file, of 4 KB each, that one transaction gives back."""

_newer = observations.alias()
_IS_BEYOND = exists(
    select(ONE)
    .where(
        _newer.c.link_id == observations.c.link_id,
        or_(
            _newer.c.at > observations.c.at,
            and_(_newer.c.at == observations.c.at, _newer.c.id > observations.c.id),
        ),
    )
    .limit(1)
    .offset(_ALWAYS_KEPT - 1)
    .correlate(observations)
)
"""Whether as many observations of the link as are always kept are newer than this one."""
_STEP = (
    select(links.c.id)
    .where(links.c.id > bindparam("after"))
    .order_by(links.c.id)
    .limit(bindparam("count", type_=Integer))
    .subquery()
)
_END_OF_STEP = select(func.max(_STEP.c.id))
_IN_STEP = and_(links.c.id > bindparam("after"), links.c.id <= bindparam("until"))
_OLD = (
    select(observations.c.id)
    .select_from(links.join(observations))
    .where(_IN_STEP, observations.c.at < bindparam("before", type_=Moment()), _IS_BEYOND)
    .limit(_ROWS_AT_ONCE)
)
_LEFT_ALONE = select(links.c.id).where(
    _IN_STEP,
    ~exists(ONE).where(references.c.link_id == links.c.id),
    or_(links.c.checked_at.is_(None), links.c.checked_at < bindparam("before", type_=Moment())),
)
_WITHOUT_LINKS = select(host_certificates.c.key).where(
    ~exists(ONE).where(links.c.host == host_certificates.c.host)
)


class Pruning(Part):
    """Deletes old observations and links, so that the database does not grow for ever."""

    def prune(self, now: datetime, keep: timedelta, seconds: float = _SECONDS) -> None:
        """Delete observations older than `keep`, except the newest 20 of each link, for so many seconds; then give free space
        of the file back.

        A link without references is deleted a year after its last visit, or at once where it
        was never visited. Nothing is kept of a host without links.
        """
        ends = monotonic() + seconds
        for after, until in self._steps():
            is_done = self._prune_observations_of(now - keep, after, until, ends)
            self._prune_links(now - _UNREFERENCED, after, until)
            if not is_done or monotonic() >= ends:
                self._note_place(until if is_done else after)
                break
        self._prune_hosts()
        while monotonic() < ends and self._give_back():
            pass

    def _steps(self) -> Iterator[tuple[int, int]]:
        """All links, some at a time, as the ids that they lie behind and the last of them: from where the run before came to
        on, and from the beginning to there."""
        place = after = self._place()
        while (until := self._end_of_step(after)) is not None:
            yield after, until
            after = until
        after = 0
        while after < place and (until := self._end_of_step(after)) is not None:
            yield after, until
            after = until

    @transaction
    def _place(self) -> int:
        """The id of the link behind which pruning goes on."""
        with self._database.read() as connection:
            return _number(noted(connection, _UNTIL))

    @transaction
    def _end_of_step(self, after: int) -> int | None:
        with self._database.at_once() as connection:
            return connection.execute(
                _END_OF_STEP, {"after": after, "count": _LINKS_AT_ONCE}
            ).scalar_one_or_none()

    @transaction
    def _note_place(self, link_id: int) -> None:
        with self._database.write() as connection:
            note(connection, {_UNTIL: str(link_id)})

    def _prune_observations_of(self, before: datetime, after: int, until: int, ends: float) -> bool:
        """Delete what is too old of some links; whether that was done in time."""
        while self._prune_observations(before, after, until) == _ROWS_AT_ONCE:
            if monotonic() >= ends:
                return False
        return True

    @transaction
    def _prune_observations(self, before: datetime, after: int, until: int) -> int:
        """Delete what is too old of some links, in one transaction; returns how many there were."""
        values = {"before": before, "after": after, "until": until}
        with self._database.at_once() as connection:
            ids = connection.execute(_OLD, values).scalars().all()
        if ids:
            with self._database.write() as connection:
                _delete(connection, observations.c.id, ids)
                gone = _number(noted(connection, PRUNED)) + len(ids)
                note(connection, {PRUNED: str(gone)})
        return len(ids)

    @transaction
    def _prune_links(self, before: datetime, after: int, until: int) -> None:
        """Delete links that no file refers to, with all that is known of them."""
        values = {"before": before, "after": after, "until": until}
        with self._database.at_once() as connection:
            ids = connection.execute(_LEFT_ALONE, values).scalars().all()
        for some in chunks(ids, _LINKS_DELETED_AT_ONCE):
            with self._database.write() as connection:
                _delete(connection, links.c.id, some)

    @transaction
    def _prune_hosts(self) -> None:
        with self._database.at_once() as connection:
            keys = connection.execute(_WITHOUT_LINKS).scalars().all()
        if keys:
            with self._database.write() as connection:
                _delete(connection, host_certificates.c.key, keys)

    @transaction
    def _give_back(self) -> bool:
        """Give some pages of the file back to the machine, in one transaction; whether there are more.

        A server does so by itself. A file that an earlier version has made keeps its pages, and uses them again.
        """
        if self._database.file is None:
            return False
        with self._database.at_once() as connection:
            mode, pages, free = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("auto_vacuum", "page_count", "freelist_count")
            )
        if mode != _INCREMENTAL or free - pages * _SPARE < _PAGES_AT_ONCE:
            return False
        with self._database.write() as connection:
            cursor = connection.connection.cursor()
            # Each row that is fetched is a page.
            cursor.execute(f"PRAGMA incremental_vacuum({_PAGES_AT_ONCE})").fetchall()
            cursor.close()
        return True


def _number(stored: str | None) -> int:
    return int(stored) if stored is not None and stored.isdecimal() else 0


def _delete(connection: Connection, key: Column[Any], values: Iterable[Any]) -> None:
    for some in chunks(values):
        connection.execute(delete(key.table).where(among(connection, key, some)))
